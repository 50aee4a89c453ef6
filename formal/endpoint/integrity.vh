// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // Property 4, integrity. Address and data on the bus are one CONFIGURE's pair of the vector whose message was taken.
    reg        showing_v;                        // the last message taken is v's
    reg [63:0] showing_address;
    reg [31:0] showing_data;

    always @(posedge aclk) if (send) begin
        showing_v       <= v_sent;
        showing_address <= v_address;
        showing_data    <= v_data;
    end

    wire shown_aw = m_axil_awvalid && showing_v;
    wire shown_w  = m_axil_wvalid && showing_v;

    always @* if (started) begin
        p4_exists:  assert (!send || {{(32-VW){1'b0}}, sent} < VECTORS);
        p4_address: assert (!shown_aw || m_axil_awaddr == showing_address);
        p4_data:    assert (!shown_w || m_axil_wdata == showing_data);
        p4_aligned: assert (!shown_aw || m_axil_awaddr[1:0] == 2'b00);
        p4_never_0: assert (!shown_aw || m_axil_awaddr != 64'd0);
        p4_real:    assert (!v_configured || (v_address != 64'd0 && v_address[1:0] == 2'b00));
    end

    reg configured_twice;
    always @(posedge aclk) configured_twice <= started && aresetn && (configured_twice || (configure_1 && v_configured && staged_address[63:2] != v_address[63:2]));
    always @* if (started) c4_configure_while_sending: cover (configure_1 && v_configured && v_sent && staged_address[63:2] != v_address[63:2] && staged_address[63:2] != 62'd0);
    always @* if (started) c4_new_pair: cover (shown_aw && configured_twice && m_axil_awaddr == v_address);
