// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // Property 8, AXI4-Lite on both ports: valid and payload hold until ready, nothing is offered right after reset,
    // every response OKAY, and no response without its request.
    reg        past_reset;
    reg        held_b, held_r, held_aw, held_w;
    reg [31:0] past_rdata;
    reg [63:0] past_awaddr;
    reg [31:0] past_wdata;
    always @(posedge aclk) begin
        past_reset  <= !aresetn;
        held_b      <= aresetn && s_axil_bvalid && !s_axil_bready;
        held_r      <= aresetn && s_axil_rvalid && !s_axil_rready;
        held_aw     <= aresetn && m_axil_awvalid && !m_axil_awready;
        held_w      <= aresetn && m_axil_wvalid && !m_axil_wready;
        past_rdata  <= s_axil_rdata;
        past_awaddr <= m_axil_awaddr;
        past_wdata  <= m_axil_wdata;
    end

    // Requests accepted, less responses taken.
    reg [3:0] port_aw, port_w, port_ar;
    always @(posedge aclk) begin
        if (!aresetn) begin
            port_aw <= 4'd0;
            port_w  <= 4'd0;
            port_ar <= 4'd0;
        end else begin
            port_aw <= port_aw + {3'd0, s_axil_awvalid && s_axil_awready} - {3'd0, s_axil_bvalid && s_axil_bready};
            port_w  <= port_w + {3'd0, s_axil_wvalid && s_axil_wready} - {3'd0, s_axil_bvalid && s_axil_bready};
            port_ar <= port_ar + {3'd0, s_axil_arvalid && s_axil_arready} - {3'd0, s_axil_rvalid && s_axil_rready};
        end
    end

    wire [3:0] aw_kept = {3'd0, \dut.register_port.aw_buffer.out_valid } + {3'd0, \dut.register_port.aw_buffer.spare_valid };
    wire [3:0] w_kept  = {3'd0, \dut.register_port.w_buffer.out_valid } + {3'd0, \dut.register_port.w_buffer.spare_valid };
    wire [3:0] ar_kept = {3'd0, \dut.register_port.ar_buffer.out_valid } + {3'd0, \dut.register_port.ar_buffer.spare_valid };
    wire [2:0] r_kept  = \dut.register_port.r_fifo.tail - \dut.register_port.r_fifo.head ;

    always @* if (started) begin
        p8_reset:     assert (!past_reset || !(s_axil_bvalid || s_axil_rvalid || m_axil_awvalid || m_axil_wvalid));
        p8_b_holds:   assert (!held_b || s_axil_bvalid);
        p8_r_holds:   assert (!held_r || (s_axil_rvalid && s_axil_rdata == past_rdata));
        p8_aw_holds:  assert (!held_aw || (m_axil_awvalid && m_axil_awaddr == past_awaddr));
        p8_w_holds:   assert (!held_w || (m_axil_wvalid && m_axil_wdata == past_wdata));
        p8_okay:      assert (s_axil_bresp == 2'b00 && s_axil_rresp == 2'b00);
        p8_b_owed:    assert (!s_axil_bvalid || (port_aw != 4'd0 && port_w != 4'd0));
        p8_r_owed:    assert (!s_axil_rvalid || port_ar != 4'd0);
        p8_all_bytes: assert (m_axil_wstrb == 4'b1111 && m_axil_bready);

        p8_counts_aw: assert (port_aw == {1'b0, \dut.register_port.writes } + aw_kept);
        p8_counts_w:  assert (port_w == {1'b0, \dut.register_port.writes } + w_kept);
        p8_counts_ar: assert (port_ar == {1'b0, \dut.register_port.reads } + ar_kept);
        link_writes:  assert (\dut.register_port.writes <= 3'd4);
        link_enable:  assert (!\dut.write_enable || (\dut.register_port.aw_buffer.out_valid && \dut.register_port.w_buffer.out_valid &&
                                                     !\dut.register_port.writes [2]));
        link_reads:   assert (\dut.register_port.reads <= 3'd4 && {1'b0, \dut.register_port.reads } == {1'b0, r_kept} + {3'd0, \dut.register_port.reading });
        link_room:    assert (\dut.register_port.r_fifo.in_ready == (r_kept != 3'd4) &&
                              \dut.message_writer.outstanding.in_ready == (owed_answers != 5'd16));
        link_spares:  assert (!(\dut.register_port.aw_buffer.spare_valid && !\dut.register_port.aw_buffer.out_valid ) &&
                              !(\dut.register_port.w_buffer.spare_valid && !\dut.register_port.w_buffer.out_valid ) &&
                              !(\dut.register_port.ar_buffer.spare_valid && !\dut.register_port.ar_buffer.out_valid ));
        link_ready_aw: assert (!(\dut.register_port.aw_buffer.spare_valid && s_axil_awready));
        link_ready_w:  assert (!(\dut.register_port.w_buffer.spare_valid && s_axil_wready));
        link_ready_ar: assert (!(\dut.register_port.ar_buffer.spare_valid && s_axil_arready));
        // The message bus: as many answers owed as messages begun.
        p8_begun_aw:  assert (owed_answers == open_aw + {4'd0, m_axil_awvalid});
        p8_begun_w:   assert (owed_answers == open_w + {4'd0, m_axil_wvalid});
        p8_at_most:   assert (owed_answers <= 5'd16 && open_aw <= 5'd16 && open_w <= 5'd16);
        c8_full_bus:  cover (owed_answers == 5'd3);
        c8_w_first:   cover (held_aw && !m_axil_wvalid);
        c8_write_read: cover (s_axil_bvalid && s_axil_rvalid);
    end
