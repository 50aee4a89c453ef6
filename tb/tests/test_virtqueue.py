# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The virtqueue engine: good drivers."""

import random

import cocotb
from cocotbext.virtio.bfm.axi_memory import MemoryTiming

from tb.tests.support.virtqueue_bench import EVENT_IDX, INDIRECT, VERSION_1, EngineBench, FunctionTiming, Traffic


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def one_buffer(dut):
    """One buffer with both directions, ideal memory: data, used element, event."""
    bench = EngineBench(dut, random.Random(1))
    await bench.start()
    queue = bench.make_queue(0, 8)
    traffic = Traffic(bench, 0, queue, 1)
    await traffic.run(3000)
    assert bench.events == [0]


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def some_buffers(dut):
    """Buffers of any cut on two queues."""
    bench = EngineBench(dut, random.Random(2))
    await bench.start()
    tasks = [Traffic(bench, index, bench.make_queue(index, 16), 40) for index in range(min(2, bench.queues))]
    running = [cocotb.start_soon(task.run(5000)) for task in tasks]
    for task in running:
        await task


@cocotb.test(timeout_time=500, timeout_unit="ms")
@cocotb.parametrize(features=[0, INDIRECT, EVENT_IDX, INDIRECT | EVENT_IDX], round=range(3))
async def any_buffers(dut, features, round):
    """Any memory, any function, any cut."""
    rng = random.Random(features * 100 + round)
    bench = EngineBench(
        dut, rng, VERSION_1 | features, timing=MemoryTiming.drawn(rng, 60), function=FunctionTiming.drawn(rng)
    )
    await bench.start()
    tasks = [
        Traffic(bench, index, bench.make_queue(index, rng.choice((4, 16, 64))), 60, empty=True)
        for index in range(min(2, bench.queues))
    ]
    running = [cocotb.start_soon(task.run(20000)) for task in tasks]
    for task in running:
        await task
