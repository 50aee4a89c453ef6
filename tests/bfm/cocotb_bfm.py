# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The bus drivers do what their timing says, and the monitors see it."""

import random

import cocotb
from cocotb_bus.drivers.amba import AXIProtocolError, AXIxRESP
from cocotbext.virtio.bfm.axil_registers import (
    Access,
    AxilRegisters,
    BusTiming,
    ReadMonitor,
    WriteMonitor,
    check_response,
)
from cocotbext.virtio.bfm.irq_line import IrqLine
from cocotbext.virtio.bfm.msi_sink import MessageMonitor, MsiSink, MsiSinkTiming
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.transactions import LineLevel, MessageAnswered, MessagePresented, MessageStarted

COUNT = 100


class Registers:
    """Register master and monitors, with every transfer kept."""

    def __init__(self, dut, timing=BusTiming()):
        dut.go.value = 0
        self.clock = ClockReset(dut.aclk, dut.aresetn)
        self.clock.start()
        self.master = AxilRegisters(dut, "s_axil", self.clock, timing)
        self.writes = WriteMonitor(dut, "s_axil", self.clock)
        self.reads = ReadMonitor(dut, "s_axil", self.clock)
        self.taken = {}
        for name, channel in (
            ("aw", self.writes.address),
            ("w", self.writes.data),
            ("b", self.writes.response),
            ("ar", self.reads.address),
            ("r", self.reads.data),
        ):
            self.taken[name] = []
            channel.add_callback(self.taken[name].append)

    async def run(self, accesses):
        await self.clock.reset()
        await self.master.burst(accesses)
        await self.clock.edge


def shadow(accesses):
    """What the memory holds after the writes."""
    words = {}
    for access in accesses:
        mask = sum(0xFF << 8 * lane for lane in range(4) if access.strobe >> lane & 1)
        words[access.address] = words.get(access.address, 0) & ~mask | access.data & mask
    return words


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def one_access_a_cycle(dut):
    bench = Registers(dut)
    await bench.run([Access(True, 4 * (i % 16), i) for i in range(COUNT)])
    start = bench.clock.cycle
    reads = [Access(False, 4 * (i % 16)) for i in range(COUNT)]
    await bench.master.burst([Access(True, 0, 7) for _ in range(COUNT)] + reads)
    assert bench.clock.cycle - start <= COUNT + 4
    assert [read.data for read in reads[1:16]] == [96 + i if i < 4 else 80 + i for i in range(1, 16)]


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def skew_gaps_and_backpressure(dut):
    bench = Registers(dut, BusTiming(gap=(0, 3), skew=(0, 4), bready=0.4, rready=0.4))
    writes = [
        Access(True, 4 * random.randrange(16), random.getrandbits(32), random.randrange(16)) for _ in range(COUNT)
    ]
    await bench.run([Access(True, 4 * i, 0) for i in range(16)])
    for transfers in bench.taken.values():
        transfers.clear()
    await bench.master.burst(writes)
    reads = await bench.master.burst([Access(False, 4 * i) for i in range(16)])
    expected = shadow([Access(True, 4 * i, 0) for i in range(16)] + writes)
    assert [read.data for read in reads] == [expected[4 * i] for i in range(16)]
    skews = [aw.presented - w.presented for aw, w in zip(bench.taken["aw"], bench.taken["w"])]
    assert min(skews) < 0 < max(skews), "AW never ran ahead of W, or W never ahead of AW"
    assert any(b.taken > b.presented for b in bench.taken["b"]), "BREADY was never low"
    assert any(r.taken > r.presented for r in bench.taken["r"]), "RREADY was never low"


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def delays_of_one_access(dut):
    bench = Registers(dut)
    await bench.run([])
    for address_delay, data_delay in ((0, 6), (6, 0), (3, 3)):
        access = await bench.master.submit(Access(True, 0, 1, 0xF, address_delay, data_delay)).wait()
        await bench.clock.edge
        aw, w = bench.taken["aw"][-1], bench.taken["w"][-1]
        assert w.presented - aw.presented == data_delay - address_delay
        assert access.accepted == aw.taken == w.taken


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def reset_cuts_off(dut):
    bench = Registers(dut, BusTiming(bready=0.0, rready=0.0))
    await bench.clock.reset()
    accesses = [bench.master.submit(Access(write, 4)) for write in (True, False) for _ in range(5)]
    await bench.clock.cycles(10)
    assert not any(access.finished for access in accesses[1:5])
    await bench.clock.reset(2)
    assert all(access.finished for access in accesses) and all(access.aborted for access in accesses[1:5])
    assert not bench.writes.outstanding and not bench.reads.outstanding
    bench.master.timing = BusTiming()
    await bench.master.write(8, 0x55)
    assert (await bench.master.read(8)).data == 0x55


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def responses_are_judged(dut):
    bench = Registers(dut)
    await bench.run([])
    access = await bench.master.write(0, 1)
    access.response = int(AXIxRESP.SLVERR)
    try:
        check_response(access)
    except AXIProtocolError as error:
        assert error.xresp is AXIxRESP.SLVERR
    else:
        raise AssertionError("SLVERR was taken for OKAY")


