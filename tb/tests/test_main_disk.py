# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The disk of the main job: requests through virtio_mmio_blk_axi, from the ring to the message, all accounted for."""

import cocotb
from cocotbext.virtio.bfm.axi_memory import MemoryTiming
from cocotbext.virtio.checks.interrupt_account import MsiScoreboard
from cocotbext.virtio.rings.memory import WatchedMemory
from cocotbext.virtio.scoreboard.statistics import Statistics

from tb.tests.support.disk_requests import IN, OK, OUT, SECTOR, header
from tb.tests.support.rtl_device_bench import MESSAGES
from tb.tests.support.settings import RUN
from tb.tests.test_rtl_disk import SECTORS, BlkBench

LATENCY = 20
# Cycles in which the interrupt of a buffer has to come: the wish is read, behind 16 bursts of data at worst.
SOON = 4 * LATENCY + 16 * 16
SIZES = (1, 1, 2, 4)  # sectors of a request


class DiskJob:
    """Counts requests, bytes and cycles of each kind of load, and keeps the account of interrupts."""

    def __init__(self, dut):
        timing = MemoryTiming((LATENCY, LATENCY), (LATENCY, LATENCY))
        self.bench = bench = BlkBench(dut, timing, MemoryTiming())
        self.expected = bytearray(bench.content)
        self.board = MsiScoreboard(bench.clock, within=SOON)
        bench.memory = watched = WatchedMemory(bench.memory)
        self.board.watch(axi=bench.axi, memory=watched, vectors={(MESSAGES, 1): 0})
        bench.messages.heard.append(self._message)
        self.statistics = Statistics()
        self.counts = {name: {} for name in ("disk_requests", "disk_bytes", "disk_cycles")}

    def _message(self, address: int, data: int) -> None:
        """Judge a message by the cycle in which it was presented: more buffers may be used before it is taken."""
        self.board.message(self.bench.clock.place(self.bench.messages.presented)[0], address, data)

    async def start(self) -> None:
        """Reset and bring-up, with messages."""
        bench = self.bench
        await bench.start()
        features = await bench.bring_up([64], msi=True, rings=0)
        bench.queues[0].rng = None  # descriptors in order, as Linux takes them at first
        bench.queues[0].placement.alignment = 64
        self.board.trace.queue_start(bench.clock.cycle, 0, bench.queues[0].layout, features)

    async def _submit(self, write: bool, sector: int, count: int):
        rng, start, length = self.bench.rng, sector * SECTOR, count * SECTOR
        if not write:
            data = bytes(self.expected[start : start + length])
            return await self.bench.add(0, [header(IN, sector)], [length, 1], cookie=data)
        data = rng.randbytes(length)
        self.expected[start : start + length] = data
        return await self.bench.add(0, [header(OUT, sector), data], [1], cookie=b"")

    async def load(self, name: str, write: bool, number: int, at_once: int) -> None:
        """*number* requests of random sectors, so many at a time; judges each by its content."""
        bench, rng, done, moved, cycles = self.bench, self.bench.rng, 0, 0, 0
        while done < number:
            began = bench.clock.cycle
            free = list(range(0, SECTORS, max(SIZES)))
            batch = min(at_once, number - done)
            for first in rng.sample(free, min(batch, len(free))):
                count = rng.choice(SIZES)
                assert await self._submit(write, first, count), "the queue is full"
                moved += count * SECTOR
                done += 1
            waiting = min(batch, len(free))
            await bench.kick()
            for buffer in await bench.collect(0, waiting):
                got = buffer.received()
                assert got[-1] == OK and got[:-1] == buffer.cookie
            cycles += bench.clock.cycle - began
        assert bench.content == self.expected
        for figure, value in zip(self.counts.values(), (number, moved, cycles), strict=True):
            figure[name] = value

    async def finish(self) -> None:
        """Judge the interrupts, and publish all figures."""
        await self.bench.cycles(SOON)
        await self.bench.healthy()
        self.board.finish()
        counts = self.board.counts
        self.statistics.counts = self.counts | {
            "lost": counts["lost"],
            "without_cause": counts["without cause"],
            "disk_interrupts": counts["events"],
        }
        self.statistics.publish(RUN.statistics)


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def disk(dut):
    """Reads and writes, one at a time and eight at once; every byte compared, every interrupt accounted for."""
    job = DiskJob(dut)
    await job.start()
    await job.load("reads, one at a time", False, 4, 1)
    await job.load("writes, one at a time", True, 4, 1)
    await job.load("reads, 8 at once", False, 16, 8)
    await job.load("writes, 8 at once", True, 16, 8)
    await job.finish()
