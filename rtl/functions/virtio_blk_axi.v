// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_blk_axi: a disk for virtio_blk in memory behind an AXI4 master: byte b of sector s is byte 512 s + b.
//
// Reads and writes run side by side in virtio_blk_axi_read and virtio_blk_axi_write; this module takes the commands and
// puts the responses into the order of the commands. A write is stable when memory has answered, so a flush has
// nothing to do but to wait for its turn.
//
//   In one cycle                 who wins
//   disk_reset and a command     disk_reset: the command is not taken
//   disk_reset and a response    disk_reset: the response is forgotten
//
//   Timing: cmd -> AR or AW 2 cycles. From disk_reset on nothing new begins; `idle` is 0 from the next cycle on until
//   memory has answered what was begun, and commands are not taken before. Bursts lie within a sector, so they never
//   cross 4 KB.
//
//   DATA_WIDTH  bits of a beat: 64, 128 or 256
//   ADDR_WIDTH  bits of an address, 32..64
//   ID_WIDTH    bits of the IDs, which are always 0: at least 1
//   MAX_BURST   most beats of a burst, a power of two, 1..256; a sector's beats are the limit in any case
//   READS       read bursts outstanding, a power of two, 2..64
//   WRITES      write bursts outstanding, a power of two, 2..64
//   CACHE       AxCACHE. A B response must mean that the data are where a reader finds them
`default_nettype none

module virtio_blk_axi #(
    parameter       DATA_WIDTH = 64,
    parameter       ADDR_WIDTH = 64,
    parameter       ID_WIDTH   = 1,
    parameter       MAX_BURST  = 16,
    parameter       READS      = 16,
    parameter       WRITES     = 16,
    parameter [3:0] CACHE      = 4'b0010
) (
    input  wire                    aclk,
    input  wire                    aresetn,

    // Commands, data and responses: see virtio_blk.
    input  wire                    disk_reset,
    output wire                    idle,
    input  wire                    disk_cmd_valid,
    output wire                    disk_cmd_ready,
    input  wire [1:0]              disk_cmd_op,
    input  wire [63:0]             disk_cmd_sector,
    input  wire [31:0]             disk_cmd_count,
    input  wire                    disk_wr_valid,
    output wire                    disk_wr_ready,
    input  wire [DATA_WIDTH-1:0]   disk_wr_data,
    input  wire                    disk_wr_error,
    output wire                    disk_rd_valid,
    input  wire                    disk_rd_ready,
    output wire [DATA_WIDTH-1:0]   disk_rd_data,
    output wire                    disk_resp_valid,
    input  wire                    disk_resp_ready,
    output wire                    disk_resp_error,

    // Memory.
    output wire [ID_WIDTH-1:0]     d_axi_awid,
    output wire [ADDR_WIDTH-1:0]   d_axi_awaddr,
    output wire [7:0]              d_axi_awlen,
    output wire [2:0]              d_axi_awsize,
    output wire [1:0]              d_axi_awburst,
    output wire [3:0]              d_axi_awcache,
    output wire [2:0]              d_axi_awprot,
    output wire                    d_axi_awvalid,
    input  wire                    d_axi_awready,
    output wire [DATA_WIDTH-1:0]   d_axi_wdata,
    output wire [DATA_WIDTH/8-1:0] d_axi_wstrb,
    output wire                    d_axi_wlast,
    output wire                    d_axi_wvalid,
    input  wire                    d_axi_wready,
    input  wire [ID_WIDTH-1:0]     d_axi_bid,
    input  wire [1:0]              d_axi_bresp,
    input  wire                    d_axi_bvalid,
    output wire                    d_axi_bready,
    output wire [ID_WIDTH-1:0]     d_axi_arid,
    output wire [ADDR_WIDTH-1:0]   d_axi_araddr,
    output wire [7:0]              d_axi_arlen,
    output wire [2:0]              d_axi_arsize,
    output wire [1:0]              d_axi_arburst,
    output wire [3:0]              d_axi_arcache,
    output wire [2:0]              d_axi_arprot,
    output wire                    d_axi_arvalid,
    input  wire                    d_axi_arready,
    input  wire [ID_WIDTH-1:0]     d_axi_rid,
    input  wire [DATA_WIDTH-1:0]   d_axi_rdata,
    input  wire [1:0]              d_axi_rresp,
    input  wire                    d_axi_rlast,
    input  wire                    d_axi_rvalid,
    output wire                    d_axi_rready
);

    localparam [1:0] OP_READ = 2'd0, OP_WRITE = 2'd1;
    localparam       SIZE    = $clog2(DATA_WIDTH / 8);

    assign d_axi_awid    = {ID_WIDTH{1'b0}};
    assign d_axi_arid    = {ID_WIDTH{1'b0}};
    assign d_axi_awsize  = SIZE[2:0];
    assign d_axi_arsize  = SIZE[2:0];
    assign d_axi_awburst = 2'b01;
    assign d_axi_arburst = 2'b01;
    assign d_axi_awcache = CACHE;
    assign d_axi_arcache = CACHE;
    assign d_axi_awprot  = 3'b000;
    assign d_axi_arprot  = 3'b000;

    // One ID, so answers come in order, and each burst's length is known.
    wire unused = &{1'b0, d_axi_bid, d_axi_rid, d_axi_rlast};

    // ------------------------------------------------------------------ commands
    wire read_idle;
    wire write_idle;
    wire quiet = read_idle && write_idle;
    reg  draining;                                       // commands of before the reset are not all answered

    always @(posedge aclk) begin
        if (!aresetn)
            draining <= 1'b0;
        else if (disk_reset)
            draining <= 1'b1;
        else if (quiet)
            draining <= 1'b0;
    end

    assign idle = !draining;

    wire reset  = !aresetn || disk_reset;
    wire is_read  = (disk_cmd_op == OP_READ);
    wire is_write = (disk_cmd_op == OP_WRITE);
    wire order_room;
    wire read_room;
    wire write_room;
    wire take = disk_cmd_valid && disk_cmd_ready;

    assign disk_cmd_ready = !disk_reset && !draining && order_room &&
                            (is_read ? read_room : is_write ? write_room : 1'b1);

    wire       front_valid;
    wire [1:0] front_op;
    wire       read_resp_valid;
    wire       read_resp_error;
    wire       write_resp_valid;
    wire       write_resp_error;
    wire       front_read  = (front_op == OP_READ);
    wire       front_write = (front_op == OP_WRITE);
    wire       respond     = disk_resp_valid && disk_resp_ready;

    virtio_sync_fifo #(.WIDTH(2), .LOG2_DEPTH(3)) order (
        .aclk(aclk), .aresetn(!reset),
        .in_valid(take), .in_ready(order_room), .in_data(disk_cmd_op),
        .out_valid(front_valid), .out_ready(respond), .out_data(front_op)
    );

    assign disk_resp_valid = front_valid && (front_read ? read_resp_valid : front_write ? write_resp_valid : 1'b1);
    assign disk_resp_error = front_read ? read_resp_error : front_write && write_resp_error;

    virtio_blk_axi_read #(
        .DATA_WIDTH(DATA_WIDTH), .ADDR_WIDTH(ADDR_WIDTH), .MAX_BURST(MAX_BURST), .READS(READS)
    ) reader (
        .aclk(aclk), .aresetn(aresetn), .disk_reset(disk_reset), .idle(read_idle),
        .cmd_valid(take && is_read), .cmd_ready(read_room), .cmd_sector(disk_cmd_sector), .cmd_count(disk_cmd_count),
        .data_valid(disk_rd_valid), .data_ready(disk_rd_ready), .data(disk_rd_data),
        .resp_valid(read_resp_valid), .resp_ready(respond && front_read), .resp_error(read_resp_error),
        .araddr(d_axi_araddr), .arlen(d_axi_arlen), .arvalid(d_axi_arvalid), .arready(d_axi_arready),
        .rdata(d_axi_rdata), .rresp(d_axi_rresp), .rvalid(d_axi_rvalid), .rready(d_axi_rready)
    );

    virtio_blk_axi_write #(
        .DATA_WIDTH(DATA_WIDTH), .ADDR_WIDTH(ADDR_WIDTH), .MAX_BURST(MAX_BURST), .WRITES(WRITES)
    ) writer (
        .aclk(aclk), .aresetn(aresetn), .disk_reset(disk_reset), .idle(write_idle),
        .cmd_valid(take && is_write), .cmd_ready(write_room), .cmd_sector(disk_cmd_sector), .cmd_count(disk_cmd_count),
        .data_valid(disk_wr_valid), .data_ready(disk_wr_ready), .data(disk_wr_data), .data_error(disk_wr_error),
        .resp_valid(write_resp_valid), .resp_ready(respond && front_write), .resp_error(write_resp_error),
        .awaddr(d_axi_awaddr), .awlen(d_axi_awlen), .awvalid(d_axi_awvalid), .awready(d_axi_awready),
        .wdata(d_axi_wdata), .wstrb(d_axi_wstrb), .wlast(d_axi_wlast), .wvalid(d_axi_wvalid), .wready(d_axi_wready),
        .bresp(d_axi_bresp), .bvalid(d_axi_bvalid), .bready(d_axi_bready)
    );

endmodule

`default_nettype wire
