// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_register_decode: says which kind of register a byte address belongs to, splits the register port's accesses
// between the control registers (0x000..0x0ff) and the rest, and gathers what is read.
//
// The register port looks up the kind while an address arrives, so that the kind is a flip-flop's output when the
// access is made. A control register is reached only by an aligned access of all four bytes; any other access to
// 0x000..0x0ff is answered, but has no effect and reads 0 (MMIO-5). Each block behind this one owns its registers: it
// compares write_offset and read_offset with its own offsets and drives 0 where it owns nothing, so that reads are
// gathered by an OR.
//
// In one cycle:
//   a write that is made, and ignore   the write has no effect
//   a write and a read                 independent: the read shows what was there before the write
//
//   ADDR_WIDTH    bits of a byte address
//   CONFIG_BYTES  size of the device-specific configuration window at 0x100, 0..4096
`default_nettype none
`include "virtio_mmio_regs.vh"

module virtio_register_decode #(
    parameter ADDR_WIDTH   = 12,
    parameter CONFIG_BYTES = 256
) (
    input  wire                  aclk,

    // Combinational: the kind of an address that arrives.
    input  wire [ADDR_WIDTH-1:0] aw_address,
    output wire                  aw_control,             // an aligned control register address, 0x000..0x0fc
    output wire                  aw_command,             // MsiCmd
    output wire                  aw_config,              // in a word that holds a byte of the configuration window
    input  wire [ADDR_WIDTH-1:0] ar_address,
    output wire                  ar_control,
    output wire                  ar_config,

    input  wire                  write_enable,
    input  wire                  write_control,          // write_offset is an aligned control register
    input  wire                  write_command,          // write_offset is MsiCmd
    input  wire                  write_whole,            // all four bytes are written
    input  wire                  write_small,            // all four, and write_data is below 8
    input  wire                  ignore,                 // control registers ignore writes
    output wire                  control_write,          // write_data is a whole word for write_offset
    output wire                  command_write,          // so it is, for MsiCmd, and write_data is below 8

    input  wire                  read_control,           // read_offset is an aligned control register
    output wire [31:0]           read_data,              // one cycle after read_offset

    input  wire [31:0]           identity_read,          // each: combinational in read_offset, 0 if not its own
    input  wire [31:0]           features_read,
    input  wire [31:0]           status_read,
    input  wire [31:0]           queue_read,
    input  wire [31:0]           notify_read,
    input  wire [31:0]           interrupt_read,
    input  wire [31:0]           msi_read,
    input  wire [31:0]           config_read             // already one cycle after read_offset; 0 if not its own
);

    localparam        EXISTS     = (CONFIG_BYTES != 0);
    localparam [31:0] BYTES      = CONFIG_BYTES;
    localparam [63:0] FIRST_WORD = {52'd0, `VIRTIO_CONFIG_WINDOW_OFFSET} >> 2;
    localparam [63:0] LAST_WORD  = EXISTS ? FIRST_WORD + (({32'd0, BYTES} - 64'd1) >> 2) : FIRST_WORD;

    // ------------------------------------------------------------------ which kind of register it is
    wire [63:0] aw_word    = {{(66 - ADDR_WIDTH){1'b0}}, aw_address[ADDR_WIDTH-1:2]};
    wire [63:0] ar_word    = {{(66 - ADDR_WIDTH){1'b0}}, ar_address[ADDR_WIDTH-1:2]};
    wire        aw_aligned = (aw_address[1:0] == 2'b00);
    wire        ar_aligned = (ar_address[1:0] == 2'b00);

    assign aw_control = (aw_word < FIRST_WORD) && aw_aligned;
    assign ar_control = (ar_word < FIRST_WORD) && ar_aligned;
    assign aw_command = (aw_word == ({56'd0, `VIRTIO_REG_MSI_CMD} >> 2)) && aw_aligned;
    assign aw_config  = EXISTS && (aw_word >= FIRST_WORD) && (aw_word <= LAST_WORD);
    assign ar_config  = EXISTS && (ar_word >= FIRST_WORD) && (ar_word <= LAST_WORD);

    // ------------------------------------------------------------------ the access that is made
    assign control_write = write_enable && write_control && write_whole && !ignore;
    assign command_write = write_enable && write_command && write_small && !ignore;

    reg [31:0] control_data;

    always @(posedge aclk) begin
        control_data <= read_control ? (identity_read | features_read | status_read | queue_read | notify_read |
                                        interrupt_read | msi_read)
                                     : 32'd0;
    end

    assign read_data = control_data | config_read;

endmodule

`default_nettype wire
