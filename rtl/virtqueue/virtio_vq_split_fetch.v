// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_split_fetch: reads the available rings of split queues, one queue after the other; hands on their heads.
//
// A turn: look up the queue; read avail.idx, unless buffers are known to be there from an earlier look or from a kick's
// data; read up to 16 ring entries in one range. A queue that is found empty is armed (avail_event or used.flags is
// written, and answered) and looked at once more; only if it is still empty it is left alone until the next kick.
//
//   In one cycle                                          who wins
//   a kick's data and the end of its queue's turn         the kick: its promise is for the next turn
//   the queue is stopped, and its turn                    the stop: the turn ends at the next step off the bus
//   device_reset and anything                             device_reset
//
//   EVENT_IDX, NOTIFICATION_DATA   1: built in; used while the input of the same name in small letters is 1
//   SUPPRESS_KICKS                 1: without event index, used.flags tells the driver not to kick while there is work
`default_nettype none

module virtio_vq_split_fetch #(
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
    output wire [15:0]            arm_data,
    input  wire                   armed_valid,           // answered

    output wire                   head_valid,
    output wire [15:0]            head,
    input  wire [HEADS_LOG2:0]    head_room,

    output reg                    fault_valid,
    output reg  [7:0]             fault_code,

    output wire                   suppressed             // a queue was told not to kick, for a counter
);

    localparam LANE_BITS = $clog2(DATA_WIDTH / 8);

    // The states that ask the AXI master for a read have a bit for it, for other clients wait for that.
    localparam [4:0] IDLE    = 5'd0;
    localparam [4:0] LOOKUP  = 5'd1;                     // ask for the queue's settings
    localparam [4:0] SETTING = 5'd2;                     // they are there
    localparam [4:0] CHECK   = 5'd3;                     // is it known that there are buffers?
    localparam [4:0] INDEX   = 5'd20;                    // read avail.idx
    localparam [4:0] INDEXED = 5'd5;
    localparam [4:0] AHEAD   = 5'd6;                     // how far is it ahead? How many entries?
    localparam [4:0] ENTRIES = 5'd24;                    // read them
    localparam [4:0] UNPACK  = 5'd9;                     // hand them on
    localparam [4:0] HUSH    = 5'd10;                    // used.flags = NO_NOTIFY
    localparam [4:0] SAVE    = 5'd11;
    localparam [4:0] ARM     = 5'd12;                    // avail_event, or used.flags = 0
    localparam [4:0] ARMED   = 5'd13;                    // wait for the answer
    localparam [4:0] STUCK   = 5'd14;                    // a fault

    reg [4:0] state;

    wire stop_hit = stopping && (stop_queue == of_queue);
    wire by_index = (EVENT_IDX != 0) && event_idx;
    wire promises = (NOTIFICATION_DATA != 0) && notification_data;
    wire hushes   = (SUPPRESS_KICKS != 0) && !by_index;

    // Arming writes that are not answered; that of HUSH is waited for together with the next one.
    reg  [2:0] unanswered;

    // ------------------------------------------------------------------ what is kept of each queue
    // position: next ring entry. known: avail.idx as last read or promised. armed: the driver will kick for `position`.
    reg  [32:0]            kept [0:NUM_QUEUES-1];
    reg  [NUM_QUEUES-1:0]  has_kept;                     // since the queue started; before: 0, 0, armed only by flags
    wire                   ready_to_save = (state == SAVE) && !unanswered[2];
    wire                   save          = ready_to_save && !stop_hit;

    reg  [15:0]            position;
    reg  [15:0]            known;
    reg                    armed;

    always @(posedge aclk) begin
        if (save)
            kept[of_queue] <= {armed, known, position};
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

    // The data of the last kick of each queue. Only a kick since the last turn counts: 65536 buffers later an old
    // promise looks like one of what is still to come.
    // Read a cycle before it is looked at; a kick in that cycle is for the next turn.
    reg         promise_valid;
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

            always @(posedge aclk) begin
                promise_valid <= promises && has_data[of_queue];
                promise       <= data[of_queue];
            end
        end else begin : no_kick_memory
            always @(posedge aclk) begin
                promise_valid <= 1'b0;
                promise       <= 16'd0;
            end
        end
    endgenerate

    // ------------------------------------------------------------------ the turn
    reg                   pull;
    reg  [4:0]            limit;
    reg  [15:0]           num;
    reg  [ADDR_WIDTH-1:0] driver;                        // from INDEX on avail.idx, in ENTRIES the first entry to read
    reg  [ADDR_WIDTH-1:0] device;                        // what arms the queue
    reg  [4:0]            count;                         // entries of this turn
    reg  [4:0]            unpacked;
    reg                   failed;

    // Sizes of split rings are powers of two: one bit less than the size is all bits below its only one.
    reg  [15:0]           below;
    reg  [15:0]           mask;                          // `below`, from CHECK on
    integer               b;

    always @* begin
        below[15] = 1'b0;
        for (b = 14; b >= 0; b = b - 1)
            below[b] = below[b+1] || num[b+1];
    end

    wire [15:0]           ahead      = known - position;
    wire                  more       = (known != position);
    wire [15:0]           promised   = promise - position;
    wire                  promise_ok = promise_valid && (promised != 16'd0) && (promised <= num);
    wire [15:0]           place      = position & mask;
    wire [15:0]           behind     = ~position & mask;                       // entries behind that, to the end
    wire [4:0]            by_end     = (behind[15:4] != 12'd0) ? 5'd16 : {1'b0, behind[3:0]} + 5'd1;
    wire [4:0]            by_ahead   = (ahead[15:4] != 12'd0) ? 5'd16 : ahead[4:0];
    wire [4:0]            few        = (by_end < by_ahead) ? by_end : by_ahead;

    // Settings that no ring can have. Sizes are checked by the transport.
    wire                  crooked    = (table_desc[3:0] != 4'd0) || table_driver[0] || (table_device[1:0] != 2'd0);
    wire                  too_high;
    virtio_vq_area_check #(.ADDR_WIDTH(ADDR_WIDTH)) area_check (
        .packed_ring(1'b0), .num(table_num), .desc(table_desc), .driver(table_driver), .device(table_device),
        .too_high(too_high)
    );

    // ------------------------------------------------------------------ beats of the ring
    wire                  stored_valid;
    wire                  stored_pop;
    wire                  stored_error;
    wire [DATA_WIDTH-1:0] stored_data;
    wire                  unused_stored_ready;

    virtio_sync_fifo #(.WIDTH(DATA_WIDTH + 1), .LOG2_DEPTH(3)) beat_store (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(beat_valid), .in_ready(unused_stored_ready), .in_data({beat_error, beat_data}),
        .out_valid(stored_valid), .out_ready(stored_pop), .out_data({stored_error, stored_data})
    );

    reg  [LANE_BITS-2:0]  lane;                          // in units of two bytes
    wire [15:0]           entry      = stored_data[{lane, 4'd0} +: 16];
    wire                  unpack     = (state == UNPACK) && stored_valid;
    wire                  unpack_end = (unpacked + 5'd1 == count);
    wire                  word_end   = (lane == {(LANE_BITS - 1){1'b1}});

    assign stored_pop = ((state == INDEXED) && stored_valid) || (unpack && (unpack_end || word_end));
    assign head_valid = unpack && !failed && !stored_error;
    assign head       = entry;

    // ------------------------------------------------------------------ requests
    // In units of two bytes: from the ring to avail.idx, from there to the entry.
    wire [15:0]           driver_step  = (state == CHECK) ? 16'd0 : place;
    wire [ADDR_WIDTH:0]   driver_ahead = {driver[ADDR_WIDTH-1:1], 2'b10} +
                                         {{(ADDR_WIDTH - 17){1'b0}}, driver_step, 2'b10};
    wire [ADDR_WIDTH-1:0] event_offset = {{(ADDR_WIDTH - 19){1'b0}}, table_num, 3'd4};

    assign active        = (state != IDLE);
    assign pick_take     = (state == IDLE) && pick_valid && !halt && (head_room >= 16);
    assign table_request = (state == LOOKUP);
    assign look_valid    = ((state == INDEX) && read_ready) || ((state == SETTING) && !table_ready);
    assign again_valid   = (state == SAVE) && ((count != 5'd0) || more);
    assign park_valid    = ready_to_save && (count == 5'd0) && more;
    assign took_valid    = ready_to_save && (count != 5'd0);
    assign took_count    = count;
    assign none_valid    = pull && (limit != 5'd0) &&
                           ((save && (count == 5'd0)) || ((state == SETTING) && !table_ready));
    assign read_valid    = state[4];
    assign read_address  = driver;
    assign read_bytes    = (state == INDEX) ? 13'd2 : {7'd0, count, 1'b0};
    assign arm_valid     = (state == HUSH) || (state == ARM);
    assign arm_address   = device;
    assign arm_data      = by_index ? position : {15'd0, state == HUSH};
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

    always @(posedge aclk) begin
        if (!aresetn)
            state <= IDLE;
        else case (state)
            IDLE: if (pick_take)
                state <= LOOKUP;
            LOOKUP: if (table_grant)
                state <= SETTING;
            SETTING: if (stop_hit)
                state <= IDLE;
            else if (!table_ready)
                state <= IDLE;
            else
                state <= (crooked || too_high) ? STUCK : CHECK;
            CHECK: if (stop_hit)
                state <= IDLE;
            else
                state <= (more || promise_ok) ? AHEAD : INDEX;
            INDEX: if (read_ready)
                state <= INDEXED;
            INDEXED: if (stored_valid)
                state <= stored_error ? STUCK : stop_hit ? IDLE : AHEAD;
            AHEAD: if (stop_hit)
                state <= IDLE;
            else if (!more)
                state <= armed ? SAVE : ARM;
            else
                state <= (ahead > num) ? STUCK : (limit == 5'd0) ? SAVE : ENTRIES;
            ENTRIES: if (read_ready)
                state <= UNPACK;
            UNPACK: if (unpack && unpack_end)
                state <= (failed || stored_error) ? STUCK : (hushes && armed && !stop_hit) ? HUSH : SAVE;
            HUSH: if (arm_ready)
                state <= SAVE;
            SAVE: if (ready_to_save)
                state <= IDLE;
            ARM: if (arm_ready)
                state <= ARMED;
            ARMED: if (unanswered == 3'd0)
                state <= stop_hit ? IDLE : INDEX;
            default:
                state <= STUCK;
        endcase
    end

    always @(posedge aclk) begin
        case (state)
            IDLE: begin
                of_queue    <= pick_queue;
                pull     <= pick_pull;
                limit    <= pick_limit;
                count    <= 5'd0;
            end
            SETTING: begin
                num      <= table_num;
                driver   <= table_driver[ADDR_WIDTH-1:0];
                device   <= table_device[ADDR_WIDTH-1:0] + (by_index ? event_offset : {ADDR_WIDTH{1'b0}});
                // The driver clears the rings, so used.flags is 0; avail_event is written before it is relied on.
                {armed, known, position} <= has_kept[of_queue] ? kept[of_queue] : {!by_index, 32'd0};
            end
            CHECK: begin
                driver   <= driver_ahead[ADDR_WIDTH:1];
                mask     <= below;
                if (!more && promise_ok)
                    known <= promise;
            end
            INDEX:
                lane     <= driver[LANE_BITS-1:1];
            INDEXED: if (stored_valid)
                known    <= entry;
            AHEAD: begin
                if (more)
                    driver <= driver_ahead[ADDR_WIDTH:1];
                count    <= (limit < few) ? limit : few;
                unpacked <= 5'd0;
                failed   <= 1'b0;
            end
            ENTRIES:
                lane     <= driver[LANE_BITS-1:1];
            UNPACK: if (stored_valid) begin
                lane     <= lane + {{(LANE_BITS - 2){1'b0}}, 1'b1};
                unpacked <= unpacked + 5'd1;
                failed   <= failed || stored_error;
                if (unpack_end) begin
                    position <= position + {11'd0, count};
                    armed    <= armed && !by_index;
                end
            end
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
        else if ((state == INDEXED) && stored_valid && stored_error)
            fault_code  <= 8'd10;
        else if ((state == UNPACK) && stored_valid && stored_error)
            fault_code  <= 8'd10;
        else if ((state == AHEAD) && !stop_hit && (ahead > num))
            fault_code  <= 8'd1;
        else
            fault_valid <= 1'b0;
    end

    wire unused = &{1'b0, unused_stored_ready, kick_valid, kick_queue, kick_data, promises, table_desc, table_driver,
                    table_device, driver_ahead[0]};

endmodule

`default_nettype wire
