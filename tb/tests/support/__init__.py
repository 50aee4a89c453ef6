# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the cocotb tests share: base classes, directed tests, the @covers decorator."""
