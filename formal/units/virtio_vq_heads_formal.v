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

    // ------------------------------------------------------------------ what the store holds (for induction)
    // place: where the followed head was put. An entry is one of the store while it lies behind first and is present.
    (* hierconn *) wire [LOG2_DEPTH:0] \dut.first ;
    (* hierconn *) wire [LOG2_DEPTH:0] \dut.last ;
    (* hierconn *) wire [LOG2_DEPTH:0] \dut.step ;
    (* hierconn *) wire [1:0]          \dut.marks[0] ;
    (* hierconn *) wire [1:0]          \dut.marks[1] ;
    (* hierconn *) wire [1:0]          \dut.marks[2] ;
    (* hierconn *) wire [1:0]          \dut.marks[3] ;
    (* hierconn *) wire                \dut.heads[0] ;
    (* hierconn *) wire                \dut.heads[1] ;
    (* hierconn *) wire                \dut.heads[2] ;
    (* hierconn *) wire                \dut.heads[3] ;

    localparam DEPTH = 4;                        // LOG2_DEPTH = 2: the words above
    wire [LOG2_DEPTH:0]   first  = \dut.first ;
    wire [LOG2_DEPTH:0]   last   = \dut.last ;
    wire [LOG2_DEPTH:0]   step   = \dut.step ;
    wire [LOG2_DEPTH:0]   inside = last - first;
    wire [1:0]            marks [0:DEPTH-1];
    wire [DEPTH-1:0]      heads = {\dut.heads[3] , \dut.heads[2] , \dut.heads[1] , \dut.heads[0] };
    assign marks[0] = \dut.marks[0] ;
    assign marks[1] = \dut.marks[1] ;
    assign marks[2] = \dut.marks[2] ;
    assign marks[3] = \dut.marks[3] ;

    reg [LOG2_DEPTH-1:0] place;
    always @(posedge aclk) if (now) place <= last[LOG2_DEPTH-1:0];

    wire [LOG2_DEPTH-1:0] its_distance = place - first[LOG2_DEPTH-1:0];
    // entries of the store, of each queue; those of its queue before the followed one; other 1s; what the purge has passed over
    wire [DEPTH-1:0]      held_0, held_1, ahead, another, missed;
    wire                  its_held = followed && (its_queue ? held_1[place] : held_0[place]) && heads[place];
    genvar i;
    generate
        for (i = 0; i < DEPTH; i = i + 1) begin : entries
            localparam [LOG2_DEPTH-1:0] AT = i;
            wire [LOG2_DEPTH-1:0] distance = AT - first[LOG2_DEPTH-1:0];
            wire                  held     = ({1'b0, distance} < inside) && marks[i][1];
            assign held_0[i] = held && !marks[i][0];
            assign held_1[i] = held && marks[i][0];
            assign ahead[i]  = (its_queue ? held_1[i] : held_0[i]) && (distance < its_distance);
            assign another[i] = held && heads[i] && !(its_held && AT == place);
            assign missed[i]  = held && purging && AT < step[LOG2_DEPTH-1:0] && marks[i][0] == past_queue;
        end
    endgenerate

    always @* if (started) begin
        link_one:      assert (another == 0);
        link_purged:   assert (missed == 0);
        link_inside:   assert (inside <= DEPTH);
        link_step:     assert (step <= DEPTH || step[LOG2_DEPTH]);
        link_count_0:  assert (count_0 == held_0[0] + held_0[1] + held_0[2] + held_0[3]);
        link_count_1:  assert (count_1 == held_1[0] + held_1[1] + held_1[2] + held_1[3]);
        link_out:      assert (followed ? !(its_held && out_once) : !out_once);
        link_before:   assert (!its_held || past_dropping || before == ahead[0] + ahead[1] + ahead[2] + ahead[3]);
        link_clean:    assert (!(clean && !purging && aresetn) || !(past_queue ? |held_1 : |held_0));
        link_running:  assert (!purging || past_purging || !aresetn);
    end

endmodule

`default_nettype wire
