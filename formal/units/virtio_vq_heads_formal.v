// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_heads_formal: each head that comes in goes out once, in order, or is thrown away once by the purge of its queue; after
// a purge none of that queue is left. One head, any, is followed, by its own mark and by its place.
//
//   LOG2_DEPTH   as in virtio_vq_heads
`default_nettype none

module virtio_vq_heads_formal #(
    parameter LOG2_DEPTH = 2
) (
    input wire       aclk,
    input wire       aresetn,
    input wire       in_valid,
    input wire       in_queue,
    input wire       mark,                       // the head that comes in now is the one that is followed
    input wire       out_pop,
    input wire       purge,
    input wire       purge_queue
);

    wire [LOG2_DEPTH:0] room;
    wire                out_valid, out_queue, out_head, purging, purged_valid;

    // The store does not look at heads: the followed one is a 1, all others are 0.
    reg  followed;
    wire now = in_valid && mark && !followed;

    virtio_vq_heads #(.QUEUE_WIDTH(1), .HEAD_WIDTH(1), .LOG2_DEPTH(LOG2_DEPTH)) dut (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(in_valid), .in_queue(in_queue), .in_head(now), .room(room),
        .out_valid(out_valid), .out_pop(out_pop), .out_queue(out_queue), .out_head(out_head),
        .purge(purge), .purge_queue(purge_queue), .purging(purging), .purged_valid(purged_valid)
    );

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    // While a queue is purged no head of it comes in: the fetcher has left it.
    reg past_purging, past_queue;
    always @(posedge aclk) begin
        past_purging <= aresetn && (purge || purging);
        past_queue   <= purge_queue;
    end
    always @* begin
        a_room:  assume (!in_valid || room != {(LOG2_DEPTH + 1){1'b0}});
        a_once:  assume (!purge || !purging);
        a_queue: assume (!(past_purging && purging) || purge_queue == past_queue);
        a_left:  assume (!(in_valid && (purge || purging) && in_queue == purge_queue));
    end

    // ------------------------------------------------------------------ heads of each queue, and the followed one
    // count_*: heads inside. before: those of its queue that go out before it, if they are not purged, which is all at once.
    reg  [LOG2_DEPTH:0] count_0, count_1, before;
    reg                 its_queue, out_once, clean;
    wire pop       = out_valid && out_pop;
    wire in_0      = in_valid && !in_queue;
    wire in_1      = in_valid && in_queue;
    wire out_0     = pop && !out_queue;
    wire out_1     = pop && out_queue;
    wire purged_0  = purged_valid && !purge_queue;
    wire purged_1  = purged_valid && purge_queue;
    wire its_out   = pop && out_head;
    always @(posedge aclk) begin
        if (!aresetn) begin
            count_0  <= {(LOG2_DEPTH + 1){1'b0}};
            count_1  <= {(LOG2_DEPTH + 1){1'b0}};
            followed <= 1'b0;
            out_once <= 1'b0;
        end else begin
            count_0  <= count_0 + in_0 - out_0 - purged_0;
            count_1  <= count_1 + in_1 - out_1 - purged_1;
            followed <= followed || now;
            out_once <= out_once || its_out;
        end
        clean <= aresetn && purging;
        if (now) begin
            its_queue <= in_queue;
            before    <= in_queue ? count_1 - out_1 : count_0 - out_0;
        end else if (pop && out_queue == its_queue)
            before    <= before - 1'b1;
    end

    wire its_count_left = its_queue ? (count_1 != 0) : (count_0 != 0);
    reg  past_dropping;
    always @(posedge aclk) past_dropping <= (now ? 1'b0 : past_dropping) || (purging && purge_queue == its_queue && !out_once && followed);

    always @* if (started) begin
        p3_once:     assert (!(out_valid && out_head) || (followed && !out_once && out_queue == its_queue));
        p3_order:    assert (!(out_valid && out_head) || past_dropping || before == 0);
        p3_counted:  assert (!(pop && (out_queue ? count_1 == 0 : count_0 == 0)));
        p3_purged:   assert (!(clean && !purging && aresetn) || (past_queue ? count_1 == 0 : count_0 == 0));
        p10_room:    assert (count_0 + count_1 <= (1 << LOG2_DEPTH) - room);
        c_purge:     cover (followed && purged_valid && count_0 == 2 && count_1 == 1);
    end

endmodule

`default_nettype wire
