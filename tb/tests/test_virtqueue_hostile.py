# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The virtqueue engine alone: drivers and memories that break the rules, and what the engine says about it."""

import functools
import os
import random

import cocotb
from cocotbext.virtio.bfm.axi_memory import MemoryTiming
from cocotbext.virtio.memory_transactions import SLVERR
from cocotbext.virtio.rings.hostile import CATALOGUE, Surroundings, hostile_layouts

from tb.tests.support.covers import covers
from tb.tests.support.virtqueue_bench import (
    BASE,
    FEATURES,
    IN_ORDER,
    INDIRECT,
    PACKED,
    PARAMETERS,
    RINGS,
    SIZE,
    VERSION_1,
    EngineBench,
    FailedBeats,
    FunctionTiming,
    Traffic,
    response,
)

HOLE = BASE + SIZE + (1 << 16)
FORGIVING = PARAMETERS.get("ON_CHAIN_ERROR", 0)
LIVES = int(os.environ.get("TB_BEAT_LIVES", "10"))


async def served_or_stopped(bench: EngineBench, code: int | None, name: str) -> None:
    """The engine reports *code* and asks for a reset; or, with None, gives every buffer back."""
    dut = bench.dut
    if code is None:
        await bench.until(lambda: bench.events, 4000, f"{name}: an event")
        assert bench.fault() is None, f"{name}: fault {bench.fault()}"
        return
    await bench.until(lambda: bench.fault() is not None, 4000, f"{name}: fault {int(code)}")
    assert bench.fault() == code, f"{name}: fault {bench.fault()}, expected {int(code)}"
    assert int(dut.needs_reset.value), f"{name}: needs_reset is low"
    assert int(dut.fault_queue.value) == 0


@cocotb.test(timeout_time=500, timeout_unit="ms")
@cocotb.parametrize(kind=RINGS)
@covers(
    "fault 1",
    "fault 2",
    "fault 3",
    "fault 4",
    "fault 5",
    "fault 6",
    "fault 7",
    "fault 8",
    "fault 9",
    "fault 11",
    "fault 12",
    "C-7",
    "C-9",
    "C-10",
)
async def catalogue(dut, kind):
    """Every case of the catalogue: the fault that belongs to it, or service; a good queue works after the reset."""
    if FORGIVING:
        return  # what a chain error does there is the next test
    rng = random.Random(5)
    bench = EngineBench(dut, rng, VERSION_1)
    around = Surroundings(PARAMETERS["ADDR_WIDTH"], HOLE)
    await bench.start()
    told = 0
    for indirect in (0, INDIRECT):
        bench.features = (VERSION_1 | indirect | PACKED * (kind == "packed")) & FEATURES
        for case in CATALOGUE:
            dut.driver_features.value = bench.features
            queue = bench.make_queue(0, min(8, PARAMETERS["MAX_CHAIN"]))
            if indirect and not queue.indirect:
                break
            if not case.fits(queue, around) or (indirect and case.indirect is None and rng.random() < 0.7):
                bench.layouts.clear()
                bench._start.clear()
                continue
            queue.add([b"before"])
            bench.ask(0, 8)
            bench.kick(0, queue.kick_value(0))
            await bench.until(lambda: queue.used(), 3000, f"before {case.name}")  # noqa: B023
            await bench.until(lambda: bench.events, 3000, f"before {case.name}: the event")
            bench.events.clear()
            case.apply(queue, rng, around)
            bench.kick(0, queue.kick_value(0))
            await served_or_stopped(bench, case.code, case.name)
            told += 1
            await bench.reset_device()
            bench.events.clear()
            assert bench.fault() is None, f"{case.name}: the fault is there after the reset"
    assert told > 10
    for layout in hostile_layouts(bench.make_queue(0, 8, announce=False).layout, kind == "packed", around.address_bits):
        if not 0 < layout.layout.size <= 256 or layout.layout.size & (layout.layout.size - 1):
            continue  # refused by the transport
        bench.announce(0, layout.layout)
        bench.kick(0)
        bench.ask(0)
        await served_or_stopped(bench, layout.code, layout.name)
        await bench.reset_device()
    bench.ask(0, 8)
    await Traffic(bench, 0, bench.make_queue(0, 8), 5).run(5000)
    assert not bench.wrong


