# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Random copies through one of the two memories; everything on the bus is written down, cycle for cycle."""

import os
import random
from pathlib import Path

import cocotb
from cocotb.triggers import RisingEdge, Timer
from cocotbext.virtio.bfm.axi_memory import AxiMemory, MemoryTiming
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.fast_axi_memory import FastAxiMemory
from cocotbext.virtio.memory_transactions import DECERR, SLVERR
from cocotbext.virtio.rings import Memory, PlainMemory, WatchedMemory

MEMORIES = {"python": AxiMemory, "native": FastAxiMemory}
BASE, SIZE = 0x4000_0000, 1 << 16
SOURCE, TARGET = BASE, BASE + (SIZE >> 1)
FILE = "seen.txt"  # in the folder of the run
SIGNALS = (
    "awready wready arready awvalid awaddr awlen wvalid wdata wlast arvalid araddr rvalid rready rdata rresp rlast rid "
    "bvalid bready bresp bid"
).split()


class Watch:
    """Writes down the bus in every cycle, transactions and broken rules."""

    def __init__(self, dut, clock):
        self._dut, self.lines, self._clock = dut, [], clock
        self._handles = [getattr(dut, f"m_axi_{name}") for name in SIGNALS]
        cocotb.start_soon(self._run())

    def note(self, thing) -> None:
        """Write something down."""
        self.lines.append((self._clock.cycle, 1, repr(thing)))

    async def _run(self):
        edge = RisingEdge(self._dut.aclk)
        while True:
            await edge
            self.lines.append((self._clock.cycle, 0, " ".join(str(handle.value) for handle in self._handles)))


def memory_of(kind: str, rng: random.Random):
    """A memory of 64 KiB of random bytes: in one piece, or as an object that is called."""
    if kind == "plain":
        plain = PlainMemory(BASE, SIZE)
        plain.data[:] = rng.randbytes(SIZE)
        return plain
    watched = WatchedMemory(Memory((BASE, SIZE)))
    watched.write(BASE, rng.randbytes(SIZE))
    return watched


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def copies(dut):
    """Any timing, which changes in mid-transaction; errors, places without memory, odd bursts, resets."""
    rng = random.Random(cocotb.RANDOM_SEED)
    clock = ClockReset(dut.aclk, dut.aresetn)
    watch = Watch(dut, clock)
    memory = memory_of(rng.choice(("plain", "plain", "watched")), rng)
    axi = MEMORIES[os.environ["MEMORY"]].from_prefix(
        dut,
        "m_axi",
        clock,
        memory,
        rng=random.Random(cocotb.RANDOM_SEED + 1),
        report=lambda cycle, text: watch.note((cycle, text)),
        scramble=rng.random() < 0.8,
        answer_limit=30,
        max_beats=12,
        reads=3,
    )
    axi.on_read(watch.note)
    axi.on_write(watch.note)
    for name in ("start", "source", "target", "bursts", "beats", "size"):
        getattr(dut, name).value = 0
    clock.start()
    await clock.reset()
    widest = axi.word.bit_length() - 1
    for _ in range(int(os.environ.get("ROUNDS", "20"))):
        await Timer(3, "ns")  # at an edge it would count before it in one version, and behind it in the other
        axi.timing = MemoryTiming.drawn(rng, rng.choice((3, 12, 60)))
        axi.timing.error_chance = rng.choice((0, 0, 0.2))
        axi.timing.beat_error_chance = rng.choice((0, 0, 0.2))
        axi.clear_errors()
        if rng.random() < 0.5:
            place = rng.choice((SOURCE, TARGET)) + rng.randrange(200)
            axi.fail_range(place, 40, rng.choice((SLVERR, DECERR)), rng.random() < 0.5, rng.random() < 0.5)
        size = rng.choice((widest, widest, 0, 1, 2))
        start = rng.randrange(4096)
        gone = rng.choice((0, 0, 0, 1 << 20))  # where no memory is
        for name, value in (
            ("source", SOURCE + start + rng.choice((0, gone))),
            ("target", TARGET + start + rng.choice((0, gone))),
            ("bursts", rng.randint(1, 9)),
            ("beats", rng.randrange(16)),
            ("size", size),
        ):
            getattr(dut, name).value = value
        dut.start.value = 1
        for _ in range(rng.randint(1, 4)):
            await clock.cycles(rng.randint(1, 60))
            await Timer(3, "ns")
            if rng.random() < 0.5:
                axi.timing = MemoryTiming.drawn(rng, 20)
            watch.note((axi.outstanding, axi.beats, axi.left_over(), axi.unanswered()))
            await clock.cycles(1)
        if rng.random() < 0.2:
            dut.start.value = 0
            await clock.reset(rng.randint(1, 3))
        else:
            limit = clock.cycle + 1500
            while int(dut.done.value) != int(dut.bursts.value) and clock.cycle < limit:
                await clock.cycles(10)
            dut.start.value = 0
            await clock.cycles(rng.randint(3, 40))
    watch.lines.sort(key=lambda line: line[:2])  # which task wakes first in a cycle is the simulator's affair
    watch.lines.append((clock.cycle, 2, memory.read(BASE, SIZE).hex()))
    Path(FILE).write_text("".join(f"{cycle} {text}\n" for cycle, _, text in watch.lines))
