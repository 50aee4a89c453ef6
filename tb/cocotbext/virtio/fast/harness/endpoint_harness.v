// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// The endpoint with its partners for fast simulations: register master, event source, interrupt controller and a recorder of
// everything that happens at its ports. They do in Verilog, cycle for cycle, what the drivers and monitors of tb/cocotbext/virtio/bfm do in
// Python, and wake Python once for a list. tb/cocotbext/virtio/fast/ is the other side of them.
//
// The ports of the endpoint have their names here, too. Those that nobody here drives are inputs.
`default_nettype none

module endpoint_harness #(
    parameter        NUM_QUEUES        = 2,
    parameter        NUM_VECTORS       = NUM_QUEUES + 1,
    parameter        QUEUE_NUM_MAX     = 256,
    parameter [31:0] DEVICE_ID         = 32'd4,
    parameter [31:0] VENDOR_ID         = 32'h4D53494F,
    parameter [63:0] DEVICE_FEATURES   = 64'h1_0000_0000,
    parameter        MSI_SUPPORT       = 1,
    parameter        MSI_FEATURE_BIT   = 40,
    parameter        MSI_SHARING       = 0,
    parameter        NOTIFY_DOORBELLS  = 0,
    parameter        NOTIFY_BASE       = 32'h1000,
    parameter        NOTIFY_MULTIPLIER = 4,
    parameter        CONFIG_BYTES      = 256,
    parameter        ADDR_WIDTH        = 12,
    parameter        ANSWER_AT_ONCE    = 0,
    parameter        REQUIRE_FEATURES_OK = 1,
    parameter [31:0] MSI_AWPROT        = 32'd2
) (
    input wire         aclk,
    input wire         aresetn,

    input wire         device_idle,
    input wire         queue_stop_done,
    input wire         needs_reset,
    input wire [15:0]  queue_index,
    input wire [31:0]  config_rdata,
    input wire [31:0]  config_generation,

    // Lists, see send_channel. *_given: {late, count 8, total 8}.
    input wire [16:0]   fast_write_given,
    input wire [16:0]   fast_read_given,
    input wire [16:0]   fast_event_given,
    input wire [16:0]   fast_answer_given,
    input wire [1:0]    fast_answer_control,   // {held, plain} of message_responder

    // Who is ready when, see ready_pattern. *_control: {last, level, constant, load 8}.
    input wire [10:0]   fast_bready_control,
    input wire [10:0]   fast_rready_control,
    input wire [10:0]   fast_awready_control,
    input wire [10:0]   fast_wready_control,
    input wire [10:0]   fast_kick_control,

    // Of the recorder.
    input wire [7:0]    fast_session,
    input wire [31:0]   fast_tail,
    input wire [31:0]   fast_prompt,
    input wire [15:0]   fast_event_limit,
    input wire [15:0]   fast_bus_limit
);

    // Written by Python. Not inputs: those would be copied in every cycle.
    reg [6143:0]  fast_write_list;
    reg [95:0]    fast_write_one;
    reg [4095:0]  fast_read_list;
    reg [63:0]    fast_read_one;
    reg [2047:0]  fast_event_list;
    reg [31:0]    fast_event_one;
    reg [2047:0]  fast_answer_list;
    reg [255:0]   fast_bready_levels;
    reg [255:0]   fast_rready_levels;
    reg [255:0]   fast_awready_levels;
    reg [255:0]   fast_wready_levels;
    reg [255:0]   fast_kick_levels;

    wire [ADDR_WIDTH-1:0] s_axil_awaddr;
    wire s_axil_awvalid;
    wire s_axil_awready;
    wire [31:0] s_axil_wdata;
    wire [3:0] s_axil_wstrb;
    wire s_axil_wvalid;
    wire s_axil_wready;
    wire [1:0] s_axil_bresp;
    wire s_axil_bvalid;
    wire s_axil_bready;
    wire [ADDR_WIDTH-1:0] s_axil_araddr;
    wire s_axil_arvalid;
    wire s_axil_arready;
    wire [31:0] s_axil_rdata;
    wire [1:0] s_axil_rresp;
    wire s_axil_rvalid;
    wire s_axil_rready;
    wire [63:0] m_axil_awaddr;
    wire [2:0] m_axil_awprot;
    wire m_axil_awvalid;
    wire m_axil_awready;
    wire [31:0] m_axil_wdata;
    wire [3:0] m_axil_wstrb;
    wire m_axil_wvalid;
    wire m_axil_wready;
    wire [1:0] m_axil_bresp;
    wire m_axil_bvalid;
    wire m_axil_bready;
    wire irq;
    wire event_valid;
    wire event_ready;
    wire [15:0] event_index;
    wire notify_valid;
    wire notify_ready;
    wire [15:0] notify_queue;
    wire [31:0] notify_data;
    wire queue_ready;
    wire [15:0] queue_num;
    wire [63:0] queue_desc;
    wire [63:0] queue_driver;
    wire [63:0] queue_device;
    wire config_en;
    wire [3:0] config_we;
    wire [11:0] config_addr;
    wire [31:0] config_wdata;
    wire [63:0] driver_features;
    wire [7:0] device_status;
    wire device_reset;
    wire queue_start_valid;
    wire [15:0] queue_start_index;
    wire queue_stop_valid;
    wire [15:0] queue_stop_index;
    wire msi_error_valid;
    wire [15:0] msi_error_vector;

    wire [7:0]   fast_writes_done, fast_reads_done, fast_events_done;
    wire         fast_register_woken, fast_full, fast_noticed, fast_answer_want, fast_answer_busy;
    wire         fast_bready_empty, fast_rready_empty, fast_awready_empty, fast_wready_empty, fast_kick_empty;
    wire [31:0]  fast_bready_drawn, fast_rready_drawn, fast_awready_drawn, fast_wready_drawn, fast_kick_drawn;
    wire [31:0]  fast_cycle, fast_paired, fast_head;
    wire [287:0] fast_recent;

    virtio_mmio_endpoint #(
        .NUM_QUEUES(NUM_QUEUES),
        .NUM_VECTORS(NUM_VECTORS),
        .QUEUE_NUM_MAX(QUEUE_NUM_MAX),
        .DEVICE_ID(DEVICE_ID),
        .VENDOR_ID(VENDOR_ID),
        .DEVICE_FEATURES(DEVICE_FEATURES),
        .MSI_SUPPORT(MSI_SUPPORT),
        .MSI_FEATURE_BIT(MSI_FEATURE_BIT),
        .MSI_SHARING(MSI_SHARING),
        .NOTIFY_DOORBELLS(NOTIFY_DOORBELLS),
        .NOTIFY_BASE(NOTIFY_BASE),
        .NOTIFY_MULTIPLIER(NOTIFY_MULTIPLIER),
        .CONFIG_BYTES(CONFIG_BYTES),
        .ADDR_WIDTH(ADDR_WIDTH),
        .ANSWER_AT_ONCE(ANSWER_AT_ONCE),
        .REQUIRE_FEATURES_OK(REQUIRE_FEATURES_OK),
        .MSI_AWPROT(MSI_AWPROT)
    ) endpoint (
        .aclk(aclk), .aresetn(aresetn), .s_axil_awprot(3'b000), .s_axil_arprot(3'b000),
        .device_idle(device_idle), .needs_reset(needs_reset), .queue_index(queue_index),
        .queue_start_valid(queue_start_valid), .queue_start_index(queue_start_index),
        .queue_stop_valid(queue_stop_valid), .queue_stop_index(queue_stop_index), .queue_stop_done(queue_stop_done),
        .config_rdata(config_rdata), .config_generation(config_generation),
        .s_axil_awaddr(s_axil_awaddr), .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),
        .s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid),
        .s_axil_wready(s_axil_wready), .s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid),
        .s_axil_bready(s_axil_bready), .s_axil_araddr(s_axil_araddr), .s_axil_arvalid(s_axil_arvalid),
        .s_axil_arready(s_axil_arready), .s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp),
        .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready), .m_axil_awaddr(m_axil_awaddr),
        .m_axil_awprot(m_axil_awprot), .m_axil_awvalid(m_axil_awvalid), .m_axil_awready(m_axil_awready),
        .m_axil_wdata(m_axil_wdata), .m_axil_wstrb(m_axil_wstrb), .m_axil_wvalid(m_axil_wvalid),
        .m_axil_wready(m_axil_wready), .m_axil_bresp(m_axil_bresp), .m_axil_bvalid(m_axil_bvalid),
        .m_axil_bready(m_axil_bready), .irq(irq), .event_valid(event_valid), .event_ready(event_ready),
        .event_index(event_index), .notify_valid(notify_valid), .notify_ready(notify_ready), .notify_queue(notify_queue),
        .notify_data(notify_data), .queue_ready(queue_ready), .queue_num(queue_num), .queue_desc(queue_desc),
        .queue_driver(queue_driver), .queue_device(queue_device), .config_en(config_en), .config_we(config_we),
        .config_addr(config_addr), .config_wdata(config_wdata), .driver_features(driver_features),
        .device_status(device_status), .device_reset(device_reset), .msi_error_valid(msi_error_valid),
        .msi_error_vector(msi_error_vector)
    );

    wire write_pending, read_pending;

    register_master #(.ADDR_WIDTH(ADDR_WIDTH)) master (
        .clk(aclk), .resetn(aresetn),
        .write_list(fast_write_list), .write_one(fast_write_one), .write_count(fast_write_given[15:8]),
        .write_total(fast_write_given[7:0]),
        .read_list(fast_read_list), .read_one(fast_read_one), .read_count(fast_read_given[15:8]), .read_total(fast_read_given[7:0]),
        .write_late(fast_write_given[16]), .read_late(fast_read_given[16]),
        .writes_done(fast_writes_done), .reads_done(fast_reads_done), .woken(fast_register_woken),
        .write_pending(write_pending), .read_pending(read_pending),
        .awaddr(s_axil_awaddr), .awvalid(s_axil_awvalid), .awready(s_axil_awready),
        .wdata(s_axil_wdata), .wstrb(s_axil_wstrb), .wvalid(s_axil_wvalid), .wready(s_axil_wready),
        .bvalid(s_axil_bvalid), .bready(s_axil_bready),
        .araddr(s_axil_araddr), .arvalid(s_axil_arvalid), .arready(s_axil_arready),
        .rvalid(s_axil_rvalid), .rready(s_axil_rready)
    );

    // The device: events, and kicks taken.
    wire [31:0] event_seen;
    send_channel #(.ENTRY(32), .PAYLOAD(16), .PAYLOAD_LSB(0), .DELAY_LSB(16), .DELAY(15)) events (
        .clk(aclk), .resetn(aresetn),
        .list(fast_event_list), .one(fast_event_one), .count(fast_event_given[15:8]), .total(fast_event_given[7:0]),
        .late(fast_event_given[16]),
        .valid(event_valid), .ready(event_ready), .payload(event_index),
        .taken(fast_events_done), .look(fast_events_done), .seen(event_seen)
    );
    reg fast_event_woken;
    initial fast_event_woken = 0;
    always @(posedge aclk) if (event_valid && event_ready && event_seen[31]) fast_event_woken <= !fast_event_woken;

    // A receiver draws its ready anew behind every cycle with an offer, and once more behind the last; not in a reset, where
    // outputs may be anything at first.
    reg kick_before, aw_before, w_before;
    always @(posedge aclk) begin
        kick_before <= notify_valid;
        aw_before   <= m_axil_awvalid;
        w_before    <= m_axil_wvalid;
    end
    ready_pattern bready_pattern (
        .clk(aclk), .draw(write_pending), .levels(fast_bready_levels), .load(fast_bready_control[7:0]),
        .constant(fast_bready_control[8]), .level(fast_bready_control[9]), .last(fast_bready_control[10]), .ready(s_axil_bready),
        .drawn(fast_bready_drawn), .empty(fast_bready_empty)
    );
    ready_pattern rready_pattern (
        .clk(aclk), .draw(read_pending), .levels(fast_rready_levels), .load(fast_rready_control[7:0]),
        .constant(fast_rready_control[8]), .level(fast_rready_control[9]), .last(fast_rready_control[10]), .ready(s_axil_rready),
        .drawn(fast_rready_drawn), .empty(fast_rready_empty)
    );
    ready_pattern awready_pattern (
        .clk(aclk), .draw(aresetn && (m_axil_awvalid || aw_before)), .levels(fast_awready_levels), .load(fast_awready_control[7:0]),
        .constant(fast_awready_control[8]), .level(fast_awready_control[9]), .last(fast_awready_control[10]), .ready(m_axil_awready),
        .drawn(fast_awready_drawn), .empty(fast_awready_empty)
    );
    ready_pattern wready_pattern (
        .clk(aclk), .draw(aresetn && (m_axil_wvalid || w_before)), .levels(fast_wready_levels), .load(fast_wready_control[7:0]),
        .constant(fast_wready_control[8]), .level(fast_wready_control[9]), .last(fast_wready_control[10]), .ready(m_axil_wready),
        .drawn(fast_wready_drawn), .empty(fast_wready_empty)
    );
    ready_pattern kick_pattern (
        .clk(aclk), .draw(aresetn && (notify_valid || kick_before)), .levels(fast_kick_levels), .load(fast_kick_control[7:0]),
        .constant(fast_kick_control[8]), .level(fast_kick_control[9]), .last(fast_kick_control[10]), .ready(notify_ready),
        .drawn(fast_kick_drawn), .empty(fast_kick_empty)
    );

    message_responder responder (
        .clk(aclk), .resetn(aresetn),
        .plain(fast_answer_control[0]), .held(fast_answer_control[1]),
        .list(fast_answer_list), .count(fast_answer_given[15:8]), .total(fast_answer_given[7:0]),
        .want(fast_answer_want), .paired(fast_paired), .busy(fast_answer_busy),
        .awvalid(m_axil_awvalid), .awready(m_axil_awready), .wvalid(m_axil_wvalid), .wready(m_axil_wready),
        .bvalid(m_axil_bvalid), .bready(m_axil_bready), .bresp(m_axil_bresp)
    );

    recorder #(.ADDR_WIDTH(ADDR_WIDTH)) recorder (
        .clk(aclk), .resetn(aresetn), .session(fast_session), .tail(fast_tail), .prompt(fast_prompt),
        .event_limit(fast_event_limit), .bus_limit(fast_bus_limit),
        .full(fast_full), .noticed(fast_noticed), .cycle(fast_cycle), .head(fast_head), .recent(fast_recent),
        .s_axil_awaddr(s_axil_awaddr), .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),
        .s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid),
        .s_axil_wready(s_axil_wready), .s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid),
        .s_axil_bready(s_axil_bready), .s_axil_araddr(s_axil_araddr), .s_axil_arvalid(s_axil_arvalid),
        .s_axil_arready(s_axil_arready), .s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp),
        .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready), .m_axil_awaddr(m_axil_awaddr),
        .m_axil_awprot(m_axil_awprot), .m_axil_awvalid(m_axil_awvalid), .m_axil_awready(m_axil_awready),
        .m_axil_wdata(m_axil_wdata), .m_axil_wstrb(m_axil_wstrb), .m_axil_wvalid(m_axil_wvalid),
        .m_axil_wready(m_axil_wready), .m_axil_bresp(m_axil_bresp), .m_axil_bvalid(m_axil_bvalid),
        .m_axil_bready(m_axil_bready), .irq(irq), .event_valid(event_valid), .event_ready(event_ready),
        .event_index(event_index), .notify_valid(notify_valid), .notify_ready(notify_ready), .notify_queue(notify_queue),
        .notify_data(notify_data), .queue_ready(queue_ready), .queue_num(queue_num), .queue_desc(queue_desc),
        .queue_driver(queue_driver), .queue_device(queue_device), .config_en(config_en), .config_we(config_we),
        .config_addr(config_addr), .config_wdata(config_wdata), .driver_features(driver_features),
        .device_status(device_status), .device_reset(device_reset), .msi_error_valid(msi_error_valid),
        .needs_reset(needs_reset), .config_rdata(config_rdata), .config_generation(config_generation),
        .msi_error_vector(msi_error_vector)
    );

endmodule

`default_nettype wire
