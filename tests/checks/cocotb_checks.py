"""Runs the checks on a stand-in in a simulation; $EXPECTED is part of the first violation, empty for none."""

import os

import cocotb
from cocotbext.virtio.agents.handshake import ChannelMonitor, ReadyDriver
from cocotbext.virtio.agents.registers import Access, ReadMonitor, RegisterMaster, WriteMonitor
from cocotbext.virtio.checks.channel_rules import ChannelRules
from cocotbext.virtio.checks.first_reset import FirstReset
from cocotbext.virtio.checks.no_unknowns import NoUnknowns
from cocotbext.virtio.checks.progress_bound import ProgressBound
from cocotbext.virtio.checks.response_rules import ResponseRules
from cocotbext.virtio.clock_reset import Clocking

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
    clocking = Clocking(dut)
    clocking.start()
    reports = Reports()
    monitor = ChannelMonitor(dut, "out_", ("data",), clocking)
    monitor.waiting_limit = int(os.environ["WAITING_LIMIT"])
    ChannelRules(monitor, reports)
    ready = ReadyDriver(clocking, dut.out_valid, dut.out_ready)
    ready.hold()
    await clocking.reset()
    await clocking.cycles(20)
    ready.release()
    await clocking.cycles(CYCLES)
    if not reports:
        assert monitor.stats.received_transactions == 1
    reports.judge()


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def register_bus(dut):
    clocking = Clocking(dut)
    clocking.start()
    reports = Reports()
    master = RegisterMaster(dut, "s_axil", clocking)
    writes, reads = WriteMonitor(dut, "s_axil", clocking), ReadMonitor(dut, "s_axil", clocking)
    for requests, responses, code, outstanding in (
        ((writes.address, writes.data), writes.response, 0, writes.outstanding),
        ((reads.address,), reads.data, 1, reads.outstanding),
    ):
        ResponseRules(requests, responses, code, True, clocking, reports)
        ProgressBound(clocking, requests, responses, outstanding, lambda: False, 40, reports)
    await clocking.reset()
    for access in (Access(True, 0, 1), Access(True, 4, 2), Access(False, 8), Access(False, 12)):
        master.submit(access)
    await clocking.cycles(CYCLES)
    if not reports:
        assert master.idle
    reports.judge()


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def unknowns(dut):
    clocking = Clocking(dut)
    clocking.start()
    reports = Reports()
    NoUnknowns(dut, clocking, ("irq", "payload"), ("irq",), spacing=10, report=reports)
    await clocking.reset()
    await clocking.cycles(CYCLES)
    reports.judge()


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def first_reset(dut):
    clocking = Clocking(dut)
    clocking.start()
    reports = Reports()
    FirstReset(clocking, reports)
    if os.environ["EXPECTED"]:
        dut.aresetn.value = 1
        await clocking.cycles(1)
    await clocking.reset()
    reports.judge()
