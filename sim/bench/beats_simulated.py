# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The cocotb tests of sim/bench/beats.py: the same copies, with our two memories and with cocotbext-axi's."""

import json
import logging
import os
import time
import warnings
from pathlib import Path
from typing import Any

import cocotb
from cocotbext.virtio.bfm.axi_memory import AxiMemory
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.fast_axi_memory import FastAxiMemory
from cocotbext.virtio.rings import PlainMemory

SECONDS = float(os.environ.get("BENCH_SECONDS", "1"))
BASE, SIZE = 0x4000_0000, 1 << 18
BURSTS, BEATS = 100, 16


async def _measure(dut: Any, clock: ClockReset) -> None:
    """Copy until the time is over, and leave count, seconds and cycles."""
    for name, value in (("source", BASE), ("target", BASE + SIZE // 2), ("bursts", BURSTS), ("beats", BEATS - 1)):
        getattr(dut, name).value = value
    dut.size.value = 3

    async def copy() -> int:
        dut.start.value = 1
        while int(dut.done.value) != BURSTS:
            await clock.cycles(50)
        assert int(dut.errors.value) == 0
        dut.start.value = 0
        await clock.cycles(3)
        return 2 * BURSTS * BEATS  # each word is read and written

    await copy()
    count, cycle, started = 0, clock.cycle, time.process_time()
    while time.process_time() - started < SECONDS:
        count += await copy()
    figures = {"count": count, "seconds": time.process_time() - started, "cycles": clock.cycle - cycle}
    Path(os.environ["BENCH_FIGURES"]).write_text(json.dumps(figures))


async def _ours(dut: Any, kind: type[AxiMemory] | type[FastAxiMemory]) -> None:
    """All rules checked, and a transaction published for each burst."""
    clock = ClockReset(dut.aclk, dut.aresetn)
    ram = PlainMemory(BASE, SIZE)
    ram.data[: SIZE // 2] = os.urandom(SIZE // 2)
    seen = []
    memory = kind.from_prefix(dut, "m_axi", clock, ram)
    memory.on_write(lambda write: seen.append(write.address))
    dut.start.value = 0
    clock.start()
    await clock.reset()
    await _measure(dut, clock)
    length = BURSTS * BEATS * 8
    assert seen and ram.read(BASE, length) == ram.read(BASE + SIZE // 2, length)


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def axi_memory(dut: Any) -> None:
    """Ours in Python."""
    await _ours(dut, AxiMemory)


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def axi_memory_fast(dut: Any) -> None:
    """Ours in C++."""
    await _ours(dut, FastAxiMemory)


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def axi_ram(dut: Any) -> None:
    """cocotbext-axi's, its log at WARNING."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from cocotbext.axi import AxiBus, AxiRam

        clock = ClockReset(dut.aclk, dut.aresetn)
        bus = AxiBus.from_prefix(dut, "m_axi")
        ram = AxiRam(bus, dut.aclk, dut.aresetn, reset_active_level=False, size=1 << 31)
        for log in (ram.write_if.log, ram.read_if.log):
            log.setLevel(logging.WARNING)
        dut.start.value = 0
        clock.start()
        await clock.reset()
        await _measure(dut, clock)
