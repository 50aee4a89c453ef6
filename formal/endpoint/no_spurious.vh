// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // Property 2, no interrupt without a cause. may[w]: a cause of vector w that no message has used up yet; a message
    // of w uses it up. Causes are an accepted event, what ENABLE converts, and what a moved mapping inherits.
    reg [VSIZE-1:0] may_by_used;                 // causes that arrived: used buffers,
    reg [VSIZE-1:0] may_by_config;               // configuration changes
    reg [VSIZE-1:0] coming;                      // causes accepted in the last cycle, lost if MSI is off by now
    reg [VSIZE-1:0] inheriting_used;
    reg [VSIZE-1:0] inheriting_config;
    reg             coming_used;                 // the same for InterruptStatus, lost if MSI is on by now
    reg             coming_config;
    reg             may_used;
    reg             may_config;
    reg             may_reset;                   // DEVICE_NEEDS_RESET rose with DRIVER_OK: one configuration change
    reg             was_needs_reset;
    reg             was_ok;
    reg             walk_cause;

    wire           event_exists = taken_event && {16'd0, event_index} <= QUEUES;
    wire [31:0]    event_queue  = {16'd0, event_index} - 32'd1;
    wire           event_counts = event_exists && !resetting && (event_index == 16'd0 || ready[event_queue[QW-1:0]]);
    wire [31:0]    walked       = {{(32-QW){1'b0}}, \dut.router.walk_queue } + 32'd1;
    wire           walk_counts  = \dut.router.step_walk && walk_cause && ready[\dut.router.walk_queue ];
    wire           config_counts = (\dut.convert_config_taken && may_config) || (\dut.router.step_needs_reset && may_reset_now);
    wire           may_reset_now = may_reset || (device_status[6] && !was_needs_reset && was_ok);

    localparam [VSIZE-1:0] ONE_VECTOR = 1;
    localparam [VSIZE-1:0] NO_VECTOR  = 0;

    // An event is part of the message of its vector that is taken in the same cycle.
    wire [VSIZE-1:0] arrived_used   = enabled ? ((coming_used ? coming : NO_VECTOR) | inheriting_used) : NO_VECTOR;
    wire [VSIZE-1:0] arrived_config = enabled ? ((coming_config ? coming : NO_VECTOR) | inheriting_config) : NO_VECTOR;
    wire [VSIZE-1:0] arrived = arrived_used | arrived_config;
    wire [VSIZE-1:0] may     = may_by_used | may_by_config;
    wire [VSIZE-1:0] clearing = !disable_2 ? NO_VECTOR : ({{(VSIZE-VROW){1'b0}}, {VROW{1'b1}}} << (disable_at * VROW));
    wire [VSIZE-1:0] used_up = send ? (ONE_VECTOR << sent) : {VSIZE{1'b0}};

    always @(posedge aclk) begin
        was_needs_reset <= device_status[6];
        was_ok          <= driver_ok && aresetn;
        coming          <= {VSIZE{1'b0}};
        inheriting_used   <= NO_VECTOR;
        inheriting_config <= NO_VECTOR;
        coming_used     <= 1'b0;
        coming_config   <= 1'b0;
        if (!aresetn || resetting) begin
            may_reset  <= 1'b0;
            walk_cause <= 1'b0;
        end else begin
            may_reset <= may_reset_now && !\dut.router.step_needs_reset ;
            if (disable_1) walk_cause <= 1'b0;
            else if (\dut.convert_used_taken ) walk_cause <= may_used && enabled;
            if (event_counts) begin
                if (reaches({16'd0, event_index})) coming <= ONE_VECTOR << vector_of[event_index*VW +: VW];
                coming_used   <= event_index != 16'd0;
                coming_config <= event_index == 16'd0;
            end else if (walk_counts) begin
                if (reaches(walked)) coming <= ONE_VECTOR << vector_of[walked*VW +: VW];
                coming_used <= 1'b1;
            end else if (config_counts) begin
                if (reaches(32'd0)) coming <= ONE_VECTOR << vector_of[VW-1:0];
                coming_config <= 1'b1;
            end
            if (inherits_used_may) inheriting_used <= ONE_VECTOR << map_vector;
            if (inherits_config_may) inheriting_config <= ONE_VECTOR << map_vector;
        end
        if (!aresetn || sweeping) begin
            may_by_used   <= NO_VECTOR;
            may_by_config <= NO_VECTOR;
        end else begin
            may_by_used   <= (may_by_used | arrived_used) & ~used_up & ~clearing;
            may_by_config <= (may_by_config | arrived_config) & ~used_up & ~clearing;
        end
        if (forget) begin
            may_used   <= 1'b0;
            may_config <= 1'b0;
        end else begin
            if ((coming_used && !enabled) || (may_by_used & clearing) != NO_VECTOR || (disable_1 && walk_cause)) may_used <= 1'b1;
            else if (\dut.convert_used_taken || (control_write && write_offset == `VIRTIO_REG_INTERRUPT_ACK && driver_ok && !enabled && write_data[0])) may_used <= 1'b0;
            if ((coming_config && !enabled) || (may_by_config & clearing) != NO_VECTOR) may_config <= 1'b1;
            else if (\dut.convert_config_taken || (control_write && write_offset == `VIRTIO_REG_INTERRUPT_ACK && driver_ok && !enabled && write_data[1])) may_config <= 1'b0;
        end
    end

    // A mapping that moves takes causes along.
    reg  inherits_used_may;
    reg  inherits_config_may;
    wire inherits_now = MSI_SHARING != 0 && aresetn && map_at[5] && old_mapped && !map_none && old_vector != map_vector;
    always @(posedge aclk) begin
        inherits_used_may   <= inherits_now && may_by_used[old_vector];
        inherits_config_may <= inherits_now && may_by_config[old_vector];
    end

    always @* if (started) begin
        p2_message_has_cause: assert (!send || ((VFLAT ? (may | arrived) : may) & used_up) != NO_VECTOR);
        p2_pending_has_cause: assert (sweeping || (pending & ~may) == NO_VECTOR);
        p2_cause_of_used:     assert (sweeping || (pending & (MSI_SHARING != 0 ? cause_used : ~ONE_VECTOR) & ~may_by_used) == NO_VECTOR);
        p2_cause_of_config:   assert (sweeping || (pending & (MSI_SHARING != 0 ? cause_config : ONE_VECTOR) & ~may_by_config) == NO_VECTOR);
        p2_may_exist:         assert (((may | coming | inheriting_used | inheriting_config) & ~exist) == NO_VECTOR);
        p2_found_used:        assert (!(\dut.vector_state.found_valid && \dut.vector_state.found_used ) || may_used);
        p2_found_config:      assert (!(\dut.vector_state.found_valid && \dut.vector_state.found_config ) || may_config);
        p2_disabled_used:     assert (!\dut.disabled_used || may_used);
        p2_disabled_config:   assert (!\dut.disabled_config || may_config);
        p2_used_has_cause:    assert (!used_raw || may_used);
        p2_config_has_cause:  assert (!config_raw || may_config);
        p2_line:              assert (irq == line_before);
        p2_sends_only_if:     assert (!v_sent || v_may_send);
        p2_walk_has_cause:    assert (!\dut.router.walk || walk_cause);
        p2_owed_has_cause:    assert (!\dut.router.needs_reset_owed || may_reset_now || resetting);
        p2_routed_used:       assert (!\dut.router.of_queue || coming_used);
        p2_routed_config:     assert (!\dut.router.of_config || coming_config);
        p2_routed_vector:     assert (!\dut.router.routed || \dut.router.moved || coming[\dut.lookup_vector ]);
        p2_routed_to:         assert (!\dut.router.routed || \dut.router.moved || \dut.router.of_config || \dut.router.of_queue );
        p2_moved_has_cause:   assert (!\dut.router.moved || (inheriting_used | inheriting_config) != NO_VECTOR);
        p2_moved_used:        assert (!(\dut.router.moved && \dut.router.moved_used ) || inheriting_used[\dut.pend_vector ]);
        p2_moved_config:      assert (!(\dut.router.moved && \dut.router.moved_config ) || inheriting_config[\dut.pend_vector ]);
        p2_move_has_cause:    assert (!\dut.move || (\dut.move_used && inherits_used_may) || (\dut.move_config && inherits_config_may));
        p2_move_used:         assert (!(\dut.move && \dut.move_used ) || inherits_used_may);
        p2_move_config:       assert (!(\dut.move && \dut.move_config ) || inherits_config_may);
    end

    always @* if (started) c2_merged: cover (send && coming != 0 && pending[sent] && coming[sent]);
