// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_split_fetch_formal: no sleep with work and no lost kick, of the fetcher together with virtio_vq_doorbell, wired as in
// the engine. Queue i, any, is followed: when it is left alone, the last read of avail.idx was asked for after the arming write
// was answered, and it found nothing; and every kick is followed by a read of avail.idx that is asked for after it. Its ring
// entries are handed on once each, in order, only those that avail.idx covers; nothing outside of its areas is touched.
//
//   EVENT_IDX, SUPPRESS_KICKS   as in virtio_vq_split_fetch
//   LARGEST                     largest size of a queue
//   LINKS                       0: without the assertions that make the others inductive
`default_nettype none

module virtio_vq_split_fetch_formal #(
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
    input wire [63:0] any_data,
    input wire        beat_error,
    input wire        arm_ready,
    input wire        armed_valid,
    input wire [5:0]  head_room,
    input wire [15:0] any_num,                   // settings of queue i, the next time that it starts
    input wire [31:0] any_driver,
    input wire [31:0] any_device
);

    localparam [31:0] MOST_WIDE = LARGEST;
    localparam [15:0] MOST      = MOST_WIDE[15:0];

    // The features of a driver do not change while the engine works.
    (* anyconst *) wire event_idx;

    wire        active, arming, of_queue, pick_valid, pick_queue, pick_pull, pick_take, look_valid, again_valid, park_valid, took_valid;
    wire        none_valid, table_request, read_valid, arm_valid, head_valid, fault_valid, suppressed, ask_ready;
    wire [4:0]  pick_limit, took_count;
    wire [31:0] read_address, arm_address;
    wire [12:0] read_bytes;
    wire [15:0] arm_data, head;
    wire [7:0]  fault_code;
    wire [63:0] beat_data;

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

    virtio_vq_split_fetch #(
        .NUM_QUEUES(2), .QUEUE_WIDTH(1), .ADDR_WIDTH(32), .EVENT_IDX(EVENT_IDX), .SUPPRESS_KICKS(SUPPRESS_KICKS)
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

    (* hierconn *) wire [1:0]  \bell.work ;
    (* hierconn *) wire        \dut.stored_valid ;
    (* hierconn *) wire        \dut.stored_error ;
    (* hierconn *) wire [4:0]  \dut.state ;
    (* hierconn *) wire [15:0] \dut.mask ;
    (* hierconn *) wire [15:0] \dut.position ;
    (* hierconn *) wire [15:0] \dut.entry ;
    (* hierconn *) wire [31:0] \dut.driver ;
    (* hierconn *) wire [31:0] \dut.device ;
    (* hierconn *) wire [15:0] \dut.num ;
    (* hierconn *) wire [15:0] \dut.known ;
    (* hierconn *) wire        \dut.armed ;
    (* hierconn *) wire        \dut.failed ;
    (* hierconn *) wire [2:0]  \dut.unanswered ;
    (* hierconn *) wire [2:0]  \dut.stop_owes ;
    (* hierconn *) wire [1:0]  \dut.has_kept ;
    (* hierconn *) wire [32:0] \dut.kept[0] ;
    (* hierconn *) wire [32:0] \dut.kept[1] ;
    (* hierconn *) wire [4:0]  \dut.count ;
    (* hierconn *) wire [4:0]  \dut.unpacked ;
    (* hierconn *) wire [1:0]  \dut.lane ;
    (* hierconn *) wire [3:0]  \dut.beat_store.head ;
    (* hierconn *) wire [3:0]  \dut.beat_store.tail ;
    (* hierconn *) wire        \dut.beat_store.in_ready ;
    (* hierconn *) wire [64:0] \dut.beat_store.store[0] ;
    (* hierconn *) wire [64:0] \dut.beat_store.store[1] ;
    (* hierconn *) wire [64:0] \dut.beat_store.store[2] ;
    (* hierconn *) wire [64:0] \dut.beat_store.store[3] ;
    (* hierconn *) wire [64:0] \dut.beat_store.store[4] ;
    (* hierconn *) wire [64:0] \dut.beat_store.store[5] ;
    (* hierconn *) wire [64:0] \dut.beat_store.store[6] ;
    (* hierconn *) wire [64:0] \dut.beat_store.store[7] ;

    localparam [4:0] SETTING = 5'd2, CHECK = 5'd3, INDEX = 5'd20, INDEXED = 5'd5, AHEAD = 5'd6, ENTRIES = 5'd24, UNPACK = 5'd9,
                     HUSH = 5'd10, SAVE = 5'd11, ARM = 5'd12, ARMED = 5'd13, STUCK = 5'd14;
    wire [4:0] state = \dut.state ;

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
    // A size is a power of two. The settings of queue i change only as it starts.
    wire       power = (table_num != 16'd0) && ((table_num & (table_num - 16'd1)) == 16'd0);
    reg [15:0] its_num;
    reg [31:0] its_driver, its_device;
    reg [31:0] at_driver, at_device;             // of the queue whose turn it is, as they were looked up
    always @(posedge aclk) begin
        if (state == SETTING) begin
            at_driver <= table_driver[31:0];
            at_device <= table_device[31:0];
        end
        if (!aresetn || its_start) begin
            its_num    <= any_num;
            its_driver <= any_driver;
            its_device <= any_device;
        end
    end
    always @* begin
        a_size:     assume (state != SETTING || (power && table_num <= MOST));
        a_settings: assume (!(state == SETTING && its_turn) || (table_num == its_num && table_driver[31:0] == its_driver &&
                                                                table_device[31:0] == its_device));
    end

    // ------------------------------------------------------------------ the bus
    // One read at a time is asked for; up to 5 beats of it come (16 entries, not aligned). Arming writes are answered in order.
    // A ring entry has its own place in the ring as its value: the fetcher does not look at it.
    wire       read_taken = read_valid && read_ready;
    wire       arm_taken  = arm_valid && arm_ready;
    wire [2:0] lead       = {1'b0, read_address[2:1]};
    wire [4:0] halves     = {2'd0, lead} + read_bytes[5:1];
    wire [2:0] beats      = (halves + 5'd3) >> 2;
    wire [31:0] from      = read_address - at_driver - 32'd4;
    reg  [2:0] owed, arms;
    reg        of_index;
    reg [15:0] first;                            // value of the first lane of the next beat
    always @(posedge aclk) begin
        owed <= !aresetn ? 3'd0 : owed + (read_taken ? beats : 3'd0) - {2'd0, beat_valid};
        arms <= !aresetn ? 3'd0 : arms + {2'd0, arm_taken} - {2'd0, armed_valid};
        if (read_taken) begin
            of_index <= (state == INDEX);
            first    <= from[16:1] - {14'd0, read_address[2:1]};
        end else if (beat_valid)
            first    <= first + 16'd4;
    end
    assign beat_data = of_index ? any_data : {first + 16'd3, first + 16'd2, first + 16'd1, first};
    always @* begin
        a3_owed: assume (!beat_valid || owed != 3'd0);
        a4_owed: assume (!armed_valid || arms != 3'd0);
    end

    // ------------------------------------------------------------------ kicks: a later read of avail.idx
    wire index_read = read_taken && read_bytes == 13'd2 && read_address == at_driver + 32'd2 && state == INDEX;
    wire its_look   = index_read && its_turn;
    wire not_ready  = state == SETTING && !table_ready && its_turn;
    reg  owes;                                   // a kick has come since the last read of avail.idx was asked for
    always @(posedge aclk) begin
        if (!aresetn || its_stop)              owes <= 1'b0;
        else if (its_kick)                     owes <= 1'b1;
        else if (its_look || not_ready)        owes <= 1'b0;
    end

    // ------------------------------------------------------------------ heads: each entry once, in order, none too early
    reg        stale;                            // the queue was stopped, and not started since
    reg [15:0] next;                             // heads handed on since the start
    reg [15:0] seen;                             // avail.idx as it was read last
    wire [1:0]  index_lane = its_driver[2:1] + 2'd1;
    wire [15:0] mask       = its_num - 16'd1;
    wire [15:0] covered    = seen - next;
    wire        its_head   = head_valid && its_turn;
    always @(posedge aclk) begin
        stale <= aresetn && (its_stop || stale) && !its_start;
        if (!aresetn || its_start) begin
            next <= 16'd0;
            seen <= 16'd0;
        end else begin
            if (its_head)
                next <= next + 16'd1;
            if (beat_valid && of_index && its_turn)
                seen <= any_data[{index_lane, 4'd0} +: 16];
        end
    end

    // ------------------------------------------------------------------ sleep: armed and answered, then read, and found empty
    reg armed;                                   // the last word written for i asks for a kick; by flags it does from the start
    reg answered;                                // and that was answered before the last read of avail.idx was asked for
    reg empty;                                   // and that read found nothing
    wire asks  = by_flags ? (arm_address == at_device && arm_data == 16'd0)
                          : (arm_address == at_device + {13'd0, \dut.num , 3'd0} + 32'd4 && arm_data == \dut.position );
    wire found = state == INDEXED && \dut.stored_valid && its_turn;
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
                empty    <= (\dut.entry == \dut.position );
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
    wire [3:0]  stored  = \dut.beat_store.tail - \dut.beat_store.head ;
    wire [32:0] kept    = i ? \dut.kept[1] : \dut.kept[0] ;
    wire        has     = \dut.has_kept [i];
    wire [15:0] ahead   = \dut.known - \dut.position ;
    wire [4:0]  to_come = \dut.count - \dut.unpacked ;
    wire [4:0]  spread  = {3'd0, \dut.lane } + to_come + 5'd3;
    wire        full_sized = (\dut.num != 16'd0) && ((\dut.num & (\dut.num - 16'd1)) == 16'd0);
    wire [32:0] offset  = {1'b0, read_address - its_driver};
    wire [15:0] front   = (next & mask) - {14'd0, \dut.lane };   // value of the first lane of the first beat stored
    wire [15:0] sits    = \dut.position & (\dut.num - 16'd1);
    wire        good    = !\dut.failed ;

    wire [519:0] words = {\dut.beat_store.store[7] , \dut.beat_store.store[6] , \dut.beat_store.store[5] , \dut.beat_store.store[4] ,
                          \dut.beat_store.store[3] , \dut.beat_store.store[2] , \dut.beat_store.store[1] , \dut.beat_store.store[0] };
    reg         entries_right;
    reg [64:0]  word;
    reg [2:0]   place;
    reg [15:0]  value;
    integer     k;
    always @* begin
        entries_right = 1'b1;
        word          = 65'd0;
        place         = 3'd0;
        value         = 16'd0;
        for (k = 0; k < 5; k = k + 1) begin
            place = \dut.beat_store.head [2:0] + k[2:0];
            word  = words[place*65 +: 65];
            value = front + {k[13:0], 2'd0};
            if (k[3:0] < stored && word[63:0] != {value + 16'd3, value + 16'd2, value + 16'd1, value})
                entries_right = 1'b0;
        end
    end
    wire [64:0] top = words[\dut.beat_store.head [2:0]*65 +: 65];

    always @* if (started) begin
        p7_kept:      assert (!owes || \bell.work [i]);
        p7_look:      assert (!(look_valid && its_turn && aresetn) || its_look || not_ready);
        p6_sleep:     assert (\bell.work [i] || its_turn || its_gone || owes || stuck || (armed && answered && empty));
        p5_one_read:  assert (!read_valid || owed == 3'd0);
        p8_stuck:     assert (!stuck || !(read_valid || arm_valid || head_valid || table_request));
        p2_read:      assert (!(read_valid && its_turn) || offset + {20'd0, read_bytes} <= {16'd0, its_num, 1'b0} + 33'd4);
        p2_arm:       assert (!(arm_valid && its_turn) || arm_address == its_device + (by_flags ? 32'd0 : {13'd0, its_num, 3'd4}));
        p3_entry:     assert (!its_head || head == (next & mask));
        p3_covered:   assert (!its_head || (covered != 16'd0 && covered <= its_num));
        p8_arming:    assert (!(its_stop && past_stopping && !its_turn && !arming) || pending == 3'd0);
        c_sleeps:     cover (!\bell.work [i] && !active && armed && answered && empty && !its_gone && event_idx);
    end

    always @* if (started && LINKS != 0) begin
        link_owes:    assert (past_stopping || \dut.stop_owes == \dut.unanswered );
        link_waits:   assert (!its_stop || pending <= \dut.stop_owes );
        link_arms:    assert (\dut.unanswered == arms && pending <= arms && (arms <= 3'd3 || (arms == 3'd4 && (state == SAVE || state == ARMED))));
        link_setting: assert (!loaded || (\dut.num == its_num && at_driver == its_driver && at_device == its_device));
        link_size:    assert (!at_work || (full_sized && \dut.num <= MOST && !at_driver[0] && at_device[1:0] == 2'd0));
        link_driver:  assert (!at_work || state == UNPACK || state == HUSH || state == SAVE || \dut.driver == at_driver +
                              (state == CHECK ? 32'd0 : state == ENTRIES ? {15'd0, sits, 1'b0} + 32'd4 : 32'd2));
        link_mask:    assert (!at_work || state == CHECK || \dut.mask == \dut.num - 16'd1);
        link_device:  assert (!at_work || \dut.device == at_device + (by_flags ? 32'd0 : {13'd0, \dut.num , 3'd4}));
        link_bus:     assert (stored <= 4'd5 && ((state == INDEXED) ? {1'b0, owed} + stored == 4'd1 :
                              (state == UNPACK)  ? {1'b0, owed} + stored == {1'b0, spread[4:2]} && spread[4:2] <= 3'd5 && \dut.count <= 5'd16 && \dut.unpacked < \dut.count :
                              stuck || (owed == 3'd0 && stored == 4'd0)));
        link_good:    assert (!(at_work && (state == HUSH || state == SAVE || state == ARM || state == ARMED)) || good);
        link_stuck:   assert (!stuck || ({1'b0, owed} + stored <= 4'd5));
        link_store:   assert (\dut.beat_store.in_ready == (stored != 4'd8));
        link_which:   assert (owed == 3'd0 || stuck || of_index == (state == INDEXED));
        link_count:   assert (!(active && (state == ENTRIES || state == UNPACK)) ||
                              (\dut.count != 5'd0 && \dut.count <= 5'd16 && (state == UNPACK || (\dut.unpacked == 5'd0 && !\dut.failed )) && {11'd0, \dut.count } <= ahead && ahead <= \dut.num &&
                               {1'b0, \dut.position & (\dut.num - 16'd1)} + {12'd0, \dut.count } <= {1'b0, \dut.num }));
        link_next:    assert (!loaded || (state == UNPACK && !good) ||
                              (state == UNPACK ? \dut.position + {11'd0, \dut.unpacked } == next : \dut.position == next));
        link_stale:   assert (!stale || its_stop);
        link_seen:    assert (!loaded || (state == INDEXED && stored != 4'd0 ? top[{index_lane, 4'd0} +: 16] == seen && \dut.lane == index_lane
                                                                             : \dut.known == seen) ||
                              (state == INDEXED && owed == 3'd0 && stored == 4'd0));
        link_lane:    assert (!(loaded && state == INDEXED) || \dut.lane == index_lane);
        link_words:   assert (!(loaded && state == UNPACK && good) || (entries_right && (owed == 3'd0 ||
                              first == front + {10'd0, stored, 2'd0})));
        link_kept:    assert (stale || loaded || (its_turn && stuck) || (has ? kept[15:0] == next && kept[31:16] == seen : next == 16'd0 && seen == 16'd0));
        link_told:    assert (stale || loaded || (its_turn && stuck) || !(has ? kept[32] : by_flags) || (armed && pending == 3'd0));
        link_armed:   assert (!(loaded && \dut.armed ) || (state == UNPACK && !by_flags) || (armed && (pending == 3'd0 || state == ARMED)));
        link_arming:  assert (!(loaded && state == ARMED) || armed);
        link_asked:   assert (!(loaded && state == INDEXED && \dut.armed ) || answered);
        link_empty:   assert (!(loaded && state == AHEAD && ahead == 16'd0) || (empty && (!\dut.armed || answered)));
        link_save:    assert (!(loaded && state == SAVE && \dut.count == 5'd0 && ahead == 16'd0) || (armed && answered && empty));
        link_fetched: assert (!(loaded && (state == HUSH || state == UNPACK || state == ENTRIES)) || \dut.count != 5'd0);
    end

endmodule

`default_nettype wire
