// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_mmio_device: everything of a device but its function: register interface and virtqueue engine. Wiring only.
//
//   s_axil, m_axil, irq <--> virtio_mmio_endpoint <--> virtio_virtqueue_engine <--> m_axi
//                                  | config_*                  | req_*, cmd_*, rd_*, wr_*, done_*
//                                  +------- the function ------+
//
// The features offered are those of the device type, those of the rings that the engine is built with, VERSION_1, and
// what the transport adds.
//
//   In one cycle                                         who wins
//   a configuration event and a used-buffer event        in turns; both reach the endpoint
//   device_reset and an event on its way                 device_reset: the event is forgotten
//
//   Timing: an event reaches the endpoint one cycle after the engine or the function offered it.
//
//   DEVICE_ID, CONFIG_BYTES       of the device type
//   DEVICE_BITS                   feature bits of the device type, always offered
//   OPTIONAL_BITS                 feature bits that are offered while their bit of optional_features is 1
//   PULL_QUEUES                   bit q: the function asks for each buffer of queue q
//   NUM_VECTORS .. MSI_AWPROT     of the register interface: see virtio_mmio_endpoint
//   SLOTS .. COUNTERS             of the engine: see virtio_virtqueue_engine; MEM_ADDR_WIDTH is its ADDR_WIDTH
//   ORDER_PLATFORM                1: offer VIRTIO_F_ORDER_PLATFORM (36): the driver uses barriers that devices see
//   ACCESS_PLATFORM               1: offer VIRTIO_F_ACCESS_PLATFORM (33): addresses are translated or limited
`default_nettype none

module virtio_mmio_device #(
    parameter        NUM_QUEUES          = 2,
    parameter        NUM_VECTORS         = NUM_QUEUES + 1,
    parameter [31:0] DEVICE_ID           = 32'd4,
    parameter [63:0] DEVICE_BITS         = 64'd0,
    parameter [63:0] OPTIONAL_BITS       = 64'd0,
    parameter        CONFIG_BYTES        = 0,
    parameter [1023:0] PULL_QUEUES         = 1024'd0,
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

    // The function: buffers, bytes and slots, as the engine has them.
    output wire                                  req_valid,
    input  wire                                  req_ready,
    output wire [5:0]                            req_slot,
    output wire [15:0]                           req_queue,
    output wire [31:0]                           req_readable,
    output wire [31:0]                           req_writable,
    input  wire                                  ask_valid,
    output wire                                  ask_ready,
    input  wire [15:0]                           ask_queue,
    input  wire                                  cmd_valid,
    output wire                                  cmd_ready,
    input  wire                                  cmd_write,
    input  wire [5:0]                            cmd_slot,
    input  wire [31:0]                           cmd_offset,
    input  wire [31:0]                           cmd_length,
    output wire                                  rd_valid,
    input  wire                                  rd_ready,
    output wire [DATA_WIDTH-1:0]                 rd_data,
    output wire [DATA_WIDTH/8-1:0]               rd_keep,
    output wire                                  rd_last,
    output wire                                  rd_error,
    input  wire                                  wr_valid,
    output wire                                  wr_ready,
    input  wire [DATA_WIDTH-1:0]                 wr_data,
    input  wire [DATA_WIDTH/8-1:0]               wr_keep,
    input  wire                                  wr_last,
    output wire                                  wrote_valid,
    output wire [5:0]                            wrote_slot,
    output wire                                  wrote_error,
    input  wire                                  done_valid,
    output wire                                  done_ready,
    input  wire [5:0]                            done_slot,
    input  wire [31:0]                           done_written,
    input  wire                                  done_fault,

    // The function: configuration space, and events of its changes.
    output wire                                  config_en,
    output wire [3:0]                            config_we,
    output wire [11:0]                           config_addr,
    output wire [31:0]                           config_wdata,
    input  wire [31:0]                           config_rdata,
    input  wire [31:0]                           config_generation,
    input  wire                                  config_event_valid,
    output wire                                  config_event_ready,

    // The function: state.
    input  wire [63:0]                           optional_features,         // steady from reset to FEATURES_OK
    input  wire                                  function_idle,             // 0 while a reset is under way
    input  wire                                  function_fault,            // sets DEVICE_NEEDS_RESET
    output wire                                  device_reset,
    output wire                                  queue_stopping,            // a stopped queue is not drained yet
    output wire [7:0]                            device_status
);

    localparam [63:0] ONE      = 64'd1;
    localparam [63:0] FEATURES = DEVICE_BITS | (ONE << 32) |
                                 ((INDIRECT != 0) ? (ONE << 28) : 64'd0) |
                                 ((EVENT_IDX != 0) ? (ONE << 29) : 64'd0) |
                                 ((ACCESS_PLATFORM != 0) ? (ONE << 33) : 64'd0) |
                                 ((RING_PACKED != 0) ? (ONE << 34) : 64'd0) |
                                 ((IN_ORDER != 0) ? (ONE << 35) : 64'd0) |
                                 ((ORDER_PLATFORM != 0) ? (ONE << 36) : 64'd0) |
                                 ((NOTIFICATION_DATA != 0) ? (ONE << 38) : 64'd0);

    wire                         event_valid;
    wire                         event_ready;
    wire [15:0]                  event_index;
    wire                         used_valid;
    wire                         used_ready;
    wire [15:0]                  used_index;
    wire                         notify_valid;
    wire                         notify_ready;
    wire [15:0]                  notify_queue;
    wire [31:0]                  notify_data;
    wire [15:0]                  queue_index;
    wire                         queue_ready;
    wire [15:0]                  queue_num;
    wire [63:0]                  queue_desc;
    wire [63:0]                  queue_driver;
    wire [63:0]                  queue_device;
    wire                         queue_start_valid;
    wire [15:0]                  queue_start_index;
    wire                         queue_stop_valid;
    wire [15:0]                  queue_stop_index;
    wire                         queue_stop_done;
    wire [63:0]                  driver_features;
    wire                         engine_idle;
    wire                         engine_fault;

    // What a design with one device has no use for; a wave shows it all the same.
    wire                         msi_error_valid;
    wire [15:0]                  msi_error_vector;
    wire                         none_valid;
    wire [15:0]                  none_queue;
    wire                         fault_valid;
    wire [7:0]                   fault_code;
    wire [15:0]                  fault_queue;
    wire [15:0]                  fault_head;
    wire [31:0]                  count_buffers;
    wire [31:0]                  count_events;
    wire [31:0]                  count_events_suppressed;
    wire [31:0]                  count_kicks;
    wire [31:0]                  count_kicks_suppressed;
    wire [31:0]                  count_reads;
    wire [31:0]                  count_writes;
    wire [31:0]                  count_stalls;

    wire unused = &{1'b0, msi_error_valid, msi_error_vector, none_valid, none_queue, fault_valid, fault_code,
                    fault_queue, fault_head, count_buffers, count_events, count_events_suppressed, count_kicks,
                    count_kicks_suppressed, count_reads, count_writes, count_stalls};

    // What the device tells beside its configuration space; the upper half counts with OPTIONAL_BITS only.
    localparam PUBLISHED = (OPTIONAL_BITS != 64'd0) ? 96 : 32;

    wire [95:0]          facts     = {optional_features, config_generation};
    wire [PUBLISHED-1:0] published = facts[PUBLISHED-1:0];
    wire                 unused_facts = &{1'b0, facts};

    assign queue_stopping = !queue_stop_done;

    virtio_function_check #(.MEM_ADDR_WIDTH(MEM_ADDR_WIDTH)) parameter_check (
        .aclk(aclk)
    );

    virtio_stream_mux #(.WIDTH(16)) events (
        .aclk(aclk), .reset(!aresetn || device_reset),
        .first_valid(config_event_valid), .first_ready(config_event_ready), .first_data(16'd0),
        .second_valid(used_valid), .second_ready(used_ready), .second_data(used_index),
        .out_valid(event_valid), .out_ready(event_ready), .out_data(event_index)
    );

    virtio_mmio_endpoint #(
        .NUM_QUEUES(NUM_QUEUES), .NUM_VECTORS(NUM_VECTORS), .DEVICE_ID(DEVICE_ID), .DEVICE_FEATURES(FEATURES),
        .OPTIONAL_FEATURES(OPTIONAL_BITS), .CONFIG_BYTES(CONFIG_BYTES), .VENDOR_ID(VENDOR_ID),
        .QUEUE_NUM_MAX(QUEUE_NUM_MAX), .MSI_SUPPORT(MSI_SUPPORT), .MSI_FEATURE_BIT(MSI_FEATURE_BIT),
        .MSI_SHARING(MSI_SHARING), .NOTIFY_DOORBELLS(NOTIFY_DOORBELLS), .NOTIFY_BASE(NOTIFY_BASE),
        .NOTIFY_MULTIPLIER(NOTIFY_MULTIPLIER), .ADDR_WIDTH(ADDR_WIDTH), .ANSWER_AT_ONCE(ANSWER_AT_ONCE),
        .REQUIRE_FEATURES_OK(REQUIRE_FEATURES_OK), .MSI_AWPROT(MSI_AWPROT)
    ) endpoint (
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
        .m_axil_bready(m_axil_bready), .irq(irq), .event_valid(event_valid), .event_ready(event_ready),
        .event_index(event_index), .notify_valid(notify_valid), .notify_ready(notify_ready),
        .notify_queue(notify_queue), .notify_data(notify_data), .queue_index(queue_index), .queue_ready(queue_ready),
        .queue_num(queue_num), .queue_desc(queue_desc), .queue_driver(queue_driver), .queue_device(queue_device),
        .queue_start_valid(queue_start_valid), .queue_start_index(queue_start_index),
        .queue_stop_valid(queue_stop_valid), .queue_stop_index(queue_stop_index), .queue_stop_done(queue_stop_done),
        .config_en(config_en), .config_we(config_we), .config_addr(config_addr), .config_wdata(config_wdata),
        .config_rdata(config_rdata), .driver_features(driver_features), .device_status(device_status),
        .device_reset(device_reset), .config_generation(published), .device_idle(engine_idle && function_idle),
        .needs_reset(engine_fault || function_fault), .msi_error_valid(msi_error_valid),
        .msi_error_vector(msi_error_vector)
    );

    virtio_virtqueue_engine #(
        .NUM_QUEUES(NUM_QUEUES), .PULL_QUEUES(PULL_QUEUES), .QUEUE_NUM_MAX(QUEUE_NUM_MAX),
        .ADDR_WIDTH(MEM_ADDR_WIDTH), .SLOTS(SLOTS), .QUEUE_SLOTS(QUEUE_SLOTS), .MAX_CHAIN(MAX_CHAIN),
        .DATA_WIDTH(DATA_WIDTH), .ID_WIDTH(ID_WIDTH), .MAX_BURST(MAX_BURST), .READS(READS), .WRITES(WRITES),
        .RING_PACKED(RING_PACKED), .INDIRECT(INDIRECT), .EVENT_IDX(EVENT_IDX), .IN_ORDER(IN_ORDER),
        .NOTIFICATION_DATA(NOTIFICATION_DATA), .SUPPRESS_KICKS(SUPPRESS_KICKS), .EVENT_COUNT(EVENT_COUNT),
        .EVENT_CYCLES(EVENT_CYCLES), .RING_CACHE(RING_CACHE), .DATA_CACHE(DATA_CACHE),
        .ON_CHAIN_ERROR(ON_CHAIN_ERROR), .COUNTERS(COUNTERS)
    ) engine (
        .aclk(aclk), .aresetn(aresetn), .notify_valid(notify_valid), .notify_ready(notify_ready),
        .notify_queue(notify_queue), .notify_data(notify_data), .event_valid(used_valid), .event_ready(used_ready),
        .event_index(used_index), .queue_index(queue_index), .queue_ready(queue_ready), .queue_num(queue_num),
        .queue_desc(queue_desc), .queue_driver(queue_driver), .queue_device(queue_device),
        .queue_start_valid(queue_start_valid), .queue_start_index(queue_start_index),
        .queue_stop_valid(queue_stop_valid), .queue_stop_index(queue_stop_index), .queue_stop_done(queue_stop_done),
        .driver_features(driver_features), .device_status(device_status), .device_reset(device_reset),
        .device_idle(engine_idle), .needs_reset(engine_fault), .m_axi_awid(m_axi_awid), .m_axi_awaddr(m_axi_awaddr),
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
        .done_fault(done_fault), .none_valid(none_valid), .none_queue(none_queue), .fault_valid(fault_valid),
        .fault_code(fault_code), .fault_queue(fault_queue), .fault_head(fault_head), .count_buffers(count_buffers),
        .count_events(count_events), .count_events_suppressed(count_events_suppressed), .count_kicks(count_kicks),
        .count_kicks_suppressed(count_kicks_suppressed), .count_reads(count_reads), .count_writes(count_writes),
        .count_stalls(count_stalls)
    );

endmodule

`default_nettype wire
