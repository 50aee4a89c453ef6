// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // Property 1, no lost interrupt. One accepted event, any, is followed through the design. In each place where the
    // contract says that it is, a register of the design must say so; it leaves only by a message of its vector taken
    // after it was accepted, an acknowledge that could see its bit, or what the contract drops (rules 3, 11, 12).
    localparam [2:0] IDLE   = 3'd0;              // not chosen yet
    localparam [2:0] ROUTE  = 3'd1;              // accepted in the last cycle
    localparam [2:0] STATUS = 3'd2;              // its InterruptStatus bit is set
    localparam [2:0] WALK   = 3'd3;              // ENABLE is converting used-buffer bits and has not come to its queue
    localparam [2:0] VECTOR = 3'd4;              // its vector is pending
    localparam [2:0] SENT   = 3'd5;
    localparam [2:0] ACKED  = 3'd6;
    localparam [2:0] DROPPED = 3'd7;

    (* anyconst *) wire [15:0] lost_event;
    (* anyseq *)   wire        choose;

    always @* any_event: assume (lost_event <= QUEUES);

    reg [2:0]    where;
    reg          to_vector;                      // mapped to a vector that exists when it was accepted
    reg [VW-1:0] its_vector;

    wire          of_config   = (lost_event == 16'd0);
    wire [31:0]   event_32    = {16'd0, lost_event};
    wire [31:0]   its_queue   = event_32 - 32'd1;
    wire          its_ready   = of_config || ready[its_queue[QW-1:0]];
    wire          now_reaches = reaches(event_32);
    wire [VW-1:0] now_vector  = vector_of[event_32*VW +: VW];
    wire          chosen      = taken_event && event_index == lost_event && choose && aresetn && !resetting;
    wire          acknowledged = control_write && write_offset == `VIRTIO_REG_INTERRUPT_ACK && driver_ok && !enabled &&
                                 (of_config ? write_data[`VIRTIO_INTERRUPT_CONFIG_CHANGE_BIT] : write_data[`VIRTIO_INTERRUPT_USED_BUFFER_BIT]);
    wire          converted    = of_config ? \dut.convert_config_taken : \dut.convert_used_taken ;
    wire          visited      = \dut.router.step_walk && {{(32-QW){1'b0}}, \dut.router.walk_queue } == its_queue;
    // Found in the row that was cleared in the last cycle, or set with the next edge.
    wire          landing      = of_config ? (\dut.vector_state.found_valid && \dut.vector_state.found_config ) || \dut.disabled_config
                                           : (\dut.vector_state.found_valid && \dut.vector_state.found_used ) || \dut.disabled_used ;
    wire          its_sent     = send && sent == its_vector;
    wire [7:0]    its_row      = its_vector >> VLOG2;

    always @(posedge aclk) begin
        if (!started) where <= IDLE;
        else if (where != IDLE && where != SENT && where != ACKED && (!aresetn || resetting)) where <= DROPPED;
        else case (where)
            IDLE: if (chosen) begin
                where      <= its_ready ? ROUTE : DROPPED;
                to_vector  <= now_reaches;
                its_vector <= now_vector;
            end
            ROUTE: where <= !enabled ? STATUS : !to_vector ? DROPPED : its_sent ? SENT : VECTOR;
            STATUS: begin
                if (acknowledged) where <= ACKED;
                else if (converted) begin
                    where      <= of_config ? ROUTE : WALK;
                    to_vector  <= now_reaches;
                    its_vector <= now_vector;
                end
            end
            WALK: begin
                if (disable_1) where <= STATUS;
                else if (visited) begin
                    where      <= its_ready ? ROUTE : DROPPED;
                    to_vector  <= now_reaches;
                    its_vector <= now_vector;
                end
            end
            VECTOR: begin
                if (disable_2 && disable_at == its_row) where <= STATUS;
                else if (its_sent) where <= SENT;
            end
            default: where <= where;
        endcase
    end

    always @* if (started) begin
        p1_routed:  assert (where != ROUTE || (of_config ? \dut.router.of_config
                                                         : \dut.router.of_queue ));
        p1_mapped:  assert (where != ROUTE || (!\dut.router.moved && \dut.router.routed == to_vector &&
                            (!to_vector || (\dut.lookup_vector == its_vector && {{(32-VW){1'b0}}, its_vector} < VECTORS))));
        p1_status:  assert (where != STATUS || (of_config ? config_raw : used_raw) || landing);
        p1_visible: assert (where != STATUS || !driver_ok || enabled || line_now || landing);
        p1_landing: assert (!landing || \dut.register_port.answering );
        link_answering: assert (!(disable_1 || (disable_2 && !sweeping) || \dut.vector_state.found_valid ) || \dut.register_port.answering );
        p1_walk:    assert (where != WALK || (!of_config && \dut.router.walk &&
                            {{(32-QW){1'b0}}, \dut.router.walk_queue } <= its_queue));
        p1_pending: assert (where != VECTOR || (pending[its_vector] && {{(32-VW){1'b0}}, its_vector} < VECTORS));
        p1_has_cause: assert (where != VECTOR || (MSI_SHARING != 0 ? (of_config ? cause_config[its_vector] : cause_used[its_vector])
                                                                  : ({{(32-VW){1'b0}}, its_vector} == event_32)));
        p1_own:     assert (MSI_SHARING != 0 || where != ROUTE || !to_vector || {{(32-VW){1'b0}}, its_vector} == event_32);
        p1_on:      assert (where != VECTOR || enabled || (disable_2 && disable_at <= its_row));
        p1_walk_on: assert (!\dut.router.walk || enabled);
        p1_walk_alone: assert (!\dut.router.walk || !\dut.convert_used );
        p1_off_means_none: assert (enabled || disable_2 || sweeping || pending == {VSIZE{1'b0}});
        p1_walk_range: assert (!\dut.router.walk || {{(32-QW){1'b0}}, \dut.router.walk_queue } < QUEUES);
    end

    // With a bus that can take a message in a cycle, one is taken, but for at most one look at each row; the followed
    // event's message is among the first NUM_VECTORS.
    reg [3:0] late;                              // such cycles while v, its vector, may send
    always @(posedge aclk) begin
        if (!aresetn || !waits || v_sent) late <= 4'd0;
        else if (where == VECTOR && its_vector == v && bus_can) late <= late + 4'd1;
    end
    always @* if (started) begin
        p1_within: assert (late <= overtaken + empty && {28'd0, late} < VECTORS + EMPTY);
    end

    // A mapping that moves takes along what is pending (rule 8).
    reg inherits;
    reg inherits_used;
    reg inherits_config;
    always @(posedge aclk) begin
        inherits        <= MSI_SHARING != 0 && aresetn && map_at[5] && old_mapped && !map_none && old_vector != map_vector &&
                           pending[old_vector];
        inherits_used   <= cause_used[old_vector];
        inherits_config <= cause_config[old_vector];
    end

    generate if (MSI_SHARING != 0) begin : moves
        reg inherited;
        always @(posedge aclk) inherited <= aresetn && inherits && (inherits_used || inherits_config);
        always @* if (started) begin
            p1_pending_has_cause: assert (sweeping || (pending & ~(cause_used | cause_config)) == {VSIZE{1'b0}});
            p1_move: assert (!inherits || (\dut.move &&
                             \dut.move_used == inherits_used && \dut.move_config == inherits_config));
            p1_moved: assert (!inherited || (\dut.router.moved && \dut.pend_vector == map_vector));
            c1_move: cover (inherited);
        end
    end endgenerate

    reg was_status;
    always @(posedge aclk) was_status <= aresetn && started && (was_status || where == STATUS);
    always @* if (started) begin
        c1_sent:          cover (where == SENT && !was_status);
        c1_acked:         cover (where == ACKED);
        c1_converted:     cover (where == SENT && was_status && !of_config);
        c1_converted_config: cover (where == SENT && was_status && of_config);
    end
    reg was_vector;
    always @(posedge aclk) was_vector <= aresetn && started && (was_vector || where == VECTOR);
    always @* if (started) c1_disabled: cover (where == ACKED && was_vector);
