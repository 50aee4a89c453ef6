// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_mmio_endpoint: a virtio-mmio (version 2) register interface with the MSI vector table that was proposed for it
// in February 2020. Wiring only.
//
// The virtio_ prefix is left out:
//
//   s_axil --> axil_register_port --> register_decode --+--> identity, features, status
//                                                       |--> queue_table ----------------> queue_*
//                                                       |--> notify_decode --> kicks ----> notify_*
//                                                       |--> config_window --------------> config_*
//                                                       +--> msi_commands, interrupt_status
//   event_* --> interrupt_router --+--> interrupt_status --------------------------------> irq
//          (with msi_event_map)    +--> msi_vector_state --> msi_message_writer ---------> m_axil
//
//   NUM_QUEUES         1..1024
//   NUM_VECTORS        1..2048; what MsiVecNum reads
//   QUEUE_NUM_MAX      what QueueNumMax reads for a queue that exists; a power of two up to 32768
//   DEVICE_ID          virtio device type
//   VENDOR_ID          free
//   DEVICE_FEATURES    offered feature bits, VERSION_1 (32) among them; not 39 and 40, which the next parameters add
//   OPTIONAL_FEATURES  further bits, offered only while the device says so above its config_generation
//   MSI_SUPPORT        1: offer VIRTIO_F_MMIO_MSI; 0: a plain virtio-mmio endpoint with a line interrupt
//   MSI_FEATURE_BIT    number of that feature bit; 40 collides with VIRTIO_F_RING_RESET of virtio 1.2, so it can be
//                      moved
//   MSI_SHARING        0: vector 0 = configuration change, vector q+1 = queue q; 1: the driver maps events to vectors
//   NOTIFY_DOORBELLS   1: offer bit 39 in its 2020 meaning; queue q's doorbell at NOTIFY_BASE + q * NOTIFY_MULTIPLIER
//   NOTIFY_BASE        bytes, a multiple of 4 below 65536
//   NOTIFY_MULTIPLIER  bytes, a multiple of 4 below 65536; 0: all queues share one doorbell
//   CONFIG_BYTES       size of the device-specific configuration window at 0x100, 0..4096
//   ADDR_WIDTH         address bits of s_axil, 9..64; must cover the configuration window and the doorbells
//   ANSWER_AT_ONCE     0: Status = 0 and QueueReady = 0 are answered when they are done. 1, for an interconnect that
//                      carries one transaction at a time: answered at once; Status reads non-zero, QueueReady 1 until
//                      then
//   REQUIRE_FEATURES_OK  1: DRIVER_OK without an accepted FEATURES_OK raises DEVICE_NEEDS_RESET; 0: it is let in
//   MSI_AWPROT         AWPROT of every message; 2 is unprivileged, non-secure, data
`default_nettype none

module virtio_mmio_endpoint #(
    parameter        NUM_QUEUES        = 2,
    parameter        NUM_VECTORS       = NUM_QUEUES + 1,
    parameter        QUEUE_NUM_MAX     = 256,
    parameter [31:0] DEVICE_ID         = 32'd4,
    parameter [31:0] VENDOR_ID         = 32'h4D53494F,
    parameter [63:0] DEVICE_FEATURES   = 64'h1_0000_0000,
    parameter [63:0] OPTIONAL_FEATURES = 64'd0,
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
    input  wire                  aclk,
    input  wire                  aresetn,                // synchronous, active low; wins over everything

    // Register bus: AXI4-Lite slave, AW and W in any order, every response OKAY.
    input  wire [ADDR_WIDTH-1:0] s_axil_awaddr,
    input  wire [2:0]            s_axil_awprot,          // ignored
    input  wire                  s_axil_awvalid,
    output wire                  s_axil_awready,
    input  wire [31:0]           s_axil_wdata,
    input  wire [3:0]            s_axil_wstrb,
    input  wire                  s_axil_wvalid,
    output wire                  s_axil_wready,
    output wire [1:0]            s_axil_bresp,
    output wire                  s_axil_bvalid,
    input  wire                  s_axil_bready,
    input  wire [ADDR_WIDTH-1:0] s_axil_araddr,
    input  wire [2:0]            s_axil_arprot,          // ignored
    input  wire                  s_axil_arvalid,
    output wire                  s_axil_arready,
    output wire [31:0]           s_axil_rdata,
    output wire [1:0]            s_axil_rresp,
    output wire                  s_axil_rvalid,
    input  wire                  s_axil_rready,

    // Message bus: AXI4-Lite write master, one write = one MSI; AW and W independent, up to 16 responses outstanding.
    output wire [63:0]           m_axil_awaddr,
    output wire [2:0]            m_axil_awprot,
    output wire                  m_axil_awvalid,
    input  wire                  m_axil_awready,
    output wire [31:0]           m_axil_wdata,
    output wire [3:0]            m_axil_wstrb,
    output wire                  m_axil_wvalid,
    input  wire                  m_axil_wready,
    input  wire [1:0]            m_axil_bresp,
    input  wire                  m_axil_bvalid,
    output wire                  m_axil_bready,

    // Line interrupt: level = MSI off and any InterruptStatus bit shown.
    output wire                  irq,

    // Events that the device owes its driver: 0 = configuration change, q+1 = used buffer on queue q.
    // Accepted at valid && ready; event_ready never waits for the message bus.
    input  wire                  event_valid,
    output wire                  event_ready,
    input  wire [15:0]           event_index,

    // Kicks of ready queues after DRIVER_OK; those of one queue may merge, none is lost. Not taking them stalls
    // nothing.
    output wire                  notify_valid,
    input  wire                  notify_ready,           // tie to 1 if unused
    output wire [15:0]           notify_queue,
    output wire [31:0]           notify_data,         // the last word written for this queue; its index after DRIVER_OK

    // What the driver configured for a queue, one cycle after queue_index; zeros for a queue that does not exist.
    input  wire [15:0]           queue_index,
    output wire                  queue_ready,
    output wire [15:0]           queue_num,
    output wire [63:0]           queue_desc,
    output wire [63:0]           queue_driver,
    output wire [63:0]           queue_device,

    // Starts and stops of queues, for a device that works on rings. A reset stops all queues without a pulse.
    output wire                  queue_start_valid,      // one cycle: QueueReady 0 -> 1; kicks come later
    output wire [15:0]           queue_start_index,
    output wire                  queue_stop_valid,       // one cycle: QueueReady 1 -> 0; no kick of it in or after it
    output wire [15:0]           queue_stop_index,
    input  wire                  queue_stop_done,        // holds the stopping write's response while 0; tie to 1 if
                                                         // unused; to be lowered within three cycles of the pulse

    // Device configuration space: one access a cycle while config_en, a write where config_we is not 0.
    output wire                  config_en,
    output wire [3:0]            config_we,
    output wire [11:0]           config_addr,            // bytes from register 0x100, a multiple of 4
    output wire [31:0]           config_wdata,
    input  wire [31:0]           config_rdata,           // one cycle after config_en; tie to 0 if unused
    // [31:0]: tie to 0 if unused. With OPTIONAL_FEATURES, bit 32 + n: feature n of them is offered; steady from a reset
    // by the driver until FEATURES_OK.
    input  wire [((OPTIONAL_FEATURES != 64'd0) ? 95 : 31):0] config_generation,

    // Device state.
    output wire [63:0]           driver_features,        // latched at FEATURES_OK, 0 before
    output wire [7:0]            device_status,
    output wire                  device_reset,           // one cycle: the driver wrote Status = 0
    input  wire                  device_idle,            // holds that write's response while 0; tie to 1 if unused
    input  wire                  needs_reset,            // sets DEVICE_NEEDS_RESET while 1; tie to 0 if unused

    // Faults: a message was answered SLVERR or DECERR.
    output wire                  msi_error_valid,
    output wire [15:0]           msi_error_vector
);

    // What parameter_check refuses must not make the tools stumble over something else first.
    localparam QUEUES  = (NUM_QUEUES < 1) ? 1 : NUM_QUEUES;
    localparam VECTORS = (NUM_VECTORS < 1) ? 1 : NUM_VECTORS;

    localparam QUEUE_WIDTH  = (QUEUES > 1) ? $clog2(QUEUES) : 1;
    localparam VECTOR_WIDTH = (VECTORS > 1) ? $clog2(VECTORS) : 1;
    // Up to FLAT entries, tables of bits are one row, and a message follows its event within two cycles; beyond, about
    // as many rows as bits in a row.
    localparam FLAT            = 16;
    localparam QUEUE_ROW_LOG2  = (QUEUES <= FLAT) ? QUEUE_WIDTH : (QUEUE_WIDTH + 1) / 2;
    localparam VECTOR_ROW_LOG2 = (VECTORS <= FLAT) ? VECTOR_WIDTH : (VECTOR_WIDTH + 1) / 2;
    localparam QUEUE_ROWS      = (QUEUES <= FLAT) ? 1 : QUEUE_WIDTH - QUEUE_ROW_LOG2;
    localparam VECTOR_ROWS     = (VECTORS <= FLAT) ? 1 : VECTOR_WIDTH - VECTOR_ROW_LOG2;
    localparam ROWS_WIDTH      = (QUEUE_ROWS > VECTOR_ROWS) ? QUEUE_ROWS : VECTOR_ROWS;
    localparam QUEUE_LAST      = (QUEUES - 1) >> QUEUE_ROW_LOG2;
    localparam VECTOR_LAST     = (VECTORS - 1) >> VECTOR_ROW_LOG2;
    localparam ROWS            = ((QUEUE_LAST > VECTOR_LAST) ? QUEUE_LAST : VECTOR_LAST) + 1;

    virtio_mmio_parameter_check #(
        .NUM_QUEUES(NUM_QUEUES), .NUM_VECTORS(NUM_VECTORS), .QUEUE_NUM_MAX(QUEUE_NUM_MAX),
        .DEVICE_FEATURES(DEVICE_FEATURES), .MSI_SUPPORT(MSI_SUPPORT), .MSI_FEATURE_BIT(MSI_FEATURE_BIT),
        .MSI_SHARING(MSI_SHARING), .NOTIFY_DOORBELLS(NOTIFY_DOORBELLS), .NOTIFY_BASE(NOTIFY_BASE),
        .NOTIFY_MULTIPLIER(NOTIFY_MULTIPLIER), .CONFIG_BYTES(CONFIG_BYTES), .ADDR_WIDTH(ADDR_WIDTH),
        .ANSWER_AT_ONCE(ANSWER_AT_ONCE), .REQUIRE_FEATURES_OK(REQUIRE_FEATURES_OK)
    ) parameter_check (
        .aclk(aclk)
    );

    // ------------------------------------------------------------------ register access
    wire                  write_enable;
    wire [ADDR_WIDTH-1:0] write_address;
    wire [31:0]           write_data;
    wire [3:0]            write_strobe;
    wire                  write_config;
    wire                  read_enable;
    wire [ADDR_WIDTH-1:0] read_address;
    wire                  read_config;
    wire [31:0]           read_data;

    wire                  control_write;
    wire                  command_write;
    wire [7:0]            write_offset;
    wire [7:0]            read_offset;
    wire [31:0]           identity_read;
    wire [31:0]           features_read;
    wire [31:0]           status_read;
    wire [31:0]           queue_read;
    wire [31:0]           notify_read;
    wire [31:0]           interrupt_read;
    wire [31:0]           msi_read;
    wire [31:0]           config_read;

    // What may hold the response of the last write, and who says one cycle before that it will.
    wire                  status_starting;
    wire                  command_starting;
    wire                  queue_starting;
    wire                  queue_stopping;
    wire                  resetting;
    wire                  sweeping;
    wire                  mapping;
    wire                  scanning;
    wire                  disable_busy;

    // With ANSWER_AT_ONCE the reset goes on after its response, and control registers ignore writes until it is over.
    wire                  reset_holds   = resetting && (ANSWER_AT_ONCE == 0);
    wire                  reset_ignores = resetting && (ANSWER_AT_ONCE != 0);

    wire [ROWS_WIDTH-1:0] sweep_row;
    wire                  aw_control;
    wire                  aw_command;
    wire                  aw_config;
    wire                  ar_control;
    wire                  ar_config;
    wire                  write_control;
    wire                  write_command;
    wire                  write_whole;
    wire                  write_small;
    wire                  read_control;

    virtio_axil_register_port #(.ADDR_WIDTH(ADDR_WIDTH)) register_port (
        .aclk(aclk), .aresetn(aresetn),
        .s_axil_awaddr(s_axil_awaddr), .s_axil_awprot(s_axil_awprot),
        .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),
        .s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb),
        .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready),
        .s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready),
        .s_axil_araddr(s_axil_araddr), .s_axil_arprot(s_axil_arprot),
        .s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready),
        .s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp),
        .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready),
        .aw_control(aw_control), .aw_command(aw_command), .aw_config(aw_config),
        .ar_control(ar_control), .ar_config(ar_config),
        .write_enable(write_enable), .write_control(write_control), .write_command(write_command),
        .write_config(write_config),
        .write_whole(write_whole), .write_small(write_small), .write_address(write_address), .write_data(write_data),
        .write_strobe(write_strobe), .starts_busy({status_starting, command_starting, queue_starting}),
        .busy({reset_holds, sweeping, mapping, scanning, disable_busy, queue_stopping}),
        .read_enable(read_enable), .read_address(read_address), .read_control(read_control),
        .read_config(read_config), .read_data(read_data)
    );

    assign write_offset = write_address[7:0];
    assign read_offset  = read_address[7:0];

    virtio_register_decode #(.ADDR_WIDTH(ADDR_WIDTH), .CONFIG_BYTES(CONFIG_BYTES)) register_decode (
        .aclk(aclk),
        .aw_address(s_axil_awaddr), .aw_control(aw_control), .aw_command(aw_command), .aw_config(aw_config),
        .ar_address(s_axil_araddr), .ar_control(ar_control), .ar_config(ar_config),
        .write_enable(write_enable), .write_control(write_control), .write_command(write_command),
        .write_whole(write_whole), .write_small(write_small), .ignore(reset_ignores),
        .control_write(control_write), .command_write(command_write),
        .read_control(read_control), .read_data(read_data),
        .identity_read(identity_read), .features_read(features_read), .status_read(status_read),
        .queue_read(queue_read), .notify_read(notify_read), .interrupt_read(interrupt_read),
        .msi_read(msi_read), .config_read(config_read)
    );

    virtio_identity #(.DEVICE_ID(DEVICE_ID), .VENDOR_ID(VENDOR_ID)) identity (
        .config_generation(config_generation[31:0]),
        .read_offset(read_offset), .read_data(identity_read)
    );

    virtio_config_window #(.ADDR_WIDTH(ADDR_WIDTH), .CONFIG_BYTES(CONFIG_BYTES)) config_window (
        .aclk(aclk), .aresetn(aresetn),
        .write_enable(write_enable), .write_address(write_address), .write_data(write_data),
        .write_strobe(write_strobe), .write_here(write_config),
        .read_enable(read_enable), .read_address(read_address), .read_here(read_config), .read_data(config_read),
        .config_en(config_en), .config_we(config_we), .config_addr(config_addr),
        .config_wdata(config_wdata), .config_rdata(config_rdata)
    );

    // ------------------------------------------------------------------ features and status
    wire features_acceptable;
    wire features_latched;
    wire features_latch;
    wire msi_negotiated;
    wire doorbells_negotiated;
    wire notification_data;
    wire ring_packed;
    wire driver_ok;
    wire driver_ok_set;
    wire needs_reset_event;
    wire queue_error;
    wire messages_idle;

    wire [63:0] optional_features;

    generate
        if (OPTIONAL_FEATURES != 64'd0) begin : some_optional
            assign optional_features = config_generation[95:32] & OPTIONAL_FEATURES;
        end else begin : none_optional
            assign optional_features = 64'd0;
        end
    endgenerate

    virtio_features #(
        .DEVICE_FEATURES(DEVICE_FEATURES), .MSI_SUPPORT(MSI_SUPPORT), .MSI_FEATURE_BIT(MSI_FEATURE_BIT),
        .NOTIFY_DOORBELLS(NOTIFY_DOORBELLS)
    ) features (
        .optional_features(optional_features),
        .aclk(aclk), .aresetn(aresetn), .device_reset(device_reset),
        .control_write(control_write), .write_offset(write_offset), .write_data(write_data),
        .read_offset(read_offset), .read_data(features_read),
        .acceptable(features_acceptable), .latched(features_latched), .latch(features_latch),
        .driver_features(driver_features), .msi_negotiated(msi_negotiated),
        .doorbells_negotiated(doorbells_negotiated), .notification_data(notification_data),
        .ring_packed(ring_packed)
    );

    wire sweep_start;

    virtio_table_sweep #(.ROWS(ROWS), .ROWS_WIDTH(ROWS_WIDTH)) sweep (
        .aclk(aclk), .aresetn(aresetn), .start(sweep_start), .sweeping(sweeping), .row(sweep_row)
    );

    virtio_status #(.ANSWER_AT_ONCE(ANSWER_AT_ONCE), .REQUIRE_FEATURES_OK(REQUIRE_FEATURES_OK)) status_register (
        .aclk(aclk), .aresetn(aresetn),
        .control_write(control_write), .write_offset(write_offset), .write_data(write_data),
        .read_offset(read_offset), .read_data(status_read), .resetting(resetting),
        .starting(status_starting),
        .features_acceptable(features_acceptable), .features_latched(features_latched), .features_latch(features_latch),
        .device_idle(device_idle), .messages_idle(messages_idle), .device_reset(device_reset),
        .sweeping(sweeping), .sweep_start(sweep_start),
        .needs_reset(needs_reset), .queue_error(queue_error), .message_error(msi_error_valid),
        .driver_ok(driver_ok), .driver_ok_set(driver_ok_set), .needs_reset_event(needs_reset_event),
        .device_status(device_status)
    );

    // ------------------------------------------------------------------ queues and kicks
    wire                         queue_exists;
    wire [QUEUE_WIDTH-1:0]       sel_queue;
    wire                         queue_stop;
    wire [QUEUE_WIDTH-1:0]       lookup_queue;
    wire                         lookup_ready;
    wire                         kick_valid;
    wire [QUEUE_WIDTH-1:0]       kick_queue;
    wire [31:0]                  kick_data;
    wire                         kick_queue_ready;
    wire [QUEUE_ROWS-1:0]        scan_row;
    wire [(1<<QUEUE_ROW_LOG2)-1:0] scan_ready;

    virtio_queue_table #(
        .NUM_QUEUES(QUEUES), .QUEUE_NUM_MAX(QUEUE_NUM_MAX), .ANSWER_AT_ONCE(ANSWER_AT_ONCE),
        .QUEUE_WIDTH(QUEUE_WIDTH), .ROW_LOG2(QUEUE_ROW_LOG2), .ROWS_WIDTH(QUEUE_ROWS)
    ) queue_table (
        .aclk(aclk), .aresetn(aresetn), .sweep(sweeping), .sweep_row(sweep_row[QUEUE_ROWS-1:0]),
        .control_write(control_write), .write_offset(write_offset), .write_data(write_data),
        .write_small(write_small),
        .read_offset(read_offset), .read_data(queue_read), .starting(queue_starting), .busy(queue_stopping),
        .ring_packed(ring_packed), .queue_error(queue_error),
        .sel_exists(queue_exists), .sel_queue(sel_queue), .stop(queue_stop),
        .queue_start_valid(queue_start_valid), .queue_start_index(queue_start_index),
        .queue_stop_valid(queue_stop_valid), .queue_stop_index(queue_stop_index), .queue_stop_done(queue_stop_done),
        .event_queue(lookup_queue), .event_queue_ready(lookup_ready),
        .kick_queue(kick_queue), .kick_queue_ready(kick_queue_ready),
        .scan_row(scan_row), .scan_ready(scan_ready),
        .queue_index(queue_index), .queue_ready(queue_ready), .queue_num(queue_num),
        .queue_desc(queue_desc), .queue_driver(queue_driver), .queue_device(queue_device)
    );

    virtio_notify_decode #(
        .ADDR_WIDTH(ADDR_WIDTH), .NUM_QUEUES(QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH),
        .NOTIFY_DOORBELLS(NOTIFY_DOORBELLS), .NOTIFY_BASE(NOTIFY_BASE), .NOTIFY_MULTIPLIER(NOTIFY_MULTIPLIER)
    ) notify_decode (
        .aclk(aclk), .aresetn(aresetn),
        .write_enable(write_enable), .write_address(write_address), .write_data(write_data),
        .write_whole(write_whole), .control_write(control_write),
        .read_offset(read_offset), .read_data(notify_read),
        .driver_ok(driver_ok), .doorbells_negotiated(doorbells_negotiated), .notification_data(notification_data),
        .kick_valid(kick_valid), .kick_queue(kick_queue), .kick_data(kick_data)
    );

    virtio_kicks #(
        .NUM_QUEUES(QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH), .ROW_LOG2(QUEUE_ROW_LOG2), .ROWS_WIDTH(QUEUE_ROWS)
    ) kicks (
        .aclk(aclk), .aresetn(aresetn), .device_reset(device_reset),
        .sweep(sweeping), .sweep_row(sweep_row[QUEUE_ROWS-1:0]),
        .driver_ok(driver_ok), .driver_ok_set(driver_ok_set), .busy(scanning),
        .scan_row(scan_row), .scan_ready(scan_ready),
        .kick_valid(kick_valid), .kick_queue(kick_queue), .kick_data(kick_data), .kick_queue_ready(kick_queue_ready),
        .stop(queue_stop), .stop_queue(sel_queue),
        .notify_valid(notify_valid), .notify_ready(notify_ready),
        .notify_queue(notify_queue), .notify_data(notify_data)
    );

    // ------------------------------------------------------------------ from events to InterruptStatus or vectors
    wire                    msi_enabled;
    wire                    disabling;
    wire                    convert_used;
    wire                    convert_config;
    wire                    convert_used_taken;
    wire                    convert_config_taken;
    wire                    walking;
    wire                    status_used;
    wire                    status_config;
    wire                    disabled_used;
    wire                    disabled_config;

    wire                    lookup_config;
    wire                    lookup_mapped;
    wire [VECTOR_WIDTH-1:0] lookup_vector;
    wire                    queue_mapped;
    wire [VECTOR_WIDTH-1:0] queue_vector;

    wire                    map_requested;
    wire                    map_start;
    wire                    map_config;
    wire                    map_to_none;
    wire                    peek;
    wire [VECTOR_WIDTH-1:0] peek_vector;
    wire                    peeked_used;
    wire                    peeked_config;
    wire                    move;
    wire                    move_used;
    wire                    move_config;

    wire                    pend;
    wire [VECTOR_WIDTH-1:0] pend_vector;
    wire                    pend_used;
    wire                    pend_config;

    wire [VECTOR_WIDTH-1:0] selected_vector;

    virtio_interrupt_router #(.NUM_QUEUES(QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH), .VECTOR_WIDTH(VECTOR_WIDTH)) router (
        .aclk(aclk), .aresetn(aresetn), .resetting(resetting), .sweeping(sweeping),
        .event_valid(event_valid), .event_ready(event_ready), .event_index(event_index),
        .msi_enabled(msi_enabled), .disabling(disabling), .needs_reset_event(needs_reset_event),
        .convert_used(convert_used), .convert_config(convert_config),
        .convert_used_taken(convert_used_taken), .convert_config_taken(convert_config_taken), .walking(walking),
        .move(move), .move_used(move_used), .move_config(move_config),
        .lookup_config(lookup_config), .lookup_queue(lookup_queue), .lookup_ready(lookup_ready),
        .lookup_mapped(lookup_mapped), .lookup_vector(lookup_vector),
        .status_used(status_used), .status_config(status_config),
        .pend(pend), .pend_vector(pend_vector), .pend_used(pend_used), .pend_config(pend_config)
    );

    virtio_interrupt_status interrupts (
        .aclk(aclk), .aresetn(aresetn), .device_reset(device_reset),
        .control_write(control_write), .write_offset(write_offset), .write_data(write_data),
        .read_offset(read_offset), .read_data(interrupt_read),
        .driver_ok(driver_ok), .msi_enabled(msi_enabled),
        .set_used(status_used), .set_config(status_config),
        .convert_used(convert_used), .convert_config(convert_config),
        .convert_used_taken(convert_used_taken), .convert_config_taken(convert_config_taken),
        .disabling(disabling), .walking(walking),
        .disabled_used(disabled_used), .disabled_config(disabled_config),
        .irq(irq)
    );

    virtio_msi_event_map #(
        .NUM_QUEUES(QUEUES), .NUM_VECTORS(VECTORS), .QUEUE_WIDTH(QUEUE_WIDTH),
        .ROW_LOG2(QUEUE_ROW_LOG2), .ROWS_WIDTH(QUEUE_ROWS), .VECTOR_WIDTH(VECTOR_WIDTH), .MSI_SHARING(MSI_SHARING)
    ) event_map (
        .aclk(aclk), .aresetn(aresetn), .sweep(sweeping), .sweep_row(sweep_row[QUEUE_ROWS-1:0]),
        .lookup_config(lookup_config), .lookup_queue(lookup_queue),
        .lookup_mapped(lookup_mapped), .lookup_vector(lookup_vector),
        .sel_queue(sel_queue), .selected_mapped(queue_mapped), .selected_vector(queue_vector),
        .map_requested(map_requested), .map_start(map_start), .map_config(map_config),
        .map_to_none(map_to_none), .map_vector(selected_vector),
        .busy(mapping),
        .peek(peek), .peek_vector(peek_vector), .peeked_used(peeked_used), .peeked_config(peeked_config),
        .move(move), .move_used(move_used), .move_config(move_config)
    );

    // ------------------------------------------------------------------ from vectors to messages
    wire                    configure;
    wire                    mask;
    wire                    unmask;
    wire [63:0]             staged_address;
    wire [31:0]             staged_data;
    wire                    staged_usable;
    wire                    state_masked;
    wire                    state_pending;
    wire                    state_configured;
    wire                    grant_valid;
    wire [VECTOR_WIDTH-1:0] grant;
    wire                    may_send;

    virtio_msi_commands #(
        .QUEUE_WIDTH(QUEUE_WIDTH), .NUM_VECTORS(VECTORS), .VECTOR_WIDTH(VECTOR_WIDTH), .MSI_SHARING(MSI_SHARING)
    ) commands (
        .aclk(aclk), .aresetn(aresetn), .device_reset(device_reset), .msi_negotiated(msi_negotiated),
        .control_write(control_write), .command_write(command_write),
        .write_offset(write_offset), .write_data(write_data), .read_offset(read_offset), .read_data(msi_read),
        .queue_exists(queue_exists), .sel_queue(sel_queue), .starting(command_starting),
        .msi_enabled(msi_enabled), .disabling(disabling), .configure(configure), .mask(mask), .unmask(unmask),
        .selected_vector(selected_vector),
        .staged_address(staged_address), .staged_data(staged_data), .staged_usable(staged_usable),
        .map_requested(map_requested), .map_start(map_start), .map_config(map_config), .map_to_none(map_to_none),
        .state_masked(state_masked), .state_pending(state_pending), .state_configured(state_configured),
        .queue_mapped(queue_mapped), .queue_vector(queue_vector)
    );

    virtio_msi_vector_state #(
        .NUM_VECTORS(VECTORS), .VECTOR_WIDTH(VECTOR_WIDTH), .ROW_LOG2(VECTOR_ROW_LOG2), .ROWS_WIDTH(VECTOR_ROWS),
        .MSI_SHARING(MSI_SHARING)
    ) vector_state (
        .aclk(aclk), .aresetn(aresetn), .sweep(sweeping), .sweep_row(sweep_row[VECTOR_ROWS-1:0]),
        .pend(pend), .pend_vector(pend_vector), .pend_used(pend_used), .pend_config(pend_config),
        .mask(mask), .unmask(unmask), .configure(configure), .usable(staged_usable),
        .command_vector(selected_vector), .disabling(disabling), .disable_busy(disable_busy),
        .disabled_used(disabled_used), .disabled_config(disabled_config),
        .grant_valid(grant_valid), .grant(grant), .grant_ready(may_send),
        .peek(peek), .peek_vector(peek_vector), .peeked_used(peeked_used), .peeked_config(peeked_config),
        .state_masked(state_masked), .state_pending(state_pending), .state_configured(state_configured)
    );

    virtio_msi_message_writer #(
        .NUM_VECTORS(VECTORS), .VECTOR_WIDTH(VECTOR_WIDTH), .AWPROT(MSI_AWPROT[2:0])
    ) message_writer (
        .aclk(aclk), .aresetn(aresetn),
        .enable(msi_enabled), .disabling(disabling), .driver_ok(driver_ok),
        .grant_valid(grant_valid), .grant(grant), .may_send(may_send),
        .configure(configure), .configured_vector(selected_vector),
        .staged_address(staged_address), .staged_data(staged_data), .idle(messages_idle),
        .error_valid(msi_error_valid), .error_vector(msi_error_vector),
        .m_axil_awaddr(m_axil_awaddr), .m_axil_awprot(m_axil_awprot),
        .m_axil_awvalid(m_axil_awvalid), .m_axil_awready(m_axil_awready),
        .m_axil_wdata(m_axil_wdata), .m_axil_wstrb(m_axil_wstrb),
        .m_axil_wvalid(m_axil_wvalid), .m_axil_wready(m_axil_wready),
        .m_axil_bresp(m_axil_bresp), .m_axil_bvalid(m_axil_bvalid), .m_axil_bready(m_axil_bready)
    );

endmodule

`default_nettype wire
