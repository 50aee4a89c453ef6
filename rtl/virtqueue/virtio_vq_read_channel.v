// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_read_channel: turns a list of jobs (byte ranges of memory) into a dense byte stream.
//
// A job is asked for only when the store has room for two of the largest, so its answer is taken whatever the reader of
// the stream does. The bytes of consecutive jobs are joined up to the job with last; the stream then starts anew at
// lane 0. A job with fill is not read from memory: its bytes are of no meaning and marked as an error.
//
// In one cycle:
//   a job is accepted and a beat leaves the store -> both: the room counts what was there before
//   a job waits, and the beat leaves that makes room -> the beat; the job is accepted in the next cycle
//   the last byte of a command and the first of the next one -> the word of the first ends; the next starts at lane 0
//   flush and a beat that waits -> flush; the beat is taken in the next cycle
//
//   BEATS_LOG2  log2 of the beats in the store
//   JOB_BEATS   beats of the largest job, not more than half of what the store has
//   JOBS_LOG2   log2 of the jobs whose bytes are not yet all in the stream
//   TAG_WIDTH   bits that go along with a job
//   ALIGN_LOG2  log2 of what every address and number of bytes is a multiple of
//   REGISTERED  1: a beat waits a cycle between store and shifter, for a faster clock
`default_nettype none

module virtio_vq_read_channel #(
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
    input  wire [12:0]             job_bytes,           // 1..4096
    input  wire                    job_last,
    input  wire                    job_fill,
    input  wire [TAG_WIDTH-1:0]    job_tag,

    output wire                    read_valid,          // to virtio_vq_axi_read
    input  wire                    read_ready,
    output wire [ADDR_WIDTH-1:0]   read_address,
    output wire [12:0]             read_bytes,
    input  wire                    beat_valid,
    input  wire [DATA_WIDTH-1:0]   beat_data,
    input  wire                    beat_error,

    output wire                    retired_valid,       // all bytes up to a job with last have come
    output wire [TAG_WIDTH-1:0]    retired_tag,

    output reg                     out_valid,
    input  wire                    out_ready,
    output reg  [DATA_WIDTH-1:0]   out_data,
    output reg  [DATA_WIDTH/8-1:0] out_keep,
    output reg                     out_last,
    output reg                     out_error            // any byte since the last `last`
);

    localparam LANES     = DATA_WIDTH / 8;
    localparam LANE_BITS = $clog2(LANES);

    localparam [LANE_BITS:0]  WORD  = LANES[LANE_BITS:0];
    localparam [BEATS_LOG2:0] DEPTH = 1 << BEATS_LOG2;

    // Bits of the bytes of a job.
    localparam JOB_BITS   = $clog2(JOB_BEATS * LANES + 1);
    localparam LEFT_WIDTH = (JOB_BITS > 13) ? 13 : (JOB_BITS < LANE_BITS + 2) ? LANE_BITS + 2 : JOB_BITS;

    // Of bytes within a beat and of bytes left, the bits that can be 1.
    localparam                SAME_BITS  = (ALIGN_LOG2 < LANE_BITS) ? ALIGN_LOG2 : LANE_BITS;
    localparam [LEFT_WIDTH-1:0] LEFT_BITS = {LEFT_WIDTH{1'b1}} << SAME_BITS;
    localparam [LANE_BITS-1:0] LANE_MASK = LEFT_BITS[LANE_BITS-1:0];

    // ------------------------------------------------------------------ jobs in
    wire [LANE_BITS-1:0]  in_lane  = job_fill ? {LANE_BITS{1'b0}} : job_address[LANE_BITS-1:0] & LANE_MASK;
    wire [LANE_BITS-1:0]  in_less1 = in_lane - {{(LANE_BITS - 1){1'b0}}, 1'b1};
    wire [12:0]           in_span  = job_bytes + {{(13 - LANE_BITS){in_lane == {LANE_BITS{1'b0}}}}, in_less1};
    wire [12:0]           in_beats = in_span >> LANE_BITS;                   // less 1
    reg  [BEATS_LOG2:0]   room;                         // beats of the store that are neither taken nor promised
    reg                   enough;                       // for two of the largest jobs
    wire                  jobs_ready;
    wire                  accept   = job_valid && job_ready;

    assign read_valid   = job_valid && !job_fill && jobs_ready && enough;
    assign read_address = job_address;
    assign read_bytes   = job_bytes;
    assign job_ready    = jobs_ready && (job_fill || (enough && read_ready));

    wire                  jobs_valid;
    wire                  jobs_pop;
    wire [LANE_BITS-1:0]  next_lane;
    wire [LEFT_WIDTH-1:0] next_bytes;
    wire                  next_last;
    wire                  next_fill;
    wire [TAG_WIDTH-1:0]  next_tag;

    virtio_sync_fifo #(.WIDTH(LANE_BITS + LEFT_WIDTH + 2 + TAG_WIDTH), .LOG2_DEPTH(JOBS_LOG2)) jobs (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(accept), .in_ready(jobs_ready),
        .in_data({in_lane, job_bytes[LEFT_WIDTH-1:0], job_last, job_fill, job_tag}),
        .out_valid(jobs_valid), .out_ready(jobs_pop), .out_data({next_lane, next_bytes, next_last, next_fill, next_tag})
    );

    // ------------------------------------------------------------------ beats in
    wire                  beat_waiting;
    wire                  beat_pop;
    wire                  stored_error;
    wire [DATA_WIDTH-1:0] stored_data;

    virtio_vq_fifo #(
        .WIDTH(DATA_WIDTH + 1), .LOG2_DEPTH(BEATS_LOG2), .REGISTERED(REGISTERED)
    ) beat_store (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(beat_valid), .in_data({beat_error, beat_data}),
        .out_valid(beat_waiting), .out_ready(beat_pop), .out_data({stored_error, stored_data})
    );

    localparam [31:0]           LARGEST_WIDE = 2 * JOB_BEATS;
    localparam [BEATS_LOG2:0]   LARGEST_TWO  = LARGEST_WIDE[BEATS_LOG2:0];

    // What is promised to a job leaves the room a cycle later: so there has to be room for the next job too. `promise` is one
    // less, all ones for nothing: so the beat that leaves the store is the carry into the difference.
    reg  [BEATS_LOG2:0]   promise;
    wire [BEATS_LOG2+1:0] room_wide = {room, 1'b1} + {~promise, beat_pop};
    wire [BEATS_LOG2:0]   next_room = room_wide[BEATS_LOG2+1:1];

    always @(posedge aclk) begin
        if (!aresetn || !(read_valid && read_ready))
            promise <= {(BEATS_LOG2 + 1){1'b1}};
        else
            promise <= in_beats[BEATS_LOG2:0];
    end

    always @(posedge aclk) begin
        if (!aresetn) begin
            room   <= DEPTH;
            enough <= 1'b1;
        end else begin
            room   <= next_room;
            enough <= (next_room >= LARGEST_TWO);
        end
    end

    // ------------------------------------------------------------------ one beat a cycle
    // `kept` holds the `fill` bytes of the stream's next word that have come already.
    reg                   active;
    reg  [LANE_BITS-1:0]  lane;                         // where the job's next byte is in its beat
    reg  [LEFT_WIDTH-1:0] left;
    reg  [LANE_BITS:0]    now;                          // bytes of the beat
    reg                   ends;                         // it is the job's last
    reg                   last;
    reg                   filler;
    reg  [TAG_WIDTH-1:0]  tag;
    reg                   flush;                        // only `kept` is left of what ends with last
    reg                   failed;
    reg  [DATA_WIDTH-1:0] kept;
    reg  [LANE_BITS-1:0]  fill;

    wire                  move    = !out_valid || out_ready;
    wire                  step    = active && !flush && move && (filler || beat_waiting);
    wire [LANE_BITS-1:0]  to_lane  = next_lane & LANE_MASK;
    wire [LEFT_WIDTH-1:0] to_bytes = next_bytes & LEFT_BITS;
    wire [LANE_BITS:0]    in_beat  = WORD - {1'b0, to_lane};                 // of the first beat
    wire [LEFT_WIDTH-1:0] to_words = to_bytes >> (LANE_BITS + 1);
    wire                  single   = (to_words == {LEFT_WIDTH{1'b0}}) && (to_bytes[LANE_BITS:0] <= in_beat);
    wire [LEFT_WIDTH-1:0] rest     = left - {{(LEFT_WIDTH - 1 - LANE_BITS){1'b0}}, now};
    wire [LEFT_WIDTH-1:0] words    = rest >> LANE_BITS;
    wire                  last_one = ((words >> 1) == {LEFT_WIDTH{1'b0}}) &&
                                     (!words[0] || (rest[LANE_BITS-1:0] == {LANE_BITS{1'b0}}));
    wire [LANE_BITS+1:0]  sum     = {2'b0, fill} + {1'b0, now};
    wire                  full    = (sum >= {1'b0, WORD});
    wire                  over    = (sum > {1'b0, WORD});
    wire                  ending   = ends && last;
    wire [LANE_BITS-1:0]  turn    = fill - lane;
    wire [LANES-1:0]      old     = ~({LANES{1'b1}} << fill);
    wire [LANES-1:0]      as_kept = old | {LANES{flush}};

    assign beat_pop      = step && !filler;
    assign jobs_pop      = !active || (step && ends);
    assign retired_valid = step && ending;
    assign retired_tag   = tag;

    wire [2*DATA_WIDTH-1:0] twice   = {stored_data, stored_data};
    wire [DATA_WIDTH-1:0]   rotated = twice[{1'b1, {(LANE_BITS + 3){1'b0}}} - {1'b0, turn, 3'd0} +: DATA_WIDTH];
    reg  [DATA_WIDTH-1:0]   joined;

    integer i;
    integer j;

    always @* begin
        for (i = 0; i < LANES; i = i + 1)
            joined[i*8 +: 8] = as_kept[i] ? kept[i*8 +: 8] : rotated[i*8 +: 8];
    end

    always @(posedge aclk) begin
        if (!aresetn)
            active <= 1'b0;
        else if (jobs_pop)
            active <= jobs_valid;
    end

    always @(posedge aclk) begin
        if (jobs_pop) begin
            lane   <= to_lane;
            left   <= to_bytes;
            ends   <= single;
            now    <= single ? to_bytes[LANE_BITS:0] : in_beat;
            last   <= next_last;
            filler <= next_fill;
            tag    <= next_tag;
        end else if (step) begin
            lane   <= {LANE_BITS{1'b0}};
            left   <= rest;
            ends   <= last_one;
            now    <= last_one ? rest[LANE_BITS:0] : WORD;
        end
    end

    always @(posedge aclk) begin
        if (!aresetn) begin
            flush  <= 1'b0;
            fill   <= {LANE_BITS{1'b0}};
            failed <= 1'b0;
        end else if (flush) begin
            if (move) begin
                flush  <= 1'b0;
                fill   <= {LANE_BITS{1'b0}};
                failed <= 1'b0;
            end
        end else if (step) begin
            flush  <= ending && over;
            fill   <= (ending && !over) ? {LANE_BITS{1'b0}} : sum[LANE_BITS-1:0] & LANE_MASK;
            failed <= !(ending && !over) && (failed || filler || stored_error);
        end
    end

    always @(posedge aclk) begin
        for (j = 0; j < LANES; j = j + 1) begin
            if (step && (full || !old[j]))
                kept[j*8 +: 8] <= rotated[j*8 +: 8];
        end
    end

    always @(posedge aclk) begin
        if (!aresetn)
            out_valid <= 1'b0;
        else if (move)
            out_valid <= flush || (step && (full || ending));
    end

    always @(posedge aclk) begin
        if (move) begin
            out_data  <= joined;
            out_keep  <= flush ? old : full ? {LANES{1'b1}} : ~({LANES{1'b1}} << sum[LANE_BITS-1:0]);
            out_last  <= flush || (ending && !over);
            out_error <= failed || (!flush && (filler || stored_error));
        end
    end

    wire unused = &{1'b0, in_beats, sum, room_wide[0], job_bytes};

endmodule

`default_nettype wire
