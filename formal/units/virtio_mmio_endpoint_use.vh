// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// What the modules of the endpoint ask of each other and does not show at one module's ports; see virtio_pending_ram_use.vh.
`KEPT(no_sweep_start_while_disabling, !(disable_busy && sweep_start))
