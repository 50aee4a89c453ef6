// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_record: memory with one write port and one read port that answers in the same cycle, for distributed RAM.
//
// Nothing is reset.
//
// In one cycle:
//   a write and a read of one word -> the read has the old word
//
//   WIDTH       bits of a word
//   DEPTH       number of words
//   ADDR_WIDTH  bits of an address; addresses of DEPTH and above must not occur
`default_nettype none

module virtio_vq_record #(
    parameter WIDTH      = 32,
    parameter DEPTH      = 16,
    parameter ADDR_WIDTH = 4
) (
    input  wire                  aclk,

    input  wire                  write_enable,
    input  wire [ADDR_WIDTH-1:0] write_address,
    input  wire [WIDTH-1:0]      write_data,

    input  wire [ADDR_WIDTH-1:0] read_address,
    output wire [WIDTH-1:0]      read_data
);

    reg [WIDTH-1:0] words [0:DEPTH-1];

    assign read_data = words[read_address];

    always @(posedge aclk) begin
        if (write_enable)
            words[write_address] <= write_data;
    end

endmodule

`default_nettype wire
