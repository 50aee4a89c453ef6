# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""The simulation never ends: its test waits for what never comes, while the clock runs."""

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import Event


@cocotb.test()
async def waits(dut):
    """Python is never called again."""
    Clock(dut.aclk, 10, "ns", impl="gpi").start()
    try:
        await _for_nothing()
    finally:
        cocotb.log.info("the test's own end")


async def _for_nothing():
    await Event().wait()
