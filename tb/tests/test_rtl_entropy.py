# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""virtio_mmio_rng with a driver."""

import cocotb
from cocotb.triggers import RisingEdge
from cocotbext.virtio.registers import Register

from tb.tests.support.rtl_device_bench import DeviceBench


async def source(bench, taken):
    """Words, sometimes."""
    dut, word = bench.dut, None
    while True:
        await RisingEdge(dut.aclk)
        if word is not None and int(dut.random_ready.value):
            taken.append(word)
            word = None
        if word is None and bench.rng.random() < 0.5:
            word = bench.rng.getrandbits(32)
            dut.random_data.value = word
        dut.random_valid.value = int(word is not None)


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def entropy(dut):
    """Buffers of any size and cut come back full of the words of the source; by line and by message."""
    bench, taken = DeviceBench(dut), []
    dut.random_valid.value = 0
    await bench.start()
    cocotb.start_soon(source(bench, taken))
    assert await bench.registers.read(Register.DEVICE_ID) == 4
    assert (await bench.offered()) & 0xFFFFFF == 0
    for msi in (False, True):
        await bench.bring_up([8], msi=msi)
        for _ in range(12):
            first = len(taken)
            sizes = [bench.rng.randint(1, 40) for _ in range(bench.rng.randint(1, 4))]
            buffer = await bench.add(0, (), sizes, bench.rng.random() < 0.5)
            await bench.kick()
            assert await bench.collect(0, 1) == [buffer]
            assert buffer.written == sum(sizes)
            words = b"".join(word.to_bytes(4, "little") for word in taken[first:])
            assert buffer.received() == words[: sum(sizes)]
        readable = await bench.add(0, [b"not for reading"])
        await bench.kick()
        assert await bench.collect(0, 1) == [readable] and readable.written == 0
    await bench.healthy()


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def a_stop_waits_for_no_source(dut):
    """QueueReady = 0 is answered while the source is dry, nothing of the buffer is used, and the queue starts anew."""
    bench, taken = DeviceBench(dut), []
    dut.random_valid.value = 0
    await bench.start()
    features = await bench.bring_up([8])
    for words in range(4):
        queue = bench.queues[0]
        await bench.add(0, (), [600])
        await bench.kick()
        for _ in range(words):
            dut.random_valid.value = 1
            await RisingEdge(dut.aclk)
            while not int(dut.random_ready.value):
                await RisingEdge(dut.aclk)
            dut.random_valid.value = 0
        await bench.cycles(200)
        await bench.registers.write(Register.QUEUE_SEL, 0)
        await bench.registers.write(Register.QUEUE_READY, 0)
        assert queue.used() == []
        bench.queues[0] = bench.make_queue(8, features)
        await bench.enable(0)
    cocotb.start_soon(source(bench, taken))
    buffer = await bench.add(0, (), [600])
    await bench.kick()
    assert await bench.collect(0, 1) == [buffer] and buffer.written == 600
    assert buffer.received() == b"".join(word.to_bytes(4, "little") for word in taken)[:600]
    await bench.healthy()
