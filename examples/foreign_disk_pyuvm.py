# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A pyuvm environment around somebody else's disk: registers, memory, line, and an account of its interrupts.

The device under test needs the ports of docs/your_device.md: aclk, aresetn, s_axil_*, m_axi_*, irq.
"""

import random

import cocotb
import pyuvm
from cocotbext.virtio import (
    AxilRegisters,
    AxiMemory,
    BlockRequests,
    ClockReset,
    IrqLine,
    Memory,
    MemoryTiming,
    MmioDriver,
    MsiScoreboard,
    Placement,
    WatchedMemory,
    driver_queue,
)
from cocotbext.virtio.uvm.agents import UvmAgent
from pyuvm import uvm_driver, uvm_env, uvm_sequence, uvm_sequence_item, uvm_sequencer, uvm_subscriber, uvm_test

BASE, SIZE = 0x8000_0000, 1 << 20  # memory that the device may reach
SECTORS, ENTRIES = 16, 8
NO_EVENT_INDEX = 1 << 29


class DiskItem(uvm_sequence_item):
    """A request for the disk."""

    def __init__(self, name, request):
        super().__init__(name)
        self.request = request


class DiskDriver(uvm_driver):
    """Puts requests into the queue, kicks, and judges what comes back; the interrupt says when to look."""

    async def run_phase(self):
        bench = self.cdb_get("BENCH")
        await bench.bring_up()
        while True:
            item = await self.seq_item_port.get_next_item()
            item.request.add_to(bench.queue, bench.rng)
            await bench.driver.kick(0)
            while not (used := bench.queue.used()):
                await bench.line.wait_for(1)
                await bench.driver.acknowledge()
            for buffer in used:
                bench.requests.judge(buffer)
            self.seq_item_port.item_done()


class Account(uvm_subscriber):
    """Hears of the line, and says at the end whether each used buffer was told of."""

    def build_phase(self):
        super().build_phase()
        self.bench = self.cdb_get("BENCH")

    def write(self, transaction):
        self.bench.board.line(transaction.cycle, transaction.level)

    def check_phase(self):
        self.bench.board.finish()
        assert self.bench.requests.judged and not self.bench.requests.findings, self.bench.requests.findings


class DiskEnv(uvm_env):
    """The line has the generic agent; registers and memory answer by themselves."""

    def build_phase(self):
        bench = self.cdb_get("BENCH")
        self.line = UvmAgent.create("line", self)
        self.line.sources = {"ap": bench.line.add_callback}
        self.sequencer = uvm_sequencer.create("sequencer", self)
        self.driver = DiskDriver.create("driver", self)
        self.account = Account.create("account", self)

    def connect_phase(self):
        self.driver.seq_item_port.connect(self.sequencer.seq_item_export)
        self.line.monitor.ap.connect(self.account.analysis_export)


class WriteAndRead(uvm_sequence):
    """Writes sectors at random, and reads them back."""

    async def body(self):
        bench = pyuvm.ConfigDB().get(None, "", "BENCH")
        for _ in range(4):
            sector = bench.rng.randrange(SECTORS)
            await self.carry(bench.requests.write(sector, bench.rng.randbytes(512)))
            await self.carry(bench.requests.read(sector))

    async def carry(self, request):
        """Give one request to the driver, and wait until it is served."""
        item = DiskItem("request", request)
        await self.start_item(item)
        await self.finish_item(item)


class DiskBench:
    """The ports of the device, and what is behind them."""

    def __init__(self, dut):
        self.rng = random.Random(cocotb.RANDOM_SEED)
        self.clock = ClockReset(dut.aclk, dut.aresetn)
        self.memory = WatchedMemory(Memory((BASE, SIZE)))
        timing = MemoryTiming(read_latency=(3, 20), write_latency=(3, 20))
        self.axi = AxiMemory.from_prefix(dut, "m_axi", self.clock, self.memory.memory, timing=timing, rng=self.rng)
        self.driver = MmioDriver(AxilRegisters.from_prefix(dut, "s_axil", self.clock), msi=False)
        self.line = IrqLine(dut.irq, self.clock)
        self.board = MsiScoreboard(self.clock)
        self.board.watch(axi=self.axi, memory=self.memory)
        self.requests = BlockRequests(sectors=SECTORS)

    async def bring_up(self):
        """Reset, clock, and everything up to DRIVER_OK."""
        self.clock.start()
        await self.clock.reset()
        features = await self.driver.negotiate(without=NO_EVENT_INDEX)
        self.queue = driver_queue(self.memory, ENTRIES, features, placement=Placement(self.memory, BASE, SIZE))
        self.board.trace.queue_start(self.clock.cycle, 0, self.queue.layout, features)
        await self.driver.bring_up([self.queue])


@pyuvm.test(timeout_time=2, timeout_unit="ms")
class ForeignDisk(uvm_test):
    """A disk keeps what is written to it, and no used buffer is left untold."""

    def build_phase(self):
        pyuvm.ConfigDB().set(None, "*", "BENCH", DiskBench(cocotb.top))
        self.env = DiskEnv.create("env", self)

    async def run_phase(self):
        self.raise_objection()
        await WriteAndRead.create("write_and_read").start(self.env.sequencer)
        await pyuvm.ConfigDB().get(None, "", "BENCH").clock.cycles(200)
        self.drop_objection()
