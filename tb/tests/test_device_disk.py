# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The disk behind the endpoint, driven over rings in memory."""

import random

import cocotb
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.devices import BlockDevice
from cocotbext.virtio.devices.block import SECTOR, Request, Status
from cocotbext.virtio.devices.device_service import DeviceService
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, Register, StatusBit
from cocotbext.virtio.rings import RingFeature
from cocotbext.virtio.rings.hostile import CATALOGUE, Surroundings

from tb.tests.support.covers import covers
from tb.tests.support.device_bench import DeviceBench

EVENT_IDX, INDIRECT = RingFeature.EVENT_IDX.mask, RingFeature.INDIRECT_DESC.mask
SECTORS = 16


async def disk_bench(dut) -> tuple[DeviceBench, BlockDevice]:
    """A bench with a disk of random content."""
    bench = DeviceBench(dut)
    disk = BlockDevice(random.randbytes(SECTORS * SECTOR))
    DeviceService(bench.interface, bench.memory, disk)
    await bench.start()
    return bench, disk


def header(kind: int, sector: int = 0) -> bytes:
    """The first readable part of a request."""
    return kind.to_bytes(4, "little") + bytes(4) + sector.to_bytes(8, "little")


def result(bench: DeviceBench, queue: int = 0) -> tuple[bytes, int, int]:
    """Data, status and written length of the one request that is done."""
    (buffer,) = bench.queues[queue].used()
    received = buffer.received()
    return received[:-1], received[-1], buffer.written


@cocotb.test(timeout_time=5, timeout_unit="ms")
@cocotb.parametrize(msi=[False, True], indirect=[False, True])
@covers("device rings")
async def reads_and_writes(dut, msi, indirect):
    """What is written is read again, however it is cut into parts, on every queue, with one interrupt each."""
    bench, disk = await disk_bench(dut)
    await bench.set_up(msi, without=EVENT_IDX)
    for index, queue in enumerate(bench.queues):
        before = bytes(disk.data)
        queue.add([header(Request.IN, 2)], [100, 2 * SECTOR - 100, 1], indirect)
        await bench.kick(index)
        assert result(bench, index) == (before[2 * SECTOR : 4 * SECTOR], Status.OK, 2 * SECTOR + 1)
        assert await bench.interrupts(msi) == 1
        data = random.randbytes(SECTOR)
        queue.add([header(Request.OUT, 5)[:7], header(Request.OUT, 5)[7:] + data[:9], data[9:]], [1], indirect)
        await bench.kick(index)
        assert result(bench, index) == (b"", Status.OK, 1)
        assert disk.data == before[: 5 * SECTOR] + data + before[6 * SECTOR :]
        assert await bench.interrupts(msi) == 1
    await bench.finish("events", "kicks")


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("device rings")
async def other_requests(dut):
    """FLUSH, the name, a type that does not exist, and sectors beyond the end."""
    bench, disk = await disk_bench(dut)
    await bench.set_up(msi=False)
    queue = bench.queues[0]
    before = bytes(disk.data)
    for request, room, expected in (
        (header(Request.FLUSH), 0, (b"", Status.OK, 1)),
        (header(Request.GET_ID), 20, (b"rtl-disk".ljust(20, b"\0"), Status.OK, 21)),
        (header(99), 0, (b"", Status.UNSUPP, 1)),
        (header(Request.OUT, SECTORS) + bytes(SECTOR), 0, (b"", Status.IOERR, 1)),
        (header(Request.IN, SECTORS - 1), 2 * SECTOR, (bytes(2 * SECTOR), Status.IOERR, 0)),
    ):
        queue.add([request], [room, 1] if room else [1], indirect=True)
        await bench.kick()
        assert result(bench) == expected
    assert disk.data == before and disk.requests == 5
    await bench.finish("events")


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("device rings")
async def many_at_once(dut):
    """Buffers made available together are used together, in order, and reported once."""
    bench, disk = await disk_bench(dut)
    await bench.set_up(msi=True, without=EVENT_IDX)
    queue = bench.queues[0]
    buffers = [queue.add([header(Request.IN, sector)], [SECTOR, 1]) for sector in range(5)]
    await bench.kick()
    assert queue.used() == buffers
    for sector, buffer in enumerate(buffers):
        assert buffer.received()[:-1] == disk.data[sector * SECTOR :][:SECTOR]
    assert await bench.interrupts(msi=True) == 1
    queue.want_interrupts(False)
    queue.add([header(Request.FLUSH)], [1], indirect=True)
    await bench.kick()
    assert len(queue.used()) == 1 and await bench.interrupts(msi=True) == 0
    await bench.finish("messages")


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("device rings")
async def event_index(dut):
    """With EVENT_IDX an interrupt comes when the index that the driver named is passed, and not before; the device
    names the index at which it wants the next kick. Indices wrap."""
    bench, _ = await disk_bench(dut)
    await bench.set_up(msi=True)
    queue = bench.queues[0]
    queue.interrupt_at(1)
    for number in range(1, bench.ENTRIES + 1):
        queue.want_interrupts(False)  # counts for nothing here
        queue.add([header(Request.FLUSH)], [1], indirect=True)
        await bench.kick()
        assert len(queue.used()) == 1
        assert queue.kick_wanted_at == queue.published == number
        assert await bench.interrupts(msi=True) == (number == 2)
    await bench.finish("messages")


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("MMIO-56", "MMIO-57")
async def capacity_change(dut):
    """A disk that grows counts the generation up, and tells the driver by a configuration change."""
    bench, disk = await disk_bench(dut)
    await bench.set_up(msi=True)
    generation = await bench.read(Register.CONFIG_GENERATION)
    assert await bench.read(CONFIG_WINDOW_OFFSET) == SECTORS
    disk.grow(bytes(3 * SECTOR))
    await bench.cycles(20)
    assert await bench.read(CONFIG_WINDOW_OFFSET) == SECTORS + 3
    assert await bench.read(Register.CONFIG_GENERATION) != generation
    (message,) = bench.messages
    assert (message.address, message.data) == bench.message_of(0)
    await bench.finish("messages")


