// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// What virtio_vq_chunks asks of its user; see virtio_pending_ram_use.vh.
`KEPT(dead_is_filled, !in_valid || !dead[in_slot] || in_fill)
