# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A real machine drives the RTL: QEMU runs the guest, the simulator its virtio-mmio devices."""