@cocotb.test(timeout_time=500, timeout_unit="ms")
@covers("fault 10", "C-19")
async def memory_errors(dut):
    """SLVERR on rings is fault 10; on data it is told to the function, which gives the buffer back all the same."""
    rng = random.Random(6)
    bench = EngineBench(dut, rng, VERSION_1 | FEATURES & INDIRECT)
    await bench.start()
    for area in ("descriptor_area", "driver_area", "device_area"):
        queue = bench.make_queue(0, 8)
        bench.axi.fail_range(getattr(queue.layout, area), 32, SLVERR)
        queue.add([b"x" * 8], [8])
        bench.ask(0)
        bench.kick(0)
        await served_or_stopped(bench, 10, area)
        bench.axi.clear_errors()
        await bench.reset_device()
        bench.events.clear()
    for direction in ("readable", "writable"):
        for early in (0.0, 1.0):
            bench.function.early = early
            queue = bench.make_queue(0, 8)
            buffer = queue.add([b"y" * 40], [24])
            address = getattr(buffer, direction)[0][0]
            bench.axi.fail_range(address, 8, SLVERR)
            bench.ask(0)
            bench.kick(0)
            await bench.until(lambda: bench.events, 3000, f"{direction}: the event")
            assert bench.fault() is None
            used = queue.used()
            assert len(used) == 1
            if direction == "writable" and early:
                assert used[0].written == 0, "the second done counts"
            bench.axi.clear_errors()
            await bench.reset_device()
            bench.events.clear()
    # A function that gives up.
    bench.give_up_on_error, bench.function.early = True, 1.0
    queue = bench.make_queue(0, 8)
    buffer = queue.add([], [24])
    bench.axi.fail_range(buffer.writable[0][0], 8, SLVERR)
    bench.ask(0)
    bench.kick(0)
    await served_or_stopped(bench, 10, "given up")
    assert not queue.used()


@cocotb.test(timeout_time=500, timeout_unit="ms", skip=not FORGIVING)
@cocotb.parametrize(in_order=[False, True])
@covers("C-18")
async def forgiven(dut, in_order):
    """With ON_CHAIN_ERROR = 1 a bad split chain is given back with length 0, more often than there are slots; all goes
    on."""
    rng = random.Random(8)
    bench = EngineBench(dut, rng, VERSION_1 | INDIRECT | IN_ORDER * in_order)
    around = Surroundings(PARAMETERS["ADDR_WIDTH"], HOLE)
    await bench.start()
    count = 0
    while count <= PARAMETERS["SLOTS"] + 4:
        for case in CATALOGUE:
            queue = bench.make_queue(0, 8)
            if not case.fits(queue, around) or case.code is None or case.code in (1, 2, 10, 11):
                bench.layouts.clear()
                bench._start.clear()
                continue
            case.apply(queue, rng, around)
            bench.kick(0)
            await bench.until(lambda: bench.events, 3000, f"{case.name}: the event")
            assert bench.fault() is None, f"{case.name}: fault {bench.fault()}"
            used = queue.used()
            assert len(used) == 1 and used[0].written == 0, case.name
            bench.events.clear()
            await Traffic(bench, 0, queue, 1).run(3000)
            bench.events.clear()
            await bench.stop_queue(0)
            count += 1
    assert not bench.wrong


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=not FORGIVING)
@cocotb.parametrize(in_order=[False, True])
@covers("C-18")
async def forgiven_behind_others(dut, in_order):
    """With ON_CHAIN_ERROR = 1 a bad chain waits behind good ones, which the function does not take for a while: it is
    given back with length 0, and the function never has it."""
    bench = EngineBench(dut, random.Random(9), VERSION_1 | IN_ORDER * in_order)
    await bench.start()
    queue = bench.make_queue(0, 8)
    for _ in range(4):
        bench.function.take = 0.0
        bench.taken.clear()
        buffers = [queue.add([b"x"], [4], publish=False) for _ in range(3)]
        queue.memory.write(queue.descriptor(buffers[2]) + 14, queue.size.to_bytes(2, "little"))  # next
        queue.publish()
        bench.kick(0)
        await bench.clock.cycles(300)
        bench.function.take = 1.0
        used: list = []
        await bench.until(lambda: used.extend(queue.used()) or len(used) == 3, 2000, "all are used")  # noqa: B023
        assert [buffer.written for buffer in buffers] == [4, 4, 0]
        assert len(bench.taken) == 2, "the function gets a bad chain"
    await bench.finish()


