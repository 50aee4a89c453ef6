// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
//
// shuffle: gives buffers back in another order than a function has finished them. It keeps up to four; when it has two,
// or one for 200 cycles, one that is drawn at random goes.
//
//   In one cycle: reset and anything -> reset. A buffer comes and one goes -> both
//
//   SEED  of the order, not 0
`default_nettype none

module shuffle #(
    parameter [15:0] SEED = 16'hBEEF
) (
    input  wire        aclk,
    input  wire        aresetn,
    input  wire        device_reset,
    input  wire        in_valid,
    output wire        in_ready,
    input  wire [5:0]  in_slot,
    input  wire [31:0] in_written,
    output reg         out_valid,
    input  wire        out_ready,
    output reg  [5:0]  out_slot,
    output reg  [31:0] out_written
);

    reg  [3:0]  busy;
    reg  [37:0] kept [0:3];
    reg  [7:0]  age;
    reg  [15:0] lfsr;

    wire [1:0]  free   = !busy[0] ? 2'd0 : !busy[1] ? 2'd1 : !busy[2] ? 2'd2 : 2'd3;
    wire        two    = (busy & (busy - 4'd1)) != 4'd0;
    wire [1:0]  drawn  = lfsr[1:0];
    wire        go     = !out_valid && busy[drawn] && (two || (age == 8'd200));
    wire        take   = in_valid && in_ready;

    assign in_ready = (busy != 4'b1111);

    always @(posedge aclk) begin
        if (!aresetn)
            lfsr <= SEED;
        else
            lfsr <= {lfsr[14:0], lfsr[15] ^ lfsr[13] ^ lfsr[12] ^ lfsr[10]};
        if (!aresetn || device_reset) begin
            busy      <= 4'd0;
            age       <= 8'd0;
            out_valid <= 1'b0;
        end else begin
            busy <= (busy | (take ? 4'd1 << free : 4'd0)) & ~(go ? 4'd1 << drawn : 4'd0);
            age  <= (busy == 4'd0) || go ? 8'd0 : (age == 8'd200) ? age : age + 8'd1;
            if (go)
                out_valid <= 1'b1;
            else if (out_ready)
                out_valid <= 1'b0;
        end
    end

    always @(posedge aclk) begin
        if (take)
            kept[free] <= {in_slot, in_written};
        if (go)
            {out_slot, out_written} <= kept[drawn];
    end
endmodule

`default_nettype wire
