# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Bus functional models: one file a port, plain cocotb. Each has the driver, the passive monitor and their item."""
