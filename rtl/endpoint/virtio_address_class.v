// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_address_class: says which kind of register a byte address belongs to. The register port looks up the class
// while an address arrives, so that the class is a flip-flop's output when the access is made.
//
//   ADDR_WIDTH    bits of a byte address
//   CONFIG_BYTES  size of the device-specific configuration window at 0x100, 0..4096
`default_nettype none
`include "virtio_mmio_regs.vh"

module virtio_address_class #(
    parameter ADDR_WIDTH   = 12,
    parameter CONFIG_BYTES = 256
) (
    input  wire [ADDR_WIDTH-1:0] address,
    output wire                  control,        // an aligned control register address, 0x000..0x0fc
    output wire                  msi_command,    // MsiCmd
    output wire                  config_space    // in a word that holds a byte of the configuration window
);

    localparam        EXISTS     = (CONFIG_BYTES != 0);
    localparam [31:0] BYTES      = CONFIG_BYTES;
    localparam [63:0] FIRST_WORD = {52'd0, `VIRTIO_CONFIG_WINDOW_OFFSET} >> 2;
    localparam [63:0] LAST_WORD  = EXISTS ? FIRST_WORD + (({32'd0, BYTES} - 64'd1) >> 2) : FIRST_WORD;

    wire [63:0] word = {{(66 - ADDR_WIDTH){1'b0}}, address[ADDR_WIDTH-1:2]};

    assign control      = (word < FIRST_WORD) && (address[1:0] == 2'b00);
    assign msi_command  = (word == ({56'd0, `VIRTIO_REG_MSI_CMD} >> 2)) && (address[1:0] == 2'b00);
    assign config_space = EXISTS && (word >= FIRST_WORD) && (word <= LAST_WORD);

endmodule

`default_nettype wire
