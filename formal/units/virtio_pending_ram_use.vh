// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// What virtio_pending_ram asks of its user. KEPT(name, condition) is an assumption in the module's own proof, and an assertion in
// the proofs of the endpoint and in simulation (sim/formal/use.py).
`KEPT(set_in_range,   !set || {{(32-INDEX_WIDTH){1'b0}}, set_index} < REQUESTS)
`KEPT(drop_in_range,  !drop || {{(32-INDEX_WIDTH){1'b0}}, look_index} < REQUESTS)
`KEPT(change_in_range, !(wake || hide) || {{(32-INDEX_WIDTH){1'b0}}, change_index} < REQUESTS)
`KEPT(fill_in_range,  !fill || {{(32-INDEX_WIDTH+ROW_LOG2){1'b0}}, fill_row} <= ((REQUESTS - 1) >> ROW_LOG2))
`KEPT(fill_alone,     !(fill && set))
`KEPT(drop_no_fill,   !(drop && fill))
`KEPT(drop_or_set,    !(drop && set && set_index == look_index))
`KEPT(drop_or_hide,   !(drop && hide))
