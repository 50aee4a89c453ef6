// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_skid_buffer: two-entry buffer with valid/ready on both sides, for the input side of a bus.
//
// All outputs but next_valid come straight from flip-flops, so no combinational path leads from one side to the other.
// The buffer sustains one item a cycle.
//
// In one cycle:
//   an item comes and the one at the output goes -> both: the new one is at the output in the next cycle
//   an item comes and the output is not taken -> it waits as spare; in_ready falls with the next edge
//
//   WIDTH  bits of an item
`default_nettype none

module virtio_skid_buffer #(
    parameter WIDTH = 32
) (
    input  wire             aclk,
    input  wire             aresetn,

    input  wire             in_valid,
    output reg              in_ready,
    input  wire [WIDTH-1:0] in_data,

    output wire             next_valid,  // what out_valid will be in the next cycle; combinational in the inputs
    output reg              out_valid,
    input  wire             out_ready,
    output reg  [WIDTH-1:0] out_data     // meaningless while out_valid is 0
);

    reg             spare_valid;         // never while in_ready is 1
    reg [WIDTH-1:0] spare;

    wire accept = in_valid && in_ready;
    wire move   = !out_valid || out_ready;

    assign next_valid = spare_valid || accept || !move;

    always @(posedge aclk) begin
        if (!aresetn) begin
            in_ready    <= 1'b0;
            out_valid   <= 1'b0;
            spare_valid <= 1'b0;
        end else begin
            if (move) begin
                out_valid   <= next_valid;
                spare_valid <= 1'b0;
                in_ready    <= 1'b1;
            end else if (accept) begin
                spare_valid <= 1'b1;
                in_ready    <= 1'b0;
            end else begin
                in_ready    <= !spare_valid;
            end
        end
    end

    always @(posedge aclk) begin
        if (move)
            out_data <= spare_valid ? spare : in_data;
        if (accept)
            spare <= in_data;
    end

endmodule

`default_nettype wire
