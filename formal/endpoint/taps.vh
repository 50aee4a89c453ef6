// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
    // What the properties look at inside the design. `proc; memory_map; flatten` must run before any clean-up.
    (* hierconn *) wire              \dut.control_write ;
    (* hierconn *) wire [7:0]        \dut.write_offset ;
    (* hierconn *) wire [31:0]       \dut.write_data ;
    (* hierconn *) wire              \dut.write_small ;
    (* hierconn *) wire              \dut.write_enable ;
    (* hierconn *) wire              \dut.msi_negotiated ;
    (* hierconn *) wire              \dut.driver_ok ;
    (* hierconn *) wire              \dut.resetting ;
    (* hierconn *) wire              \dut.sweeping ;
    (* hierconn *) wire [RW-1:0]     \dut.sweep_row ;
    (* hierconn *) wire              \dut.message_writer.send ;
    (* hierconn *) wire              \dut.grant_valid ;
    (* hierconn *) wire [VW-1:0]     \dut.grant ;
    (* hierconn *) wire              \dut.msi_enabled ;
    (* hierconn *) wire              \dut.disabling ;
    (* hierconn *) wire              \dut.configure ;
    (* hierconn *) wire              \dut.unmask ;
    (* hierconn *) wire              \dut.pend ;
    (* hierconn *) wire [VW-1:0]     \dut.pend_vector ;
    (* hierconn *) wire              \dut.map_requested ;
    (* hierconn *) wire              \dut.map_config ;
    (* hierconn *) wire              \dut.move ;
    (* hierconn *) wire              \dut.move_used ;
    (* hierconn *) wire              \dut.move_config ;
    (* hierconn *) wire              \dut.convert_used ;
    (* hierconn *) wire              \dut.convert_used_taken ;
    (* hierconn *) wire              \dut.convert_config_taken ;
    (* hierconn *) wire              \dut.mapping ;
    (* hierconn *) wire              \dut.scanning ;
    (* hierconn *) wire              \dut.disable_busy ;
    (* hierconn *) wire              \dut.disabled_used ;
    (* hierconn *) wire              \dut.disabled_config ;
    (* hierconn *) wire              \dut.vector_state.found_valid ;
    (* hierconn *) wire              \dut.vector_state.found_used ;
    (* hierconn *) wire              \dut.vector_state.found_config ;
    (* hierconn *) wire              \dut.msi_error_valid ;
    (* hierconn *) wire              \dut.kicks.scanning ;
    (* hierconn *) wire [QRW-1:0]    \dut.kicks.scanned_row ;
    (* hierconn *) wire              \dut.kicks.driver_ok_set ;
    (* hierconn *) wire              \dut.kicks.owed ;
    (* hierconn *) wire [QW-1:0]     \dut.kicks.owed_queue ;
    (* hierconn *) wire              \dut.kicks.take ;
    (* hierconn *) wire [QW-1:0]     \dut.kicks.grant ;
    (* hierconn *) wire [QW-1:0]     \dut.kicks.queue ;
    (* hierconn *) wire              \dut.kick_valid ;
    (* hierconn *) wire              \dut.notification_data ;
    (* hierconn *) wire [QW-1:0]     \dut.kick_queue ;
    (* hierconn *) wire              \dut.queue_stop ;
    (* hierconn *) wire              \dut.queue_stopping ;
    (* hierconn *) wire              \dut.queue_table.write_ready ;
    (* hierconn *) wire              \dut.queue_table.data_zero ;
    (* hierconn *) wire [31:0]       \dut.commands.vec_sel ;
    (* hierconn *) wire              \dut.commands.vector_exists ;
    (* hierconn *) wire              \dut.commands.no_vector ;
    (* hierconn *) wire [31:0]       \dut.commands.addr_low ;
    (* hierconn *) wire [31:0]       \dut.commands.addr_high ;
    (* hierconn *) wire [31:0]       \dut.commands.data ;
    (* hierconn *) wire              \dut.queue_table.write_sel ;
    (* hierconn *) wire [31:0]       \dut.queue_table.data ;
    (* hierconn *) wire [QW-1:0]     \dut.queue_table.sel_queue ;
    (* hierconn *) wire              \dut.queue_table.sel_exists ;
    (* hierconn *) wire [6:1]        \dut.event_map.step ;
    (* hierconn *) wire              \dut.event_map.stepping ;
    (* hierconn *) wire              \dut.event_map.of_config ;
    (* hierconn *) wire [QW-1:0]     \dut.event_map.of_queue ;
    (* hierconn *) wire              \dut.event_map.to_none ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.to_vector ;
    (* hierconn *) wire              \dut.event_map.moving ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.from_vector ;
    (* hierconn *) wire              \dut.event_map.config_mapped ;
    (* hierconn *) wire [VW-1:0]     \dut.lookup_vector ;
    (* hierconn *) wire              \dut.queue_mapped ;
    (* hierconn *) wire [VW-1:0]     \dut.queue_vector ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.config_vector ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.event_ram.words[0] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.event_ram.words[1] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.event_ram.words[2] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.event_ram.words[3] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.event_ram.words[4] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.event_ram.words[5] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.event_ram.words[6] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.selected_ram.words[0] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.selected_ram.words[1] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.selected_ram.words[2] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.selected_ram.words[3] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.selected_ram.words[4] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.selected_ram.words[5] ;
    (* hierconn *) wire [VW-1:0]     \dut.event_map.sharing.selected_ram.words[6] ;
    (* hierconn *) wire              \dut.router.walk ;
    (* hierconn *) wire [QW-1:0]     \dut.router.walk_queue ;
    (* hierconn *) wire              \dut.router.needs_reset_owed ;
    (* hierconn *) wire              \dut.router.step_walk ;
    (* hierconn *) wire              \dut.router.step_needs_reset ;
    (* hierconn *) wire              \dut.router.moved ;
    (* hierconn *) wire              \dut.router.of_config ;
    (* hierconn *) wire              \dut.router.of_queue ;
    (* hierconn *) wire              \dut.router.routed ;
    (* hierconn *) wire              \dut.router.moved_used ;
    (* hierconn *) wire              \dut.router.moved_config ;
    (* hierconn *) wire              \dut.interrupts.used ;
    (* hierconn *) wire              \dut.interrupts.config_change ;
    (* hierconn *) wire              \dut.vector_state.peeked_used ;
    (* hierconn *) wire              \dut.vector_state.peeked_config ;
    (* hierconn *) wire [4:0]        \dut.message_writer.outstanding.head ;
    (* hierconn *) wire [4:0]        \dut.message_writer.outstanding.tail ;
    (* hierconn *) wire              \dut.message_writer.outstanding.in_ready ;
    (* hierconn *) wire [95:0]       \dut.message_writer.table_ram.words[0] ;
    (* hierconn *) wire [95:0]       \dut.message_writer.table_ram.words[1] ;
    (* hierconn *) wire [95:0]       \dut.message_writer.table_ram.words[2] ;
    (* hierconn *) wire [95:0]       \dut.message_writer.table_ram.words[3] ;
    (* hierconn *) wire [95:0]       \dut.message_writer.table_ram.words[4] ;
    (* hierconn *) wire [95:0]       \dut.message_writer.table_ram.words[5] ;
    (* hierconn *) wire [95:0]       \dut.message_writer.table_ram.words[6] ;
    (* hierconn *) wire [95:0]       \dut.message_writer.table_ram.words[7] ;
    (* hierconn *) wire              \dut.register_port.write_busy ;
    (* hierconn *) wire              \dut.register_port.answering ;
    (* hierconn *) wire [2:0]        \dut.register_port.answers ;
    (* hierconn *) wire [2:0]        \dut.register_port.writes ;
    (* hierconn *) wire              \dut.register_port.reading ;
    (* hierconn *) wire [2:0]        \dut.register_port.reads ;
    (* hierconn *) wire [2:0]        \dut.register_port.r_fifo.head ;
    (* hierconn *) wire [2:0]        \dut.register_port.r_fifo.tail ;
    (* hierconn *) wire              \dut.register_port.r_fifo.in_ready ;
    (* hierconn *) wire              \dut.register_port.aw_buffer.out_valid ;
    (* hierconn *) wire              \dut.register_port.aw_buffer.spare_valid ;
    (* hierconn *) wire [11:0]       \dut.register_port.aw_buffer.out_data ;
    (* hierconn *) wire [11:0]       \dut.register_port.aw_buffer.spare ;
    (* hierconn *) wire              \dut.register_port.w_buffer.out_valid ;
    (* hierconn *) wire              \dut.register_port.w_buffer.spare_valid ;
    (* hierconn *) wire [37:0]       \dut.register_port.w_buffer.out_data ;
    (* hierconn *) wire [37:0]       \dut.register_port.w_buffer.spare ;
    (* hierconn *) wire              \dut.register_port.ar_buffer.out_valid ;
    (* hierconn *) wire              \dut.register_port.ar_buffer.spare_valid ;
    (* hierconn *) wire [1:0]        \dut.status_register.grace ;

    wire             used_raw   = \dut.interrupts.used ;
    wire             config_raw = \dut.interrupts.config_change ;
    wire             resetting  = \dut.resetting ;
    wire             sweeping   = \dut.sweeping ;
    wire             driver_ok  = \dut.driver_ok ;
    wire             negotiated = \dut.msi_negotiated ;
    wire             send       = \dut.message_writer.send ;
    wire [VW-1:0]    sent       = \dut.grant ;
    wire [4:0]       owed_answers = \dut.message_writer.outstanding.tail - \dut.message_writer.outstanding.head ;
    wire             taken_event  = event_valid && event_ready;

    // irq comes from a flip-flop: one cycle after what it shows.
    wire             line_now = (used_raw || config_raw) && driver_ok && !\dut.msi_enabled ;
    reg              line_before;
    always @(posedge aclk) line_before <= aresetn && line_now;

    wire [7*VW-1:0] event_words = {\dut.event_map.sharing.event_ram.words[6] , \dut.event_map.sharing.event_ram.words[5] ,
        \dut.event_map.sharing.event_ram.words[4] , \dut.event_map.sharing.event_ram.words[3] ,
        \dut.event_map.sharing.event_ram.words[2] , \dut.event_map.sharing.event_ram.words[1] ,
        \dut.event_map.sharing.event_ram.words[0] };
    wire [7*VW-1:0] selected_words = {\dut.event_map.sharing.selected_ram.words[6] , \dut.event_map.sharing.selected_ram.words[5] ,
        \dut.event_map.sharing.selected_ram.words[4] , \dut.event_map.sharing.selected_ram.words[3] ,
        \dut.event_map.sharing.selected_ram.words[2] , \dut.event_map.sharing.selected_ram.words[1] ,
        \dut.event_map.sharing.selected_ram.words[0] };
    wire [8*96-1:0] message_words = {\dut.message_writer.table_ram.words[7] , \dut.message_writer.table_ram.words[6] ,
        \dut.message_writer.table_ram.words[5] , \dut.message_writer.table_ram.words[4] ,
        \dut.message_writer.table_ram.words[3] , \dut.message_writer.table_ram.words[2] ,
        \dut.message_writer.table_ram.words[1] , \dut.message_writer.table_ram.words[0] };
