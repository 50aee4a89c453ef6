# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Virtqueues in plain Python: the driver's side, the device's side, and the memory that both share."""

from cocotbext.virtio.rings.memory import Memory, MemoryAccess, MemoryFault, WatchedMemory

__all__ = ["Memory", "MemoryAccess", "MemoryFault", "WatchedMemory"]
