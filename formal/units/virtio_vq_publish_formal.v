// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_publish_formal: used.idx is answered before the wish is read, the wish is read before the decision, and nobody is
// told of what is not published; nothing but used.idx is written, nothing but the wish read. The account of the queue at work is
// kept beside the design's, from its ports alone.
//
//   NUM_QUEUES, QUEUE_WIDTH   as in virtio_vq_publish; both kinds of rings are built in
//   AREAS                     1: which addresses are used, and nothing else; 0: all else
`default_nettype none

module virtio_vq_publish_formal #(
    parameter NUM_QUEUES  = 2,
    parameter QUEUE_WIDTH = 1,
    parameter AREAS       = 0
) (
    input wire                   aclk,
    input wire                   aresetn,
    input wire                   halt,
    input wire                   event_idx,
    input wire                   stopping,
    input wire [QUEUE_WIDTH-1:0] stop_queue,
    input wire                   forget_valid,
    input wire [QUEUE_WIDTH-1:0] forget_queue,
    input wire                   publish_valid,
    input wire [QUEUE_WIDTH-1:0] publish_queue,
    input wire [15:0]            publish_position,
    input wire                   coming_valid,
    input wire [QUEUE_WIDTH-1:0] coming_queue,
    input wire                   table_grant,
    input wire                   table_ready,
    input wire [15:0]            table_num,
    input wire [31:0]            table_driver,
    input wire [31:0]            table_device,
    input wire                   index_ready,
    input wire                   answer_valid,
    input wire                   answer_error,
    input wire                   read_ready,
    input wire                   beat_valid,
    input wire [63:0]            beat_data,
    input wire                   beat_error,
    input wire                   event_ready
);

    wire                   active, table_request, index_valid, read_valid, event_valid, event_suppressed, fault_valid;
    wire [QUEUE_WIDTH-1:0] active_queue;
    wire [31:0]            index_address, read_address;
    wire [15:0]            index_data;
    wire [12:0]            read_bytes;

    // The features of a driver do not change while the engine works.
    (* anyconst *) wire packed_ring;
    (* anyconst *) wire by_index;
    always @* feature: assume (event_idx == by_index);

    virtio_vq_publish #(
        .NUM_QUEUES(NUM_QUEUES), .QUEUE_WIDTH(QUEUE_WIDTH), .ADDR_WIDTH(32), .RING_PACKED(1), .EVENT_IDX(1)
    ) dut (
        .aclk(aclk), .aresetn(aresetn), .halt(halt), .packed_ring(packed_ring), .event_idx(event_idx),
        .stopping(stopping), .stop_queue(stop_queue), .active(active), .active_queue(active_queue),
        .forget_valid(forget_valid), .forget_queue(forget_queue),
        .publish_valid(publish_valid), .publish_queue(publish_queue), .publish_position(publish_position),
        .coming_valid(coming_valid), .coming_queue(coming_queue),
        .table_request(table_request), .table_grant(table_grant), .table_ready(table_ready), .table_num(table_num),
        .table_driver(table_driver), .table_device(table_device),
        .index_valid(index_valid), .index_ready(index_ready), .index_address(index_address), .index_data(index_data),
        .answer_valid(answer_valid), .answer_error(answer_error),
        .read_valid(read_valid), .read_ready(read_ready), .read_address(read_address), .read_bytes(read_bytes),
        .beat_valid(beat_valid), .beat_data(beat_data), .beat_error(beat_error),
        .event_valid(event_valid), .event_ready(event_ready), .event_suppressed(event_suppressed),
        .fault_valid(fault_valid)
    );

    (* hierconn *) wire [NUM_QUEUES-1:0] \dut.work ;
    (* hierconn *) wire [5:0]            \dut.state ;
    (* hierconn *) wire [15:0]           \dut.news ;
    (* hierconn *) wire [15:0]           \dut.complete[0] ;
    (* hierconn *) wire [15:0]           \dut.complete[1] ;
    (* hierconn *) wire [31:0]           \dut.driver ;
    (* hierconn *) wire [31:0]           \dut.device ;

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    // ------------------------------------------------------------------ the bus answers what it was asked, once
    reg writing, reading;
    wire write_taken = index_valid && index_ready;
    wire read_taken  = read_valid && read_ready;
    always @(posedge aclk) begin
        writing <= aresetn && (write_taken || (writing && !answer_valid));
        reading <= aresetn && (read_taken || (reading && !beat_valid));
    end
    always @* begin
        a3_asked:   assume (!beat_valid || reading);
        a4_written: assume (!answer_valid || writing);
    end

    // ------------------------------------------------------------------ the turn
    // What has happened since the queue was looked up last.
    reg        published, asked, wished, failed;
    reg [15:0] complete;                         // of the queue i, any, by publish_*
    reg        announced;                        // something of it was announced that no turn has begun with
    (* anyconst *) wire [QUEUE_WIDTH-1:0] i;
    wire its_news = publish_valid && publish_queue == i;
    wire its_stop = stopping && stop_queue == i;
    wire its_turn = active && active_queue == i;

    // The areas of the queue, as they were looked up in this turn. The fetcher takes no ring that is not aligned.
    reg [31:0] driver, device;
    reg [15:0] num;
    reg        past_grant;
    always @* aligned: assume (table_device[1:0] == 2'd0);
    always @* a_size:  assume (packed_ring || (table_num & (table_num - 16'd1)) == 16'd0);
    always @(posedge aclk) begin
        past_grant <= table_request && table_grant;
        if (past_grant) {driver, device, num} <= {table_driver, table_device, table_num};
    end

    wire [31:0] wish_at = driver + (by_index && !packed_ring ? {15'd0, num, 1'b0} + 32'd4 : 32'd0);
    wire        telling = \dut.state == 6'd16 || \dut.state == 6'd3 || \dut.state == 6'd8 || \dut.state == 6'd4 ||
                          \dut.state == 6'd5 || \dut.state == 6'd6;
    wire [15:0] its_complete = i == 0 ? \dut.complete[0] : \dut.complete[1] ;
    wire        looked  = \dut.state == 6'd16 || \dut.state == 6'd3 || \dut.state == 6'd8 ||
                          \dut.state == 6'd32;

    reg past_active, held_event;
    reg [QUEUE_WIDTH-1:0] past_queue;
    // The turn takes the position that it tells of; READY waits for one, and takes that of the same cycle.
    wire readies = its_turn && \dut.state == 6'd32;
    wire takes   = (its_turn && \dut.state == 6'd2) || readies;
    reg  known, newest;                          // something was announced; nothing since the turn has taken its position
    always @(posedge aclk) begin
        past_active <= aresetn && active && !(event_valid && event_ready);
        past_queue  <= active_queue;
        held_event  <= aresetn && event_valid && !event_ready;
        if (!aresetn || !active) begin
            published <= 1'b0;
            asked     <= 1'b0;
            wished    <= 1'b0;
        end else begin
            if (answer_valid && !answer_error)               published <= 1'b1;
            if (read_taken)                                  asked     <= 1'b1;
            if (asked && beat_valid && !beat_error)          wished    <= 1'b1;
        end
        failed <= aresetn && (failed || (answer_valid && answer_error) || (beat_valid && beat_error));
        if (!aresetn || its_stop)          announced <= 1'b0;
        else if (its_news && !readies)     announced <= 1'b1;
        else if (takes)                    announced <= 1'b0;
        if (its_news) complete <= publish_position;
        known <= aresetn && (known || its_news);
        if (!aresetn)                      newest <= 1'b0;
        else if (takes)                    newest <= readies || !its_news;
        else if (its_news)                 newest <= 1'b0;
    end

    always @* if (started && AREAS == 0) begin
        p5_answered:   assert (!(read_valid && !packed_ring) || published);
        p5_asked:      assert (!(event_valid || event_suppressed) || (asked && wished));
        p5_published:  assert (!(event_valid || event_suppressed) || packed_ring || published);
        p5_alone:      assert (!(writing && reading) && !(read_valid && writing) && !(event_valid && (writing || reading)));
        p5_once:       assert (!read_valid || !asked);
        p5_held:       assert (!held_event || event_valid);
        p5_turn:       assert (!past_active || !active || active_queue == past_queue);
        p8_failed:     assert (!failed || !(index_valid || read_valid || event_valid));
        p3_kept:       assert (!announced || its_turn || \dut.work [i]);
        p3_newest:     assert (!(index_valid && its_turn && newest) || index_data == complete);
        link_newest:   assert (!(its_turn && newest && known && telling) || \dut.news == complete);
        link_known:    assert (!\dut.work [i] || known);
        link_telling:  assert (!(its_turn && telling) || known);
        link_complete: assert (!known || its_complete == complete);
        c_told:        cover (event_valid && !packed_ring && event_idx && held_event);
        c_not_told:    cover (event_suppressed && packed_ring);
    end

    always @* if (started && AREAS == 1) begin
        p2_index:      assert (!index_valid || (!packed_ring && index_address == device + 32'd2));
        p2_wish:       assert (!read_valid || (read_address == wish_at && read_bytes == (packed_ring ? 13'd4 : 13'd2)));
        link_looked:   assert (!looked || (\dut.device == device && device[1:0] == 2'd0));
        link_driver:   assert (!looked || \dut.driver == wish_at);
    end

endmodule

`default_nettype wire
