// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_completion_formal: a buffer is published after all that was written for it is answered, and never while the function has
// it; of completion together with virtio_vq_slot_table, wired as in the engine. Slot i, any, is followed: it has one used element,
// and one more each time that the function gives it back again after a write that failed. It is freed once.
//
//   IN_ORDER   as in virtio_vq_completion; both kinds of rings are built in
//   AREAS      1: where used elements are written, and what, and nothing else; 0: all else
//   LINKS      0: without the assertions that make the others inductive
`default_nettype none

module virtio_vq_completion_formal #(
    parameter IN_ORDER = 0,
    parameter AREAS    = 0,
    parameter LINKS    = 1
) (
    input wire        aclk,
    input wire        aresetn,
    input wire        halt,
    input wire        stopping,
    input wire        stop_queue,
    input wire        scan_slot,
    input wire        forget_valid,
    input wire        forget_queue,
    input wire        scanning,
    input wire        scan_queue,
    input wire        allocate,
    input wire        allocate_queue,
    input wire        walked_valid,
    input wire        walked_slot,
    input wire        walked_bad,
    input wire [15:0] walked_id,
    input wire [2:0]  walked_span,
    input wire        show_valid,                // slot offer_slot is offered to the function, and taken by it
    input wire        bad_valid,
    input wire        drop_valid,
    input wire        offer_slot,
    input wire        command_valid,
    input wire        command_write,
    input wire        command_slot,
    input wire        read_done_valid,
    input wire        read_done_slot,
    input wire        write_done_valid,
    input wire        write_done_slot,
    input wire        write_done_error,
    input wire        done_valid,
    input wire        done_slot,
    input wire [31:0] done_written,
    input wire        table_grant,
    input wire        table_ready,
    input wire [15:0] table_num,
    input wire [31:0] table_desc,
    input wire [31:0] table_device,
    input wire        element_ready,
    input wire        element_done_valid,
    input wire        element_done_slot
);

    // The features of a driver do not change while the engine works.
    (* anyconst *) wire packed_ring;
    (* anyconst *) wire in_order;

    wire        free_valid, free_slot, command_room, scan_active, active, bad_ready, done_ready, accepted_valid, given_valid, given_slot;
    wire        renewed_valid, renewed_slot, release_valid, release_slot, release_queue, table_request, table_queue;
    wire        element_valid, element_part, element_slot, publish_valid, publish_queue, fault_valid, fault_queue;
    wire [1:0]  busy, walked, bad, dead, given, failed, settled, settles, element_size;
    wire [31:0] element_address;
    wire [63:0] element_data;
    wire [15:0] publish_position, fault_head;

    virtio_vq_slot_table #(.SLOTS(2), .SLOT_WIDTH(1), .QUEUE_WIDTH(1)) slot_table (
        .aclk(aclk), .aresetn(aresetn), .free_valid(free_valid), .free_slot(free_slot),
        .allocate(allocate), .allocate_queue(allocate_queue),
        .walked_valid(walked_valid), .walked_slot(walked_slot), .walked_bad(walked_bad),
        .command_valid(command_valid), .command_write(command_write), .command_slot(command_slot), .command_room(command_room),
        .read_done_valid(read_done_valid), .read_done_slot(read_done_slot),
        .write_done_valid(write_done_valid), .write_done_slot(write_done_slot), .write_done_error(write_done_error),
        .element_valid(element_valid && element_ready), .element_slot(element_slot),
        .element_done_valid(element_done_valid), .element_done_slot(element_done_slot),
        .given_valid(given_valid), .given_slot(given_slot), .renewed_valid(renewed_valid), .renewed_slot(renewed_slot),
        .accepted_valid(accepted_valid), .release_valid(release_valid), .release_slot(release_slot),
        .drop_valid(drop_valid), .drop_slot(offer_slot), .stopping(stopping), .stop_queue(stop_queue),
        .scan_slot(scan_slot), .scan_active(scan_active),
        .busy(busy), .walked(walked), .bad(bad), .dead(dead), .given(given), .failed(failed), .settled(settled),
        .settles(settles)
    );

    virtio_vq_completion #(
        .NUM_QUEUES(2), .QUEUE_WIDTH(1), .SLOTS(2), .SLOT_WIDTH(1), .PART_WIDTH(3), .ADDR_WIDTH(32), .WINDOW(16),
        .RING_PACKED(1), .IN_ORDER(IN_ORDER)
    ) dut (
        .aclk(aclk), .aresetn(aresetn), .halt(halt), .packed_ring(packed_ring), .in_order(in_order),
        .stopping(stopping), .stop_queue(stop_queue), .active(active), .forget_valid(forget_valid), .forget_queue(forget_queue),
        .scanning(scanning), .scan_queue(scan_queue),
        .begin_valid(allocate), .begin_slot(free_slot), .begin_queue(allocate_queue),
        .walked_valid(walked_valid), .walked_slot(walked_slot), .walked_id(walked_id), .walked_span(walked_span),
        .bad_valid(bad_valid), .bad_ready(bad_ready), .bad_slot(offer_slot),
        .done_valid(done_valid), .done_ready(done_ready), .done_slot(done_slot), .done_written(done_written), .done_fault(1'b0),
        .busy(busy), .dead(dead), .given(given), .failed(failed), .settled(settled),
        .settles(settles), .accepted_valid(accepted_valid), .given_valid(given_valid), .given_slot(given_slot),
        .renewed_valid(renewed_valid), .renewed_slot(renewed_slot),
        .release_valid(release_valid), .release_slot(release_slot), .release_queue(release_queue),
        .table_request(table_request), .table_queue(table_queue), .table_grant(table_grant), .table_ready(table_ready),
        .table_num(table_num), .table_desc(table_desc), .table_device(table_device),
        .element_valid(element_valid), .element_ready(element_ready), .element_address(element_address),
        .element_data(element_data), .element_size(element_size), .element_part(element_part), .element_slot(element_slot),
        .publish_valid(publish_valid), .publish_queue(publish_queue), .publish_position(publish_position),
        .fault_valid(fault_valid), .fault_queue(fault_queue), .fault_head(fault_head)
    );

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    (* anyconst *) wire i;

    // ------------------------------------------------------------------ each slot's account, from the ports alone
    // owns: the function has it, for the first time or again after a write that failed. due: times that it was given back, less
    // elements, up to 7. old: no element since it was given back last.
    wire taken    = element_valid && element_ready && !element_part;
    wire done     = done_valid && done_ready;
    wire bad_done = bad_valid && bad_ready;

    reg [1:0] shown, owns, back, has_element, old, its_queue;
    reg [2:0] writes [0:1];
    reg [2:0] reads  [0:1];
    reg [2:0] due [0:1];
    reg [2:0] answers [0:1];                     // used elements that are not answered
    reg [1:0] waits;                             // with IN_ORDER: the other slot's element comes first
    genvar    s;
    generate
        for (s = 0; s < 2; s = s + 1) begin : account
            wire its_begin   = allocate && free_slot == s;
            wire its_show    = show_valid && offer_slot == s;
            wire its_error   = write_done_valid && write_done_error && write_done_slot == s;
            wire its_done    = done && done_slot == s && busy[s];
            wire its_bad     = bad_done && offer_slot == s;
            wire its_element = taken && element_slot == s;
            wire other_ends  = (taken && element_slot != s) || !busy[1-s] || dead[1-s];
            always @(posedge aclk) begin
                if (!aresetn) begin
                    writes[s]   <= 3'd0;
                    reads[s]    <= 3'd0;
                    answers[s]  <= 3'd0;
                end else begin
                    writes[s]   <= writes[s] + {2'd0, command_valid && command_write && command_slot == s}
                                             - {2'd0, write_done_valid && write_done_slot == s};
                    reads[s]    <= reads[s] + {2'd0, command_valid && !command_write && command_slot == s}
                                            - {2'd0, read_done_valid && read_done_slot == s};
                    answers[s]  <= answers[s] + {2'd0, its_element} - {2'd0, element_done_valid && element_done_slot == s};
                end
                shown[s]       <= aresetn && !its_begin && (its_show || shown[s]);
                owns[s]        <= aresetn && !its_begin && (its_show || its_error || (owns[s] && !its_done));
                back[s]        <= aresetn && !its_begin && (its_done || its_bad || back[s]);
                has_element[s] <= aresetn && !its_begin && (its_element || has_element[s]);
                old[s]         <= aresetn && !its_begin && (its_done || its_bad || (old[s] && !its_element));
                due[s]         <= (!aresetn || its_begin) ? 3'd0 :
                                  due[s] + {2'd0, (its_done || its_bad) && due[s] != 3'd7} - {2'd0, its_element};
                if (its_begin)
                    its_queue[s] <= allocate_queue;
                waits[s]       <= aresetn && !other_ends && (its_begin ? its_queue[1-s] == allocate_queue &&
                    !has_element[1-s] : waits[s]);
            end
        end
    endgenerate

    // The walker ends each chain once. virtio_vq_offer gives each to the function, or as a bad one, or drops it. A function sends
    // commands for buffers that it has, and gives those back. Nothing is answered that was not sent. ABC lets an assumption be
    // broken in the cycle in which an assertion fails, so each assertion asks for all of them.
    wire [13:0] legal;
    assign legal[0] = !allocate || free_valid;
    assign legal[1] = !walked_valid || (busy[walked_slot] && !walked[walked_slot]);
    assign legal[2] = ({1'b0, show_valid} + {1'b0, bad_valid} + {1'b0, drop_valid} <= 2'd1);
    assign legal[3] = !(show_valid || bad_valid || drop_valid) || (busy[offer_slot] && walked[offer_slot] &&
        !shown[offer_slot] && !back[offer_slot]);
    assign legal[4] = !show_valid || (!bad[offer_slot] && !dead[offer_slot]);
    assign legal[5] = !bad_valid || (bad[offer_slot] && !dead[offer_slot]);
    assign legal[6] = !drop_valid || dead[offer_slot];
    assign legal[7] = !command_valid || (command_room && owns[command_slot] && !(done_valid && done_slot == command_slot));
    assign legal[8] = !done_valid || (owns[done_slot] && busy[done_slot]);
    assign legal[9] = !write_done_valid || writes[write_done_slot] != 3'd0;
    assign legal[10] = !read_done_valid || reads[read_done_slot] != 3'd0;
    assign legal[11] = !element_done_valid || answers[element_done_slot] != 3'd0;
    // Of a queue that starts, or whose stop ends, no buffer is alive.
    assign legal[12] = !forget_valid || (!(busy[0] && its_queue[0] == forget_queue && !dead[0]) &&
                                         !(busy[1] && its_queue[1] == forget_queue && !dead[1]) &&
                                         !(allocate && allocate_queue == forget_queue));
    // With IN_ORDER: of a queue whose slots are being given up, only heads that waited are begun, until that ends.
    reg  [1:0] given_up;
    reg  [5:0] late [0:1];                       // chains begun meanwhile
    wire       gives_up = stopping && busy[scan_slot] && its_queue[scan_slot] == stop_queue;
    assign legal[13] = IN_ORDER == 0 || !allocate || !given_up[allocate_queue] || late[allocate_queue] < 6'd32;
    generate
        for (s = 0; s < 2; s = s + 1) begin : giving_up
            wire its_forget = forget_valid && forget_queue == s;
            always @(posedge aclk) begin
                given_up[s] <= aresetn && !its_forget && (given_up[s] || (gives_up && stop_queue == s));
                late[s]     <= (!aresetn || its_forget || !given_up[s]) ? 6'd0 : late[s] + {5'd0, allocate &&
                    allocate_queue == s};
            end
        end
    endgenerate
    always @* begin
        a_begin:   assume (legal[0]);
        a_walk:    assume (legal[1]);
        a_offer:   assume (legal[2]);
        a_once:    assume (legal[3]);
        a_show:    assume (legal[4]);
        a_bad:     assume (legal[5]);
        a_drop:    assume (legal[6]);
        a_command: assume (legal[7]);
        a_done:    assume (legal[8]);
        a_write:   assume (legal[9]);
        a_read:    assume (legal[10]);
        a_answer:  assume (legal[11]);
        a_forget:  assume (legal[12]);
        a_late:    assume (legal[13]);
        a_aligned: assume (table_desc[3:0] == 4'd0 && table_device[1:0] == 2'd0);
    end

    (* hierconn *) wire        \dut.late_again ;
    wire its_release = release_valid && release_slot == i;
    wire its_news    = publish_valid && release_slot == i;
    wire its_element = element_valid && element_slot == i;

    reg past_redo;                               // given back again after its element was written
    always @(posedge aclk) past_redo <= aresetn && !(allocate && free_slot == i) && (past_redo || (done && done_slot == i &&
        has_element[i]));

    reg broken;
    always @(posedge aclk) broken <= started ? broken || !(&legal) : aresetn;

    always @* if (started && aresetn && AREAS == 0 && (&legal) && !broken) begin
        p4_covered:  assert (!its_release || (writes[i] == 3'd0 && answers[i] == 3'd0 && !owns[i]));
        p4_flags:    assert (!(its_element && packed_ring) || (writes[i] == 3'd0 && !owns[i]));
        p3_element:  assert (!its_element || (busy[i] && back[i] && due[i] != 3'd0));
        p3_written:  assert (!its_news || (has_element[i] && !old[i]));
        p3_queue:    assert (!its_release || (release_queue == its_queue[i] && publish_queue == its_queue[i]));
        p10_once:    assert (!its_release || (busy[i] && back[i] && !(drop_valid && offer_slot == i)));
        p8_dead:     assert (!its_news || (!dead[i] && !(stopping && stop_queue == its_queue[i])));
        p8_halt:     assert (!halt || !(release_valid || publish_valid));
        p3_room:     assert (!bad_valid || bad_ready || \dut.late_again );
        p3_busy:     assert (!(active && element_slot == i) || (busy[i] && walked[i] && back[i]));
        p3_order:   assert (IN_ORDER == 0 || !(its_element && in_order && !dead[i]) || !waits[i]);
        c_again:     cover (its_news && its_queue[i] && !packed_ring && past_redo);
    end

    // ------------------------------------------------------------------ for induction
    localparam [2:0] SETTING = 3'd2, WRITE = 3'd3, SETTLE = 3'd4;

    (* hierconn *) wire [2:0]  \dut.state ;
    (* hierconn *) wire        \dut.half ;
    (* hierconn *) wire [15:0] \dut.position ;
    (* hierconn *) wire [15:0] \dut.num ;
    (* hierconn *) wire        \dut.first_again ;
    (* hierconn *) wire [1:0]  \dut.has_position ;
    (* hierconn *) wire [15:0] \dut.positions[0] ;
    (* hierconn *) wire [15:0] \dut.positions[1] ;
    (* hierconn *) wire [15:0] \dut.places.words[0] ;
    (* hierconn *) wire [15:0] \dut.places.words[1] ;
    (* hierconn *) wire        \dut.queues.words[0] ;
    (* hierconn *) wire        \dut.queues.words[1] ;
    (* hierconn *) wire [18:0] \dut.infos.words[0] ;
    (* hierconn *) wire [18:0] \dut.infos.words[1] ;
    (* hierconn *) wire [31:0] \dut.lengths.words[0] ;
    (* hierconn *) wire [31:0] \dut.lengths.words[1] ;
    (* hierconn *) wire        \dut.crossing ;
    (* hierconn *) wire [2:0]  \dut.given_back.head ;
    (* hierconn *) wire [2:0]  \dut.given_back.tail ;
    (* hierconn *) wire        \dut.given_back.in_ready ;
    (* hierconn *) wire [1:0]  \dut.given_back.store[0] ;
    (* hierconn *) wire [1:0]  \dut.given_back.store[1] ;
    (* hierconn *) wire [1:0]  \dut.given_back.store[2] ;
    (* hierconn *) wire [1:0]  \dut.given_back.store[3] ;
    (* hierconn *) wire [1:0]  \dut.written.head ;
    (* hierconn *) wire [1:0]  \dut.written.tail ;
    (* hierconn *) wire        \dut.written.in_ready ;
    (* hierconn *) wire [17:0] \dut.written.store[0] ;
    (* hierconn *) wire [17:0] \dut.written.store[1] ;
    (* hierconn *) wire [1:0]  \dut.placed ;
    (* hierconn *) wire [1:0]  \dut.renewing ;
    (* hierconn *) wire [2:0]  \slot_table.flight[0].reads ;
    (* hierconn *) wire [2:0]  \slot_table.flight[1].reads ;
    (* hierconn *) wire [2:0]  \slot_table.flight[0].writes ;
    (* hierconn *) wire [2:0]  \slot_table.flight[1].writes ;
    (* hierconn *) wire        \slot_table.flight[0].element ;
    (* hierconn *) wire        \slot_table.flight[1].element ;
    (* hierconn *) wire        \slot_table.flight[0].no_read ;
    (* hierconn *) wire        \slot_table.flight[1].no_read ;
    (* hierconn *) wire        \slot_table.flight[0].no_write ;
    (* hierconn *) wire        \slot_table.flight[1].no_write ;
    (* hierconn *) wire        \slot_table.flight[0].reads_full ;
    (* hierconn *) wire        \slot_table.flight[1].reads_full ;
    (* hierconn *) wire        \slot_table.flight[0].writes_full ;
    (* hierconn *) wire        \slot_table.flight[1].writes_full ;
    (* hierconn *) wire        \slot_table.counting ;
    (* hierconn *) wire        \slot_table.counted_write ;
    (* hierconn *) wire        \slot_table.counted_slot ;
    (* hierconn *) wire        \dut.now_slot ;
    (* hierconn *) wire        \dut.now_queue ;
    (* hierconn *) wire [15:0] \dut.jump ;
    (* hierconn *) wire        \dut.last_valid ;
    (* hierconn *) wire        \dut.last_slot ;
    (* hierconn *) wire        \dut.last_queue ;
    (* hierconn *) wire        \dut.ring_order.look ;
    (* hierconn *) wire        \dut.ring_order.look_queue ;
    (* hierconn *) wire [7:0]  \dut.ring_order.look_number ;
    (* hierconn *) wire        \dut.ring_order.compared ;
    (* hierconn *) wire        \dut.ring_order.ahead ;
    (* hierconn *) wire        \dut.ring_order.look_waits ;
    (* hierconn *) wire        \dut.ring_order.turn ;
    (* hierconn *) wire        \slot_table.queues[0] ;
    (* hierconn *) wire        \slot_table.queues[1] ;
    (* hierconn *) wire [1:0] \dut.ring_order.waits ;
    (* hierconn *) wire [7:0] \dut.ring_order.begins[0] ;
    (* hierconn *) wire [7:0] \dut.ring_order.begins[1] ;
    (* hierconn *) wire [7:0] \dut.ring_order.ends[0] ;
    (* hierconn *) wire [7:0] \dut.ring_order.ends[1] ;
    (* hierconn *) wire [1:0] \dut.ring_order.has_begins ;
    (* hierconn *) wire [1:0] \dut.ring_order.has_ends ;
    (* hierconn *) wire [8:0] \dut.ring_order.numbers.words[0] ;
    (* hierconn *) wire [8:0] \dut.ring_order.numbers.words[1] ;

    generate
        if (AREAS == 0 && LINKS != 0) begin : links
            // Entries of each slot in the two stores: given back the first time, given back again, its element written.
            wire [2:0]  n_given   = \dut.given_back.tail - \dut.given_back.head ;
            wire [1:0]  n_written = \dut.written.tail - \dut.written.head ;
            wire [1:0]  given_at [0:3];
            wire [17:0] written_at [0:1];
            assign given_at[0]   = \dut.given_back.store[0] ;
            assign given_at[1]   = \dut.given_back.store[1] ;
            assign given_at[2]   = \dut.given_back.store[2] ;
            assign given_at[3]   = \dut.given_back.store[3] ;
            assign written_at[0] = \dut.written.store[0] ;
            assign written_at[1] = \dut.written.store[1] ;

            reg [2:0] firsts [0:1];
            reg [2:0] repeats [0:1];
            reg [1:0] issued [0:1];
            reg       queues_agree;
            integer   e;
            always @* begin
                {firsts[0], firsts[1], repeats[0], repeats[1]} = 12'd0;
                {issued[0], issued[1]} = 4'd0;
                queues_agree = 1'b1;
                if (\dut.late_again )
                    repeats[\dut.now_slot ] = repeats[\dut.now_slot ] + 3'd1;
                for (e = 0; e < 4; e = e + 1)
                    if (((e[1:0] - \dut.given_back.head [1:0]) & 2'd3) < n_given) begin
                        if (given_at[e][1])
                            repeats[given_at[e][0]] = repeats[given_at[e][0]] + 3'd1;
                        else
                            firsts[given_at[e][0]] = firsts[given_at[e][0]] + 3'd1;
                    end
                if (\dut.last_valid ) begin
                    issued[\dut.last_slot ] = issued[\dut.last_slot ] + 2'd1;
                    if (\dut.last_queue != its_queue[\dut.last_slot ])
                        queues_agree = 1'b0;
                end
                for (e = 0; e < 2; e = e + 1)
                    if (((e[0] ^ \dut.written.head [0]) ? 2'd1 : 2'd0) < n_written) begin
                        issued[written_at[e][17]] = issued[written_at[e][17]] + 2'd1;
                        if (written_at[e][16] != its_queue[written_at[e][17]])
                            queues_agree = 1'b0;
                    end
            end

            wire [1:0] in_queue = {\slot_table.queues[1] , \slot_table.queues[0] };
            wire [1:0] in_dut   = {\dut.queues.words[1] , \dut.queues.words[0] };
            wire [1:0] element  = {\slot_table.flight[1].element , \slot_table.flight[0].element };
            wire [1:0] halved   = (active && \dut.half ) ? 2'd1 << element_slot : 2'd0;
            wire [5:0] of_reads = {\slot_table.flight[1].reads , \slot_table.flight[0].reads };
            wire [5:0] of_writes = {\slot_table.flight[1].writes , \slot_table.flight[0].writes };
            wire [1:0] no_read  = {\slot_table.flight[1].no_read , \slot_table.flight[0].no_read };
            wire [1:0] no_write = {\slot_table.flight[1].no_write , \slot_table.flight[0].no_write };
            wire [1:0] reads_full = {\slot_table.flight[1].reads_full , \slot_table.flight[0].reads_full };
            wire [1:0] writes_full = {\slot_table.flight[1].writes_full , \slot_table.flight[0].writes_full };
            wire [1:0] counting = {2{\slot_table.counting }} & (2'd1 << \slot_table.counted_slot );

            // With IN_ORDER: which slots wait for their turn, by number. open: begun, and not in one of the two stores.
            wire [1:0]  held;                    // given back, and its turn has not come
            wire        order_ok;
            if (IN_ORDER == 0) begin : any_order
                assign held     = 2'd0;
                assign order_ok = 1'b1;
            end else begin : ring_order
                // Number of the next one that begins and of the next whose turn it is, by queue; of each slot.
                wire [1:0] open    = busy & ~{issued[1] != 2'd0 || firsts[1] != 3'd0, issued[0] != 2'd0 || firsts[0] != 3'd0};
                wire [7:0] begins [0:1];
                wire [7:0] ends   [0:1];
                wire [7:0] number [0:1];
                wire [1:0] in_numbers = {\dut.ring_order.numbers.words[1] [0], \dut.ring_order.numbers.words[0] [0]};
                assign begins[0] = \dut.ring_order.has_begins [0] ? \dut.ring_order.begins[0] : 8'd0;
                assign begins[1] = \dut.ring_order.has_begins [1] ? \dut.ring_order.begins[1] : 8'd0;
                assign ends[0]   = \dut.ring_order.has_ends [0] ? \dut.ring_order.ends[0] : 8'd0;
                assign ends[1]   = \dut.ring_order.has_ends [1] ? \dut.ring_order.ends[1] : 8'd0;
                assign number[0] = \dut.ring_order.numbers.words[0] [8:1];
                assign number[1] = \dut.ring_order.numbers.words[1] [8:1];
                assign held      = \dut.ring_order.waits ;

                // The slot that is looked at: its number, and that its turn has come.
                wire       at      = \dut.ring_order.look ;
                wire       look_ok = (!\dut.ring_order.look_waits || (held[at] && \dut.ring_order.ahead != at &&
                    \dut.ring_order.look_queue == its_queue[at] && \dut.ring_order.look_number == number[at])) &&
                    (!\dut.ring_order.turn || (\dut.ring_order.compared && \dut.ring_order.look_waits &&
                     (dead[at] || number[at] == ends[its_queue[at]])));

                wire [7:0] span [0:1];
                assign span[0] = begins[0] - ends[0];
                assign span[1] = begins[1] - ends[1];
                // How far from its turn a slot is.
                wire [7:0] far [0:1];
                assign far[0] = number[0] - ends[its_queue[0]];
                assign far[1] = number[1] - ends[its_queue[1]];
                wire [1:0] alive = open & ~dead;
                wire       alike = its_queue[0] == its_queue[1];
                wire [1:0] of_0  = alive & ~its_queue;
                wire [1:0] of_1  = alive & its_queue;

                reg [4:0] fine;
                reg [1:0] ahead;                 // of the other slot, in the store of those given back
                integer   o;
                always @* begin
                    ahead = 2'd0;
                    for (o = 0; o < 4; o = o + 1)
                        if (n_given != 3'd0 && !given_at[\dut.given_back.head [1:0]][1])
                            ahead = 2'd1 << given_at[\dut.given_back.head [1:0]][0];
                    fine = 5'h1F;
                    for (o = 0; o < 2; o = o + 1) begin
                        if (busy[o] && in_numbers[o] != its_queue[o])
                            fine[0] = 1'b0;
                        if (held[o] && !(busy[o] && back[o] && in_order))
                            fine[1] = 1'b0;
                        if (alive[o] && !(far[o] < span[its_queue[o]]))
                            fine[2] = 1'b0;
                        // It waits for the other one: which has a smaller number, or is in the store before it.
                        if (waits[o] && in_order && !dead[o] && busy[o] && busy[1-o] && alike && !has_element[1-o])
                            if (!(open[1-o] ? open[o] && (far[o] > far[1-o]) : firsts[1-o] != 3'd0 && (open[o] || ahead[1-o])))
                                fine[3] = 1'b0;
                        if (waits[o] && busy[o] && busy[1-o] && (has_element[1-o] || !alike))
                            fine[3] = 1'b0;
                        // Which is gone since the cycle before.
                        if (waits[o] && !dead[o] && busy[o] && !busy[1-o] && !open[o])
                            fine[3] = 1'b0;
                    end
                    if (alive == 2'd3 && alike && far[0] == far[1])
                        fine[4] = 1'b0;
                end
                wire spans_ok = !in_order || (
                    (given_up[0] ? {6'd0, of_0[0]} + {6'd0, of_0[1]} <= span[0] && span[0] <= 8'd2 + {2'd0, late[0]}
                                 : span[0] == {7'd0, of_0[0]} + {7'd0, of_0[1]}) &&
                    (given_up[1] ? {6'd0, of_1[0]} + {6'd0, of_1[1]} <= span[1] && span[1] <= 8'd2 + {2'd0, late[1]}
                                 : span[1] == {7'd0, of_1[0]} + {7'd0, of_1[1]}) && late[0] <= 6'd32 && late[1] <= 6'd32);
                assign order_ok = (&fine || !in_order) && look_ok && spans_ok && (in_order || held == 2'd0);
            end
            reg  [12:0] ok [0:1];
            integer    t;
            always @* begin
                for (t = 0; t < 2; t = t + 1) begin
                    ok[t][0]  = of_reads[3*t +: 3] == reads[t] - {2'd0, counting[t] && !\slot_table.counted_write } &&
                                of_writes[3*t +: 3] == writes[t] - {2'd0, counting[t] && \slot_table.counted_write } &&
                                !(counting[t] && (\slot_table.counted_write ? &of_writes[3*t +: 3] : &of_reads[3*t +: 3])) &&
                                no_read[t] == (of_reads[3*t +: 3] == 3'd0) && no_write[t] == (of_writes[3*t +: 3] == 3'd0) &&
                                reads_full[t] == (of_reads[3*t +: 3] >= 3'd6) &&
                                writes_full[t] == (of_writes[3*t +: 3] >= 3'd6);
                    ok[t][1]  = answers[t] <= 3'd1 && element[t] == (answers[t] != 3'd0 || halved[t]) &&
                                !(answers[t] != 3'd0 && (halved[t] || firsts[t] != 3'd0 || held[t]));
                    ok[t][2]  = busy[t] || (writes[t] == 3'd0 && reads[t] == 3'd0 && !element[t] && !owns[t]);
                    ok[t][3]  = !busy[t] || (in_queue[t] == its_queue[t] && in_dut[t] == its_queue[t]);
                    ok[t][4]  = !busy[t] || (given[t] == back[t] && (!(shown[t] || back[t]) || walked[t]));
                    ok[t][5]  = !busy[t] || shown[t] || (writes[t] == 3'd0 && reads[t] == 3'd0 && !owns[t] && !failed[t]);
                    ok[t][6]  = !busy[t] || !back[t] || failed[t] == owns[t];
                    ok[t][7]  = (busy[t] && back[t]) ? {1'b0, firsts[t]} + {2'b0, issued[t]} + {3'd0, held[t]} == 4'd1 :
                                                       firsts[t] == 3'd0 && issued[t] == 2'd0 && !held[t];
                    ok[t][8]  = repeats[t] <= 3'd1 && (\dut.renewing [t] || (\dut.late_again && \dut.now_slot == t)) == (repeats[t] != 3'd0) &&
                        !(\dut.renewing [t] && \dut.late_again && \dut.now_slot == t) &&
                        (repeats[t] == 3'd0 || (issued[t] == 2'd1 && has_element[t]));
                    ok[t][9]  = !(busy[t] && back[t]) || (\dut.placed [t] == has_element[t] &&
                                                          (!has_element[t] || issued[t] == 2'd1) &&
                                                          (has_element[t] || firsts[t] != 3'd0 || held[t] || dead[t]));
                    ok[t][10] = {1'b0, due[t]} >= {1'b0, firsts[t]} + {1'b0, repeats[t]} + {3'd0, held[t]} &&
                                !(busy[t] && back[t] && old[t] && issued[t] == 2'd1 && !dead[t] && repeats[t] == 3'd0);
                    ok[t][12] = !(packed_ring && busy[t] && has_element[t]) || (writes[t] == 3'd0 && !owns[t]);
                    ok[t][11] = !(busy[t] && !back[t]) || (!element[t] && !has_element[t]);
                end
            end

            always @* if (started && aresetn && (&legal) && !broken) begin
                link_given:   assert (n_given <= 3'd4 && \dut.given_back.in_ready == (n_given != 3'd4) &&
                                      (!active || n_given != 3'd0));
                link_written: assert (n_written <= 2'd2 && \dut.written.in_ready == (n_written != 2'd2) && queues_agree);
                link_free:    assert (!free_valid || !(busy[free_slot] || walked[free_slot] || bad[free_slot] || dead[free_slot] ||
                                      given[free_slot] || failed[free_slot]));
                link_late:    assert (!\dut.late_again || (!active && !packed_ring && element[\dut.now_slot ]));
                link_now:     assert (!active || (\dut.now_slot == given_at[\dut.given_back.head [1:0]][0] &&
                                      \dut.now_queue == its_queue[\dut.now_slot ]));
                link_half:    assert (!(active && \dut.half && \dut.state != SETTING && \dut.state != WRITE));
                link_packed:  assert (!(packed_ring && active) || (!\dut.first_again && !\dut.half &&
                                      (\dut.state != WRITE || (writes[element_slot] == 3'd0 &&
                                       reads[element_slot] == 3'd0 && !owns[element_slot])) &&
                                      ((\dut.state != WRITE && \dut.state != SETTLE) || !\dut.crossing )));
                link_settle:  assert (packed_ring || \dut.state != SETTLE);
                link_state:   assert (\dut.state <= SETTLE);
                link_packed_again: assert (!packed_ring || (repeats[0] == 3'd0 && repeats[1] == 3'd0));
                link_again:   assert (!(active && \dut.first_again ) || answers[element_slot] == 3'd0);
                link_first:   assert (!(active && !\dut.first_again ) || \dut.written.in_ready );
                link_0:  assert (ok[0][0] && ok[1][0]);
                link_1:  assert (ok[0][1] && ok[1][1]);
                link_2:  assert (ok[0][2] && ok[1][2]);
                link_3:  assert (ok[0][3] && ok[1][3]);
                link_4:  assert (ok[0][4] && ok[1][4]);
                link_5:  assert (ok[0][5] && ok[1][5]);
                link_6:  assert (ok[0][6] && ok[1][6]);
                link_7:  assert (ok[0][7] && ok[1][7]);
                link_8:  assert (ok[0][8] && ok[1][8]);
                link_9:  assert (ok[0][9] && ok[1][9]);
                link_10: assert (ok[0][10] && ok[1][10]);
                link_11: assert (ok[0][11] && ok[1][11]);
                link_order: assert (order_ok);
                link_12: assert (ok[0][12] && ok[1][12]);
            end
        end
    endgenerate

    // ------------------------------------------------------------------ where elements are written, and what
    // Queue q, any, with settings that change only as it starts. at_next: position of its next element, packed with the wrap
    // counter. A slot that is at the element stage is in use: p3_busy, proved with AREAS = 0.

    (* anyconst *) wire q;
    reg [15:0] its_num, at_next;
    reg [31:0] its_desc, its_device;
    reg [15:0] id [0:1];
    reg [2:0]  span [0:1];
    reg [31:0] written [0:1];
    reg        second;                           // the second half of an element comes
    wire       its_start = forget_valid && forget_queue == q;
    wire       its_work  = active && table_queue == q;
    wire       at_slot   = element_slot;
    wire [16:0] jump     = {2'd0, at_next[14:0]} + {14'd0, span[at_slot]};
    wire [16:0] beyond   = jump - {1'b0, its_num};
    wire [15:0] after    = !packed_ring ? at_next + 16'd1 :
                           (jump >= {1'b0, its_num}) ? {!at_next[15], beyond[14:0]} : {at_next[15], jump[14:0]};
    wire [15:0] fresh    = packed_ring ? 16'h8000 : 16'd0;
    always @(posedge aclk) begin
        if (!aresetn || its_start) begin
            its_num    <= table_num;
            its_desc   <= table_desc;
            its_device <= table_device;
            at_next    <= fresh;
        end else if (taken && table_queue == q && !\dut.first_again )
            at_next    <= after;
        second <= aresetn && (second ? !(element_valid && element_ready) : element_valid && element_ready && element_part);
        if (walked_valid) begin
            id[walked_slot]   <= walked_id;
            span[walked_slot] <= walked_span;
        end
        if (done)          written[done_slot]  <= done_written;
        else if (bad_done) written[offer_slot] <= 32'd0;
    end
    wire is_power = (table_num & (table_num - 16'd1)) == 16'd0;

    generate
        if (AREAS != 0) begin : areas
            wire        owned0   = busy[0] && its_queue[0] == q && !dead[0];
            wire        owned1   = busy[1] && its_queue[1] == q && !dead[1];
            wire [15:0] split_at = \dut.position & (its_num - 16'd1);
            wire [31:0] split_to = its_device + 32'd4 + {13'd0, split_at, 3'd0} + {29'd0, second, 2'd0};
            wire [31:0] packed_to = its_desc + {13'd0, \dut.position [14:0], 4'd8};
            wire        its_write = element_valid && table_queue == q;
            wire [15:0] flags    = {\dut.position [15], 7'd0, \dut.position [15], 5'd0, written[at_slot] != 32'd0, 1'b0};
            wire [63:0] whole    = packed_ring ? {flags, id[at_slot], written[at_slot]} : {written[at_slot], 16'd0, id[at_slot]};
            wire [15:0] its_position = q ? \dut.positions[1] : \dut.positions[0] ;
            always @* begin
                a_size:     assume (table_num != 16'd0 && table_num <= 16'd32768 && (packed_ring || is_power));
                a_settings: assume (!(\dut.state == SETTING && table_queue == q && !second) ||
                                    (table_num == its_num && table_desc == its_desc && table_device == its_device));
                a_span:     assume (!(walked_valid && its_queue[walked_slot] == q && !dead[walked_slot]) ||
                                    {13'd0, walked_span} <= its_num);
                a_work:     assume (!its_start || !its_work);
                a_busy:     assume (!active || (busy[at_slot] && walked[at_slot] && back[at_slot] && !(its_work &&
                    \dut.first_again && packed_ring)));
            end
            wire [15:0] expected = !\dut.first_again ? at_next : at_slot ? \dut.places.words[1] : \dut.places.words[0] ;
            wire [15:0] its_at   = expected & (its_num - 16'd1);
            wire [3:0]  behind   = its_device[3:0] + {its_at[0], 3'd0} + 4'd8;       // of the second half of an element
            wire [2:0]  waiting  = \dut.given_back.tail - \dut.given_back.head ;
            always @* if (started) begin
                link_given:  assert (waiting <= 3'd4 && \dut.given_back.in_ready == (waiting != 3'd4) &&
                                     (!active || waiting != 3'd0));
                p2_element:  assert (!its_write || element_address == (packed_ring ? packed_to : split_to));
                p2_inside:   assert (!(its_write && packed_ring) || {1'b0, \dut.position [14:0]} < its_num);
                p2_whole:    assert (!its_write || element_size == ((second || element_part) ? 2'd2 : 2'd3));
                p2_window:   assert (!its_write || {1'b0, element_address[3:0]} + (element_size == 2'd3 ? 5'd8 : 5'd4) <= 5'd16);
                p3_place:    assert (!(its_write && !\dut.first_again ) || \dut.position == at_next);
                p3_data:     assert (!its_write || (element_size == 2'd3 ? element_data == (element_address[2] &&
                                     !packed_ring ? {whole[31:0], whole[63:32]} : whole) :
                                                    (element_address[2] ? element_data[63:32] == (second ? whole[63:32] : whole[31:0])
                                                                        : element_data[31:0] == (second ? whole[63:32] : whole[31:0]))));
                c_halves:    cover (taken && second && its_work && written[at_slot] == 32'h12345678);
                p10_halves:  assert (!second || active);
                link_second: assert (active ? second == \dut.half : !second);
                link_settle: assert (\dut.state <= SETTLE && !(\dut.state == SETTLE && (second || !packed_ring)) &&
                                     !(its_work && \dut.state == SETTLE && element_address != packed_to));
                link_half:   assert (!(its_work && second) || (!packed_ring && behind == 4'd0 && (\dut.state == WRITE ||
                                     (\dut.state == SETTING && element_address == split_to))));
                link_cross:  assert (!(its_work && !second && (\dut.state == WRITE || \dut.state == SETTLE)) ||
                                     \dut.crossing == (&element_address[3:2]));
                link_place:  assert (!(its_work &&
                                     (\dut.state == SETTING || \dut.state == WRITE || \dut.state == SETTLE)) || \dut.position == expected);
                link_now:    assert (!active || \dut.now_queue == its_queue[at_slot]);
                link_jump:   assert (!(its_work && (\dut.state == WRITE || \dut.state == SETTLE) && !second) ||
                                     \dut.jump == {1'b0, \dut.position [14:0]} + {13'd0, span[at_slot]});
                link_queues: assert ((!busy[0] || \dut.queues.words[0] == its_queue[0]) &&
                                     (!busy[1] || \dut.queues.words[1] == its_queue[1]));
                link_infos:  assert ((!walked[0] || \dut.infos.words[0] == {id[0], span[0]}) &&
                                     (!walked[1] || \dut.infos.words[1] == {id[1], span[1]}));
                link_length: assert ((!back[0] || \dut.lengths.words[0] == written[0]) &&
                                     (!back[1] || \dut.lengths.words[1] == written[1]));
                link_next:   assert ((\dut.has_position [q] ? its_position : fresh) == at_next &&
                                     (!packed_ring || {1'b0, at_next[14:0]} < its_num));
                link_size:   assert (its_num != 16'd0 && its_num <= 16'd32768 &&
                                     (packed_ring || (its_num & (its_num - 16'd1)) == 16'd0) &&
                                     its_desc[3:0] == 4'd0 && its_device[1:0] == 2'd0);
                link_span:   assert ((!(owned0 && walked[0]) || {13'd0, span[0]} <= its_num) && (!(owned1 &&
                                     walked[1]) || {13'd0, span[1]} <= its_num) &&
                                     (!its_work || {13'd0, span[at_slot]} <= its_num));
                link_num:    assert (!(its_work && (\dut.state == WRITE || \dut.state == SETTLE) && packed_ring) || \dut.num == its_num);
            end
        end
    endgenerate

endmodule

`default_nettype wire
