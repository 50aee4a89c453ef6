// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_axi_read_formal: the rules of an AXI4 master on AR and R, for every use by the clients and every memory that
// answers what it was asked, in order.
//
//   WINDOW, READS   as in virtio_vq_axi_read; IDS is 1
`default_nettype none

module virtio_vq_axi_read_formal #(
    parameter WINDOW = 32,
    parameter READS  = 2
) (
    input wire         aclk,
    input wire         aresetn,
    input wire         clear,
    input wire         halt,
    input wire [3:0]   req_valid,
    input wire [63:0]  req_address,
    input wire [51:0]  req_bytes,
    input wire         m_axi_arready,
    input wire [63:0]  m_axi_rdata,
    input wire [1:0]   m_axi_rresp,
    input wire         m_axi_rlast,
    input wire         m_axi_rvalid
);

    localparam WINDOW_BITS = $clog2(WINDOW);
    localparam [2:0] MOST  = READS;

    wire         idle, beat_error, beat_last, m_axi_arid, m_axi_arvalid, m_axi_rready, issued;
    wire [3:0]   req_ready, beat_valid, m_axi_arcache;
    wire [63:0]  beat_data;
    wire [15:0]  m_axi_araddr;
    wire [7:0]   m_axi_arlen;

    virtio_vq_axi_read #(.DATA_WIDTH(64), .ADDR_WIDTH(16), .WINDOW(WINDOW), .READS(READS), .IDS(1)) dut (
        .aclk(aclk), .aresetn(aresetn), .clear(clear), .halt(halt), .idle(idle),
        .req_valid(req_valid), .req_ready(req_ready), .req_address(req_address), .req_bytes(req_bytes),
        .beat_valid(beat_valid), .beat_data(beat_data), .beat_error(beat_error), .beat_last(beat_last),
        .m_axi_arid(m_axi_arid), .m_axi_araddr(m_axi_araddr), .m_axi_arlen(m_axi_arlen),
        .m_axi_arcache(m_axi_arcache), .m_axi_arvalid(m_axi_arvalid), .m_axi_arready(m_axi_arready),
        .m_axi_rid(1'b0), .m_axi_rdata(m_axi_rdata), .m_axi_rresp(m_axi_rresp), .m_axi_rlast(m_axi_rlast),
        .m_axi_rvalid(m_axi_rvalid), .m_axi_rready(m_axi_rready), .issued(issued)
    );

    (* hierconn *) wire        \dut.busy ;
    (* hierconn *) wire [12:0] \dut.rest_left ;

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    // A range has 1..4096 bytes; a client that is not served keeps what it asks for, unless all is forgotten.
    wire [12:0] bytes_0 = req_bytes[12:0];
    wire [12:0] bytes_1 = req_bytes[25:13];
    wire [12:0] bytes_2 = req_bytes[38:26];
    wire [12:0] bytes_3 = req_bytes[51:39];
    always @* bytes: assume (bytes_0 != 13'd0 && bytes_0 <= 13'd4096 && bytes_1 != 13'd0 && bytes_1 <= 13'd4096 &&
                             bytes_2 != 13'd0 && bytes_2 <= 13'd4096 && bytes_3 != 13'd0 && bytes_3 <= 13'd4096);
    always @* one_window: assume ({{(13 - WINDOW_BITS){1'b0}}, req_address[48 +: WINDOW_BITS]} + bytes_3 <= WINDOW[12:0]);

    // ------------------------------------------------------------------ what the memory owes
    // Transactions whose address was taken, oldest first; beats left of the oldest.
    reg  [2:0] owed;                              // transactions
    reg  [7:0] len_0, len_1, len_2, len_3;
    reg  [7:0] beat;
    wire       ar      = m_axi_arvalid && m_axi_arready;
    wire       r       = m_axi_rvalid && m_axi_rready;
    wire       last    = r && m_axi_rlast;
    wire [2:0] behind  = owed - {2'd0, last};

    always @(posedge aclk) begin
        if (!aresetn) begin
            owed <= 3'd0;
            beat <= 8'd0;
        end else begin
            owed <= owed + {2'd0, ar} - {2'd0, last};
            beat <= last ? 8'd0 : beat + {7'd0, r};
        end
        if (last) {len_0, len_1, len_2} <= {len_1, len_2, len_3};
        if (ar) case (behind)
            3'd0: len_0 <= m_axi_arlen;
            3'd1: len_1 <= m_axi_arlen;
            3'd2: len_2 <= m_axi_arlen;
            default: len_3 <= m_axi_arlen;
        endcase
    end

    always @* begin
        a3_owed:  assume (!m_axi_rvalid || owed != 3'd0);
        a3_last:  assume (!m_axi_rvalid || m_axi_rlast == (beat == len_0));
    end

    // ------------------------------------------------------------------ the first burst of a range
    // Client c, any, asks for a range.
    (* anyconst *) wire [1:0] c;
    wire         its_start = req_valid[c] && req_ready[c];
    wire [15:0]  its_address = req_address[c*16 +: 16];
    wire [12:0]  its_bytes = req_bytes[c*13 +: 13];

    reg          held_ar, past_clear, past_halt, past_arvalid, past_taken;
    reg [15:0]   held_addr;
    reg [7:0]    held_len;
    reg [3:0]    held_cache;
    always @(posedge aclk) begin
        held_ar      <= aresetn && m_axi_arvalid && !m_axi_arready;
        held_addr    <= m_axi_araddr;
        held_len     <= m_axi_arlen;
        held_cache   <= m_axi_arcache;
        past_clear   <= !aresetn || clear || halt;
        past_arvalid <= m_axi_arvalid;
        past_taken   <= m_axi_arready;
    end
    wire fresh = m_axi_arvalid && (!past_arvalid || past_taken);    // presented for the first time

    wire [12:0] to_window = WINDOW[12:0] - {{(13 - WINDOW_BITS){1'b0}}, its_address[WINDOW_BITS-1:0]};
    wire [12:0] part      = (its_bytes <= to_window) ? its_bytes : to_window;
    wire [2:0]  offset    = its_address[2:0];
    wire [12:0] words     = (part + {10'd0, offset} + 13'd7) >> 3;
    reg         first;
    reg [15:0]  first_address;
    reg [12:0]  first_words;
    always @(posedge aclk) begin
        first         <= aresetn && its_start;
        first_address <= its_address;
        first_words   <= words;
    end

    // ------------------------------------------------------------------ the bursts behind it, and who gets the beats
    wire         start      = |(req_valid & req_ready);
    wire [1:0]   starter    = req_valid[0] ? 2'd0 : req_valid[1] ? 2'd1 : req_valid[2] ? 2'd2 : 2'd3;
    wire [15:0]  start_at   = req_address[starter*16 +: 16];
    wire [12:0]  start_size = req_bytes[starter*13 +: 13];
    wire [12:0]  start_room = WINDOW[12:0] - {{(13 - WINDOW_BITS){1'b0}}, start_at[WINDOW_BITS-1:0]};
    reg  [15:0]  rest_at;                         // of the range that was begun last: where its rest is, and how much
    reg  [12:0]  rest_size;
    reg  [1:0]   rest_owner;
    wire         rest       = issued && !start;
    wire [12:0]  rest_part  = (rest_size <= WINDOW[12:0]) ? rest_size : WINDOW[12:0];
    wire [12:0]  rest_words = (rest_part + 13'd7) >> 3;
    reg          past_rest;
    reg  [15:0]  past_at;
    reg  [12:0]  past_words;
    reg  [1:0]   shown_owner, own_0, own_1, own_2;               // of the address on the bus, and of those owed
    always @(posedge aclk) begin
        past_rest  <= aresetn && rest;
        past_at    <= rest_at;
        past_words <= rest_words;
        if (!aresetn || clear)
            rest_size <= 13'd0;
        else if (start)
            rest_size <= (start_size <= start_room) ? 13'd0 : start_size - start_room;
        else if (rest)
            rest_size <= rest_size - rest_part;
        if (start) begin
            rest_at    <= {start_at[15:WINDOW_BITS], {WINDOW_BITS{1'b0}}} + WINDOW[15:0];
            rest_owner <= starter;
        end else if (rest)
            rest_at    <= rest_at + WINDOW[15:0];
        if (issued)
            shown_owner <= start ? starter : rest_owner;
        if (last) {own_0, own_1} <= {own_1, own_2};
        if (ar) case (behind)
            3'd0: own_0 <= shown_owner;
            3'd1: own_1 <= shown_owner;
            default: own_2 <= shown_owner;
        endcase
    end

    wire [12:0] end_of_burst = {1'b0, m_axi_araddr[11:3], 3'd0} + {2'd0, m_axi_arlen, 3'd0} + 13'd8;

    always @* if (started) begin
        p1_held:        assert (!held_ar || (m_axi_arvalid && m_axi_araddr == held_addr && m_axi_arlen == held_len &&
                                             m_axi_arcache == held_cache));
        p1_4k:          assert (!m_axi_arvalid || end_of_burst <= 13'd4096);
        p1_most_beats:  assert (!m_axi_arvalid || {24'd0, m_axi_arlen} < WINDOW / 8);
        p1_outstanding: assert (owed + {2'd0, m_axi_arvalid} <= MOST);
        p1_counted:     assert (idle == (owed == 3'd0 && !m_axi_arvalid));
        p1_taken:       assert (m_axi_rready);
        p1_first:       assert (!first || (m_axi_arvalid && m_axi_araddr == first_address &&
                                           {5'd0, m_axi_arlen} + 13'd1 == first_words));
        p2_rest:        assert (!past_rest || (m_axi_arvalid && m_axi_araddr == past_at && {5'd0, m_axi_arlen} + 13'd1 == past_words));
        p2_whole:       assert (!aresetn || clear || (rest ? rest_size != 13'd0 : !start || rest_size == 13'd0));
        p2_owner:       assert (!(m_axi_rvalid && aresetn && !clear) || beat_valid == 4'd1 << own_0);
        p1_to_somebody: assert (!(m_axi_rvalid && aresetn && !clear) ||
                                beat_valid == 4'd1 || beat_valid == 4'd2 || beat_valid == 4'd4 || beat_valid == 4'd8);
        p8_quiet:       assert (!past_clear || !fresh);
        p8_nothing:     assert (!clear || beat_valid == 4'd0);
        link_rest:      assert (!\dut.busy || (\dut.rest_left > WINDOW[12:0] && \dut.rest_left < 13'd4096 + WINDOW[12:0]));
        c_two:          cover (owed == MOST && \dut.busy && m_axi_rvalid && m_axi_rlast && m_axi_arlen == 8'd3);
        c_clear:        cover (clear && m_axi_rvalid && held_ar);
    end

endmodule

`default_nettype wire