class Messages:
    """Message target and monitor."""

    def __init__(self, dut, timing=MsiSinkTiming()):
        self.dut = dut
        dut.go.value = 0
        self.clock = ClockReset(dut.aclk, dut.aresetn)
        self.clock.start()
        self.target = MsiSink(dut, "m_axil", self.clock, timing)
        self.monitor = MessageMonitor(dut, "m_axil", self.clock)
        self.seen = {MessageStarted: [], MessagePresented: [], MessageAnswered: []}
        self.monitor.add_callback(lambda transaction: self.seen[type(transaction)].append(transaction))

    async def run(self, cycles):
        await self.clock.reset()
        self.dut.go.value = 1
        await self.clock.cycles(cycles)

    def judge(self):
        """Every message came once, in order, was seen starting, and was answered."""
        presented = self.seen[MessagePresented]
        assert [(message.address, message.data) for message in presented] == [(1 << 32 | i, i) for i in range(COUNT)]
        assert [message.address for message in self.seen[MessageStarted]] == [1 << 32 | i for i in range(COUNT)]
        assert all(message.data in (None, i) for i, message in enumerate(self.seen[MessageStarted]))
        assert len(self.seen[MessageAnswered]) == COUNT and self.target.idle and not self.monitor.outstanding


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def one_message_a_cycle(dut):
    bench = Messages(dut)
    await bench.run(COUNT + 5)
    bench.judge()
    presented = bench.seen[MessagePresented]
    assert presented[-1].taken - presented[0].taken == COUNT - 1
    assert all(answer.cycle == message.taken + 1 for answer, message in zip(bench.seen[MessageAnswered], presented))


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def out_of_step_late_and_failing(dut):
    bench = Messages(dut, MsiSinkTiming(awready=0.4, wready=0.4, response_delay=(0, 9), error_rate=0.3))
    await bench.run(2000)
    bench.judge()
    steps = [message.taken - message.w_taken for message in bench.seen[MessagePresented]]
    assert min(steps) < 0 < max(steps), "AW and W were never out of step in one of the directions"
    delays = [
        answer.cycle - max(message.taken, message.w_taken)
        for answer, message in zip(bench.seen[MessageAnswered], bench.seen[MessagePresented])
    ]
    assert min(delays) >= 1 and max(delays) >= 9
    assert {answer.response for answer in bench.seen[MessageAnswered]} == {0, 2, 3}


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def stuck_until_released(dut):
    bench = Messages(dut, MsiSinkTiming(response=lambda address: 2 if address & 1 else None))
    bench.target.hold(data=False)
    await bench.run(200)
    assert not bench.seen[MessagePresented] and len(bench.seen[MessageStarted]) == 1
    bench.target.release()
    await bench.clock.cycles(COUNT + 5)
    bench.judge()
    assert [answer.response for answer in bench.seen[MessageAnswered]] == [0, 2] * (COUNT // 2)


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def line_left_high_before_the_reset(dut):
    dut.level.value = 0
    dut.irq.value = 1  # as after power-up, or left by an earlier test
    clock = ClockReset(dut.aclk, dut.aresetn)
    monitor, changes = IrqLine(dut.irq, clock), []
    monitor.add_callback(changes.append)
    clock.start()
    await clock.reset()
    assert changes == []
    start = clock.cycle
    for level in (1, 0):
        dut.level.value = level
        await clock.cycles(3)
    assert changes == [LineLevel(cycle=start + 2, level=1), LineLevel(cycle=start + 5, level=0)]
