// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// What virtio_vq_split_fetch asks of its user; see virtio_pending_ram_use.vh.
`KEPT(forget_outside, !(forget_valid && active && forget_queue == of_queue && !table_request))