# Faults that a descriptor has beside fault 9: what is told, flags to set and clear, next, length; kinds of rings, and
# whether INDIRECT is accepted.
F_NEXT, F_WRITE, F_INDIRECT, F_AVAIL = 1, 2, 4, 1 << 7
SECOND_FAULTS = {
    "next beyond the table": (9, F_NEXT, 0, 8, 8, ["split"], False),
    "readable behind a writable one": (9, 0, F_WRITE, 0, 8, ["split", "packed"], False),
    "a table, and none is accepted": (5, F_INDIRECT, 0, 0, 16, ["split", "packed"], False),
    "a table, and the chain goes on": (6, F_INDIRECT | F_NEXT, 0, 0, 16, ["split"], True),
    "a table within a chain": (6, F_INDIRECT, 0, 0, 16, ["packed"], True),
    "a table of half an entry": (7, F_INDIRECT, 0, 0, 8, ["split"], True),
    "not available": (12, 0, F_AVAIL, 0, 8, ["packed"], False),
    "its read fails": (10, 0, 0, 0, 8, ["split", "packed"], False),
}


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=bool(FORGIVING) or PARAMETERS["MAX_CHAIN"] < 9)
@cocotb.parametrize(kind=RINGS)
@covers("fault 9")
async def two_faults_of_one_descriptor(dut, kind):
    """The second descriptor of a chain ends beyond the last address and has another fault, or the last one of a table
    is one too many, too: 5, 6, 7, 10 and 12 are told before 9, and 9 before 3, 4 and 8."""
    bench = EngineBench(dut, random.Random(10), VERSION_1)
    await bench.start()
    beyond = ((1 << PARAMETERS["ADDR_WIDTH"]) - 4).to_bytes(8, "little")

    async def told(name: str, code: int) -> None:
        bench.ask(0)
        bench.kick(0)
        await served_or_stopped(bench, code, name)
        bench.axi.clear_errors()
        await bench.reset_device()

    for name, (code, to_set, to_clear, following, length, kinds, indirect) in SECOND_FAULTS.items():
        bench.features = (VERSION_1 | INDIRECT * indirect | PACKED * (kind == "packed")) & FEATURES
        if kind not in kinds or indirect != bool(bench.features & INDIRECT):
            continue
        dut.driver_features.value = bench.features
        queue = bench.make_queue(0, 8)
        buffer = queue.add([], [8, 8], publish=False)
        place = queue.descriptor(buffer, 1)
        number, flags = (place + 12, place + 14) if kind == "packed" else (place + 14, place + 12)
        old = int.from_bytes(queue.memory.read(flags, 2), "little")
        queue.memory.write(place, beyond + length.to_bytes(4, "little"))
        queue.memory.write(flags, (old & ~to_clear | to_set).to_bytes(2, "little"))
        queue.memory.write(number, following.to_bytes(2, "little"))
        if code == 10:
            bench.axi.fail_range(place, 16, SLVERR)
        queue.publish()
        await told(name, code)
    bench.features = (VERSION_1 | INDIRECT | PACKED * (kind == "packed")) & FEATURES
    if not bench.features & INDIRECT:
        return
    dut.driver_features.value = bench.features
    queue = bench.make_queue(0, 8)
    buffer = queue.add([b"x", b"x"], indirect=True, publish=False)
    entry = bench.placement.place(9, 16).to_bytes(8, "little") + (1).to_bytes(4, "little")
    ends = [(0, 0) if kind == "packed" else (F_NEXT, number) for number in range(1, 9)]
    pairs = [(pair[1], pair[0]) if kind == "packed" else pair for pair in [*ends, (0, 0)]]
    table = b"".join(entry + a.to_bytes(2, "little") + b.to_bytes(2, "little") for a, b in pairs)
    table = table[: 8 * 16] + beyond + (8).to_bytes(4, "little") + bytes(4)
    address = bench.placement.place(len(table), 16)
    queue.memory.write(address, table)
    queue.memory.write(queue.reference(buffer), address.to_bytes(8, "little") + len(table).to_bytes(4, "little"))
    queue.publish()
    await told("one too many", 9)


