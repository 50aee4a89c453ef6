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
//   ID_WIDTH           bits of AXI IDs, 0..4; 0: every transaction has ID 0 (the ports have one bit)
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
    parameter [1023:0]     PULL_QUEUES       = 1024'd0,
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
    output wire                                   queue_stop_done,    // 0 from the next cycle until drained
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

endmodule

`default_nettype wire
