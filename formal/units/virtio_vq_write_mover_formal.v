// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_write_mover_formal: the write mover copies every byte. One byte, any, of any word of the stream is marked; it is
// written at its place in the chunk that it belongs to, once, and no byte outside of a chunk has a strobe. The command is
// reported after the answer for that byte, and with an error if there was one.
//
// The design never looks at data, so what holds of one marked byte holds of all: a byte with bits 01101001 in a sea of zeros.
// In the copy of the RTL that is proved, the stores have 4 beats and 2 answers. The bus has 32 bits, for the solver, and chunks
// lie in one window of 8 bytes.
`default_nettype none

module virtio_vq_write_mover_formal #(
    parameter [7:0] MARK = 8'h69
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
    input wire        mark,                      // a byte of the word that is taken now is the marked one
    input wire [1:0]  mark_lane
);

    wire        chunk_ready, wr_ready, burst_valid, wrote_valid, wrote_slot, wrote_error;
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
        .wrote_valid(wrote_valid), .wrote_slot(wrote_slot), .wrote_error(wrote_error)
    );

    (* hierconn *) wire \dut.beat_store.out_valid ;

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
            all_beats    <= all_beats + (writes ? beats : 6'd0) - {5'd0, pull};
            all_bursts   <= all_bursts + {5'd0, writes} - {5'd0, handed};
            all_answers  <= all_answers + {5'd0, writes} - {5'd0, answer_valid};
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
            its_words   <= its_words + {5'd0, taken};
            to_beat     <= to_beat - {5'd0, pull};
            to_burst    <= to_burst - {5'd0, handed};
            to_answer   <= to_answer - {5'd0, answer_valid};
            to_command  <= to_command - {5'd0, wrote_valid};
        end
    end

    // ------------------------------------------------------------------ the marked byte
    // lost: its place in the chunks to come is not known yet. placed: it is in chunk m_*.
    reg         marked, lost, placed, wait_beat, wait_burst, wait_answer, wait_command, m_fill, m_bad, m_slot;
    reg  [5:0]  m_offset, m_beat, m_burst, m_answer, m_command, m_beats;
    reg  [1:0]  m_lane;
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
                wait_beat    <= wait_beat && !this_beat;
                wait_burst   <= wait_burst && !(this_burst && burst_ready);
                wait_answer  <= wait_answer && !this_answer;
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
            m_bad     <= m_bad || (this_answer && answer_error);
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

    always @* if (started) begin
        p13_there:    assert (!pull || \dut.beat_store.out_valid );
        p13_copied:   assert (!this_beat || (burst_strobe == m_strobe && burst_data[8*m_lane +: 8] == MARK));
        p13_alone:    assert (!pull || others_clean);
        p2_burst:     assert (!this_burst || (burst_address == m_address && burst_beats_less1 == {2'd0, m_beats} - 8'd1));
        p4_reported:  assert (!this_command || (!wait_answer && !wait_burst && wrote_slot == m_slot && (!m_bad || wrote_error)));
        p13_once:     assert (!wait_command || placed);
        c_later:      cover (this_beat && m_beats == 6'd2 && its_begun == 2'd3 && m_strobe != 4'hF);
    end

endmodule

`default_nettype wire
