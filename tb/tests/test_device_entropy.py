# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The entropy source behind the endpoint, driven over a plain memory."""

import random

import cocotb
from cocotbext.virtio.devices import EntropyDevice
from cocotbext.virtio.devices.device_service import DeviceService

from tb.tests.support.covers import covers
from tb.tests.support.device_bench import DeviceBench


@cocotb.test(timeout_time=5, timeout_unit="ms")
@cocotb.parametrize(msi=[False, True])
@covers("device rings")
async def fills_buffers(dut, msi):
    """Every byte of a buffer comes from the source, in order, and differs from buffer to buffer."""
    bench = DeviceBench(dut)
    source = EntropyDevice(random.Random(5))
    DeviceService(bench.interface, bench.memory, source)
    await bench.start()
    await bench.set_up(msi, without=1 << 29)
    queue = bench.queues[0]
    buffers = [queue.add([], [10, 22]), queue.add([], [64], indirect=True)]
    await bench.kick()
    assert queue.used() == buffers and [buffer.written for buffer in buffers] == [32, 64]
    assert (
        b"".join(buffer.received() for buffer in buffers)
        == source.given
        == random.Random(5).randbytes(32) + random.Random(5).randbytes(96)[32:]
    )
    assert await bench.interrupts(msi) == 1
    await bench.finish("events", "kicks")
