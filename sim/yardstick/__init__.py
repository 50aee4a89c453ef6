# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Stock QEMU's own virtio devices as a yardstick: the same steps on them and on the endpoint, and what differs."""
