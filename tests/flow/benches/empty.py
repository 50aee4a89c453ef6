# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Has only a test that is skipped."""

import cocotb


@cocotb.skipif(True, reason="nothing to run")
@cocotb.test()
async def skipped(dut):
    """Never runs."""
