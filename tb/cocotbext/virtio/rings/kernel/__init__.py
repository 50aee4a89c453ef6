# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Linux's own virtio_ring.c as a driver, built in user space from the kernel's sources; nothing of it is kept here."""

from cocotbext.virtio.rings.kernel.build import BuildFailed, build
from cocotbext.virtio.rings.kernel.kernel_queue import KernelQueue, KernelRings

__all__ = ["BuildFailed", "KernelQueue", "KernelRings", "build"]
