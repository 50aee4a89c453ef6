# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""cocotb modules that show the flow each kind of simulation: one that passes and the ways to fail."""
