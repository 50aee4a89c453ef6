# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What drivers do and what devices owe them, as pyuvm sequences that speak of registers by name."""
