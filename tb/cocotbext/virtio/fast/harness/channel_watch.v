// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// Watches one valid/ready channel: what begins, what is taken, and what no channel may do.
`default_nettype none

module channel_watch #(
    parameter PAYLOAD = 32                     // bits
) (
    input  wire               clk,
    input  wire               resetn,
    input  wire               valid,
    input  wire               ready,
    input  wire [PAYLOAD-1:0] payload,
    input  wire [15:0]        limit,           // cycles that an offer may wait; 0: for ever

    output wire               fresh,           // first cycle of valid for a transfer
    output wire               taken,
    output wire [4:0]         wrong            // {waits too long, ready unknown, payload unknown, payload changed, withdrawn}
);

    reg               waiting;                 // offered and not taken in the last cycle
    reg [PAYLOAD-1:0] offered;
    reg [15:0]        waited;

    initial begin
        waiting = 0;
        offered = 0;
        waited  = 0;
    end

    assign fresh = resetn && valid && !waiting;
    assign taken = resetn && valid && ready;
    assign wrong = !resetn ? 5'd0 : {
        limit != 0 && waiting && valid && !ready && waited == limit,
        valid === 1'b1 && ready === 1'bx,
        valid === 1'bx || valid === 1'b1 && ^payload === 1'bx,
        waiting && valid && payload !== offered,
        waiting && valid !== 1'b1
    };

    always @(posedge clk) begin
        if (valid || waiting) begin
            waiting <= resetn && valid === 1'b1 && ready !== 1'b1;
            offered <= payload;
            waited  <= waiting && resetn ? waited + 16'd1 : 16'd1;
        end
    end

endmodule

`default_nettype wire
