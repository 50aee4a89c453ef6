# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Linux's own virtio_ring.c drives the disk in RTL: rings in simulated memory, simulated time in its barriers.

$TB_KERNEL_RINGS is the library that rings/kernel builds, $TB_KERNEL_BUFFERS how many buffers a test sends. Each mode of
the rings is a test of its own; `make rings` and tests/rings/test_kernel_rtl.py run them.
"""

import os
import random
import time
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import cocotb
from cocotb.triggers import RisingEdge
from cocotbext.virtio.bfm.axi_memory import MemoryTiming
from cocotbext.virtio.fast.fast_axi_memory import FastAxiMemory
from cocotbext.virtio.registers import Register
from cocotbext.virtio.rings import PlainMemory, RingFeature
from cocotbext.virtio.rings.kernel import KernelQueue, KernelRings
from cocotbext.virtio.scoreboard.statistics import Statistics

from tb.tests.support.disk_requests import FLUSH, GET_ID, IN, OK, OUT, SECTOR, header
from tb.tests.support.rtl_device_bench import DeviceBench
from tb.tests.support.settings import RUN

# Without them a part of `make rings` replays, with the library that it has built.
BUFFERS = int(os.environ.get("TB_KERNEL_BUFFERS", "100000"))
LIBRARY = Path(
    os.environ.get("TB_KERNEL_RINGS", Path(__file__).parents[2] / "build" / "reliability" / "virtio_ring.so")
)
SLOTS = 64  # most requests in flight
MOST = 4  # sectors of a request; each slot has so many of its own, so that requests do not meet
HEADER, ID_LENGTH = 16, 20
ROOM = HEADER + MOST * SECTOR + 64
LONG_LIFE = 70_000  # buffers: more than a 16-bit index counts
PATIENCE = 60_000  # cycles in which an interrupt has to come
CHANGE = 150  # buffers until the memories behave in another way
MODES = {
    "split": 0,
    "split_indirect": RingFeature.INDIRECT_DESC.mask,
    "split_event_idx": RingFeature.EVENT_IDX.mask,
    "split_both": RingFeature.INDIRECT_DESC.mask | RingFeature.EVENT_IDX.mask,
    "packed": RingFeature.RING_PACKED.mask,
    "packed_indirect": RingFeature.RING_PACKED.mask | RingFeature.INDIRECT_DESC.mask,
    "packed_event_idx": RingFeature.RING_PACKED.mask | RingFeature.EVENT_IDX.mask,
    "packed_both": RingFeature.RING_PACKED.mask | RingFeature.INDIRECT_DESC.mask | RingFeature.EVENT_IDX.mask,
}
Returned = TypeVar("Returned")


class Slot:
    """A place for one request in the kernel's memory."""

    def __init__(self, number: int, place: int) -> None:
        self.token, self.place = number + 1, place
        self.first = number * MOST  # sector
        self.kind = self.start = 0  # start: byte of the disk, of a write
        self.data = b""  # that has to come, or was sent
        self.status_at = 0


