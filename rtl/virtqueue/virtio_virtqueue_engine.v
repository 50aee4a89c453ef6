// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_virtqueue_engine: fetches buffers from virtqueues in memory, moves their bytes, gives them back to the driver.
// Wiring only.
//
// The engine knows rings and AXI and nothing of a device type. A device function behind the engine knows slots and byte
// streams, neither rings nor AXI. In front of the engine stands a transport: kicks, events, queue table, features.
//
// How a function uses the ports:
//   1. Take a buffer at req_valid && req_ready. req_slot names the buffer from now on; req_readable, req_writable are
//      the bytes of all its readable and all its writable parts. A function should take every buffer that is offered:
//      one that is not taken stands before those of the other queues. SLOTS buffers are the most that can come.
//      Buffers of a queue in PULL_QUEUES come only after an ask: one ask, one buffer, or none_valid for a cycle.
//   2. Give commands: cmd_length bytes, 1 or more, from byte cmd_offset of the readable (cmd_write = 0) or writable
//      (cmd_write = 1) parts. Data of the read commands come on rd_* in the order of the commands, data of the write
//      commands are expected on wr_* in the order of the commands. The two directions do not wait for one another.
//      A command starts at lane 0 of a beat, fills every beat but the last, and has last on its last beat.
//      Every write command accepted needs all its data, also after wrote_error; wr_keep and wr_last are implied by
//      cmd_length and not looked at.
//   3. Each write command is reported on wrote_* when memory has answered all of it, in order. rd_error on the last
//      beat of a read command says that some of its bytes could not be read.
//   4. Give the slot back with done_*, after the data of its read commands have come. Giving it back before its wrote_*
//      is allowed: the engine publishes the buffer only after memory has answered. If then a wrote_error comes, the
//      done is void: the function may write again (a status) and must give done again.
//      done_fault = 1 says that the buffer cannot be given back properly: the engine stops with fault code 10.
//   A command beyond the end of the parts, or on a slot whose queue was stopped, moves nothing: reads give beats of no
//   meaning with rd_error, writes take their data and report wrote_error. Such a slot must still be given back.
//   queue_stop_done waits for the bus, never for the function. Commands of the queue that were accepted stay until the
//   function has brought or taken all their data, also when the queue has started again; write data that the engine
//   had before the stop may still be written before queue_stop_done, later ones are not.
//   device_reset resets engine and function alike; no slot outlives it.
//
//   In one cycle                                     who wins
//   device_reset and anything                        device_reset
//   a fault and anything but device_reset            the fault: nothing is fetched or published any more
//   queue_stop and a kick, or a fetch of the queue   queue_stop
//
//   NUM_QUEUES         1..1024
//   QUEUE_NUM_MAX      largest queue size, 1..32768
//   SLOTS              buffers in flight, all queues together, 1..64
//   QUEUE_SLOTS        most that one queue may hold, 1..SLOTS
//   PULL_QUEUES        bit q: a buffer of queue q is fetched only when the function asks
//   MAX_CHAIN          most descriptors of a buffer, 1..1024
//   DATA_WIDTH         bits of the memory bus and of the streams: 64, 128 or 256
//   ADDR_WIDTH         bits of a memory address, 32..64
//   ID_WIDTH           bits of AXI IDs, 0..4; 0: every transaction has ID 0 (the ports have one bit); otherwise reads
//                      of data have ID 1, and may be overtaken by reads of rings
//   MAX_BURST          most beats of a burst, 1..256
//   READS, WRITES      most transactions outstanding, 1..64
//   RING_PACKED .. NOTIFICATION_DATA   1: built in, used if the driver accepts the feature of this name; 0: left out.
//                      The device must not offer what is left out.
//   SUPPRESS_KICKS     1: without EVENT_IDX, tell the driver not to kick while the queue is being worked on
//   EVENT_COUNT, EVENT_CYCLES   an event that the driver wants may wait until so many buffers are used, or so many
//                      cycles have passed; 1 and 0: no wait
//   RING_CACHE, DATA_CACHE      AxCACHE of accesses to the rings and to the buffers. A B response must mean that every
//                      other observer sees the write: bit 0 (bufferable) only where the interconnect guarantees that
//   ON_CHAIN_ERROR     0: a bad descriptor chain stops the device; 1: a split chain whose head is valid is given back
//                      with length 0 and the device goes on
//   COUNTERS           1: build the count_* counters; 0: they read 0
`default_nettype none

module virtio_virtqueue_engine #(
    parameter              NUM_QUEUES        = 2,
    parameter              QUEUE_NUM_MAX     = 256,
    parameter              SLOTS             = 16,
    parameter              QUEUE_SLOTS       = SLOTS,
    parameter              PULL_QUEUES       = 0,
    parameter              MAX_CHAIN         = 64,
    parameter              DATA_WIDTH        = 64,
    parameter              ADDR_WIDTH        = 64,
    parameter              ID_WIDTH          = 0,
    parameter              MAX_BURST         = 16,
    parameter              READS             = 16,
    parameter              WRITES            = 16,
    parameter              RING_PACKED       = 0,
    parameter              INDIRECT          = 1,
    parameter              EVENT_IDX         = 1,
    parameter              IN_ORDER          = 0,
    parameter              NOTIFICATION_DATA = 0,
    parameter              SUPPRESS_KICKS    = 1,
    parameter              EVENT_COUNT       = 1,
    parameter              EVENT_CYCLES      = 0,
    parameter [3:0]        RING_CACHE        = 4'b0010,
    parameter [3:0]        DATA_CACHE        = 4'b0010,
    parameter              ON_CHAIN_ERROR    = 0,
    parameter              COUNTERS          = 1
) (
    input  wire                                   aclk,
    input  wire                                   aresetn,            // synchronous, active low; wins over everything

    // Transport, named as the ports of virtio_mmio_endpoint.
    input  wire                                   notify_valid,
    output wire                                   notify_ready,       // always 1 outside of reset
    input  wire [15:0]                            notify_queue,
    input  wire [31:0]                            notify_data,
    output wire                                   event_valid,        // withdrawn by device_reset only
    input  wire                                   event_ready,
    output wire [15:0]                            event_index,        // queue + 1
    output wire [15:0]                            queue_index,
    input  wire                                   queue_ready,        // these five one cycle later
    input  wire [15:0]                            queue_num,
    input  wire [63:0]                            queue_desc,
    input  wire [63:0]                            queue_driver,
    input  wire [63:0]                            queue_device,
    input  wire                                   queue_start_valid,
    input  wire [15:0]                            queue_start_index,
    input  wire                                   queue_stop_valid,
    input  wire [15:0]                            queue_stop_index,
    output wire                                   queue_stop_done,    // 0 from the next cycle until drained by the bus
    input  wire [63:0]                            driver_features,
    input  wire [7:0]                             device_status,
    input  wire                                   device_reset,
    output wire                                   device_idle,        // 0 from the next cycle until drained
    output wire                                   needs_reset,        // level, from a fault until device_reset

    // Memory: AXI4 master, INCR bursts of the full width.
    output wire [((ID_WIDTH>0)?ID_WIDTH:1)-1:0]   m_axi_awid,
    output wire [ADDR_WIDTH-1:0]                  m_axi_awaddr,
    output wire [7:0]                             m_axi_awlen,
    output wire [2:0]                             m_axi_awsize,
    output wire [1:0]                             m_axi_awburst,
    output wire [3:0]                             m_axi_awcache,
    output wire [2:0]                             m_axi_awprot,
    output wire                                   m_axi_awvalid,
    input  wire                                   m_axi_awready,
    output wire [DATA_WIDTH-1:0]                  m_axi_wdata,
    output wire [DATA_WIDTH/8-1:0]                m_axi_wstrb,
    output wire                                   m_axi_wlast,
    output wire                                   m_axi_wvalid,
    input  wire                                   m_axi_wready,
    input  wire [((ID_WIDTH>0)?ID_WIDTH:1)-1:0]   m_axi_bid,
    input  wire [1:0]                             m_axi_bresp,
    input  wire                                   m_axi_bvalid,
    output wire                                   m_axi_bready,
    output wire [((ID_WIDTH>0)?ID_WIDTH:1)-1:0]   m_axi_arid,
    output wire [ADDR_WIDTH-1:0]                  m_axi_araddr,
    output wire [7:0]                             m_axi_arlen,
    output wire [2:0]                             m_axi_arsize,
    output wire [1:0]                             m_axi_arburst,
    output wire [3:0]                             m_axi_arcache,
    output wire [2:0]                             m_axi_arprot,
    output wire                                   m_axi_arvalid,
    input  wire                                   m_axi_arready,
    input  wire [((ID_WIDTH>0)?ID_WIDTH:1)-1:0]   m_axi_rid,
    input  wire [DATA_WIDTH-1:0]                  m_axi_rdata,
    input  wire [1:0]                             m_axi_rresp,
    input  wire                                   m_axi_rlast,
    input  wire                                   m_axi_rvalid,
    output wire                                   m_axi_rready,

    // Buffers: the whole chain is walked and checked; in ring order of each queue.
    output wire                                   req_valid,
    input  wire                                   req_ready,
    output wire [5:0]                             req_slot,
    output wire [15:0]                            req_queue,
    output wire [31:0]                            req_readable,
    output wire [31:0]                            req_writable,

    // Asking for buffers of pull queues. An ask answered with none_valid stays, and is answered again after a kick.
    input  wire                                   ask_valid,
    output wire                                   ask_ready,
    input  wire [15:0]                            ask_queue,
    output wire                                   none_valid,         // one cycle
    output wire [15:0]                            none_queue,

    // Moving.
    input  wire                                   cmd_valid,
    output wire                                   cmd_ready,          // depends on cmd_write in the same cycle
    input  wire                                   cmd_write,
    input  wire [5:0]                             cmd_slot,
    input  wire [31:0]                            cmd_offset,
    input  wire [31:0]                            cmd_length,         // 1 or more
    output wire                                   rd_valid,
    input  wire                                   rd_ready,
    output wire [DATA_WIDTH-1:0]                  rd_data,
    output wire [DATA_WIDTH/8-1:0]                rd_keep,
    output wire                                   rd_last,
    output wire                                   rd_error,           // valid on the last beat
    input  wire                                   wr_valid,
    output wire                                   wr_ready,
    input  wire [DATA_WIDTH-1:0]                  wr_data,
    input  wire [DATA_WIDTH/8-1:0]                wr_keep,            // not looked at
    input  wire                                   wr_last,            // not looked at
    output wire                                   wrote_valid,        // one cycle for each write command, in order
    output wire [5:0]                             wrote_slot,
    output wire                                   wrote_error,

    // Giving back.
    input  wire                                   done_valid,
    output wire                                   done_ready,
    input  wire [5:0]                             done_slot,
    input  wire [31:0]                            done_written,       // bytes from the first writable byte on
    input  wire                                   done_fault,         // tie to 0 if unused

    // The first fault since reset, held until device_reset.
    output wire                                   fault_valid,
    output wire [7:0]                             fault_code,
    output wire [15:0]                            fault_queue,
    output wire [15:0]                            fault_head,

    // Counters since aresetn; they wrap.
    output wire [31:0]                            count_buffers,              // given to the function
    output wire [31:0]                            count_events,
    output wire [31:0]                            count_events_suppressed,
    output wire [31:0]                            count_kicks,
    output wire [31:0]                            count_kicks_suppressed,     // times that a queue was told not to kick
    output wire [31:0]                            count_reads,                // AXI transactions
    output wire [31:0]                            count_writes,
    output wire [31:0]                            count_stalls                // cycles of waiting for a slot
);

    // What parameter_check refuses must not make the tools stumble over something else first.
    localparam QUEUES      = (NUM_QUEUES < 1) ? 1 : (NUM_QUEUES > 1024) ? 1024 : NUM_QUEUES;
    localparam SLOT_COUNT  = (SLOTS < 1) ? 1 : (SLOTS > 64) ? 64 : SLOTS;
    localparam CHAIN       = (MAX_CHAIN < 1) ? 1 : (MAX_CHAIN > 1024) ? 1024 : MAX_CHAIN;

    localparam QUEUE_WIDTH = (QUEUES > 1) ? $clog2(QUEUES) : 1;
    localparam SLOT_WIDTH  = (SLOT_COUNT > 1) ? $clog2(SLOT_COUNT) : 1;
    localparam PART_WIDTH  = $clog2(CHAIN + 2);
    localparam CHAIN_WIDTH = (CHAIN > 1) ? $clog2(CHAIN) : 1;
    localparam LANES       = DATA_WIDTH / 8;
    localparam HEADS_LOG2  = 5;
    localparam TAG_WIDTH   = 1 + QUEUE_WIDTH + SLOT_WIDTH;
    localparam IDS         = (ID_WIDTH > 0) ? ID_WIDTH : 1;

    // No burst reaches over a multiple of WINDOW bytes: the largest power of two of MAX_BURST beats and of 4 KB.
    localparam BURST       = (MAX_BURST >= 256) ? 256 : (MAX_BURST >= 128) ? 128 : (MAX_BURST >= 64) ? 64 :
                             (MAX_BURST >= 32) ? 32 : (MAX_BURST >= 16) ? 16 : (MAX_BURST >= 8) ? 8 :
                             (MAX_BURST >= 4) ? 4 : (MAX_BURST >= 2) ? 2 : 1;
    localparam WINDOW      = (BURST * LANES > 4096) ? 4096 : BURST * LANES;
    localparam FLIGHT      = (READS + 2) * (WINDOW / LANES);    // beats that may be on their way
    localparam STORE_LOG2  = (FLIGHT > 512) ? 10 : (FLIGHT > 32) ? $clog2(FLIGHT) : 5;
    localparam JOBS_LOG2   = (READS > 2) ? $clog2(READS) : 2;

    virtio_vq_parameter_check #(
        .NUM_QUEUES(NUM_QUEUES), .QUEUE_NUM_MAX(QUEUE_NUM_MAX), .SLOTS(SLOTS), .QUEUE_SLOTS(QUEUE_SLOTS),
        .PULL_QUEUES(PULL_QUEUES), .MAX_CHAIN(MAX_CHAIN), .DATA_WIDTH(DATA_WIDTH), .ADDR_WIDTH(ADDR_WIDTH),
        .ID_WIDTH(ID_WIDTH), .MAX_BURST(MAX_BURST), .READS(READS), .WRITES(WRITES), .RING_PACKED(RING_PACKED),
        .INDIRECT(INDIRECT), .EVENT_IDX(EVENT_IDX), .IN_ORDER(IN_ORDER), .NOTIFICATION_DATA(NOTIFICATION_DATA),
        .SUPPRESS_KICKS(SUPPRESS_KICKS), .EVENT_COUNT(EVENT_COUNT), .EVENT_CYCLES(EVENT_CYCLES),
        .ON_CHAIN_ERROR(ON_CHAIN_ERROR), .COUNTERS(COUNTERS)
    ) parameter_check (
        .aclk(aclk)
    );

    // ------------------------------------------------------------------ reset, fault, features
    // `clear` takes all modules but the two AXI masters to their reset state, until the bus is quiet.
    reg  draining;
    wire read_idle;
    wire write_idle;
    wire clear  = device_reset || draining;
    wire core_n = aresetn && !clear;
    wire halt;

    always @(posedge aclk) begin
        if (!aresetn)
            draining <= 1'b0;
        else
            draining <= device_reset || (draining && !(read_idle && write_idle));
    end

    assign device_idle = !draining;
    assign needs_reset = fault_valid;
    assign halt        = fault_valid;

    wire driver_ok         = device_status[2];
    wire indirect          = driver_features[28];
    wire event_idx         = driver_features[29];
    wire packed_ring       = driver_features[34];
    wire in_order          = driver_features[35];
    wire notification_data = driver_features[38];

    wire unused_features = &{1'b0, driver_features, device_status};

    // ------------------------------------------------------------------ kicks, stops
    // Is there such a queue? Where their number is a power of two no comparison is needed.
    localparam POWER      = ((QUEUES & (QUEUES - 1)) == 0);
    localparam QUEUE_LOG2 = $clog2(QUEUES);

    wire notify_known = POWER ? ((notify_queue >> QUEUE_LOG2) == 16'd0)      : ({16'd0, notify_queue} < QUEUES);
    wire stop_known   = POWER ? ((queue_stop_index >> QUEUE_LOG2) == 16'd0)  : ({16'd0, queue_stop_index} < QUEUES);
    wire start_known  = POWER ? ((queue_start_index >> QUEUE_LOG2) == 16'd0) : ({16'd0, queue_start_index} < QUEUES);
    wire ask_known    = POWER ? ((ask_queue >> QUEUE_LOG2) == 16'd0)         : ({16'd0, ask_queue} < QUEUES);

    wire                   kick_valid  = notify_valid && notify_ready && notify_known;
    wire [QUEUE_WIDTH-1:0] kick_queue  = notify_queue[QUEUE_WIDTH-1:0];
    wire                   stop_valid  = queue_stop_valid && stop_known;
    wire                   start_valid = queue_start_valid && start_known;

    assign notify_ready = 1'b1;

    wire                   stopping;
    wire [QUEUE_WIDTH-1:0] stop_queue;
    wire                   stopped_valid;
    wire                   forget_valid = start_valid || stopped_valid;
    wire [QUEUE_WIDTH-1:0] forget_queue = start_valid ? queue_start_index[QUEUE_WIDTH-1:0] : stop_queue;

    // ------------------------------------------------------------------ the queue table: who looks up
    wire                   publish_request;
    wire                   element_request;
    wire                   begin_request;
    wire                   fetch_request;
    wire [QUEUE_WIDTH-1:0] publish_queue;
    wire [QUEUE_WIDTH-1:0] element_queue;
    wire [QUEUE_WIDTH-1:0] begin_queue;
    wire [QUEUE_WIDTH-1:0] fetch_queue;
    wire [QUEUE_WIDTH-1:0] fetch_look;
    wire                   element_grant = element_request && !publish_request;
    wire                   begin_grant   = begin_request && !publish_request && !element_request;
    wire                   fetch_grant   = fetch_request && !publish_request && !element_request && !begin_request;
    wire [QUEUE_WIDTH-1:0] look_queue    = publish_request ? publish_queue : element_request ? element_queue :
                                           begin_request ? begin_queue : fetch_look;

    assign queue_index = {{(16 - QUEUE_WIDTH){1'b0}}, look_queue};

    wire [ADDR_WIDTH-1:0] area_desc   = queue_desc[ADDR_WIDTH-1:0];
    wire [ADDR_WIDTH-1:0] area_driver = queue_driver[ADDR_WIDTH-1:0];
    wire [ADDR_WIDTH-1:0] area_device = queue_device[ADDR_WIDTH-1:0];

    // ------------------------------------------------------------------ memory
    wire [3:0]              ar_valid;
    wire [3:0]              ar_ready;
    wire [4*ADDR_WIDTH-1:0] ar_address;
    wire [4*13-1:0]         ar_bytes;
    wire [3:0]              beat_valid;
    wire [DATA_WIDTH-1:0]   beat_data;
    wire                    beat_error;
    wire                    beat_last;
    wire                    read_issued;
    wire                    read_id;

    virtio_vq_axi_read #(
        .DATA_WIDTH(DATA_WIDTH), .ADDR_WIDTH(ADDR_WIDTH), .WINDOW(WINDOW), .READS(READS),
        .IDS((ID_WIDTH > 0) ? 2 : 1), .CACHE({DATA_CACHE, RING_CACHE, RING_CACHE, RING_CACHE})
    ) axi_read (
        .aclk(aclk), .aresetn(aresetn), .clear(clear), .halt(halt), .idle(read_idle),
        .req_valid(ar_valid), .req_ready(ar_ready), .req_address(ar_address), .req_bytes(ar_bytes),
        .beat_valid(beat_valid), .beat_data(beat_data), .beat_error(beat_error), .beat_last(beat_last),
        .m_axi_arid(read_id), .m_axi_rid(m_axi_rid[0]),
        .m_axi_araddr(m_axi_araddr), .m_axi_arlen(m_axi_arlen), .m_axi_arcache(m_axi_arcache),
        .m_axi_arvalid(m_axi_arvalid), .m_axi_arready(m_axi_arready),
        .m_axi_rdata(m_axi_rdata), .m_axi_rresp(m_axi_rresp), .m_axi_rlast(m_axi_rlast),
        .m_axi_rvalid(m_axi_rvalid), .m_axi_rready(m_axi_rready),
        .issued(read_issued)
    );

    wire [2:0]              aw_valid;
    wire [2:0]              aw_ready;
    wire [3*ADDR_WIDTH-1:0] aw_address;
    wire [3*2-1:0]          aw_size;
    wire [3*64-1:0]         aw_data;
    wire [3*TAG_WIDTH-1:0]  aw_tag;                      // more to come of an element, queue, slot
    wire                    burst_valid;
    wire                    burst_ready;
    wire [ADDR_WIDTH-1:0]   burst_address;
    wire [7:0]              burst_beats_less1;
    wire                    burst_data_ready;
    wire [DATA_WIDTH-1:0]   burst_data;
    wire [LANES-1:0]        burst_strobe;
    wire [3:0]              answer_valid;
    wire                    answer_part;
    wire [QUEUE_WIDTH-1:0]  answer_queue;
    wire [SLOT_WIDTH-1:0]   answer_slot;
    wire                    answer_error;
    wire                    write_issued;

    virtio_vq_axi_write #(
        .DATA_WIDTH(DATA_WIDTH), .ADDR_WIDTH(ADDR_WIDTH), .WRITES(WRITES), .TAG_WIDTH(TAG_WIDTH),
        .RING_CACHE(RING_CACHE), .DATA_CACHE(DATA_CACHE)
    ) axi_write (
        .aclk(aclk), .aresetn(aresetn), .clear(clear), .halt(halt), .idle(write_idle),
        .req_valid(aw_valid), .req_ready(aw_ready), .req_address(aw_address), .req_size(aw_size),
        .req_data(aw_data), .req_tag(aw_tag),
        .burst_valid(burst_valid), .burst_ready(burst_ready), .burst_address(burst_address),
        .burst_beats_less1(burst_beats_less1), .burst_data_ready(burst_data_ready), .burst_data(burst_data),
        .burst_strobe(burst_strobe),
        .answer_valid(answer_valid), .answer_tag({answer_part, answer_queue, answer_slot}), .answer_error(answer_error),
        .m_axi_awaddr(m_axi_awaddr), .m_axi_awlen(m_axi_awlen), .m_axi_awcache(m_axi_awcache),
        .m_axi_awvalid(m_axi_awvalid), .m_axi_awready(m_axi_awready),
        .m_axi_wdata(m_axi_wdata), .m_axi_wstrb(m_axi_wstrb), .m_axi_wlast(m_axi_wlast),
        .m_axi_wvalid(m_axi_wvalid), .m_axi_wready(m_axi_wready),
        .m_axi_bresp(m_axi_bresp), .m_axi_bvalid(m_axi_bvalid), .m_axi_bready(m_axi_bready),
        .issued(write_issued)
    );

    assign m_axi_awid    = {IDS{1'b0}};
    assign m_axi_awsize  = (DATA_WIDTH == 64) ? 3'd3 : (DATA_WIDTH == 128) ? 3'd4 : 3'd5;
    assign m_axi_awburst = 2'b01;
    assign m_axi_awprot  = 3'b010;
    generate
        if (ID_WIDTH > 1) begin : wide_id
            assign m_axi_arid = {{(IDS - 1){1'b0}}, read_id};
        end else begin : one_bit_id
            assign m_axi_arid = read_id;
        end
    endgenerate

    assign m_axi_arsize  = m_axi_awsize;
    assign m_axi_arburst = 2'b01;
    assign m_axi_arprot  = 3'b010;

    wire unused_ids = &{1'b0, m_axi_bid, m_axi_rid, wr_keep, wr_last, cmd_slot, done_slot};

    // ------------------------------------------------------------------ which queue is looked at
    wire                   pick_valid;
    wire [QUEUE_WIDTH-1:0] pick_queue;
    wire                   pick_pull;
    wire [4:0]             pick_limit;
    wire                   pick_take;
    wire                   look_valid;
    wire                   again_valid;
    wire                   park_valid;
    wire                   took_valid;
    wire [4:0]             took_count;
    wire                   release_valid;
    wire [SLOT_WIDTH-1:0]  release_slot;
    wire [QUEUE_WIDTH-1:0] release_queue;
    wire                   purge;
    wire                   purging;
    wire                   purged_valid;
    wire                   drop_valid;
    wire [QUEUE_WIDTH-1:0] drop_queue;
    wire                   asks_ready;

    assign ask_ready = asks_ready && core_n && ask_known;

    virtio_vq_doorbell #(
        .NUM_QUEUES(QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH), .SLOTS(SLOT_COUNT), .QUEUE_SLOTS(QUEUE_SLOTS),
        .PULL_QUEUES(PULL_QUEUES)
    ) doorbell (
        .aclk(aclk), .aresetn(core_n), .enable(driver_ok),
        .kick_valid(kick_valid), .kick_queue(kick_queue),
        .ask_valid(ask_valid && ask_known), .ask_ready(asks_ready), .ask_queue(ask_queue[QUEUE_WIDTH-1:0]),
        .stop_valid(stopping), .stop_queue(stop_queue),
        .pick_valid(pick_valid), .pick_queue(pick_queue), .pick_pull(pick_pull), .pick_limit(pick_limit),
        .pick_take(pick_take), .look_valid(look_valid), .again_valid(again_valid), .park_valid(park_valid),
        .fetch_queue(fetch_queue),
        .took_valid(took_valid), .took_count(took_count),
        .freed_valid(release_valid), .freed_queue(release_queue),
        .purged_valid(purged_valid), .purged_queue(stop_queue),
        .dropped_valid(drop_valid), .dropped_queue(drop_queue)
    );

    // ------------------------------------------------------------------ heads of chains
    wire                  fetching;
    wire                  head_in_valid;
    wire [15:0]           head_in;
    wire [HEADS_LOG2:0]   head_room;
    wire                  head_valid;
    wire                  head_pop;
    wire [QUEUE_WIDTH-1:0] head_queue;
    wire [15:0]           head;
    wire                  fetch_fault;
    wire [7:0]            fetch_code;
    wire                  kick_suppressed;
    wire                  fetch_none;

    // Both fetchers have the same ports; one of them works, by the feature that the driver has accepted.
    localparam FETCHERS = (RING_PACKED != 0) ? 2 : 1;

    wire                           packed_in = (RING_PACKED != 0) && packed_ring;
    wire [FETCHERS-1:0]            f_mine;
    wire [FETCHERS-1:0]            f_active;
    wire [FETCHERS-1:0]            f_arming;
    wire [FETCHERS*QUEUE_WIDTH-1:0] f_queue;
    wire [FETCHERS-1:0]            f_pick_take;
    wire [FETCHERS-1:0]            f_look;
    wire [FETCHERS-1:0]            f_again;
    wire [FETCHERS-1:0]            f_park;
    wire [FETCHERS-1:0]            f_took;
    wire [FETCHERS*5-1:0]          f_took_count;
    wire [FETCHERS-1:0]            f_none;
    wire [FETCHERS-1:0]            f_request;
    wire [FETCHERS*QUEUE_WIDTH-1:0] f_look_queue;
    wire [FETCHERS-1:0]            f_read;
    wire [FETCHERS*ADDR_WIDTH-1:0] f_read_address;
    wire [FETCHERS*13-1:0]         f_read_bytes;
    wire [FETCHERS-1:0]            f_arm;
    wire [FETCHERS*ADDR_WIDTH-1:0] f_arm_address;
    wire [FETCHERS*32-1:0]         f_arm_data;
    wire [FETCHERS-1:0]            f_head;
    wire [FETCHERS*16-1:0]         f_head_data;
    wire [FETCHERS-1:0]            f_fault;
    wire [FETCHERS*8-1:0]          f_code;
    wire [FETCHERS-1:0]            f_suppressed;
    wire [FETCHERS-1:0]            f_scanning;

    // The index of the one that works.
    wire                           which = packed_in;

    genvar f;
    generate
        for (f = 0; f < FETCHERS; f = f + 1) begin : fetcher
            assign f_mine[f] = (which == f);

            if (f == 0) begin : split_ring
                virtio_vq_split_fetch #(
                    .NUM_QUEUES(QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH), .ADDR_WIDTH(ADDR_WIDTH), .DATA_WIDTH(DATA_WIDTH),
                    .HEADS_LOG2(HEADS_LOG2), .EVENT_IDX(EVENT_IDX), .NOTIFICATION_DATA(NOTIFICATION_DATA),
                    .SUPPRESS_KICKS(SUPPRESS_KICKS)
                ) fetch (
                    .aclk(aclk), .aresetn(core_n), .halt(halt), .event_idx(event_idx),
                    .notification_data(notification_data),
                    .forget_valid(forget_valid), .forget_queue(forget_queue),
                    .stopping(stopping), .stop_queue(stop_queue),
                    .active(f_active[f]), .arming(f_arming[f]), .of_queue(f_queue[f*QUEUE_WIDTH +: QUEUE_WIDTH]),
                    .kick_valid(kick_valid), .kick_queue(kick_queue), .kick_data(notify_data[31:16]),
                    .pick_valid(pick_valid && f_mine[f]), .pick_queue(pick_queue), .pick_pull(pick_pull),
                    .pick_limit(pick_limit), .pick_take(f_pick_take[f]), .look_valid(f_look[f]),
                    .again_valid(f_again[f]), .park_valid(f_park[f]), .took_valid(f_took[f]),
                    .took_count(f_took_count[f*5 +: 5]), .none_valid(f_none[f]),
                    .table_request(f_request[f]), .table_grant(fetch_grant), .table_ready(queue_ready),
                    .table_num(queue_num), .table_desc(queue_desc), .table_driver(queue_driver),
                    .table_device(queue_device),
                    .read_valid(f_read[f]), .read_ready(ar_ready[1]),
                    .read_address(f_read_address[f*ADDR_WIDTH +: ADDR_WIDTH]),
                    .read_bytes(f_read_bytes[f*13 +: 13]), .beat_valid(beat_valid[1] && f_mine[f]),
                    .beat_data(beat_data), .beat_error(beat_error),
                    .arm_valid(f_arm[f]), .arm_ready(aw_ready[2]),
                    .arm_address(f_arm_address[f*ADDR_WIDTH +: ADDR_WIDTH]), .arm_data(f_arm_data[f*32 +: 16]),
                    .armed_valid(answer_valid[2] && f_mine[f]),
                    .head_valid(f_head[f]), .head(f_head_data[f*16 +: 16]), .head_room(head_room),
                    .fault_valid(f_fault[f]), .fault_code(f_code[f*8 +: 8]), .suppressed(f_suppressed[f])
                );

                assign f_arm_data[f*32+16 +: 16] = 16'd0;
                assign f_scanning[f]             = 1'b0;
                assign f_look_queue[f*QUEUE_WIDTH +: QUEUE_WIDTH] = f_queue[f*QUEUE_WIDTH +: QUEUE_WIDTH];
            end else begin : packed_ring_fetch
                virtio_vq_packed_fetch #(
                    .NUM_QUEUES(QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH), .ADDR_WIDTH(ADDR_WIDTH), .DATA_WIDTH(DATA_WIDTH),
                    .HEADS_LOG2(HEADS_LOG2), .EVENT_IDX(EVENT_IDX), .NOTIFICATION_DATA(NOTIFICATION_DATA),
                    .SUPPRESS_KICKS(SUPPRESS_KICKS)
                ) fetch (
                    .aclk(aclk), .aresetn(core_n), .halt(halt), .event_idx(event_idx),
                    .notification_data(notification_data),
                    .forget_valid(forget_valid), .forget_queue(forget_queue),
                    .stopping(stopping), .stop_queue(stop_queue),
                    .active(f_active[f]), .arming(f_arming[f]), .of_queue(f_queue[f*QUEUE_WIDTH +: QUEUE_WIDTH]),
                    .kick_valid(kick_valid), .kick_queue(kick_queue), .kick_data(notify_data[31:16]),
                    .pick_valid(pick_valid && f_mine[f]), .pick_queue(pick_queue), .pick_pull(pick_pull),
                    .pick_limit(pick_limit), .pick_take(f_pick_take[f]), .look_valid(f_look[f]),
                    .again_valid(f_again[f]), .park_valid(f_park[f]), .took_valid(f_took[f]),
                    .took_count(f_took_count[f*5 +: 5]), .none_valid(f_none[f]),
                    .table_request(f_request[f]), .table_queue(f_look_queue[f*QUEUE_WIDTH +: QUEUE_WIDTH]),
                    .table_grant(fetch_grant), .table_ready(queue_ready),
                    .table_num(queue_num), .table_desc(queue_desc), .table_driver(queue_driver),
                    .table_device(queue_device),
                    .read_valid(f_read[f]), .read_ready(ar_ready[1]),
                    .read_address(f_read_address[f*ADDR_WIDTH +: ADDR_WIDTH]),
                    .read_bytes(f_read_bytes[f*13 +: 13]), .beat_valid(beat_valid[1] && f_mine[f]),
                    .beat_data(beat_data), .beat_error(beat_error),
                    .arm_valid(f_arm[f]), .arm_ready(aw_ready[2]),
                    .arm_address(f_arm_address[f*ADDR_WIDTH +: ADDR_WIDTH]), .arm_data(f_arm_data[f*32 +: 32]),
                    .armed_valid(answer_valid[2] && f_mine[f]),
                    .head_valid(f_head[f]), .head(f_head_data[f*16 +: 16]), .head_room(head_room),
                    .scanning(f_scanning[f]),
                    .fault_valid(f_fault[f]), .fault_code(f_code[f*8 +: 8]), .suppressed(f_suppressed[f])
                );
            end
        end
    endgenerate

    assign fetching        = |f_active;
    assign fetch_queue     = f_queue[which*QUEUE_WIDTH +: QUEUE_WIDTH];
    assign fetch_look      = f_look_queue[which*QUEUE_WIDTH +: QUEUE_WIDTH];
    assign pick_take       = |f_pick_take;
    assign look_valid      = |f_look;
    assign again_valid     = |f_again;
    assign park_valid      = |f_park;
    assign took_valid      = |f_took;
    assign took_count      = f_took_count[which*5 +: 5];
    assign fetch_none      = |f_none;
    assign fetch_request   = |f_request;
    assign head_in_valid   = |f_head;
    assign head_in         = f_head_data[which*16 +: 16];
    assign fetch_fault     = |f_fault;
    assign fetch_code      = f_code[which*8 +: 8];
    assign kick_suppressed = |f_suppressed;

    assign ar_valid[1]                              = |f_read;
    assign ar_address[ADDR_WIDTH +: ADDR_WIDTH]     = f_read_address[which*ADDR_WIDTH +: ADDR_WIDTH];
    assign ar_bytes[13 +: 13]                       = f_read_bytes[which*13 +: 13];
    assign aw_valid[2]                              = |f_arm;
    assign aw_address[2*ADDR_WIDTH +: ADDR_WIDTH]   = f_arm_address[which*ADDR_WIDTH +: ADDR_WIDTH];
    assign aw_data[128 +: 64]                       = packed_in ? {2{f_arm_data[which*32 +: 32]}} :
                                                                 {4{f_arm_data[15:0]}};
    assign aw_size[4 +: 2]                          = packed_in ? 2'd2 : 2'd1;
    assign aw_tag[2*TAG_WIDTH +: TAG_WIDTH]         = {1'b0, fetch_queue, {SLOT_WIDTH{1'b0}}};
    assign none_valid                             = fetch_none;
    assign none_queue                             = {{(16 - QUEUE_WIDTH){1'b0}}, fetch_queue};

    wire unused_kick = &{1'b0, notify_data[15:0]};

    virtio_vq_heads #(.QUEUE_WIDTH(QUEUE_WIDTH), .HEAD_WIDTH(16), .LOG2_DEPTH(HEADS_LOG2)) head_store (
        .aclk(aclk), .aresetn(core_n),
        .in_valid(head_in_valid), .in_queue(fetch_queue), .in_head(head_in), .room(head_room),
        .out_valid(head_valid), .out_pop(head_pop), .out_queue(head_queue), .out_head(head),
        .purge(purge), .purge_queue(stop_queue), .purging(purging), .purged_valid(purged_valid)
    );

    // ------------------------------------------------------------------ chains
    wire                  beginning;
    wire                  allocate;
    wire                  free_valid;
    wire [SLOT_WIDTH-1:0] free_slot;
    wire                  part_valid;
    wire [SLOT_WIDTH-1:0] part_slot;
    wire [PART_WIDTH-1:0] part_index;
    wire [ADDR_WIDTH-1:0] part_address;
    wire [31:0]           part_length;
    wire                  walked_valid;
    wire [SLOT_WIDTH-1:0] walked_slot;
    wire                  walked_bad;
    wire [31:0]           walked_readable;
    wire [31:0]           walked_writable;
    wire [PART_WIDTH-1:0] walked_readable_parts;
    wire [PART_WIDTH-1:0] walked_parts;
    wire [15:0]           walked_id;
    wire [PART_WIDTH-1:0] walked_span;
    wire                  walk_fault;
    wire [7:0]            walk_code;
    wire [QUEUE_WIDTH-1:0] walk_queue;
    wire [15:0]           walk_head;
    wire                  waiting;
    wire [SLOT_COUNT-1:0] busy;
    wire [SLOT_COUNT-1:0] walked;
    wire [SLOT_COUNT-1:0] bad;
    wire [SLOT_COUNT-1:0] dead;
    wire [SLOT_COUNT-1:0] given;
    wire [SLOT_COUNT-1:0] failed;
    wire [SLOT_COUNT-1:0] settled;
    wire [SLOT_COUNT-1:0] settles;

    virtio_vq_chain_walker #(
        .NUM_QUEUES(QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH), .SLOTS(SLOT_COUNT), .SLOT_WIDTH(SLOT_WIDTH), .MAX_CHAIN(CHAIN),
        .PART_WIDTH(PART_WIDTH), .DATA_WIDTH(DATA_WIDTH), .ADDR_WIDTH(ADDR_WIDTH), .RING_PACKED(RING_PACKED),
        .INDIRECT(INDIRECT), .ON_CHAIN_ERROR(ON_CHAIN_ERROR)
    ) chain_walker (
        .aclk(aclk), .aresetn(core_n), .halt(halt), .packed_ring(packed_ring), .indirect(indirect),
        .stopping(stopping), .stop_queue(stop_queue), .beginning(beginning), .begin_queue(begin_queue),
        .forget_valid(forget_valid), .forget_queue(forget_queue), .dead(dead),
        .head_valid(head_valid), .head_pop(head_pop), .head_queue(head_queue), .head(head),
        .table_request(begin_request), .table_grant(begin_grant), .table_ready(queue_ready), .table_num(queue_num),
        .table_desc(area_desc),
        .free_valid(free_valid), .free_slot(free_slot), .allocate(allocate),
        .read_valid(ar_valid[2]), .read_ready(ar_ready[2]), .read_address(ar_address[2*ADDR_WIDTH +: ADDR_WIDTH]),
        .read_bytes(ar_bytes[26 +: 13]), .beat_valid(beat_valid[2]), .beat_data(beat_data), .beat_error(beat_error),
        .part_valid(part_valid), .part_slot(part_slot), .part_index(part_index), .part_address(part_address),
        .part_length(part_length),
        .walked_valid(walked_valid), .walked_slot(walked_slot), .walked_bad(walked_bad),
        .walked_readable(walked_readable), .walked_writable(walked_writable),
        .walked_readable_parts(walked_readable_parts), .walked_parts(walked_parts), .walked_id(walked_id),
        .walked_span(walked_span),
        .fault_valid(walk_fault), .fault_code(walk_code), .fault_queue(walk_queue), .fault_head(walk_head),
        .waiting(waiting)
    );

    // ------------------------------------------------------------------ slots
    wire                  command_room;
    wire                  command_valid = cmd_valid && cmd_ready;
    wire [SLOT_WIDTH-1:0] command_slot  = cmd_slot[SLOT_WIDTH-1:0];
    wire                  read_done_valid;
    wire [SLOT_WIDTH-1:0] read_done_slot;
    wire                  wrote_pulse;
    wire [SLOT_WIDTH-1:0] wrote_of;
    wire                  accepted_valid;
    wire                  given_valid;
    wire [SLOT_WIDTH-1:0] given_slot;
    wire                  renewed_valid;
    wire [SLOT_WIDTH-1:0] renewed_slot;
    wire [SLOT_WIDTH-1:0] offer_slot;
    wire [SLOT_WIDTH-1:0] element_slot;
    wire [SLOT_WIDTH-1:0] scan_slot;
    wire                  scan_active;

    virtio_vq_slot_table #(.SLOTS(SLOT_COUNT), .SLOT_WIDTH(SLOT_WIDTH), .QUEUE_WIDTH(QUEUE_WIDTH)) slot_table (
        .aclk(aclk), .aresetn(core_n),
        .free_valid(free_valid), .free_slot(free_slot), .allocate(allocate), .allocate_queue(begin_queue),
        .walked_valid(walked_valid), .walked_slot(walked_slot), .walked_bad(walked_bad),
        .command_valid(command_valid), .command_write(cmd_write), .command_slot(command_slot),
        .command_room(command_room),
        .read_done_valid(read_done_valid), .read_done_slot(read_done_slot),
        .write_done_valid(wrote_pulse), .write_done_slot(wrote_of), .write_done_error(wrote_error),
        .element_valid(aw_valid[1] && aw_ready[1]), .element_slot(element_slot),
        .element_done_valid(answer_valid[1] && !answer_part), .element_done_slot(answer_slot),
        .given_valid(given_valid), .given_slot(given_slot), .renewed_valid(renewed_valid), .renewed_slot(renewed_slot),
        .accepted_valid(accepted_valid),
        .release_valid(release_valid), .release_slot(release_slot), .drop_valid(drop_valid), .drop_slot(offer_slot),
        .stopping(stopping), .stop_queue(stop_queue), .scan_slot(scan_slot), .scan_active(scan_active),
        .busy(busy), .walked(walked), .bad(bad), .dead(dead), .given(given), .failed(failed), .settled(settled),
        .settles(settles)
    );

    wire [31:0] offer_readable;
    wire [31:0] offer_writable;

    virtio_vq_record #(.WIDTH(64), .DEPTH(SLOT_COUNT), .ADDR_WIDTH(SLOT_WIDTH)) sizes (
        .aclk(aclk),
        .write_enable(walked_valid), .write_address(walked_slot), .write_data({walked_readable, walked_writable}),
        .read_address(offer_slot), .read_data({offer_readable, offer_writable})
    );

    wire                   bad_valid;
    wire                   bad_ready;
    wire [SLOT_WIDTH-1:0]  offered_slot;
    wire [QUEUE_WIDTH-1:0] offered_queue;

    virtio_vq_offer #(.QUEUE_WIDTH(QUEUE_WIDTH), .SLOTS(SLOT_COUNT), .SLOT_WIDTH(SLOT_WIDTH)) offers (
        .aclk(aclk), .aresetn(core_n), .halt(halt),
        .begin_valid(allocate), .begin_slot(free_slot), .begin_queue(begin_queue),
        .walked(walked), .bad((ON_CHAIN_ERROR != 0) ? bad : {SLOT_COUNT{1'b0}}), .dead(dead),
        .stopping(stopping), .stop_queue(stop_queue),
        .slot(offer_slot), .slot_readable(offer_readable), .slot_writable(offer_writable),
        .bad_valid(bad_valid), .bad_ready(bad_ready), .drop_valid(drop_valid), .drop_queue(drop_queue),
        .req_valid(req_valid), .req_ready(req_ready), .req_slot(offered_slot), .req_queue(offered_queue),
        .req_readable(req_readable), .req_writable(req_writable)
    );

    assign req_slot  = {{(6 - SLOT_WIDTH){1'b0}}, offered_slot};
    assign req_queue = {{(16 - QUEUE_WIDTH){1'b0}}, offered_queue};

    // ------------------------------------------------------------------ parts of the buffers
    localparam PARTS_WIDTH = SLOT_WIDTH + CHAIN_WIDTH;

    wire                   part_request;
    wire [PART_WIDTH-1:0]  part;
    wire [SLOT_WIDTH-1:0]  walk_slot;
    wire [SLOT_WIDTH-1:0]  asked_slot;
    wire [ADDR_WIDTH-1:0]  stored_address;
    wire [31:0]            stored_length;

    // A slot's parts are read after its chain is walked: no word is written while it is read.
    virtio_ram_1w1r #(
        .WIDTH(ADDR_WIDTH + 32), .DEPTH(1 << PARTS_WIDTH), .ADDR_WIDTH(PARTS_WIDTH), .KEEPS_OLD(0)
    ) segment_store (
        .aclk(aclk),
        .write_enable(part_valid), .write_address({part_slot, part_index[CHAIN_WIDTH-1:0]}),
        .write_data({part_address, part_length}),
        .read_enable(part_request), .read_address({asked_slot, part[CHAIN_WIDTH-1:0]}),
        .read_data({stored_address, stored_length})
    );

    wire unused_part = &{1'b0, part_index, part};

    // ------------------------------------------------------------------ commands to chunks
    localparam CMD_WIDTH   = SLOT_WIDTH + 64;
    localparam BYTES_WIDTH = $clog2(WINDOW) + 1;

    wire                   read_cmd_ready;
    wire                   write_cmd_ready;
    wire [1:0]             walk_cmd_valid;              // 0: read, 1: write
    wire [CMD_WIDTH-1:0]   read_cmd;
    wire [CMD_WIDTH-1:0]   write_cmd;
    wire                   walk_way;
    wire                   walk_cmd_take;
    wire [CMD_WIDTH-1:0]   walk_cmd = walk_way ? write_cmd : read_cmd;

    assign cmd_ready = command_room && (cmd_write ? write_cmd_ready : read_cmd_ready);

    // Room for two read commands of every slot: a function that has no more than that never waits with one, so a write
    // command never stands behind a read command that waits, for room that only write commands make.
    localparam READS_LOG2 = (SLOT_COUNT > 2) ? $clog2(2 * SLOT_COUNT) : 2;

    virtio_sync_fifo #(.WIDTH(CMD_WIDTH), .LOG2_DEPTH(READS_LOG2)) read_commands (
        .aclk(aclk), .aresetn(core_n),
        .in_valid(command_valid && !cmd_write), .in_ready(read_cmd_ready),
        .in_data({command_slot, cmd_offset, cmd_length}),
        .out_valid(walk_cmd_valid[0]), .out_ready(walk_cmd_take && !walk_way), .out_data(read_cmd)
    );

    virtio_sync_fifo #(.WIDTH(CMD_WIDTH), .LOG2_DEPTH(2)) write_commands (
        .aclk(aclk), .aresetn(core_n),
        .in_valid(command_valid && cmd_write), .in_ready(write_cmd_ready),
        .in_data({command_slot, cmd_offset, cmd_length}),
        .out_valid(walk_cmd_valid[1]), .out_ready(walk_cmd_take && walk_way), .out_data(write_cmd)
    );

    wire [PART_WIDTH-1:0]  walk_readable;
    wire [PART_WIDTH-1:0]  walk_all;
    wire [QUEUE_WIDTH-1:0] moved_queue;
    wire                   walk_dead = dead[walk_slot] || (stopping && (stop_queue == moved_queue));
    wire [1:0]             chunk_room;
    wire                   chunk_valid;
    wire [ADDR_WIDTH-1:0]  chunk_address;
    wire [BYTES_WIDTH-1:0] chunk_bytes;
    wire                   chunk_last;
    wire                   chunk_fill;

    virtio_vq_record #(.WIDTH(2 * PART_WIDTH), .DEPTH(SLOT_COUNT), .ADDR_WIDTH(SLOT_WIDTH)) counts (
        .aclk(aclk),
        .write_enable(walked_valid), .write_address(walked_slot), .write_data({walked_readable_parts, walked_parts}),
        .read_address(walk_cmd[64 +: SLOT_WIDTH]), .read_data({walk_readable, walk_all})
    );

    virtio_vq_record #(.WIDTH(QUEUE_WIDTH), .DEPTH(SLOT_COUNT), .ADDR_WIDTH(SLOT_WIDTH)) queues (
        .aclk(aclk),
        .write_enable(allocate), .write_address(free_slot), .write_data(begin_queue),
        .read_address(walk_slot), .read_data(moved_queue)
    );

    virtio_vq_segment_walk #(
        .ADDR_WIDTH(ADDR_WIDTH), .WINDOW(WINDOW), .SLOT_WIDTH(SLOT_WIDTH), .PART_WIDTH(PART_WIDTH)
    ) segment_walk (
        .aclk(aclk), .aresetn(core_n), .way(walk_way),
        .cmd_coming({cmd_valid && cmd_write, cmd_valid && !cmd_write}), .cmd_valid(walk_cmd_valid),
        .cmd_take(walk_cmd_take), .cmd_slot(walk_cmd[64 +: SLOT_WIDTH]),
        .cmd_offset(walk_cmd[63:32]), .cmd_length(walk_cmd[31:0]),
        .slot(walk_slot), .part_begin(walk_way ? walk_readable : {PART_WIDTH{1'b0}}),
        .part_end(walk_way ? walk_all : walk_readable), .dead(walk_dead),
        .part_request(part_request), .part_slot(asked_slot), .part_index(part), .part_address(stored_address),
        .part_length(stored_length), .chunk_room(chunk_room), .chunk_valid(chunk_valid), .chunk_address(chunk_address),
        .chunk_bytes(chunk_bytes), .chunk_last(chunk_last), .chunk_fill(chunk_fill)
    );

    // ------------------------------------------------------------------ readable bytes to the function
    wire                   read_chunk_valid;
    wire                   read_chunk_ready;
    wire [ADDR_WIDTH-1:0]  read_chunk_address;
    wire [BYTES_WIDTH-1:0] read_chunk_bytes;
    wire                   read_chunk_last;
    wire                   read_chunk_fill;
    wire [SLOT_WIDTH-1:0]  read_chunk_slot;

    wire [BYTES_WIDTH+12:0] read_chunk_wide = {13'd0, read_chunk_bytes};

    wire unused_wide = &{1'b0, read_chunk_wide, write_chunk_wide};

    virtio_vq_chunks #(
        .WIDTH(ADDR_WIDTH + BYTES_WIDTH + 1), .SLOTS(SLOT_COUNT), .SLOT_WIDTH(SLOT_WIDTH)
    ) read_chunks (
        .aclk(aclk), .aresetn(core_n), .dead(dead),
        .in_valid(chunk_valid && !walk_way), .in_ready(chunk_room[0]), .in_slot(walk_slot),
        .in_fill(chunk_fill), .in_data({chunk_address, chunk_bytes, chunk_last}),
        .out_valid(read_chunk_valid), .out_ready(read_chunk_ready), .out_slot(read_chunk_slot),
        .out_fill(read_chunk_fill), .out_data({read_chunk_address, read_chunk_bytes, read_chunk_last})
    );

    virtio_vq_read_channel #(
        .DATA_WIDTH(DATA_WIDTH), .ADDR_WIDTH(ADDR_WIDTH), .BEATS_LOG2(STORE_LOG2), .JOB_BEATS(WINDOW / LANES),
        .JOBS_LOG2(JOBS_LOG2), .TAG_WIDTH(SLOT_WIDTH), .REGISTERED(1)
    ) read_mover (
        .aclk(aclk), .aresetn(core_n),
        .job_valid(read_chunk_valid), .job_ready(read_chunk_ready), .job_address(read_chunk_address),
        .job_bytes(read_chunk_wide[12:0]), .job_last(read_chunk_last),
        .job_fill(read_chunk_fill), .job_tag(read_chunk_slot),
        .read_valid(ar_valid[3]), .read_ready(ar_ready[3]), .read_address(ar_address[3*ADDR_WIDTH +: ADDR_WIDTH]),
        .read_bytes(ar_bytes[39 +: 13]), .beat_valid(beat_valid[3]), .beat_data(beat_data), .beat_error(beat_error),
        .retired_valid(read_done_valid), .retired_tag(read_done_slot),
        .out_valid(rd_valid), .out_ready(rd_ready), .out_data(rd_data), .out_keep(rd_keep), .out_last(rd_last),
        .out_error(rd_error)
    );

    // ------------------------------------------------------------------ bytes of the function to writable parts
    wire                    write_chunk_valid;
    wire                    write_chunk_ready;
    wire [ADDR_WIDTH-1:0]   write_chunk_address;
    wire [BYTES_WIDTH-1:0]  write_chunk_bytes;
    wire                    write_chunk_last;
    wire                    write_chunk_fill;
    wire [SLOT_WIDTH-1:0]   write_chunk_slot;
    wire [BYTES_WIDTH+12:0] write_chunk_wide = {13'd0, write_chunk_bytes};

    wire [SLOT_WIDTH-1:0]   writing_slot;
    wire                    cutting;
    wire                    burst_made;

    virtio_vq_chunks #(
        .WIDTH(ADDR_WIDTH + BYTES_WIDTH + 1), .SLOTS(SLOT_COUNT), .SLOT_WIDTH(SLOT_WIDTH)
    ) write_chunks (
        .aclk(aclk), .aresetn(core_n), .dead(dead),
        .in_valid(chunk_valid && walk_way), .in_ready(chunk_room[1]), .in_slot(walk_slot),
        .in_fill(chunk_fill), .in_data({chunk_address, chunk_bytes, chunk_last}),
        .out_valid(write_chunk_valid), .out_ready(write_chunk_ready), .out_slot(write_chunk_slot),
        .out_fill(write_chunk_fill), .out_data({write_chunk_address, write_chunk_bytes, write_chunk_last})
    );

    virtio_vq_write_mover #(
        .DATA_WIDTH(DATA_WIDTH), .ADDR_WIDTH(ADDR_WIDTH), .WINDOW(WINDOW), .WRITES(WRITES), .SLOT_WIDTH(SLOT_WIDTH)
    ) write_mover (
        .aclk(aclk), .aresetn(core_n),
        .chunk_valid(write_chunk_valid), .chunk_ready(write_chunk_ready), .chunk_address(write_chunk_address),
        .chunk_bytes(write_chunk_wide[12:0]), .chunk_last(write_chunk_last), .chunk_fill(write_chunk_fill),
        .chunk_slot(write_chunk_slot),
        .wr_valid(wr_valid), .wr_ready(wr_ready), .wr_data(wr_data),
        .burst_valid(burst_valid), .burst_ready(burst_ready), .burst_address(burst_address),
        .burst_beats_less1(burst_beats_less1), .burst_data_ready(burst_data_ready), .burst_data(burst_data),
        .burst_strobe(burst_strobe), .answer_valid(answer_valid[3]), .answer_error(answer_error),
        .at_slot(writing_slot), .at_dead(dead[writing_slot]), .cutting(cutting), .burst_made(burst_made),
        .wrote_valid(wrote_pulse), .wrote_slot(wrote_of), .wrote_error(wrote_error)
    );

    assign wrote_valid = wrote_pulse;
    assign wrote_slot  = {{(6 - SLOT_WIDTH){1'b0}}, wrote_of};

    // ------------------------------------------------------------------ back to the driver
    wire                   element_active;
    wire                   element_part;
    wire                   news_valid;
    wire [QUEUE_WIDTH-1:0] news_queue;
    wire [15:0]            news_position;
    wire                   news_coming;
    wire [QUEUE_WIDTH-1:0] news_coming_queue;
    wire                   given_up;
    wire [QUEUE_WIDTH-1:0] given_up_queue;
    wire [15:0]            given_up_head;

    virtio_vq_completion #(
        .NUM_QUEUES(QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH), .SLOTS(SLOT_COUNT), .SLOT_WIDTH(SLOT_WIDTH),
        .PART_WIDTH(PART_WIDTH), .ADDR_WIDTH(ADDR_WIDTH), .WINDOW(WINDOW), .RING_PACKED(RING_PACKED),
        .IN_ORDER(IN_ORDER)
    ) completion (
        .aclk(aclk), .aresetn(core_n), .halt(halt), .packed_ring(packed_ring), .in_order(in_order),
        .stopping(stopping), .stop_queue(stop_queue), .active(element_active),
        .forget_valid(forget_valid), .forget_queue(forget_queue),
        .scanning((|f_scanning) && !head_valid), .scan_queue(fetch_queue),
        .begin_valid(allocate), .begin_slot(free_slot), .begin_queue(begin_queue),
        .walked_valid(walked_valid), .walked_slot(walked_slot), .walked_id(walked_id), .walked_span(walked_span),
        .bad_valid(bad_valid), .bad_ready(bad_ready), .bad_slot(offer_slot),
        .done_valid(done_valid), .done_ready(done_ready), .done_slot(done_slot[SLOT_WIDTH-1:0]),
        .done_written(done_written), .done_fault(done_fault),
        .busy(busy), .dead(dead), .given(given), .failed(failed), .settled(settled),
        .settles(settles), .accepted_valid(accepted_valid), .given_valid(given_valid), .given_slot(given_slot),
        .renewed_valid(renewed_valid), .renewed_slot(renewed_slot),
        .release_valid(release_valid), .release_slot(release_slot), .release_queue(release_queue),
        .table_request(element_request), .table_queue(element_queue), .table_grant(element_grant),
        .table_ready(queue_ready),
        .table_num(queue_num), .table_desc(area_desc), .table_device(area_device),
        .element_valid(aw_valid[1]), .element_ready(aw_ready[1]),
        .element_address(aw_address[ADDR_WIDTH +: ADDR_WIDTH]), .element_data(aw_data[64 +: 64]),
        .element_size(aw_size[2 +: 2]), .element_part(element_part), .element_slot(element_slot),
        .publish_valid(news_valid), .publish_queue(news_queue), .publish_position(news_position),
        .coming_valid(news_coming), .coming_queue(news_coming_queue),
        .fault_valid(given_up), .fault_queue(given_up_queue), .fault_head(given_up_head)
    );

    assign aw_tag[TAG_WIDTH +: TAG_WIDTH] = {element_part, element_queue, element_slot};

    wire publishing;
    wire want_valid;
    wire want_ready;
    wire event_suppressed;
    wire publish_fault;
    wire [15:0] index_data;

    virtio_vq_publish #(
        .NUM_QUEUES(QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH), .ADDR_WIDTH(ADDR_WIDTH), .DATA_WIDTH(DATA_WIDTH),
        .RING_PACKED(RING_PACKED), .EVENT_IDX(EVENT_IDX)
    ) publish (
        .aclk(aclk), .aresetn(core_n), .halt(halt), .packed_ring(packed_ring), .event_idx(event_idx),
        .stopping(stopping), .stop_queue(stop_queue), .active(publishing), .active_queue(publish_queue),
        .forget_valid(forget_valid), .forget_queue(forget_queue),
        .publish_valid(news_valid), .publish_queue(news_queue), .publish_position(news_position),
        .coming_valid(news_coming), .coming_queue(news_coming_queue),
        .table_request(publish_request), .table_grant(publish_request), .table_ready(queue_ready),
        .table_num(queue_num), .table_driver(area_driver), .table_device(area_device),
        .index_valid(aw_valid[0]), .index_ready(aw_ready[0]), .index_address(aw_address[0 +: ADDR_WIDTH]),
        .index_data(index_data), .answer_valid(answer_valid[0]), .answer_error(answer_error),
        .read_valid(ar_valid[0]), .read_ready(ar_ready[0]), .read_address(ar_address[0 +: ADDR_WIDTH]),
        .read_bytes(ar_bytes[0 +: 13]), .beat_valid(beat_valid[0]), .beat_data(beat_data), .beat_error(beat_error),
        .event_valid(want_valid), .event_ready(want_ready), .event_suppressed(event_suppressed),
        .fault_valid(publish_fault)
    );

    assign aw_size[0 +: 2]        = 2'd1;
    assign aw_data[0 +: 64]       = {4{index_data}};
    assign aw_tag[0 +: TAG_WIDTH] = {1'b0, publish_queue, {SLOT_WIDTH{1'b0}}};

    wire                   gate_valid;
    wire [QUEUE_WIDTH-1:0] gate_queue;

    virtio_vq_event_gate #(
        .NUM_QUEUES(QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH), .EVENT_COUNT(EVENT_COUNT), .EVENT_CYCLES(EVENT_CYCLES)
    ) event_gate (
        .aclk(aclk), .aresetn(core_n), .forget_valid(forget_valid), .forget_queue(forget_queue),
        .in_valid(want_valid), .in_ready(want_ready), .in_queue(publish_queue),
        .out_valid(gate_valid), .out_ready(event_ready), .out_queue(gate_queue)
    );

    assign event_valid = gate_valid;
    assign event_index = {{(16 - QUEUE_WIDTH){1'b0}}, gate_queue} + 16'd1;

    // ------------------------------------------------------------------ stop of a queue
    // What the movers have in flight at most: READS transactions, and WRITES beside the few bursts that wait in the mover.
    localparam FLIGHT_MOST  = ((READS > WRITES) ? READS : WRITES) + 8;
    localparam FLIGHT_WIDTH = $clog2(FLIGHT_MOST + 1);

    wire stop_mark;
    wire reads_passed;
    wire writes_passed;

    virtio_vq_in_flight #(.COUNT_WIDTH(FLIGHT_WIDTH)) reads_in_flight (
        .aclk(aclk), .aresetn(core_n), .began(ar_valid[3] && ar_ready[3]), .ended(beat_valid[3] && beat_last),
        .mark(stop_mark), .passed(reads_passed)
    );

    virtio_vq_in_flight #(.COUNT_WIDTH(FLIGHT_WIDTH)) writes_in_flight (
        .aclk(aclk), .aresetn(core_n), .began(burst_made), .ended(answer_valid[3]),
        .mark(stop_mark), .passed(writes_passed)
    );

    virtio_vq_stop #(.NUM_QUEUES(QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH), .SLOTS(SLOT_COUNT), .SLOT_WIDTH(SLOT_WIDTH)) stop (
        .aclk(aclk), .aresetn(core_n), .halt(halt), .bus_idle(read_idle && write_idle),
        .stop_valid(stop_valid), .stop_index(queue_stop_index[QUEUE_WIDTH-1:0]), .stop_done(queue_stop_done),
        .stopping(stopping), .stop_queue(stop_queue), .forget_valid(stopped_valid),
        .fetching((fetching && (fetch_queue == stop_queue)) || (|f_arming) ||
                  (beginning && (begin_queue == stop_queue))),
        .completing((element_active && (element_queue == stop_queue)) ||
                    (publishing && (publish_queue == stop_queue))),
        .purge(purge), .purging(purging), .scan_slot(scan_slot), .scan_active(scan_active),
        .mark(stop_mark), .cutting(cutting), .passed(reads_passed && writes_passed)
    );

    // ------------------------------------------------------------------ faults
    wire [QUEUE_WIDTH-1:0] fault_of;
    wire                   ring_fault = (answer_valid[2] || answer_valid[1]) && answer_error;

    virtio_vq_fault #(.SOURCES(5), .QUEUE_WIDTH(QUEUE_WIDTH)) fault (
        .aclk(aclk), .aresetn(core_n),
        .in_valid({given_up, ring_fault, publish_fault, fetch_fault, walk_fault}),
        .in_code({8'd10, 8'd10, 8'd10, fetch_code, walk_code}),
        .in_queue({given_up_queue, answer_queue, publish_queue, fetch_queue, walk_queue}),
        .in_head({given_up_head, 16'd0, 16'd0, 16'd0, walk_head}),
        .fault_valid(fault_valid), .fault_code(fault_code), .fault_queue(fault_of), .fault_head(fault_head)
    );

    assign fault_queue = {{(16 - QUEUE_WIDTH){1'b0}}, fault_of};

    // ------------------------------------------------------------------ counters
    virtio_vq_counters #(.COUNTERS(COUNTERS)) counters (
        .aclk(aclk), .aresetn(aresetn),
        .buffer(req_valid && req_ready), .events(event_valid && event_ready), .event_suppressed(event_suppressed),
        .kick(kick_valid), .kick_suppressed(kick_suppressed), .read(read_issued), .write(write_issued),
        .stall(waiting),
        .count_buffers(count_buffers), .count_events(count_events),
        .count_events_suppressed(count_events_suppressed), .count_kicks(count_kicks),
        .count_kicks_suppressed(count_kicks_suppressed), .count_reads(count_reads), .count_writes(count_writes),
        .count_stalls(count_stalls)
    );

endmodule

`default_nettype wire
