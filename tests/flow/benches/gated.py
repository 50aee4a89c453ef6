# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Waits as long as the file $TB_GATE is there, from the seed $TB_GATED on."""

import os
import time

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles


@cocotb.test(timeout_time=1, timeout_unit="us")
async def passes_the_gate(dut):
    """Blocks the whole simulator meanwhile."""
    Clock(dut.aclk, 10, "ns").start()
    await ClockCycles(dut.aclk, 1)
    if int(os.environ["COCOTB_RANDOM_SEED"]) >= int(os.environ.get("TB_GATED", 0)):
        while os.path.exists(os.environ["TB_GATE"]):
            time.sleep(0.05)
