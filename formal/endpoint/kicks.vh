// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // Property 9, kicks, of any queue k: none is lost, none comes without a cause, and none is presented while k is not
    // ready. What makes a kick due is told from the driver's writes: QueueNotify of a ready queue after DRIVER_OK, and
    // DRIVER_OK itself, which looks at one row of queues a cycle. That what is pending is served is proved of the arbiter.
    (* anyconst *) wire [QW-1:0] k;

    always @* any_queue: assume ({{(32-QW){1'b0}}, k} < QUEUES);

    localparam [31:0] ROW_OF = QLOG2;

    wire k_ready   = ready[k];
    wire k_stop    = \dut.queue_stop && (\dut.queue_table.sel_queue == k);
    wire k_written = control_write && write_offset == `VIRTIO_REG_QUEUE_NOTIFY && driver_ok &&
                     (\dut.notification_data ? {16'd0, write_data[15:0]} : write_data) == {{(32-QW){1'b0}}, k};
    wire k_scanned = \dut.kicks.scanning && k_ready &&
                     ({{(32-QW){1'b0}}, k} >> ROW_OF) == {{(32-QRW){1'b0}}, (QFLAT ? {QRW{1'b0}} : \dut.kicks.scanned_row )};
    wire k_granted = \dut.kicks.take && \dut.kicks.grant == k;
    wire k_shown   = notify_valid && notify_queue == {{(16-QW){1'b0}}, k};

    reg k_written_1;                             // a cycle ago
    reg k_written_2;                             // two cycles ago, and k was ready a cycle ago
    reg k_due;                                   // written or scanned, and not presented since

    always @(posedge aclk) begin
        k_written_1 <= aresetn && k_written;
        k_written_2 <= aresetn && k_written_1 && k_ready;
        if (!aresetn || sweeping)                               k_due <= 1'b0;
        else if ((k_written_2 && !k_stop) || k_scanned)         k_due <= 1'b1;
        else if (k_granted || k_stop)                           k_due <= 1'b0;
    end

    // What was presented in the last cycle stays, unless it was taken, or a reset or its stop withdrew it.
    reg        stays;
    reg [15:0] stays_queue;

    always @(posedge aclk) begin
        stays       <= aresetn && notify_valid && !notify_ready && !device_reset &&
                       !(\dut.queue_stop && notify_queue == {{(16-QW){1'b0}}, \dut.queue_table.sel_queue });
        stays_queue <= notify_queue;
    end

    always @* if (started) begin
        p9_kept:       assert (sweeping || kicks_pending[k] == k_due);
        p9_has_cause:  assert (!k_granted || k_due);
        p9_ready:      assert (!k_shown || k_ready);
        p9_due_ready:  assert (sweeping || !k_due || k_ready);
        p9_stays:      assert (!stays || (notify_valid && notify_queue == stays_queue));
        p9_exists:     assert (!QFLAT || !notify_valid || {16'd0, notify_queue} < QUEUES);
        link_kick_1:   assert (k_written_1 == (\dut.kick_valid && \dut.kick_queue == k));
        link_kick_2:   assert (k_written_2 == (\dut.kicks.owed && \dut.kicks.owed_queue == k));
        link_kick_3:   assert (!k_written_2 || k_ready || resetting);
        link_kick_sweep: assert (!sweeping || (!\dut.queue_stop && !\dut.kicks.scanning ));
        c9_stopped:    cover (k_due && k_stop && notify_valid && !k_shown);
    end

    // With several rows: what may be granted in the current one is due.
    generate
        if (!QFLAT) begin : kick_rows_links
            wire k_current = ({{(32-QW){1'b0}}, k} >> ROW_OF) == {{(32-QRW){1'b0}}, \dut.kicks.pending.rows.holder.current };

            always @* if (started && !sweeping) begin
                link_kick_open:       assert (!(k_current && \dut.kicks.pending.rows.holder.open [k[QLOG2-1:0]]) || k_due);
                link_kick_candidates: assert (!(k_current && \dut.kicks.pending.rows.holder.candidates [k[QLOG2-1:0]]) || k_due);
            end
        end
    endgenerate
