// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // Property 6, isolation. What v is, is what the commands to v alone say, whatever else is written; and a command
    // with a selector out of range changes nothing of any vector or mapping.
    wire [95:0] v_word = message_words[v*96 +: 96];

    always @* if (started) begin
        p6_masked:     assert (sweeping || masked[v] == v_masked);
        p6_configured: assert (sweeping || configured[v] == v_configured);
        p6_configure:  assert ((\dut.configure && to_v) == configure_1);
        p6_message:    assert (!v_configured || v_word == {v_address, v_data});
    end

    reg                    was_inert;
    reg [2*VSIZE-1:0]      was_state;
    wire                   inert = command && write_data >= 32'd3 && write_data <= 32'd7 && vec_sel >= VECTORS &&
                                   !(map_command && vec_sel == `VIRTIO_MSI_NO_VECTOR);

    always @(posedge aclk) begin
        was_inert  <= inert && aresetn;
        was_state  <= {masked, configured};
    end

    always @* if (started && was_inert) begin
        p6_out_of_range:        assert ({masked, configured} == was_state && !\dut.configure );
        p6_out_of_range_no_map: assert (!(\dut.map_requested && \dut.event_map.step != 6'd0));
    end

    reg was_inert_map;
    always @(posedge aclk) was_inert_map <= aresetn && was_inert && \dut.map_requested ;
    always @* if (started && was_inert_map) p6_out_of_range_inert: assert (\dut.event_map.step == 6'd0);

    always @* if (started) begin
        c6_out_of_range: cover (was_inert_map);
        c6_other_masked: cover (v_may_send && pending[v] && masked != {VSIZE{1'b0}});
    end
