# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The virtqueue engine alone: good drivers, any memory, any function; resets and stops of queues in mid-work."""

import random

import cocotb
from cocotbext.virtio.bfm.axi_memory import MemoryTiming

from tb.tests.support.covers import covers
from tb.tests.support.settings import limited
from tb.tests.support.virtqueue_bench import (
    EVENT_IDX,
    FEATURES,
    PACKED,
    PARAMETERS,
    RINGS,
    VERSION_1,
    EngineBench,
    FunctionTiming,
    Traffic,
    response,
)

# Cycles without a used buffer. With bursts of one beat, one at a time, engine_smallest took up to 8,343 on a slow bus.
LIMIT = 8_000 if PARAMETERS["MAX_BURST"] > 1 else 24_000


def features_of(rng: random.Random, round: int) -> int:
    """What the driver accepts: nothing, everything, or anything of what is built in."""
    if round < 2:
        return FEATURES if round else VERSION_1
    return VERSION_1 | sum(1 << bit for bit in range(64) if FEATURES >> bit & 1 and bit != 32 and rng.random() < 0.5)


async def traffic(bench: EngineBench, total: int, **options) -> None:
    """Buffers on the first two queues until all are used."""
    rng = bench.rng
    packed = bench.features & PACKED
    tasks = []
    for index in range(limited("queues", min(2, bench.queues))):
        size = rng.choice((3, 5, 16, 64) if packed else (4, 16, 64))
        tasks.append(Traffic(bench, index, bench.make_queue(index, size), total, **options))
    running = [cocotb.start_soon(task.run(LIMIT)) for task in tasks]
    try:
        for task in running:
            await task
    finally:
        for task in running:
            task.cancel()


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("V-2", "C-8")
async def one_buffer(dut):
    """One buffer with both directions, ideal memory: data, used element, event."""
    bench = EngineBench(dut, random.Random(1))
    await bench.start()
    bench.ask(0)
    await Traffic(bench, 0, bench.make_queue(0, 8), 1).run(3000)
    assert bench.events == [0]
    await bench.finish()


@cocotb.test(timeout_time=500, timeout_unit="ms")
@cocotb.parametrize(round=range(4))
@covers(
    "V-2",
    "V-3",
    "V-4",
    "V-5",
    "V-6",
    "V-7",
    "V-9",
    "V-10",
    "V-11",
    "V-13",
    "V-16",
    "A-1",
    "A-2",
    "C-1",
    "C-2",
    "C-3",
    "C-4",
    "C-5",
    "C-8",
    "C-14",
    "C-15",
    "C-17",
    "MMIO-55",
    "PACKED-9",
    "PACKED-13",
)
async def any_buffers(dut, round):
    """Any memory, any function, any cut, any features."""
    rng = random.Random(cocotb.RANDOM_SEED * 1000 + round)
    features = features_of(rng, round)
    latency = limited("latency", rng.choice((4, 30, 150)))
    timing, function = MemoryTiming.drawn(rng, latency), FunctionTiming.drawn(rng)
    if round == 1:
        function.early = 0.7  # everything at once: slots come back before their data are answered
    bench = EngineBench(dut, rng, features, timing=timing, function=function)
    bench.event_ready = rng.choice((1.0, 0.3, 0.05))
    await bench.start()
    pulls = PARAMETERS["PULL_QUEUES"]
    asking = cocotb.start_soon(bench.ask_always()) if pulls else None
    await traffic(bench, 15, empty=True)
    if asking:
        asking.cancel()
    await bench.finish()


