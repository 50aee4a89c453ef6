// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_chain_walker: reads and checks the descriptors of every buffer; many chains are read at the same time.
//
// Three stages. `begin` takes a head, gives it a slot and asks for its first descriptors; the settings of the queue of the
// last head are kept, so that another head of that queue needs no look-up. `issue` reads up to 8
// descriptors that lie one behind the other; the slot's queue tells how many its last chain had. `process` looks at one
// descriptor after the other, in the order in which they were asked for; what was read ahead and is not next in its
// chain is thrown away. A chain that goes on elsewhere goes back to `issue`. A descriptor is used as read once.
// A chain costs at most MAX_CHAIN + 1 descriptors that are used, whatever the driver writes.
//
//   In one cycle                                        who wins
//   a chain's read ends, and another chain begins       the read that ends
//   the slot is dead, and its chain goes on             the chain; a cycle later the slot ends without further reads
//   a read ends, and another one waits                  both, but not behind a fault
//   fault 9 and another one of a descriptor             5, 6, 7, 10, 12; then 9; then 3, 4, 8
//
//   Timing: a read costs one cycle beside its descriptors. A descriptor that is whole is used in this cycle; what is
//   beyond the last address, or more than 2^32 - 1 bytes, is found in the next one, before anything is made of the
//   chain.
//
//   MAX_CHAIN       most descriptors of a buffer, those that refer to a table not counted
//   PART_WIDTH      bits for 0..MAX_CHAIN + 1
//   ON_CHAIN_ERROR  1: a bad split chain is handed on as `bad` instead of a fault
`default_nettype none

module virtio_vq_chain_walker #(
    parameter NUM_QUEUES     = 2,
    parameter QUEUE_WIDTH    = 1,
    parameter SLOTS          = 16,
    parameter SLOT_WIDTH     = 4,
    parameter MAX_CHAIN      = 64,
    parameter PART_WIDTH     = 7,
    parameter DATA_WIDTH     = 64,
    parameter ADDR_WIDTH     = 64,
    parameter RING_PACKED    = 0,
    parameter INDIRECT       = 1,
    parameter ON_CHAIN_ERROR = 0
) (
    input  wire                   aclk,
    input  wire                   aresetn,
    input  wire                   halt,
    input  wire                   packed_ring,           // accepted
    input  wire                   indirect,              // accepted

    input  wire                   stopping,
    input  wire [QUEUE_WIDTH-1:0] stop_queue,
    output wire                   beginning,             // a head of begin_queue is being given a slot
    output wire [QUEUE_WIDTH-1:0] begin_queue,
    input  wire                   forget_valid,
    input  wire [QUEUE_WIDTH-1:0] forget_queue,
    input  wire [SLOTS-1:0]       dead,

    input  wire                   head_valid,
    output wire                   head_pop,
    input  wire [QUEUE_WIDTH-1:0] head_queue,
    input  wire [15:0]            head,                  // packed: wrap counter and position

    output wire                   table_request,
    input  wire                   table_grant,
    input  wire                   table_ready,
    input  wire [15:0]            table_num,
    input  wire [ADDR_WIDTH-1:0]  table_desc,

    input  wire                   free_valid,
    input  wire [SLOT_WIDTH-1:0]  free_slot,
    output wire                   allocate,              // free_slot to begin_queue

    output wire                   read_valid,
    input  wire                   read_ready,
    output wire [ADDR_WIDTH-1:0]  read_address,
    output wire [12:0]            read_bytes,
    input  wire                   beat_valid,
    input  wire [DATA_WIDTH-1:0]  beat_data,
    input  wire                   beat_error,

    output wire                   part_valid,            // one part of a slot, readable ones first
    output wire [SLOT_WIDTH-1:0]  part_slot,
    output wire [PART_WIDTH-1:0]  part_index,
    output wire [ADDR_WIDTH-1:0]  part_address,
    output wire [31:0]            part_length,

    output wire                   walked_valid,
    output wire [SLOT_WIDTH-1:0]  walked_slot,
    output wire                   walked_bad,            // always 0 without ON_CHAIN_ERROR
    output wire [31:0]            walked_readable,       // bytes
    output wire [31:0]            walked_writable,
    output wire [PART_WIDTH-1:0]  walked_readable_parts,
    output wire [PART_WIDTH-1:0]  walked_parts,
    output wire [15:0]            walked_id,             // for the used element
    output wire [PART_WIDTH-1:0]  walked_span,           // packed: descriptors in the ring

    output reg                    fault_valid,
    output reg  [7:0]             fault_code,
    output reg  [QUEUE_WIDTH-1:0] fault_queue,
    output reg  [15:0]            fault_head,

    output wire                   waiting                // a head waits for a slot, for a counter
);

    localparam FIFO_LOG2 = (SLOTS > 4) ? $clog2(SLOTS) : 2;

    localparam [31:0]           MAX_WIDE = MAX_CHAIN;
    localparam [PART_WIDTH-1:0] MAX      = MAX_WIDE[PART_WIDTH-1:0];
    localparam [PART_WIDTH-1:0] ONE_PART = 1;
    localparam [63:0]           LOW_WORD = 64'h0000_0000_FFFF_FFFF;

    wire packed_in = (RING_PACKED != 0) && packed_ring;

    // ------------------------------------------------------------------ begin
    localparam [1:0] B_IDLE    = 2'd0;
    localparam [1:0] B_LOOKUP  = 2'd1;
    localparam [1:0] B_SETTING = 2'd2;
    localparam [1:0] B_PUSH    = 2'd3;

    reg  [1:0]            b_state;
    reg  [QUEUE_WIDTH-1:0] b_queue;                      // of the head, which stays in its store until it has a slot
    reg  [15:0]           b_head;
    reg  [15:0]           b_num;
    reg  [ADDR_WIDTH-1:0] b_desc;
    reg  [3:0]            b_count;
    reg                   b_fault;
    reg                   head_wrong;
    reg                   b_known;                       // b_num, b_desc are those of b_queue

    wire                  head_stop  = stopping && (stop_queue == head_queue);
    wire                  b_begin    = (b_state == B_IDLE) && head_valid && free_valid && !halt && !head_stop;
    wire                  b_same     = b_known && (head_queue == b_queue);
    wire                  b_stop     = stopping && (stop_queue == b_queue);
    wire                  read_ends;                     // a chain may go back to issue
    wire                  again_valid;
    wire                  requests_ready;
    wire                  push       = (b_state == B_PUSH) && !b_stop && !head_wrong && free_valid && requests_ready &&
                                       !read_ends;

    assign beginning     = (b_state != B_IDLE);
    assign begin_queue   = b_queue;
    assign table_request = (b_state == B_LOOKUP);
    assign head_pop      = push;
    assign allocate      = push;
    assign waiting       = head_valid && !free_valid;

    // How many descriptors the last chain of each queue had in the ring; 4 before there was one.
    reg  [3:0]            hints [0:NUM_QUEUES-1];
    reg  [NUM_QUEUES-1:0] has_hint;
    wire                  hint_valid;
    wire [QUEUE_WIDTH-1:0] hint_queue;
    wire [3:0]            hint_count;
    reg  [3:0]            hint;
    wire                  b_new      = (b_state == B_SETTING);                // else the head at hand, of the same queue
    wire [15:0]           num_now    = b_new ? table_num : b_num;
    wire [15:0]           head_now   = b_new ? b_head : head;
    wire [16:0]           b_to_end   = {1'b0, num_now} - {1'b0, head_now[15] && !packed_in, head_now[14:0]};

    always @(posedge aclk) begin
        if (hint_valid)
            hints[hint_queue] <= hint_count;
    end

    always @(posedge aclk) begin
        if (!aresetn)
            has_hint <= {NUM_QUEUES{1'b0}};
        else begin
            if (hint_valid)
                has_hint[hint_queue] <= 1'b1;
            if (forget_valid)
                has_hint[forget_queue] <= 1'b0;
        end
    end

    always @(posedge aclk) begin
        if (!aresetn)
            b_state <= B_IDLE;
        else case (b_state)
            B_IDLE: if (head_valid && free_valid && !halt && !head_stop)
                b_state <= b_same ? B_PUSH : B_LOOKUP;
            B_LOOKUP: if (table_grant)
                b_state <= B_SETTING;
            B_SETTING:
                b_state <= (b_stop || !table_ready) ? B_IDLE : B_PUSH;
            default: if (b_stop || push)
                b_state <= B_IDLE;
        endcase
    end

    always @(posedge aclk) begin
        if (!aresetn || (b_begin && !b_same) || (forget_valid && (forget_queue == b_queue)))
            b_known <= 1'b0;
        else if (b_new)
            b_known <= table_ready && !b_stop;
    end

    always @(posedge aclk) begin
        if (b_begin) begin
            b_queue    <= head_queue;
            b_head     <= head;
        end
        if (b_new) begin
            b_num      <= table_num;
            b_desc     <= table_desc;
        end
        if (b_new || b_begin) begin
            head_wrong <= !packed_in && (b_to_end[16] || (b_to_end[15:0] == 16'd0));
            b_count    <= ((b_to_end[15:4] == 12'd0) && (b_to_end[3:0] < hint)) ? b_to_end[3:0] : hint;
        end
        hint    <= has_hint[b_queue] ? hints[b_queue] : 4'd4;
        b_fault <= aresetn && (b_state == B_PUSH) && !b_stop && head_wrong;
    end

    // ------------------------------------------------------------------ issue
    localparam START_WIDTH   = 16 + ADDR_WIDTH + QUEUE_WIDTH + 16;
    localparam REQUEST_WIDTH = SLOT_WIDTH + 1 + 4 + 16;

    wire [SLOT_WIDTH-1:0] again_slot;
    wire [3:0]            again_count;
    wire [15:0]           again_index;
    wire [ADDR_WIDTH-1:0] again_base;
    wire [15:0]           begin_index   = {b_head[15] && !packed_in, b_head[14:0]};
    wire [15:0]           again_entry;
    wire [ADDR_WIDTH-1:0] table_base    = read_ends ? again_base : b_desc;
    wire [15:0]           table_entry   = read_ends ? again_entry : begin_index;
    wire [ADDR_WIDTH-1:0] begin_address = table_base + {{(ADDR_WIDTH - 20){1'b0}}, table_entry, 4'd0};

    wire                     request_valid;
    wire [REQUEST_WIDTH-1:0] request;
    wire [ADDR_WIDTH-1:0]    request_address;
    wire [3:0]               request_count = request[19:16];
    wire                     flights_ready;
    wire                     job_ready;
    wire                     issue         = request_valid && flights_ready && job_ready;

    // Every slot has at most one request in one of the two stores.
    virtio_sync_fifo #(.WIDTH(REQUEST_WIDTH + ADDR_WIDTH), .LOG2_DEPTH(FIFO_LOG2)) requests (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(push || again_valid), .in_ready(requests_ready),
        .in_data({begin_address, read_ends ? {again_slot, 1'b0, again_count, again_index} :
                                             {free_slot, 1'b1, b_count, b_head}}),
        .out_valid(request_valid), .out_ready(flights_ready && job_ready), .out_data({request_address, request})
    );

    wire                  flight_valid;
    wire                  flight_pop;
    wire [SLOT_WIDTH-1:0] flight_slot;
    wire                  flight_first;
    wire [3:0]            flight_count;
    wire [15:0]           flight_index;

    virtio_sync_fifo #(.WIDTH(REQUEST_WIDTH), .LOG2_DEPTH(FIFO_LOG2)) flights (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(issue), .in_ready(flights_ready), .in_data(request),
        .out_valid(flight_valid), .out_ready(flight_pop),
        .out_data({flight_slot, flight_first, flight_count, flight_index})
    );

    wire                    word_valid;
    wire                    word_ready;
    wire [DATA_WIDTH-1:0]   word;
    wire [DATA_WIDTH/8-1:0] word_keep;
    wire                    word_last;
    wire                    word_error;
    wire                    unused_retired;
    wire                    unused_tag;

    virtio_vq_read_channel #(
        .DATA_WIDTH(DATA_WIDTH), .ADDR_WIDTH(ADDR_WIDTH), .BEATS_LOG2(8), .JOB_BEATS(8 * 16 / (DATA_WIDTH / 8) + 1),
        .JOBS_LOG2(FIFO_LOG2), .TAG_WIDTH(1),
        .ALIGN_LOG2((INDIRECT != 0) ? 0 : 4), .REGISTERED((INDIRECT != 0) ? 1 : 0)
    ) channel (
        .aclk(aclk), .aresetn(aresetn),
        .job_valid(request_valid && flights_ready), .job_ready(job_ready), .job_address(request_address),
        .job_bytes({5'd0, request_count, 4'd0}), .job_last(1'b1), .job_fill(1'b0), .job_tag(1'b0),
        .read_valid(read_valid), .read_ready(read_ready), .read_address(read_address), .read_bytes(read_bytes),
        .beat_valid(beat_valid), .beat_data(beat_data), .beat_error(beat_error),
        .retired_valid(unused_retired), .retired_tag(unused_tag),
        .out_valid(word_valid), .out_ready(word_ready), .out_data(word), .out_keep(word_keep), .out_last(word_last),
        .out_error(word_error)
    );

    // ------------------------------------------------------------------ words to descriptors
    wire         desc_valid;
    wire         desc_pop;
    wire [127:0] desc;

    generate
        if (DATA_WIDTH == 64) begin : two_words
            reg        half;
            reg [63:0] low;

            assign desc_valid = half && word_valid;
            assign desc       = {word, low};
            assign word_ready = !half || desc_pop;

            always @(posedge aclk) begin
                if (!aresetn)
                    half <= 1'b0;
                else if (word_valid && word_ready)
                    half <= !half;
                if (!half)
                    low <= word;
            end
        end else if (DATA_WIDTH == 128) begin : one_word
            assign desc_valid = word_valid;
            assign desc       = word;
            assign word_ready = desc_pop;
        end else begin : half_word
            reg  half;
            wire whole = word_keep[DATA_WIDTH/8-1];

            assign desc_valid = word_valid;
            assign desc       = half ? word[DATA_WIDTH-1:DATA_WIDTH-128] : word[127:0];
            assign word_ready = desc_pop && (half || !whole);

            always @(posedge aclk) begin
                if (!aresetn)
                    half <= 1'b0;
                else if (desc_valid && desc_pop)
                    half <= !half && whole;
            end
        end
    endgenerate

    // ------------------------------------------------------------------ process
    localparam [1:0] P_IDLE = 2'd0;
    localparam [1:0] P_LOAD = 2'd1;
    localparam [1:0] P_RUN  = 2'd2;
    localparam [1:0] P_END  = 2'd3;

    localparam CONTEXT_WIDTH = ADDR_WIDTH + 17 + 1 + 3 * PART_WIDTH + 64 + 1 + PART_WIDTH + 16;

    reg  [1:0]               p_state;
    reg  [SLOT_WIDTH-1:0]    slot;
    reg                      first;
    reg  [3:0]               left;                       // descriptors of this read
    reg  [15:0]              index;                      // of the next one
    reg                      in_chain;                      // it belongs to the chain
    reg                      finished;
    reg  [7:0]               wrong;                      // fault code, 0 for none
    reg                      stuck;
    reg                      gone;                       // the slot was dead a cycle before

    // Of the chain, kept in `contexts` between two reads.
    reg  [ADDR_WIDTH-1:0]    base;                       // of the table; means nothing before in_table
    reg  [16:0]              limit;                      // entries of the table
    reg                      in_table;
    reg  [PART_WIDTH-1:0]    tally;                      // descriptors that are buffers
    reg  [PART_WIDTH-1:0]    readable_parts;
    reg  [PART_WIDTH-1:0]    parts;
    reg  [31:0]              readable;                   // bytes
    reg  [31:0]              bytes;                      // readable and writable ones
    reg                      wrote;                      // a writable part has come
    reg  [PART_WIDTH-1:0]    span;                       // descriptors in the ring
    reg  [15:0]              id;                         // packed: of the last of them

    wire [15:0]              start_num;
    wire [ADDR_WIDTH-1:0]    start_desc;
    wire [QUEUE_WIDTH-1:0]   start_queue;
    wire [15:0]              start_head;
    wire [CONTEXT_WIDTH-1:0] stored;

    virtio_vq_record #(.WIDTH(START_WIDTH), .DEPTH(SLOTS), .ADDR_WIDTH(SLOT_WIDTH)) starts (
        .aclk(aclk),
        .write_enable(push), .write_address(free_slot), .write_data({b_num, b_desc, b_queue, b_head}),
        .read_address(slot), .read_data({start_num, start_desc, start_queue, start_head})
    );

    virtio_vq_record #(.WIDTH(CONTEXT_WIDTH), .DEPTH(SLOTS), .ADDR_WIDTH(SLOT_WIDTH)) contexts (
        .aclk(aclk),
        .write_enable(p_state == P_END), .write_address(slot),
        .write_data({base, limit, in_table, tally, readable_parts, parts, readable, bytes, wrote, span, id}),
        .read_address(slot), .read_data(stored)
    );

    reg  [15:0]           ring_num;                      // start_num, a cycle later
    reg  [PART_WIDTH-1:0] most;                          // descriptors that are buffers, at most
    wire        few_entries = (start_num[15:PART_WIDTH] == {(16 - PART_WIDTH){1'b0}}) &&
                              (start_num[PART_WIDTH-1:0] < MAX);

    // The descriptor at hand.
    wire [63:0] d_address  = desc[63:0];
    wire [31:0] d_length   = desc[95:64];
    wire [15:0] d_flags    = packed_in ? desc[127:112] : desc[111:96];
    wire [15:0] d_next     = desc[127:112];
    wire        d_goes_on  = d_flags[0];
    wire        d_write    = d_flags[1];
    wire        d_refers   = d_flags[2] && !in_table;
    wire        d_empty    = (d_length == 32'd0);
    wire        d_free     = (d_flags[7] != index[15]) || (d_flags[15] == index[15]);     // packed: not available

    wire [14:0] ring_next  = index[14:0] + 15'd1;
    wire        ring_end   = ({1'b0, ring_next} == ring_num) || (ring_num == 16'd32768 && ring_next == 15'd0);
    wire [15:0] in_order   = (!packed_in || in_table) ? index + 16'd1 :
                             ring_end ? {!index[15], 15'd0} : {index[15], ring_next};
    wire        more       = (packed_in && in_table) ? ({1'b0, in_order} != limit) : d_goes_on;
    wire [15:0] next_index = packed_in ? in_order : d_next;

    // The last byte is beyond ADDR_WIDTH bits if what carries leaves more than nothing.
    wire [32:0] d_end      = {1'b0, d_address[31:0]} + {1'b0, d_length};
    wire        d_high     = &(d_address[ADDR_WIDTH-1:0] | LOW_WORD[ADDR_WIDTH-1:0]);
    wire        high_address;
    generate
        if (ADDR_WIDTH < 64) begin : high_bits
            assign high_address = |d_address[63:ADDR_WIDTH];
        end else begin : no_high_bits
            assign high_address = 1'b0;
        end
    endgenerate
    wire [32:0] total      = {1'b0, bytes} + {1'b0, d_length};
    wire        no_table   = (INDIRECT == 0) || !indirect;

    // What needs a sum is known in the next cycle, of the descriptor that was looked at before.
    reg         late_look;
    reg         late_high;                               // above the bits of an address, and not empty
    reg         late_carry;
    reg         late_lower;                              // something is left of what carries, in either half
    reg         late_upper;
    wire        late_nothing = !late_lower && !late_upper;
    reg         late_total;
    wire        too_far    = late_high || (late_carry && !late_nothing);
    wire        outranks   = (wrong == 8'd0) || (wrong == 8'd3) || (wrong == 8'd4) || (wrong == 8'd8);
    wire        late       = late_look && outranks && (too_far || late_total);
    wire [7:0]  wrong_now  = late ? 8'd9 : wrong;

    reg  [7:0]  found;                                   // fault code, 0 for none; fault 9 comes a cycle later

    always @* begin
        found = 8'd0;
        if (word_error)
            found = 8'd10;
        else if (packed_in && !in_table && d_free)
            found = 8'd12;
        else if (d_refers && no_table)
            found = 8'd5;
        else if (d_refers && (d_goes_on || (packed_in && (span != {PART_WIDTH{1'b0}}))))
            found = 8'd6;
        else if (in_table && d_flags[2] && !packed_in)
            found = 8'd6;
        else if (d_refers && (d_empty || (d_length[3:0] != 4'd0)))
            found = 8'd7;
        else if (!d_refers && (tally == most))
            found = 8'd4;
        else if (!d_refers && !d_empty && !d_write && wrote)
            found = 8'd8;
        else if (!d_refers && !packed_in && d_goes_on && ({1'b0, d_next} >= limit))
            found = 8'd3;
    end

    wire look = (p_state == P_RUN) && desc_valid && in_chain && !late;
    // What a chain has is kept of a descriptor with a fault, too: nobody looks at it then. The number of parts is bounded.
    wire counts = look && !d_refers && (tally != most);
    wire keep   = counts && !d_empty;
    wire [PART_WIDTH-1:0] some = {{(PART_WIDTH - 1){1'b0}}, !d_empty};

    assign desc_pop     = (p_state == P_RUN);
    // The read at hand is over; the next one begins in the same cycle, but not behind a fault.
    wire p_ends = (p_state == P_END) && (finished || (wrong_now != 8'd0) || gone || requests_ready);
    wire fault;
    wire p_free = (p_state == P_IDLE) || (p_ends && !fault);

    assign flight_pop   = p_free && !stuck;
    assign part_valid   = keep;
    assign part_slot    = slot;
    assign part_index   = parts;
    assign part_address = d_address[ADDR_WIDTH-1:0];
    assign part_length  = d_length;

    always @(posedge aclk) begin
        if (!aresetn)
            p_state <= P_IDLE;
        else case (p_state)
            P_LOAD:
                p_state <= P_RUN;
            P_RUN: if (desc_valid && (left == 4'd1))
                p_state <= P_END;
            default: if (p_free || p_ends)
                p_state <= (flight_valid && p_free && !stuck) ? P_LOAD : P_IDLE;
        endcase
    end

    always @(posedge aclk) begin
        gone         <= dead[slot];
        ring_num     <= start_num;
        late_look    <= aresetn && look;
        late_high    <= high_address && !d_empty;
        late_carry   <= d_high && d_end[32];
        late_lower   <= |d_end[15:0];
        late_upper   <= |d_end[31:16];
        late_total   <= total[32] && !d_refers;
    end

    always @(posedge aclk) begin
        if (p_free) begin
            slot     <= flight_slot;
            first    <= flight_first;
            left     <= flight_count;
            index    <= flight_index;
            in_chain <= 1'b1;
            finished <= 1'b0;
            wrong    <= 8'd0;
        end
        case (p_state)
            P_LOAD: begin
                most     <= few_entries ? start_num[PART_WIDTH-1:0] : MAX;
                {base, limit, in_table, tally, readable_parts, parts, readable, bytes, wrote, span, id} <= stored;
                if (first || (INDIRECT == 0)) begin
                    limit          <= {1'b0, start_num};
                    in_table       <= 1'b0;
                end
                if (first) begin
                    tally          <= {PART_WIDTH{1'b0}};
                    readable_parts <= {PART_WIDTH{1'b0}};
                    parts          <= {PART_WIDTH{1'b0}};
                    readable       <= 32'd0;
                    bytes          <= 32'd0;
                    wrote          <= 1'b0;
                    span           <= {PART_WIDTH{1'b0}};
                end
            end
            P_RUN: begin
                if (desc_valid)
                    left <= left - 4'd1;
                if (late) begin
                    wrong    <= 8'd9;
                    in_chain <= 1'b0;
                    finished <= 1'b0;
                end
                if (look) begin
                    wrong <= found;
                    if ((found != 8'd0) || d_refers)
                        in_chain <= 1'b0;
                    else begin
                        in_chain <= more && (next_index == in_order);
                        finished <= !more;
                    end
                    if (!in_table) begin
                        id       <= desc[111:96];
                        span     <= span + ONE_PART;
                    end
                    if (d_refers) begin
                        base     <= d_address[ADDR_WIDTH-1:0];
                        limit    <= (|d_length[31:20]) ? 17'h10000 : {1'b0, d_length[19:4]};
                        in_table <= (INDIRECT != 0);
                    end
                    index        <= d_refers ? 16'd0 : next_index;
                end
                if (counts) begin
                    tally <= tally + ONE_PART;
                    parts <= parts + some;
                    bytes <= total[31:0];
                    if (d_write)
                        wrote          <= wrote || !d_empty;
                    else if (!wrote) begin
                        readable       <= total[31:0];
                        readable_parts <= readable_parts + some;
                    end
                end
            end
            default: ;
        endcase
    end

    // ------------------------------------------------------------------ what comes of it
    wire        refused   = (wrong_now != 8'd0);
    wire        forgiving = (ON_CHAIN_ERROR != 0) && !packed_in && (wrong_now != 8'd10);
    wire        complete  = finished && !late;
    wire        ended     = complete || gone || (refused && forgiving);
    wire [15:0] entry     = {index[15] && (in_table || !packed_in), index[14:0]};
    wire [16:0] to_end    = limit - {1'b0, entry};
    wire [PART_WIDTH+3:0] span_seen = {4'd0, span};
    wire [3:0]  want      = (in_table || !first) ? 4'd8 : 4'd4;              // a chain of two reads is likely a long one

    assign fault                 = (p_state == P_END) && refused && !ended;
    assign walked_valid          = (p_state == P_END) && ended;
    assign walked_slot           = slot;
    assign walked_bad            = (ON_CHAIN_ERROR != 0) && refused;        // else a dead one, which is dropped
    assign walked_readable       = readable;
    assign walked_writable       = bytes - readable;
    assign walked_readable_parts = readable_parts;
    assign walked_parts          = parts;
    assign walked_id             = packed_in ? id : start_head;
    assign walked_span           = span;

    assign read_ends             = (p_state == P_END);
    assign again_valid           = read_ends && !finished && !gone && (wrong == 8'd0) && !late && requests_ready;
    assign again_slot            = slot;
    assign again_index           = index;
    assign again_count           = ((to_end[16:4] == 13'd0) && (to_end[3:0] < want)) ? to_end[3:0] : want;
    assign again_base            = in_table ? base : start_desc;
    assign again_entry           = entry;

    assign hint_valid            = walked_valid && complete;
    assign hint_queue            = start_queue;
    assign hint_count            = (span_seen > 8) ? 4'd8 : span_seen[3:0];

    always @(posedge aclk) begin
        if (!aresetn)
            stuck <= 1'b0;
        else if (b_fault || fault)
            stuck <= 1'b1;
    end

    always @(posedge aclk) begin
        if (!aresetn)
            fault_valid <= 1'b0;
        else
            fault_valid <= b_fault || fault;
        fault_code  <= b_fault ? 8'd2 : wrong_now;
        fault_queue <= b_fault ? b_queue : start_queue;
        fault_head  <= b_fault ? b_head : start_head;
    end

    wire unused = &{1'b0, d_flags, word_last, word_keep, unused_retired, unused_tag, to_end, issue};

endmodule

`default_nettype wire
