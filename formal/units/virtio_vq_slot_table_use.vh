// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// What virtio_vq_slot_table asks of its user; see virtio_pending_ram_use.vh.
`KEPT(allocate_free,    !allocate || free_valid)
`KEPT(release_busy,     !release_valid || ({{(32-SLOT_WIDTH){1'b0}}, release_slot} < SLOTS && busy[release_slot]))
`KEPT(drop_busy,        !drop_valid || ({{(32-SLOT_WIDTH){1'b0}}, drop_slot} < SLOTS && busy[drop_slot]))
`KEPT(release_or_drop,  !(release_valid && drop_valid && release_slot == drop_slot))
`KEPT(command_has_room, !command_valid || ({{(32-SLOT_WIDTH){1'b0}}, command_slot} < SLOTS && command_room))
`KEPT(scan_exists,      !stopping || {{(32-SLOT_WIDTH){1'b0}}, scan_slot} < SLOTS)
