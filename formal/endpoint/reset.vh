// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // Property 7, reset. Once the pulse of device_reset is over nothing of before is left, nothing comes until the reset
    // is done, and it is not done before the message bus has drained.
    wire [VSIZE-1:0] vectors_clear = sweeping ? swept_vectors : {VSIZE{1'b1}};
    wire [QSIZE-1:0] queues_clear  = sweeping ? swept_queues : {QSIZE{1'b1}};
    wire none_left = !enabled && ((pending | masked | configured) & vectors_clear) == {VSIZE{1'b0}} &&
                     !used_raw && !config_raw && !\dut.router.walk && !\dut.router.needs_reset_owed &&
                     !\dut.router.moved && !\dut.router.of_config && !\dut.router.of_queue && (ready & queues_clear) == {QSIZE{1'b0}} &&
                     mapped == {EVENTS{MSI_SHARING == 0}} && !\dut.configure && !\dut.map_requested &&
                     \dut.event_map.step == 6'd0 && !disable_1 && !disable_2;

    reg was_resetting;
    reg quiet;                                   // a reset is done, and Status was not written since
    always @(posedge aclk) begin
        was_resetting <= aresetn && resetting;
        quiet         <= aresetn && ((was_resetting && !resetting) || quiet) && !(control_write && write_offset == `VIRTIO_REG_STATUS);
    end
    wire done = was_resetting && !resetting;

    always @* if (started) begin
        p7_cleared:     assert (!(resetting && !device_reset) || none_left);
        p7_done:        assert (!done || (none_left && !sweeping));
        p7_nothing_new: assert (!resetting || (!send && !line_now && device_status == 8'd0));
        p7_line:        assert (!(resetting && was_resetting) || !irq);
        p7_drained:     assert (!done || (!m_axil_awvalid && !m_axil_wvalid && owed_answers == 5'd0));
        p7_quiet:       assert (!(quiet || done) || (!send && !m_axil_awvalid && !m_axil_wvalid && !irq &&
                                owed_answers == 5'd0));
        p7_not_ok:      assert (!(quiet || done) || !driver_ok);
        p7_no_write:    assert (!resetting || !control_write);
        p7_answer:      assert (!(resetting && \dut.register_port.answering ) || \dut.register_port.writes > \dut.register_port.answers );
        p7_held:        assert (!resetting || \dut.register_port.answering );
        c7_drain: cover (resetting && !device_reset && m_axil_awvalid && !m_axil_awready);
        c7_quiet: cover (quiet && was_vector);
    end
