// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_stream_mux: merges two valid/ready streams into one, item by item.
//
// The output is a register, so an item that is presented stays until it is taken, whatever the other side offers.
// Neither input can starve the other: after an item of one side the other side comes first.
//
//   In one cycle                                         who wins
//   first and second valid, second was taken last        first
//   first and second valid, first was taken last         second
//   reset and any item                                    reset: the register is empty afterwards
//
//   Timing: an item appears at the output one cycle after it was taken; one item a cycle is sustained.
//
//   WIDTH  bits of an item
`default_nettype none

module virtio_stream_mux #(
    parameter WIDTH = 8
) (
    input  wire             aclk,
    input  wire             reset,

    input  wire             first_valid,
    output wire             first_ready,
    input  wire [WIDTH-1:0] first_data,

    input  wire             second_valid,
    output wire             second_ready,
    input  wire [WIDTH-1:0] second_data,

    output reg              out_valid,
    input  wire             out_ready,
    output reg  [WIDTH-1:0] out_data
);

    reg  first_was_last;

    wire free       = !out_valid || out_ready;
    wire take_first = first_valid && !(second_valid && first_was_last);

    assign first_ready  = free && take_first;
    assign second_ready = free && second_valid && !take_first;

    always @(posedge aclk) begin
        if (reset) begin
            out_valid      <= 1'b0;
            first_was_last <= 1'b0;
        end else if (free) begin
            out_valid <= first_valid || second_valid;
            if (first_valid || second_valid)
                first_was_last <= take_first;
        end
    end

    always @(posedge aclk) begin
        if (free)
            out_data <= take_first ? first_data : second_data;
    end

endmodule

`default_nettype wire
