// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_doorbell_formal: no kick is lost, and no queue that may be served is passed over. The account of queue i, any,
// is kept beside the design's.
//
//   NUM_QUEUES, QUEUE_WIDTH, SLOTS, QUEUE_SLOTS, PULL_QUEUES   as in virtio_vq_doorbell
`default_nettype none

module virtio_vq_doorbell_formal #(
    parameter NUM_QUEUES  = 3,
    parameter QUEUE_WIDTH = 2,
    parameter SLOTS       = 16,
    parameter QUEUE_SLOTS = 16,
    parameter PULL_QUEUES = 0
) (
    input wire                   aclk,
    input wire                   aresetn,
    input wire                   enable,
    input wire                   kick_valid,
    input wire [QUEUE_WIDTH-1:0] kick_queue,
    input wire                   ask_valid,
    input wire [QUEUE_WIDTH-1:0] ask_queue,
    input wire                   stop_valid,
    input wire [QUEUE_WIDTH-1:0] stop_queue,
    input wire                   pick_take,
    input wire                   look_valid,
    input wire                   again_valid,
    input wire                   park_valid,
    input wire [QUEUE_WIDTH-1:0] fetch_queue,
    input wire                   took_valid,
    input wire [4:0]             took_count,
    input wire                   freed_valid,
    input wire [QUEUE_WIDTH-1:0] freed_queue,
    input wire                   purged_valid,
    input wire [QUEUE_WIDTH-1:0] purged_queue,
    input wire                   dropped_valid,
    input wire [QUEUE_WIDTH-1:0] dropped_queue
);

    localparam [QUEUE_WIDTH:0]  QUEUES = NUM_QUEUES;
    localparam [31:0]           MOST_WIDE = QUEUE_SLOTS;
    localparam [7:0]            MOST   = MOST_WIDE[7:0];
    localparam [NUM_QUEUES-1:0] PULL   = PULL_QUEUES;
    localparam                  LIMITED = (QUEUE_SLOTS < SLOTS);

    wire                   ask_ready, pick_valid, pick_pull;
    wire [QUEUE_WIDTH-1:0] pick_queue;
    wire [4:0]             pick_limit;

    virtio_vq_doorbell #(
        .NUM_QUEUES(NUM_QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH), .SLOTS(SLOTS), .QUEUE_SLOTS(QUEUE_SLOTS),
        .PULL_QUEUES(PULL_QUEUES)
    ) dut (
        .aclk(aclk), .aresetn(aresetn), .enable(enable),
        .kick_valid(kick_valid), .kick_queue(kick_queue),
        .ask_valid(ask_valid), .ask_ready(ask_ready), .ask_queue(ask_queue),
        .stop_valid(stop_valid), .stop_queue(stop_queue),
        .pick_valid(pick_valid), .pick_queue(pick_queue), .pick_pull(pick_pull), .pick_limit(pick_limit),
        .pick_take(pick_take), .look_valid(look_valid), .again_valid(again_valid), .park_valid(park_valid),
        .fetch_queue(fetch_queue), .took_valid(took_valid), .took_count(took_count),
        .freed_valid(freed_valid), .freed_queue(freed_queue),
        .purged_valid(purged_valid), .purged_queue(purged_queue),
        .dropped_valid(dropped_valid), .dropped_queue(dropped_queue)
    );

    (* hierconn *) wire [NUM_QUEUES-1:0] \dut.work ;

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    `define KEPT(name, condition) always @* name: assume (!aresetn || (condition));
    `include "virtio_vq_doorbell_use.vh"
    `undef KEPT

    (* anyconst *) wire [QUEUE_WIDTH-1:0] i;
    (* anyconst *) wire [QUEUE_WIDTH-1:0] j;
    always @* any_queues: assume ({1'b0, i} < QUEUES && {1'b0, j} < QUEUES && i != j);

    // ------------------------------------------------------------------ a kick is owed a look that begins after it
    wire its_look = look_valid && fetch_queue == i;
    wire its_stop = stop_valid && stop_queue == i;
    wire its_kick = kick_valid && kick_queue == i;
    wire its_ask  = ask_valid && ask_ready && ask_queue == i;
    wire its_wish = again_valid && fetch_queue == i;
    reg  owed;
    always @(posedge aclk) begin
        if (!aresetn || its_stop)                       owed <= 1'b0;
        else if (its_kick || its_ask || its_wish)       owed <= 1'b1;
        else if (its_look)                              owed <= 1'b0;
    end

    // ------------------------------------------------------------------ how many buffers it may take
    reg [7:0] wanted, held;
    reg       parked;
    wire [7:0] took = (took_valid && fetch_queue == i) ? {3'd0, took_count} : 8'd0;
    wire [7:0] freed = (freed_valid && freed_queue == i) ? 8'd1 : 8'd0;
    wire [7:0] back  = ((purged_valid && purged_queue == i) ? 8'd1 : 8'd0) + ((dropped_valid && dropped_queue == i) ? 8'd1 : 8'd0);
    always @(posedge aclk) begin
        if (!aresetn) begin
            wanted <= 8'd0;
            held   <= 8'd0;
            parked <= 1'b0;
        end else begin
            wanted <= wanted + (its_ask ? 8'd1 : 8'd0) + back - took;
            held   <= held + took - freed - back;
            parked <= !its_stop && !its_ask && (parked || (park_valid && fetch_queue == i));
        end
    end
    wire [7:0] spare   = MOST - held;
    wire [7:0] allowed = !PULL[i] ? (LIMITED ? spare : 8'd16) : (LIMITED && wanted > spare) ? spare : wanted;
    wire       may     = enable && owed && !its_stop && (allowed != 8'd0 || (PULL[i] && !parked));

    // ------------------------------------------------------------------ turns
    wire its_take = pick_valid && pick_take && pick_queue == i;
    reg  j_taken;                                // j had a turn while i waits
    always @(posedge aclk) begin
        if (!aresetn || !may || its_take)                          j_taken <= 1'b0;
        else if (pick_valid && pick_take && pick_queue == j)       j_taken <= 1'b1;
    end
    // What can be looked at before i: the queues from pick_queue on up to i.
    wire [QUEUE_WIDTH:0] j_away = ({1'b0, j} >= {1'b0, pick_queue}) ? {1'b0, j} - {1'b0, pick_queue} : {1'b0, j} + QUEUES - {1'b0, pick_queue};
    wire [QUEUE_WIDTH:0] i_away = ({1'b0, i} >= {1'b0, pick_queue}) ? {1'b0, i} - {1'b0, pick_queue} : {1'b0, i} + QUEUES - {1'b0, pick_queue};

    reg                   past_idle;              // nobody was picked in the last cycle
    reg [QUEUE_WIDTH:0]   past_away;
    reg                   past_may;
    always @(posedge aclk) begin
        past_idle <= aresetn && !pick_valid;
        past_away <= i_away;
        past_may  <= aresetn && may && !its_take;
    end

    always @* if (started) begin
        p7_kept:        assert (\dut.work [i] == owed);
        p7_only_owed:   assert (!(pick_valid && pick_queue == i) || (owed && enable));
        p12_right:      assert (pick_queue != i || pick_valid == may);
        p12_limit:      assert (!(pick_valid && pick_queue == i) || {3'd0, pick_limit} == ((allowed > 8'd16) ? 8'd16 : allowed));
        p12_in_range:   assert (!aresetn || {1'b0, pick_queue} < QUEUES);
        p12_once:       assert (!may || !j_taken || !(pick_valid && pick_take && pick_queue == j));
        p12_behind:     assert (!may || !j_taken || j_away > i_away);
        p12_progress:   assert (!past_may || !past_idle || i_away + 1'b1 == past_away);
        c_most:         cover (its_take && j_taken);
        c_kick_at_look: cover (its_kick && its_look && owed && !its_stop);
    end

endmodule

`default_nettype wire
