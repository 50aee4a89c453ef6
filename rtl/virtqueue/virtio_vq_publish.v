// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_publish: tells the driver how far a queue is complete, asks whether it wants to know, and raises the event.
//
// One queue after the other: used.idx is written (packed: the flags of the used descriptors are answered already); when
// memory has answered, what the driver wishes is read: avail.flags, used_event, or the driver event structure; when
// that has come, the event is raised or not. So an event never comes before what it tells of, and no wish is older than
// the position that it is compared with. The comparison counts from the position that was last decided on.
// While no queue has anything to tell and one buffer is in flight, its queue is looked up already: READY waits for that
// buffer, and the turn goes on in the cycle after it.
//
//   In one cycle                                     who wins
//   a buffer retires, and SETTING takes the position the turn, without the buffer: there is one more turn
//   a buffer of the queue retires, and READY         the buffer: the turn tells of it
//   another queue has something to tell, and READY   the other queue, unless a buffer of this one retires right now
//   the queue is stopped, and its turn               the stop: the turn ends at the next step that waits for no bus
`default_nettype none

module virtio_vq_publish #(
    parameter NUM_QUEUES  = 2,
    parameter QUEUE_WIDTH = 1,
    parameter ADDR_WIDTH  = 64,
    parameter DATA_WIDTH  = 64,
    parameter RING_PACKED = 0,
    parameter EVENT_IDX   = 1
) (
    input  wire                   aclk,
    input  wire                   aresetn,
    input  wire                   halt,
    input  wire                   packed_ring,           // accepted
    input  wire                   event_idx,             // accepted

    input  wire                   stopping,
    input  wire [QUEUE_WIDTH-1:0] stop_queue,
    output wire                   active,
    output reg  [QUEUE_WIDTH-1:0] active_queue,
    input  wire                   forget_valid,
    input  wire [QUEUE_WIDTH-1:0] forget_queue,

    input  wire                   publish_valid,
    input  wire [QUEUE_WIDTH-1:0] publish_queue,
    input  wire [15:0]            publish_position,
    input  wire                   coming_valid,          // coming_queue is likely to be published next
    input  wire [QUEUE_WIDTH-1:0] coming_queue,

    output wire                   table_request,
    input  wire                   table_grant,
    input  wire                   table_ready,
    input  wire [15:0]            table_num,
    input  wire [ADDR_WIDTH-1:0]  table_driver,
    input  wire [ADDR_WIDTH-1:0]  table_device,

    output wire                   index_valid,
    input  wire                   index_ready,
    output wire [ADDR_WIDTH-1:0]  index_address,
    output wire [15:0]            index_data,
    input  wire                   answer_valid,
    input  wire                   answer_error,

    output wire                   read_valid,
    input  wire                   read_ready,
    output wire [ADDR_WIDTH-1:0]  read_address,
    output wire [12:0]            read_bytes,
    input  wire                   beat_valid,
    input  wire [DATA_WIDTH-1:0]  beat_data,
    input  wire                   beat_error,

    output wire                   event_valid,           // active_queue; stays until taken
    input  wire                   event_ready,
    output wire                   event_suppressed,      // the driver does not want it, for a counter

    output reg                    fault_valid            // code 10, active_queue
);

    localparam LANE_BITS = $clog2(DATA_WIDTH / 8);

    localparam [31:0]            LAST_WIDE = NUM_QUEUES - 1;
    localparam [QUEUE_WIDTH-1:0] LAST      = LAST_WIDE[QUEUE_WIDTH-1:0];

    // The states that ask the AXI masters have a bit each, for all other clients wait for that.
    localparam [5:0] IDLE    = 6'd0;
    localparam [5:0] LOOKUP  = 6'd1;
    localparam [5:0] SETTING = 6'd2;
    localparam [5:0] INDEX   = 6'd16;                    // write used.idx
    localparam [5:0] INDEXED = 6'd3;                     // wait for its answer
    localparam [5:0] WISH    = 6'd8;                     // read the wish
    localparam [5:0] WISHED  = 6'd4;                     // wait for it
    localparam [5:0] DECIDE  = 6'd5;
    localparam [5:0] RAISE   = 6'd6;
    localparam [5:0] STUCK   = 6'd7;
    localparam [5:0] READY   = 6'd32;                    // looked up before there is anything to tell

    reg  [5:0] state;

    wire packed_in = (RING_PACKED != 0) && packed_ring;
    wire by_index  = (EVENT_IDX != 0) && event_idx;
    wire stop_hit  = stopping && (stop_queue == active_queue);

    // ------------------------------------------------------------------ queues with something to tell
    reg  [NUM_QUEUES-1:0]  work;
    reg  [QUEUE_WIDTH-1:0] turn;
    wire                   pick  = (state == IDLE) && work[turn] && !halt;
    wire                   early = coming_valid && (work == {NUM_QUEUES{1'b0}}) && !halt &&
                                   !(stopping && (stop_queue == coming_queue));
    wire                   now   = publish_valid && (publish_queue == active_queue);

    always @(posedge aclk) begin
        if (!aresetn) begin
            work <= {NUM_QUEUES{1'b0}};
            turn <= {QUEUE_WIDTH{1'b0}};
        end else begin
            if (state == SETTING)                        // the position is taken now; what comes later is news
                work[active_queue] <= 1'b0;
            if (publish_valid)
                work[publish_queue] <= 1'b1;
            if (state == READY)                          // the turn tells of what comes now, too
                work[active_queue] <= 1'b0;
            if (stopping)
                work[stop_queue] <= 1'b0;
            if (pick || !work[turn])
                turn <= (turn == LAST) ? {QUEUE_WIDTH{1'b0}} : turn + {{(QUEUE_WIDTH - 1){1'b0}}, 1'b1};
        end
    end

    // complete: the position before which all is complete. told: the position that was last decided on.
    reg  [15:0]           complete [0:NUM_QUEUES-1];
    reg  [15:0]           told     [0:NUM_QUEUES-1];
    reg  [NUM_QUEUES-1:0] has_told;
    wire                  decided = (state == DECIDE) && !stop_hit;

    reg  [15:0]           news;                          // the position of this turn
    reg  [15:0]           old;
    reg  [15:0]           num;
    reg  [ADDR_WIDTH-1:0] driver;                        // where the wish is
    reg  [ADDR_WIDTH-1:0] device;
    reg  [31:0]           wish;

    always @(posedge aclk) begin
        if (publish_valid)
            complete[publish_queue] <= publish_position;
        if (decided)
            told[active_queue] <= news;
    end

    always @(posedge aclk) begin
        if (!aresetn)
            has_told <= {NUM_QUEUES{1'b0}};
        else begin
            if (decided)
                has_told[active_queue] <= 1'b1;
            if (forget_valid)
                has_told[forget_queue] <= 1'b0;
        end
    end

    // ------------------------------------------------------------------ does the driver want to know?
    // Split: wish[15:0] is avail.flags or used_event. Packed: the driver event structure, {flags, wrap and offset}.
    // Positions of packed rings are made comparable: those of the other lap are num less, or seen from num behind.
    wire [15:0] new_at    = packed_in ? {1'b0, news[14:0]} : news;
    wire [15:0] old_at    = !packed_in ? old : {1'b0, old[14:0]} - ((old[15] != news[15]) ? num : 16'd0);

    // What does not depend on the wish is found before it comes: `news` is known two cycles before DECIDE.
    reg  [15:0] since_old;
    reg  [15:0] lap_at;

    always @(posedge aclk) begin
        since_old <= new_at - old_at;
        lap_at    <= new_at + num;
    end

    wire [15:0] event_at  = packed_in ? {1'b0, wish[14:0]} : wish[15:0];
    wire [15:0] seen_at   = (packed_in && (wish[15] != news[15])) ? lap_at : new_at;      // from there to event_at
    wire [15:0] since     = seen_at - event_at - 16'd1;
    wire        reached   = (since < since_old);
    wire        by_slot   = (wish[17:16] == 2'd2) && by_index;
    wire        want      = packed_in ? ((wish[17:16] != 2'd1) && (!by_slot || reached)) :
                            by_index  ? reached : !wish[0];

    // ------------------------------------------------------------------ the turn
    // used_event is behind the entries of a split ring. The size of that is a power of two, so the size and the two more
    // units of two bytes before the entries need no sum of their own.
    wire [15:0]           event_place  = {table_num[15:3], table_num[2] || table_num[1], !table_num[1], table_num[0]};
    wire [ADDR_WIDTH-1:0] event_offset = {{(ADDR_WIDTH - 17){1'b0}}, event_place, 1'b0};
    wire [LANE_BITS-2:0]  lane         = read_address[LANE_BITS-1:1];
    reg  [LANE_BITS-2:0]  lane_read;
    wire [31:0]           picked;

    // Two bytes at lane_read, and the two behind them; those are in the same word whenever they are used.
    wire [DATA_WIDTH+15:0] beat_wide = {16'd0, beat_data};
    assign picked = beat_wide[{1'b0, lane_read, 4'd0} +: 32];

    assign active           = (state != IDLE);
    assign table_request    = (state == LOOKUP);
    assign index_valid      = state[4];
    assign index_address    = {device[ADDR_WIDTH-1:2], 2'd2};                  // the fetcher checks the alignment
    assign index_data       = news;
    assign read_valid       = state[3];
    assign read_address     = driver;
    assign read_bytes       = packed_in ? 13'd4 : 13'd2;
    assign event_valid      = (state == RAISE);
    assign event_suppressed = decided && !want;

    always @(posedge aclk) begin
        if (!aresetn)
            state <= IDLE;
        else case (state)
            IDLE: if (pick || early)
                state <= LOOKUP;
            LOOKUP: if (table_grant)
                state <= SETTING;
            SETTING:
                state <= (stop_hit || !table_ready) ? IDLE : !work[active_queue] ? READY : packed_in ? WISH : INDEX;
            READY: if (stop_hit)
                state <= IDLE;
            else if (work[active_queue] || now)
                state <= packed_in ? WISH : INDEX;
            else if (|work)
                state <= IDLE;
            INDEX: if (index_ready)
                state <= INDEXED;
            INDEXED: if (answer_valid)
                state <= answer_error ? STUCK : stop_hit ? IDLE : WISH;
            WISH: if (read_ready)
                state <= WISHED;
            WISHED: if (beat_valid)
                state <= beat_error ? STUCK : DECIDE;
            DECIDE:
                state <= (want && !stop_hit) ? RAISE : IDLE;
            RAISE: if (event_ready)
                state <= IDLE;
            default:
                state <= STUCK;
        endcase
    end

    always @(posedge aclk) begin
        case (state)
            IDLE:
                active_queue <= pick ? turn : coming_queue;
            SETTING: begin
                num          <= table_num;
                driver       <= table_driver + ((by_index && !packed_in) ? event_offset : {ADDR_WIDTH{1'b0}});
                device       <= table_device;
                news         <= complete[active_queue];
                old          <= has_told[active_queue] ? told[active_queue] : packed_in ? 16'h8000 : 16'd0;
            end
            READY:
                news         <= now ? publish_position : complete[active_queue];
            WISH:
                lane_read    <= lane;
            WISHED:
                wish         <= picked;
            default:
                wish         <= wish;
        endcase
    end

    always @(posedge aclk) begin
        fault_valid <= aresetn && (((state == INDEXED) && answer_valid && answer_error) ||
                                   ((state == WISHED) && beat_valid && beat_error));
    end

    wire unused = &{1'b0, wish, device[1:0]};

endmodule

`default_nettype wire