@cocotb.test(timeout_time=500, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("fault 10", "C-19")
async def single_beats_fail(dut, ring):
    """Any beat of any read may fail: a buffer is used with all its bytes right, or the function was told of an error in
    its data, or the engine stops with fault 10 for one in its rings. $TB_BEAT_LIVES is how often a queue begins."""
    rng = random.Random(cocotb.RANDOM_SEED)
    packed = PACKED * (ring == "packed")
    bench = EngineBench(dut, rng, VERSION_1 | packed)
    bench.refuse_unread = True
    failed = FailedBeats(bench)
    await bench.start()
    right = refused = stopped = 0
    for _ in range(LIVES):
        bench.features = (VERSION_1 | packed | rng.getrandbits(40) & ~(PACKED | IN_ORDER)) & FEATURES
        dut.driver_features.value = bench.features
        bench.axi.timing = MemoryTiming.drawn(rng, rng.choice((4, 30)))
        bench.axi.timing.beat_error_chance = rng.choice((0.002, 0.01, 0.03))
        bench.function = FunctionTiming.drawn(rng)
        queue = bench.make_queue(0, 16)
        tables: list[tuple[int, int]] = []
        sent = done = 0
        begun = bench.clock.cycle
        while bench.fault() is None and done < 20:
            while sent < 20 and queue.free >= 6 and rng.random() < 0.7:
                parts = [rng.randbytes(rng.randint(1, 300)) for _ in range(rng.randint(1, 3))]
                indirect = queue.indirect and rng.random() < 0.5
                buffer = queue.add(parts, [rng.randint(1, 90)], indirect=indirect, publish=False)
                tables += [(buffer.table, 16 * len(parts) + 16)] * indirect
                bench.ask(0)
                sent += 1
            queue.publish()
            bench.kick_for(0, queue)
            await bench.clock.cycles(rng.randint(1, 200))
            assert not bench.wrong, bench.wrong
            assert bench.clock.cycle - begun < 60_000, f"{done} of {sent} used after 60000 cycles, and no fault"
            for buffer in queue.used():
                done += 1
                if buffer.written:
                    sent_to = b"".join(data for _, data in buffer.readable)
                    assert buffer.written == buffer.writable_size
                    assert buffer.received() == response(sent_to, buffer.written), "used with wrong bytes, no error"
                    right += 1
                else:
                    assert failed.hit((place, len(data)) for place, data in buffer.readable), "an error of no beat"
                    refused += 1
        if bench.fault() is not None:
            layout, stopped = queue.layout, stopped + 1
            assert bench.fault() == 10
            rings = (layout.descriptor_area, 16 * 16), (layout.driver_area, 6 + 2 * 16)
            # A read is told of with its last beat, and the engine stops at the beat that failed.
            told = functools.partial(failed.hit, [*rings, *tables])
            await bench.until(told, 2000, "the ring access that failed, of fault 10")
        bench.axi.timing.beat_error_chance = 0.0
        await bench.reset_device()
        bench.events.clear()
        failed.clear()
    assert right > 2 * LIVES and refused and stopped, (right, refused, stopped)
    bench.refuse_unread = False
    queue = bench.make_queue(0, 8)
    bench.ask(0, 5)
    await Traffic(bench, 0, queue, 5).run(5000)
    await bench.finish()
