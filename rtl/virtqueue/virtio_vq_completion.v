// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_completion: gives buffers back: used elements (split) or used descriptors (packed), and how far each queue
// is.
//
// `given` holds the slots in the order in which the function gave them back (IN_ORDER: in ring order). Split: the used
// element is written at once, beside the data, for nobody looks at it before used.idx. Packed: the queue is looked up at
// once, the used descriptor is written once all data are answered, for its flags are what the driver looks at.
// `written` holds the slots whose element is on its way: the first one retires when memory has answered all its writes.
// Then its slot is free and its queue is published up to it by virtio_vq_publish.
// A write that fails after the slot was given back holds the slot until the function has given it back again. A split
// element that was issued before is then written anew at its place, when nothing of its slot is in flight any more; one
// that was not has the new length.
//
//   In one cycle                                      who wins
//   a write fails, and the slot is given back         the failure: it has to be given back again
//   given back again, and its element is issued       the element has the old length, and is written anew
//   the queue is stopped, and its element's turn      the stop: the slot is freed without an element
//   packed: the queue is stopped, and the last of     the stop: the slot is freed without an element
//   its data are answered
//   the queue is stopped between the two parts        the element: its second part is written, and the stop waits for it
//   of an element
//
//   WINDOW   as in virtio_vq_axi_write: an element that reaches over a multiple of it is written in two parts
`default_nettype none

module virtio_vq_completion #(
    parameter NUM_QUEUES  = 2,
    parameter QUEUE_WIDTH = 1,
    parameter SLOTS       = 16,
    parameter SLOT_WIDTH  = 4,
    parameter PART_WIDTH  = 7,
    parameter ADDR_WIDTH  = 64,
    parameter WINDOW      = 128,
    parameter RING_PACKED = 0,
    parameter IN_ORDER    = 0
) (
    input  wire                   aclk,
    input  wire                   aresetn,
    input  wire                   halt,
    input  wire                   packed_ring,           // accepted
    input  wire                   in_order,              // accepted

    input  wire                   stopping,
    input  wire [QUEUE_WIDTH-1:0] stop_queue,
    output wire                   active,                // an element of table_queue is being written
    input  wire                   forget_valid,
    input  wire [QUEUE_WIDTH-1:0] forget_queue,

    input  wire                   scanning,              // packed: the end of the chain begun last is looked for,
    input  wire [QUEUE_WIDTH-1:0] scan_queue,            // if that is of this queue
    input  wire                   begin_valid,           // a chain is begun, in ring order of its queue
    input  wire [SLOT_WIDTH-1:0]  begin_slot,
    input  wire [QUEUE_WIDTH-1:0] begin_queue,
    input  wire                   walked_valid,
    input  wire [SLOT_WIDTH-1:0]  walked_slot,
    input  wire [15:0]            walked_id,
    input  wire [PART_WIDTH-1:0]  walked_span,

    input  wire                   bad_valid,             // as if given back with length 0
    output wire                   bad_ready,
    input  wire [SLOT_WIDTH-1:0]  bad_slot,
    input  wire                   done_valid,
    output wire                   done_ready,
    input  wire [SLOT_WIDTH-1:0]  done_slot,
    input  wire [31:0]            done_written,
    input  wire                   done_fault,

    input  wire [SLOTS-1:0]       busy,
    input  wire [SLOTS-1:0]       dead,
    input  wire [SLOTS-1:0]       given,
    input  wire [SLOTS-1:0]       failed,
    input  wire [SLOTS-1:0]       settled,
    input  wire [SLOTS-1:0]       settles,
    output wire                   accepted_valid,        // to virtio_vq_slot_table, like the next ones
    output wire                   given_valid,
    output wire [SLOT_WIDTH-1:0]  given_slot,
    output wire                   renewed_valid,
    output wire [SLOT_WIDTH-1:0]  renewed_slot,
    output wire                   release_valid,
    output wire [SLOT_WIDTH-1:0]  release_slot,
    output wire [QUEUE_WIDTH-1:0] release_queue,

    output wire                   table_request,
    output wire [QUEUE_WIDTH-1:0] table_queue,
    input  wire                   table_grant,
    input  wire                   table_ready,
    input  wire [15:0]            table_num,
    input  wire [ADDR_WIDTH-1:0]  table_desc,
    input  wire [ADDR_WIDTH-1:0]  table_device,

    output wire                   element_valid,
    input  wire                   element_ready,
    output wire [ADDR_WIDTH-1:0]  element_address,
    output wire [63:0]            element_data,          // as virtio_vq_axi_write wants it
    output wire [1:0]             element_size,
    output wire                   element_part,          // the second part of it comes next
    output wire [SLOT_WIDTH-1:0]  element_slot,

    output wire                   publish_valid,         // publish_queue is complete up to before publish_position
    output wire [QUEUE_WIDTH-1:0] publish_queue,
    output wire [15:0]            publish_position,
    output wire                   coming_valid,          // one buffer is in flight: coming_queue will be published next
    output wire [QUEUE_WIDTH-1:0] coming_queue,

    output reg                    fault_valid,           // the function gave up a buffer: code 10
    output reg  [QUEUE_WIDTH-1:0] fault_queue,
    output reg  [15:0]            fault_head
);

    localparam GIVEN_LOG2   = (SLOTS > 1) ? $clog2(SLOTS) + 1 : 1;
    localparam WRITTEN_LOG2 = (SLOTS > 2) ? $clog2(SLOTS) : 1;
    localparam INFO_WIDTH   = 16 + PART_WIDTH;
    localparam WINDOW_BITS  = $clog2(WINDOW);

    localparam [SLOTS-1:0] ONE = 1;

    wire packed_in = (RING_PACKED != 0) && packed_ring;
    wire ordered   = (IN_ORDER != 0) && in_order;

    // ------------------------------------------------------------------ the function gives back
    // `again`: after a failure. An element that is not yet issued takes the new length with it; a split element that is
    // issued is written again.
    reg  [SLOTS-1:0]      placed;                        // its element is issued
    reg  [SLOTS-1:0]      renewing;                      // its element waits to be written again
    wire                  again      = given[done_slot] && failed[done_slot];
    wire                  finish;
    wire                  now_placed;                    // done_slot's element is issued in this cycle
    reg                   late_again;                    // it was, a cycle before, and is to be written again
    reg  [SLOT_WIDTH-1:0] now_slot;                      // of the element at work, which stays the first of those given back
    wire                  given_ready;
    wire                  turn_valid;                    // IN_ORDER: a slot whose turn has come
    wire [SLOT_WIDTH-1:0] turn_slot;
    wire                  direct     = done_valid && done_ready && busy[done_slot] && (!done_fault || dead[done_slot]);
    wire                  push_first = direct && !given[done_slot] && !ordered;
    wire                  renew      = direct && again && !packed_in;
    wire                  push_again = (renew && placed[done_slot] && !renewing[done_slot]) || late_again;
    wire [SLOT_WIDTH-1:0] again_slot = late_again ? now_slot : done_slot;

    assign bad_ready      = given_ready && !late_again;
    assign done_ready     = given_ready && !late_again && !bad_valid && !halt;
    assign accepted_valid = direct && !given[done_slot];
    assign given_valid    = (direct && !given[done_slot]) || (bad_valid && bad_ready);
    assign given_slot     = bad_valid ? bad_slot : done_slot;

    // How much was written, per slot.
    wire [31:0]            written_bytes;
    wire [SLOT_WIDTH-1:0]  at_slot;

    virtio_vq_record #(.WIDTH(32), .DEPTH(SLOTS), .ADDR_WIDTH(SLOT_WIDTH)) lengths (
        .aclk(aclk),
        .write_enable(direct || bad_valid), .write_address(given_slot), .write_data(bad_valid ? 32'd0 : done_written),
        .read_address(now_slot), .read_data(written_bytes)
    );

    // ------------------------------------------------------------------ whose turn it is, with IN_ORDER
    wire bad_taken = bad_valid && bad_ready;

    generate
        if (IN_ORDER != 0) begin : ring_order
            // Each queue's buffers are numbered as they are begun; `waits` marks those that were given back.
            // The slots are looked at one after the other: `look` is compared while the number of `ahead`, the next one, is
            // read. A slot that waits takes two cycles: `turn` says in the second one that its turn has come.
            reg  [SLOTS-1:0]       waits;
            reg  [SLOT_WIDTH-1:0]  ahead;
            wire [QUEUE_WIDTH-1:0] ahead_queue;
            wire [7:0]             ahead_number;
            reg  [SLOT_WIDTH-1:0]  look;
            reg  [QUEUE_WIDTH-1:0] look_queue;
            reg  [7:0]             look_number;
            reg                    look_waits;
            reg                    compared;             // the second cycle
            reg                    turn;
            wire [7:0]             begin_number;
            wire [7:0]             next_number;

            localparam [31:0]           LAST_WIDE = SLOTS - 1;
            localparam [SLOT_WIDTH-1:0] LAST_SLOT = LAST_WIDE[SLOT_WIDTH-1:0];

            reg  [7:0]            begins [0:NUM_QUEUES-1];
            reg  [7:0]            ends   [0:NUM_QUEUES-1];
            reg  [NUM_QUEUES-1:0] has_begins;
            reg  [NUM_QUEUES-1:0] has_ends;
            wire                  take = turn && given_ready && !push_again;
            wire                  moves = compared ? !turn || take : !look_waits;
            wire                  due  = ordered && (dead[look] || (look_number == next_number));

            assign begin_number = has_begins[begin_queue] ? begins[begin_queue] : 8'd0;
            assign next_number  = has_ends[look_queue] ? ends[look_queue] : 8'd0;
            assign turn_valid   = turn;
            assign turn_slot    = look;

            virtio_vq_record #(.WIDTH(8 + QUEUE_WIDTH), .DEPTH(SLOTS), .ADDR_WIDTH(SLOT_WIDTH)) numbers (
                .aclk(aclk),
                .write_enable(begin_valid), .write_address(begin_slot), .write_data({begin_number, begin_queue}),
                .read_address(ahead), .read_data({ahead_number, ahead_queue})
            );

            always @(posedge aclk) begin
                if (moves) begin
                    look        <= ahead;
                    look_queue  <= ahead_queue;
                    look_number <= ahead_number;
                end
            end

            always @(posedge aclk) begin
                if (begin_valid)
                    begins[begin_queue] <= begin_number + 8'd1;
                if (take && !dead[look])
                    ends[look_queue] <= next_number + 8'd1;
            end

            always @(posedge aclk) begin
                if (!aresetn) begin
                    has_begins <= {NUM_QUEUES{1'b0}};
                    has_ends   <= {NUM_QUEUES{1'b0}};
                    waits      <= {SLOTS{1'b0}};
                    ahead      <= {SLOT_WIDTH{1'b0}};
                    look_waits <= 1'b0;
                    compared   <= 1'b0;
                    turn       <= 1'b0;
                end else begin
                    if (begin_valid)
                        has_begins[begin_queue] <= 1'b1;
                    if (take && !dead[look])
                        has_ends[look_queue] <= 1'b1;
                    if (forget_valid) begin
                        has_begins[forget_queue] <= 1'b0;
                        has_ends[forget_queue]   <= 1'b0;
                    end
                    if (take)
                        waits[look] <= 1'b0;
                    if (ordered && ((direct && !given[done_slot]) || bad_taken))
                        waits[given_slot] <= 1'b1;
                    if (moves) begin
                        ahead      <= (ahead == LAST_SLOT) ? {SLOT_WIDTH{1'b0}} :
                                                             ahead + {{(SLOT_WIDTH - 1){1'b0}}, 1'b1};
                        look_waits <= waits[ahead] && !(take && (ahead == look));
                    end
                    compared <= !moves;
                    turn     <= (compared ? turn : look_waits && due) && !moves;
                end
            end
        end else begin : any_order
            assign turn_valid = 1'b0;
            assign turn_slot  = {SLOT_WIDTH{1'b0}};
        end
    endgenerate

    // ------------------------------------------------------------------ slots given back
    wire                  push_bad = bad_taken && !ordered;
    wire                  push     = push_first || push_again || push_bad || turn_valid;
    wire                  first_valid;
    wire                  first_again;
    wire                  first_pop;

    virtio_sync_fifo #(.WIDTH(SLOT_WIDTH + 1), .LOG2_DEPTH(GIVEN_LOG2)) given_back (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(push), .in_ready(given_ready),
        .in_data({push_again, (turn_valid && !push_again) ? turn_slot : late_again ? now_slot : given_slot}),
        .out_valid(first_valid), .out_ready(first_pop), .out_data({first_again, at_slot})
    );

    // ------------------------------------------------------------------ elements
    localparam [2:0] IDLE    = 3'd0;
    localparam [2:0] LOOKUP  = 3'd1;
    localparam [2:0] SETTING = 3'd2;
    localparam [2:0] WRITE   = 3'd3;
    localparam [2:0] SETTLE  = 3'd4;                     // packed: wait until all data are answered

    reg  [2:0]             state;
    reg                    half;                         // the second half of an element that lies in two WINDOWs
    reg  [15:0]            num;
    reg  [ADDR_WIDTH-1:0]  base;                         // of the ring
    reg  [16:0]            place;                        // of the element, from there, in 4 bytes
    reg                    crossing;                     // the element lies in two WINDOWs
    reg  [15:0]            position;

    reg  [QUEUE_WIDTH-1:0] now_queue;                    // of now_slot
    // A used descriptor gives all slots of its chain to the driver, who may write them at once. So the used descriptor
    // waits while the fetcher still reads the chain to find the head behind it. Only the chain begun last can be read so.
    reg  [SLOT_WIDTH-1:0]  begun;
    reg                    held;

    wire [QUEUE_WIDTH-1:0] at_queue;
    wire [15:0]            at_id;
    wire [PART_WIDTH-1:0]  at_span;
    wire [15:0]            at_position;                  // where the element was written before
    wire                   at_stop = stopping && (stop_queue == at_queue);
    wire                   ready   = packed_in ? settled[at_slot] && !failed[at_slot] : settled[at_slot] || !first_again;
    wire                   may     = first_valid && !halt && (packed_in || ready);
    wire                   bury    = (state == IDLE) && first_valid && dead[at_slot];
    wire                   now_settled = (RING_PACKED != 0) && settles[at_slot] && !failed[at_slot];
    wire                   in_two;
    wire                   written_ready;

    assign finish     = (state == WRITE) && element_ready && !in_two;
    assign now_placed = finish && (now_slot == done_slot);

    always @(posedge aclk) begin
        if (!aresetn) begin
            placed   <= {SLOTS{1'b0}};
            renewing <= {SLOTS{1'b0}};
        end else begin
            if (given_valid)
                placed[given_slot] <= 1'b0;
            if (finish && !first_again)
                placed[now_slot] <= 1'b1;
            if ((finish || bury) && first_again)
                renewing[at_slot] <= 1'b0;
            if (push_again)
                renewing[again_slot] <= 1'b1;
        end
    end

    // The slot is given back again in the very cycle in which its element is issued: it goes to the store a cycle later, in
    // which nothing else is given back. So no way leads from the bus to the store.
    always @(posedge aclk)
        late_again <= aresetn && renew && now_placed;

    virtio_vq_record #(.WIDTH(QUEUE_WIDTH), .DEPTH(SLOTS), .ADDR_WIDTH(SLOT_WIDTH)) queues (
        .aclk(aclk),
        .write_enable(begin_valid), .write_address(begin_slot), .write_data(begin_queue),
        .read_address(at_slot), .read_data(at_queue)
    );

    virtio_vq_record #(.WIDTH(INFO_WIDTH), .DEPTH(SLOTS), .ADDR_WIDTH(SLOT_WIDTH)) infos (
        .aclk(aclk),
        .write_enable(walked_valid), .write_address(walked_slot), .write_data({walked_id, walked_span}),
        .read_address(now_slot), .read_data({at_id, at_span})
    );

    virtio_vq_record #(.WIDTH(16), .DEPTH(SLOTS), .ADDR_WIDTH(SLOT_WIDTH)) places (
        .aclk(aclk),
        .write_enable(finish), .write_address(now_slot), .write_data(position),
        .read_address(now_slot), .read_data(at_position)
    );

    always @(posedge aclk) begin
        if (begin_valid)
            begun <= begin_slot;
        held <= (RING_PACKED != 0) && scanning && (scan_queue == at_queue) && (begun == at_slot);
    end

    // Next free position of each queue's used ring. Packed: wrap counter and position.
    reg  [15:0]            positions [0:NUM_QUEUES-1];
    reg  [NUM_QUEUES-1:0]  has_position;
    wire [15:0]            fresh_position = packed_in ? 16'h8000 : 16'd0;
    wire [15:0]            queue_position = has_position[now_queue] ? positions[now_queue] : fresh_position;
    reg  [15:0]            jump;                         // from SETTING on
    wire                   wraps          = (jump >= num);
    wire [15:0]            wrapped        = jump - num;
    wire [15:0]            after          = !packed_in ? position + 16'd1 :
                                            wraps ? {!position[15], wrapped[14:0]} : {position[15], jump[14:0]};

    // Sizes of split rings are powers of two: one bit less than the size is all bits below its only one.
    reg  [15:0]           mask;
    integer               b;

    always @* begin
        mask[15] = 1'b0;
        for (b = 14; b >= 0; b = b - 1)
            mask[b] = mask[b+1] || table_num[b+1];
    end

    wire [ADDR_WIDTH-1:0]  table_base  = packed_in ? table_desc : table_device;
    wire [16:0]            table_place = packed_in ? {position[14:0], 2'd2} : {position & mask, 1'b1};
    wire [WINDOW_BITS-3:0] first_place = table_base[WINDOW_BITS-1:2] + table_place[WINDOW_BITS-3:0];

    // The second half of an element is 4 bytes behind the first, which is the carry into the sum. The queue is not looked up
    // again for it: if it was stopped meanwhile, its settings are gone.
    wire [ADDR_WIDTH-1:0]  sum         = {base[ADDR_WIDTH-1:2], half, 1'b0} +
                                         {{(ADDR_WIDTH - 19){1'b0}}, place, half, 1'b0};

    always @(posedge aclk) begin
        if (finish && !first_again)
            positions[now_queue] <= after;
    end

    always @(posedge aclk) begin
        if (!aresetn)
            has_position <= {NUM_QUEUES{1'b0}};
        else begin
            if (finish && !first_again)
                has_position[now_queue] <= 1'b1;
            if (forget_valid)
                has_position[forget_queue] <= 1'b0;
        end
    end

    always @(posedge aclk) begin
        if (!aresetn)
            state <= IDLE;
        else case (state)
            IDLE: if (may && !dead[at_slot] && !at_stop && (first_again || written_ready))
                state <= LOOKUP;
            LOOKUP: if (table_grant)
                state <= SETTING;
            SETTING:
                state <= (packed_in && table_ready && (!ready || held) && !half) ? SETTLE : (table_ready || half) ? WRITE : IDLE;
            SETTLE: if (halt || at_stop || dead[at_slot])
                state <= IDLE;
            else if (now_settled && !held)
                state <= WRITE;
            default: if (element_ready)
                state <= in_two ? SETTING : IDLE;
        endcase
    end

    always @(posedge aclk) begin
        half <= (state != IDLE) && (half || ((state == WRITE) && element_ready));
        jump <= {1'b0, position[14:0]} + {{(16 - PART_WIDTH){1'b0}}, at_span};
        if (state == IDLE) begin
            now_slot  <= at_slot;
            now_queue <= at_queue;
        end
        if (state == LOOKUP)
            position <= first_again ? at_position : queue_position;
        if ((state == SETTING) && !half) begin
            num      <= table_num;
            base     <= table_base;
            place    <= table_place;
            crossing <= &first_place;
        end
    end

    // Elements of split rings are at multiples of 4, used descriptors at multiples of 8.
    assign in_two = (state == WRITE) && !half && crossing;

    wire                  wrap         = position[15];
    wire                  has_written  = (written_bytes != 32'd0);
    wire [15:0]           packed_flags = {wrap, 7'd0, wrap, 5'd0, has_written, 1'b0};

    assign active          = (state != IDLE);
    assign table_request   = (state == LOOKUP);
    assign table_queue     = now_queue;
    assign element_valid   = (state == WRITE);
    assign element_address = {sum[ADDR_WIDTH-1:2], 2'd0};
    assign element_data    = packed_in                      ? {packed_flags, at_id, written_bytes} :
                             (sum[2] || half)               ? {16'd0, at_id, written_bytes} :
                                                              {written_bytes, 16'd0, at_id};
    assign element_size    = (in_two || half) ? 2'd2 : 2'd3;
    assign element_part    = in_two;
    assign element_slot    = now_slot;
    assign first_pop       = finish || (bury && (first_again || written_ready));
    assign renewed_valid   = direct && again;
    assign renewed_slot    = done_slot;

    // ------------------------------------------------------------------ elements on their way
    // The first of them is kept beside the store, for all that waits for it begins with its slot. It comes there a cycle after
    // its element was issued, before that can be answered.
    reg                    last_valid;
    reg  [SLOT_WIDTH-1:0]  last_slot;
    reg  [QUEUE_WIDTH-1:0] last_queue;
    reg  [15:0]            last_after;
    wire                   stored_valid;
    wire [SLOT_WIDTH-1:0]  stored_slot;
    wire [QUEUE_WIDTH-1:0] stored_queue;
    wire [15:0]            stored_after;
    wire [SLOTS-1:0]       clean     = settled & ~failed & ~renewing;
    wire                   last_stop = stopping && (stop_queue == last_queue);
    wire                   whole     = clean[last_slot];
    wire                   retire    = last_valid && whole && !halt && (dead[last_slot] || !last_stop);
    wire                   next      = !last_valid || retire;

    virtio_sync_fifo #(.WIDTH(SLOT_WIDTH + QUEUE_WIDTH + 16), .LOG2_DEPTH(WRITTEN_LOG2)) written (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid((finish && !first_again) || (bury && !first_again)), .in_ready(written_ready),
        .in_data({at_slot, at_queue, after}),
        .out_valid(stored_valid), .out_ready(next), .out_data({stored_slot, stored_queue, stored_after})
    );

    always @(posedge aclk) begin
        if (!aresetn)
            last_valid <= 1'b0;
        else if (next)
            last_valid <= stored_valid;
        if (next) begin
            last_slot  <= stored_slot;
            last_queue <= stored_queue;
            last_after <= stored_after;
        end
    end

    assign release_valid    = retire;
    assign release_slot     = last_slot;
    assign release_queue    = last_queue;
    assign publish_valid    = last_valid && whole && !halt && !dead[last_slot] && !last_stop;
    assign publish_queue    = last_queue;
    assign publish_position = last_after;

    // With one buffer in flight there is nothing that could be told of together with it.
    reg                    alone;
    reg                    issued;                       // the element of now_slot, in the cycle before

    always @(posedge aclk) begin
        alone  <= ((busy & (busy - ONE)) == {SLOTS{1'b0}});
        issued <= aresetn && finish && !first_again;
    end

    assign coming_valid     = alone && ((issued && !dead[now_slot]) || (last_valid && !dead[last_slot]));
    assign coming_queue     = issued ? now_queue : last_queue;

    // ------------------------------------------------------------------ a buffer given up
    wire [QUEUE_WIDTH-1:0] done_queue;
    wire [15:0]            done_id;

    virtio_vq_record #(.WIDTH(QUEUE_WIDTH), .DEPTH(SLOTS), .ADDR_WIDTH(SLOT_WIDTH)) done_queues (
        .aclk(aclk),
        .write_enable(begin_valid), .write_address(begin_slot), .write_data(begin_queue),
        .read_address(done_slot), .read_data(done_queue)
    );

    virtio_vq_record #(.WIDTH(16), .DEPTH(SLOTS), .ADDR_WIDTH(SLOT_WIDTH)) done_ids (
        .aclk(aclk),
        .write_enable(walked_valid), .write_address(walked_slot), .write_data(walked_id),
        .read_address(done_slot), .read_data(done_id)
    );

    always @(posedge aclk) begin
        fault_valid <= aresetn && done_valid && done_ready && done_fault && busy[done_slot] && !dead[done_slot];
        fault_queue <= done_queue;
        fault_head  <= done_id;
    end

    wire unused = &{1'b0, begin_slot, jump, wrapped, ordered, bad_taken, base[1:0], sum[1:0]};

endmodule

`default_nettype wire
