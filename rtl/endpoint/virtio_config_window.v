// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_config_window: the device-specific configuration space at 0x100, passed on to the device.
//
// 8-, 16- and 32-bit accesses: the byte lanes of the bus are the byte lanes of config_we; the two low address bits
// do not matter. Lanes beyond CONFIG_BYTES read 0 and ignore writes (MMIO-8). The window has one port; a read
// and a write in the same cycle are told apart before they come here (write_here, read_here).
//
// In one cycle:
//   a write and a read here -> the write; the register port never makes both
//
//   ADDR_WIDTH    bits of a byte address
//   CONFIG_BYTES  size of the window, 0..4096
`default_nettype none
`include "virtio_mmio_regs.vh"

module virtio_config_window #(
    parameter ADDR_WIDTH   = 12,
    parameter CONFIG_BYTES = 256
) (
    input  wire                  aclk,
    input  wire                  aresetn,

    input  wire                  write_enable,
    input  wire [ADDR_WIDTH-1:0] write_address,
    input  wire [31:0]           write_data,
    input  wire [3:0]            write_strobe,
    input  wire                  write_here,             // write_address is in the window
    input  wire                  read_enable,
    input  wire [ADDR_WIDTH-1:0] read_address,
    input  wire                  read_here,              // read_address is in the window
    output wire [31:0]           read_data,              // one cycle after read_enable; 0 if it was not read here

    output wire                  config_en,
    output wire [3:0]            config_we,
    output wire [11:0]           config_addr,
    output wire [31:0]           config_wdata,
    input  wire [31:0]           config_rdata
);

    localparam [31:0] START     = {20'd0, `VIRTIO_CONFIG_WINDOW_OFFSET};
    localparam [31:0] BYTES     = CONFIG_BYTES;
    localparam [31:0] LAST_BYTE = (BYTES != 32'd0) ? BYTES - 32'd1 : 32'd0;

    function [3:0] lanes_inside;                                     // byte lanes below CONFIG_BYTES
        input [31:0] word_offset;
        integer lane;
        begin
            for (lane = 0; lane < 4; lane = lane + 1)
                lanes_inside[lane] = (word_offset + lane[31:0]) <= LAST_BYTE;
        end
    endfunction

    // What lies beyond the window is told apart by write_here and read_here.
    wire [64:0] write_whole_address = {{(65 - ADDR_WIDTH){1'b0}}, write_address};
    wire [64:0] read_whole_address  = {{(65 - ADDR_WIDTH){1'b0}}, read_address};
    wire [31:0] write_offset        = {write_whole_address[31:2], 2'b00} - START;
    wire [31:0] read_offset         = {read_whole_address[31:2], 2'b00} - START;

    wire unused = &{1'b0, write_whole_address[64:32], write_whole_address[1:0], read_whole_address[64:32],
                    read_whole_address[1:0]};

    wire [3:0] write_lanes = write_strobe & lanes_inside(write_offset);
    wire       write       = write_enable && write_here && (write_lanes != 4'd0);
    wire       read        = read_enable && read_here;

    assign config_en    = write || read;
    assign config_we    = write ? write_lanes : 4'd0;
    assign config_addr  = write ? write_offset[11:0] : read ? read_offset[11:0] : 12'd0;
    assign config_wdata = write ? write_data : 32'd0;

    reg [3:0] read_lanes;

    always @(posedge aclk) begin
        if (!aresetn)
            read_lanes <= 4'd0;
        else
            read_lanes <= read ? lanes_inside(read_offset) : 4'd0;
    end

    assign read_data = config_rdata & {{8{read_lanes[3]}}, {8{read_lanes[2]}}, {8{read_lanes[1]}}, {8{read_lanes[0]}}};

endmodule

`default_nettype wire
