// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_byte_unpack: beats of up to DATA_WIDTH / 8 bytes into single bytes, lane 0 first.
//
//   In one cycle           who wins
//   reset and anything     reset: the rest of the beat is forgotten
//
//   Timing: a beat's first byte is offered one cycle after the beat was taken; one byte a cycle, no gap between beats.
//
//   DATA_WIDTH  bits of a beat: a multiple of 8, at least 16
`default_nettype none

module virtio_byte_unpack #(
    parameter DATA_WIDTH = 64
) (
    input  wire                    aclk,
    input  wire                    reset,

    input  wire                    in_valid,
    output wire                    in_ready,
    input  wire [DATA_WIDTH-1:0]   in_data,
    input  wire [DATA_WIDTH/8-1:0] in_keep,              // contiguous from lane 0 on; a beat of no bytes is dropped

    output wire                    out_valid,
    input  wire                    out_ready,
    output wire [7:0]              out_data
);

    reg [DATA_WIDTH-1:0]   beat;
    reg [DATA_WIDTH/8-1:0] keep;                         // of what is left of it

    wire last = !keep[1];

    assign out_valid = keep[0];
    assign out_data  = beat[7:0];
    assign in_ready  = !keep[0] || (out_ready && last);

    always @(posedge aclk) begin
        if (reset)
            keep <= {(DATA_WIDTH/8){1'b0}};
        else if (in_ready)
            keep <= in_valid ? in_keep : {(DATA_WIDTH/8){1'b0}};
        else if (out_ready)
            keep <= keep >> 1;
    end

    always @(posedge aclk) begin
        if (in_ready)
            beat <= in_data;
        else if (out_ready)
            beat <= beat >> 8;
    end

endmodule

`default_nettype wire
