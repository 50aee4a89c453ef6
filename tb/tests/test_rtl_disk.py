# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""virtio_mmio_blk_axi with a driver: sectors read and written, errors, resets, changes."""

import json
import os

import cocotb
from cocotbext.virtio.bfm.axi_memory import AxiMemory, MemoryTiming
from cocotbext.virtio.registers import Register, StatusBit
from cocotbext.virtio.rings import Memory, cut, cut_data

from tb.tests.support.covers import covers
from tb.tests.support.disk_requests import FLUSH, IN, IOERR, OK, OUT, SECTOR, draw, header
from tb.tests.support.rtl_device_bench import DeviceBench
from tb.tests.support.settings import limited

SECTORS = 64
NAME = b"virtio-mmio-blk" + bytes(5)
ROUNDS = 4
QUEUES = json.loads(os.environ["DESIGN_PARAMETERS"]).get("NUM_QUEUES", 1)
RO = 1 << 5
WANTED = 0x1244 | RO


class BlkBench(DeviceBench):
    """With a disk in a memory of its own."""

    def __init__(self, dut, timing=None, disk_timing=None, **options):
        super().__init__(dut, timing, **options)
        dut.capacity.value = SECTORS
        dut.read_only.value = 0
        self.disk = Memory((0, SECTORS * SECTOR))
        self.disk.write(0, self.rng.randbytes(SECTORS * SECTOR))
        self.disk_axi = AxiMemory.from_prefix(
            dut,
            "d_axi",
            self.clock,
            self.disk,
            timing=disk_timing or MemoryTiming.drawn(self.rng),
            rng=self.rng,
        )

    @property
    def content(self) -> bytes:
        """The whole disk."""
        return self.disk.read(0, SECTORS * SECTOR)

    async def submit(self, readable: bytes, room: int, queue: int = 0, cookie=None):
        """Put a request into the queue, cut at random, without a kick."""
        rng = self.rng
        most = limited("parts", 4)
        parts = cut_data(rng, readable, rng.randint(1, most)) if len(readable) > 1 else [readable] if readable else []
        rooms = cut(rng, room, min(room, rng.randint(1, most))) if room > 1 else [room] if room else []
        return await self.add(queue, parts, rooms, rng.random() < 0.5, cookie)

    async def one(self, kind: int, sector: int = 0, data: bytes = b"", room: int = 1):
        """One request from kick to interrupt; returns the buffer."""
        buffer = await self.submit(header(kind, sector) + data, room)
        await self.kick()
        (found,) = await self.collect(0, 1)
        assert found is buffer
        return buffer


def verify(request, buffer) -> None:
    """What came back is what had to."""
    assert buffer.written == request.length, f"{request.name}: used length {buffer.written}"
    assert not buffer.damaged()
    if request.status is not None:
        got = buffer.received()
        assert got[-1] == request.status, f"{request.name}: status {got[-1]}"
        if request.data is not None:
            assert got[: len(request.data)] == request.data, f"{request.name}: wrong data"


