// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// What virtio_vq_doorbell asks of its user; see virtio_pending_ram_use.vh.
`KEPT(kick_exists,    !kick_valid || {{(32-QUEUE_WIDTH){1'b0}}, kick_queue} < NUM_QUEUES)
`KEPT(stop_exists,    !stop_valid || {{(32-QUEUE_WIDTH){1'b0}}, stop_queue} < NUM_QUEUES)
`KEPT(fetch_exists,   !(look_valid || again_valid || park_valid || took_valid) ||
                      {{(32-QUEUE_WIDTH){1'b0}}, fetch_queue} < NUM_QUEUES)
`KEPT(freed_exists,   !freed_valid || {{(32-QUEUE_WIDTH){1'b0}}, freed_queue} < NUM_QUEUES)
`KEPT(purged_exists,  !purged_valid || {{(32-QUEUE_WIDTH){1'b0}}, purged_queue} < NUM_QUEUES)
`KEPT(dropped_exists, !dropped_valid || {{(32-QUEUE_WIDTH){1'b0}}, dropped_queue} < NUM_QUEUES)
`KEPT(take_offered,   !pick_take || pick_valid)