@cocotb.test(timeout_time=20, timeout_unit="ms")
@cocotb.parametrize(indirect=[False, True])
@covers("device rings", "MMIO-20")
async def broken_rings(dut, indirect):
    """A driver that breaks a rule makes the device ask for a reset, with which all is well again."""
    bench, disk = await disk_bench(dut)
    around = Surroundings(hole=0x10)
    cases = [case for case in CATALOGUE if case.code is not None]
    tried = 0
    for case in cases:
        await bench.set_up(msi=False, without=0 if indirect else INDIRECT)
        queue = bench.queues[0]
        if not case.fits(queue, around):
            continue
        tried += 1
        served = disk.requests
        case.apply(queue, random, around)
        await bench.kick()
        assert disk.error and f"fault {int(case.code)}" in disk.error, f"{case.name}: {disk.error}"
        assert disk.requests == served
        assert await bench.read(Register.STATUS) & StatusBit.DEVICE_NEEDS_RESET, case.name
    assert tried > 8
    await bench.set_up(msi=False)
    assert not await bench.read(Register.STATUS) & StatusBit.DEVICE_NEEDS_RESET
    bench.queues[0].add([header(Request.IN)], [SECTOR, 1])
    await bench.kick()
    assert result(bench)[:2] == (bytes(disk.data[:SECTOR]), Status.OK)
    await bench.finish("events")


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("device rings", "MMIO-20")
async def parts_outside_memory(dut):
    """Data that cannot be reached is an I/O error; a status that cannot be written makes the device ask for a reset."""
    bench, disk = await disk_bench(dut)
    await bench.set_up(msi=False)
    queue = bench.queues[0]
    request = queue.add([header(Request.IN)], [SECTOR, 1], publish=False)
    bench.memory.write(queue.descriptor(request, 1), (0x10).to_bytes(8, "little"))
    queue.publish()
    await bench.kick()
    assert result(bench)[1:] == (Status.IOERR, 0) and not disk.error
    request = queue.add([header(Request.IN)], [SECTOR, 1], publish=False)
    bench.memory.write(queue.descriptor(request, 2), (0x10).to_bytes(8, "little"))
    queue.publish()
    await bench.kick()
    assert disk.error and await bench.read(Register.STATUS) & StatusBit.DEVICE_NEEDS_RESET
    await bench.finish("events")


@cocotb.test(timeout_time=5, timeout_unit="ms")
@cocotb.parametrize(gap=list(range(8)))
@covers("device rings", "MMIO-12")
async def reset_in_the_middle(dut, gap):
    """A reset at any moment of the service: nothing is written after it, and the next life starts anew."""
    bench = DeviceBench(dut)
    disk = BlockDevice(random.randbytes(SECTORS * SECTOR))
    DeviceService(bench.interface, bench.memory, disk, latency=(0, 0))
    await bench.start()
    await bench.set_up(msi=False)
    bench.queues[0].add([header(Request.IN)], [SECTOR, 1])
    await bench.interface.registers.burst(
        [Access(True, Register.QUEUE_NOTIFY), Access(True, Register.STATUS, address_delay=gap, data_delay=gap)]
    )
    before = bench.memory.image()
    await bench.cycles(50)
    assert bench.memory.image() == before and bench.interface.line_monitor.level == 0
    await bench.set_up(msi=False)
    bench.queues[0].add([header(Request.IN, 1)], [SECTOR, 1])
    await bench.kick()
    assert result(bench)[:2] == (bytes(disk.data[SECTOR : 2 * SECTOR]), Status.OK)
    await bench.finish("kicks")


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("MMIO-18")
async def slow_device(dut):
    """A device that begins with a kick long after a reset, when the queues are ready again: it waits for DRIVER_OK."""
    bench = DeviceBench(dut)
    DeviceService(bench.interface, bench.memory, BlockDevice(bytes(SECTORS * SECTOR)), latency=(2000, 2000))
    await bench.start()
    await bench.set_up(msi=False)
    await bench.write(Register.QUEUE_NOTIFY, 0)
    await bench.set_up(msi=False, driver_ok=False)
    bench.queues[0].add([header(Request.IN)], [SECTOR, 1])
    await bench.cycles(5000)
    assert bench.queues[0].used() == []
    await bench.driver_ok()
    await bench.cycles(5000)  # the kicks that DRIVER_OK gives come in any order
    assert result(bench) == (bytes(SECTOR), Status.OK, SECTOR + 1)
    await bench.finish("kicks")