async def load(bench, rounds: int) -> int:
    """Random requests, many under way; returns how many."""
    rng, expected, number = bench.rng, bytearray(bench.content), 0
    for _ in range(rounds):
        slowest = limited("latency", 40)
        bench.axi.timing, bench.disk_axi.timing = MemoryTiming.drawn(rng, slowest), MemoryTiming.drawn(rng, slowest)
        touched, waiting = set(), dict.fromkeys(range(QUEUES), 0)
        for _ in range(rng.randint(1, 12)):
            request = draw(rng, bytes(expected), NAME, most=limited("bytes", 4 * SECTOR) // SECTOR)
            if not request.readable and not request.room:
                continue
            if request.name.startswith(("in ", "out ")):
                first, count = map(int, request.name.split()[1].split("+"))
                if touched & set(range(first, first + count)):
                    continue
                touched |= set(range(first, first + count))
            queue = rng.randrange(limited("queues", QUEUES))
            if await bench.submit(request.readable, request.room, queue, request) is None:
                break
            waiting[queue] += 1
            number += 1
            if rng.random() < 0.5:
                await bench.kick(queue)
            if request.effect:
                start, data = request.effect
                expected[start : start + len(data)] = data
        for queue in waiting:
            await bench.kick(queue)
        for queue, count in waiting.items():
            for buffer in await bench.collect(queue, count) if count else ():
                verify(buffer.cookie, buffer)
        assert bench.content == expected
    await bench.healthy()
    return number


@cocotb.test(timeout_time=40, timeout_unit="ms")
async def requests(dut):
    """Interrupts by the line, direct and indirect chains, event index."""
    bench = BlkBench(dut)
    await bench.start()
    await bench.bring_up([16] * QUEUES, WANTED)
    assert await load(bench, ROUNDS) > ROUNDS


@cocotb.test(timeout_time=40, timeout_unit="ms")
async def requests_by_message(dut):
    """Interrupts by message."""
    bench = BlkBench(dut)
    await bench.start()
    await bench.bring_up([16] * QUEUES, WANTED, msi=True)
    assert await load(bench, ROUNDS) > ROUNDS
    assert not int(dut.irq.value)


@cocotb.test(timeout_time=40, timeout_unit="ms")
async def full_queue(dut):
    """Many more requests than slots, and a disk that takes few at once: headers that wait to be read do not hold up the
    data that the disk has."""
    slow = MemoryTiming(ar_ready=0.7, aw_ready=0.3, r_valid=0.7, ready_after_valid=True, outstanding=4)
    bench = BlkBench(dut, MemoryTiming(), slow)
    await bench.start()
    await bench.bring_up([64] * QUEUES, WANTED)
    buffers, content = {}, bench.content
    for number in range(60):
        kind, sector = bench.rng.choice((IN, IN, OUT, FLUSH)), number % (SECTORS - 3)
        data = content[sector * SECTOR : (sector + bench.rng.choice((1, 1, 4))) * SECTOR] if kind != FLUSH else b""
        readable, rooms = (
            ([header(kind, sector)], [len(data), 1]) if kind == IN else ([header(kind, sector), data], [1])
        )
        buffer = await bench.add(0, list(filter(None, readable)), rooms, indirect=True)
        buffers[buffer] = data if kind == IN else b""
    await bench.kick()
    for buffer in await bench.collect(0, len(buffers)):
        assert buffer.received() == buffers.pop(buffer) + bytes([OK])
    assert bench.content == content  # what was written was there before
    await bench.healthy()


@cocotb.test(timeout_time=40, timeout_unit="ms")
async def plain_rings(dut):
    """Neither indirect descriptors nor event index accepted."""
    bench = BlkBench(dut)
    await bench.start()
    await bench.bring_up([8] * QUEUES, WANTED, rings=0)
    assert await load(bench, ROUNDS) > ROUNDS


@cocotb.test(timeout_time=40, timeout_unit="ms")
@covers("DEV-4")
async def identity(dut):
    """Configuration space, features and name."""
    bench = BlkBench(dut)
    await bench.start()
    assert await bench.registers.read(Register.DEVICE_ID) == 2
    assert await bench.config(0) == SECTORS and await bench.config(4) == 0
    assert await bench.config(12) == 62, "seg_max"
    assert await bench.config(20) == SECTOR and await bench.config(34, 2) == QUEUES
    assert await bench.config(60) == 0
    offered = await bench.offered()
    assert offered & 0xFFFFFF == 0x244 | (0x1000 if QUEUES > 1 else 0)
    await bench.bring_up([16] * QUEUES, WANTED)
    buffer = await bench.one(8, room=21)
    assert buffer.received() == NAME + b"\0" and buffer.written == 21


@cocotb.test(timeout_time=40, timeout_unit="ms")
async def read_only(dut):
    """DEV-6: RO is offered, and nothing is written whether it is accepted or not."""
    bench = BlkBench(dut)
    await bench.start()
    for wanted in (WANTED, WANTED & ~RO):
        dut.read_only.value = 1
        features = await bench.bring_up([16] * QUEUES, wanted)
        assert bool(features & RO) == bool(wanted & RO)
        before = bench.content
        buffer = await bench.one(OUT, 1, bytes(512))
        assert buffer.received() == bytes([IOERR]) and bench.content == before
        assert (await bench.one(IN, 1, room=513)).received() == before[512:1024] + bytes([OK])
    dut.read_only.value = 0
    assert not await bench.bring_up([16] * QUEUES, WANTED) & RO
    assert (await bench.one(OUT, 1, bytes(512))).received() == bytes([OK])


@cocotb.test(timeout_time=40, timeout_unit="ms")
@covers("DEV-13")
async def capacity_changes(dut):
    """DEV-13, MMIO-56: a new capacity is told with a new generation, and not without a change."""
    bench = BlkBench(dut)
    await bench.start()
    for msi in (False, True):
        dut.capacity.value = SECTORS
        await bench.bring_up([16] * QUEUES, WANTED, msi=msi)
        await bench.cycles(50)
        assert bench.config_changes == 0 and not int(dut.irq.value) and not bench.messages.counts
        for capacity in (SECTORS - 1, 1 << 40, SECTORS):
            before = await bench.registers.read(Register.CONFIG_GENERATION)
            assert before == await bench.registers.read(Register.CONFIG_GENERATION)
            dut.capacity.value = capacity
            assert await bench.interrupt(100)
            assert bench.config_changes == 1
            bench.config_changes = 0
            assert await bench.registers.read(Register.CONFIG_GENERATION) != before
            assert await bench.config(0) | await bench.config(4) << 32 == capacity
            status = (await bench.one(IN, min(SECTORS, capacity) - 1, room=513)).received()[-1]
            assert status == OK
    await bench.healthy()


@cocotb.test(timeout_time=40, timeout_unit="ms")
async def errors_on_the_buses(dut):
    """SLVERR and DECERR of either memory are IOERR; a status that cannot be written stops the device."""
    bench = BlkBench(dut)
    await bench.start()
    await bench.bring_up([16] * QUEUES, WANTED)
    for place in (0, 8, 64, 120, 128, 504):  # beats of the disk's bursts: first, second, middle, last
        bench.disk_axi.fail_range(SECTOR + place, 1, writes=False)
        assert (await bench.one(IN, 0, room=1025)).received()[-1] == IOERR, f"byte {place} of a sector fails"
        assert (await bench.one(IN, 2, room=513)).received() == bench.content[2 * SECTOR : 3 * SECTOR] + bytes([OK])
        bench.disk_axi.clear_errors()
    for place in (0, 8, 250, 505, 511):  # of what is written, read from the driver's memory
        before, payload = bench.content, bench.rng.randbytes(SECTOR)
        buffer = await bench.submit(header(OUT, 5) + payload, 1)
        at = 16 + place
        for address, part in buffer.readable:
            if 0 <= at < len(part):
                bench.axi.fail_range(address + at, 1, writes=False)
            at -= len(part)
        await bench.kick()
        await bench.collect(0, 1)
        bench.axi.clear_errors()
        assert buffer.received()[-1] == IOERR, f"byte {place} of the data to write fails"
        assert bench.content[: 5 * SECTOR] + bench.content[6 * SECTOR :] == before[: 5 * SECTOR] + before[6 * SECTOR :]
    for kind, room, data in ((IN, 513, b""), (OUT, 1, bytes(512))):
        bench.disk_axi.fail_range(0, SECTOR)
        assert (await bench.one(kind, 0, data, room)).received()[-1] == IOERR
        bench.disk_axi.clear_errors()
        before = bench.content
        buffer = await bench.submit(header(kind, 0) + data, room)
        where = buffer.writable[0][0] if kind == IN else buffer.readable[-1][0] + len(buffer.readable[-1][1]) - 1
        status_alone = kind == OUT or len(buffer.writable) > 1 or buffer.writable[0][1] > 64
        if status_alone:
            bench.axi.fail_range(where, 1)
            await bench.kick()
            await bench.collect(0, 1)
            bench.axi.clear_errors()
            assert buffer.received()[-1] == IOERR
            if kind == OUT:
                assert bench.content[SECTOR:] == before[SECTOR:]
        else:
            await bench.kick()
            await bench.collect(0, 1)
        assert (await bench.one(kind, 0, data, room)).received()[-1] == OK
    buffer = await bench.submit(header(FLUSH), 1)
    bench.axi.fail_range(buffer.writable[0][0], 1)
    await bench.kick()
    assert await bench.interrupt()
    assert bench.config_changes == 1
    assert await bench.registers.read(Register.STATUS) & StatusBit.DEVICE_NEEDS_RESET
    assert not bench.queues[0].used()
    bench.axi.clear_errors()
    await bench.bring_up([16] * QUEUES, WANTED)
    assert (await bench.one(FLUSH)).received() == bytes([OK])


@cocotb.test(timeout_time=40, timeout_unit="ms")
async def resets(dut):
    """MMIO-12: a reset in the middle of requests; no memory is touched after its answer, and the device works again."""
    bench = BlkBench(dut)
    await bench.start()
    writes = []
    bench.axi.on_write(lambda write: writes.append(bench.clock.cycle))
    bench.disk_axi.on_write(lambda write: writes.append(bench.clock.cycle))
    for number in range(2 * ROUNDS):
        bench.axi.timing, bench.disk_axi.timing = MemoryTiming.drawn(bench.rng), MemoryTiming.drawn(bench.rng)
        await bench.bring_up([16] * QUEUES, WANTED, msi=bool(number & 1))
        for _ in range(bench.rng.randint(1, 8)):
            request = draw(bench.rng, bench.content, NAME)
            if request.readable or request.room:
                await bench.submit(request.readable, request.room)
        await bench.kick()
        await bench.cycles(bench.rng.randint(1, 400))
        await bench.reset()
        answered = bench.clock.cycle
        assert bench.axi.outstanding == 0 and bench.disk_axi.outstanding == 0
        bench.messages.counts.clear()
        await bench.cycles(100)
        assert not [cycle for cycle in writes if cycle > answered] and not bench.messages.counts
        assert not int(dut.irq.value)
        await bench.bring_up([16] * QUEUES, WANTED, msi=bool(number & 1))
        sector = bench.rng.randrange(SECTORS)
        expected = bench.content[sector * SECTOR : (sector + 1) * SECTOR]
        assert (await bench.one(IN, sector, room=513)).received() == expected + bytes([OK])
    await bench.healthy()


async def starts_anew(bench: BlkBench) -> None:
    """Queue 0 begins with new rings, and a read is served."""
    old = bench.queues[0]
    bench.queues[0] = type(old)(bench.memory, 16, old.features, placement=old.placement, rng=bench.rng)
    await bench.enable(0)
    while int(bench.dut.irq.value):
        await bench.interrupt()
    assert (await bench.one(IN, 3, room=513)).received() == bench.content[3 * 512 : 4 * 512] + bytes([OK])


@cocotb.test(timeout_time=40, timeout_unit="ms")
async def stopped_queue(dut):
    """MMIO-38: QueueReady = 0 with requests under way; nothing is written after its answer; the queue starts anew."""
    bench = BlkBench(dut)
    await bench.start()
    await bench.bring_up([16] * QUEUES, WANTED)
    for _ in range(2 * ROUNDS):
        for _ in range(bench.rng.randint(1, 8)):
            await bench.submit(header(IN, bench.rng.randrange(SECTORS)), 513)
        await bench.kick()
        await bench.cycles(bench.rng.randint(1, 300))
        await bench.registers.write(Register.QUEUE_SEL, 0)
        await bench.registers.write(Register.QUEUE_READY, 0)
        assert bench.axi.outstanding == 0
        before = bench.memory.read(0x4000_0000, 1 << 16)
        await bench.cycles(200)
        assert bench.memory.read(0x4000_0000, 1 << 16) == before
        await starts_anew(bench)
    await bench.healthy()


@cocotb.test(timeout_time=40, timeout_unit="ms")
@covers("V-15", "C-11")
async def a_stop_waits_for_no_disk(dut):
    """QueueReady = 0 is answered while the disk gives no data, or takes none. No request touches memory afterwards, not
    even when the disk goes on; the queue starts anew."""
    bench = BlkBench(dut, MemoryTiming(read_latency=(1, 9), write_latency=(1, 9)))
    await bench.start()
    await bench.bring_up([16] * QUEUES, WANTED)
    for number in range(4 * ROUNDS):
        bench.disk_axi.timing, content = MemoryTiming(), bench.content
        for _ in range(2):
            sector = bench.rng.randrange(SECTORS - 4)
            data = content[sector * SECTOR : (sector + 4) * SECTOR]
            requests = (header(IN, sector), 4 * SECTOR + 1), (header(OUT, sector) + data, 1)
            await bench.submit(*requests[number % 2])
        await bench.kick()
        await bench.cycles(bench.rng.randint(40, 400))
        bench.disk_axi.timing = MemoryTiming(w_ready=0.0, r_valid=0.0, b_valid=0.0)
        await bench.cycles(bench.rng.choice((0, 100)))
        begun = bench.clock.cycle
        await bench.registers.write(Register.QUEUE_SEL, 0)
        await bench.registers.write(Register.QUEUE_READY, 0)
        took = bench.clock.cycle - begun
        assert took < 600, f"the stop took {took} cycles"
        assert bench.axi.outstanding == 0
        before = bench.memory.read(0x4000_0000, 1 << 16)
        await bench.cycles(200)
        bench.disk_axi.timing = MemoryTiming()
        await bench.cycles(1500)
        assert bench.memory.read(0x4000_0000, 1 << 16) == before
        await starts_anew(bench)
        assert bench.content == content
    await bench.healthy()