@cocotb.test(timeout_time=500, timeout_unit="ms")
@cocotb.parametrize(
    ring=RINGS,
    by=["flags", "index"] if FEATURES & EVENT_IDX else ["flags"],
)
@covers("V-8", "C-13", "MMIO-54", "PACKED-13")
async def wishes(dut, ring, by):
    """Exactly the interrupts that the driver wishes for (SPLIT-10 to SPLIT-13, PACKED-12, -13): none, each one, or the
    n-th."""
    rng, features = random.Random(4), PACKED * (ring == "packed") | EVENT_IDX * (by == "index")
    bench = EngineBench(dut, rng, VERSION_1 | features)
    await bench.start()
    bench.ask(0, 90)
    queue = bench.make_queue(0, 15 if features & PACKED else 16)
    gate = PARAMETERS.get("EVENT_CYCLES", 0)  # an event may wait so long for more of them
    for _ in range(12):
        parts = [
            rng.randint(1, min(3, bench.longest))
            for _ in range(rng.randint(1, 4 if features & EVENT_IDX or not gate else 1))
        ]
        places = sum(parts) if features & PACKED else len(parts)  # of the ring, which event indices count
        if features & EVENT_IDX:
            after = rng.randint(1, places + 1)
            queue.interrupt_after(after)
            expected = int(after <= places)
        else:
            wanted = rng.random() < 0.5
            queue.want_interrupts(wanted)
            expected = len(parts) if wanted else 0
        before = len(bench.events)
        for count in parts:  # one buffer after the other, so that each is decided on by itself
            queue.add([b"wish"] * (count - 1), [4])
            bench.kick(0)
            await bench.clock.cycles(130)
        await bench.clock.cycles(100 + gate)
        assert len(queue.used()) == len(parts)
        assert len(bench.events) - before == expected, f"{len(bench.events) - before} events, {expected} wished for"
    await bench.finish()


@cocotb.test(timeout_time=500, timeout_unit="ms")
@covers("V-14", "C-9")
async def longest_chains(dut):
    """A chain that fills the ring, and one of MAX_CHAIN descriptors, direct and in a table, one after the other."""
    bench = EngineBench(dut, random.Random(9), FEATURES)
    await bench.start()
    most = PARAMETERS["MAX_CHAIN"]
    for index, size in enumerate((1, 4, 1 << most.bit_length() - 1)[: bench.queues]):
        queue = bench.make_queue(index, size)
        if queue.event_idx:
            queue.interrupt_after(1)
        for indirect in (False, True, False) if queue.indirect else (False, False):
            parts = min(size, most)
            readable = [bench.rng.randbytes(bench.rng.randint(1, 9)) for _ in range(parts // 2)]
            buffer = queue.add(readable, [3] * (parts - len(readable)), indirect=indirect)
            bench.ask(index)
            bench.kick(index, queue.kick_value(index))
            used = []
            for _ in range(1000):
                await bench.clock.cycles(10)
                used += queue.used()
                if used:
                    break
            assert used == [buffer], f"a chain of {parts} in a queue of {size}: fault {bench.fault()}"
            assert buffer.received() == response(b"".join(readable), 3 * (parts - len(readable)))
    assert bench.fault() is None


@cocotb.test(timeout_time=500, timeout_unit="ms")
@cocotb.parametrize(kind=["reset", "stop"])
@covers("V-1", "V-13", "V-15", "C-11", "C-19", "MMIO-38", "MMIO-42")
async def in_mid_work(dut, kind):
    """A device reset, or a stop of one queue, at any time: nothing of the old life is touched afterwards, all works."""
    rng = random.Random(cocotb.RANDOM_SEED + len(kind))
    bench = EngineBench(dut, rng, features_of(rng, 2), timing=MemoryTiming.drawn(rng, 40))
    await bench.start()
    pulls = PARAMETERS["PULL_QUEUES"]
    for life in range(6):
        asking = cocotb.start_soon(bench.ask_always()) if pulls else None
        bench.axi.timing = MemoryTiming.drawn(rng, rng.choice((4, 30)))
        bench.function = FunctionTiming.drawn(rng)
        tasks = [
            Traffic(bench, index, bench.make_queue(index, 16), 1000, most=rng.choice((30, 600)))
            for index in range(min(2, bench.queues))
        ]
        running = [cocotb.start_soon(task.run(LIMIT)) for task in tasks]
        await bench.clock.cycles(rng.randint(50, 900))
        for task in running[:1] if kind == "stop" else running:
            task.cancel()
        if asking:
            asking.cancel()
        if kind == "reset":
            await bench.reset_device()
            bench.features = features_of(rng, life + 2) & FEATURES
            dut.driver_features.value = bench.features
        else:
            await bench.stop_queue(0)
            if len(running) > 1:  # the other queue goes on, and ends
                asking = cocotb.start_soon(bench.ask_always()) if pulls else None
                tasks[1].total = tasks[1].sent
                await running[1]
                if asking:
                    asking.cancel()
                await bench.stop_queue(1)
    await bench.reset_device()
    asking = cocotb.start_soon(bench.ask_always()) if pulls else None
    await traffic(bench, 6)
    if asking:
        asking.cancel()
    await bench.finish()
