# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The virtqueue engine alone: what a buffer costs in cycles, beside the bound of the bus and of the memory's latency.

Figures are logged, not judged: only that every buffer came back is.
"""

import random

import cocotb
from cocotbext.virtio.bfm.axi_memory import MemoryTiming

from tb.tests.support.virtqueue_bench import (
    EVENT_IDX,
    FEATURES,
    INDIRECT,
    NOTIFICATION_DATA,
    PACKED,
    PARAMETERS,
    VERSION_1,
    EngineBench,
    FunctionTiming,
)

LATENCIES = (1, 20, 100, 300)
SLOTS = PARAMETERS["SLOTS"]
WIDTH = PARAMETERS["DATA_WIDTH"]


def eager() -> FunctionTiming:
    """A function without a cycle of its own."""
    return FunctionTiming(early=1.0, pieces=1, writes_first=True)


async def ideal_bench(dut, latency: int, features: int) -> EngineBench:
    """A bench that has started, with a memory of this latency and no stalls, and buffers side by side."""
    bench = EngineBench(dut, random.Random(7), features, function=eager())
    bench.axi.timing = MemoryTiming(read_latency=(latency, latency), write_latency=(latency, latency))
    await bench.start()
    bench.placement.alignment = 64
    bench.placement.rng = None
    return bench


async def kick_accepted(bench: EngineBench, queue) -> int:
    """Kick; the cycle in which the engine takes it."""
    bench.kick(0, queue.kick_value(0))
    while bench.kicks:
        await bench.clock.edge
    return bench.clock.cycle


async def idle(bench: EngineBench, queue, readable, writable, indirect=False) -> int:
    """Cycles from a kick accepted to its event accepted, the engine asleep before."""
    before = len(bench.events)
    queue.add(readable, writable, indirect=indirect)
    start = await kick_accepted(bench, queue)
    while len(bench.events) == before:
        await bench.clock.edge
    cycles = bench.clock.cycle - start
    assert len(queue.used()) == 1
    await bench.clock.cycles(8 * bench.axi.timing.read_latency[1] + 200)
    return cycles


async def second_idle(bench: EngineBench, queue, readable, writable, indirect: bool = False) -> int:
    """Cycles from kick to event of the second of two buffers: the first one teaches how long the queue's chains are."""
    cycles = 0
    for _ in range(2):
        if queue.event_idx:
            queue.interrupt_after(1)
        cycles = await idle(bench, queue, readable, writable, indirect)
    return cycles


async def loaded(bench: EngineBench, queue, readable, writable, count: int) -> float:
    """Cycles for each of *count* buffers that are all available at once; of the second and third quarter of them."""
    for _ in range(count):
        queue.add(readable, writable, publish=False)
    queue.publish()
    bench.kick(0, queue.kick_value(0))
    done, begin, end = 0, None, None
    while done < count:
        done += len(queue.used())
        now = bench.clock.cycle, done
        if begin is None and done >= count // 4:
            begin = now
        if end is None and done >= 3 * count // 4:
            end = now
        await bench.clock.cycles(2)
    return (end[0] - begin[0]) / (end[1] - begin[1])


@cocotb.test(timeout_time=500, timeout_unit="ms")
@cocotb.parametrize(latency=LATENCIES)
async def figures(dut, latency):
    """Idle and loaded, as a disk and as a network card would use the engine."""
    L = latency
    bench = await ideal_bench(dut, L, VERSION_1 | FEATURES & EVENT_IDX | FEATURES & PACKED)
    bench.ask(0, 90)
    queue = bench.make_queue(0, 256, rng=None)
    queue.memory.write(queue.layout.driver_area, bytes(4))
    rows = []
    for name, readable, writable, promise in (
        ("idle, 512-byte read", [bytes(16)], [512, 1], 7 * L + 150),
        ("idle, 64-byte packet sent", [bytes(64)], [], 7 * L + 80),
        ("idle, 64-byte packet received", [], [64], 6 * L + 80),
    ):
        rows.append((name, await second_idle(bench, queue, readable, writable), promise))
    for name, readable, writable, promise in (
        ("loaded, 512-byte reads", [bytes(16)], [512, 1], max(72, (3 * L + 110) / SLOTS)),
        ("loaded, 512-byte writes", [bytes(16), bytes(512)], [1], max(80, (3 * L + 110) / SLOTS)),
        ("loaded, 64-byte packets sent", [bytes(64)], [], max(15, (3 * L + 40) / SLOTS)),
        ("loaded, 64-byte packets received", [], [64], max(14, (2 * L + 35) / SLOTS)),
    ):
        count = 240 // (len(readable) + len(writable)) // 2
        rows.append((name, await loaded(bench, queue, readable, writable, max(count, 60)), promise))
    for name, cycles, promise in rows:
        dut._log.info(f"L={L}: {name}: {cycles:.1f} cycles, promised {promise:.1f}")
    assert len(rows) == 7


