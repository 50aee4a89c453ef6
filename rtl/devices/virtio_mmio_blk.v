// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_mmio_blk: a block device (virtio 1.2, 5.2), ready to instantiate but for the disk: registers, virtqueues,
// function. Wiring only. The disk is a partner with streams of commands, data and responses, described in virtio_blk.
//
// read_only is to be steady between a reset of the device and FEATURES_OK; it refuses writes at any time. capacity may
// change in any cycle: the driver is told, with a new generation.
//
//   In one cycle and timing: see virtio_mmio_device and virtio_blk.
//
//   NUM_VECTORS .. MSI_AWPROT     of the register interface: see virtio_mmio_endpoint
//   SLOTS .. COUNTERS             of the engine: see virtio_virtqueue_engine; MEM_ADDR_WIDTH is its ADDR_WIDTH
//   QUEUE_NUM_MAX, MAX_CHAIN      as there, and 4 and 3 at least: a request has header, data and status. seg_max reads
//                                 two less than the smaller of the two
//   ORDER_PLATFORM                1: offer VIRTIO_F_ORDER_PLATFORM (36): the driver uses barriers that devices see
//   ACCESS_PLATFORM               1: offer VIRTIO_F_ACCESS_PLATFORM (33): addresses are translated or limited
//   NUM_QUEUES                    1..1024, all alike; more than 1: VIRTIO_BLK_F_MQ is offered
//   DISK_ID                       what GET_ID returns: 20 characters, the first in bits [159:152], zeros at the end
//   BLK_SIZE                      what blk_size reads: the size of accesses that the disk likes, bytes; 512 or more
`default_nettype none

module virtio_mmio_blk #(
    parameter        NUM_QUEUES          = 1,
    parameter        NUM_VECTORS         = NUM_QUEUES + 1,
    parameter [31:0] VENDOR_ID           = 32'h4D53494F,
    parameter        QUEUE_NUM_MAX       = 256,
    parameter        MSI_SUPPORT         = 1,
    parameter        MSI_FEATURE_BIT     = 40,
    parameter        MSI_SHARING         = 0,
    parameter        NOTIFY_DOORBELLS    = 0,
    parameter        NOTIFY_BASE         = 32'h1000,
    parameter        NOTIFY_MULTIPLIER   = 4,
    parameter        ADDR_WIDTH          = 12,
    parameter        ANSWER_AT_ONCE      = 0,
    parameter        REQUIRE_FEATURES_OK = 1,
    parameter [31:0] MSI_AWPROT          = 32'd2,
    parameter [159:0] DISK_ID             = {"virtio-mmio-blk", 40'd0},
    parameter [31:0] BLK_SIZE            = 32'd512,
    parameter        SLOTS               = 16,
    parameter        QUEUE_SLOTS         = SLOTS,
    parameter        MAX_CHAIN           = 64,
    parameter        DATA_WIDTH          = 64,
    parameter        MEM_ADDR_WIDTH      = 64,
    parameter        ID_WIDTH            = 0,
    parameter        MAX_BURST           = 16,
    parameter        READS               = 16,
    parameter        WRITES              = 16,
    parameter        RING_PACKED         = 0,
    parameter        INDIRECT            = 1,
    parameter        EVENT_IDX           = 1,
    parameter        IN_ORDER            = 0,
    parameter        NOTIFICATION_DATA   = 0,
    parameter        SUPPRESS_KICKS      = 1,
    parameter        EVENT_COUNT         = 1,
    parameter        EVENT_CYCLES        = 0,
    parameter [3:0]  RING_CACHE          = 4'b0010,
    parameter [3:0]  DATA_CACHE          = 4'b0010,
    parameter        ON_CHAIN_ERROR      = 0,
    parameter        COUNTERS            = 0,
    parameter        ORDER_PLATFORM      = 1,
    parameter        ACCESS_PLATFORM     = 0
) (
    input  wire                                  aclk,
    input  wire                                  aresetn,                   // synchronous; wins over everything

    // Register bus, message bus, line: as virtio_mmio_endpoint has them.
    input  wire [ADDR_WIDTH-1:0]                 s_axil_awaddr,
    input  wire [2:0]                            s_axil_awprot,
    input  wire                                  s_axil_awvalid,
    output wire                                  s_axil_awready,
    input  wire [31:0]                           s_axil_wdata,
    input  wire [3:0]                            s_axil_wstrb,
    input  wire                                  s_axil_wvalid,
    output wire                                  s_axil_wready,
    output wire [1:0]                            s_axil_bresp,
    output wire                                  s_axil_bvalid,
    input  wire                                  s_axil_bready,
    input  wire [ADDR_WIDTH-1:0]                 s_axil_araddr,
    input  wire [2:0]                            s_axil_arprot,
    input  wire                                  s_axil_arvalid,
    output wire                                  s_axil_arready,
    output wire [31:0]                           s_axil_rdata,
    output wire [1:0]                            s_axil_rresp,
    output wire                                  s_axil_rvalid,
    input  wire                                  s_axil_rready,

    output wire [63:0]                           m_axil_awaddr,
    output wire [2:0]                            m_axil_awprot,
    output wire                                  m_axil_awvalid,
    input  wire                                  m_axil_awready,
    output wire [31:0]                           m_axil_wdata,
    output wire [3:0]                            m_axil_wstrb,
    output wire                                  m_axil_wvalid,
    input  wire                                  m_axil_wready,
    input  wire [1:0]                            m_axil_bresp,
    input  wire                                  m_axil_bvalid,
    output wire                                  m_axil_bready,

    output wire                                  irq,

    // Memory: AXI4 master, INCR bursts of the full width.
    output wire [((ID_WIDTH>0)?ID_WIDTH:1)-1:0]  m_axi_awid,
    output wire [MEM_ADDR_WIDTH-1:0]             m_axi_awaddr,
    output wire [7:0]                            m_axi_awlen,
    output wire [2:0]                            m_axi_awsize,
    output wire [1:0]                            m_axi_awburst,
    output wire [3:0]                            m_axi_awcache,
    output wire [2:0]                            m_axi_awprot,
    output wire                                  m_axi_awvalid,
    input  wire                                  m_axi_awready,
    output wire [DATA_WIDTH-1:0]                 m_axi_wdata,
    output wire [DATA_WIDTH/8-1:0]               m_axi_wstrb,
    output wire                                  m_axi_wlast,
    output wire                                  m_axi_wvalid,
    input  wire                                  m_axi_wready,
    input  wire [((ID_WIDTH>0)?ID_WIDTH:1)-1:0]  m_axi_bid,
    input  wire [1:0]                            m_axi_bresp,
    input  wire                                  m_axi_bvalid,
    output wire                                  m_axi_bready,
    output wire [((ID_WIDTH>0)?ID_WIDTH:1)-1:0]  m_axi_arid,
    output wire [MEM_ADDR_WIDTH-1:0]             m_axi_araddr,
    output wire [7:0]                            m_axi_arlen,
    output wire [2:0]                            m_axi_arsize,
    output wire [1:0]                            m_axi_arburst,
    output wire [3:0]                            m_axi_arcache,
    output wire [2:0]                            m_axi_arprot,
    output wire                                  m_axi_arvalid,
    input  wire                                  m_axi_arready,
    input  wire [((ID_WIDTH>0)?ID_WIDTH:1)-1:0]  m_axi_rid,
    input  wire [DATA_WIDTH-1:0]                 m_axi_rdata,
    input  wire [1:0]                            m_axi_rresp,
    input  wire                                  m_axi_rlast,
    input  wire                                  m_axi_rvalid,
    output wire                                  m_axi_rready,

    // The disk.
    input  wire [63:0]                           capacity,                  // sectors of 512 bytes; a change is told
    input  wire                                  read_only,                 // offers RO: writes fail
    output wire                                  disk_reset,
    output wire                                  disk_cmd_valid,
    input  wire                                  disk_cmd_ready,
    output wire [1:0]                            disk_cmd_op,
    output wire [63:0]                           disk_cmd_sector,
    output wire [31:0]                           disk_cmd_count,
    output wire                                  disk_wr_valid,
    input  wire                                  disk_wr_ready,
    output wire [DATA_WIDTH-1:0]                 disk_wr_data,
    output wire                                  disk_wr_last,
    output wire                                  disk_wr_error,
    input  wire                                  disk_rd_valid,
    output wire                                  disk_rd_ready,
    input  wire [DATA_WIDTH-1:0]                 disk_rd_data,
    input  wire                                  disk_resp_valid,
    output wire                                  disk_resp_ready,
    input  wire                                  disk_resp_error,
    input  wire                                  disk_idle                  // 0 after disk_reset until at rest
);

    wire                         req_valid;
    wire                         req_ready;
    wire [5:0]                   req_slot;
    wire [15:0]                  req_queue;
    wire [31:0]                  req_readable;
    wire [31:0]                  req_writable;
    wire                         ask_valid;
    wire                         ask_ready;
    wire [15:0]                  ask_queue;
    wire                         cmd_valid;
    wire                         cmd_ready;
    wire                         cmd_write;
    wire [5:0]                   cmd_slot;
    wire [31:0]                  cmd_offset;
    wire [31:0]                  cmd_length;
    wire                         rd_valid;
    wire                         rd_ready;
    wire [DATA_WIDTH-1:0]        rd_data;
    wire [DATA_WIDTH/8-1:0]      rd_keep;
    wire                         rd_last;
    wire                         rd_error;
    wire                         wr_valid;
    wire                         wr_ready;
    wire [DATA_WIDTH-1:0]        wr_data;
    wire [DATA_WIDTH/8-1:0]      wr_keep;
    wire                         wr_last;
    wire                         wrote_valid;
    wire [5:0]                   wrote_slot;
    wire                         wrote_error;
    wire                         done_valid;
    wire                         done_ready;
    wire [5:0]                   done_slot;
    wire [31:0]                  done_written;
    wire                         done_fault;
    wire                         config_en;
    wire [3:0]                   config_we;
    wire [11:0]                  config_addr;
    wire [31:0]                  config_wdata;
    wire [31:0]                  config_rdata;
    wire [31:0]                  config_generation;
    wire                         config_event_valid;
    wire                         config_event_ready;
    wire                         device_reset;
    wire                         queue_stopping;
    wire [7:0]                   device_status;

    // Data segments that a request may have: a chain has a header and a status as well, and fits into the queue.
    localparam        LIMIT    = (MAX_CHAIN < QUEUE_NUM_MAX) ? MAX_CHAIN : QUEUE_NUM_MAX;
    localparam [31:0] SEG_MAX  = LIMIT - 2;
    localparam [31:0] QUEUES   = NUM_QUEUES;
    localparam        WORDS    = 9;
    // VIRTIO_BLK_F_SEG_MAX, BLK_SIZE, FLUSH, and MQ with more than one queue; RO as the port says.
    localparam [63:0] FEATURES = 64'h244 | ((NUM_QUEUES > 1) ? 64'h1000 : 64'd0);
    localparam [63:0] RO       = 64'h20;

    wire [32*WORDS-1:0] content = {
        QUEUES[15:0], 16'd0,                             // num_queues; writeback, unused0
        64'd0,                                           // topology
        BLK_SIZE,
        32'd0,                                           // geometry
        SEG_MAX,
        32'd0,                                           // size_max
        capacity
    };

    wire unused = &{1'b0, queue_stopping, req_queue, rd_keep, ask_ready, config_en, config_we, config_wdata};

    assign ask_valid = 1'b0;
    assign ask_queue = 16'd0;

    virtio_config_space #(.WORDS(WORDS)) config_space (
        .aclk(aclk), .aresetn(aresetn), .device_reset(device_reset), .acknowledged(device_status != 8'd0),
        .content(content), .config_addr(config_addr), .config_rdata(config_rdata),
        .config_generation(config_generation), .event_valid(config_event_valid), .event_ready(config_event_ready)
    );

    virtio_blk #(.DATA_WIDTH(DATA_WIDTH), .SLOTS(SLOTS), .DISK_ID(DISK_ID)) blk (
        .aclk(aclk), .aresetn(aresetn), .device_reset(device_reset), .capacity(capacity), .read_only(read_only),
        .req_valid(req_valid), .req_ready(req_ready), .req_slot(req_slot), .req_readable(req_readable),
        .req_writable(req_writable), .cmd_valid(cmd_valid), .cmd_ready(cmd_ready), .cmd_write(cmd_write),
        .cmd_slot(cmd_slot), .cmd_offset(cmd_offset), .cmd_length(cmd_length), .rd_valid(rd_valid),
        .rd_ready(rd_ready), .rd_data(rd_data), .rd_last(rd_last), .rd_error(rd_error), .wr_valid(wr_valid),
        .wr_ready(wr_ready), .wr_data(wr_data), .wr_keep(wr_keep), .wr_last(wr_last), .wrote_valid(wrote_valid),
        .wrote_slot(wrote_slot), .wrote_error(wrote_error), .done_valid(done_valid), .done_ready(done_ready),
        .done_slot(done_slot), .done_written(done_written), .done_fault(done_fault), .disk_reset(disk_reset),
        .disk_cmd_valid(disk_cmd_valid), .disk_cmd_ready(disk_cmd_ready), .disk_cmd_op(disk_cmd_op),
        .disk_cmd_sector(disk_cmd_sector), .disk_cmd_count(disk_cmd_count), .disk_wr_valid(disk_wr_valid),
        .disk_wr_ready(disk_wr_ready), .disk_wr_data(disk_wr_data), .disk_wr_last(disk_wr_last),
        .disk_wr_error(disk_wr_error), .disk_rd_valid(disk_rd_valid), .disk_rd_ready(disk_rd_ready),
        .disk_rd_data(disk_rd_data), .disk_resp_valid(disk_resp_valid), .disk_resp_ready(disk_resp_ready),
        .disk_resp_error(disk_resp_error)
    );

    virtio_function_check #(
        .BLK_SIZE(BLK_SIZE), .LEAST_CHAIN(3), .MAX_CHAIN(MAX_CHAIN), .QUEUE_NUM_MAX(QUEUE_NUM_MAX)
    ) parameter_check (
        .aclk(aclk)
    );

    virtio_mmio_device #(
        .NUM_QUEUES(NUM_QUEUES), .DEVICE_ID(32'd2), .CONFIG_BYTES(60), .DEVICE_BITS(FEATURES), .OPTIONAL_BITS(RO),
        .NUM_VECTORS(NUM_VECTORS), .VENDOR_ID(VENDOR_ID), .QUEUE_NUM_MAX(QUEUE_NUM_MAX), .MSI_SUPPORT(MSI_SUPPORT),
        .MSI_FEATURE_BIT(MSI_FEATURE_BIT), .MSI_SHARING(MSI_SHARING), .NOTIFY_DOORBELLS(NOTIFY_DOORBELLS),
        .NOTIFY_BASE(NOTIFY_BASE), .NOTIFY_MULTIPLIER(NOTIFY_MULTIPLIER), .ADDR_WIDTH(ADDR_WIDTH),
        .ANSWER_AT_ONCE(ANSWER_AT_ONCE), .REQUIRE_FEATURES_OK(REQUIRE_FEATURES_OK), .MSI_AWPROT(MSI_AWPROT),
        .SLOTS(SLOTS), .QUEUE_SLOTS(QUEUE_SLOTS), .MAX_CHAIN(MAX_CHAIN), .DATA_WIDTH(DATA_WIDTH),
        .MEM_ADDR_WIDTH(MEM_ADDR_WIDTH), .ID_WIDTH(ID_WIDTH), .MAX_BURST(MAX_BURST), .READS(READS), .WRITES(WRITES),
        .RING_PACKED(RING_PACKED), .INDIRECT(INDIRECT), .EVENT_IDX(EVENT_IDX), .IN_ORDER(IN_ORDER),
        .NOTIFICATION_DATA(NOTIFICATION_DATA), .SUPPRESS_KICKS(SUPPRESS_KICKS), .EVENT_COUNT(EVENT_COUNT),
        .EVENT_CYCLES(EVENT_CYCLES), .RING_CACHE(RING_CACHE), .DATA_CACHE(DATA_CACHE),
        .ON_CHAIN_ERROR(ON_CHAIN_ERROR), .COUNTERS(COUNTERS), .ORDER_PLATFORM(ORDER_PLATFORM),
        .ACCESS_PLATFORM(ACCESS_PLATFORM)
    ) device (
        .aclk(aclk), .aresetn(aresetn), .s_axil_awaddr(s_axil_awaddr), .s_axil_awprot(s_axil_awprot),
        .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready), .s_axil_wdata(s_axil_wdata),
        .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready),
        .s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready),
        .s_axil_araddr(s_axil_araddr), .s_axil_arprot(s_axil_arprot), .s_axil_arvalid(s_axil_arvalid),
        .s_axil_arready(s_axil_arready), .s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp),
        .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready), .m_axil_awaddr(m_axil_awaddr),
        .m_axil_awprot(m_axil_awprot), .m_axil_awvalid(m_axil_awvalid), .m_axil_awready(m_axil_awready),
        .m_axil_wdata(m_axil_wdata), .m_axil_wstrb(m_axil_wstrb), .m_axil_wvalid(m_axil_wvalid),
        .m_axil_wready(m_axil_wready), .m_axil_bresp(m_axil_bresp), .m_axil_bvalid(m_axil_bvalid),
        .m_axil_bready(m_axil_bready), .irq(irq), .m_axi_awid(m_axi_awid), .m_axi_awaddr(m_axi_awaddr),
        .m_axi_awlen(m_axi_awlen), .m_axi_awsize(m_axi_awsize), .m_axi_awburst(m_axi_awburst),
        .m_axi_awcache(m_axi_awcache), .m_axi_awprot(m_axi_awprot), .m_axi_awvalid(m_axi_awvalid),
        .m_axi_awready(m_axi_awready), .m_axi_wdata(m_axi_wdata), .m_axi_wstrb(m_axi_wstrb),
        .m_axi_wlast(m_axi_wlast), .m_axi_wvalid(m_axi_wvalid), .m_axi_wready(m_axi_wready), .m_axi_bid(m_axi_bid),
        .m_axi_bresp(m_axi_bresp), .m_axi_bvalid(m_axi_bvalid), .m_axi_bready(m_axi_bready), .m_axi_arid(m_axi_arid),
        .m_axi_araddr(m_axi_araddr), .m_axi_arlen(m_axi_arlen), .m_axi_arsize(m_axi_arsize),
        .m_axi_arburst(m_axi_arburst), .m_axi_arcache(m_axi_arcache), .m_axi_arprot(m_axi_arprot),
        .m_axi_arvalid(m_axi_arvalid), .m_axi_arready(m_axi_arready), .m_axi_rid(m_axi_rid),
        .m_axi_rdata(m_axi_rdata), .m_axi_rresp(m_axi_rresp), .m_axi_rlast(m_axi_rlast), .m_axi_rvalid(m_axi_rvalid),
        .m_axi_rready(m_axi_rready), .req_valid(req_valid), .req_ready(req_ready), .req_slot(req_slot),
        .req_queue(req_queue), .req_readable(req_readable), .req_writable(req_writable), .ask_valid(ask_valid),
        .ask_ready(ask_ready), .ask_queue(ask_queue), .cmd_valid(cmd_valid), .cmd_ready(cmd_ready),
        .cmd_write(cmd_write), .cmd_slot(cmd_slot), .cmd_offset(cmd_offset), .cmd_length(cmd_length),
        .rd_valid(rd_valid), .rd_ready(rd_ready), .rd_data(rd_data), .rd_keep(rd_keep), .rd_last(rd_last),
        .rd_error(rd_error), .wr_valid(wr_valid), .wr_ready(wr_ready), .wr_data(wr_data), .wr_keep(wr_keep),
        .wr_last(wr_last), .wrote_valid(wrote_valid), .wrote_slot(wrote_slot), .wrote_error(wrote_error),
        .done_valid(done_valid), .done_ready(done_ready), .done_slot(done_slot), .done_written(done_written),
        .done_fault(done_fault), .config_en(config_en), .config_we(config_we), .config_addr(config_addr),
        .config_wdata(config_wdata), .config_rdata(config_rdata), .config_generation(config_generation),
        .config_event_valid(config_event_valid), .config_event_ready(config_event_ready),
        .optional_features({58'd0, read_only, 5'd0}), .function_idle(disk_idle), .function_fault(1'b0),
        .device_reset(device_reset), .queue_stopping(queue_stopping),
        .device_status(device_status)
    );

endmodule

`default_nettype wire
