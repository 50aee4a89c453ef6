// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_write_mover_formal: the write mover copies every byte. One byte, any, of any word of the stream is marked; it is
// written at its place in the chunk that it belongs to, once, and no byte outside of a chunk has a strobe. The command is
// reported after the answer for that byte, and with an error if there was one. A byte of a chunk that is cut is written at
// its place if its beat was in the store, and else nowhere. Only a chunk whose slot was dead is cut.
//
// The design never looks at data, so what holds of one marked byte holds of all: a byte with bits 01101001 in a sea of zeros.
// In the copy of the RTL that is proved, the stores have 4 beats and 2 answers. The bus has 32 bits, for the solver, and chunks
// lie in one window of 8 bytes.
//
//   MARK    the marked byte
//   LINKS   0: without the assertions that make the others inductive
`default_nettype none

module virtio_vq_write_mover_formal #(
    parameter [7:0] MARK  = 8'h69,
    parameter       LINKS = 1
) (
    input wire        aclk,
    input wire        aresetn,
    input wire        chunk_valid,
    input wire [15:0] chunk_address,
    input wire [12:0] chunk_bytes,
    input wire        chunk_last,
    input wire        chunk_fill,
    input wire        chunk_slot,
    input wire        wr_valid,
    input wire        burst_ready,
    input wire        burst_data_ready,
    input wire        answer_valid,
    input wire        answer_error,
    input wire        at_dead,
    input wire        mark,                      // a byte of the word that is taken now is the marked one
    input wire [1:0]  mark_lane
);

    wire        chunk_ready, wr_ready, burst_valid, wrote_valid, wrote_slot, wrote_error, at_slot, cutting, burst_made;
    wire [15:0] burst_address;
    wire [7:0]  burst_beats_less1;
    wire [3:0]  burst_strobe;
    wire [31:0] burst_data, wr_data;

    virtio_vq_write_mover #(.DATA_WIDTH(32), .ADDR_WIDTH(16), .WINDOW(8), .WRITES(2), .SLOT_WIDTH(1)) dut (
        .aclk(aclk), .aresetn(aresetn),
        .chunk_valid(chunk_valid), .chunk_ready(chunk_ready), .chunk_address(chunk_address), .chunk_bytes(chunk_bytes),
        .chunk_last(chunk_last), .chunk_fill(chunk_fill), .chunk_slot(chunk_slot),
        .wr_valid(wr_valid), .wr_ready(wr_ready), .wr_data(wr_data),
        .burst_valid(burst_valid), .burst_ready(burst_ready), .burst_address(burst_address),
        .burst_beats_less1(burst_beats_less1), .burst_data_ready(burst_data_ready), .burst_data(burst_data),
        .burst_strobe(burst_strobe), .answer_valid(answer_valid), .answer_error(answer_error),
        .at_slot(at_slot), .at_dead(at_dead), .cutting(cutting), .burst_made(burst_made),
        .wrote_valid(wrote_valid), .wrote_slot(wrote_slot), .wrote_error(wrote_error)
    );

    (* hierconn *) wire       \dut.beat_store.out_valid ;
    (* hierconn *) wire       \dut.cut ;
    (* hierconn *) wire       \dut.active ;
    (* hierconn *) wire       \dut.filler ;
    (* hierconn *) wire       \dut.ends ;
    (* hierconn *) wire [7:0] \dut.beats ;
    (* hierconn *) wire       \dut.bursts.in_ready ;

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    // ------------------------------------------------------------------ chunks, and what the bus is owed and owes
    wire       accept  = chunk_valid && chunk_ready;
    wire       writes  = accept && !chunk_fill;
    wire       taken   = wr_valid && wr_ready;
    wire       handed  = burst_valid && burst_ready;
    wire       pull    = burst_data_ready;
    wire [5:0] bytes   = chunk_bytes[5:0];
    wire [5:0] in_beat = {4'd0, chunk_address[1:0]} + bytes;
    wire [5:0] beats   = (in_beat + 6'd3) >> 2;

    // The chunk at work is cut: its beats that are formed are a burst, the others are not written.
    wire       cut       = \dut.cut ;
    wire [5:0] formed    = \dut.beats [5:0];
    wire [5:0] remaining = \dut.ends ? 6'd1 : 6'd2;             // beats of the chunk at work that are not formed
    wire       cut_whole = cut && formed == 6'd0;
    wire       cut_apart = cut && formed != 6'd0;

    // Of the chunks that were accepted: beats not pulled, bursts not handed over, bursts not answered, commands not
    // reported. Of the bursts handed over: beats not pulled, bursts not answered.
    reg  [5:0] all_beats, all_bursts, all_answers, all_commands, sent_beats, sent_bursts;
    always @(posedge aclk) begin
        if (!aresetn) begin
            all_beats    <= 6'd0;
            all_bursts   <= 6'd0;
            all_answers  <= 6'd0;
            all_commands <= 6'd0;
            sent_beats   <= 6'd0;
            sent_bursts  <= 6'd0;
        end else begin
            all_beats    <= all_beats + (writes ? beats : 6'd0) - {5'd0, pull} - (cut ? remaining : 6'd0);
            all_bursts   <= all_bursts + {5'd0, writes} - {5'd0, handed} - {5'd0, cut_whole};
            all_answers  <= all_answers + {5'd0, writes} - {5'd0, answer_valid} - {5'd0, cut_whole};
            all_commands <= all_commands + {5'd0, accept && chunk_last} - {5'd0, wrote_valid};
            sent_beats   <= sent_beats + (handed ? burst_beats_less1[5:0] + 6'd1 : 6'd0) - {5'd0, pull};
            sent_bursts  <= sent_bursts + {5'd0, handed} - {5'd0, answer_valid};
        end
    end

    // All chunks of a command are of one slot.
    reg within, slot;
    always @(posedge aclk) begin
        within <= aresetn && (accept ? !chunk_last : within);
        if (accept) slot <= chunk_slot;
    end

    // What virtio_vq_segment_walk gives, and when virtio_vq_axi_write takes data and answers.
    always @* begin
        a_bytes:  assume (chunk_bytes != 13'd0 && chunk_bytes <= 13'd8);
        a_window: assume (chunk_fill || {3'd0, chunk_address[2:0]} + bytes <= 6'd8);
        a_slot:   assume (!within || chunk_slot == slot);
        a_data:   assume (!burst_data_ready || sent_beats != 6'd0);
        a4_owed:  assume (!answer_valid || sent_bursts != 6'd0);
    end

    // ------------------------------------------------------------------ the chunk at work
    reg  [1:0]  begun;                           // bytes of the command's last word that are spoken for
    reg  [1:0]  its_begun, its_lane;             // of the chunk: that before it, and the lane of its first byte
    reg  [5:0]  its_bytes, its_beats, its_words; // its_words: taken since it was accepted
    reg  [15:0] its_address;
    reg         its_fill, its_last, its_slot;
    reg  [5:0]  to_beat, to_burst, to_answer, to_command;        // how many come before its first
    wire [5:0]  upto = {4'd0, begun} + bytes;
    always @(posedge aclk) begin
        if (!aresetn)
            begun <= 2'd0;
        else if (accept)
            begun <= chunk_last ? 2'd0 : upto[1:0];
        if (accept) begin
            its_begun   <= begun;
            its_lane    <= chunk_address[1:0];
            its_address <= chunk_address;
            its_bytes   <= bytes;
            its_beats   <= beats;
            its_fill    <= chunk_fill;
            its_last    <= chunk_last;
            its_slot    <= chunk_slot;
            its_words   <= 6'd0;
            to_beat     <= all_beats - {5'd0, pull};
            to_burst    <= all_bursts - {5'd0, handed};
            to_answer   <= all_answers - {5'd0, answer_valid};
            to_command  <= all_commands - {5'd0, wrote_valid};
        end else begin
            its_fill    <= its_fill || cut;
            its_words   <= its_words + {5'd0, taken};
            to_beat     <= to_beat - {5'd0, pull};
            to_burst    <= to_burst - {5'd0, handed} + {5'd0, cut_apart};
            to_answer   <= to_answer - {5'd0, answer_valid} + {5'd0, cut_apart};
            to_command  <= to_command - {5'd0, wrote_valid};
        end
    end

    // ------------------------------------------------------------------ the marked byte
    // lost: its place in the chunks to come is not known yet. placed: it is in chunk m_*.
    reg         marked, lost, placed, wait_beat, wait_burst, wait_answer, wait_command, m_fill, m_bad, m_slot;
    reg  [5:0]  m_offset, m_beat, m_burst, m_answer, m_command, m_beats;
    reg  [1:0]  m_lane, m_index;                                 // m_index: of its beat in its chunk
    reg  [3:0]  m_strobe;
    reg  [15:0] m_address;
    wire        now     = taken && mark && !marked;
    // Where the marked byte is in the chunk at work, or behind its end; later, in the chunk that comes.
    wire [5:0]  of_now  = (its_begun == 2'd0 ? 6'd0 : 6'd4 - {4'd0, its_begun}) + {its_words[3:0], 2'd0} + {4'd0, mark_lane};
    wire        in_this = now && of_now < its_bytes;
    wire [5:0]  of_next = now ? of_now - its_bytes : m_offset;
    wire        waits   = now ? !in_this && !its_last : lost;
    wire        in_next = accept && waits && of_next < bytes;
    wire [5:0]  offset  = in_this ? of_now : of_next;
    wire [1:0]  lane    = in_this ? its_lane : chunk_address[1:0];
    wire [5:0]  size    = in_this ? its_bytes : bytes;
    wire [5:0]  from    = {4'd0, lane} + offset;                 // lane in the chunk's beats
    wire [11:0] whole   = ~(12'hFFF << ({4'd0, lane} + size)) & (12'hFFF << lane);
    wire        this_beat    = pull && wait_beat && m_beat == 6'd0;
    wire        this_burst   = burst_valid && wait_burst && m_burst == 6'd0;
    wire        this_answer  = answer_valid && wait_answer && m_answer == 6'd0;
    wire        this_command = wrote_valid && wait_command && m_command == 6'd0;
    wire        at_work;                                         // its chunk is the one at work
    wire        shorter = cut_apart && at_work;                  // its chunk is cut behind its beat, or
    wire        void    = cut && at_work && !m_fill && {4'd0, m_index} >= formed;    // before it

    always @(posedge aclk) begin
        if (!aresetn) begin
            marked <= 1'b0;
            lost   <= 1'b0;
            placed <= 1'b0;
            {wait_beat, wait_burst, wait_answer, wait_command} <= 4'd0;
        end else begin
            marked <= marked || now;
            lost   <= waits && !in_next && !(accept && chunk_last);
            placed <= placed || in_this || in_next;
            if (in_this || in_next) begin
                {wait_beat, wait_burst, wait_answer} <= {3{!(in_this ? its_fill : chunk_fill)}};
                wait_command <= 1'b1;
            end else begin
                wait_beat    <= wait_beat && !this_beat && !void;
                wait_burst   <= wait_burst && !(this_burst && burst_ready) && !void;
                wait_answer  <= wait_answer && !this_answer && !void;
                wait_command <= wait_command && !this_command;
            end
        end
        m_offset <= of_next - (accept ? bytes : 6'd0);
        if (in_this || in_next) begin
            m_fill    <= in_this ? its_fill : chunk_fill;
            m_bad     <= in_this ? its_fill : chunk_fill;
            m_slot    <= in_this ? its_slot : chunk_slot;
            m_address <= in_this ? its_address : chunk_address;
            m_beats   <= in_this ? its_beats : beats;
            m_lane    <= from[1:0];
            m_index   <= from[3:2];
            m_strobe  <= whole >> {from[3:2], 2'd0};
            m_beat    <= (in_this ? to_beat : all_beats) - {5'd0, pull} + (from >> 2);
            m_burst   <= (in_this ? to_burst : all_bursts) - {5'd0, handed};
            m_answer  <= (in_this ? to_answer : all_answers) - {5'd0, answer_valid};
            m_command <= (in_this ? to_command : all_commands) - {5'd0, wrote_valid};
        end else begin
            m_beat    <= m_beat - {5'd0, pull};
            m_burst   <= m_burst - {5'd0, handed};
            m_answer  <= m_answer - {5'd0, answer_valid};
            m_command <= m_command - {5'd0, wrote_valid};
            m_bad     <= m_bad || (this_answer && answer_error) || void;
            m_fill    <= m_fill || void;
            if (shorter)
                m_beats <= formed;
        end
    end

    genvar k;
    generate
        for (k = 0; k < 4; k = k + 1) begin : lanes
            assign wr_data[8*k +: 8] = (now && mark_lane == k) ? MARK : 8'd0;
        end
    endgenerate

    reg     others_clean;
    integer i;
    always @* begin
        others_clean = 1'b1;
        for (i = 0; i < 4; i = i + 1)
            if (burst_strobe[i] && burst_data[8*i +: 8] != ((this_beat && m_lane == i[1:0]) ? MARK : 8'd0))
                others_clean = 1'b0;
    end

    // The stop of a queue: at_dead was seen while the chunk was at work, in the last cycle; bursts that are made and not
    // answered.
    reg       was_dead, was_cutting;
    reg [5:0] made;
    always @(posedge aclk) begin
        was_dead    <= aresetn && !accept && (was_dead || at_dead);
        was_cutting <= aresetn && !accept && cutting;
        made        <= !aresetn ? 6'd0 : made + {5'd0, burst_made} - {5'd0, answer_valid};
    end

    always @* if (started) begin
        p13_there:    assert (!pull || \dut.beat_store.out_valid );
        p13_copied:   assert (!this_beat || (burst_strobe == m_strobe && burst_data[8*m_lane +: 8] == MARK));
        p13_alone:    assert (!pull || others_clean);
        p2_burst:     assert (!this_burst || (burst_address == m_address && burst_beats_less1 == {2'd0, m_beats} - 8'd1));
        p4_reported:  assert (!this_command || (!wait_answer && !wait_burst && wrote_slot == m_slot &&
                              (!m_bad || wrote_error)));
        p13_once:     assert (!wait_command || placed);
        p8_cut_dead:  assert (!cut || was_dead);
        p8_cut_soon:  assert (!was_cutting || cut || !cutting);
        p8_room:      assert (!cut || formed == 6'd0 || \dut.bursts.in_ready );
        p8_made:      assert (!(burst_made && at_dead) || cutting);
        p8_counted:   assert (!answer_valid || made != 6'd0);
        c_cut:        cover (void && formed != 6'd0);
        c_cut_behind: cover (shorter && !void);
        c_later:      cover (this_beat && m_beats == 6'd2 && its_begun == 2'd3 && m_strobe != 4'hF);
    end

    // ------------------------------------------------------------------ for induction: the chunks inside, the oldest first
    // At first those handed over that are not answered, then those that are complete, then the one at work.
    (* hierconn *) wire [1:0]  \dut.lane ;
    (* hierconn *) wire [4:0]  \dut.left ;
    (* hierconn *) wire [2:0]  \dut.now ;
    (* hierconn *) wire        \dut.last ;
    (* hierconn *) wire        \dut.slot ;
    (* hierconn *) wire [15:0] \dut.address ;
    (* hierconn *) wire [1:0]  \dut.begun ;
    (* hierconn *) wire [31:0] \dut.held ;
    (* hierconn *) wire        \dut.step ;
    (* hierconn *) wire        \dut.fresh ;
    (* hierconn *) wire        \dut.finish ;
    (* hierconn *) wire        \dut.failed ;
    (* hierconn *) wire [2:0]  \dut.stored ;
    (* hierconn *) wire [2:0]  \dut.beat_store.head ;
    (* hierconn *) wire [2:0]  \dut.beat_store.tail ;
    (* hierconn *) wire [35:0] \dut.beat_store.word ;
    (* hierconn *) wire [35:0] \dut.beat_store.memory.words[0] ;
    (* hierconn *) wire [35:0] \dut.beat_store.memory.words[1] ;
    (* hierconn *) wire [35:0] \dut.beat_store.memory.words[2] ;
    (* hierconn *) wire [35:0] \dut.beat_store.memory.words[3] ;
    (* hierconn *) wire [2:0]  \dut.bursts.head ;
    (* hierconn *) wire [2:0]  \dut.bursts.tail ;
    (* hierconn *) wire [26:0] \dut.bursts.store[0] ;
    (* hierconn *) wire [26:0] \dut.bursts.store[1] ;
    (* hierconn *) wire [26:0] \dut.bursts.store[2] ;
    (* hierconn *) wire [26:0] \dut.bursts.store[3] ;
    (* hierconn *) wire        \dut.answers.in_ready ;
    (* hierconn *) wire [1:0]  \dut.answers.head ;
    (* hierconn *) wire [1:0]  \dut.answers.tail ;
    (* hierconn *) wire [2:0]  \dut.answers.store[0] ;
    (* hierconn *) wire [2:0]  \dut.answers.store[1] ;
    (* hierconn *) wire        \dut.came.in_ready ;
    (* hierconn *) wire [1:0]  \dut.came.head ;
    (* hierconn *) wire [1:0]  \dut.came.tail ;
    (* hierconn *) wire        \dut.came.store[0] ;
    (* hierconn *) wire        \dut.came.store[1] ;

    wire [26:0] complete [0:3];
    wire [2:0]  awaited  [0:1];
    wire [1:0]  answer_is_error = {\dut.came.store[1] , \dut.came.store[0] };
    assign complete[0] = \dut.bursts.store[0] ;
    assign complete[1] = \dut.bursts.store[1] ;
    assign complete[2] = \dut.bursts.store[2] ;
    assign complete[3] = \dut.bursts.store[3] ;
    assign awaited[0]  = \dut.answers.store[0] ;
    assign awaited[1]  = \dut.answers.store[1] ;

    wire        active     = \dut.active ;
    wire [5:0]  left       = {1'b0, \dut.left };
    wire [1:0]  n_answers  = \dut.answers.tail - \dut.answers.head ;
    wire [2:0]  n_bursts   = \dut.bursts.tail - \dut.bursts.head ;
    wire [1:0]  n_came     = \dut.came.tail - \dut.came.head ;
    wire [3:0]  n_sent     = {2'd0, n_answers};
    wire [3:0]  n_complete = n_sent + {1'b0, n_bursts};
    wire [3:0]  n_all      = n_complete + {3'd0, active};

    wire [6:0]  is_fill, is_last, of_slot, too_large;
    wire [5:0]  its_size    [0:6];
    wire [15:0] its_place   [0:6];
    genvar      g;
    generate
        for (g = 0; g < 7; g = g + 1) begin : chunk
            wire [1:0]  burst_at  = \dut.bursts.head [1:0] + g[1:0] - n_answers;
            wire [26:0] burst     = complete[burst_at];
            wire [2:0]  answer    = awaited[\dut.answers.head [0] ^ g[0]];
            wire        is_sent   = (g < n_sent);
            wire        is_formed = !is_sent && (g < n_complete);
            assign is_fill[g]   = is_sent ? answer[2] : is_formed ? burst[2] : \dut.filler ;
            assign is_last[g]   = is_sent ? answer[1] : is_formed ? burst[1] : \dut.last ;
            assign of_slot[g]   = is_sent ? answer[0] : is_formed ? burst[0] : \dut.slot ;
            assign too_large[g] = is_formed && burst[10:3] > 8'd1;
            assign its_size[g]  = is_formed ? burst[8:3] + 6'd1 : formed + remaining;
            assign its_place[g] = is_formed ? burst[26:11] : \dut.address ;
        end
    endgenerate

    // ------------------------------------------------------------------ for induction: where the marked byte is
    // in_held: in the word begun; in_store: its beat is in the store. here: its chunk is inside, `ahead` others before it.
    // reporting: its command is not reported.
    reg        in_held, in_store, here, reporting;
    reg  [1:0] mark_at;                          // its lane in the word begun
    reg  [3:0] ahead;
    wire       step       = \dut.step ;
    wire       now_used   = \dut.fresh ? {1'b0, mark_lane} < \dut.now : {2'd0, mark_lane} + 4'd4 < {1'b0, \dut.begun } + {1'b0, \dut.now };
    wire       held_used  = step && in_held && {2'd0, mark_at} < {2'd0, \dut.begun } + {1'b0, \dut.now };
    wire       over       = step && \dut.ends && \dut.last ;
    wire       last_done  = \dut.finish && is_last[0];
    always @(posedge aclk) begin
        if (!aresetn) begin
            {in_held, in_store, here, reporting} <= 4'd0;
        end else begin
            in_held   <= (now ? !now_used : in_held && !held_used) && !over;
            in_store  <= (in_store && !this_beat) || (((now && now_used) || held_used) && !\dut.filler );
            here      <= in_this || in_next || (here && !(\dut.finish && ahead == 4'd0));
            reporting <= in_this || in_next || (reporting && !(last_done && (!here || ahead == 4'd0)));
        end
        if (now) mark_at <= mark_lane;
        ahead <= (in_this ? n_complete : in_next ? n_all : ahead) - {3'd0, \dut.finish } +
                 {3'd0, (cut_apart && here && ahead == n_complete && (void || m_fill))};
    end

    assign at_work = here && ahead == n_complete;

    // ------------------------------------------------------------------ for induction: counts over the chunks
    reg  [5:0] c_bursts, c_answers, c_lasts, c_stored, c_sent;                   // of all
    reg  [5:0] m_bursts_before, m_answers_before, m_lasts_before;                // of those before the marked byte's
    reg  [5:0] w_bursts_before, w_answers_before, w_lasts_before;                // of those before the one at work
    reg        slots_agree, sizes_sane;
    integer    e;
    always @* begin
        {c_bursts, c_answers, c_lasts, c_sent, c_stored} = 30'd0;
        {m_bursts_before, m_answers_before, m_lasts_before} = 18'd0;
        {w_bursts_before, w_answers_before, w_lasts_before} = 18'd0;
        slots_agree  = 1'b1;
        sizes_sane   = 1'b1;
        for (e = 0; e < 7; e = e + 1)
            if (e < n_all) begin
                if (!is_fill[e]) begin
                    if (e < n_sent)
                        c_sent = c_sent + 6'd1;
                    else begin
                        c_bursts = c_bursts + 6'd1;
                        if (e < n_complete) begin
                            w_bursts_before = w_bursts_before + 6'd1;
                            c_stored        = c_stored + its_size[e];
                            if (too_large[e])
                                sizes_sane = 1'b0;
                        end
                        if (e < ahead)
                            m_bursts_before = m_bursts_before + 6'd1;
                    end
                    c_answers = c_answers + 6'd1;
                    if (e < n_complete)
                        w_answers_before = w_answers_before + 6'd1;
                    if (e < ahead)
                        m_answers_before = m_answers_before + 6'd1;
                end
                c_lasts = c_lasts + {5'd0, is_last[e]};
                if (e < n_complete)
                    w_lasts_before = w_lasts_before + {5'd0, is_last[e]};
                if (e < ahead)
                    m_lasts_before = m_lasts_before + {5'd0, is_last[e]};
                if (!is_last[e] && ((e + 1 < n_all) ? of_slot[e] != of_slot[e + 1] : (!within || slot != of_slot[e])))
                    slots_agree = 1'b0;
                if (is_last[e] && e + 1 == n_all && within)
                    slots_agree = 1'b0;
            end
    end

    wire [5:0] distance  = {4'd0, mark_at} - {4'd0, \dut.begun };       // bytes of the word begun before the marked one
    wire [5:0] from_lane = {4'd0, \dut.lane } + distance;
    wire [11:0] mask     = ~(12'hFFF << ({4'd0, \dut.lane } + left)) & (12'hFFF << \dut.lane );
    wire [3:0]  its_mask = mask >> {from_lane[3:2], 2'd0};
    wire [5:0] consumed  = its_bytes - left;
    wire [5:0] of_word   = (its_begun == 2'd0 ? 6'd0 : 6'd4 - {4'd0, its_begun}) + {its_words[3:0], 2'd0};
    wire [5:0] end_begun = {4'd0, \dut.begun } + left;

    wire [35:0] stored_at [0:3];
    assign stored_at[0] = \dut.beat_store.memory.words[0] ;
    assign stored_at[1] = \dut.beat_store.memory.words[1] ;
    assign stored_at[2] = \dut.beat_store.memory.words[2] ;
    assign stored_at[3] = \dut.beat_store.memory.words[3] ;
    wire [5:0]  loaded   = {5'd0, \dut.beat_store.out_valid };
    wire [2:0]  in_ram   = \dut.beat_store.tail - \dut.beat_store.head ;
    wire [4:0]  wrong;                           // beats in the store whose bytes with strobe are not as they should be
    function is_wrong;
        input [35:0] beat;
        input        its;
        integer      b;
        begin
            is_wrong = its && (beat[35:32] != m_strobe || !m_strobe[m_lane]);
            for (b = 0; b < 4; b = b + 1)
                if (beat[32 + b] && beat[8*b +: 8] != ((its && m_lane == b[1:0]) ? MARK : 8'd0))
                    is_wrong = 1'b1;
        end
    endfunction
    assign wrong[4] = \dut.beat_store.out_valid && is_wrong(\dut.beat_store.word , in_store && m_beat == 6'd0);
    genvar r;
    generate
        for (r = 0; r < 4; r = r + 1) begin : ram
            wire [1:0] behind = r[1:0] - \dut.beat_store.head [1:0];
            assign wrong[r] = ({1'b0, behind} < in_ram) && is_wrong(stored_at[r], in_store &&
                m_beat == loaded + {4'd0, behind});
        end
    endgenerate

    reg     held_clean;
    integer h;
    always @* begin
        held_clean = 1'b1;
        for (h = 0; h < 4; h = h + 1)
            if (\dut.begun != 2'd0 && h[1:0] >= \dut.begun && \dut.held [8*h +: 8] != ((in_held &&
                mark_at == h[1:0]) ? MARK : 8'd0))
                held_clean = 1'b0;
    end
    wire [1:0] came_at = \dut.came.head + m_answers_before[1:0];

    always @* if (started && LINKS != 0) begin
        link_fifos:    assert (n_answers <= 2'd2 && n_bursts <= 3'd4 && n_came <= 2'd2 &&
                               \dut.answers.in_ready == (n_answers != 2'd2) &&
                               \dut.bursts.in_ready == (n_bursts != 3'd4) && \dut.came.in_ready == (n_came != 2'd2));
        link_sane:     assert (!active || (left != 6'd0 && left <= 6'd8 && {4'd0, \dut.lane } + left <= 6'd8 &&
                                           \dut.ends == ({4'd0, \dut.lane } + left <= 6'd4) &&
                                           \dut.now == (\dut.ends ? left[2:0] : 3'd4 - {1'b0, \dut.lane }) &&
                                               \dut.beats <= 8'd1 &&
                                           (\dut.beats == 8'd0 || (\dut.ends && \dut.lane == 2'd0))));
        link_store:    assert (\dut.stored <= 3'd4 && {1'b0, in_ram} + loaded[3:0] == {1'b0, \dut.stored } && in_ram <= 3'd4);
        link_stored:   assert ({3'd0, \dut.stored } == sent_beats + c_stored + ((active && !\dut.filler ) ? formed : 6'd0));
        link_sent:     assert (sent_beats <= 6'd4 && (sent_beats == 6'd0 || loaded != 6'd0));
        link_ready:    assert (c_stored == 6'd0 || in_ram != 3'd0 || loaded != 6'd0);
        link_beats:    assert (all_beats == {3'd0, \dut.stored } + ((active && !\dut.filler ) ? remaining : 6'd0));
        link_sizes:    assert (sizes_sane);
        link_bursts:   assert (all_bursts == c_bursts);
        link_answers:  assert (all_answers == c_answers - {4'd0, n_came} && sent_bursts == c_sent - {4'd0, n_came} &&
                               {4'd0, n_came} <= c_sent);
        link_commands: assert (all_commands == c_lasts + {5'd0, wrote_valid});
        link_slots:    assert (slots_agree);
        link_begun:    assert (begun == (active ? (\dut.last ? 2'd0 : end_begun[1:0]) : \dut.begun ));
        link_within:   assert (within || begun == 2'd0);

        link_work:     assert (!active || (its_fill == \dut.filler && its_last == \dut.last && its_slot == \dut.slot &&
                               its_address == \dut.address &&
                                           (\dut.filler || its_beats == formed + remaining) && its_bytes >= left &&
                                               its_bytes <= 6'd8 &&
                                           (\dut.filler || (its_lane == its_address[1:0] &&
                                               {formed, \dut.lane } == {2'd0, {4'd0, its_lane} + consumed} &&
                                                               its_beats == ({4'd0, its_lane} + its_bytes + 6'd3) >> 2)) &&
                                           (consumed == 6'd0 || \dut.lane == 2'd0) &&
                                               (\dut.fresh ? consumed == of_word : consumed + 6'd4 - {4'd0, \dut.begun } == of_word) &&
                                           its_words <= 6'd3));
        link_before:   assert (!active || (to_burst == w_bursts_before && to_answer == w_answers_before - {4'd0, n_came} &&
                                           to_command == w_lasts_before + {5'd0, wrote_valid} &&
                                           (\dut.filler || to_beat == {3'd0, \dut.stored } - formed)));

        link_marked:   assert (marked || !(lost || placed || in_held || in_store || here || reporting || wait_beat || wait_burst || wait_answer || wait_command));
        link_placed:   assert (placed || !(in_store || here || reporting || wait_beat || wait_burst || wait_answer || wait_command));
        link_lost:     assert (!lost || (in_held && !placed && m_offset < 6'd4 && (active ? distance == left + m_offset &&
                               !\dut.last : distance == m_offset)));
        link_held:     assert (!in_held || (\dut.begun != 2'd0 && mark_at >= \dut.begun && \dut.held [8*mark_at +: 8] == MARK));
        link_clean:    assert (held_clean);
        link_waits:    assert (!(in_held && placed) || !here || ahead != n_complete || !active || distance < left);
        link_work_of:  assert (!(in_held && !lost) || (active && (distance >= left ? \dut.last && !placed : placed && here &&
                               ahead == n_complete)));
        link_at_work:  assert (!(placed && in_held && distance < left && active) || m_fill ||
                               (wait_beat && !in_store && {4'd0, m_index} == formed + (from_lane >> 2) && m_lane == from_lane[1:0] &&
                                   m_beat == {3'd0, \dut.stored } + (from_lane >> 2) &&
                                m_strobe == its_mask));
        link_cut:      assert (!\dut.cut || (active && !\dut.filler && was_dead));
        link_room:     assert (!active || formed == 6'd0 || \dut.filler || n_bursts != 3'd4);
        link_index:    assert (!(at_work && active && !m_fill) ||
                               ({4'd0, m_index} >= formed) == (wait_beat && !in_store));
        link_made:     assert (made == c_sent - {4'd0, n_came} + w_bursts_before);
        link_in_store: assert (!in_store || (wait_beat && !in_held && m_beat < {3'd0, \dut.stored } && !m_fill &&
                               m_strobe[m_lane]));
        link_beat:     assert (!wait_beat || in_store || (in_held && placed && !m_fill));
        link_alone:    assert (wrong == 5'd0);
        link_here:     assert (!here || (reporting && ahead < n_all && m_fill == is_fill[ahead] && m_slot == of_slot[ahead] &&
                                         wait_burst == (ahead >= n_sent && !m_fill) && wait_answer == (!m_fill &&
                                             {4'd0, n_came} <= m_answers_before) &&
                                         m_command == m_lasts_before + {5'd0, wrote_valid}));
        link_its_burst: assert (!wait_burst || (here && m_burst == m_bursts_before && m_address == its_place[ahead] &&
                                m_beats == its_size[ahead]));
        link_its_answer: assert (!wait_answer || (here && m_answer == m_answers_before - {4'd0, n_came} && !m_bad));
        link_gone:     assert (!(reporting && !here) || (m_command == {5'd0, wrote_valid} && !wait_burst && !wait_answer &&
                               (!m_bad || \dut.failed ) &&
                                                         (n_all != 4'd0 ? of_slot[0] == m_slot : within && slot == m_slot)));
        link_error:    assert (!(here && m_bad) || m_fill || answer_is_error[came_at[0]]);
        link_fill:     assert (!(placed && m_fill && wait_command) || m_bad);
        link_reported: assert (wait_command == (reporting || (placed && wait_command && wrote_valid && m_command == 6'd0)));
        link_reporting: assert (!reporting || wait_command);
        link_wrote:    assert (!(wait_command && !reporting) || (wrote_valid && m_command == 6'd0 && wrote_slot == m_slot &&
                               (!m_bad || wrote_error)));
    end

endmodule

`default_nettype wire