class KernelDisk(DeviceBench):
    """The disk, its memory and Linux's ring code.

    Attributes:
        done: buffers that came back once, with the right bytes; kicks, waits: of the driver.
        interrupts: messages, and rises of the line.
    """

    def __init__(self, dut, library: Path) -> None:
        self.rings = KernelRings(library)
        super().__init__(dut, memory=self.rings.memory, axi=FastAxiMemory)
        dut.capacity.value = SLOTS * MOST
        dut.read_only.value = 0
        self.disk = PlainMemory(0, SLOTS * MOST * SECTOR)
        self.disk.data[:] = self.rng.randbytes(len(self.disk.data))
        self.expected = bytearray(self.disk.data)
        own = random.Random(self.rng.getrandbits(64))
        self.disk_axi = FastAxiMemory.from_prefix(dut, "d_axi", self.clock, self.disk, rng=own)
        self.slots = [Slot(number, self.rings.allocate(ROOM)) for number in range(SLOTS)]
        self.done = self.kicks = self.waits = self.interrupts = 0
        self.messages.heard.append(self._heard)
        cocotb.start_soon(self._count_rises())
        self._sent: dict[int, Slot] = {}
        self._change = 0

    def _heard(self, address: int, data: int) -> None:
        self.interrupts += 1

    async def _count_rises(self) -> None:
        rise = RisingEdge(self.dut.irq)
        while True:
            await rise
            self.interrupts += not self.clock.in_reset

    def make_queue(self, size: int, features: int) -> KernelQueue:
        """Linux's."""
        return KernelQueue(self.rings, size, features)

    @property
    def queue(self) -> KernelQueue:
        """The only one."""
        return self.queues[0]

    async def through(self, steps: Generator[None, None, Returned]) -> Returned:
        """Let a function of the kernel run; in each of its barriers time passes, or not."""
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value
            if self.rng.random() < 0.4:
                await self.cycles(self.rng.choice((1, 2, 3, 5, 9, 17, 60)))

    async def life(self, rings: int, size: int, total: int, msi: bool) -> None:
        """From one reset to the next: so many buffers through a new queue, all accounted for."""
        rng, target, before = self.rng, self.done + total, self.interrupts
        features = await self.bring_up([size], 0x244, msi=msi, rings=rings)
        assert features & rings == rings, f"the device offers {features:#x} of {rings:#x}"
        most = min(8, size)  # parts of a buffer: no chain is longer than its queue, not even in a table
        free = self.slots[: min(SLOTS, rng.choice((1, 3, size, size)))]
        pieces = rng.random() < 0.7
        while self.done < target:
            left = target - self.done - len(self._sent)
            if pieces and left > 1 and len(free) > 1:
                await self._send(free, 1, most)  # the device may be falling asleep just now
                if rng.random() < 0.5:
                    continue
            elif left:
                await self._send(free, left, most)
            await self._wait(free)
        assert not self._sent
        for _ in range(PATIENCE // 20):  # the device may be asking for kicks just now
            if not self.axi.outstanding and self.axi.left_over() is None:
                break
            await self.cycles(20)
        await self.healthy()
        assert self.interrupts - before <= total, f"{self.interrupts - before} interrupts for {total} buffers"
        queue = self.queue
        await self.reset()
        queue.close()

    async def _send(self, free: list[Slot], number: int, most: int) -> None:
        added = False
        for _ in range(min(number, len(free))):
            slot = free.pop(self.rng.randrange(len(free)))
            parts, readable = self._request(slot, most)
            if not await self.through(
                self.queue.add_in_steps(KernelQueue.parts(parts), readable, len(parts) - readable, slot.token)
            ):
                free.append(slot)  # the ring is full
                break
            self._sent[slot.token] = slot
            if slot.kind == OUT:
                self.expected[slot.start : slot.start + len(slot.data)] = slot.data
            added = True
        if added and await self.through(self.queue.kick_in_steps()):
            self.kicks += 1
            await self.registers.write(Register.QUEUE_NOTIFY, 0)

    def _request(self, slot: Slot, most: int) -> tuple[list[tuple[int, int]], int]:
        """Draw a request into a slot; its parts, and how many of them are readable."""
        rng, memory, place = self.rng, self.memory, slot.place + self.rng.choice((0, 0, 1, 3, 8))
        slot.kind = kind = rng.choice((IN, IN, IN, OUT, OUT, FLUSH, GET_ID))
        sectors = rng.choice((1, 1, 1, 2, MOST))
        sector = slot.first + rng.randint(0, MOST - sectors)
        start, length = sector * SECTOR, sectors * SECTOR
        memory.write(place, header(kind, sector if kind in (IN, OUT) else 0))
        if kind == OUT:
            slot.data = rng.randbytes(8) * (length // 8)
            slot.start = start
            memory.write(place + HEADER, slot.data)
        elif kind == IN:
            slot.data = bytes(self.expected[start : start + length])
            memory.write(place + HEADER, bytes(length))
        else:
            length = ID_LENGTH if kind == GET_ID else 0
            slot.data = b"virtio-mmio-blk".ljust(length, b"\0") if length else b""
        slot.status_at = place + HEADER + length
        memory.write(slot.status_at, b"\xee")
        data = self._cut(place + HEADER, length, most - 2)
        parts = [(place, HEADER), *data, (slot.status_at, 1)]
        return parts, 1 + (len(data) if kind == OUT else 0)

    def _cut(self, place: int, length: int, most: int) -> list[tuple[int, int]]:
        """The same bytes in pieces."""
        if not length:
            return []
        count = self.rng.choice((1, 1, 1, self.rng.randint(1, most)))
        cuts = sorted({0, length, *(self.rng.randrange(1, length) for _ in range(count - 1))})
        return [(place + first, last - first) for first, last in zip(cuts, cuts[1:])]

    async def _wait(self, free: list[Slot]) -> None:
        """Until an interrupt comes, and then as virtblk_done does."""
        queue = self.queue
        self.waits += 1
        if self._sent and not await self.interrupt(PATIENCE):
            lost = queue.get()
            what = f"buffer {lost[0]} was used without an interrupt" if lost else "nothing was used"
            raise AssertionError(
                f"after {self.done} buffers the driver waits for ever, {len(self._sent)} under way: {what}; "
                f"{self._state()}; $TB_KERNEL_BUFFERS was {BUFFERS}"
            )
        while True:
            await self.through(queue.disable_callbacks_in_steps())
            while (used := await self.through(queue.get_in_steps())) is not None:
                slot = self._sent.pop(used[0], None)
                assert slot is not None, f"buffer {used[0]} was used twice, or never made available"
                self._judge(slot, used[1])
                free.append(slot)
                self.done += 1
            if await self.through(queue.enable_callbacks_in_steps()):
                break
        if self.done >= self._change:
            self._change = self.done + CHANGE
            for axi in (self.axi, self.disk_axi):
                axi.timing = MemoryTiming.drawn(self.rng, self.rng.choice((4, 4, 30, 120)))

    def _state(self) -> str:
        """The indices in memory, and what the buses are at."""
        size, _, driver, device = self.queue.layout
        number = lambda place: int.from_bytes(self.memory.read(place, 2), "little")  # noqa: E731
        return (
            f"driver area {number(driver)}, {number(driver + 2)}, used_event {number(driver + 4 + 2 * size)}; "
            f"device area {number(device)}, {number(device + 2)}, avail_event {number(device + 4 + 8 * size)}; "
            f"m_axi: {self.axi}; d_axi: {self.disk_axi}"
        )

    def _judge(self, slot: Slot, written: int) -> None:
        length = len(slot.data) if slot.kind in (IN, GET_ID) else 0
        name = f"buffer {slot.token} of kind {slot.kind}, {self.done} done before"
        assert written == length + 1, f"{name}: used length {written}"
        status = self.memory.read(slot.status_at, 1)[0]
        assert status == OK, f"{name}: status {status}"
        if length:
            assert self.memory.read(slot.status_at - length, length) == slot.data, f"{name}: wrong bytes"
        first, last = slot.first * SECTOR, (slot.first + MOST) * SECTOR
        assert self.disk.data[first:last] == self.expected[first:last], f"{name}: the disk has wrong bytes"


async def drive(dut, mode: str) -> None:
    """Lives of one mode until there are enough buffers."""
    bench = KernelDisk(dut, LIBRARY)
    await bench.start()
    rng, began = bench.rng, time.monotonic()
    while bench.done < BUFFERS:
        left = BUFFERS - bench.done
        total = (
            LONG_LIFE
            if left > LONG_LIFE and not bench.done
            else min(left, rng.choice((rng.randint(20, 200), rng.randint(20, 2000))))
        )
        await bench.life(MODES[mode], rng.choice((4, 16, 64, 256)), total, rng.random() < 0.5)
    took = time.monotonic() - began
    counts = Statistics()
    counts.counts["ring_buffers"] = {mode: bench.done}
    counts.counts["ring_kicks"] = {mode: bench.kicks}
    counts.counts["ring_waits"] = {mode: bench.waits}
    counts.counts["ring_interrupts"] = {mode: bench.interrupts}
    counts.counts["ring_cycles"] = {mode: bench.clock.cycle}
    counts.publish(RUN.statistics)
    cocotb.log.info(
        "%s: %d buffers of Linux's ring code, %d kicks, %d barriers, %d cycles, %.0f buffers/s",
        *(mode, bench.done, bench.kicks, bench.rings.barriers, bench.clock.cycle, bench.done / took),
    )


@cocotb.test(timeout_time=100, timeout_unit="sec")
async def split(dut):
    """Split, no optional feature."""
    await drive(dut, "split")


@cocotb.test(timeout_time=100, timeout_unit="sec")
async def split_indirect(dut):
    """Split with indirect descriptors."""
    await drive(dut, "split_indirect")


@cocotb.test(timeout_time=100, timeout_unit="sec")
async def split_event_idx(dut):
    """Split with event index."""
    await drive(dut, "split_event_idx")


@cocotb.test(timeout_time=100, timeout_unit="sec")
async def split_both(dut):
    """Split with both."""
    await drive(dut, "split_both")


@cocotb.test(timeout_time=100, timeout_unit="sec")
async def packed(dut):
    """Packed, no optional feature."""
    await drive(dut, "packed")


@cocotb.test(timeout_time=100, timeout_unit="sec")
async def packed_indirect(dut):
    """Packed with indirect descriptors."""
    await drive(dut, "packed_indirect")


@cocotb.test(timeout_time=100, timeout_unit="sec")
async def packed_event_idx(dut):
    """Packed with event index."""
    await drive(dut, "packed_event_idx")


@cocotb.test(timeout_time=100, timeout_unit="sec")
async def packed_both(dut):
    """Packed with both."""
    await drive(dut, "packed_both")
