# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The block function on a disk in memory: byte b of sector s is byte 512 s + b."""

import os
import random

import cocotb
from cocotbext.virtio.bfm.axi_memory import AxiMemory, MemoryTiming
from cocotbext.virtio.memory_transactions import DECERR, SLVERR
from cocotbext.virtio.rings.memory import Memory
from engine_model import EngineModel

from tb.tests.support.disk_requests import FLUSH, IN, IOERR, OK, OUT, SECTOR, check, draw, header

SECTORS = 64
NAME = b"rtl-disk" + bytes(12)
ROUNDS = int(os.environ.get("ROUNDS", "12"))


async def bench(dut, timing=None, busy=None, latency=(1, 20)):
    """Function, engine and memory, out of reset."""
    rng = random.Random(cocotb.RANDOM_SEED)
    busy = rng.choice((0.1, 0.4)) if busy is None else busy
    dut.capacity.value = SECTORS
    dut.read_only.value = 0
    engine = EngineModel(dut, rng, busy=busy, latency=latency)
    memory = Memory((0, SECTORS * SECTOR))
    memory.write(0, rng.randbytes(SECTORS * SECTOR))
    axi = AxiMemory.from_prefix(
        dut, "d_axi", engine.clock, memory, timing=timing or MemoryTiming.drawn(rng), rng=rng, reads=4, writes=4
    )
    await engine.start()
    return rng, engine, memory, axi


