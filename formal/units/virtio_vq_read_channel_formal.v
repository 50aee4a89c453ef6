// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_read_channel_formal: the read mover copies every byte. One byte, any, of any job is marked in memory; it comes out
// at its place in the command's stream, there only, and in the right number of words. The memory answers in order.
//
// The design never looks at data, so what holds of one marked byte holds of all: a byte with bits 01101001 in a sea of zeros.
//
//   BEATS_LOG2, JOBS_LOG2   as in virtio_vq_read_channel; the bus has 32 bits, for the
//                           solver; jobs lie in one window of 8 bytes, commands have any length
`default_nettype none

module virtio_vq_read_channel_formal #(
    parameter       BEATS_LOG2 = 2,
    parameter       JOBS_LOG2  = 1,
    parameter [7:0] MARK       = 8'h69
) (
    input wire        aclk,
    input wire        aresetn,
    input wire        job_valid,
    input wire [15:0] job_address,
    input wire [12:0] job_bytes,
    input wire        job_last,
    input wire        job_fill,
    input wire        job_tag,
    input wire        read_ready,
    input wire        beat_valid,
    input wire        beat_error,
    input wire        out_ready,
    input wire        mark,                      // a byte of the job that is accepted now is the marked one
    input wire [2:0]  mark_offset
);

    localparam [5:0] DEPTH = 1 << BEATS_LOG2;

    wire        job_ready, read_valid, retired_valid, retired_tag, out_valid, out_last, out_error;
    wire [15:0] read_address;
    wire [12:0] read_bytes;
    wire [31:0] out_data, beat_data;
    wire [3:0]  out_keep;

    virtio_vq_read_channel #(
        .DATA_WIDTH(32), .ADDR_WIDTH(16), .BEATS_LOG2(BEATS_LOG2), .JOB_BEATS(2), .JOBS_LOG2(JOBS_LOG2), .TAG_WIDTH(1),
        .REGISTERED(1)
    ) dut (
        .aclk(aclk), .aresetn(aresetn),
        .job_valid(job_valid), .job_ready(job_ready), .job_address(job_address), .job_bytes(job_bytes),
        .job_last(job_last), .job_fill(job_fill), .job_tag(job_tag),
        .read_valid(read_valid), .read_ready(read_ready), .read_address(read_address), .read_bytes(read_bytes),
        .beat_valid(beat_valid), .beat_data(beat_data), .beat_error(beat_error),
        .retired_valid(retired_valid), .retired_tag(retired_tag),
        .out_valid(out_valid), .out_ready(out_ready), .out_data(out_data), .out_keep(out_keep), .out_last(out_last),
        .out_error(out_error)
    );

    (* hierconn *) wire [BEATS_LOG2:0] \dut.room ;
    (* hierconn *) wire [BEATS_LOG2:0] \dut.beat_store.head ;
    (* hierconn *) wire [BEATS_LOG2:0] \dut.beat_store.tail ;
    (* hierconn *) wire [BEATS_LOG2:0] \dut.promise ;
    (* hierconn *) wire                \dut.beat_store.loaded ;
    (* hierconn *) wire                \dut.beat_store.out_valid ;

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    // ------------------------------------------------------------------ jobs and what memory owes for them
    wire       accept  = job_valid && job_ready;
    wire       asked   = read_valid && read_ready;
    wire       out     = out_valid && out_ready;
    wire [5:0] bytes   = job_bytes[5:0];
    wire [5:0] in_beat = {4'd0, job_address[1:0]} + bytes;
    wire [5:0] beats   = (in_beat + 6'd3) >> 2;

    reg  [5:0] owed;                             // beats
    always @(posedge aclk)
        owed <= !aresetn ? 6'd0 : owed + (asked ? beats : 6'd0) - {5'd0, beat_valid};

    always @* begin
        a_bytes:  assume (job_bytes != 13'd0 && job_bytes <= 13'd8);
        a_window: assume (job_fill || {3'd0, job_address[2:0]} + bytes <= 6'd8);
        a3_owed:  assume (!beat_valid || owed != 6'd0);
    end

    // ------------------------------------------------------------------ words of the stream
    reg  [1:0] begun;                            // bytes of the command's last word, of the jobs accepted so far
    reg  [5:0] words;                            // that the accepted jobs fill or end and that were not taken
    reg  [5:0] commands;                         // accepted to the end and not retired
    reg        filled, any_bad;
    wire [5:0] upto     = {4'd0, begun} + bytes;
    wire [5:0] job_words = (upto >> 2) + {5'd0, job_last && upto[1:0] != 2'd0};
    always @(posedge aclk) begin
        if (!aresetn) begin
            begun    <= 2'd0;
            words    <= 6'd0;
            commands <= 6'd0;
            filled   <= 1'b0;
            any_bad  <= 1'b0;
        end else begin
            if (accept)
                begun <= job_last ? 2'd0 : upto[1:0];
            words    <= words + (accept ? job_words : 6'd0) - {5'd0, out};
            commands <= commands + {5'd0, accept && job_last} - {5'd0, retired_valid};
            filled   <= filled || (accept && job_fill);
            any_bad  <= any_bad || (accept && job_fill) || (beat_valid && beat_error);
        end
    end

    // ------------------------------------------------------------------ the marked byte
    reg        marked, wait_beat, wait_word, wait_end, wait_retired;
    reg        is_fill, bad, its_tag, closed, with_last, ended;
    reg  [5:0] to_beat, to_word, to_end, to_retired;             // how many come before
    reg  [1:0] its_lane, its_place;                              // in its beat, and in its word
    reg  [2:0] its_bytes;                                        // of its word
    wire       now       = accept && mark && !marked && {3'd0, mark_offset} < bytes;
    wire [5:0] in_job    = {4'd0, job_address[1:0]} + {3'd0, mark_offset};
    wire [5:0] in_words  = {4'd0, begun} + {3'd0, mark_offset};
    wire [5:0] of_word   = now ? upto - {in_words[5:2], 2'd0} : {3'd0, its_bytes} + bytes;   // to the end of the job
    wire       this_beat = beat_valid && wait_beat && to_beat == 6'd0;
    wire       this_word = out_valid && wait_word && to_word == 6'd0;
    wire       this_end  = out_valid && wait_end && to_end == 6'd0;
    wire       this_gone = retired_valid && wait_retired && to_retired == 6'd0;

    always @(posedge aclk) begin
        if (!aresetn) begin
            marked       <= 1'b0;
            wait_beat    <= 1'b0;
            wait_word    <= 1'b0;
            wait_end     <= 1'b0;
            wait_retired <= 1'b0;
        end else if (now) begin
            marked       <= 1'b1;
            wait_beat    <= !job_fill;
            wait_word    <= 1'b1;
            wait_end     <= job_last;
            wait_retired <= job_last;
        end else begin
            wait_beat    <= wait_beat && !this_beat;
            wait_word    <= wait_word && !(this_word && out_ready);
            wait_end     <= (accept && job_last && marked && !ended) || (wait_end && !(this_end && out_ready));
            wait_retired <= wait_retired && !this_gone;
        end

        if (now) begin
            is_fill    <= job_fill;
            its_tag    <= job_tag;
            its_lane   <= in_job[1:0];
            its_place  <= in_words[1:0];
            to_beat    <= owed - {5'd0, beat_valid} + (in_job >> 2);
            to_word    <= words - {5'd0, out} + (in_words >> 2);
            to_retired <= commands - {5'd0, retired_valid};
        end else begin
            to_beat    <= to_beat - {5'd0, beat_valid};
            to_word    <= to_word - {5'd0, out};
            to_retired <= to_retired - {5'd0, retired_valid};
        end

        // Its word goes on until it is full or the command ends.
        if (now || (accept && marked && !closed)) begin
            its_bytes <= (of_word >= 6'd4) ? 3'd4 : of_word[2:0];
            closed    <= (of_word >= 6'd4) || job_last;
            with_last <= job_last && of_word <= 6'd4;
        end
        if (now || (accept && marked && !ended)) begin
            ended  <= job_last;
            to_end <= words - {5'd0, out} + job_words - 6'd1;
        end else
            to_end <= to_end - {5'd0, out};

        bad <= now ? job_fill : bad || (this_beat && beat_error);
    end

    genvar k;
    generate
        for (k = 0; k < 4; k = k + 1) begin : lanes
            assign beat_data[8*k +: 8] = (this_beat && its_lane == k) ? MARK : 8'd0;
        end
    endgenerate

    reg     others_clean;
    integer i;
    always @* begin
        others_clean = 1'b1;
        for (i = 0; i < 4; i = i + 1)
            if (out_keep[i] && out_data[8*i +: 8] != ((this_word && its_place == i[1:0] && !is_fill) ? MARK : 8'd0))
                others_clean = 1'b0;
    end

    wire [BEATS_LOG2:0] stored = \dut.beat_store.tail - \dut.beat_store.head ;
    wire [5:0]          inside = {{(5 - BEATS_LOG2){1'b0}}, stored} + {5'd0, \dut.beat_store.loaded } +
                          {5'd0, \dut.beat_store.out_valid };

    reg        held, held_last;
    reg [31:0] held_data;
    reg [3:0]  held_keep;
    always @(posedge aclk) begin
        held      <= aresetn && out_valid && !out_ready;
        held_data <= out_data;
        held_keep <= out_keep;
        held_last <= out_last;
    end

    always @* if (started) begin
        p13_words:   assert (!out_valid || words != 6'd0);
        p13_word:    assert (!this_word || (closed && out_last == with_last && out_keep == ~(4'hF << its_bytes)));
        p13_copied:  assert (!this_word || is_fill || out_data[8*its_place +: 8] == MARK);
        p13_alone:   assert (!out_valid || filled || others_clean);
        p13_end:     assert (!this_end || out_last);
        p13_error:   assert (!this_end || !bad || out_error);
        p13_good:    assert (!out_valid || any_bad || !out_error);
        p13_held:    assert (!held || (out_valid && out_data == held_data && out_keep == held_keep && out_last == held_last));
        p4_retired:  assert (!this_gone || (retired_tag == its_tag && !wait_beat));
        p13_room:    assert (inside + owed <= DEPTH);
        link_room:   assert ({{(5 - BEATS_LOG2){1'b0}}, \dut.room } + inside + owed == DEPTH + {{(5 - BEATS_LOG2){1'b0}}, \dut.promise });
        c_joined:    cover (this_word && its_bytes == 3'd4 && its_place == 2'd3 && with_last && words == 6'd1);
    end

endmodule

`default_nettype wire
