// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_stream_mux: merges two valid/ready streams into one, item by item.
//
// Two items are kept, so an item that is presented stays until it is taken, whatever the other side offers, and no path
// leads from out_ready to the inputs. Neither input can starve the other: after an item of one side the other side comes
// first.
//
//   In one cycle                                         who wins
//   first and second valid, second was taken last        first
//   first and second valid, first was taken last         second
//   reset and any item                                    reset: nothing is kept afterwards
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

    output wire             out_valid,
    input  wire             out_ready,
    output wire [WIDTH-1:0] out_data
);

    reg  first_was_last;

    wire free;
    wire take_first = first_valid && !(second_valid && first_was_last);

    assign first_ready  = free && take_first;
    assign second_ready = free && second_valid && !take_first;

    always @(posedge aclk) begin
        if (reset)
            first_was_last <= 1'b0;
        else if (free && (first_valid || second_valid))
            first_was_last <= take_first;
    end

    virtio_sync_fifo #(.WIDTH(WIDTH), .LOG2_DEPTH(1)) items (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(first_valid || second_valid), .in_ready(free), .in_data(take_first ? first_data : second_data),
        .out_valid(out_valid), .out_ready(out_ready), .out_data(out_data)
    );

endmodule

`default_nettype wire
