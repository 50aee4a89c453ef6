# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""Fails in every way that a foreign environment can hide."""

import logging
import os

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles


@cocotb.test(timeout_time=1, timeout_unit="us")
async def asserts(dut):
    """A wrong assertion, and a log line."""
    Clock(dut.aclk, 10, "ns").start()
    await ClockCycles(dut.aclk, 1)
    logging.getLogger("test").info("own variable: %s", os.environ.get("TB_OWN"))
    wrong = 0x4000_0001
    assert wrong == 153


@cocotb.test(timeout_time=1, timeout_unit="us")
async def passes(dut):
    """Runs although the test before it failed."""
    Clock(dut.aclk, 10, "ns").start()
    await ClockCycles(dut.aclk, 1)
