# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Passes, and leaves statistics as the main job does."""

import json
import os
from pathlib import Path

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles

from tb.tests.support.settings import CONFIG


@cocotb.test(timeout_time=1, timeout_unit="us")
async def runs(dut):
    """The clock runs and the design has the parameters of the configuration."""
    Clock(dut.aclk, 10, "ns").start()
    await ClockCycles(dut.aclk, 3)
    assert len(dut.s_axil_awaddr) == CONFIG.addr_width
    Path(os.environ["RUN_STATISTICS"]).write_text(json.dumps({"messages": cocotb.RANDOM_SEED}))
