// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_stop: drains one queue after its QueueReady went to 0, and says when nothing of it is in flight any more.
//
// First the fetcher and the walker leave the queue, its arming writes are answered and its heads are thrown away; then
// the slots are gone through until a whole round has found no chain and no used element of the queue in flight. By then
// all its slots are marked dead, so no chunk of its commands touches memory any more, once the one at work in
// virtio_vq_write_mover is cut. What the movers had in flight up to that moment is waited for. The commands themselves
// may stay: they end when the function brings and takes their data. Slots that the function holds are dead and stay
// with it. After a fault nothing moves any more, so it is enough that the bus is quiet. Queues that are stopped while
// another one is drained wait for their turn.
//
//   In one cycle                                          who wins
//   a queue is drained, and another one is stopped        both: stop_done stays 0
//
//   Timing: nothing waits for the function. A queue with nothing in flight is drained NUM_QUEUES + SLOTS + 40 cycles
//   after stop_valid, at the latest: up to NUM_QUEUES for its turn, 32 for the heads, SLOTS for a round. A head of
//   another queue that comes meanwhile costs a cycle.
`default_nettype none

module virtio_vq_stop #(
    parameter NUM_QUEUES  = 2,
    parameter QUEUE_WIDTH = 1,
    parameter SLOTS       = 16,
    parameter SLOT_WIDTH  = 4
) (
    input  wire                   aclk,
    input  wire                   aresetn,
    input  wire                   halt,
    input  wire                   bus_idle,

    input  wire                   stop_valid,
    input  wire [QUEUE_WIDTH-1:0] stop_index,
    output wire                   stop_done,             // 0 from the next cycle until all stopped queues are drained

    output wire                   stopping,
    output reg  [QUEUE_WIDTH-1:0] stop_queue,
    output wire                   forget_valid,          // one cycle: stop_queue is drained

    input  wire                   fetching,              // the fetcher, its arming, or the beginning of a chain
    input  wire                   completing,            // completion, or publication
    output wire                   purge,
    input  wire                   purging,
    output reg  [SLOT_WIDTH-1:0]  scan_slot,
    input  wire                   scan_active,
    output wire                   mark,                  // all slots of the queue are dead
    input  wire                   cutting,               // a chunk of a dead slot still makes a burst
    input  wire                   passed                 // what the movers had in flight at the last mark is answered
);

    localparam [31:0]           LAST_WIDE = SLOTS - 1;
    localparam [SLOT_WIDTH-1:0] LAST      = LAST_WIDE[SLOT_WIDTH-1:0];

    localparam [31:0]            LAST_QUEUE_WIDE = NUM_QUEUES - 1;
    localparam [QUEUE_WIDTH-1:0] LAST_QUEUE      = LAST_QUEUE_WIDE[QUEUE_WIDTH-1:0];

    localparam [2:0] IDLE  = 3'd0;
    localparam [2:0] LEAVE = 3'd1;
    localparam [2:0] PURGE = 3'd2;
    localparam [2:0] WAIT  = 3'd3;
    localparam [2:0] SCAN  = 3'd4;
    localparam [2:0] ENDED = 3'd5;
    localparam [2:0] CUT   = 3'd6;
    localparam [2:0] DRAIN = 3'd7;

    reg [2:0] state;
    reg       seen;                                      // something in flight in this round; not CUT's first cycle

    reg [NUM_QUEUES-1:0]  waiting;                       // stopped, not yet drained
    reg [QUEUE_WIDTH-1:0] turn;

    assign stopping     = (state != IDLE);
    assign stop_done    = !stopping && !(|waiting);

    always @(posedge aclk) begin
        if (!aresetn) begin
            waiting <= {NUM_QUEUES{1'b0}};
            turn    <= {QUEUE_WIDTH{1'b0}};
        end else begin
            if (state == IDLE) begin
                waiting[turn] <= 1'b0;
                turn          <= (turn == LAST_QUEUE) ? {QUEUE_WIDTH{1'b0}} : turn + {{(QUEUE_WIDTH - 1){1'b0}}, 1'b1};
            end
            if (stop_valid)
                waiting[stop_index] <= 1'b1;
        end
    end
    assign forget_valid = (state == ENDED);
    assign purge        = (state == PURGE);
    assign mark         = (state == CUT);

    always @(posedge aclk) begin
        if (!aresetn)
            state <= IDLE;
        else case (state)
            IDLE: if (waiting[turn])
                state <= LEAVE;
            LEAVE: if (halt && bus_idle)
                state <= ENDED;
            else if (!fetching)
                state <= PURGE;
            PURGE:
                state <= WAIT;
            WAIT: if (!purging)
                state <= SCAN;
            SCAN: if (halt && bus_idle)
                state <= ENDED;
            else if ((scan_slot == LAST) && !seen && !scan_active && !fetching && !completing)
                state <= CUT;
            CUT: if (halt && bus_idle)
                state <= ENDED;
            else if (seen && !cutting)
                state <= DRAIN;
            DRAIN: if (passed || (halt && bus_idle))
                state <= ENDED;
            default:
                state <= IDLE;
        endcase
    end

    always @(posedge aclk) begin
        if (state == IDLE)
            stop_queue <= turn;
    end

    always @(posedge aclk) begin
        if (state != SCAN) begin
            scan_slot <= {SLOT_WIDTH{1'b0}};
            seen      <= (state == CUT);
        end else begin
            scan_slot <= (scan_slot == LAST) ? {SLOT_WIDTH{1'b0}} : scan_slot + {{(SLOT_WIDTH - 1){1'b0}}, 1'b1};
            seen      <= (scan_slot != LAST) && (seen || scan_active || fetching || completing);
        end
    end

endmodule

`default_nettype wire
