// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// What virtio_msi_vector_state asks of its user; see virtio_pending_ram_use.vh. Nothing is written while the tables are cleared, and no
// event comes while DISABLE clears what is pending.
`KEPT(pend_exists,    !pend || {{(32-VECTOR_WIDTH){1'b0}}, pend_vector} < NUM_VECTORS)
`KEPT(command_exists, !(mask || unmask || configure) || {{(32-VECTOR_WIDTH){1'b0}}, command_vector} < NUM_VECTORS)
`KEPT(not_both,       !(mask && unmask))
`KEPT(has_cause,      !pend || pend_used || pend_config)
`KEPT(number_is_cause, MSI_SHARING != 0 || !pend || (pend_config == (pend_vector == {VECTOR_WIDTH{1'b0}}) && pend_used == !pend_config))
`KEPT(while_sweeping, !sweep || !(mask || unmask || configure || disabling))
`KEPT(while_disabling, !disable_busy || !(mask || unmask || configure || (grant_ready && grant_valid)))
`KEPT(disable_once,   !(disabling && disable_sweeping))
`KEPT(quiet_disable,  !disable_sweeping || !pend)
