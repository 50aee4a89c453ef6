# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The console behind the endpoint, driven over a plain memory."""

import cocotb
from cocotbext.virtio.devices import ConsoleDevice
from cocotbext.virtio.devices.console import EMERG_WR, RECEIVE, TRANSMIT
from cocotbext.virtio.devices.device_service import DeviceService
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, Register
from cocotbext.virtio.rings import driver_queue

from tb.tests.support.covers import covers
from tb.tests.support.device_bench import DeviceBench


@cocotb.test(timeout_time=5, timeout_unit="ms")
@cocotb.parametrize(msi=[False, True])
@covers("device rings")
async def both_ways(dut, msi):
    """Output arrives whole; input waits for buffers, fills them in order, and is not sent twice."""
    bench = DeviceBench(dut)
    console = ConsoleDevice()
    DeviceService(bench.interface, bench.memory, console)
    heard = []
    await bench.start()
    await bench.write(CONFIG_WINDOW_OFFSET + EMERG_WR, ord("!"))  # before anything else (DEV-23)
    assert console.output == b"!"
    console.output.clear()
    console.on_output(heard.append)
    await bench.set_up(msi, without=1 << 29)
    receive, transmit = bench.queues[RECEIVE], bench.queues[TRANSMIT]
    sent = transmit.add([b"hello ", b"world"], [])
    await bench.kick(TRANSMIT)
    assert (
        transmit.used() == [sent]
        and sent.written == 0
        and heard == [b"hello world"]
        and console.output == b"hello world"
    )
    assert await bench.interrupts(msi) == 1

    console.type(b"0123456789")
    await bench.cycles(50)
    assert await bench.interrupts(msi) == 0
    buffers = [receive.add([], [4]) for _ in range(4)]
    await bench.kick(RECEIVE)
    used = receive.used()
    assert used == buffers[:3] and [buffer.written for buffer in used] == [4, 4, 2]
    assert b"".join(buffer.received(buffer.written) for buffer in used) == b"0123456789"
    assert await bench.interrupts(msi) >= 1
    console.type(b"!")  # into the buffer that is still there
    await bench.cycles(50)
    assert receive.used() == [buffers[3]] and buffers[3].received(buffers[3].written) == b"!"
    assert await bench.interrupts(msi) == 1
    await bench.finish("events", "kicks")


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("MMIO-12")
async def reset_forgets_buffers(dut):
    """A buffer of before a reset is not written to."""
    bench = DeviceBench(dut)
    console = ConsoleDevice()
    DeviceService(bench.interface, bench.memory, console)
    await bench.start()
    await bench.set_up(msi=False)
    receive = bench.queues[RECEIVE]
    buffer = receive.add([], [4])
    await bench.kick(RECEIVE)
    await bench.negotiate()
    console.type(b"late")
    await bench.cycles(400)
    assert receive.used() == [] and buffer.received() == bytes(4)
    await bench.finish("kicks")


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("device rings")
async def restarted_queue(dut):
    """A queue that was stopped and is ready again begins at its first position, and its old buffers are not used."""
    bench = DeviceBench(dut)
    console = ConsoleDevice()
    DeviceService(bench.interface, bench.memory, console)
    await bench.start()
    await bench.set_up(msi=False, without=1 << 29)
    for number in range(3):
        old = bench.queues[RECEIVE]
        kept = old.add([], [4])
        await bench.kick(RECEIVE)
        await bench.write(Register.QUEUE_SEL, RECEIVE)
        await bench.write(Register.QUEUE_READY, 0)
        console.type(b"ab%d" % number)
        await bench.cycles(100)
        queue = driver_queue(bench.memory, bench.ENTRIES, old.features, placement=old.placement, layout=old.layout)
        bench.queues[RECEIVE] = queue
        await bench.write(Register.QUEUE_READY, 1)
        buffer = queue.add([], [8])
        await bench.kick(RECEIVE)
        assert queue.used() == [buffer] and buffer.received(buffer.written) == b"ab%d" % number
        assert kept.received() == bytes(4)
    await bench.finish("kicks")
