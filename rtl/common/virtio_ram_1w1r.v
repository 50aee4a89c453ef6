// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_ram_1w1r: memory with one write port and one registered read port, written so that tools infer RAM.
//
// read_data holds while read_enable is 0.
// Nothing is reset: the user must not look at a word that it never wrote.
//
// In one cycle:
//   a write and a read of one word -> the read has the old word; with KEEPS_OLD = 0 a word of no meaning
//
//   WIDTH       bits of a word
//   DEPTH       number of words
//   ADDR_WIDTH  bits of an address; addresses of DEPTH and above must not occur
//   KEEPS_OLD   0: nobody uses what is read of a word in the cycle of its write, so no logic around the RAM is needed
`default_nettype none

module virtio_ram_1w1r #(
    parameter WIDTH      = 32,
    parameter DEPTH      = 2,
    parameter ADDR_WIDTH = 1,
    parameter KEEPS_OLD  = 1
) (
    input  wire                  aclk,

    input  wire                  write_enable,
    input  wire [ADDR_WIDTH-1:0] write_address,
    input  wire [WIDTH-1:0]      write_data,

    input  wire                  read_enable,
    input  wire [ADDR_WIDTH-1:0] read_address,
    output reg  [WIDTH-1:0]      read_data
);

    reg [WIDTH-1:0] words [0:DEPTH-1];

    wire no_meaning = (KEEPS_OLD == 0) && write_enable && (write_address == read_address);

    always @(posedge aclk) begin
        if (write_enable)
            words[write_address] <= write_data;
        if (read_enable)
            read_data <= no_meaning ? {WIDTH{1'bx}} : words[read_address];
    end

endmodule

`default_nettype wire