async def walked(bench: EngineBench, queue, parts: int, count: int) -> float:
    """Cycles for each descriptor of *count* indirect tables that are all available at once, of the second half of them.

    All descriptors but the last are of no bytes, so nothing but descriptors needs the bus.
    """
    for _ in range(count):
        queue.add([b""] * (parts - 1) + [b"x"], [], indirect=True, publish=False)
    queue.publish()
    await kick_accepted(bench, queue)
    handed, begin = 0, 0
    while handed < count:
        await bench.clock.edge
        if int(bench.dut.req_valid.value) and int(bench.dut.req_ready.value):
            handed += 1
            if handed == count // 2:
                begin = bench.clock.cycle
    cycles = bench.clock.cycle - begin
    done = 0
    while done < count:
        await bench.clock.edge
        done += len(queue.used())
    await bench.clock.cycles(8 * bench.axi.timing.read_latency[1] + 200)
    return cycles / ((count - count // 2) * parts)


@cocotb.test(timeout_time=500, timeout_unit="ms")
@cocotb.parametrize(latency=LATENCIES)
async def long_requests(dut, latency):
    """Requests of 4 KiB, a request behind an indirect table, and the descriptors of long tables."""
    L = latency
    bench = await ideal_bench(dut, L, VERSION_1 | FEATURES & (EVENT_IDX | PACKED | INDIRECT))
    bench.ask(0, 200)
    queue = bench.make_queue(0, 256, rng=None)
    queue.memory.write(queue.layout.driver_area, bytes(4))
    for name, readable, writable in (
        ("4 KiB reads", [bytes(16)], [4096, 1]),
        ("4 KiB writes", [bytes(16), bytes(4096)], [1]),
    ):
        cycles = await loaded(bench, queue, readable, writable, 24)
        dut._log.info(f"L={L}: loaded, {name}: {4096 / cycles:.2f} bytes a cycle, promised 7.7")
        await bench.clock.cycles(8 * L + 200)
    if FEATURES & INDIRECT:
        cycles = await second_idle(bench, queue, [bytes(16)], [512, 1], indirect=True)
        dut._log.info(f"L={L}: idle, 512-byte read, indirect table: {cycles} cycles, promised {8 * L + 165}")
        each = await walked(bench, queue, 48, 60)
        promise = 2 if WIDTH == 64 else 1
        dut._log.info(f"L={L}: loaded, indirect tables of 48: {each:.2f} cycles a descriptor, promised {promise}")


@cocotb.test(timeout_time=500, timeout_unit="ms")
@cocotb.parametrize(latency=LATENCIES)
async def kinds_of_rings(dut, latency):
    """An idle 512-byte read with each kind of ring that is built in, and with the promise of NOTIFICATION_DATA."""
    L = latency
    promises = {
        0: 7 * L + 150,
        NOTIFICATION_DATA: 6 * L + 150,
        PACKED: 6 * L + 130,
        PACKED | NOTIFICATION_DATA: 5 * L + 130,
    }
    kinds = [kind for kind in promises if kind & FEATURES == kind]
    bench = await ideal_bench(dut, L, VERSION_1)
    for kind in kinds:
        bench.features = VERSION_1 | kind | FEATURES & EVENT_IDX
        dut.driver_features.value = bench.features
        queue = bench.make_queue(0, 256, rng=None)
        queue.memory.write(queue.layout.driver_area, bytes(4))
        bench.ask(0, 2)
        cycles = await second_idle(bench, queue, [bytes(16)], [512, 1])
        rings = "packed" if kind & PACKED else "split"
        promise = " with NOTIFICATION_DATA" if kind & NOTIFICATION_DATA else ""
        dut._log.info(f"L={L}: {rings}{promise}: {cycles} cycles, promised {promises[kind]}")
        await bench.reset_device()
        bench.events.clear()