def content(memory) -> bytes:
    """The whole disk."""
    return memory.read(0, SECTORS * SECTOR)


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def requests(dut):
    """Reads, writes and everything else, under memories of every kind."""
    rng, engine, memory, axi = await bench(dut)
    expected = bytearray(content(memory))
    for _ in range(ROUNDS):
        axi.timing = MemoryTiming.drawn(rng)
        batch, touched = [], set()
        for _ in range(rng.randint(1, 10)):
            request = draw(rng, bytes(expected), NAME)
            if request.name.startswith(("in ", "out ")):
                first, count = map(int, request.name.split()[1].split("+"))
                if touched & set(range(first, first + count)):
                    continue
                touched |= set(range(first, first + count))
            batch.append((request, engine.offer(request.readable, request.room)))
            if request.effect:
                start, data = request.effect
                expected[start : start + len(data)] = data
        await engine.drained()
        for request, buffer in batch:
            check(request, buffer)
        assert content(memory) == expected, "a write is used before everybody sees the data"
    assert axi.beats > 0 and axi.left_over() is None


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def memory_errors(dut):
    """SLVERR and DECERR anywhere in a command are IOERR; the neighbours are served."""
    rng, engine, memory, axi = await bench(dut)
    axi.fail_range(5 * SECTOR + 300, 1)
    for _ in range(4):
        for kind, sector, count, status in (
            (IN, 5, 1, IOERR),
            (IN, 4, 3, IOERR),
            (IN, 6, 2, OK),
            (OUT, 5, 1, IOERR),
            (OUT, 6, 1, OK),
            (FLUSH, 0, 0, OK),
        ):
            data = rng.randbytes(count * SECTOR)
            buffer = engine.offer(
                header(kind, sector) + (data if kind == OUT else b""), 1 + (count * SECTOR if kind == IN else 0)
            )
            await engine.drained()
            assert buffer.data[-1] == status, f"type {kind}, sectors {sector}+{count}"


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def single_beats_fail(dut):
    """One beat of a read fails: first, second, middle, last of a burst, the command's last, or any by chance. IOERR for
    this command; whatever is OK has the disk's bytes, and the commands around it are OK."""
    rng, engine, memory, axi = await bench(dut)
    lengths, places = set(), set()

    def note(read):
        failed = [beat for beat, code in enumerate(read.responses) if code]
        lengths.add(len(read.responses))
        places.update({0: "first", len(read.responses) - 1: "last"}.get(beat, "middle") for beat in failed[:1])

    axi.on_read(note)
    word, size = axi.word, min(16, SECTOR // axi.word) * axi.word  # of a burst
    for place in (0, word, size // 2, size - word, size, SECTOR - word):
        for count in (1, 2):  # in the first sector, in the second
            axi.timing = MemoryTiming.drawn(rng)
            axi.fail_range(9 * SECTOR + place, 1, rng.choice((SLVERR, DECERR)), writes=False)
            buffers = [engine.offer(header(IN, sector), 2 * SECTOR + 1) for sector in (7, 10 - count, 10)]
            await engine.drained()
            assert [buffer.data[-1] for buffer in buffers] == [OK, IOERR, OK], f"byte {place} of a sector fails"
            for buffer, sector in ((buffers[0], 7), (buffers[2], 10)):
                assert buffer.content()[:-1] == memory.read(sector * SECTOR, 2 * SECTOR)
            axi.clear_errors()
    assert places == {"first", "middle", "last"} and max(lengths) > 1
    statuses = []
    for _ in range(ROUNDS):
        axi.timing = MemoryTiming.drawn(rng)
        axi.timing.beat_error_chance = 0.01
        offered = []
        for _ in range(6):
            sector, count = rng.randrange(SECTORS - 3), rng.randint(1, 3)
            offered.append((sector, count, engine.offer(header(IN, sector), count * SECTOR + 1)))
        await engine.drained()
        for sector, count, buffer in offered:
            statuses.append(buffer.data[-1])
            if buffer.data[-1] == OK:
                assert buffer.content()[:-1] == memory.read(sector * SECTOR, count * SECTOR), "OK with wrong bytes"
    assert set(statuses) == {OK, IOERR}


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def data_that_cannot_be_read(dut):
    """A write whose data the engine could not read leaves the sector as it is."""
    rng, engine, memory, axi = await bench(dut)
    before = content(memory)
    for _ in range(6):
        buffer = engine.offer(header(OUT, 3) + bytes(1024), 1)
        buffer.read_errors, buffer.fail_reads_of = 1, 16
        await engine.drained()
        assert buffer.data[-1] == IOERR and content(memory) == before


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def resets(dut):
    """A reset at any moment: idle comes when memory has answered everything, nothing is written afterwards."""
    rng, engine, memory, axi = await bench(dut)
    waited = 0
    for _ in range(2 * ROUNDS):
        axi.timing = MemoryTiming.drawn(rng)
        for _ in range(rng.randint(1, 8)):
            request = draw(rng, content(memory), NAME)
            engine.offer(request.readable, request.room)
        await engine.cycles(rng.randint(0, 200))
        await engine.reset()
        engine._offered.clear()
        await engine.cycles(2)
        for _ in range(5000):
            if int(dut.idle.value):
                break
            waited += 1
            await engine.cycles(1)
        assert int(dut.idle.value), "not idle after 5000 cycles"
        assert axi.outstanding == 0, "idle with transactions outstanding"
        assert axi.left_over() is None
        before = content(memory)
        sector = rng.randrange(SECTORS)
        buffer = engine.offer(header(IN, sector), 513)
        await engine.drained()
        assert buffer.content() == before[sector * SECTOR : (sector + 1) * SECTOR] + bytes([OK])
        assert content(memory) == before
    assert waited, "no reset met a transaction"


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def rate(dut):
    """Reads and writes of four sectors at a beat a cycle, memory as quick as it gets."""
    rng, engine, memory, axi = await bench(dut, timing=MemoryTiming(), busy=0, latency=(1, 1))
    for kind in (IN, OUT):
        data = bytes(2048) if kind == OUT else b""
        buffers = [engine.offer(header(kind, 4 * number) + data, 1 if data else 2049) for number in range(12)]
        await buffers[3].used.wait()
        start = engine.cycle
        await buffers[11].used.wait()
        each = (engine.cycle - start) / 8
        dut._log.info(f"type {kind}: {each} cycles for {2048 // engine.word} beats")
        assert each <= 2048 // engine.word * 1.1 + 10
