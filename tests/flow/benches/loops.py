# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""The simulation never ends: its test is stuck in Python."""

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles


@cocotb.test()
async def loops(dut):
    """The simulator is never called again."""
    Clock(dut.aclk, 10, "ns").start()
    await ClockCycles(dut.aclk, 3)
    try:
        while True:
            pass
    finally:
        cocotb.log.info("the test's own end")
