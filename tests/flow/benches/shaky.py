# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Fails with some seeds, in words that differ only in numbers."""

import os

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles

SEED = int(os.environ["COCOTB_RANDOM_SEED"])


@cocotb.test(timeout_time=1, timeout_unit="us")
async def small_seeds_pass(dut):
    """Fails from seed 3 on."""
    Clock(dut.aclk, 10, "ns").start()
    await ClockCycles(dut.aclk, 3)
    assert SEED < 3, f"seed {SEED} is too large"


@cocotb.skipif(True, reason="not here")
@cocotb.test(timeout_time=1, timeout_unit="us")
async def skipped(dut):
    """Never runs."""
