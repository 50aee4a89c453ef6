// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// virtio_msi_vector_state_formal: what the commands, events and messages of one vector, any, leave of it, for tables of one row
// and of several: masked, configured, pending and its causes; DISABLE's sweep gives every cause back; no vector is
// found without being able to send, and none that can send is left unfound.
//
//   NUM_VECTORS, VECTOR_WIDTH, ROW_LOG2, MSI_SHARING   as in virtio_msi_vector_state
`default_nettype none

module virtio_msi_vector_state_formal #(
    parameter NUM_VECTORS  = 6,
    parameter VECTOR_WIDTH = 3,
    parameter ROW_LOG2     = 1,
    parameter MSI_SHARING  = 0
) (
    input wire                    aclk,
    input wire                    aresetn,
    input wire                    sweep_start,
    input wire                    pend,
    input wire [VECTOR_WIDTH-1:0] pend_vector,
    input wire                    pend_used,
    input wire                    pend_config,
    input wire                    mask,
    input wire                    unmask,
    input wire                    configure,
    input wire                    usable,
    input wire [VECTOR_WIDTH-1:0] command_vector,
    input wire                    disabling,
    input wire                    grant_ready
);

    localparam VW         = VECTOR_WIDTH;
    localparam SIZE       = 1 << ROW_LOG2;
    localparam ROWS       = (NUM_VECTORS + SIZE - 1) / SIZE;
    localparam ROWS_WIDTH = (VW == ROW_LOG2) ? 1 : VW - ROW_LOG2;

    localparam [31:0] VECTORS = NUM_VECTORS;

    wire                  sweep, disable_busy, disabled_used, disabled_config, grant_valid;
    wire                  peeked_used, peeked_config, state_masked, state_pending, state_configured;
    wire [ROWS_WIDTH-1:0] sweep_row;
    wire [VW-1:0]         grant;

    virtio_table_sweep #(.ROWS(ROWS), .ROWS_WIDTH(ROWS_WIDTH)) sweeper (
        .aclk(aclk), .aresetn(aresetn), .start(sweep_start), .sweeping(sweep), .row(sweep_row)
    );

    virtio_msi_vector_state #(
        .NUM_VECTORS(NUM_VECTORS), .VECTOR_WIDTH(VW), .ROW_LOG2(ROW_LOG2), .ROWS_WIDTH(ROWS_WIDTH), .MSI_SHARING(MSI_SHARING)
    ) dut (
        .aclk(aclk), .aresetn(aresetn), .sweep(sweep), .sweep_row(sweep_row),
        .pend(pend), .pend_vector(pend_vector), .pend_used(pend_used), .pend_config(pend_config),
        .mask(mask), .unmask(unmask), .configure(configure), .usable(usable), .command_vector(command_vector),
        .disabling(disabling), .disable_busy(disable_busy), .disabled_used(disabled_used), .disabled_config(disabled_config),
        .grant_valid(grant_valid), .grant(grant), .grant_ready(grant_ready),
        .peek(1'b0), .peek_vector(command_vector), .peeked_used(peeked_used), .peeked_config(peeked_config),
        .state_masked(state_masked), .state_pending(state_pending), .state_configured(state_configured)
    );

    (* anyconst *) wire [VW-1:0] v;

    reg started = 1'b0;
    always @(posedge aclk) started <= 1'b1;

    (* hierconn *) wire                  \dut.disable_sweeping ;
    (* hierconn *) wire                  \dut.found_valid ;
    (* hierconn *) wire                  \dut.found_used ;
    (* hierconn *) wire                  \dut.found_config ;
    wire                                 disable_sweeping = \dut.disable_sweeping ;

    always @* begin
        if (!started) reset_first: assume (!aresetn);
        any_vector: assume ({{(32-VW){1'b0}}, v} < VECTORS);
    end

    // What the user keeps to.
    `define KEPT(name, condition) always @* name: assume (!aresetn || (condition));
    `include "virtio_msi_vector_state_use.vh"
    `include "virtio_mmio_endpoint_use.vh"
    `undef KEPT
    (* hierconn *) wire [ROWS_WIDTH-1:0] \dut.clear_row ;

    (* hierconn *) wire [SIZE-1:0] \dut.masked_table.one_row.bits ;
    (* hierconn *) wire [SIZE-1:0] \dut.masked_table.rows.bits[0] ;
    (* hierconn *) wire [SIZE-1:0] \dut.masked_table.rows.bits[1] ;
    (* hierconn *) wire [SIZE-1:0] \dut.masked_table.rows.bits[2] ;
    (* hierconn *) wire [SIZE-1:0] \dut.masked_table.rows.bits[3] ;
    (* hierconn *) wire [SIZE-1:0] \dut.configured_table.one_row.bits ;
    (* hierconn *) wire [SIZE-1:0] \dut.configured_table.rows.bits[0] ;
    (* hierconn *) wire [SIZE-1:0] \dut.configured_table.rows.bits[1] ;
    (* hierconn *) wire [SIZE-1:0] \dut.configured_table.rows.bits[2] ;
    (* hierconn *) wire [SIZE-1:0] \dut.configured_table.rows.bits[3] ;
    (* hierconn *) wire [SIZE-1:0] \dut.any_cause.cause_used.one_row.bits ;
    (* hierconn *) wire [SIZE-1:0] \dut.any_cause.cause_used.rows.bits[0] ;
    (* hierconn *) wire [SIZE-1:0] \dut.any_cause.cause_used.rows.bits[1] ;
    (* hierconn *) wire [SIZE-1:0] \dut.any_cause.cause_used.rows.bits[2] ;
    (* hierconn *) wire [SIZE-1:0] \dut.any_cause.cause_used.rows.bits[3] ;
    (* hierconn *) wire [SIZE-1:0] \dut.any_cause.cause_config.one_row.bits ;
    (* hierconn *) wire [SIZE-1:0] \dut.any_cause.cause_config.rows.bits[0] ;
    (* hierconn *) wire [SIZE-1:0] \dut.any_cause.cause_config.rows.bits[1] ;
    (* hierconn *) wire [SIZE-1:0] \dut.any_cause.cause_config.rows.bits[2] ;
    (* hierconn *) wire [SIZE-1:0] \dut.any_cause.cause_config.rows.bits[3] ;
    (* hierconn *) wire            \dut.any_cause.late ;
    (* hierconn *) wire [VW-1:0]   \dut.any_cause.late_vector ;
    (* hierconn *) wire            \dut.any_cause.now_used ;
    (* hierconn *) wire            \dut.any_cause.now_config ;
    (* hierconn *) wire [SIZE-1:0] \dut.pending.flat.holder.pending ;
    (* hierconn *) wire [SIZE-1:0] \dut.pending.rows.holder.set_bits[0] ;
    (* hierconn *) wire [SIZE-1:0] \dut.pending.rows.holder.set_bits[1] ;
    (* hierconn *) wire [SIZE-1:0] \dut.pending.rows.holder.set_bits[2] ;
    (* hierconn *) wire [SIZE-1:0] \dut.pending.rows.holder.set_bits[3] ;
    (* hierconn *) wire [SIZE-1:0] \dut.pending.rows.holder.taken_bits[0] ;
    (* hierconn *) wire [SIZE-1:0] \dut.pending.rows.holder.taken_bits[1] ;
    (* hierconn *) wire [SIZE-1:0] \dut.pending.rows.holder.taken_bits[2] ;
    (* hierconn *) wire [SIZE-1:0] \dut.pending.rows.holder.taken_bits[3] ;
    (* hierconn *) wire [ROWS-1:0] \dut.pending.rows.holder.current_hit ;
    (* hierconn *) wire [ROWS_WIDTH-1:0] \dut.pending.rows.holder.current ;
    (* hierconn *) wire            \dut.pending.rows.holder.next_valid ;
    (* hierconn *) wire [ROWS_WIDTH-1:0] \dut.pending.rows.holder.next ;
    (* hierconn *) wire [ROWS-1:0] \dut.pending.rows.holder.row_hint ;
    (* hierconn *) wire [ROWS-1:0] \dut.pending.rows.holder.rr_row_mask ;
    (* hierconn *) wire [ROWS-1:0] \dut.pending.rows.holder.fresh ;
    (* hierconn *) wire [SIZE-1:0] \dut.pending.rows.holder.open ;
    (* hierconn *) wire [SIZE-1:0] \dut.pending.rows.holder.rr_mask ;
    (* hierconn *) wire [SIZE-1:0] \dut.pending.rows.holder.candidates ;
    (* hierconn *) wire [ROWS_WIDTH-1:0] \dut.disable_row ;

    localparam ONE_ROW = (ROW_LOG2 == VW);

    wire [4*SIZE-1:0] all_masked = ONE_ROW ? {{(3*SIZE){1'b0}}, \dut.masked_table.one_row.bits } :
        {\dut.masked_table.rows.bits[3] , \dut.masked_table.rows.bits[2] , \dut.masked_table.rows.bits[1] , \dut.masked_table.rows.bits[0] };
    wire [4*SIZE-1:0] all_configured = ONE_ROW ? {{(3*SIZE){1'b0}}, \dut.configured_table.one_row.bits } :
        {\dut.configured_table.rows.bits[3] , \dut.configured_table.rows.bits[2] , \dut.configured_table.rows.bits[1] , \dut.configured_table.rows.bits[0] };
    wire [4*SIZE-1:0] all_used = ONE_ROW ? {{(3*SIZE){1'b0}}, \dut.any_cause.cause_used.one_row.bits } :
        {\dut.any_cause.cause_used.rows.bits[3] , \dut.any_cause.cause_used.rows.bits[2] , \dut.any_cause.cause_used.rows.bits[1] , \dut.any_cause.cause_used.rows.bits[0] };
    wire [4*SIZE-1:0] all_config = ONE_ROW ? {{(3*SIZE){1'b0}}, \dut.any_cause.cause_config.one_row.bits } :
        {\dut.any_cause.cause_config.rows.bits[3] , \dut.any_cause.cause_config.rows.bits[2] , \dut.any_cause.cause_config.rows.bits[1] , \dut.any_cause.cause_config.rows.bits[0] };
    wire [4*SIZE-1:0] all_pending = ONE_ROW ? {{(3*SIZE){1'b0}}, \dut.pending.flat.holder.pending } :
        {\dut.pending.rows.holder.set_bits[3] ^ \dut.pending.rows.holder.taken_bits[3] ,
         \dut.pending.rows.holder.set_bits[2] ^ \dut.pending.rows.holder.taken_bits[2] ,
         \dut.pending.rows.holder.set_bits[1] ^ \dut.pending.rows.holder.taken_bits[1] ,
         \dut.pending.rows.holder.set_bits[0] ^ \dut.pending.rows.holder.taken_bits[0] };

    wire                  its_row_cleared;
    generate
        if (ROW_LOG2 == VW) begin : one_row
            assign its_row_cleared = 1'b1;
        end else begin : rows
            assign its_row_cleared = (\dut.clear_row == v[VW-1:ROW_LOG2]);

            wire [ROWS_WIDTH-1:0] its_row = v[VW-1:ROW_LOG2];
            reg                   passed;        // the reset's sweep is behind its row
            reg                   disable_passed;
            reg                   fresh_v;       // it became pending or able to send in the last cycle
            wire                  served   = (\dut.pending.rows.holder.current == its_row);
            wire                  its_open = \dut.pending.rows.holder.open [v[ROW_LOG2-1:0]];
            wire                  is_able  = is_pending && is_configured && !is_masked;

            always @(posedge aclk) fresh_v <= aresetn && !sweep && !\dut.disable_sweeping && (arrives || ((unmask || configure) && to_v));
            always @(posedge aclk) begin
                if (!aresetn || sweep_start)          passed <= 1'b0;
                else if (sweep && sweep_row == its_row) passed <= 1'b1;
                if (!aresetn || disabling)            disable_passed <= 1'b0;
                else if (\dut.disable_sweeping && \dut.disable_row == its_row) disable_passed <= 1'b1;
            end

            always @* if (started) begin
                link_sweep:    assert (!sweep || ({{(32-ROWS_WIDTH){1'b0}}, sweep_row} < ROWS && passed == (sweep_row > its_row)));
                link_passed:   assert (sweep || (passed && clean));
                link_clean:    assert (clean || !passed);
                link_swept:    assert (!(sweep && passed) || (!is_masked && !is_configured && !is_pending));
                link_disable:  assert (!\dut.disable_sweeping || ({{(32-ROWS_WIDTH){1'b0}}, \dut.disable_row } < ROWS));
                link_disabled: assert (!\dut.disable_sweeping || disable_passed == (\dut.disable_row > its_row));
                s1_disabled:   assert (!(\dut.disable_sweeping && disable_passed && clean) || !is_pending);
                s2_open:       assert (!clean || sweep || !(served && its_open) || is_able);
                s1_seen:       assert (!clean || sweep || \dut.disable_sweeping || !(served && is_able) || its_open || fresh_v);
                s1_fresh:      assert (!clean || sweep || \dut.disable_sweeping || !fresh_v || \dut.pending.rows.holder.fresh [its_row]);
                s1_found:      assert (!clean || sweep || \dut.disable_sweeping || !(is_pending && is_configured && !is_masked) ||
                                       \dut.pending.rows.holder.row_hint [its_row]);
                link_next:     assert (!\dut.pending.rows.holder.next_valid ||
                                       {{(32-ROWS_WIDTH){1'b0}}, \dut.pending.rows.holder.next } < ROWS);
                link_candidates: assert (\dut.pending.rows.holder.candidates ==
                                         (\dut.pending.rows.holder.open & \dut.pending.rows.holder.rr_mask ));
                link_current:  assert (sweep || \dut.disable_sweeping ||
                                       ({{(32-ROWS_WIDTH){1'b0}}, \dut.pending.rows.holder.current } < ROWS &&
                                        \dut.pending.rows.holder.current_hit ==
                                        ({{(ROWS-1){1'b0}}, 1'b1} << \dut.pending.rows.holder.current ) &&
                                        \dut.pending.rows.holder.rr_row_mask ==
                                        (({ROWS{1'b1}} << \dut.pending.rows.holder.current ) & ~\dut.pending.rows.holder.current_hit )));
            end
        end
    endgenerate

    // ------------------------------------------------------------------ what v is
    reg  clean, is_masked, is_configured, is_pending, by_used, by_config;
    wire to_v    = (command_vector == v);
    wire late    = \dut.any_cause.late && \dut.any_cause.late_vector == v;
    wire its_used   = late ? \dut.any_cause.now_used : all_used[v];
    wire its_config = late ? \dut.any_cause.now_config : all_config[v];
    wire arrives = pend && pend_vector == v;
    wire taken   = grant_ready && grant_valid;
    wire sent    = taken && grant == v;
    wire bypass  = ONE_ROW;                      // one row: an event can be sent in its cycle

    always @(posedge aclk) begin
        if (!aresetn) {clean, is_masked, is_configured, is_pending} <= 4'b0000;
        else if (sweep && its_row_cleared) {clean, is_masked, is_configured, is_pending} <= 4'b1000;
        else begin
            if (mask && to_v)      is_masked     <= 1'b1;
            if (unmask && to_v)    is_masked     <= 1'b0;
            if (configure && to_v) is_configured <= usable;
            if (\dut.disable_sweeping && its_row_cleared && !sweep) is_pending <= 1'b0;
            else if (!sweep) is_pending <= (is_pending || arrives) && !sent;
        end
        if (arrives && !sweep) begin
            by_used   <= pend_used || (by_used && is_pending && !sent);
            by_config <= pend_config || (by_config && is_pending && !sent);
        end
    end

    reg looked, look_masked, look_pending, look_configured, look_used, look_config;
    always @(posedge aclk) begin
        looked <= aresetn && started && clean && to_v && !sweep && !\dut.disable_sweeping ;
        {look_masked, look_pending, look_configured} <= {is_masked, is_pending, is_configured};
        {look_used, look_config} <= {is_pending && by_used, is_pending && by_config};
    end

    wire its_end = aresetn && \dut.disable_sweeping && its_row_cleared && !sweep && clean && is_pending;
    // DISABLE cleared it in the last cycle; two cycles ago.
    reg  found_used, found_config, was_used, was_config;
    always @(posedge aclk) begin
        {found_used, found_config} <= {started && its_end && by_used, started && its_end && by_config};
        {was_used, was_config}     <= {aresetn && found_used, aresetn && found_config};
    end

    always @* if (started) begin
        s1_found_used:     assert (!found_used || (\dut.found_valid && \dut.found_used ));
        s1_found_config:   assert (!found_config || (\dut.found_valid && \dut.found_config ));
        s1_disable_used:   assert (!was_used || disabled_used);
        s1_disable_config: assert (!was_config || disabled_config);
        s2_granted:        assert (!(clean && !sweep && grant_valid && grant == v) || (is_configured && !is_masked && (is_pending || (bypass && arrives))));
        s6_state:          assert (!looked || {state_masked, state_pending, state_configured} == {look_masked, look_pending, look_configured});
        s1_peeked:         assert (MSI_SHARING == 0 || !looked || {peeked_used, peeked_config} == {look_used, look_config});
        s2_fixed:          assert (MSI_SHARING != 0 || !is_pending || !clean || (by_config == (v == {VW{1'b0}}) && by_used == !by_config));
        link_masked:       assert (!clean || all_masked[v] == is_masked);
        link_configured:   assert (!clean || all_configured[v] == is_configured);
        s1_pending:        assert (!clean || all_pending[v] == is_pending);
        s1_causes:         assert (MSI_SHARING == 0 || !clean || sweep || !is_pending || (its_used == by_used && its_config == by_config));
        link_has_cause:    assert (!clean || !is_pending || by_used || by_config);
        c_disabled:        cover (disabled_used && was_used);
        c_sent:            cover (sent && clean && v != {VW{1'b0}});
        c_unmasked:        cover (unmask && to_v && is_masked && is_pending && is_configured && clean);
    end

endmodule

`default_nettype wire
