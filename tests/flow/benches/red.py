# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Fails in every way that the flow has to see."""

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles


@cocotb.test(timeout_time=1, timeout_unit="us")
async def passes(dut):
    """Goes before a failure, which must not hide behind it."""
    Clock(dut.aclk, 10, "ns").start()
    await ClockCycles(dut.aclk, 1)


@cocotb.test(timeout_time=1, timeout_unit="us")
async def fails(dut):
    """An assertion; the number shows whether a replay draws the same."""
    Clock(dut.aclk, 10, "ns").start()
    await ClockCycles(dut.aclk, 1)
    raise AssertionError(f"drew {random.getrandbits(32)}")
