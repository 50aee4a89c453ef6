# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""The first of two tests waits for what never comes; the second one has no time left."""

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import Event


@cocotb.test()
async def waits(dut):
    """It never ends."""
    Clock(dut.aclk, 10, "ns", impl="gpi").start()
    await Event().wait()


@cocotb.test()
async def never_begins(dut):
    """It would pass."""
