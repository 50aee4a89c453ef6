# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The virtqueue engine alone: descriptors that are mostly noise, and that change while they are in use.

Whatever the driver writes, the engine serves every chain or stops with a fault; it touches nothing that the driver
did not announce; a reset, or a stop of the queue, ends in bounded time, and good buffers are served afterwards.
$TB_FUZZ_LIVES is how often a queue begins anew.
"""

import os
import random
from dataclasses import dataclass

import cocotb
from cocotbext.virtio.bfm.axi_memory import MemoryTiming
from cocotbext.virtio.memory_transactions import MemoryRead, MemoryWrite
from cocotbext.virtio.rings.driver_queue import ENTRY, INDIRECT, NEXT, WRITE
from cocotbext.virtio.rings.layout import QueueLayout

from tb.tests.support.covers import covers
from tb.tests.support.virtqueue_bench import (
    BASE,
    FEATURES,
    PACKED,
    PARAMETERS,
    RINGS,
    SIZE,
    VERSION_1,
    EngineBench,
    FunctionTiming,
)

LIVES = int(os.environ.get("TB_FUZZ_LIVES", "24"))
ARENA = 1 << 14  # bytes of each kind of memory
QUIET = 500  # cycles in which nothing happens, more than coalescing delays an event: the engine is at rest
ENDLESS = 60_000  # cycles: more than any life has work for
HOLE = BASE + SIZE + (1 << 16)  # memory answers DECERR here
TOP = 1 << PARAMETERS["ADDR_WIDTH"]
AVAILABLE = 1 << 7  # of a packed descriptor, in the first lap


@dataclass
class Arenas:
    """Where descriptors point: tables, bytes to read, bytes to write."""

    tables: int
    readable: int
    writable: int
    filled: bool = False

    def places(self, rng: random.Random) -> list[int]:
        """Entries of the tables to write before a life: all of them once, then some, for the noise is still there."""
        every = range(ARENA // ENTRY)
        chosen = rng.sample(every, 100) if self.filled else list(every)
        self.filled = True
        return chosen

    def descriptor(self, rng: random.Random, index: int, entries: int, packed: bool, inside: bool) -> bytes:
        """Entry *index* of a ring, or *inside* an indirect table: noise, mostly what could be in a chain.

        The entry writes only where that is allowed. A packed table has no INDIRECT: the bit is ignored (PACKED-11).
        """
        write = WRITE if (index % entries >= entries // 2) != (rng.random() < 0.05) else 0
        more = NEXT if index % entries != entries - 1 and rng.random() < 0.75 else 0
        flags = INDIRECT if rng.random() < 0.1 else write | more
        if rng.random() < 0.02:
            flags ^= rng.choice((NEXT, INDIRECT))
        is_table = flags & INDIRECT and not (packed and inside)
        area = self.tables if is_table else self.writable if flags & WRITE else self.readable
        length = rng.choice((0, 1, 7, 16, 64, 300))
        if is_table:
            length = ENTRY * rng.choice((1, 2, 3, 8, 32)) if rng.random() < 0.9 else rng.choice((0, 8, 17, 0x10_0008))
        address = area + rng.randrange(ARENA - 400)
        if is_table:
            address = area + ENTRY * (8 if rng.random() < 0.9 else 1) * rng.randrange(ARENA // ENTRY // 8 - 4)
        if rng.random() < 0.04:
            address, length = rng.choice(((HOLE, length), (TOP - 8, 9), (TOP - 8, 8), (TOP - 16, 0xFFFF_FFFF)))
        beside = min(index % entries + rng.choice((1, 1, 1, 2)), entries - 1)
        if rng.random() < 0.2:  # back, which may be a loop, or anywhere
            half = entries // 2 if index % entries >= entries // 2 else 0
            beside = rng.choice((half, index % entries, index % entries, rng.randrange(entries), rng.getrandbits(16)))
        noise = rng.getrandbits(16) & ~(NEXT | WRITE | INDIRECT | 0x8080) if rng.random() < 0.1 else 0
        flags |= noise
        third, fourth = (beside, flags) if packed else (flags, beside)
        return (address | length << 64 | third << 96 | fourth << 112).to_bytes(ENTRY, "little")


class Life:
    """One life of queue 0: rings of noise, kicks, changes, and the end."""

    def __init__(self, bench: EngineBench, arenas: Arenas, size: int) -> None:
        self.bench, self.arenas, self.size = bench, arenas, size
        self.rng = bench.rng
        self.packed = bool(bench.features & PACKED)
        self.queue = bench.make_queue(0, size, announce=False)
        self.layout: QueueLayout = self.queue.layout
        self.published = 0
        for index in range(size):
            self.write_descriptor(index)
        for place in arenas.places(self.rng):
            bench.memory.write(arenas.tables + ENTRY * place, arenas.descriptor(self.rng, place, 8, self.packed, True))

    def write_descriptor(self, index: int) -> None:
        """A new descriptor in the queue's own table or ring; in a ring it is not available."""
        data = self.arenas.descriptor(self.rng, index, self.size, self.packed, False)
        self.bench.driver_memory.write(self.layout.descriptor_area + ENTRY * index, data)

    def publish(self) -> None:
        """Some more that is available, hardly ever more than the ring has."""
        rng, memory = self.rng, self.bench.driver_memory
        count = rng.randint(1, 3) if rng.random() < 0.98 else self.size + 1
        if self.packed:
            for index in range(self.published, min(self.published + count, self.size)):
                address = self.layout.descriptor_area + ENTRY * index + 14
                flags = int.from_bytes(memory.read(address, 2), "little") & ~0x8080 | AVAILABLE
                memory.write(address, flags.to_bytes(2, "little"))
            self.published = min(self.published + count, self.size)
            return
        for index in range(self.published, self.published + count):
            head = rng.randrange(self.size) if rng.random() < 0.98 else rng.getrandbits(16)
            memory.write(self.layout.driver_area + 4 + 2 * (index % self.size), head.to_bytes(2, "little"))
        self.published += count
        memory.write(self.layout.driver_area + 2, (self.published & 0xFFFF).to_bytes(2, "little"))

    def change(self) -> None:
        """A descriptor that may be in use becomes another one of its kind: memory may show halves of both."""
        rng, memory = self.rng, self.bench.driver_memory
        if rng.random() < 0.5 and not self.packed:
            index, entries, table, inside = rng.randrange(self.size), self.size, self.layout.descriptor_area, False
        else:
            index, entries, table, inside = rng.randrange(ARENA // ENTRY), 8, self.arenas.tables, True
        place = table + ENTRY * index
        kind = self.kind(memory.read(place, ENTRY))
        while self.kind(data := self.arenas.descriptor(rng, index, entries, self.packed, inside)) != kind:
            pass
        memory.write(place, data)

    def kind(self, descriptor: bytes) -> tuple[int, bool]:
        """What decides to which memory a descriptor points, the bits WRITE and INDIRECT of its flags; and whether it is
        longer than all memory, which is refused at its own address only."""
        flags = int.from_bytes(descriptor[14:16] if self.packed else descriptor[12:14], "little")
        return flags & (WRITE | INDIRECT), int.from_bytes(descriptor[8:12], "little") > SIZE

    async def run(self) -> tuple[int, bool]:
        """Kicks and changes until all is served, or the engine stops; (buffers handed out, whether it stopped)."""
        bench, rng = self.bench, self.rng
        begun = len(bench.taken)
        bench.announce(0, self.layout)
        bench.ask(0, 60 - bench.asked[0])
        for _ in range(rng.randint(1, 4)):
            self.publish()
            bench.kick(0)
            for _ in range(rng.randint(0, 6)):
                await bench.clock.cycles(rng.randint(1, 60))
                self.change()
            if bench.fault() is not None or (self.published >= self.size and self.packed):
                break
        if rng.random() < 0.7:  # otherwise the end comes in mid-work
            await self.rest()
            if bench.fault() is None and not self.packed:
                used = int.from_bytes(bench.memory.read(self.layout.device_area + 2, 2), "little")
                assert used == self.published & 0xFFFF, f"{self.published} chains available, {used} used, no fault"
        return len(bench.taken) - begun, bench.fault() is not None

    async def rest(self) -> None:
        """Until the engine has stopped, or nothing has happened for QUIET cycles and no buffer is with the function."""
        bench = self.bench
        seen, since = None, bench.clock.cycle
        begun = since
        while bench.fault() is None and bench.clock.cycle - since < QUIET:
            state = bench.axi.beats, len(bench.taken), len(bench.held), bench.axi.outstanding
            if state != seen or bench.held or bench.axi.outstanding:
                seen, since = state, bench.clock.cycle
            assert not bench.wrong, bench.wrong
            assert bench.clock.cycle - begun < ENDLESS, f"{ENDLESS} cycles of work for {self.published} chains"
            await bench.clock.cycles(20)
        if bench.fault() is not None:
            assert int(bench.dut.needs_reset.value), "a fault, and needs_reset is low"


@cocotb.test(timeout_time=500, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("C-7")
async def noise(dut, ring):
    """Many lives of noise, each ended by a reset or a stop; nothing is touched outside, and all works afterwards."""
    rng = random.Random(cocotb.RANDOM_SEED)
    bench = EngineBench(dut, rng, VERSION_1 | PACKED * (ring == "packed"))
    allowed: list[tuple[int, int, bool]] = [(HOLE, 1 << 16, True), (TOP - 4096, 4096, True)]

    def judge(access: MemoryRead | MemoryWrite, write: bool) -> None:
        length = len(access.data) if write else access.length
        first, last = access.address, access.address + length
        if write and not access.strobes:
            return
        if not any(
            base - bench.word < first and last < base + size + bench.word and (may or not write)
            for base, size, may in allowed
        ):
            bench.wrong.append(f"{access} touches what was not announced")

    bench.axi.on_read(lambda read: judge(read, False))
    bench.axi.on_write(lambda write: judge(write, True))
    arenas = Arenas(*(bench.placement.place(ARENA) for _ in range(3)))
    allowed += [(arenas.tables, ARENA, False), (arenas.readable, ARENA, False), (arenas.writable, ARENA, True)]
    await bench.start()
    handed_out = stopped = 0
    for life in range(LIVES):
        bench.features = (
            VERSION_1 | PACKED * (ring == "packed") | rng.getrandbits(40) & ~(PACKED | 1 << 35)
        ) & FEATURES
        dut.driver_features.value = bench.features
        bench.axi.timing = MemoryTiming.drawn(rng, rng.choice((4, 30)))
        bench.function = FunctionTiming.drawn(rng)
        one = Life(bench, arenas, rng.choice((4, 8, 16)))
        areas = [
            (one.layout.descriptor_area, ENTRY * one.size, ring == "packed"),
            (one.layout.driver_area, 6 + 2 * one.size, False),
            (one.layout.device_area, 6 + 8 * one.size, True),
        ]
        allowed += areas
        count, fault = await one.run()
        handed_out += count
        stopped += fault
        stops = not fault and rng.random() < 0.5
        if stops:
            await bench.stop_queue(0, 3000)
            fault = bench.fault() is not None
            if not fault:
                await bench.until(lambda: not bench.held, 3000, "the function has nothing left")
        if fault or not stops:
            await bench.reset_device(3000)
            assert bench.fault() is None, "the fault is there after the reset"
        assert not bench.axi.outstanding, f"life {life}: {bench.axi.outstanding} transactions in flight at its end"
        del allowed[-len(areas) :]
        for area in one.layout[1:]:
            bench.placement.release(area)
    cocotb.log.info("%d lives, %d buffers handed out, stopped %d times", life + 1, handed_out, stopped)
    assert handed_out and stopped, "noise was served, and noise was refused"
    await bench.reset_device()
    allowed.append((BASE, SIZE, True))
    queue = bench.make_queue(0, 8)
    bench.ask(0)
    queue.add([b"good"], [4])
    bench.kick(0, queue.kick_value(0))
    used: list = []
    await bench.until(lambda: used.extend(queue.used()) or used, 3000, "a good buffer is served")
    assert not bench.wrong, bench.wrong
