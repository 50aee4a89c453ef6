// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_split_fetch_formal: no sleep with work and no lost kick, of the fetcher together with virtio_vq_doorbell, wired as in
// the engine. Queue i, any, is followed: when it is left alone, the last read of avail.idx was asked for after the arming write
// was answered, and it found nothing; and every kick is followed by a read of avail.idx that is asked for after it.
//
//   EVENT_IDX, SUPPRESS_KICKS   as in virtio_vq_split_fetch
`default_nettype none

module virtio_vq_split_fetch_formal #(
    parameter EVENT_IDX      = 1,
    parameter SUPPRESS_KICKS = 1
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
    input wire [63:0] beat_data,
    input wire        beat_error,
    input wire        arm_ready,
    input wire        armed_valid,
    input wire [5:0]  head_room
);

    // The features of a driver do not change while the engine works.
    (* anyconst *) wire event_idx;

    wire        active, of_queue, pick_valid, pick_queue, pick_pull, pick_take, look_valid, again_valid, park_valid, took_valid;
    wire        none_valid, table_request, read_valid, arm_valid, head_valid, fault_valid, suppressed, ask_ready;
    wire [4:0]  pick_limit, took_count;
    wire [31:0] read_address, arm_address;
    wire [12:0] read_bytes;
    wire [15:0] arm_data, head;
    wire [7:0]  fault_code;

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
        .active(active), .of_queue(of_queue), .kick_valid(kick_valid), .kick_queue(kick_queue), .kick_data(16'd0),
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
    (* hierconn *) wire [3:0]  \dut.state ;
    (* hierconn *) wire [15:0] \dut.position ;
    (* hierconn *) wire [15:0] \dut.entry ;
    (* hierconn *) wire [15:0] \dut.num ;
    (* hierconn *) wire [15:0] \dut.known ;
    (* hierconn *) wire        \dut.armed ;
    (* hierconn *) wire [2:0]  \dut.unanswered ;
    (* hierconn *) wire [1:0]  \dut.has_kept ;
    (* hierconn *) wire [32:0] \dut.kept[0] ;
    (* hierconn *) wire [32:0] \dut.kept[1] ;
    (* hierconn *) wire [4:0]  \dut.count ;

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    // ------------------------------------------------------------------ the bus
    // One read at a time is asked for; up to 5 beats of it come (16 entries, not aligned). Arming writes are answered in order.
    wire       read_taken = read_valid && read_ready;
    wire [2:0] lead       = {1'b0, read_address[2:1]};
    wire [4:0] halves     = {2'd0, lead} + read_bytes[5:1];
    wire [2:0] beats      = (halves + 5'd3) >> 2;
    reg  [2:0] owed, arms;
    wire       arm_taken  = arm_valid && arm_ready;
    always @(posedge aclk) begin
        owed <= !aresetn ? 3'd0 : owed + (read_taken ? beats : 3'd0) - {2'd0, beat_valid};
        arms <= !aresetn ? 3'd0 : arms + {2'd0, arm_taken} - {2'd0, armed_valid};
    end
    always @* begin
        a3_owed: assume (!beat_valid || owed != 3'd0);
        a4_owed: assume (!armed_valid || arms != 3'd0);
    end

    `define KEPT(name, condition) always @* name: assume (!aresetn || (condition));
    `include "virtio_vq_split_fetch_use.vh"
    `undef KEPT

    (* anyconst *) wire i;
    wire its_turn  = active && of_queue == i;
    wire its_stop  = stopping && stop_queue == i;
    wire its_start = forget_valid && forget_queue == i;
    wire its_kick  = kick_valid && kick_queue == i;

    // ------------------------------------------------------------------ kicks: a later read of avail.idx
    wire index_read = read_taken && read_bytes == 13'd2 && read_address == \dut.driver + 32'd2 && \dut.state == 4'd4;
    wire its_look   = index_read && its_turn;
    wire not_ready  = \dut.state == 4'd2 && !table_ready && its_turn;
    reg  owes;                                   // a kick has come since the last read of avail.idx was asked for
    always @(posedge aclk) begin
        if (!aresetn || its_stop)              owes <= 1'b0;
        else if (its_kick)                     owes <= 1'b1;
        else if (its_look || not_ready)        owes <= 1'b0;
    end

    // ------------------------------------------------------------------ sleep: armed and answered, then read, and found empty
    // armed: the last arming write says "kick me for this position" and was answered before the read that is the last one.
    reg armed;                                   // the last word written for i asks for a kick; by flags it does from the start
    reg answered;                                // and that was answered before the last read of avail.idx was asked for
    reg empty;                                   // and that read found nothing
    reg looked;                                  // that answer has come
    reg [2:0] pending;                           // answers to come until that of the last arming write of i has
    reg [31:0] its_device;                       // of the queue at work, as it was looked up
    always @(posedge aclk) if (\dut.state == 4'd2) its_device <= table_device[31:0];
    wire asks = EVENT_IDX != 0 && event_idx ? (arm_address == its_device + {13'd0, \dut.num , 3'd0} + 32'd4 && arm_data == \dut.position )
                                            : (arm_address == its_device && arm_data == 16'd0);
    wire by_flags = !(EVENT_IDX != 0 && event_idx);
    wire found    = \dut.state == 4'd5 && \dut.stored_valid && its_turn;
    wire took     = took_valid && its_turn && !its_stop;
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
            else if (head_valid && its_turn) begin
                empty    <= 1'b0;
                if (!by_flags) armed <= 1'b0;        // the position goes on, the old one was asked for
            end
        end
    end
    always @(posedge aclk) begin
        if (!aresetn)                                 pending <= 3'd0;
        else if (arm_taken && its_turn)               pending <= arms + 3'd1 - {2'd0, armed_valid};
        else if (armed_valid && pending != 3'd0)      pending <= pending - 3'd1;
        looked <= aresetn && its_turn && (looked || found) && !look_valid;
    end
    reg its_gone;                                // its turn ended for another reason than sleep: stop, not ready, fault
    always @(posedge aclk) begin
        if (!aresetn || its_start || its_stop || not_ready || halt)    its_gone <= 1'b1;
        else if (its_kick || its_look)                                 its_gone <= 1'b0;
    end

    wire stuck = \dut.state == 4'd14;

    always @* if (started) begin
        p7_kept:      assert (!owes || \bell.work [i]);
        p7_look:      assert (!(look_valid && its_turn && aresetn) || its_look || not_ready);
        p6_sleep:     assert (\bell.work [i] || its_turn || its_gone || owes || stuck || (armed && answered && empty));
        p5_one_read:  assert (!read_valid || owed == 3'd0);
        p8_stuck:     assert (!stuck || !(read_valid || arm_valid || head_valid || table_request));
        link_arms:    assert ((\dut.unanswered == arms && arms <= 3'd5 && pending <= arms));
        link_kept:    assert (!\dut.has_kept [i] || !(i ? \dut.kept[1] [32] : \dut.kept[0] [32]) || (armed && (pending == 3'd0)) || its_gone);
        link_armed:   assert (!(its_turn && \dut.state >= 4'd3 && \dut.armed ) || (armed && (pending == 3'd0 || \dut.state == 4'd13)) || its_gone);
        link_looked:  assert (!(looked && (\dut.state == 4'd6 || (\dut.state == 4'd11 && \dut.count == 5'd0))) ||
                              empty == (\dut.known == \dut.position ) || its_gone);
        c_sleeps:     cover (!\bell.work [i] && !active && armed && answered && empty && !its_gone && event_idx);
    end

endmodule

`default_nettype wire
