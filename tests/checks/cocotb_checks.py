# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the checks on a stand-in in a simulation; $EXPECTED is part of the first violation, empty for none."""

import os

import cocotb
from cocotbext.virtio.bfm.axil_registers import Access, AxilRegisters, ReadMonitor, WriteMonitor
from cocotbext.virtio.bfm.handshake import ChannelMonitor, ReadyDriver
from cocotbext.virtio.checks.no_unknowns import NoUnknowns
from cocotbext.virtio.checks.port_rules import ChannelRules, FirstReset
from cocotbext.virtio.checks.progress_bound import ProgressBound
from cocotbext.virtio.checks.response_rules import ResponseRules
from cocotbext.virtio.clock_reset import ClockReset

CYCLES = 300


class Reports(list):
    """Collects violations instead of failing on the first."""

    def __call__(self, cycle, text):
        self.append(text)

    def judge(self):
        """Compare with what the stand-in was made to do."""
        expected = os.environ["EXPECTED"]
        if expected:
            assert self and expected in self[0], f"expected {expected!r}, got {self[:3]}"
        else:
            assert not self, f"a correct stand-in was reported: {self[:3]}"


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def channel(dut):
    clock = ClockReset(dut.aclk, dut.aresetn)
    clock.start()
    reports = Reports()
    monitor = ChannelMonitor(dut, "out_", ("data",), clock)
    monitor.waiting_limit = int(os.environ["WAITING_LIMIT"])
    ChannelRules(monitor, reports)
    ready = ReadyDriver(clock, dut.out_valid, dut.out_ready)
    ready.hold()
    await clock.reset()
    await clock.cycles(20)
    ready.release()
    await clock.cycles(CYCLES)
    if not reports:
        assert monitor.stats.received_transactions == 1
    reports.judge()


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def register_bus(dut):
    clock = ClockReset(dut.aclk, dut.aresetn)
    clock.start()
    reports = Reports()
    master = AxilRegisters(dut, "s_axil", clock)
    writes, reads = WriteMonitor(dut, "s_axil", clock), ReadMonitor(dut, "s_axil", clock)
    for requests, responses, code, outstanding in (
        ((writes.address, writes.data), writes.response, 0, writes.outstanding),
        ((reads.address,), reads.data, 1, reads.outstanding),
    ):
        ResponseRules(requests, responses, code, True, clock, reports)
        ProgressBound(clock, requests, responses, outstanding, lambda: False, 40, reports)
    await clock.reset()
    for access in (Access(True, 0, 1), Access(True, 4, 2), Access(False, 8), Access(False, 12)):
        master.submit(access)
    await clock.cycles(CYCLES)
    if not reports:
        assert master.idle
    reports.judge()


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def unknowns(dut):
    clock = ClockReset(dut.aclk, dut.aresetn)
    clock.start()
    reports = Reports()
    NoUnknowns(dut, clock, ("irq", "payload"), ("irq",), spacing=10, report=reports)
    await clock.reset()
    await clock.cycles(CYCLES)
    reports.judge()


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def first_reset(dut):
    clock = ClockReset(dut.aclk, dut.aresetn)
    clock.start()
    reports = Reports()
    FirstReset(clock, reports)
    if os.environ["EXPECTED"]:
        dut.aresetn.value = 1
        await clock.cycles(1)
    await clock.reset()
    reports.judge()
