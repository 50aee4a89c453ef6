// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_register_decode: splits the register port's accesses between the control registers (0x000..0x0ff) and the
// rest, and gathers what is read.
//
// A control register is reached only by an aligned access of all four bytes; any other access to 0x000..0x0ff is
// answered, but has no effect and reads 0 (MMIO-5). Each block behind this one owns its registers: it compares
// write_offset and read_offset with its own offsets and drives 0 where it owns nothing, so that
// reads are gathered by an OR.
`default_nettype none

module virtio_register_decode (
    input  wire                  aclk,

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
