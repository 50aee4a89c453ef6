// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_packed_fetch_formal: no sleep with work and no lost kick, of the fetcher of packed rings together with virtio_vq_doorbell,
// wired as in the engine. Queue i, any, is followed. Each head is handed on once, in the order of the ring, and only while its flags
// say that it is available; the rest of its chain is read after that. When the queue is left alone, the last read of its next
// descriptor was asked for after the arming write was answered, and found it not available; and every kick is followed by such a read.
// Nothing outside of the ring is read, nothing but the device event structure is written.
//
// A beat has one descriptor. The design looks at nothing of it but the flags; its first two bytes are the number of its slot.
// In the copy of the RTL that is proved, the store has 4 beats.
//
//   EVENT_IDX, SUPPRESS_KICKS   as in virtio_vq_packed_fetch
//   LARGEST                     largest size of a queue, up to 4
//   LINKS                       0: without the assertions that make the others inductive
`default_nettype none

module virtio_vq_packed_fetch_formal #(
    parameter EVENT_IDX      = 1,
    parameter SUPPRESS_KICKS = 1,
    parameter LARGEST        = 4,
    parameter LINKS          = 1
) (
    input wire        aclk,
    input wire        aresetn,
    input wire        halt,
    input wire        enable,
    input wire        forget_valid,
    input wire        forget_queue,
    input wire        stopping,
    input wire        stop_queue,
    input wire        kick_valid,
    input wire        kick_queue,
    input wire        table_grant,
    input wire        table_ready,
    input wire [15:0] table_num,
    input wire [63:0] table_desc,
    input wire [63:0] table_driver,
    input wire [63:0] table_device,
    input wire        read_ready,
    input wire        beat_valid,
    input wire [15:0] any_flags,
    input wire        beat_error,
    input wire        arm_ready,
    input wire        armed_valid,
    input wire [5:0]  head_room,
    input wire [15:0] any_num,                   // settings of queue i, the next time that it starts
    input wire [31:0] any_ring,
    input wire [31:0] any_device
);

    localparam [31:0] MOST_WIDE = LARGEST;
    localparam [15:0] MOST      = MOST_WIDE[15:0];

    // The features of a driver do not change while the engine works.
    (* anyconst *) wire event_idx;

    wire         active, arming, of_queue, pick_valid, pick_queue, pick_pull, pick_take, look_valid, again_valid, park_valid, took_valid;
    wire         none_valid, table_request, read_valid, arm_valid, head_valid, fault_valid, suppressed, ask_ready;
    wire [4:0]   pick_limit, took_count;
    wire [31:0]  read_address, arm_address, arm_data;
    wire [12:0]  read_bytes;
    wire [15:0]  head;
    wire [7:0]   fault_code;
    wire [127:0] beat_data;

    virtio_vq_doorbell #(.NUM_QUEUES(2), .QUEUE_WIDTH(1), .SLOTS(2), .QUEUE_SLOTS(2), .PULL_QUEUES(0)) bell (
        .aclk(aclk), .aresetn(aresetn), .enable(enable),
        .kick_valid(kick_valid), .kick_queue(kick_queue), .ask_valid(1'b0), .ask_ready(ask_ready), .ask_queue(1'b0),
        .stop_valid(stopping), .stop_queue(stop_queue),
        .pick_valid(pick_valid), .pick_queue(pick_queue), .pick_pull(pick_pull), .pick_limit(pick_limit),
        .pick_take(pick_take), .look_valid(look_valid), .again_valid(again_valid), .park_valid(park_valid),
        .fetch_queue(of_queue), .took_valid(took_valid), .took_count(took_count),
        .freed_valid(1'b0), .freed_queue(1'b0), .purged_valid(1'b0), .purged_queue(1'b0),
        .dropped_valid(1'b0), .dropped_queue(1'b0)
    );

    virtio_vq_packed_fetch #(
        .NUM_QUEUES(2), .QUEUE_WIDTH(1), .ADDR_WIDTH(32), .DATA_WIDTH(128), .EVENT_IDX(EVENT_IDX),
        .SUPPRESS_KICKS(SUPPRESS_KICKS)
    ) dut (
        .aclk(aclk), .aresetn(aresetn), .halt(halt), .event_idx(event_idx), .notification_data(1'b0),
        .forget_valid(forget_valid), .forget_queue(forget_queue), .stopping(stopping), .stop_queue(stop_queue),
        .active(active), .arming(arming), .of_queue(of_queue), .kick_valid(kick_valid), .kick_queue(kick_queue), .kick_data(16'd0),
        .pick_valid(pick_valid), .pick_queue(pick_queue), .pick_pull(pick_pull), .pick_limit(pick_limit),
        .pick_take(pick_take), .look_valid(look_valid), .again_valid(again_valid), .park_valid(park_valid),
        .took_valid(took_valid), .took_count(took_count), .none_valid(none_valid),
        .table_request(table_request), .table_grant(table_grant), .table_ready(table_ready), .table_num(table_num),
        .table_desc(table_desc), .table_driver(table_driver), .table_device(table_device),
        .read_valid(read_valid), .read_ready(read_ready), .read_address(read_address), .read_bytes(read_bytes),
        .beat_valid(beat_valid), .beat_data(beat_data), .beat_error(beat_error),
        .arm_valid(arm_valid), .arm_ready(arm_ready), .arm_address(arm_address), .arm_data(arm_data),
        .armed_valid(armed_valid), .head_valid(head_valid), .head(head), .head_room(head_room),
        .fault_valid(fault_valid), .fault_code(fault_code), .suppressed(suppressed)
    );

    (* hierconn *) wire [1:0]   \bell.work ;
    (* hierconn *) wire [3:0]   \dut.state ;
    (* hierconn *) wire [3:0]   \dut.next ;
    (* hierconn *) wire [15:0]  \dut.position ;
    (* hierconn *) wire [15:0]  \dut.at ;
    (* hierconn *) wire [15:0]  \dut.chain ;
    (* hierconn *) wire [15:0]  \dut.num ;
    (* hierconn *) wire [15:0]  \dut.to_end ;
    (* hierconn *) wire         \dut.far ;
    (* hierconn *) wire         \dut.some ;
    (* hierconn *) wire         \dut.is_head ;
    (* hierconn *) wire         \dut.chain_long ;
    (* hierconn *) wire [31:0]  \dut.ring ;
    (* hierconn *) wire [31:0]  \dut.device ;
    (* hierconn *) wire         \dut.armed ;
    (* hierconn *) wire         \dut.sent ;
    (* hierconn *) wire         \dut.known ;
    (* hierconn *) wire         \dut.failed ;
    (* hierconn *) wire         \dut.left_there ;
    (* hierconn *) wire [3:0]   \dut.left ;
    (* hierconn *) wire [4:0]   \dut.count ;
    (* hierconn *) wire [4:0]   \dut.limit ;
    (* hierconn *) wire [2:0]   \dut.unanswered ;
    (* hierconn *) wire [2:0]   \dut.stop_owes ;
    (* hierconn *) wire [1:0]   \dut.has_kept ;
    (* hierconn *) wire [17:0]  \dut.kept[0] ;
    (* hierconn *) wire [17:0]  \dut.kept[1] ;
    (* hierconn *) wire         \dut.stored_valid ;
    (* hierconn *) wire         \dut.stored_error ;
    (* hierconn *) wire [127:0] \dut.stored_data ;
    (* hierconn *) wire [2:0]   \dut.beat_store.head ;
    (* hierconn *) wire [2:0]   \dut.beat_store.tail ;
    (* hierconn *) wire         \dut.beat_store.in_ready ;
    (* hierconn *) wire [128:0] \dut.beat_store.store[0] ;
    (* hierconn *) wire [128:0] \dut.beat_store.store[1] ;
    (* hierconn *) wire [128:0] \dut.beat_store.store[2] ;
    (* hierconn *) wire [128:0] \dut.beat_store.store[3] ;

    localparam [3:0] SETTING = 4'd2, CHECK = 4'd3, READ = 4'd4, SCAN = 4'd5, DRAIN = 4'd6, HUSH = 4'd7, SAVE = 4'd8, ARM = 4'd9,
                     ARMED = 4'd10, STUCK = 4'd11;
    wire [3:0] state = \dut.state ;

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    `define KEPT(name, condition) always @* name: assume (!aresetn || (condition));
    `include "virtio_vq_split_fetch_use.vh"
    `undef KEPT

    (* anyconst *) wire i;
    wire by_flags  = !(EVENT_IDX != 0 && event_idx);
    wire its_turn  = active && of_queue == i;
    wire loaded    = its_turn && state >= CHECK && state != STUCK;
    wire its_stop  = stopping && stop_queue == i;
    wire its_start = forget_valid && forget_queue == i;
    wire its_kick  = kick_valid && kick_queue == i;
    reg [2:0] pending;                           // answers to come until that of the last arming write of i has

    // virtio_vq_stop goes on until it forgets the queue, and then pauses; it does not forget before the turn is over and
    // arming says 0. A queue that starts was stopped before, or there was a reset.
    reg past_stop, past_stopping, past_forget, past_queue;
    always @(posedge aclk) begin
        past_stopping <= aresetn && stopping;
        past_forget   <= aresetn && stopping && forget_valid && forget_queue == stop_queue;
        past_stop     <= aresetn && stopping && !(forget_valid && forget_queue == stop_queue);
        past_queue    <= stop_queue;
    end
    always @* begin
        a_stop:   assume (!past_stop || (stopping && stop_queue == past_queue));
        a_pause:  assume (!past_forget || !stopping);
        a_forget: assume (!(stopping && forget_valid && forget_queue == stop_queue) ||
                          (past_stopping && !arming && !(active && of_queue == stop_queue)));
        a_start:  assume (!its_start || its_stop || pending == 3'd0);
    end

    // ------------------------------------------------------------------ settings
    // The settings of a queue change only as it starts; of the other queue only its size matters.
    reg [15:0] its_num, other_num;
    reg [31:0] its_ring, its_device;
    reg [31:0] at_ring;                          // of the queue whose turn it is, as they were looked up
    reg [15:0] at_num;
    always @(posedge aclk) begin
        if (state == SETTING) begin
            at_ring <= table_desc[31:0];
            at_num  <= table_num;
        end
        if (!aresetn || its_start) begin
            its_num    <= any_num;
            its_ring   <= any_ring;
            its_device <= any_device;
        end
        if (!aresetn || (forget_valid && forget_queue != i))
            other_num  <= any_num;
    end
    always @* begin
        a_size:     assume (state != SETTING || (table_num != 16'd0 && table_num <= MOST));
        a_settings: assume (!(state == SETTING && its_turn) || (table_num == its_num && table_desc[31:0] == its_ring &&
                                                                table_device[31:0] == its_device));
        a_other:    assume (!(state == SETTING && active && !its_turn) || table_num == other_num);
        any_size:   assume (any_num != 16'd0 && any_num <= MOST);
    end

    // ------------------------------------------------------------------ the bus
    // One read at a time is asked for; a beat for each of its descriptors comes. Arming writes are answered in order.
    wire       read_taken = read_valid && read_ready;
    wire       arm_taken  = arm_valid && arm_ready;
    wire [31:0] from      = read_address - at_ring;
    reg  [3:0] owed;
    reg  [2:0] arms;
    reg [15:0] first;                            // slot of the next beat
    always @(posedge aclk) begin
        owed <= !aresetn ? 4'd0 : owed + (read_taken ? read_bytes[7:4] : 4'd0) - {3'd0, beat_valid};
        arms <= !aresetn ? 3'd0 : arms + {2'd0, arm_taken} - {2'd0, armed_valid};
        if (read_taken)
            first <= from[19:4];
        else if (beat_valid)
            first <= first + 16'd1;
    end
    assign beat_data = {any_flags, 96'd0, first};
    always @* begin
        a3_owed: assume (!beat_valid || owed != 4'd0);
        a4_owed: assume (!armed_valid || arms != 3'd0);
    end

    // ------------------------------------------------------------------ heads: each once, in order, and only what is available
    // at_head: the next head of queue i. In a chain, at_part: the descriptor that comes next. fresh: it is looked at in a read
    // that was asked for after the head's flags were there.
    function [15:0] one_on(input [15:0] place, input [15:0] size);
        one_on = ({1'b0, place[14:0]} + 16'd1 == size) ? {!place[15], 15'd0} : {place[15], place[14:0] + 15'd1};
    endfunction

    reg        stale;                            // the queue was stopped, and not started since
    reg        in_chain, fresh;
    reg [15:0] at_head, at_part;
    wire [15:0] flags    = \dut.stored_data [127:112];
    wire        looks    = state == SCAN && \dut.stored_valid && its_turn;
    wire        sound    = !\dut.stored_error && !\dut.failed ;
    wire [15:0] due      = in_chain ? at_part : at_head;
    wire        there    = flags[7] == due[15] && flags[15] != due[15];
    wire        its_head = head_valid && its_turn;
    wire        its_part = looks && sound && in_chain && there;
    always @(posedge aclk) begin
        stale <= aresetn && (its_stop || stale) && !its_start;
        if (!aresetn || its_start) begin
            at_head  <= 16'h8000;
            in_chain <= 1'b0;
        end else if (its_head || its_part) begin
            in_chain <= flags[0];
            if (flags[0]) at_part <= one_on(due, its_num);
            else          at_head <= one_on(due, its_num);
        end
        fresh <= !its_head && (fresh || (read_taken && its_turn && in_chain));
    end

    // ------------------------------------------------------------------ kicks: a later read of the next head
    wire its_look   = read_taken && its_turn && !in_chain && read_address == its_ring + {13'd0, at_head[14:0], 4'd0};
    wire not_ready  = state == SETTING && !table_ready && its_turn;
    reg  owes;                                   // a kick has come since the next head was last asked for
    always @(posedge aclk) begin
        if (!aresetn || its_stop)              owes <= 1'b0;
        else if (its_kick)                     owes <= 1'b1;
        else if (its_look || not_ready)        owes <= 1'b0;
    end

    // ------------------------------------------------------------------ sleep: armed and answered, then read, and not available
    reg armed;                                   // the last word written for i asks for a kick; by flags it does from the start
    reg answered;                                // and that was answered before the next head was last asked for
    reg empty;                                   // and it was not available
    wire asks  = arm_address == its_device && arm_data == (by_flags ? 32'd0 : {16'd2, at_head});
    wire found = looks && !in_chain && !there;
    always @(posedge aclk) begin
        if (!aresetn || its_start) begin
            armed    <= by_flags;
            answered <= by_flags;
            empty    <= 1'b0;
        end else begin
            if (arm_taken && its_turn) begin
                armed    <= asks;
                answered <= 1'b0;
                empty    <= 1'b0;
            end else if (its_look) begin
                answered <= armed && pending == 3'd0;
                empty    <= 1'b0;
            end else if (found)
                empty    <= 1'b1;
            else if (its_head) begin
                empty    <= 1'b0;
                if (!by_flags) armed <= 1'b0;        // the position goes on, the old one was asked for
            end
        end
    end
    always @(posedge aclk) begin
        if (!aresetn)                                 pending <= 3'd0;
        else if (arm_taken && its_turn)               pending <= arms + 3'd1 - {2'd0, armed_valid};
        else if (armed_valid && pending != 3'd0)      pending <= pending - 3'd1;
    end
    reg its_gone;                                // its turn ended for another reason than sleep: stop, not ready, fault
    always @(posedge aclk) begin
        if (!aresetn || its_start || its_stop || not_ready || halt)    its_gone <= 1'b1;
        else if (its_kick || its_look)                                 its_gone <= 1'b0;
    end

    // ------------------------------------------------------------------ what the design keeps
    wire        stuck   = state == STUCK;
    wire        at_work = active && state >= CHECK && !stuck;
    wire        looking = state == SCAN || state == DRAIN;
    wire [2:0]  stored  = \dut.beat_store.tail - \dut.beat_store.head ;
    wire [17:0] kept    = i ? \dut.kept[1] : \dut.kept[0] ;
    wire [17:0] others  = i ? \dut.kept[0] : \dut.kept[1] ;
    wire        has     = \dut.has_kept [i];
    wire [32:0] offset  = {1'b0, read_address - its_ring};
    wire        asleep  = armed && answered && empty;
    wire [16:0] reaches = {2'd0, at_head[14:0]} + {1'b0, \dut.chain };
    wire [16:0] beyond  = reaches - {1'b0, its_num};
    wire [15:0] chained = (reaches >= {1'b0, its_num}) ? {!at_head[15], beyond[14:0]} : {at_head[15], reaches[14:0]};

    wire [63:0] slots = {\dut.beat_store.store[3] [15:0], \dut.beat_store.store[2] [15:0], \dut.beat_store.store[1] [15:0],
                         \dut.beat_store.store[0] [15:0]};
    reg         slots_right;
    reg [1:0]   place;
    integer     k;
    always @* begin
        slots_right = 1'b1;
        place       = 2'd0;
        for (k = 0; k < 4; k = k + 1) begin
            place = \dut.beat_store.head [1:0] + k[1:0];
            if (k[2:0] < stored && slots[place*16 +: 16] != {1'b0, \dut.at [14:0]} + k[15:0])
                slots_right = 1'b0;
        end
    end

    always @* if (started) begin
        p7_kept:      assert (!owes || \bell.work [i]);
        p7_look:      assert (!(look_valid && its_turn && aresetn) || its_look || not_ready);
        p6_sleep:     assert (\bell.work [i] || its_turn || its_gone || owes || stuck || asleep);
        p5_one_read:  assert (!read_valid || owed == 4'd0);
        p8_stuck:     assert (!stuck || !(read_valid || arm_valid || head_valid || table_request));
        p2_read:      assert (!(read_valid && its_turn) || offset + {20'd0, read_bytes} <= {13'd0, its_num, 4'd0});
        p2_arm:       assert (!(arm_valid && its_turn) || arm_address == its_device);
        p3_head:      assert (!its_head || (looks && !in_chain && head == at_head && sound && there));
        p3_own:       assert (!looks || \dut.stored_data [15:0] == {1'b0, due[14:0]});
        p3_fresh:     assert (!(looks && in_chain) || fresh);
        p9_chain:     assert (!(loaded && in_chain) || at_part[14:0] != at_head[14:0]);
        p8_arming:    assert (!(its_stop && past_stopping && !its_turn && !arming) || pending == 3'd0);
        c_sleeps:     cover (!\bell.work [i] && !active && asleep && !its_gone && event_idx);
        c_chain:      cover (its_head && at_head == 16'h0001 && its_num == 16'd3);
    end

    always @* if (started && LINKS != 0) begin
        link_owes:    assert (past_stopping || \dut.stop_owes == \dut.unanswered );
        link_waits:   assert (!its_stop || pending <= \dut.stop_owes );
        link_arms:    assert (\dut.unanswered == arms && pending <= arms && (arms <= 3'd3 || (arms == 3'd4 && (state == SAVE || state == ARMED))));
        link_setting: assert (!loaded || (\dut.num == its_num && \dut.ring == its_ring && \dut.device == its_device));
        link_size:    assert (its_num != 16'd0 && its_num <= MOST && (!at_work || (\dut.num != 16'd0 && \dut.num <= MOST &&
                                                                                  \dut.num == at_num && \dut.ring == at_ring)));
        link_state:   assert (state <= STUCK && (state != DRAIN || \dut.next == READ || \dut.next == HUSH || \dut.next == SAVE || \dut.next == ARM));
        link_promise: assert (!(at_work && state != CHECK) || (!\dut.sent && !\dut.known ));
        link_bus:     assert (stuck ? owed <= 4'd4 && {1'b0, stored} + owed <= 4'd4 : looking ? owed <= 4'd4 && {1'b0, stored} + owed == \dut.left && \dut.left <= 4'd4 && \dut.left != 4'd0 :
                              stored == 3'd0 && owed == 4'd0);
        link_store:   assert (\dut.beat_store.in_ready == (stored != 3'd4) && stored <= 3'd4);
        link_places:  assert (!at_work || {1'b0, \dut.position [14:0]} < \dut.num );
        link_other:   assert (other_num != 16'd0 && other_num <= MOST && (!\dut.has_kept [!i] || {1'b0, others[14:0]} < other_num) &&
                              (!(at_work && !its_turn) || \dut.num == other_num));
        link_at:      assert (!(at_work && state != CHECK) || ({1'b0, \dut.at [14:0]} < \dut.num && (state != SCAN ||
                              {1'b0, \dut.at [14:0]} + {12'd0, \dut.left } <= \dut.num )));
        link_to_end:  assert (!at_work || (\dut.to_end == \dut.num - {1'b0, \dut.at [14:0]} &&
                              \dut.far == (\dut.to_end >= 16'd8) && \dut.some == (\dut.to_end >= 16'd4)));
        link_flags:   assert (!active || stuck || (\dut.is_head == (\dut.chain == 16'd0) && \dut.chain_long == (\dut.chain >= 16'd4)));
        link_slots:   assert (!(at_work && state == SCAN) || (slots_right && (owed == 4'd0 || first == {1'b0, \dut.at [14:0]} + {13'd0, stored})));
        link_chains:  assert (!(at_work && state != CHECK) || \dut.chain < \dut.num );
        link_begin:   assert (!(active && state <= CHECK) || (\dut.chain == 16'd0 && \dut.count == 5'd0 && !\dut.left_there && !\dut.failed ));
        link_next:    assert (!loaded || \dut.position == at_head);
        link_lap:     assert ({1'b0, at_head[14:0]} < its_num);
        link_due:     assert (!(loaded && state != CHECK) || (\dut.at == due && in_chain == (\dut.chain != 16'd0) && (!in_chain || at_part == chained)));
        link_good:    assert (!at_work || !\dut.failed );
        link_fresh:   assert (!(loaded && state == SCAN && in_chain) || fresh);
        link_drain:   assert (!(loaded && state == DRAIN) || in_chain == (\dut.next == READ));
        link_turn:    assert (!(loaded && in_chain) || state == READ || looking || (its_stop && state == SAVE));
        link_stale:   assert (!stale || its_stop);
        link_outside: assert (stale || (its_turn && state > CHECK) || !in_chain);
        link_kept:    assert (stale || loaded || (its_turn && stuck) || (has ? kept[15:0] == at_head : at_head == 16'h8000));
        link_told:    assert (stale || loaded || (its_turn && stuck) || !(has ? kept[16] : by_flags) || (armed && pending == 3'd0));
        link_armed:   assert (!(loaded && \dut.armed && (!in_chain || by_flags)) || (armed && (pending == 3'd0 || state == ARMED)));
        link_arming:  assert (!(loaded && state == ARMED) || armed);
        link_asked:   assert (!(loaded && state == SCAN && \dut.armed && !in_chain) || answered);
        link_chained: assert (!(loaded && \dut.armed && in_chain && by_flags) || answered);
        link_count:   assert (!(loaded && (state == READ || state == SCAN || (state == DRAIN && \dut.next == READ))) ||
                              (in_chain ? \dut.count != 5'd0 && \dut.count <= \dut.limit : \dut.count == 5'd0 || \dut.count < \dut.limit ));
        link_none:    assert (!(loaded && (state == ARM || state == ARMED || (state == DRAIN && \dut.next == ARM))) || (\dut.count == 5'd0 && !in_chain));
        link_drained: assert (!(loaded && state == DRAIN && \dut.next == SAVE && \dut.count == 5'd0 && !\dut.left_there ) || asleep);
        link_save:    assert (!(loaded && state == SAVE && \dut.count == 5'd0 && !\dut.left_there ) || asleep || its_stop);
        link_fetched: assert (!(loaded && (state == HUSH || (state == DRAIN && \dut.next == HUSH))) || \dut.count != 5'd0);
    end

endmodule

`default_nettype wire
