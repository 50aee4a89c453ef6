// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // The tables of bits, which lie in one row of flip-flops or in several rows (FLAT), as they are looked at: all bits in
    // one word. What the design does not have at a task's sizes is never looked at.
    (* hierconn *) wire [QROW-1:0]    \dut.queue_table.ready.one_row.bits ;
    (* hierconn *) wire [QROW-1:0]    \dut.queue_table.ready.rows.bits[0] ;
    (* hierconn *) wire [QROW-1:0]    \dut.queue_table.ready.rows.bits[1] ;
    (* hierconn *) wire [QROW-1:0]    \dut.queue_table.ready.rows.bits[2] ;
    (* hierconn *) wire [QROW-1:0]    \dut.queue_table.ready.rows.bits[3] ;
    (* hierconn *) wire [QROW-1:0]    \dut.event_map.changed.one_row.bits ;
    (* hierconn *) wire [QROW-1:0]    \dut.event_map.changed.rows.bits[0] ;
    (* hierconn *) wire [QROW-1:0]    \dut.event_map.changed.rows.bits[1] ;
    (* hierconn *) wire [QROW-1:0]    \dut.event_map.changed.rows.bits[2] ;
    (* hierconn *) wire [QROW-1:0]    \dut.event_map.changed.rows.bits[3] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.masked_table.one_row.bits ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.masked_table.rows.bits[0] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.masked_table.rows.bits[1] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.masked_table.rows.bits[2] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.masked_table.rows.bits[3] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.configured_table.one_row.bits ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.configured_table.rows.bits[0] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.configured_table.rows.bits[1] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.configured_table.rows.bits[2] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.configured_table.rows.bits[3] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.any_cause.cause_used.one_row.bits ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.any_cause.cause_used.rows.bits[0] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.any_cause.cause_used.rows.bits[1] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.any_cause.cause_used.rows.bits[2] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.any_cause.cause_used.rows.bits[3] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.any_cause.cause_config.one_row.bits ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.any_cause.cause_config.rows.bits[0] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.any_cause.cause_config.rows.bits[1] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.any_cause.cause_config.rows.bits[2] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.any_cause.cause_config.rows.bits[3] ;
    (* hierconn *) wire               \dut.vector_state.any_cause.late ;
    (* hierconn *) wire [VW-1:0]      \dut.vector_state.any_cause.late_vector ;
    (* hierconn *) wire               \dut.vector_state.any_cause.now_used ;
    (* hierconn *) wire               \dut.vector_state.any_cause.now_config ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.flat.holder.pending ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.flat.holder.rr_mask ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.rows.holder.set_bits[0] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.rows.holder.set_bits[1] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.rows.holder.set_bits[2] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.rows.holder.set_bits[3] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.rows.holder.taken_bits[0] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.rows.holder.taken_bits[1] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.rows.holder.taken_bits[2] ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.rows.holder.taken_bits[3] ;
    (* hierconn *) wire [VRW-1:0]     \dut.vector_state.pending.rows.holder.current ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.rows.holder.rr_mask ;
    (* hierconn *) wire [VROWS-1:0]   \dut.vector_state.pending.rows.holder.current_hit ;
    (* hierconn *) wire [VROWS-1:0]   \dut.vector_state.pending.rows.holder.rr_row_mask ;
    (* hierconn *) wire               \dut.vector_state.pending.rows.holder.next_valid ;
    (* hierconn *) wire [VRW-1:0]     \dut.vector_state.pending.rows.holder.next ;
    (* hierconn *) wire [VROWS-1:0]   \dut.vector_state.pending.rows.holder.row_hint ;
    (* hierconn *) wire [VROWS-1:0]   \dut.vector_state.pending.rows.holder.fresh ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.rows.holder.open ;
    (* hierconn *) wire [VROW-1:0]    \dut.vector_state.pending.rows.holder.candidates ;
    (* hierconn *) wire [QROW-1:0]    \dut.kicks.pending.flat.holder.pending ;
    (* hierconn *) wire [QROW-1:0]    \dut.kicks.pending.rows.holder.set_bits[0] ;
    (* hierconn *) wire [QROW-1:0]    \dut.kicks.pending.rows.holder.set_bits[1] ;
    (* hierconn *) wire [QROW-1:0]    \dut.kicks.pending.rows.holder.set_bits[2] ;
    (* hierconn *) wire [QROW-1:0]    \dut.kicks.pending.rows.holder.set_bits[3] ;
    (* hierconn *) wire [QROW-1:0]    \dut.kicks.pending.rows.holder.taken_bits[0] ;
    (* hierconn *) wire [QROW-1:0]    \dut.kicks.pending.rows.holder.taken_bits[1] ;
    (* hierconn *) wire [QROW-1:0]    \dut.kicks.pending.rows.holder.taken_bits[2] ;
    (* hierconn *) wire [QROW-1:0]    \dut.kicks.pending.rows.holder.taken_bits[3] ;
    (* hierconn *) wire [QRW-1:0]     \dut.kicks.pending.rows.holder.current ;
    (* hierconn *) wire [QROW-1:0]    \dut.kicks.pending.rows.holder.open ;
    (* hierconn *) wire [QROW-1:0]    \dut.kicks.pending.rows.holder.candidates ;
    (* hierconn *) wire               \dut.vector_state.disable_sweeping ;
    (* hierconn *) wire [VRW-1:0]     \dut.vector_state.disable_row ;

    wire [4*QROW-1:0] ready_rows = {\dut.queue_table.ready.rows.bits[3] , \dut.queue_table.ready.rows.bits[2] ,
        \dut.queue_table.ready.rows.bits[1] , \dut.queue_table.ready.rows.bits[0] };
    wire [QSIZE-1:0] ready = QFLAT ? \dut.queue_table.ready.one_row.bits : (ready_rows[QSIZE-1:0] & QIN_ROWS);
    wire [4*QROW-1:0] changed_rows = {\dut.event_map.changed.rows.bits[3] , \dut.event_map.changed.rows.bits[2] ,
        \dut.event_map.changed.rows.bits[1] , \dut.event_map.changed.rows.bits[0] };
    wire [QSIZE-1:0] changed = QFLAT ? \dut.event_map.changed.one_row.bits : (changed_rows[QSIZE-1:0] & QIN_ROWS);
    wire [4*VROW-1:0] masked_rows = {\dut.vector_state.masked_table.rows.bits[3] , \dut.vector_state.masked_table.rows.bits[2] ,
        \dut.vector_state.masked_table.rows.bits[1] , \dut.vector_state.masked_table.rows.bits[0] };
    wire [VSIZE-1:0] masked = VFLAT ? \dut.vector_state.masked_table.one_row.bits : (masked_rows[VSIZE-1:0] & VIN_ROWS);
    wire [4*VROW-1:0] configured_rows = {\dut.vector_state.configured_table.rows.bits[3] , \dut.vector_state.configured_table.rows.bits[2] ,
        \dut.vector_state.configured_table.rows.bits[1] , \dut.vector_state.configured_table.rows.bits[0] };
    wire [VSIZE-1:0] configured = VFLAT ? \dut.vector_state.configured_table.one_row.bits : (configured_rows[VSIZE-1:0] & VIN_ROWS);
    wire [4*VROW-1:0] cause_used_rows = {\dut.vector_state.any_cause.cause_used.rows.bits[3] , \dut.vector_state.any_cause.cause_used.rows.bits[2] ,
        \dut.vector_state.any_cause.cause_used.rows.bits[1] , \dut.vector_state.any_cause.cause_used.rows.bits[0] };
    wire [VSIZE-1:0] table_used = VFLAT ? \dut.vector_state.any_cause.cause_used.one_row.bits : (cause_used_rows[VSIZE-1:0] & VIN_ROWS);
    wire [4*VROW-1:0] cause_config_rows = {\dut.vector_state.any_cause.cause_config.rows.bits[3] , \dut.vector_state.any_cause.cause_config.rows.bits[2] ,
        \dut.vector_state.any_cause.cause_config.rows.bits[1] , \dut.vector_state.any_cause.cause_config.rows.bits[0] };
    wire [VSIZE-1:0] table_config = VFLAT ? \dut.vector_state.any_cause.cause_config.one_row.bits : (cause_config_rows[VSIZE-1:0] & VIN_ROWS);

    // Causes are written in the cycle after their event.
    localparam [VSIZE-1:0] ONE_CAUSE = 1;

    wire [VSIZE-1:0] late_cause   = \dut.vector_state.any_cause.late ? (ONE_CAUSE << \dut.vector_state.any_cause.late_vector ) : {VSIZE{1'b0}};
    wire [VSIZE-1:0] cause_used   = (table_used & ~late_cause) | ({VSIZE{\dut.vector_state.any_cause.now_used }} & late_cause);
    wire [VSIZE-1:0] cause_config = (table_config & ~late_cause) | ({VSIZE{\dut.vector_state.any_cause.now_config }} & late_cause);
    wire [4*VROW-1:0] pending_rows = {\dut.vector_state.pending.rows.holder.set_bits[3] ^ \dut.vector_state.pending.rows.holder.taken_bits[3] ,
        \dut.vector_state.pending.rows.holder.set_bits[2] ^ \dut.vector_state.pending.rows.holder.taken_bits[2] ,
        \dut.vector_state.pending.rows.holder.set_bits[1] ^ \dut.vector_state.pending.rows.holder.taken_bits[1] ,
        \dut.vector_state.pending.rows.holder.set_bits[0] ^ \dut.vector_state.pending.rows.holder.taken_bits[0] };
    wire [VSIZE-1:0] pending = VFLAT ? \dut.vector_state.pending.flat.holder.pending : (pending_rows[VSIZE-1:0] & VIN_ROWS);

    wire [4*QROW-1:0] kick_rows = {\dut.kicks.pending.rows.holder.set_bits[3] ^ \dut.kicks.pending.rows.holder.taken_bits[3] ,
        \dut.kicks.pending.rows.holder.set_bits[2] ^ \dut.kicks.pending.rows.holder.taken_bits[2] ,
        \dut.kicks.pending.rows.holder.set_bits[1] ^ \dut.kicks.pending.rows.holder.taken_bits[1] ,
        \dut.kicks.pending.rows.holder.set_bits[0] ^ \dut.kicks.pending.rows.holder.taken_bits[0] };
    wire [QSIZE-1:0] kicks_pending = QFLAT ? \dut.kicks.pending.flat.holder.pending : (kick_rows[QSIZE-1:0] & QIN_ROWS);

    wire       disable_sweep = \dut.vector_state.disable_sweeping ;
    wire [7:0] disable_row   = \dut.vector_state.disable_row ;

    wire [VRW-1:0]   current     = \dut.vector_state.pending.rows.holder.current ;
    wire [VROWS-1:0] current_hit = \dut.vector_state.pending.rows.holder.current_hit ;
    wire [VROWS-1:0] rr_row_mask = \dut.vector_state.pending.rows.holder.rr_row_mask ;
    wire             next_valid  = \dut.vector_state.pending.rows.holder.next_valid ;
    wire [VRW-1:0]   next_one    = \dut.vector_state.pending.rows.holder.next ;
    wire [VROWS-1:0] row_hint      = \dut.vector_state.pending.rows.holder.row_hint ;
    wire [VROWS-1:0] fresh       = \dut.vector_state.pending.rows.holder.fresh ;
    wire [VROW-1:0]  open        = \dut.vector_state.pending.rows.holder.open ;
    wire [VROW-1:0]  candidates  = \dut.vector_state.pending.rows.holder.candidates ;
    wire [VROW-1:0]  rr_mask      = VFLAT ? \dut.vector_state.pending.flat.holder.rr_mask : \dut.vector_state.pending.rows.holder.rr_mask ;
