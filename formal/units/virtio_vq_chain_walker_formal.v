// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_chain_walker_formal: whatever bytes the descriptors are, a chain ends: after at most MAX_CHAIN + 1 descriptors that
// are used, and one that is refused, it is handed over, once, or the walker has raised a fault. It has at most MAX_CHAIN parts.
// Descriptors are read only from the queue's table, and from a table that one of them has announced.
//
// In the copy of the RTL that is proved, virtio_vq_any_channel stands for virtio_vq_read_channel: descriptors are any bytes,
// and come at any time. There is one slot.
//
//   MAX_CHAIN, ON_CHAIN_ERROR   as in virtio_vq_chain_walker
`default_nettype none

// Gives anything, at any time; it is asked for nothing.
module virtio_vq_any_channel #(
    parameter DATA_WIDTH = 64,
    parameter ADDR_WIDTH = 64,
    parameter BEATS_LOG2 = 8,
    parameter JOB_BEATS  = 16,
    parameter JOBS_LOG2  = 4,
    parameter TAG_WIDTH  = 4,
    parameter ALIGN_LOG2 = 0,
    parameter REGISTERED = 0
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    job_valid,
    output wire                    job_ready,
    input  wire [ADDR_WIDTH-1:0]   job_address,
    input  wire [12:0]             job_bytes,
    input  wire                    job_last,
    input  wire                    job_fill,
    input  wire [TAG_WIDTH-1:0]    job_tag,
    output wire                    read_valid,
    input  wire                    read_ready,
    output wire [ADDR_WIDTH-1:0]   read_address,
    output wire [12:0]             read_bytes,
    input  wire                    beat_valid,
    input  wire [DATA_WIDTH-1:0]   beat_data,
    input  wire                    beat_error,
    output wire                    retired_valid,
    output wire [TAG_WIDTH-1:0]    retired_tag,
    output wire                    out_valid,
    input  wire                    out_ready,
    output wire [DATA_WIDTH-1:0]   out_data,
    output wire [DATA_WIDTH/8-1:0] out_keep,
    output wire                    out_last,
    output wire                    out_error
);
    (* anyseq *) wire                  any_ready;
    (* anyseq *) wire                  any_valid;
    (* anyseq *) wire [DATA_WIDTH-1:0] any_data;
    (* anyseq *) wire                  any_error;

    assign job_ready     = any_ready;
    assign out_valid     = any_valid;
    assign out_data      = any_data;
    assign out_error     = any_error;
    assign out_keep      = {(DATA_WIDTH/8){1'b1}};
    assign out_last      = 1'b0;
    assign read_valid    = job_valid;
    assign read_address  = job_address;
    assign read_bytes    = job_bytes;
    assign retired_valid = 1'b0;
    assign retired_tag   = job_tag;
endmodule

module virtio_vq_chain_walker_formal #(
    parameter MAX_CHAIN      = 3,
    parameter ON_CHAIN_ERROR = 0
) (
    input wire        aclk,
    input wire        aresetn,
    input wire        halt,
    input wire        indirect,
    input wire        stopping,
    input wire        forget_valid,
    input wire        dead,
    input wire        head_valid,
    input wire [15:0] head,
    input wire        table_grant,
    input wire        table_ready,
    input wire [15:0] table_num,
    input wire [31:0] table_desc,
    input wire        free_valid,
    input wire        read_ready
);

    localparam [3:0] MOST = MAX_CHAIN;

    // The features of a driver do not change while the engine works.
    (* anyconst *) wire packed_ring;

    wire        beginning, begin_queue, head_pop, table_request, allocate, read_valid, part_valid, part_slot, walked_valid;
    wire        walked_slot, walked_bad, fault_valid, fault_queue, waiting;
    wire [31:0] read_address, part_address, part_length, walked_readable, walked_writable;
    wire [12:0] read_bytes;
    wire [2:0]  part_index, walked_readable_parts, walked_parts, walked_span;
    wire [15:0] walked_id, fault_head;
    wire [7:0]  fault_code;

    virtio_vq_chain_walker #(
        .NUM_QUEUES(1), .QUEUE_WIDTH(1), .SLOTS(1), .SLOT_WIDTH(1), .MAX_CHAIN(MAX_CHAIN), .PART_WIDTH(3),
        .DATA_WIDTH(128), .ADDR_WIDTH(32), .RING_PACKED(1), .INDIRECT(1), .ON_CHAIN_ERROR(ON_CHAIN_ERROR)
    ) dut (
        .aclk(aclk), .aresetn(aresetn), .halt(halt), .packed_ring(packed_ring), .indirect(indirect),
        .stopping(stopping), .stop_queue(1'b0), .beginning(beginning), .begin_queue(begin_queue),
        .forget_valid(forget_valid), .forget_queue(1'b0), .dead(dead),
        .head_valid(head_valid), .head_pop(head_pop), .head_queue(1'b0), .head(head),
        .table_request(table_request), .table_grant(table_grant), .table_ready(table_ready), .table_num(table_num),
        .table_desc(table_desc), .free_valid(free_valid), .free_slot(1'b0), .allocate(allocate),
        .read_valid(read_valid), .read_ready(read_ready), .read_address(read_address), .read_bytes(read_bytes),
        .beat_valid(1'b0), .beat_data(128'd0), .beat_error(1'b0),
        .part_valid(part_valid), .part_slot(part_slot), .part_index(part_index), .part_address(part_address),
        .part_length(part_length), .walked_valid(walked_valid), .walked_slot(walked_slot), .walked_bad(walked_bad),
        .walked_readable(walked_readable), .walked_writable(walked_writable),
        .walked_readable_parts(walked_readable_parts), .walked_parts(walked_parts), .walked_id(walked_id),
        .walked_span(walked_span), .fault_valid(fault_valid), .fault_code(fault_code), .fault_queue(fault_queue),
        .fault_head(fault_head), .waiting(waiting)
    );

    (* hierconn *) wire         \dut.look ;
    (* hierconn *) wire [7:0]   \dut.found ;
    (* hierconn *) wire         \dut.first ;
    (* hierconn *) wire         \dut.in_chain ;
    (* hierconn *) wire         \dut.in_table ;
    (* hierconn *) wire [1:0]   \dut.p_state ;
    (* hierconn *) wire [7:0]   \dut.wrong ;
    (* hierconn *) wire [7:0]   \dut.wrong_now ;
    (* hierconn *) wire         \dut.late_look ;
    (* hierconn *) wire [2:0]   \dut.tally ;
    (* hierconn *) wire [2:0]   \dut.parts ;
    (* hierconn *) wire [2:0]   \dut.readable_parts ;
    (* hierconn *) wire [2:0]   \dut.most ;
    (* hierconn *) wire         \dut.finished ;
    (* hierconn *) wire [21:0]  \dut.request ;
    (* hierconn *) wire         \dut.slot ;
    (* hierconn *) wire         \dut.flight_slot ;
    (* hierconn *) wire         \dut.again_valid ;
    (* hierconn *) wire         \dut.flight_first ;
    (* hierconn *) wire [2:0]   \dut.requests.head ;
    (* hierconn *) wire [2:0]   \dut.requests.tail ;
    (* hierconn *) wire [2:0]   \dut.flights.head ;
    (* hierconn *) wire [2:0]   \dut.flights.tail ;
    (* hierconn *) wire [142:0] \dut.contexts.words[0] ;
    (* hierconn *) wire [31:0]  \dut.request_address ;
    (* hierconn *) wire [15:0]  \dut.flight_index ;
    (* hierconn *) wire [31:0]  \dut.base ;
    (* hierconn *) wire [16:0]  \dut.limit ;
    (* hierconn *) wire [15:0]  \dut.index ;
    (* hierconn *) wire [1:0]   \dut.b_state ;
    (* hierconn *) wire [15:0]  \dut.b_num ;
    (* hierconn *) wire         \dut.b_known ;
    (* hierconn *) wire [15:0]  \dut.b_head ;
    (* hierconn *) wire         \dut.head_wrong ;
    (* hierconn *) wire [3:0]   \dut.b_count ;

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    // The slot is free until a chain is begun in it, and not again before that has ended. A queue has at least one entry.
    reg        going;
    always @* begin
        free_once: assume (!free_valid || !going);
        has_size:  assume (table_num != 16'd0 && table_num <= 16'd32768);
        in_ring:   assume (!packed_ring || \dut.b_state != 2'd3 || {1'b0, \dut.b_head [14:0]} < \dut.b_num );
    end

    wire gives_up = \dut.p_state == 2'd3 && \dut.wrong_now != 8'd0 && !walked_valid;
    reg       first;                             // its first descriptors have not come yet
    reg       used_one;                          // of this read
    reg [3:0] looks;                             // descriptors of the chain that were used, without one that was refused
    reg [3:0] reads;                             // reads of descriptors
    always @(posedge aclk) begin
        if (!aresetn) begin
            going <= 1'b0;
            first <= 1'b0;
            looks <= 4'd0;
            reads <= 4'd0;
        end else begin
            going <= allocate || (going && !walked_valid && !gives_up);
            first <= allocate || (first && \dut.p_state != 2'd1);
            looks <= allocate ? 4'd0 : looks + {3'd0, \dut.look && \dut.found == 8'd0};
            reads <= allocate ? 4'd1 : reads + {3'd0, \dut.again_valid };
        end
        used_one <= (\dut.p_state == 2'd2 && (used_one || \dut.look )) || (\dut.p_state == 2'd3 && used_one);
    end

    wire [2:0] asked = \dut.requests.tail - \dut.requests.head ;
    wire [2:0] sent  = \dut.flights.tail - \dut.flights.head ;
    (* hierconn *) wire [64:0] \dut.starts.words[0] ;
    wire [15:0] its_num   = \dut.starts.words[0] [64:49];        // size of the queue as the chain began
    wire [2:0] kept_tally = \dut.contexts.words[0] [92:90];
    wire [2:0] kept_parts = \dut.contexts.words[0] [86:84];
    wire [2:0] kept_readable = \dut.contexts.words[0] [89:87];
    wire       kept_table = \dut.contexts.words[0] [93];
    wire [31:0] its_desc   = \dut.starts.words[0] [48:17];
    wire [31:0] kept_base  = \dut.contexts.words[0] [142:111];
    wire [16:0] kept_limit = \dut.contexts.words[0] [110:94];
    wire        of_table   = !first && kept_table;                 // what is asked for or has been sent
    wire [35:0] read_size  = {28'd0, \dut.request [19:16], 4'd0};
    wire [35:0] in_ring_at = {4'd0, \dut.request_address - its_desc};
    wire [35:0] in_table_at = {4'd0, \dut.request_address - kept_base};
    wire [16:0] asked_at   = {1'b0, \dut.request [15] && (of_table || !packed_ring), \dut.request [14:0]};
    wire [16:0] sent_at    = {1'b0, \dut.flight_index [15] && (of_table || !packed_ring), \dut.flight_index [14:0]};
    wire [16:0] load_at    = {1'b0, \dut.index [15] && (of_table || !packed_ring), \dut.index [14:0]};
    wire [16:0] work_at    = {1'b0, \dut.index [15] && (\dut.in_table || !packed_ring), \dut.index [14:0]};
    wire [16:0] its_limit  = of_table ? kept_limit : {1'b0, its_num};
    wire [15:0] begin_at   = packed_ring ? {1'b0, \dut.b_head [14:0]} : \dut.b_head ;
    wire       between    = going && !first && (\dut.p_state == 2'd0 || \dut.p_state == 2'd1);
    wire       at_work    = \dut.p_state == 2'd2 || \dut.p_state == 2'd3;

    always @* if (started) begin
        p9_bound:     assert (looks <= MOST + 4'd1);
        p9_reads:     assert (!going || reads <= MOST + 4'd2);
        p9_parts:     assert (!part_valid || {1'b0, part_index} < MOST);
        p2_ring:      assert (asked == 3'd0 || of_table || in_ring_at + read_size <= {16'd0, its_num, 4'd0});
        p2_table:     assert (asked == 3'd0 || !of_table || in_table_at + read_size <= {15'd0, kept_limit, 4'd0});
        p9_handed:    assert (!walked_valid || (going && {1'b0, walked_parts} <= MOST && walked_readable_parts <= walked_parts));
        p9_one_read:  assert ({1'b0, asked} + {1'b0, sent} + {3'd0, \dut.p_state != 2'd0} == {3'd0, going});

        link_known:   assert (!\dut.b_known || (\dut.b_num != 16'd0 && \dut.b_num <= 16'd32768));
        link_begin:   assert (\dut.b_state != 2'd3 || (\dut.b_num != 16'd0 && \dut.b_num <= 16'd32768));
        link_count:   assert (\dut.b_state != 2'd3 || begin_at >= \dut.b_num || {12'd0, \dut.b_count } <= \dut.b_num - begin_at);
        link_size:    assert (!going || (its_num != 16'd0 && its_num <= 16'd32768));
        link_limit:   assert (!between || kept_table || kept_limit == {1'b0, its_num});
        link_at:      assert ((asked == 3'd0 || asked_at < its_limit) && (sent == 3'd0 || sent_at < its_limit) &&
                              (\dut.p_state != 2'd1 || load_at < its_limit));
        link_work:    assert (!at_work || ((\dut.in_table || \dut.limit == {1'b0, its_num}) &&
                                           (work_at < \dut.limit || \dut.finished || \dut.wrong != 8'd0)));
        link_first:   assert ((asked == 3'd0 || \dut.request [20] == first) && (sent == 3'd0 || \dut.flight_first == first) &&
                              (\dut.p_state != 2'd1 || \dut.first == first) && (!at_work || !first));
        link_between: assert (!between || (looks == {1'b0, kept_tally} + {3'd0, kept_table} && {1'b0, kept_tally} <= MOST && {13'd0, kept_tally} <= its_num &&
                                           kept_parts <= kept_tally && kept_readable <= kept_parts && looks + 4'd1 >= reads));
        link_at_work: assert (!at_work || ((\dut.wrong == 8'd0 ? looks == {1'b0, \dut.tally } + {3'd0, \dut.in_table } : looks <= MOST + 4'd1) &&
                                           \dut.tally <= \dut.most && {13'd0, \dut.most } == ((its_num < {12'd0, MOST}) ? its_num : {12'd0, MOST}) && \dut.parts <= \dut.tally && \dut.readable_parts <= \dut.parts &&
                                           looks + {3'd0, \dut.wrong != 8'd0} + 4'd1 >= reads + {3'd0, used_one}));
        link_used:    assert ((\dut.p_state != 2'd1 || \dut.in_chain ) && (\dut.p_state != 2'd2 || used_one || \dut.in_chain ) &&
                              (\dut.p_state != 2'd3 || used_one) && (\dut.p_state != 2'd1 || !used_one));
        link_wrong:   assert ((\dut.p_state != 2'd1 || \dut.wrong == 8'd0) && !(at_work && \dut.wrong != 8'd0 && \dut.in_chain ) &&
                              !(at_work && \dut.finished && \dut.in_chain ));
        link_head:    assert (\dut.b_state != 2'd3 || \dut.head_wrong == (!packed_ring && \dut.b_head >= \dut.b_num ));
        link_late:    assert (!\dut.late_look || (at_work && used_one));
        link_slot:    assert ((asked == 3'd0 || !\dut.request [21]) && (sent == 3'd0 || !\dut.flight_slot ) && (\dut.p_state == 2'd0 || !\dut.slot ));
        link_new:     assert (!going || !first || (looks == 4'd0 && reads == 4'd1));
        c_longest:    cover (walked_valid && looks == MOST + 4'd1 && !walked_bad && !packed_ring);
        c_loop:       cover (fault_valid && fault_code == 8'd4 && looks == MOST + 4'd1);
    end

endmodule

`default_nettype wire
