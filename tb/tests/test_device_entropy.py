"""The entropy source behind the endpoint, driven over a plain memory."""

import random

import cocotb
from cocotbext.virtio.devices.virtio_entropy import VirtioEntropy

from tb.tests.support.covers import covers
from tb.tests.support.device_bench import DeviceBench


@cocotb.test(timeout_time=5, timeout_unit="ms")
@cocotb.parametrize(msi=[False, True])
@covers("device rings")
async def fills_buffers(dut, msi):
    """Every byte of a buffer comes from the source, in order, and differs from buffer to buffer."""
    bench = DeviceBench(dut)
    source = VirtioEntropy(bench.interface, bench.memory, random.Random(5))
    await bench.start()
    await bench.set_up(msi, without=1 << 29)
    queue = bench.queues[0]
    heads = [queue.add([], [10, 22]), queue.add([], [64], indirect=True)]
    await bench.kick()
    assert queue.used() == list(zip(heads, (32, 64)))
    assert (
        b"".join(map(queue.received, heads))
        == source.given
        == random.Random(5).randbytes(32) + random.Random(5).randbytes(96)[32:]
    )
    assert await bench.interrupts(msi) == 1
    await bench.finish("events", "kicks")
