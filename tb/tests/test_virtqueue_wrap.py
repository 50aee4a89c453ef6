# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The virtqueue engine alone: positions that go round the end of the largest rings, and indices beyond 2^16.

No test has time for 65,536 buffers: the bench writes the engine's positions, which Icarus alone permits.
"""

import random

import cocotb

from tb.tests.support.covers import covers
from tb.tests.support.virtqueue_bench import (
    FEATURES,
    INDIRECT,
    NOTIFICATION_DATA,
    PACKED,
    PARAMETERS,
    VERSION_1,
    EngineBench,
    Traffic,
)

LIMIT = 8_000  # cycles without a used buffer


@cocotb.test(timeout_time=500, timeout_unit="ms")
@cocotb.parametrize(size=[8, 32_768])
@covers("V-14", "C-6")
async def indices_wrap(dut, size):
    """Split indices go beyond 2^16, and round the largest ring: driver and engine are put right before it, as after so
    many buffers (C-6)."""
    bench = EngineBench(dut, random.Random(3), FEATURES & ~(PACKED | NOTIFICATION_DATA))
    await bench.start()
    fetch = dut.fetcher[0].split_ring.fetch
    for start in (65_530, 65_533, 65_535) if size == 8 else (size - 5,):
        queue = bench.make_queue(0, size)
        queue.set_available(start)
        queue.seen = queue._kicked = queue._interrupted = start
        queue.memory.write(queue.layout.device_area + 2, start.to_bytes(2, "little"))
        queue.memory.write(queue.used_ring + 8 * queue.size, start.to_bytes(2, "little"))  # avail_event
        await bench.clock.cycles(5)
        fetch.kept[0].value = start | start << 16
        await goes_on(bench, queue, fetch, start, start)
        await bench.reset_device()


@cocotb.test(timeout_time=500, timeout_unit="ms", skip=not PARAMETERS["RING_PACKED"])
@covers("V-14", "C-5")
async def largest_packed_ring(dut):
    """Driver and engine are put right before the end of a packed ring of 32,768 slots; the wrap counters change."""
    start = 32_750
    bench = EngineBench(dut, random.Random(3), PACKED | VERSION_1 | INDIRECT)
    await bench.start()
    queue = bench.make_queue(0, 32_768)
    queue.made = queue.seen = queue._published = queue._kicked = queue._interrupted = start
    await bench.clock.cycles(5)
    fetch = dut.fetcher[1].packed_ring_fetch.fetch
    fetch.kept[0].value = 1 << 16 | 0x8000 | start  # kicks are asked for
    await goes_on(bench, queue, fetch, start, 0x8000 | start)
    assert queue.seen > queue.size


async def goes_on(bench: EngineBench, queue, fetch, start: int, position: int) -> None:
    """Tell the other parts of the engine where they are, and send buffers."""
    dut = bench.dut
    fetch.has_kept.value = 1
    dut.completion.positions[0].value = position
    dut.completion.has_position.value = 1
    dut.publish.told[0].value = position
    dut.publish.has_told.value = 1
    await bench.clock.cycles(2)
    asking = cocotb.start_soon(bench.ask_always())
    await Traffic(bench, 0, queue, 20, most=40).run(LIMIT)
    asking.cancel()
    assert queue.seen >= start + 20
    assert bench.fault() is None
