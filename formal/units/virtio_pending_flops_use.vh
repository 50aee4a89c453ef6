// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// What virtio_pending_flops asks of its user; see virtio_pending_ram_use.vh.
`KEPT(set_in_range,   !set || {{(32-INDEX_WIDTH){1'b0}}, set_index} < REQUESTS)
`KEPT(drop_in_range,  !drop || {{(32-INDEX_WIDTH){1'b0}}, look_index} < REQUESTS)
`KEPT(drop_no_fill,   !(drop && fill))
`KEPT(drop_or_set,    !(drop && set && set_index == look_index))
