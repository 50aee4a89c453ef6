// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // What the driver's writes say, told from the contract: selectors, staged message, commands, and which vector each
    // event is mapped to. Equality with the design's registers is asserted, so the properties may rely on it.
    wire        control_write = \dut.control_write ;
    wire [7:0]  write_offset  = \dut.write_offset ;
    wire [31:0] write_data    = \dut.write_data ;
    wire        msi_write     = control_write && negotiated;
    wire        command       = msi_write && (write_offset == `VIRTIO_REG_MSI_CMD);
    wire        forget        = !aresetn || device_reset;

    reg [31:0] vec_sel;
    reg [31:0] queue_sel;
    reg [31:0] queue_sel_next;
    reg [63:0] staged_address;
    reg [31:0] staged_data;
    reg        enabled;
    reg        disable_1;                        // DISABLE was written one cycle ago
    reg        disable_2;                        // what is pending is being cleared, row by row
    reg [7:0]  disable_at;

    always @(posedge aclk) begin
        if (forget) begin
            vec_sel        <= 32'd0;
            staged_address <= 64'd0;
            staged_data    <= 32'd0;
            enabled        <= 1'b0;
            disable_1      <= 1'b0;
        end else begin
            if (msi_write && write_offset == `VIRTIO_REG_MSI_VEC_SEL)   vec_sel               <= write_data;
            if (msi_write && write_offset == `VIRTIO_REG_MSI_ADDR_LOW)  staged_address[31:0]  <= write_data;
            if (msi_write && write_offset == `VIRTIO_REG_MSI_ADDR_HIGH) staged_address[63:32] <= write_data;
            if (msi_write && write_offset == `VIRTIO_REG_MSI_DATA)      staged_data           <= write_data;
            disable_1 <= command && write_data == `VIRTIO_MSI_CMD_DISABLE && enabled;
            if (command && write_data == `VIRTIO_MSI_CMD_ENABLE) enabled <= 1'b1;
            if (disable_1)                                enabled <= 1'b0;
        end
        disable_2  <= aresetn && (disable_1 || (disable_2 && disable_at != LAST_VECTOR_ROW));
        disable_at <= disable_1 ? 8'd0 : disable_at + 8'd1;
        if (!aresetn || sweeping) begin
            queue_sel      <= 32'd0;
            queue_sel_next <= 32'd0;
        end else begin
            if (control_write && write_offset == `VIRTIO_REG_QUEUE_SEL) queue_sel_next <= write_data;
            queue_sel <= queue_sel_next;
        end
    end

    localparam [7:0] LAST_VECTOR_ROW = VROWS - 1;

    wire queue_sel_write = \dut.queue_table.write_sel ;

    always @* if (started) begin
        link_vec_sel:     assert (vec_sel == \dut.commands.vec_sel );
        link_exists:      assert (\dut.commands.vector_exists == (vec_sel < VECTORS));
        link_no_vector:   assert (\dut.commands.no_vector == (vec_sel == `VIRTIO_MSI_NO_VECTOR));
        link_staged:      assert (staged_address == {\dut.commands.addr_high , \dut.commands.addr_low } &&
                                  staged_data == \dut.commands.data );
        link_enabled:     assert (enabled == \dut.msi_enabled );
        link_disable_1:   assert (disable_1 == \dut.disabling );
        link_disable_2:   assert (sweeping || (disable_2 == disable_sweep && (!disable_2 || disable_at == disable_row)));
        link_disable_row: assert (!disable_2 || disable_at <= LAST_VECTOR_ROW);
        link_disable_1_2: assert (!disable_2 || (!disable_1 && !sweeping && !resetting));
        link_disable_on:  assert (!disable_1 || enabled);
        link_disable_off: assert (!disable_2 || !enabled);
        link_queue_sel:   assert (sweeping || (\dut.queue_table.sel_exists == (queue_sel < QUEUES) &&
                                  (queue_sel >= QUEUES || queue_sel[QW-1:0] == \dut.queue_table.sel_queue )));
        link_queue_sel_next: assert (sweeping || (queue_sel_write ? queue_sel_next == \dut.queue_table.data
                                                                  : queue_sel_next == queue_sel));
        link_sweeping:    assert (!sweeping || !control_write);
        link_reset:       assert (device_reset == (resetting && sweeping && \dut.sweep_row == {RW{1'b0}}));
        link_small:       assert (!control_write || \dut.write_small == (write_data < 32'd8));
        link_busy:        assert (!\dut.write_enable || !(resetting || sweeping || \dut.mapping || \dut.scanning || \dut.disable_busy || \dut.queue_stopping ));
    end

    // The register port's buffers hold flags that were made of what they hold.
    wire [11:0] aw_out = \dut.register_port.aw_buffer.out_data ;
    wire [11:0] aw_spare = \dut.register_port.aw_buffer.spare ;
    wire [37:0] w_out = \dut.register_port.w_buffer.out_data ;
    wire [37:0] w_spare = \dut.register_port.w_buffer.spare ;

    always @* if (started) begin
        link_aw: assert (!\dut.register_port.aw_buffer.out_valid ||
                         (aw_out[9] == (!aw_out[8] && aw_out[1:0] == 2'd0) && aw_out[10] == (aw_out[8:0] == {1'b0, `VIRTIO_REG_MSI_CMD})));
        link_aw_spare: assert (!\dut.register_port.aw_buffer.spare_valid ||
                               (aw_spare[9] == (!aw_spare[8] && aw_spare[1:0] == 2'd0) &&
                                aw_spare[10] == (aw_spare[8:0] == {1'b0, `VIRTIO_REG_MSI_CMD})));
        link_w: assert (!\dut.register_port.w_buffer.out_valid ||
                        (w_out[37] == (w_out[36] && w_out[31:0] < 32'd8) && w_out[36] == &w_out[35:32]));
        link_w_spare: assert (!\dut.register_port.w_buffer.spare_valid ||
                              (w_spare[37] == (w_spare[36] && w_spare[31:0] < 32'd8) && w_spare[36] == &w_spare[35:32]));
    end

    // ------------------------------------------------------------------ mapping, of all events
    localparam EVENTS = NUM_QUEUES + 1;

    reg [EVENTS-1:0]    mapped;                  // mapped to a number, which need not be a vector that exists
    reg [EVENTS*VW-1:0] vector_of;

    wire map_command = command && (write_data == `VIRTIO_MSI_CMD_MAP_CONFIG || write_data == `VIRTIO_MSI_CMD_MAP_QUEUE);

    // MAP is executed in steps; in map_at[3] the mapping changes, in map_at[6] the new vector inherits what was pending.
    reg          map_at_1;
    reg [6:2]    map_at;
    reg          map_config;
    reg [31:0]   map_event;
    reg          map_none;
    reg [VW-1:0] map_vector;
    wire         map_exists = map_config || (queue_sel < QUEUES);
    wire [31:0]  map_own    = map_config ? 32'd0 : queue_sel + 32'd1;
    wire         map_legal  = map_exists && ((vec_sel == `VIRTIO_MSI_NO_VECTOR) ||
                                             (vec_sel < VECTORS && (MSI_SHARING != 0 || vec_sel == map_own)));
    reg          old_mapped;
    reg [VW-1:0] old_vector;

    integer e;

    always @(posedge aclk) begin
        map_at_1 <= map_command && !forget;
        map_at   <= aresetn ? {map_at[5:2], map_at_1 && map_legal} : 5'd0;
        if (map_command) map_config <= (write_data == `VIRTIO_MSI_CMD_MAP_CONFIG);
        if (map_at_1) begin
            map_event  <= map_own;
            map_none   <= (vec_sel == `VIRTIO_MSI_NO_VECTOR);
            map_vector <= (vec_sel == `VIRTIO_MSI_NO_VECTOR) ? {VW{1'b0}} : vec_sel[VW-1:0];
        end
        if (map_at[3]) begin
            old_mapped <= mapped[map_event];
            old_vector <= vector_of[map_event*VW +: VW];
        end
        if (forget)
            mapped <= {EVENTS{MSI_SHARING == 0}};
        else if (map_at[3])
            mapped[map_event] <= !map_none;
        if (MSI_SHARING == 0) begin
            for (e = 0; e < EVENTS; e = e + 1) vector_of[e*VW +: VW] <= e[VW-1:0];
        end else if (map_at[3] && !map_none)
            vector_of[map_event*VW +: VW] <= map_vector;
    end

    // The vector of an event exists.
    function reaches;
        input [31:0] event_number;
        reaches = mapped[event_number] && (MSI_SHARING != 0 || event_number < VECTORS);
    endfunction

    always @* if (started) begin
        link_map_1:    assert (map_at_1 == \dut.map_requested );
        link_map_kind: assert (!map_at_1 || map_config == \dut.map_config );
        link_map_at:   assert (map_at == \dut.event_map.step [5:1]);
        link_map_one:  assert ({map_at, map_at_1} == 6'd0 || ({map_at, map_at_1} & ({map_at, map_at_1} - 6'd1)) == 6'd0);
        link_map_last: assert (!\dut.event_map.step [6] || ({map_at, map_at_1} == 6'd0));
        link_stepping: assert (\dut.event_map.stepping == (\dut.event_map.step != 6'd0));
        link_map_of:   assert (map_at == 5'd0 || (map_event < EVENTS && \dut.event_map.of_config == (map_event == 32'd0) &&
                               (map_event == 32'd0 || {{(32-QW){1'b0}}, \dut.event_map.of_queue } + 32'd1 == map_event)));
        link_map_sel:  assert (map_at == 5'd0 || map_event == 32'd0 || map_event == queue_sel + 32'd1);
        link_map_to:   assert (map_at == 5'd0 || (\dut.event_map.to_none == map_none && \dut.event_map.to_vector == map_vector));
        link_map_vec:  assert (map_at == 5'd0 || {{(32-VW){1'b0}}, map_vector} < VECTORS);
        link_map_busy: assert (!sweeping || ({map_at, map_at_1} == 6'd0 && \dut.event_map.step == 6'd0));
        link_config_mapped: assert (sweeping || mapped[0] == \dut.event_map.config_mapped );
    end

    wire [NUM_QUEUES-1:0] same_mapped, same_event_word, same_selected_word, real_vector, own_number;

    genvar q;
    generate
        for (q = 0; q < NUM_QUEUES; q = q + 1) begin : queue_links
            localparam [31:0] NUMBER = q + 1;

            wire [VW-1:0] its = vector_of[(q+1)*VW +: VW];

            assign same_mapped[q]        = (mapped[q+1] == (changed[q] ^ (MSI_SHARING == 0)));
            assign same_event_word[q]    = !mapped[q+1] || event_words[q*VW +: VW] == its;
            assign same_selected_word[q] = !mapped[q+1] || selected_words[q*VW +: VW] == its;
            assign real_vector[q]        = !mapped[q+1] || {{(32-VW){1'b0}}, its} < VECTORS;
            assign own_number[q]         = (its == NUMBER[VW-1:0]);
        end
    endgenerate

    always @* if (started && !sweeping) link_mapped: assert (&same_mapped);

    generate
        if (MSI_SHARING != 0) begin : config_links
            always @* if (started && !sweeping) begin
                link_event_word:    assert (&same_event_word);
                link_selected_word: assert (&same_selected_word);
                link_vector_exists: assert (&real_vector);
            end
            always @* if (started && !sweeping && mapped[0]) begin
                link_config_vector:        assert (vector_of[VW-1:0] == \dut.event_map.sharing.config_vector );
                link_config_vector_exists: assert ({{(32-VW){1'b0}}, vector_of[VW-1:0]} < VECTORS);
            end
            always @* if (started && map_at[2] && map_event != 32'd0) begin
                link_old: assert (mapped[map_event] == \dut.queue_mapped && (!\dut.queue_mapped ||
                                  vector_of[map_event*VW +: VW] == \dut.queue_vector ));
            end
            always @* if (started && map_at[3])
                link_moving: assert (\dut.event_map.moving == (mapped[map_event] && !map_none &&
                                     vector_of[map_event*VW +: VW] != map_vector) && (!\dut.event_map.moving ||
                                     \dut.event_map.from_vector == vector_of[map_event*VW +: VW]));
            always @* if (started && (map_at[4] || map_at[5] || map_at[6]))
                link_moving_on: assert (\dut.event_map.moving == (old_mapped && !map_none && old_vector != map_vector) &&
                                        (!\dut.event_map.moving || \dut.event_map.from_vector == old_vector));
        end else begin : config_fixed
            always @* if (started) link_number: assert (&own_number);
            always @* if (started) link_config_number: assert (vector_of[VW-1:0] == {VW{1'b0}});
        end
    endgenerate

    // ------------------------------------------------------------------ one vector, any
    (* anyconst *) wire [VW-1:0] v;

    always @* any_vector: assume ({{(32-VW){1'b0}}, v} < VECTORS);

    reg        v_configured;
    reg        v_masked;
    reg [63:0] v_address;
    reg [31:0] v_data;
    reg        configure_1;                      // CONFIGURE of v was written one cycle ago

    wire to_v = (vec_sel == {{(32-VW){1'b0}}, v});

    always @(posedge aclk) begin
        configure_1 <= !forget && command && write_data == `VIRTIO_MSI_CMD_CONFIGURE && to_v;
        if (forget) begin
            v_configured <= 1'b0;
            v_masked     <= 1'b0;
        end else begin
            if (configure_1)                                     v_configured <= (staged_address[63:2] != 62'd0);
            if (command && write_data == `VIRTIO_MSI_CMD_MASK && to_v)   v_masked <= 1'b1;
            if (command && write_data == `VIRTIO_MSI_CMD_UNMASK && to_v) v_masked <= 1'b0;
        end
        if (configure_1) begin
            v_address <= {staged_address[63:2], 2'b00};
            v_data    <= staged_data;
        end
    end

    wire v_sent = send && (sent == v);
    // Rule 4: a pending vector in this state sends.
    wire v_may_send = enabled && driver_ok && v_configured && !v_masked;
