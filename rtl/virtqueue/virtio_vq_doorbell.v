// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_doorbell: which queue is looked at next.
//
// `work[q]` = 1: queue q may have buffers. Kicks set it, the fetcher clears it right before it reads what the driver
// wrote and sets it again unless it has found the queue empty and armed it. So a kick that comes at any time leads to a
// look that begins after it. Queues are looked at in turn; one turn takes at most 16 buffers. A queue in PULL_QUEUES
// takes no more buffers than were asked for; if it may take none, it is looked at once, so that it is armed if it is
// empty, and then `parked` until the next ask. While no queue has work, a kick has its queue looked at right away.
//
//   In one cycle                        who wins
//   a kick and the fetcher's look       the kick: it is looked at once more
//   a stop of the queue and a kick      the stop
`default_nettype none

module virtio_vq_doorbell #(
    parameter          NUM_QUEUES  = 2,
    parameter          QUEUE_WIDTH = 1,
    parameter          SLOTS       = 16,
    parameter          QUEUE_SLOTS = 16,
    parameter          PULL_QUEUES = 0
) (
    input  wire                   aclk,
    input  wire                   aresetn,
    input  wire                   enable,                // DRIVER_OK

    input  wire                   kick_valid,
    input  wire [QUEUE_WIDTH-1:0] kick_queue,
    input  wire                   ask_valid,
    output wire                   ask_ready,
    input  wire [QUEUE_WIDTH-1:0] ask_queue,
    input  wire                   stop_valid,
    input  wire [QUEUE_WIDTH-1:0] stop_queue,

    output wire                   pick_valid,            // combinational in pick_queue only
    output reg  [QUEUE_WIDTH-1:0] pick_queue,
    output wire                   pick_pull,
    output wire [4:0]             pick_limit,            // buffers that may be taken, up to 16
    input  wire                   pick_take,             // the fetcher works on pick_queue from now on

    input  wire                   look_valid,            // the fetcher is about to look
    input  wire                   again_valid,           // it wants to look again
    input  wire                   park_valid,            // it has found buffers that it may not take
    input  wire [QUEUE_WIDTH-1:0] fetch_queue,
    input  wire                   took_valid,
    input  wire [4:0]             took_count,

    input  wire                   freed_valid,           // a slot was freed
    input  wire [QUEUE_WIDTH-1:0] freed_queue,
    input  wire                   purged_valid,          // a head was thrown away
    input  wire [QUEUE_WIDTH-1:0] purged_queue,
    input  wire                   dropped_valid,         // a slot was freed that was never offered
    input  wire [QUEUE_WIDTH-1:0] dropped_queue
);

    localparam PULLS    = (PULL_QUEUES != 0);
    localparam LIMITED  = (QUEUE_SLOTS < SLOTS);
    localparam COUNTING = PULLS || LIMITED;

    localparam [31:0]            LAST_WIDE = NUM_QUEUES - 1;
    localparam [QUEUE_WIDTH-1:0] LAST      = LAST_WIDE[QUEUE_WIDTH-1:0];
    localparam [31:0]            MOST_WIDE = QUEUE_SLOTS;
    localparam [7:0]             MOST      = MOST_WIDE[7:0];

    wire [NUM_QUEUES-1:0] pull;

    genvar q;
    generate
        for (q = 0; q < NUM_QUEUES; q = q + 1) begin : pull_bits
            assign pull[q] = (((PULL_QUEUES >> q) & 1) != 0);
        end
    endgenerate

    reg  [NUM_QUEUES-1:0] work;
    reg  [NUM_QUEUES-1:0] parked;

    always @(posedge aclk) begin
        if (!aresetn)
            parked <= {NUM_QUEUES{1'b0}};
        else begin
            if (park_valid)
                parked[fetch_queue] <= 1'b1;
            if (ask_valid && ask_ready)
                parked[ask_queue] <= 1'b0;
            if (stop_valid)
                parked[stop_queue] <= 1'b0;
        end
    end

    always @(posedge aclk) begin
        if (!aresetn)
            work <= {NUM_QUEUES{1'b0}};
        else begin
            if (look_valid)
                work[fetch_queue] <= 1'b0;
            if (again_valid)
                work[fetch_queue] <= 1'b1;
            if (ask_valid && ask_ready)
                work[ask_queue] <= 1'b1;
            if (kick_valid)
                work[kick_queue] <= 1'b1;
            if (stop_valid)
                work[stop_queue] <= 1'b0;
        end
    end

    // ------------------------------------------------------------------ how many buffers the queue may take
    wire [7:0] asked;
    wire [7:0] taken;
    wire [7:0] freed;
    wire [7:0] purged;
    wire [7:0] dropped;
    wire [7:0] asked_of_ask;
    wire [7:0] taken_of_ask;
    wire [7:0] returned_of_ask;

    generate
        if (COUNTING) begin : counting
            virtio_vq_counts #(.NUM_QUEUES(NUM_QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH)) taken_counts (
                .aclk(aclk), .aresetn(aresetn),
                .add_valid(took_valid), .add_queue(fetch_queue), .add_count({3'd0, took_count}),
                .of_queue(pick_queue), .count(taken)
            );
            virtio_vq_counts #(.NUM_QUEUES(NUM_QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH)) purged_counts (
                .aclk(aclk), .aresetn(aresetn),
                .add_valid(purged_valid), .add_queue(purged_queue), .add_count(8'd1),
                .of_queue(pick_queue), .count(purged)
            );
            virtio_vq_counts #(.NUM_QUEUES(NUM_QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH)) dropped_counts (
                .aclk(aclk), .aresetn(aresetn),
                .add_valid(dropped_valid), .add_queue(dropped_queue), .add_count(8'd1),
                .of_queue(pick_queue), .count(dropped)
            );
        end else begin : not_counting
            assign taken   = 8'd0;
            assign purged  = 8'd0;
            assign dropped = 8'd0;
        end
        if (PULLS) begin : pulls
            wire [7:0] purged_of_ask;
            wire [7:0] dropped_of_ask;

            virtio_vq_counts #(.NUM_QUEUES(NUM_QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH)) asked_counts (
                .aclk(aclk), .aresetn(aresetn),
                .add_valid(ask_valid && ask_ready), .add_queue(ask_queue), .add_count(8'd1),
                .of_queue(pick_queue), .count(asked)
            );
            // The same counters once more, for the queue that is being asked for.
            virtio_vq_counts #(.NUM_QUEUES(NUM_QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH)) asked_again (
                .aclk(aclk), .aresetn(aresetn),
                .add_valid(ask_valid && ask_ready), .add_queue(ask_queue), .add_count(8'd1),
                .of_queue(ask_queue), .count(asked_of_ask)
            );
            virtio_vq_counts #(.NUM_QUEUES(NUM_QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH)) taken_again (
                .aclk(aclk), .aresetn(aresetn),
                .add_valid(took_valid), .add_queue(fetch_queue), .add_count({3'd0, took_count}),
                .of_queue(ask_queue), .count(taken_of_ask)
            );
            virtio_vq_counts #(.NUM_QUEUES(NUM_QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH)) purged_again (
                .aclk(aclk), .aresetn(aresetn),
                .add_valid(purged_valid), .add_queue(purged_queue), .add_count(8'd1),
                .of_queue(ask_queue), .count(purged_of_ask)
            );
            virtio_vq_counts #(.NUM_QUEUES(NUM_QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH)) dropped_again (
                .aclk(aclk), .aresetn(aresetn),
                .add_valid(dropped_valid), .add_queue(dropped_queue), .add_count(8'd1),
                .of_queue(ask_queue), .count(dropped_of_ask)
            );
            assign returned_of_ask = purged_of_ask + dropped_of_ask;
        end else begin : no_pulls
            assign asked           = 8'd0;
            assign asked_of_ask    = 8'd0;
            assign taken_of_ask    = 8'd0;
            assign returned_of_ask = 8'd0;
        end
        if (LIMITED) begin : limited
            virtio_vq_counts #(.NUM_QUEUES(NUM_QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH)) freed_counts (
                .aclk(aclk), .aresetn(aresetn),
                .add_valid(freed_valid), .add_queue(freed_queue), .add_count(8'd1),
                .of_queue(pick_queue), .count(freed)
            );
        end else begin : not_limited
            assign freed = 8'd0;
        end
    endgenerate

    // Up to 100 asks of a queue wait, so no counter goes around.
    wire [7:0] waiting_of_ask = asked_of_ask + returned_of_ask - taken_of_ask;
    wire       ask_exists     = ({{(32 - QUEUE_WIDTH){1'b0}}, ask_queue} <= LAST_WIDE);

    assign ask_ready = ask_exists && (waiting_of_ask < 8'd100);

    wire [7:0] wanted = asked + purged + dropped - taken;
    wire [7:0] held   = taken - freed - purged - dropped;
    wire [7:0] spare  = MOST - held;
    wire [7:0] limit  = !LIMITED                         ? wanted :
                        (!pick_pull || (wanted > spare)) ? spare  : wanted;

    assign pick_pull  = pull[pick_queue];
    assign pick_limit = ((!LIMITED && !pick_pull) || (limit > 8'd16)) ? 5'd16 : limit[4:0];
    assign pick_valid = enable && work[pick_queue] && ((pick_limit != 5'd0) || (pick_pull && !parked[pick_queue])) &&
                        !(stop_valid && (stop_queue == pick_queue));

    always @(posedge aclk) begin
        if (!aresetn)
            pick_queue <= {QUEUE_WIDTH{1'b0}};
        else if (pick_take || !pick_valid)
            pick_queue <= (kick_valid && (work == {NUM_QUEUES{1'b0}})) ? kick_queue :
                          (pick_queue == LAST) ? {QUEUE_WIDTH{1'b0}} : pick_queue + {{(QUEUE_WIDTH - 1){1'b0}}, 1'b1};
    end

    wire unused = &{1'b0, freed_valid, freed_queue, purged_valid, purged_queue, dropped_valid, dropped_queue,
                    took_valid, took_count, held, limit};

endmodule

`default_nettype wire
