// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_packed_fetch: finds available buffers in the rings of packed queues, one queue after the other.
//
// A turn: look up the queue; read a few descriptors from its position on, of which only the flags are looked at here;
// hand on the position of every head that is available. virtio_vq_chain_walker reads the descriptors for itself, after
// that. A burst gives no order between its beats, so what follows in a chain is read again, after the head's flags have
// come, to find where the next head is. With NOTIFICATION_DATA the first head is handed on without a look if a kick has
// promised it; this module's first read then waits until the walker has asked for the chain. A queue that is found
// empty is armed (device event structure) and looked at once more.
// A read is of 8 descriptors in a chain that has more than 4, and for a head if two were found in this turn or in the
// one before; otherwise of 3 to find a head and of 4 to find the end of a chain. So the chain and the data of an idle
// queue wait on the bus for few beats that nobody needs.
//
//   In one cycle                                          who wins
//   a kick's data and the end of its queue's turn         the kick: its promise is for the next turn
//   the queue is stopped, and its turn                    the stop: the turn ends at the next step off the bus
//   device_reset and anything                             device_reset
//
//   EVENT_IDX, NOTIFICATION_DATA   1: built in; used while the input of the same name in small letters is 1
//   SUPPRESS_KICKS                 1: without event index, the device event structure says DISABLE while there is work
`default_nettype none

module virtio_vq_packed_fetch #(
    parameter NUM_QUEUES        = 2,
    parameter QUEUE_WIDTH       = 1,
    parameter ADDR_WIDTH        = 64,
    parameter DATA_WIDTH        = 64,
    parameter HEADS_LOG2        = 5,
    parameter EVENT_IDX         = 1,
    parameter NOTIFICATION_DATA = 0,
    parameter SUPPRESS_KICKS    = 1
) (
    input  wire                   aclk,
    input  wire                   aresetn,
    input  wire                   halt,
    input  wire                   event_idx,             // accepted
    input  wire                   notification_data,     // accepted

    input  wire                   forget_valid,          // the queue starts anew
    input  wire [QUEUE_WIDTH-1:0] forget_queue,
    input  wire                   stopping,
    input  wire [QUEUE_WIDTH-1:0] stop_queue,
    output wire                   active,                // on of_queue
    output wire                   arming,                // an arming write of stop_queue is not answered
    output reg  [QUEUE_WIDTH-1:0] of_queue,

    input  wire                   kick_valid,
    input  wire [QUEUE_WIDTH-1:0] kick_queue,
    input  wire [15:0]            kick_data,

    input  wire                   pick_valid,
    input  wire [QUEUE_WIDTH-1:0] pick_queue,
    input  wire                   pick_pull,
    input  wire [4:0]             pick_limit,
    output wire                   pick_take,
    output wire                   look_valid,
    output wire                   again_valid,
    output wire                   park_valid,
    output wire                   took_valid,
    output wire [4:0]             took_count,
    output wire                   none_valid,

    output wire                   table_request,
    output wire [QUEUE_WIDTH-1:0] table_queue,
    input  wire                   table_grant,           // the queue's settings are there in the next cycle
    input  wire                   table_ready,
    input  wire [15:0]            table_num,
    input  wire [63:0]            table_desc,
    input  wire [63:0]            table_driver,
    input  wire [63:0]            table_device,

    output wire                   read_valid,
    input  wire                   read_ready,
    output wire [ADDR_WIDTH-1:0]  read_address,
    output wire [12:0]            read_bytes,
    input  wire                   beat_valid,
    input  wire [DATA_WIDTH-1:0]  beat_data,
    input  wire                   beat_error,

    output wire                   arm_valid,
    input  wire                   arm_ready,
    output wire [ADDR_WIDTH-1:0]  arm_address,
    output wire [31:0]            arm_data,              // 4 bytes
    input  wire                   armed_valid,           // answered

    output wire                   head_valid,
    output wire [15:0]            head,                  // wrap counter and position
    input  wire [HEADS_LOG2:0]    head_room,
    output wire                   scanning,              // the end of the last head's chain is still looked for

    output reg                    fault_valid,
    output reg  [7:0]             fault_code,

    output wire                   suppressed             // a queue was told not to kick, for a counter
);

    localparam [3:0] IDLE    = 4'd0;
    localparam [3:0] LOOKUP  = 4'd1;                     // ask for the queue's settings
    localparam [3:0] SETTING = 4'd2;                     // they are there
    localparam [3:0] CHECK   = 4'd3;                     // is a head promised?
    localparam [3:0] READ    = 4'd4;                     // read descriptors
    localparam [3:0] SCAN    = 4'd5;                     // look at their flags
    localparam [3:0] DRAIN   = 4'd6;                     // throw away the rest of what was read
    localparam [3:0] HUSH    = 4'd7;                     // DISABLE
    localparam [3:0] SAVE    = 4'd8;
    localparam [3:0] ARM     = 4'd9;                     // ENABLE, or the position
    localparam [3:0] ARMED   = 4'd10;                    // wait for the answer
    localparam [3:0] STUCK   = 4'd11;                    // a fault
    localparam [3:0] YIELD   = 4'd12;                    // a promised head goes first

    reg  [3:0] state;
    reg  [3:0] next;                                     // behind DRAIN

    wire stop_hit = stopping && (stop_queue == of_queue);
    wire by_index = (EVENT_IDX != 0) && event_idx;
    wire promises = (NOTIFICATION_DATA != 0) && notification_data;
    wire hushes   = (SUPPRESS_KICKS != 0) && !by_index;

    // Arming writes that are not answered; that of HUSH is waited for together with the next one.
    reg  [2:0] unanswered;

    // ------------------------------------------------------------------ what is kept of each queue
    // position: wrap counter and slot of the next head. armed: the driver will kick for it. many: the turn had two heads.
    reg  [17:0]            kept [0:NUM_QUEUES-1];
    reg  [NUM_QUEUES-1:0]  has_kept;                     // since the queue started
    wire                   ready_to_save = (state == SAVE) && !unanswered[2];
    wire                   save          = ready_to_save && !stop_hit;

    reg  [15:0]            position;
    reg                    armed;
    reg                    many;                         // the turn before had two heads
    reg  [4:0]             count;                        // heads of this turn

    // The driver clears the rings, so the event structure is 0: ENABLE.
    wire [17:0]            begins        = has_kept[of_queue] ? kept[of_queue] : {1'b0, !by_index, 16'h8000};

    always @(posedge aclk) begin
        if (save)
            kept[of_queue] <= {(|count[4:1]), armed, position};
    end

    always @(posedge aclk) begin
        if (!aresetn)
            has_kept <= {NUM_QUEUES{1'b0}};
        else begin
            if (save)
                has_kept[of_queue] <= 1'b1;
            if (forget_valid)
                has_kept[forget_queue] <= 1'b0;
        end
    end

    // The data of the last kick of each queue: the first slot that was not available then. Only a kick since the last
    // turn counts: seen from a position that has gone on, an old promise looks like one for the next lap.
    // Read a cycle before it is looked at; a kick in that cycle is for the next turn.
    wire        promise_valid;
    reg         promised_before;
    reg  [15:0] promise;

    generate
        if (NOTIFICATION_DATA != 0) begin : kick_memory
            reg [15:0]           data [0:NUM_QUEUES-1];
            reg [NUM_QUEUES-1:0] has_data;

            always @(posedge aclk) begin
                if (kick_valid)
                    data[kick_queue] <= kick_data;
            end

            always @(posedge aclk) begin
                if (!aresetn)
                    has_data <= {NUM_QUEUES{1'b0}};
                else begin
                    if (save)
                        has_data[of_queue] <= 1'b0;
                    if (kick_valid && promises)
                        has_data[kick_queue] <= 1'b1;
                    if (forget_valid)
                        has_data[forget_queue] <= 1'b0;
                end
            end

            assign promise_valid = promises && has_data[of_queue];

            always @(posedge aclk) begin
                promised_before <= promise_valid;
                promise         <= data[of_queue];
            end
        end else begin : no_kick_memory
            assign promise_valid = 1'b0;

            always @(posedge aclk) begin
                promised_before <= 1'b0;
                promise         <= 16'd0;
            end
        end
    endgenerate

    // ------------------------------------------------------------------ the turn
    reg                   pull;
    reg  [4:0]            limit;
    reg  [15:0]           num;
    reg  [ADDR_WIDTH-1:0] ring;
    reg  [ADDR_WIDTH-1:0] device;
    reg  [15:0]           chain;                         // descriptors of the chain so far; 0: the next one is a head
    reg                   is_head;                       // chain is 0
    reg                   chain_long;                    // 4 or more
    reg                   sent;                          // the head at `position` was handed on by promise
    reg                   known;                         // ... and so is all of its chain there
    reg  [15:0]           at;                            // wrap counter and slot of the descriptor looked at next
    reg  [3:0]            left;                          // descriptors of this read
    reg                   failed;
    reg                   left_there;                    // a head is there that may not be taken

    // A promise is good if it is 1..num-1 slots ahead: in the same lap beyond the position, or in the next before it.
    // One of the whole ring is not taken for true: what DRIVER_OK kicks with looks like that.
    wire [14:0]           slot       = position[14:0];
    wire                  same_lap   = (promise[15] == position[15]);
    wire                  promise_ok = promised_before && (limit != 5'd0) && ({1'b0, promise[14:0]} < num) &&
                                       (same_lap ? (promise[14:0] > slot) : (promise[14:0] < slot));

    reg  [15:0]           to_end;                        // descriptors from `at` to the end of the ring
    reg                   far;                           // 8 or more of these
    reg                   some;                          // 4 or more
    wire [15:0]           end_first  = table_num - {1'b0, begins[14:0]};
    wire                  long       = is_head ? many || (|count[4:1]) : chain_long;
    // Up to 8, 4 or 3, each found before it is known which: the read waits for that.
    wire [3:0]            few_of_8   = far  ? 4'd8 : to_end[3:0];
    wire [3:0]            few_of_4   = some ? 4'd4 : to_end[3:0];
    wire [3:0]            few_of_3   = some ? 4'd3 : to_end[3:0];
    wire [3:0]            few        = long ? few_of_8 : (is_head && !sent) ? few_of_3 : few_of_4;

    // Settings that no ring can have. Sizes are checked by the transport.
    wire                  crooked    = (table_desc[3:0] != 4'd0) || (table_driver[1:0] != 2'd0) ||
                                       (table_device[1:0] != 2'd0);
    wire                  too_high;
    virtio_vq_area_check #(.ADDR_WIDTH(ADDR_WIDTH)) area_check (
        .packed_ring(1'b1), .num(table_num), .desc(table_desc), .driver(table_driver), .device(table_device),
        .too_high(too_high)
    );

    // ------------------------------------------------------------------ flags of the descriptors, one a cycle
    wire                  stored_valid;
    wire                  stored_error;
    wire [DATA_WIDTH-1:0] stored_data;
    wire                  stored_pop;
    wire                  unused_stored_ready;
    wire                  flags_valid;
    wire                  flags_pop;
    wire [15:0]           flags;

    virtio_sync_fifo #(.WIDTH(DATA_WIDTH + 1), .LOG2_DEPTH(5)) beat_store (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(beat_valid), .in_ready(unused_stored_ready), .in_data({beat_error, beat_data}),
        .out_valid(stored_valid), .out_ready(stored_pop), .out_data({stored_error, stored_data})
    );

    generate
        if (DATA_WIDTH == 64) begin : two_beats
            reg second;

            assign flags_valid = stored_valid && second;
            assign flags       = stored_data[63:48];
            assign stored_pop  = stored_valid && (!second || flags_pop);

            always @(posedge aclk) begin
                if (!aresetn)
                    second <= 1'b0;
                else if (stored_pop)
                    second <= !second;
            end
        end else if (DATA_WIDTH == 128) begin : one_beat
            assign flags_valid = stored_valid;
            assign flags       = stored_data[127:112];
            assign stored_pop  = flags_pop;
        end else begin : half_beat
            reg  upper;                                  // the half of the beat that is looked at

            assign flags_valid = stored_valid;
            assign flags       = upper ? stored_data[DATA_WIDTH-1:DATA_WIDTH-16] : stored_data[127:112];
            assign stored_pop  = flags_pop && (upper || (left == 4'd1));

            always @(posedge aclk) begin
                if (state == READ)
                    upper <= read_address[4];
                else if (flags_pop)
                    upper <= !upper;
            end
        end
    endgenerate

    wire                  look       = (state == SCAN) && flags_valid;
    wire                  there      = (flags[7] == at[15]) && (flags[15] != at[15]);
    wire                  goes_on    = flags[0];
    wire                  may        = there && (limit != 5'd0);
    wire                  take       = look && is_head && (sent || may) && !failed && !stored_error;
    wire                  blocked    = look && is_head && !sent && there && (limit == 5'd0);
    wire                  missing    = look && !is_head && !there;
    wire                  endless    = look && (is_head ? (num == 16'd1) : (chain + 16'd1 == num)) && goes_on &&
                                       (!is_head || sent || may);
    wire                  last       = (left == 4'd1);
    wire                  unread     = is_head && goes_on && !known;         // the rest has to be read after this
    wire                  enough     = !goes_on && ((is_head ? count + {4'd0, !sent} : count) >= limit);
    wire                  empty      = look && is_head && !sent && (!there || (limit == 5'd0));     // for this turn
    wire                  bad        = look && (failed || stored_error);
    wire                  ended      = look && (empty || unread || enough || last);

    wire [14:0]           slot_next  = at[14:0] + 15'd1;
    wire                  ring_end   = (to_end == 16'd1);
    wire [15:0]           at_next    = ring_end ? {!at[15], 15'd0} : {at[15], slot_next};

    assign flags_pop = flags_valid && ((state == SCAN) || (state == DRAIN));

    // ------------------------------------------------------------------ requests
    assign active        = (state != IDLE);
    assign scanning      = active && (sent || (chain != 16'd0));
    assign pick_take     = (state == IDLE) && pick_valid && !halt && (head_room >= 16);
    assign table_request = (state == LOOKUP) || (state == IDLE);
    assign table_queue   = (state == IDLE) ? pick_queue : of_queue;
    assign look_valid    = ((state == READ) && read_ready && is_head) || ((state == SETTING) && !table_ready);
    assign again_valid   = (state == SAVE) && ((count != 5'd0) || left_there);
    assign park_valid    = ready_to_save && left_there;
    assign took_valid    = ready_to_save && (count != 5'd0);
    assign took_count    = count;
    assign none_valid    = pull && (limit != 5'd0) &&
                           ((save && (count == 5'd0)) || ((state == SETTING) && !table_ready));
    assign head_valid    = ((state == CHECK) && promise_ok && !stop_hit) || (take && !sent);
    assign head          = (state == CHECK) ? position : at;
    assign read_valid    = (state == READ);
    assign read_address  = ring + {{(ADDR_WIDTH - 19){1'b0}}, at[14:0], 4'd0};
    assign read_bytes    = {5'd0, few, 4'd0};
    assign arm_valid     = (state == HUSH) || (state == ARM);
    assign arm_address   = device;
    assign arm_data      = (state == HUSH) ? {16'd1, 16'd0} : by_index ? {16'd2, position} : 32'd0;
    assign suppressed    = (state == HUSH) && arm_ready;

    wire [2:0] then_unanswered = unanswered + {2'd0, arm_valid && arm_ready} - {2'd0, armed_valid};

    always @(posedge aclk) begin
        if (!aresetn)
            unanswered <= 3'd0;
        else
            unanswered <= then_unanswered;
    end

    // Answers that a stop waits for: those still to come as the stop begins, or as the turn of its queue ends.
    reg  [2:0] stop_owes;

    assign arming = (stop_owes != 3'd0);

    always @(posedge aclk) begin
        if (!aresetn)
            stop_owes <= 3'd0;
        else if (!stopping || (active && stop_hit))
            stop_owes <= then_unanswered;
        else if (armed_valid && arming)
            stop_owes <= stop_owes - 3'd1;
    end

    wire [3:0] after = blocked ? SAVE : (count == 5'd0) && !take ? (armed ? SAVE : ARM) :
                       (hushes && armed) ? HUSH : SAVE;

    always @(posedge aclk) begin
        if (!aresetn)
            state <= IDLE;
        else case (state)
            IDLE: if (pick_take)
                state <= table_grant ? SETTING : LOOKUP;
            LOOKUP: if (table_grant)
                state <= SETTING;
            SETTING: if (stop_hit || !table_ready)
                state <= IDLE;
            else
                state <= (crooked || too_high) ? STUCK : promise_valid ? CHECK : READ;
            CHECK:
                state <= stop_hit ? IDLE : promise_ok ? YIELD : READ;
            YIELD: if (left == 4'd1)
                state <= READ;
            READ: if (read_ready)
                state <= SCAN;
            SCAN: if (bad || missing || endless)
                state <= STUCK;
            else if (ended && !last)
                state <= DRAIN;
            else if (ended)
                state <= ((is_head && empty) || !goes_on) ? (stop_hit ? SAVE : after) : READ;
            DRAIN: if (flags_valid && last)
                state <= stop_hit ? SAVE : next;
            HUSH: if (arm_ready)
                state <= SAVE;
            SAVE: if (ready_to_save)
                state <= IDLE;
            ARM: if (arm_ready)
                state <= ARMED;
            ARMED: if (unanswered == 3'd0)
                state <= stop_hit ? IDLE : READ;
            default:
                state <= STUCK;
        endcase
    end

    always @(posedge aclk) begin
        case (state)
            IDLE: begin
                of_queue <= pick_queue;
                pull     <= pick_pull;
                limit    <= pick_limit;
                count    <= 5'd0;
                chain    <= 16'd0;
                is_head  <= 1'b1;
                chain_long <= 1'b0;
                failed   <= 1'b0;
                left_there <= 1'b0;
            end
            SETTING: begin
                num      <= table_num;
                ring     <= table_desc[ADDR_WIDTH-1:0];
                device   <= table_device[ADDR_WIDTH-1:0];
                {many, armed, position} <= begins;
                at       <= begins[15:0];
                to_end   <= end_first;
                far      <= (end_first[15:3] != 13'd0);
                some     <= (end_first[15:2] != 14'd0);
                sent     <= 1'b0;
                known    <= 1'b0;
            end
            CHECK: begin
                sent     <= promise_ok;
                known    <= promise_ok;
                left     <= 4'd4;                        // cycles until the walker has asked
                if (promise_ok)
                    count <= 5'd1;
            end
            YIELD:
                left     <= left - 4'd1;
            READ:
                left     <= few;
            SCAN: if (flags_valid) begin
                failed   <= failed || stored_error;
                left_there <= blocked;
                left     <= left - 4'd1;
                next     <= ((is_head && empty) || !goes_on) ? after : READ;
                if (!empty) begin
                    at   <= at_next;
                    to_end <= ring_end ? num : to_end - 16'd1;
                    far    <= ring_end ? (num[15:3] != 13'd0) : far && (to_end != 16'd8);
                    some   <= ring_end ? (num[15:2] != 14'd0) : some && (to_end != 16'd4);
                    is_head    <= !goes_on;
                    chain_long <= goes_on && (chain_long || (&chain[1:0]));
                    if (take && !sent)
                        count <= count + 5'd1;
                    if (goes_on)
                        chain <= chain + 16'd1;
                    else begin
                        chain    <= 16'd0;
                        position <= at_next;
                        armed    <= armed && !by_index;
                        sent     <= 1'b0;
                        known    <= 1'b0;
                    end
                end
            end
            DRAIN: if (flags_valid)
                left     <= left - 4'd1;
            HUSH:
                armed    <= 1'b0;
            ARMED:
                armed    <= 1'b1;
            default:
                failed   <= failed;
        endcase
    end

    // ------------------------------------------------------------------ faults
    always @(posedge aclk) begin
        fault_valid <= 1'b1;
        if (!aresetn) begin
            fault_valid <= 1'b0;
            fault_code  <= 8'd0;
        end else if ((state == SETTING) && table_ready && !stop_hit && crooked)
            fault_code  <= 8'd11;
        else if ((state == SETTING) && table_ready && !stop_hit && too_high)
            fault_code  <= 8'd9;
        else if (bad)
            fault_code  <= 8'd10;
        else if (missing)
            fault_code  <= 8'd12;
        else if (endless)
            fault_code  <= 8'd4;
        else
            fault_valid <= 1'b0;
    end

    wire unused = &{1'b0, unused_stored_ready, kick_valid, kick_queue, kick_data, promises, flags, stored_data,
                    table_desc, table_driver, table_device, slot};

endmodule

`default_nettype wire
