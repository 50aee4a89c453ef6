// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// slow_channel: a channel of valid and ready that keeps each transfer for LEAST to LEAST + 2**SPREAD_LOG2 - 1 cycles,
// one at a time.
//
//   In one cycle: the next transfer comes and this one goes -> the next one waits outside
//
//   WIDTH        bits of a transfer
//   SEED         of the waits, not 0
//   LEAST        least wait
//   SPREAD_LOG2  up to 8
`default_nettype none

module slow_channel #(
    parameter        WIDTH       = 1,
    parameter [15:0] SEED        = 16'h1,
    parameter [7:0]  LEAST       = 8'd8,
    parameter        SPREAD_LOG2 = 4
) (
    input  wire             aclk,
    input  wire             aresetn,
    input  wire             in_valid,
    output wire             in_ready,
    input  wire [WIDTH-1:0] in_data,
    output wire             out_valid,
    input  wire             out_ready,
    output reg  [WIDTH-1:0] out_data
);

    localparam [15:0] SPREAD = (16'd1 << SPREAD_LOG2) - 16'd1;

    reg        held;
    reg [8:0]  wait_left;
    reg [15:0] lfsr;

    assign in_ready  = !held;
    assign out_valid = held && (wait_left == 9'd0);

    always @(posedge aclk) begin
        if (!aresetn) begin
            held      <= 1'b0;
            wait_left <= 9'd0;
            lfsr      <= SEED;
        end else begin
            lfsr <= {lfsr[14:0], lfsr[15] ^ lfsr[13] ^ lfsr[12] ^ lfsr[10]};
            if (in_valid && in_ready) begin
                held      <= 1'b1;
                wait_left <= {1'b0, LEAST} + (lfsr[8:0] & SPREAD[8:0]);
            end else if (wait_left != 9'd0)
                wait_left <= wait_left - 9'd1;
            else if (out_ready)
                held <= 1'b0;
        end
    end

    always @(posedge aclk) begin
        if (in_valid && in_ready)
            out_data <= in_data;
    end

    wire unused = &{1'b0, SPREAD[15:9]};
endmodule

`default_nettype wire
