// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_msi_message_table: holds address and data of every vector's message in a RAM.
//
// CONFIGURE writes both in one word, and the writer reads both in one word: a message never mixes two CONFIGUREs.
//
// In one cycle:
//   CONFIGURE and the read of one vector   the message has the old address and data
//
//   NUM_VECTORS   1..2048
//   VECTOR_WIDTH  bits of a vector number
`default_nettype none

module virtio_msi_message_table #(
    parameter NUM_VECTORS  = 3,
    parameter VECTOR_WIDTH = 2
) (
    input  wire                    aclk,

    input  wire                    configure,
    input  wire [VECTOR_WIDTH-1:0] configured_vector,
    input  wire [63:0]             staged_address,
    input  wire [31:0]             staged_data,

    input  wire                    may_send,             // read sent_vector's message
    input  wire [VECTOR_WIDTH-1:0] sent_vector,
    output wire [63:0]             message_address,      // from the cycle after may_send, until the next one
    output wire [31:0]             message_data
);

    virtio_ram_1w1r #(.WIDTH(96), .DEPTH(NUM_VECTORS), .ADDR_WIDTH(VECTOR_WIDTH)) table_ram (
        .aclk(aclk),
        .write_enable(configure), .write_address(configured_vector), .write_data({staged_address, staged_data}),
        .read_enable(may_send), .read_address(sent_vector), .read_data({message_address, message_data})
    );

endmodule

`default_nettype wire
