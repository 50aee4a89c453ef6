// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // Tables in rows: what the sweep after a reset has passed is clear, and the scheduler of the vectors knows where it is.
    wire [31:0]      sweep_row   = {{(32-RW){1'b0}}, \dut.sweep_row };
    wire [QSIZE-1:0] swept_queues  = ~({QSIZE{1'b1}} << (sweep_row * QROW));
    wire [VSIZE-1:0] swept_vectors = ~({VSIZE{1'b1}} << (sweep_row * VROW));
    wire [VSIZE-1:0] disabled      = disable_2 ? ~({VSIZE{1'b1}} << (disable_at * VROW)) : {VSIZE{1'b0}};
    wire [VSIZE-1:0] exist         = {VSIZE{1'b1}} >> (VSIZE - NUM_VECTORS);

    always @* if (started) begin
        link_sweep_row:     assert (!sweeping || sweep_row < ROWS);
        link_swept_queues:  assert (!sweeping || ((ready | changed) & swept_queues) == {QSIZE{1'b0}});
        link_swept_vectors: assert (!sweeping || ((pending | masked | configured) & swept_vectors) == {VSIZE{1'b0}});
        link_forgotten:     assert (!sweeping || device_reset || (mapped == {EVENTS{MSI_SHARING == 0}} && !enabled &&
                                    !v_masked && !v_configured));
        link_disabling:     assert (!(sweeping && disable_sweep) || (!resetting && disable_row == sweep_row[7:0]));
        link_disabled:      assert ((pending & disabled) == {VSIZE{1'b0}});
        link_exist:         assert (sweeping || ((pending | masked | configured) & ~exist) == {VSIZE{1'b0}});
    end

    // The scheduler of several rows sees what became pending or able to send in the last cycle one cycle later.
    reg  fresh_v;
    wire unseen = !VFLAT && fresh_v;

    always @(posedge aclk) fresh_v <= aresetn && !sweeping && !disable_2 && ((\dut.pend && \dut.pend_vector == v) || (\dut.unmask && to_v) || configure_1);

    generate if (!VFLAT) begin : scheduler
        wire [VROWS-1:0] its_row = {{(VROWS-1){1'b0}}, 1'b1} << v[VW-1:VLOG2];
        wire             served  = {{(32-VRW){1'b0}}, current} == (v >> VLOG2);
        wire             its_open = open[v[VLOG2-1:0]];
        wire             v_able  = pending[v] && configured[v] && !masked[v];

        always @* if (started) begin
            link_current:   assert ({{(32-VRW){1'b0}}, current} < VROWS);
            link_hit:       assert (current_hit == ({{(VROWS-1){1'b0}}, 1'b1} << current));
            link_rows:      assert (rr_row_mask == (({VROWS{1'b1}} << current) & ~current_hit));
            link_next:      assert (!next_valid || {{(32-VRW){1'b0}}, next_one} < VROWS);
            link_candidates: assert (candidates == (open & rr_mask));
            link_open:      assert (!(served && its_open) || v_able);
            link_seen:      assert (!(served && v_able) || its_open || unseen || sweeping || disable_2);
            p1_fresh:       assert (sweeping || disable_2 || !unseen || (fresh & its_row) != {VROWS{1'b0}});
            p1_found:       assert (sweeping || disable_2 || !(pending[v] && configured[v] && !masked[v]) ||
                                    (row_hint & its_row) != {VROWS{1'b0}});
        end
    end endgenerate
