// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_vq_axi_write_formal: the rules of an AXI4 master on AW, W and B, for every use by the clients and every memory that
// answers what it was asked, in order.
//
//   WINDOW   no request of a client reaches over a multiple of so many bytes
//   WRITES   as in virtio_vq_axi_write
`default_nettype none

module virtio_vq_axi_write_formal #(
    parameter WINDOW = 32,
    parameter WRITES = 2
) (
    input wire         aclk,
    input wire         aresetn,
    input wire         clear,
    input wire         halt,
    input wire [2:0]   req_valid,
    input wire [47:0]  req_address,
    input wire [5:0]   req_size,
    input wire [191:0] req_data,
    input wire [2:0]   req_tag,
    input wire         burst_valid,
    input wire [15:0]  burst_address,
    input wire [7:0]   burst_beats_less1,
    input wire [63:0]  burst_data,
    input wire [7:0]   burst_strobe,
    input wire         m_axi_awready,
    input wire         m_axi_wready,
    input wire [1:0]   m_axi_bresp,
    input wire         m_axi_bvalid
);

    localparam WINDOW_BITS = $clog2(WINDOW);
    localparam [2:0] MOST  = WRITES;

    wire         idle, burst_ready, burst_data_ready, answer_tag, answer_error, m_axi_awvalid, m_axi_wlast;
    wire         m_axi_wvalid, m_axi_bready, issued;
    wire [2:0]   req_ready;
    wire [3:0]   answer_valid, m_axi_awcache;
    wire [15:0]  m_axi_awaddr;
    wire [7:0]   m_axi_awlen, m_axi_wstrb;
    wire [63:0]  m_axi_wdata;

    virtio_vq_axi_write #(.DATA_WIDTH(64), .ADDR_WIDTH(16), .WRITES(WRITES), .TAG_WIDTH(1)) dut (
        .aclk(aclk), .aresetn(aresetn), .clear(clear), .halt(halt), .idle(idle),
        .req_valid(req_valid), .req_ready(req_ready), .req_address(req_address), .req_size(req_size),
        .req_data(req_data), .req_tag(req_tag),
        .burst_valid(burst_valid), .burst_ready(burst_ready), .burst_address(burst_address),
        .burst_beats_less1(burst_beats_less1), .burst_data_ready(burst_data_ready), .burst_data(burst_data),
        .burst_strobe(burst_strobe), .answer_valid(answer_valid), .answer_tag(answer_tag), .answer_error(answer_error),
        .m_axi_awaddr(m_axi_awaddr), .m_axi_awlen(m_axi_awlen), .m_axi_awcache(m_axi_awcache),
        .m_axi_awvalid(m_axi_awvalid), .m_axi_awready(m_axi_awready),
        .m_axi_wdata(m_axi_wdata), .m_axi_wstrb(m_axi_wstrb), .m_axi_wlast(m_axi_wlast),
        .m_axi_wvalid(m_axi_wvalid), .m_axi_wready(m_axi_wready),
        .m_axi_bresp(m_axi_bresp), .m_axi_bvalid(m_axi_bvalid), .m_axi_bready(m_axi_bready), .issued(issued)
    );

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;
    always @* if (!started) reset_first: assume (!aresetn);

    // What virtio_vq_axi_write asks of its clients: 2 bytes at an even address, 4 or 8 at a multiple of 4; all within one
    // window; a client that is not served keeps what it asks for, unless all is forgotten (its reset comes with clear).
    wire [7:0]  burst_beats = burst_beats_less1 + 8'd1;
    wire [12:0] burst_end   = {{(13 - WINDOW_BITS){1'b0}}, burst_address[WINDOW_BITS-1:3], 3'd0} + {2'd0, burst_beats, 3'd0};
    reg  [2:0]  past_waits;
    reg  [47:0] past_address;
    reg  [5:0]  past_size;
    always @(posedge aclk) begin
        past_waits   <= (aresetn && !clear) ? (req_valid & ~req_ready) : 3'd0;
        past_address <= req_address;
        past_size    <= req_size;
    end
    always @* begin
        size_0:   assume (req_size[1:0] != 2'd0 && !req_address[0] && (req_size[1:0] == 2'd1 || !req_address[1]));
        within_0: assume (req_size[1:0] != 2'd3 || !(&req_address[0+WINDOW_BITS-1:2]));
        size_1:   assume (req_size[3:2] != 2'd0 && !req_address[16] && (req_size[3:2] == 2'd1 || !req_address[17]));
        within_1: assume (req_size[3:2] != 2'd3 || !(&req_address[16+WINDOW_BITS-1:18]));
        size_2:   assume (req_size[5:4] != 2'd0 && !req_address[32] && (req_size[5:4] == 2'd1 || !req_address[33]));
        within_2: assume (req_size[5:4] != 2'd3 || !(&req_address[32+WINDOW_BITS-1:34]));
        window:   assume (!burst_valid || (burst_beats_less1 < 8'd128 && {19'd0, burst_end} <= WINDOW));
        keeps_0:  assume (!past_waits[0] || (req_valid[0] && req_address[15:0] == past_address[15:0] && req_size[1:0] == past_size[1:0]));
        keeps_1:  assume (!past_waits[1] || (req_valid[1] && req_address[31:16] == past_address[31:16] && req_size[3:2] == past_size[3:2]));
        keeps_2:  assume (!past_waits[2] || (req_valid[2] && req_address[47:32] == past_address[47:32] && req_size[5:4] == past_size[5:4]));
    end

    // ------------------------------------------------------------------ what was issued and what the memory owes
    // A transaction is issued in the cycle before its address is presented. Lengths of those whose last beat has not been
    // sent, oldest first.
    wire       aw     = m_axi_awvalid && m_axi_awready;
    wire       w      = m_axi_wvalid && m_axi_wready;
    wire       last   = w && m_axi_wlast;
    wire       b      = m_axi_bvalid && m_axi_bready;

    reg  [2:0] addresses, datas;                  // taken by the memory and not answered
    reg  [2:0] unsent;                            // issued, last beat not sent
    reg        past_issued, past_clear, held_aw, held_w, past_awvalid, past_awready;
    reg  [7:0] len_0, len_1, len_2, beat;
    reg  [7:0] held_len, held_strobe;
    reg  [15:0] held_addr;
    reg  [63:0] held_data;
    reg        held_last;
    wire [2:0] behind = unsent - {2'd0, last};
    wire [7:0] its_len = (past_issued && unsent == 3'd0) ? m_axi_awlen : len_0;
    wire       fresh   = m_axi_awvalid && (!past_awvalid || past_awready);

    always @(posedge aclk) begin
        past_issued  <= aresetn && issued;
        past_clear   <= !aresetn || clear;
        past_awvalid <= m_axi_awvalid;
        past_awready <= m_axi_awready;
        held_aw      <= aresetn && m_axi_awvalid && !m_axi_awready;
        held_w       <= aresetn && m_axi_wvalid && !m_axi_wready;
        held_addr    <= m_axi_awaddr;
        held_len     <= m_axi_awlen;
        held_data    <= m_axi_wdata;
        held_strobe  <= m_axi_wstrb;
        held_last    <= m_axi_wlast;
        if (!aresetn) begin
            addresses <= 3'd0;
            datas     <= 3'd0;
            unsent    <= 3'd0;
            beat      <= 8'd0;
        end else begin
            addresses <= addresses + {2'd0, aw} - {2'd0, b};
            datas     <= datas + {2'd0, last} - {2'd0, b};
            unsent    <= unsent + {2'd0, fresh} - {2'd0, last};
            beat      <= last ? 8'd0 : beat + {7'd0, w};
        end
        if (last) {len_0, len_1} <= {len_1, len_2};
        if (fresh) case (behind)
            3'd0: len_0 <= m_axi_awlen;
            3'd1: len_1 <= m_axi_awlen;
            default: len_2 <= m_axi_awlen;
        endcase
    end

    // An answer comes after the address and the last beat.
    always @* a4_owed: assume (!m_axi_bvalid || (addresses != 3'd0 && datas != 3'd0));

    // ------------------------------------------------------------------ where the design keeps it
    (* hierconn *) wire [6:0]  \dut.outstanding ;
    (* hierconn *) wire [7:0]  \dut.w_done ;
    (* hierconn *) wire [2:0]  \dut.beats.head ;
    (* hierconn *) wire [2:0]  \dut.beats.tail ;
    (* hierconn *) wire [77:0] \dut.beats.store[0] ;
    (* hierconn *) wire [77:0] \dut.beats.store[1] ;
    (* hierconn *) wire [77:0] \dut.beats.store[2] ;
    (* hierconn *) wire [77:0] \dut.beats.store[3] ;
    (* hierconn *) wire [1:0]  \dut.order.head ;
    (* hierconn *) wire [1:0]  \dut.order.tail ;

    wire [2:0] total    = unsent + {2'd0, fresh};             // issued, last beat not sent
    wire [7:0] len_1st  = (unsent != 3'd0) ? len_0 : m_axi_awlen;
    wire [7:0] len_2nd  = (unsent >= 3'd2) ? len_1 : m_axi_awlen;
    wire       sending  = m_axi_wvalid && m_axi_wlast;
    wire [2:0] kept     = \dut.beats.tail - \dut.beats.head ;
    wire [1:0] at_first = \dut.beats.head [1:0];
    wire [7:0] kept_1st = (at_first == 2'd0) ? \dut.beats.store[0] [76:69] : (at_first == 2'd1) ? \dut.beats.store[1] [76:69] :
                          (at_first == 2'd2) ? \dut.beats.store[2] [76:69] : \dut.beats.store[3] [76:69];
    wire [7:0] kept_2nd = (at_first == 2'd3) ? \dut.beats.store[0] [76:69] : (at_first == 2'd0) ? \dut.beats.store[1] [76:69] :
                          (at_first == 2'd1) ? \dut.beats.store[2] [76:69] : \dut.beats.store[3] [76:69];
    wire [1:0] ordered  = \dut.order.tail - \dut.order.head ;

    wire [12:0] end_of_burst = {1'b0, m_axi_awaddr[11:3], 3'd0} + {2'd0, m_axi_awlen, 3'd0} + 13'd8;
    wire [7:0]  first_len    = (unsent == 3'd0) ? m_axi_awlen : len_0;

    always @* if (started) begin
        p1_held_aw:     assert (!held_aw || (m_axi_awvalid && m_axi_awaddr == held_addr && m_axi_awlen == held_len));
        p1_held_w:      assert (!held_w || (m_axi_wvalid && m_axi_wdata == held_data && m_axi_wstrb == held_strobe &&
                                            m_axi_wlast == held_last));
        p1_4k:          assert (!m_axi_awvalid || end_of_burst <= 13'd4096);
        p1_most_beats:  assert (!m_axi_awvalid || {24'd0, m_axi_awlen} < WINDOW / 8);
        p1_outstanding: assert (addresses + {2'd0, m_axi_awvalid} <= MOST);
        p1_data_of_aw:  assert (!m_axi_wvalid || unsent != 3'd0 || fresh);
        p1_last:        assert (!m_axi_wvalid || m_axi_wlast == (beat == first_len));
        p1_idle:        assert (idle == (addresses == 3'd0 && !m_axi_awvalid && unsent == 3'd0));
        p1_taken:       assert (m_axi_bready);
        p1_to_one:      assert ((answer_valid & (answer_valid - 4'd1)) == 4'd0 && (answer_valid == 4'd0 || b));
        p8_quiet:       assert (!past_clear || !fresh);
        p8_strobes:     assert (!past_clear || held_w || !m_axi_wvalid || m_axi_wstrb == 8'd0);
        p8_nothing:     assert (!clear || answer_valid == 4'd0);
        link_counts:    assert (\dut.outstanding == {4'd0, addresses} + {6'd0, m_axi_awvalid} && \dut.outstanding == {5'd0, ordered} &&
                                \dut.outstanding == {4'd0, datas} + {4'd0, total});
        link_most:      assert (total <= MOST && datas <= MOST && addresses <= MOST);
        link_kept:      assert (kept == total - {2'd0, sending});
        link_first:     assert (kept == 3'd0 || kept_1st == (sending ? len_2nd : len_1st));
        link_next:      assert (kept < 3'd2 || kept_2nd == len_2nd);
        link_done:      assert (\dut.w_done == (sending ? 8'd0 : beat + {7'd0, m_axi_wvalid}));
        link_within:    assert (kept == 3'd0 ? \dut.w_done == 8'd0 : \dut.w_done <= kept_1st);
        link_waits:     assert (!m_axi_wvalid || m_axi_wlast || kept != 3'd0);
        c_two:          cover (addresses == 3'd1 && datas == 3'd0 && m_axi_wvalid && m_axi_awvalid && m_axi_awlen == 8'd3 && beat == 8'd1);
        c_clear:        cover (past_clear && m_axi_wvalid && !held_w && aresetn);
    end

endmodule

`default_nettype wire
