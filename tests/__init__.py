# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What pytest runs: the model, the package, the flow, and every cocotb module of tb/tests."""
