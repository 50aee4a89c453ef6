// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // Property 8, bounds. The response of a write is ready a bounded number of cycles after the write, whatever kicks,
    // events and messages do (a reset waits for the message bus and the device, a queue's stop for the device); a read's one cycle after it is begun.
    // event_ready is low for a bounded time.
    localparam [7:0] MOST_BUSY = 8'd7;         // with at most 6 rows

    wire [7:0] scanned_row = \dut.kicks.scanned_row ;

    reg  [7:0] waiting_for;                      // cycles that a write has waited for its response to be ready
    wire [7:0] still_busy = \dut.map_requested ? 8'd7 : \dut.event_map.step [1] ? 8'd6 : \dut.event_map.step [2] ? 8'd5 :
                            \dut.event_map.step [3] ? 8'd4 : \dut.event_map.step [4] ? 8'd3 : \dut.event_map.step [5] ? 8'd2 :
                            \dut.event_map.step [6] ? 8'd1 : disable_1 ? VROWS[7:0] + 8'd2 :
                            disable_2 ? VROWS[7:0] - disable_at + 8'd1 : \dut.vector_state.found_valid ? 8'd1 :
                            \dut.kicks.driver_ok_set ? QROWS[7:0] + 8'd1 :
                            \dut.kicks.scanning ? QROWS[7:0] - scanned_row : 8'd0;

    always @(posedge aclk) begin
        if (!aresetn || resetting || sweeping || \dut.queue_stopping || \dut.write_enable || !\dut.register_port.write_busy ) waiting_for <= 8'd0;
        else waiting_for <= waiting_for + 8'd1;
    end

    // What holds a write's response comes of one write, so there is one at a time.
    wire busy_map  = \dut.map_requested || \dut.event_map.step != 6'd0;
    wire busy_off  = disable_1 || disable_2 || \dut.vector_state.found_valid ;
    wire busy_kick = \dut.kicks.driver_ok_set || \dut.kicks.scanning ;

    always @* if (started) begin
        link_one_busy:  assert (!(busy_map && busy_off) && !(busy_map && busy_kick) && !(busy_off && busy_kick));
        p8_write_bound: assert (waiting_for <= MOST_BUSY);
        p8_write_rank:  assert (resetting || \dut.queue_stopping || waiting_for + still_busy <= MOST_BUSY);
        p8_write_busy:  assert (resetting || sweeping || \dut.queue_stopping || \dut.register_port.write_busy == (still_busy != 8'd0));
        link_scanned:   assert (!\dut.kicks.scanning || scanned_row < QROWS[7:0]);
        p8_read_next:   assert (!\dut.register_port.reading || \dut.register_port.reads != 3'd0);
        link_sweep_idle: assert (!sweeping || resetting || !\dut.register_port.answering );
    end

    // While event_ready is low: a conversion walks over the queues, or something short goes first. MAP's move takes one
    // cycle of seven, and is not counted.
    localparam [7:0] MOST_CLOSED = QUEUES[7:0] + 8'd4;

    reg  [7:0] closed_for;
    wire [7:0] still_closed = (config_raw && enabled ? 8'd1 : 8'd0) +
                              (used_raw && enabled ? QUEUES[7:0] + 8'd1 : 8'd0) +
                              (\dut.router.walk ? QUEUES[7:0] - \dut.router.walk_queue : 8'd0) +
                              (\dut.router.needs_reset_owed ? 8'd1 : 8'd0);

    wire [7:0] may_owe = device_status[6] ? 8'd0 : 8'd1;   // once until the next reset

    always @(posedge aclk) begin
        if (!aresetn || event_ready || sweeping || resetting) closed_for <= 8'd0;
        else if (!\dut.move ) closed_for <= closed_for + 8'd1;
    end

    always @* if (started) begin
        p8_event_bound: assert (closed_for <= MOST_CLOSED);
        p8_event_rank:  assert (resetting || sweeping || closed_for + still_closed + may_owe <= MOST_CLOSED);
        p8_event_off:   assert (resetting || sweeping || enabled || disable_2 || event_ready || \dut.move || closed_for == 8'd0);
        link_owed_once: assert (resetting || !\dut.router.needs_reset_owed || device_status[6]);
        p8_event_opens: assert (event_ready || \dut.move || still_closed != 8'd0 || (sweeping && !resetting));
    end
