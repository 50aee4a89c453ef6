// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
//
// virtio_vq_write_mover: moves the bytes of wr_* into the writable parts of slots.
//
// Every burst is complete in the store before it is handed to virtio_vq_axi_write. So a function that is slow with its
// data holds up its own later commands and nobody else, and a reset waits for the bus alone.
//
// When the queue of the chunk at work is stopped, the chunk is cut: the beats that are in the store become a burst, and
// the rest of the chunk is filled, which does not touch memory. The stream goes on as if nothing had happened, and the
// command ends with wrote_error. So a stop does not wait for the stream either.
//
//   In one cycle                                       who wins
//   at_dead, and a beat is complete                    the beat; the chunk is cut behind it
//   at_dead, and the chunk's last beat is complete     the beat: the burst is whole
//   a chunk is cut, and a word at wr_*                 the cut; the word is taken in a later cycle
//
//   Timing: a chunk is cut in the second cycle of at_dead. A chunk takes words only while there is room for its burst,
//   so there is room then.
//
//   WINDOW      bytes, a power of two; no burst reaches over a multiple of it
//   WRITES      most bursts that are handed over and not answered
`default_nettype none

module virtio_vq_write_mover #(
    parameter DATA_WIDTH = 64,
    parameter ADDR_WIDTH = 64,
    parameter WINDOW     = 128,
    parameter WRITES     = 16,
    parameter SLOT_WIDTH = 4
) (
    input  wire                    aclk,
    input  wire                    aresetn,

    input  wire                    chunk_valid,         // from virtio_vq_segment_walk
    output wire                    chunk_ready,
    input  wire [ADDR_WIDTH-1:0]   chunk_address,
    input  wire [12:0]             chunk_bytes,
    input  wire                    chunk_last,
    input  wire                    chunk_fill,
    input  wire [SLOT_WIDTH-1:0]   chunk_slot,

    input  wire                    wr_valid,
    output wire                    wr_ready,
    input  wire [DATA_WIDTH-1:0]   wr_data,

    output wire                    burst_valid,         // to virtio_vq_axi_write
    input  wire                    burst_ready,
    output wire [ADDR_WIDTH-1:0]   burst_address,
    output wire [7:0]              burst_beats_less1,
    input  wire                    burst_data_ready,
    output wire [DATA_WIDTH-1:0]   burst_data,
    output wire [DATA_WIDTH/8-1:0] burst_strobe,
    input  wire                    answer_valid,
    input  wire                    answer_error,

    output wire [SLOT_WIDTH-1:0]   at_slot,             // of the chunk at work
    input  wire                    at_dead,             // the queue of at_slot was stopped; in the same cycle
    output wire                    cutting,             // the chunk at work still has to be cut
    output wire                    burst_made,          // one more burst waits for burst_*

    output reg                     wrote_valid,
    output reg  [SLOT_WIDTH-1:0]   wrote_slot,
    output reg                     wrote_error
);

    localparam LANES       = DATA_WIDTH / 8;
    localparam LANE_BITS   = $clog2(LANES);
    localparam WORDS       = WINDOW / LANES;
    localparam STORE_LOG2  = (WORDS > 16) ? $clog2(WORDS) + 1 : 5;
    localparam LEFT_WIDTH  = ($clog2(WINDOW) > 10) ? 13 : $clog2(WINDOW) + 2;
    localparam ANSWER_LOG2 = (WRITES > 4) ? $clog2(WRITES) + 1 : 3;

    localparam [LANE_BITS:0]  WORD  = LANES[LANE_BITS:0];

    // ------------------------------------------------------------------ one beat a cycle
    // The stream's bytes lie one behind the other: byte s of a command is at lane s mod LANES of its word. A beat takes
    // its bytes from `held`, the word begun, and from the word at wr_data.
    reg                   active;
    reg  [LANE_BITS-1:0]  lane;                         // of the next byte in the beat
    reg  [LEFT_WIDTH-1:0] left;
    reg  [LANE_BITS:0]    now;                          // bytes of the beat
    reg                   ends;                         // it is the chunk's last
    reg                   last;
    reg                   filler;
    reg  [SLOT_WIDTH-1:0] slot;
    reg  [ADDR_WIDTH-1:0] address;
    reg  [7:0]            beats;                        // of this burst that are in the store
    reg  [LANE_BITS-1:0]  begun;                        // bytes of `held` that are used; 0: there is no word begun
    reg  [DATA_WIDTH-1:0] held;

    wire                  bursts_ready;
    reg  [STORE_LOG2:0]   stored;
    wire                  room    = !stored[STORE_LOG2];                  // not 2^STORE_LOG2
    wire [LANE_BITS-1:0]  in_lane = chunk_fill ? {LANE_BITS{1'b0}} : chunk_address[LANE_BITS-1:0];
    wire [LANE_BITS:0]    in_beat = WORD - {1'b0, in_lane};                  // of the first beat
    wire [LEFT_WIDTH-1:0] bytes   = chunk_bytes[LEFT_WIDTH-1:0];
    wire [LEFT_WIDTH-1:0] bytes_high = bytes >> (LANE_BITS + 1);
    wire                  single  = (bytes_high == {LEFT_WIDTH{1'b0}}) && (bytes[LANE_BITS:0] <= in_beat);
    wire [LEFT_WIDTH-1:0] rest    = left - {{(LEFT_WIDTH - 1 - LANE_BITS){1'b0}}, now};
    wire [LEFT_WIDTH-1:0] words   = rest >> LANE_BITS;
    wire                  last_one = ((words >> 1) == {LEFT_WIDTH{1'b0}}) &&
                                     (!words[0] || (rest[LANE_BITS-1:0] == {LANE_BITS{1'b0}}));
    wire [LANE_BITS:0]    used    = {1'b0, begun} + now;                     // up to 2 * LANES - 1
    wire                  fresh   = (begun == {LANE_BITS{1'b0}});
    wire                  more    = fresh || (used > WORD);                  // wr_data is needed
    reg                   cut;                                               // the chunk at work is being cut
    wire                  begins  = (beats == 8'd0);                         // it has no beat yet
    wire                  step    = active && !cut && room && bursts_ready && (!more || wr_valid);
    wire [LANE_BITS-1:0]  turn    = lane - begun;
    wire [LANES-1:0]      later   = ~({LANES{1'b1}} << begun);               // lanes that come from wr_data

    assign wr_ready    = active && !cut && room && bursts_ready && more;
    assign chunk_ready = !active || (step && ends);
    assign at_slot     = slot;
    assign cutting     = active && !filler && at_dead;

    reg  [DATA_WIDTH-1:0]   source;
    wire [2*DATA_WIDTH-1:0] twice   = {source, source};
    wire [DATA_WIDTH-1:0]   rotated = twice[{1'b1, {(LANE_BITS + 3){1'b0}}} - {1'b0, turn, 3'd0} +: DATA_WIDTH];
    wire [LANES-1:0]        strobe  = ~({LANES{1'b1}} << now) << lane;

    integer i;
    always @* begin
        for (i = 0; i < LANES; i = i + 1)
            source[i*8 +: 8] = (fresh || later[i]) ? wr_data[i*8 +: 8] : held[i*8 +: 8];
    end

    always @(posedge aclk) begin
        if (!aresetn)
            active <= 1'b0;
        else if (chunk_ready)
            active <= chunk_valid;
    end

    always @(posedge aclk) begin
        if (chunk_ready) begin
            lane    <= in_lane;
            left    <= bytes;
            ends    <= single;
            now     <= single ? bytes[LANE_BITS:0] : in_beat;
            last    <= chunk_last;
            filler  <= chunk_fill;
            slot    <= chunk_slot;
            address <= chunk_address;
            beats   <= 8'd0;
        end else if (step) begin
            lane    <= {LANE_BITS{1'b0}};
            left    <= rest;
            ends    <= last_one;
            now     <= last_one ? rest[LANE_BITS:0] : WORD;
            beats   <= beats + 8'd1;
        end else if (cut)
            filler  <= 1'b1;
    end

    always @(posedge aclk)
        cut <= aresetn && cutting && !chunk_ready && !cut;

    always @(posedge aclk) begin
        if (!aresetn)
            begun <= {LANE_BITS{1'b0}};
        else if (step)
            begun <= (ends && last) ? {LANE_BITS{1'b0}} : used[LANE_BITS-1:0];
    end

    always @(posedge aclk) begin
        if (step && more)
            held <= wr_data;
    end

    // ------------------------------------------------------------------ complete bursts
    wire                  data_in  = step && !filler;
    wire                  cut_off  = cut && !begins;
    wire                  out_valid;
    wire                  bursts_valid;
    wire                  burst_fill;
    wire                  burst_last;
    wire [SLOT_WIDTH-1:0] burst_slot;
    wire                  answers_ready;
    wire                  hand     = bursts_valid && answers_ready && (burst_fill || burst_ready);

    always @(posedge aclk) begin
        if (!aresetn)
            stored <= {(STORE_LOG2 + 1){1'b0}};
        else
            stored <= stored + {{STORE_LOG2{1'b0}}, data_in} - {{STORE_LOG2{1'b0}}, burst_data_ready};
    end

    virtio_vq_fifo #(.WIDTH(DATA_WIDTH + LANES), .LOG2_DEPTH(STORE_LOG2)) beat_store (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(data_in), .in_data({strobe, rotated}),
        .out_valid(out_valid), .out_ready(burst_data_ready), .out_data({burst_strobe, burst_data})
    );

    virtio_sync_fifo #(.WIDTH(ADDR_WIDTH + 8 + 2 + SLOT_WIDTH), .LOG2_DEPTH(2)) bursts (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid((step && ends) || cut_off), .in_ready(bursts_ready),
        .in_data({address, cut ? beats - 8'd1 : beats, filler, last && !cut, slot}),
        .out_valid(bursts_valid), .out_ready(hand),
        .out_data({burst_address, burst_beats_less1, burst_fill, burst_last, burst_slot})
    );

    assign burst_valid = bursts_valid && !burst_fill && answers_ready;
    assign burst_made  = (step && ends && !filler) || cut_off;

    // ------------------------------------------------------------------ answers, in order
    wire                  answers_valid;
    wire                  answer_fill;
    wire                  answer_last;
    wire [SLOT_WIDTH-1:0] answer_slot;
    wire                  came_valid;
    wire                  came_error;
    wire                  unused_came_ready;
    wire                  finish = answers_valid && (answer_fill || came_valid);
    reg                   failed;

    virtio_sync_fifo #(.WIDTH(2 + SLOT_WIDTH), .LOG2_DEPTH(ANSWER_LOG2)) answers (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(hand), .in_ready(answers_ready), .in_data({burst_fill, burst_last, burst_slot}),
        .out_valid(answers_valid), .out_ready(finish), .out_data({answer_fill, answer_last, answer_slot})
    );

    // No more answers can come than `answers` has entries.
    virtio_sync_fifo #(.WIDTH(1), .LOG2_DEPTH(ANSWER_LOG2)) came (
        .aclk(aclk), .aresetn(aresetn),
        .in_valid(answer_valid), .in_ready(unused_came_ready), .in_data(answer_error),
        .out_valid(came_valid), .out_ready(finish && !answer_fill), .out_data(came_error)
    );

    wire error = failed || answer_fill || came_error;

    always @(posedge aclk) begin
        if (!aresetn) begin
            failed      <= 1'b0;
            wrote_valid <= 1'b0;
        end else begin
            if (finish)
                failed  <= !answer_last && error;
            wrote_valid <= finish && answer_last;
        end
    end

    always @(posedge aclk) begin
        wrote_slot  <= answer_slot;
        wrote_error <= error;
    end

    wire unused = &{1'b0, out_valid, unused_came_ready, chunk_bytes};

endmodule

`default_nettype wire
