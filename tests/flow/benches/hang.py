# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The simulation never ends."""

import time

import cocotb


@cocotb.test()
async def sleeps(dut):
    """Blocks the whole simulator."""
    time.sleep(1000)
