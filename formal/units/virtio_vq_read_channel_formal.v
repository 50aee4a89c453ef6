// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_read_channel_formal: the read mover copies every byte. One byte, any, of any job is marked in memory; it comes out
// at its place in the command's stream, there only, and in the right number of words. The memory answers in order.
//
// The design never looks at data, so what holds of one marked byte holds of all: a byte with bits 01101001 in a sea of zeros.
//
// The bus has 32 bits, for the solver; jobs lie in one window of 8 bytes, commands have any length. What `link_` says for induction
// names the 8 words of the store and the 2 jobs that wait: other sizes need other lists there.
//
//   BEATS_LOG2, JOBS_LOG2   as in virtio_vq_read_channel
//   LINKS                   0: without the assertions that make the others inductive
`default_nettype none

module virtio_vq_read_channel_formal #(
    parameter       BEATS_LOG2 = 3,
    parameter       JOBS_LOG2  = 1,
    parameter       LINKS      = 1,
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

    wire [BEATS_LOG2:0] promised = \dut.promise + 1'b1;

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
        link_room:   assert ({{(5 - BEATS_LOG2){1'b0}}, \dut.room } + inside + owed == DEPTH + {{(5 - BEATS_LOG2){1'b0}}, promised});
        c_joined:    cover (this_word && its_bytes == 3'd4 && its_place == 2'd3 && with_last && words == 6'd1);
    end

    // ------------------------------------------------------------------ for induction: the jobs inside
    // Job 0 is the one whose bytes are moved, 1 and 2 wait. base: bytes of its first word that other jobs fill; upto: bytes from
    // that word on to the end of the job; full: words that it fills or ends.
    (* hierconn *) wire        \dut.active ;
    (* hierconn *) wire [1:0]  \dut.lane ;
    (* hierconn *) wire [3:0]  \dut.left ;
    (* hierconn *) wire [2:0]  \dut.now ;
    (* hierconn *) wire        \dut.ends ;
    (* hierconn *) wire        \dut.last ;
    (* hierconn *) wire        \dut.filler ;
    (* hierconn *) wire        \dut.tag ;
    (* hierconn *) wire        \dut.flush ;
    (* hierconn *) wire        \dut.failed ;
    (* hierconn *) wire [31:0] \dut.kept ;
    (* hierconn *) wire [1:0]  \dut.fill ;
    (* hierconn *) wire        \dut.enough ;
    (* hierconn *) wire        \dut.step ;
    (* hierconn *) wire        \dut.full ;
    (* hierconn *) wire        \dut.over ;
    (* hierconn *) wire        \dut.jobs_pop ;
    (* hierconn *) wire        \dut.jobs.in_ready ;
    (* hierconn *) wire [1:0]  \dut.jobs.head ;
    (* hierconn *) wire [1:0]  \dut.jobs.tail ;
    (* hierconn *) wire [8:0]  \dut.jobs.store[0] ;
    (* hierconn *) wire [8:0]  \dut.jobs.store[1] ;
    (* hierconn *) wire [32:0] \dut.beat_store.out_data ;
    (* hierconn *) wire [32:0] \dut.beat_store.word ;
    (* hierconn *) wire [32:0] \dut.beat_store.memory.words[0] ;
    (* hierconn *) wire [32:0] \dut.beat_store.memory.words[1] ;
    (* hierconn *) wire [32:0] \dut.beat_store.memory.words[2] ;
    (* hierconn *) wire [32:0] \dut.beat_store.memory.words[3] ;
    (* hierconn *) wire [32:0] \dut.beat_store.memory.words[4] ;
    (* hierconn *) wire [32:0] \dut.beat_store.memory.words[5] ;
    (* hierconn *) wire [32:0] \dut.beat_store.memory.words[6] ;
    (* hierconn *) wire [32:0] \dut.beat_store.memory.words[7] ;

    wire [1:0]  waiting = \dut.jobs.tail - \dut.jobs.head ;
    wire        flush   = \dut.flush ;
    wire        step    = \dut.step ;
    wire        loads   = \dut.jobs_pop && waiting != 2'd0;
    wire [8:0]  first   = \dut.jobs.head [0] ? \dut.jobs.store[1] : \dut.jobs.store[0] ;
    wire [8:0]  second  = \dut.jobs.head [0] ? \dut.jobs.store[0] : \dut.jobs.store[1] ;

    wire [2:0]  is_there = {waiting == 2'd2, waiting != 2'd0, \dut.active };
    wire [2:0]  is_last  = {second[2], first[2], \dut.last };
    wire [2:0]  fills    = {second[1], first[1], \dut.filler };
    wire [2:0]  tags     = {second[0], first[0], \dut.tag };
    wire [12:0] size   [0:2];
    wire [1:0]  at     [0:2];
    wire [5:0]  base   [0:3];
    wire [5:0]  ends_at [0:2];
    wire [5:0]  full   [0:2];
    wire [5:0]  reads  [0:2];
    wire [2:0]  sane;
    assign size[0] = {9'd0, \dut.left };
    assign size[1] = {9'd0, first[6:3]};
    assign size[2] = {9'd0, second[6:3]};
    assign at[0]   = \dut.lane ;
    assign at[1]   = first[8:7];
    assign at[2]   = second[8:7];
    assign base[0] = flush ? 6'd0 : {4'd0, \dut.fill };
    genvar g;
    generate
        for (g = 0; g < 3; g = g + 1) begin : inside_jobs
            assign ends_at[g]  = base[g] + size[g][5:0];
            assign full[g]     = !is_there[g] ? 6'd0 : (ends_at[g] >> 2) + {5'd0, is_last[g] && ends_at[g][1:0] != 2'd0};
            assign base[g + 1] = !is_there[g] ? base[g] : is_last[g] ? 6'd0 : {4'd0, ends_at[g][1:0]};
            assign reads[g]    = (!is_there[g] || fills[g]) ? 6'd0 : ({4'd0, at[g]} + size[g][5:0] + 6'd3) >> 2;
            assign sane[g]     = !is_there[g] || (size[g] != 13'd0 && size[g] <= 13'd8 &&
                {11'd0, at[g]} + size[g] <= 13'd8 && !(fills[g] && at[g] != 2'd0));
        end
    endgenerate

    // ------------------------------------------------------------------ for induction: where the marked byte is
    // waits: not yet moved, in job `place`, `offset` bytes behind what is moved next; in_kept: in the word that is joined;
    // otherwise in the word that is offered. here: its job is not done. to_pop: beats that are moved before its beat.
    // last_waits: the job that ends its command is `end_place`; end_flush: only its last word is left.
    reg        waits, in_kept, here, last_waits, end_flush;
    reg  [1:0] place, end_place;
    reg  [2:0] offset;
    reg  [5:0] to_pop;
    wire [5:0] all_beats = owed + inside;
    wire       beat_pop  = step && !\dut.filler ;
    wire [1:0] slot      = 2'd1 + waiting - {1'b0, loads};                           // of a job that is accepted now
    wire       its_step  = step && waits && place == 2'd0 && offset < \dut.now ;
    wire       emits     = step && (\dut.full || (\dut.ends && \dut.last ));
    wire [3:0] in_word   = {2'd0, \dut.fill } + {1'b0, offset};

    always @(posedge aclk) begin
        if (!aresetn) begin
            waits      <= 1'b0;
            in_kept    <= 1'b0;
            here       <= 1'b0;
            last_waits <= 1'b0;
            end_flush  <= 1'b0;
        end else begin
            waits   <= now || (waits && !its_step);
            here    <= now || (here && !(step && \dut.ends && place == 2'd0));
            in_kept <= its_step ? in_word >= 4'd4 || !emits : in_kept && !emits && !(flush && (!out_valid || out_ready));
            last_waits <= (accept && job_last && (now || (marked && !ended))) ||
                          (last_waits && !(step && \dut.ends && end_place == 2'd0));
            end_flush  <= (end_flush && out_valid && !out_ready) ||
                          (last_waits && step && \dut.ends && end_place == 2'd0 && \dut.over );
        end
        place  <= now ? slot : place - {1'b0, loads};
        offset <= now ? mark_offset : (step && place == 2'd0) ? offset - \dut.now : offset;
        to_pop <= (now ? all_beats + (in_job >> 2) : to_pop) - {5'd0, beat_pop};
        end_place <= (accept && job_last && (now || (marked && !ended))) ? slot : end_place - {1'b0, loads};
    end

    // ------------------------------------------------------------------ for induction: what is in the store, in order
    wire [32:0] stored_at [0:7];                 // BEATS_LOG2 = 3: the words above
    assign stored_at[0] = \dut.beat_store.memory.words[0] ;
    assign stored_at[1] = \dut.beat_store.memory.words[1] ;
    assign stored_at[2] = \dut.beat_store.memory.words[2] ;
    assign stored_at[3] = \dut.beat_store.memory.words[3] ;
    assign stored_at[4] = \dut.beat_store.memory.words[4] ;
    assign stored_at[5] = \dut.beat_store.memory.words[5] ;
    assign stored_at[6] = \dut.beat_store.memory.words[6] ;
    assign stored_at[7] = \dut.beat_store.memory.words[7] ;
    wire [5:0]  in_store = {{(5 - BEATS_LOG2){1'b0}}, stored};
    wire [5:0]  at_word  = {5'd0, \dut.beat_store.out_valid };
    wire [5:0]  at_ram   = at_word + {5'd0, \dut.beat_store.loaded };
    wire [31:0] with_mark = {24'd0, MARK} << {its_lane, 3'd0};
    wire        is_inside = waits && !wait_beat && !is_fill;
    wire [9:0]  wrong_beats, bad_beats, its_errors;
    genvar r;
    generate
        assign wrong_beats[8] = \dut.beat_store.out_valid && \dut.beat_store.out_data [31:0] != ((is_inside &&
            to_pop == 6'd0) ? with_mark : 32'd0);
        assign wrong_beats[9] = \dut.beat_store.loaded && \dut.beat_store.word [31:0] != ((is_inside &&
            to_pop == at_word) ? with_mark : 32'd0);
        assign bad_beats[8]   = \dut.beat_store.out_valid && \dut.beat_store.out_data [32];
        assign bad_beats[9]   = \dut.beat_store.loaded && \dut.beat_store.word [32];
        assign its_errors[8]  = bad_beats[8] && to_pop == 6'd0;
        assign its_errors[9]  = bad_beats[9] && to_pop == at_word;
        for (r = 0; r < 8; r = r + 1) begin : ram
            localparam [BEATS_LOG2-1:0] AT = r;
            wire [BEATS_LOG2-1:0] distance = AT - \dut.beat_store.head [BEATS_LOG2-1:0];
            wire [5:0]            behind   = {{(6 - BEATS_LOG2){1'b0}}, distance};
            wire                  held_here = behind < in_store;
            assign wrong_beats[r] = held_here && stored_at[r][31:0] != ((is_inside &&
                to_pop == at_ram + behind) ? with_mark : 32'd0);
            assign bad_beats[r]   = held_here && stored_at[r][32];
            assign its_errors[r]  = bad_beats[r] && to_pop == at_ram + behind;
        end
    endgenerate

    // ------------------------------------------------------------------ for induction: what follows for its word and its command
    reg  [5:0] have;                             // bytes of its word
    reg        counts, complete, completes_last;
    reg  [5:0] words_before, words_to_end, lasts_before, beats_before;
    reg        end_unique;
    integer    n;
    always @* begin
        have           = {4'd0, \dut.fill };
        counts         = in_kept;
        complete       = in_kept && flush;
        completes_last = complete;
        words_before   = {5'd0, out_valid} + {5'd0, flush};
        words_to_end   = {5'd0, out_valid} + {5'd0, flush};
        lasts_before   = 6'd0;
        beats_before   = 6'd0;
        end_unique     = 1'b1;
        for (n = 0; n < 3; n = n + 1) begin
            if (is_there[n] && waits && place == n[1:0]) begin
                have   = ends_at[n] - ((base[n] + {3'd0, offset}) & 6'h3C);
                counts = 1'b1;
            end else if (is_there[n] && counts && !complete)
                have   = have + size[n][5:0];
            if (is_there[n] && counts && !complete) begin
                complete       = have >= 6'd4 || is_last[n];
                completes_last = is_last[n] && have <= 6'd4;
            end
            if (n[1:0] < place) begin
                words_before = words_before + full[n];
                lasts_before = lasts_before + {5'd0, is_there[n] && is_last[n]};
                beats_before = beats_before + reads[n];
            end
            if (n[1:0] <= end_place)
                words_to_end = words_to_end + full[n];
            if (is_there[n] && is_last[n] && (!here || n[1:0] >= place) && (!last_waits || n[1:0] < end_place))
                end_unique = 1'b0;
        end
    end

    wire [5:0] its_at     = base[place] + {3'd0, offset};
    wire [5:0] its_beats  = {4'd0, at[place]} + {3'd0, offset};
    reg        kept_clean;
    always @* begin
        kept_clean = 1'b1;
        for (n = 0; n < 4; n = n + 1)
            if (n[1:0] < \dut.fill && \dut.kept [8*n +: 8] != ((in_kept && !is_fill && its_place == n[1:0]) ? MARK : 8'd0))
                kept_clean = 1'b0;
    end

    always @* if (started && LINKS != 0) begin
        link_jobs:     assert (waiting <= 2'd2 && \dut.jobs.in_ready == (waiting != 2'd2));
        link_sane:     assert (&sane);
        link_active:   assert (!\dut.active || (\dut.ends == ({11'd0, at[0]} + size[0] <= 13'd4) &&
                                                \dut.now == (\dut.ends ? size[0][2:0] : 3'd4 - {1'b0, at[0]})));
        link_flush:    assert (!flush || \dut.fill != 2'd0);
        link_enough:   assert (\dut.enough == (\dut.room >= 4));
        link_promise:  assert (promised <= 2 && \dut.room >= promised);
        link_store:    assert (in_store <= DEPTH && owed <= DEPTH);
        link_beats:    assert (all_beats == reads[0] + reads[1] + reads[2]);
        link_begun:    assert (begun == base[3][1:0]);
        link_words:    assert (words == {5'd0, out_valid} + {5'd0, flush} + full[0] + full[1] + full[2]);
        link_commands: assert (commands == {5'd0, is_there[0] && is_last[0]} + {5'd0, is_there[1] &&
                               is_last[1]} + {5'd0, is_there[2] && is_last[2]});
        link_filled:   assert (filled || (is_there & fills) == 3'd0);
        link_any_bad:  assert (any_bad || (!filled && !\dut.failed && bad_beats == 10'd0));

        link_marked:   assert (marked || !(waits || in_kept || here || wait_beat || wait_word || last_waits || end_flush || wait_end || wait_retired));
        link_waits:    assert (!waits || (here && wait_word && !in_kept && {10'd0, offset} < size[place] &&
                               (is_fill || its_lane == its_beats[1:0]) &&
                                          its_place == its_at[1:0] && to_word == words_before + (its_at >> 2)));
        link_here:     assert (!here || (place != 2'd3 && (waits || place == 2'd0) && is_there[place] &&
                               is_fill == fills[place] && its_tag == tags[place]));
        link_popped:   assert (!waits || is_fill || to_pop == beats_before + (its_beats >> 2));
        link_arrived:  assert (!(waits && !is_fill) || (wait_beat ? to_pop == to_beat + inside &&
                               to_beat < owed : to_pop < inside));
        link_arrives:  assert (!wait_beat || (waits && !is_fill));
        link_stored:   assert (wrong_beats == 10'd0);
        link_kept:     assert (!in_kept || (wait_word && its_place < \dut.fill && to_word == {5'd0, out_valid}));
        link_copied:   assert (!in_kept || is_fill || \dut.kept [8*its_place +: 8] == MARK);
        link_clean:    assert (filled || kept_clean);
        link_offered:  assert (!(wait_word && !waits && !in_kept) || (out_valid && to_word == 6'd0));
        link_its_word: assert (!(waits || in_kept) || (closed == complete && with_last == (complete && completes_last) &&
                                                       its_bytes == (have >= 6'd4 ? 3'd4 : have[2:0])));

        link_ended:    assert (!marked || ended || (!last_waits && !wait_end && !end_flush));
        link_wait_end: assert (!last_waits || (wait_end && end_place != 2'd3 && is_there[end_place] && is_last[end_place] &&
                                               (!here || place <= end_place) && to_end == words_to_end - 6'd1));
        link_unique:   assert (!marked || (ended && !last_waits) || end_unique);
        link_no_flush: assert (!marked || waits || (ended && !last_waits) || !flush);
        link_end_flush: assert (!end_flush || (flush && wait_end && !last_waits && !waits && to_end == {5'd0, out_valid}));
        link_end_out:  assert (!(wait_end && !last_waits && !end_flush) || (out_valid && to_end == 6'd0));
        link_here_end: assert (!(here && ended) || last_waits);
        link_retired:  assert (wait_retired == (here && is_last[place]) && (!wait_retired || to_retired == lasts_before));
        link_bad:      assert (!bad || !marked || (is_fill ? 1'b1 : !wait_beat));
        link_bad_in:   assert (!(bad && is_inside) || its_errors != 10'd0);
        link_bad_fill: assert (!(marked && is_fill) || bad);
        link_failed:   assert (!(bad && marked && !waits && (!ended || last_waits || end_flush)) || \dut.failed );
    end

endmodule

`default_nettype wire
