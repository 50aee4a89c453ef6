# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The block function between a model of the engine and a model of a disk."""

import os
import random

import cocotb
from disk_model import DiskModel
from engine_model import EngineModel

from tb.tests.support.disk_requests import FLUSH, IN, IOERR, OK, OUT, SECTOR, bad, check, draw, header

SECTORS = 64
NAME = b"a name of a disk" + bytes(4)
ROUNDS = int(os.environ.get("ROUNDS", "20"))


async def bench(dut, sectors=SECTORS, busy=None, latency=(1, 20)):
    """Function, engine and disk, out of reset."""
    rng = random.Random(cocotb.RANDOM_SEED)
    busy = rng.choice((0.1, 0.4, 0.7)) if busy is None else busy
    dut.capacity.value = sectors
    dut.read_only.value = 0
    engine = EngineModel(dut, rng, slots=16, busy=busy, latency=latency)
    disk = DiskModel(dut, rng, sectors, busy=busy)
    await engine.start()
    return rng, engine, disk


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def requests(dut):
    """One at a time and several at once: every request gets its answer, the disk has what was written."""
    rng, engine, disk = await bench(dut)
    expected = bytearray(disk.data)
    kinds = set()
    for _ in range(ROUNDS):
        busy_sectors, batch = set(), []
        for _ in range(rng.randint(1, 12)):
            request = draw(rng, bytes(expected), NAME)
            if request.name.startswith(("in ", "out ")):
                first, count = map(int, request.name.split()[1].split("+"))
                touched = set(range(first, first + count))
                if touched & busy_sectors:
                    continue  # requests under way at once have no order between them
                busy_sectors |= touched
            batch.append((request, engine.offer(request.readable, request.room)))
            kinds.add(request.name.split()[0])
            if request.effect:
                start, data = request.effect
                expected[start : start + len(data)] = data
        await engine.drained()
        for request, buffer in batch:
            check(request, buffer)
        assert disk.data == expected, "the disk's content"
    assert {"in", "out", "flush", "id"} <= kinds
    assert len(engine.order) > ROUNDS


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def wrong_requests(dut):
    """Every kind of request that asks for what is not there, or in a way that is wrong."""
    rng, engine, disk = await bench(dut)
    before, kinds = bytes(disk.data), set()
    while len(kinds) < 10:
        request = bad(rng, SECTORS)
        buffer = engine.offer(request.readable, request.room)
        await engine.drained()
        check(request, buffer)
        kinds.add(request.name)
    assert not disk.commands and disk.data == before


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def sectors_are_counted(dut):
    """The first beat of a third sector comes in any cycle around the one in which the command for the second goes."""
    rng, engine, disk = await bench(dut, busy=0, latency=(1, 1))
    beats = 512 // engine.word
    for wait in range(2 * beats - 8, 2 * beats + 8):
        disk.silent = True
        before = len(disk.commands)
        buffers = [engine.offer(header(IN, sector), 513) for sector in (1, 2, 3)]
        await engine.cycles(100)
        assert len(disk.commands) == before + 3
        engine.full = True  # commands for one more header and for the first sector are kept, the second waits behind
        buffers.append(engine.offer(header(IN, 4), 513))
        await engine.cycles(20)
        disk.silent = False
        while not int(dut.disk_rd_valid.value):
            await engine.cycles(1)
        await engine.cycles(wait)
        engine.full = False
        await engine.drained(2000)
        for sector, buffer in zip((1, 2, 3, 4), buffers, strict=True):
            assert buffer.content() == bytes(disk.data[sector * SECTOR : (sector + 1) * SECTOR]) + bytes([OK])


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def read_only(dut):
    """DEV-6: no write reaches the disk."""
    rng, engine, disk = await bench(dut)
    dut.read_only.value = 1
    before = bytes(disk.data)
    writes = 0
    for _ in range(ROUNDS):
        request = draw(rng, before, NAME, read_only=True)
        writes += request.name.startswith("out")
        buffer = engine.offer(request.readable, request.room)
        await engine.drained()
        check(request, buffer)
    assert writes and disk.data == before
    assert all(op != 1 for op, _, _ in disk.commands)


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def disk_errors(dut):
    """A command that the disk fails is IOERR, the next one is not."""
    rng, engine, disk = await bench(dut)
    for kind, data, room in ((IN, b"", 1025), (OUT, bytes(1024), 1), (FLUSH, b"", 1)) * 4:
        disk.failing = 1
        bad = engine.offer(header(kind, 3) + data, room)
        await engine.drained()
        assert bad.data[-1] == IOERR
        good = engine.offer(header(kind, 3) + data, room)
        await engine.drained()
        assert good.data[-1] == OK
    assert len(disk.commands) == 24


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def disk_errors_in_a_crowd(dut):
    """Many under way: each request gets the result of its own command."""
    rng, engine, disk = await bench(dut)
    disk.fail_chance = 0.4
    buffers = []
    for _ in range(ROUNDS * 4):
        kind = rng.choice((IN, OUT, FLUSH))
        buffers.append(engine.offer(header(kind, 3) + bytes(512 * (kind == OUT)), 1 + 512 * (kind == IN)))
    await engine.drained(100000)
    assert [buffer.data[-1] == IOERR for buffer in buffers] == disk.failed
    assert 0 < sum(disk.failed) < len(disk.failed)


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def memory_errors(dut):
    """What the bus cannot read or write is IOERR; a status that cannot be written is the fault."""
    rng, engine, disk = await bench(dut)
    before = bytes(disk.data)
    for round_number in range(8):
        for kind, room in ((IN, 513), (OUT, 1)):
            data = bytes(512) if kind == OUT else b""
            lost_header = engine.offer(header(kind, 1) + data, room)
            lost_header.read_errors, lost_header.fail_reads_of = 1, 0
            await engine.drained()
            assert lost_header.data[-1] == IOERR
        lost_data = engine.offer(header(OUT, 1) + bytes(512), 1)
        lost_data.read_errors, lost_data.fail_reads_of = 1, 16
        await engine.drained()
        assert lost_data.data[-1] == IOERR
        assert disk.data == before, "data that could not be read are on the disk"
        lost_write = engine.offer(header(IN, 2), 513)
        lost_write.write_errors = 1
        await engine.drained()
        assert lost_write.data[-1] == IOERR and lost_write.written == 0 and not lost_write.fault
        lost_status = engine.offer(header(FLUSH), 1)
        lost_status.write_errors = 1
        lost_status.meets = round_number % 2 == 1
        await engine.drained()
        assert lost_status.data[-1] == IOERR and lost_status.written == 1
        hopeless = engine.offer(header(rng.choice((IN, OUT, FLUSH, 8)), 2), rng.choice((513, 513, 21, 65)))
        hopeless.write_errors = 3
        others = [engine.offer(header(IN, 2), 513) for _ in range(rng.randint(0, 5))]
        await engine.drained()
        assert hopeless.fault
        for other in others:
            assert other.content() == before[2 * SECTOR : 3 * SECTOR] + bytes([OK])


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def a_retry_waits_for_no_disk(dut):
    """A status is written again while the answer behind it waits for the disk."""
    rng, engine, disk = await bench(dut, busy=0, latency=(100, 100))
    for kind, room in ((IN, 513), (FLUSH, 1)):
        disk.silent = True
        lost = engine.offer(header(99), 1)  # of no type that there is, so the disk is not asked
        lost.write_errors = 1
        waits = engine.offer(header(kind), room)
        await engine.cycles(1000)
        assert lost.used.is_set() and lost.data == [IOERR] and disk.commands and not waits.used.is_set()
        disk.silent = False
        await engine.drained()
        assert waits.data[-1] == OK
        disk.commands.clear()


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def resets(dut):
    """A reset at any moment: nothing of before comes after, the next requests are served."""
    rng, engine, disk = await bench(dut)
    for _ in range(ROUNDS):
        for _ in range(rng.randint(1, 10)):
            request = draw(rng, bytes(disk.data), NAME)
            engine.offer(request.readable, request.room)
        await engine.cycles(rng.randint(0, 300))
        await engine.reset()
        engine._offered.clear()
        before = bytes(disk.data)
        sector = rng.randrange(SECTORS)
        buffer = engine.offer(header(IN, sector), 513)
        await engine.drained()
        assert buffer.content() == before[sector * SECTOR : (sector + 1) * SECTOR] + bytes([OK])


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def stopped_queues(dut):
    """A queue that stops with requests under way: the slots come back, the other queue does not notice."""
    rng, engine, disk = await bench(dut)
    for _ in range(ROUNDS):
        before = bytes(disk.data)
        dead, alive = [], []
        for _ in range(rng.randint(1, 8)):
            kind = rng.choice((IN, OUT))
            dead.append(engine.offer(header(kind, rng.randrange(32)) + bytes(512 * (kind == OUT)), 513 - 512 * kind, 0))
            sector = rng.randrange(32, 64)
            alive.append((sector, engine.offer(header(IN, sector), 513, queue=1)))
        await engine.cycles(rng.randint(0, 300))
        engine.stop_queue(0)
        await engine.drained()
        for sector, buffer in alive:
            assert buffer.content() == before[sector * SECTOR : (sector + 1) * SECTOR] + bytes([OK])
        for number in range(32):
            now = disk.data[number * SECTOR : (number + 1) * SECTOR]
            old = before[number * SECTOR : (number + 1) * SECTOR]
            for start in range(0, SECTOR, 32):
                assert now[start : start + 32] in (old[start : start + 32], bytes(32)), "neither old nor new data"


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def capacity_changes(dut):
    """Each request is checked against the capacity of the moment, at 64 bits."""
    rng, engine, disk = await bench(dut)
    for capacity, sector, count, status in (
        (10, 9, 1, OK),
        (10, 9, 2, IOERR),
        (10, 10, 1, IOERR),
        (9, 9, 1, IOERR),
        (0, 0, 1, IOERR),
        (0, 0, 0, OK),
        ((1 << 64) - 1, (1 << 64) - 1, 1, IOERR),
        (1 << 40, (1 << 40) + 1, 0, IOERR),
    ):
        dut.capacity.value = capacity
        buffer = engine.offer(header(IN, sector), count * SECTOR + 1)
        await engine.drained()
        assert buffer.data[-1] == status, f"capacity {capacity}, sectors {sector}+{count}"


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def rate(dut):
    """Reads of a sector, all slots in use, partners that never wait: a beat a cycle and few cycles between."""
    rng, engine, disk = await bench(dut, busy=0, latency=(1, 1))
    buffers = [engine.offer(header(IN, number % SECTORS), 513) for number in range(40)]
    await buffers[7].used.wait()
    start = engine.cycle
    await buffers[39].used.wait()
    each = (engine.cycle - start) / 32
    beats = 512 // engine.word + 1
    dut._log.info(f"{each} cycles for a sector of {beats - 1} beats")
    assert each <= beats + 5
