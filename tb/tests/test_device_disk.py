"""The disk behind the endpoint, driven over a plain memory."""

import random

import cocotb
from cocotbext.virtio.agents.registers import Access
from cocotbext.virtio.devices.split_queue import RING_EVENT_IDX, RING_INDIRECT_DESC, DescriptorFlag
from cocotbext.virtio.devices.virtio_block import SECTOR, Request, Status, VirtioBlock
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, Register, StatusBit

from tb.tests.support.covers import covers
from tb.tests.support.device_bench import DeviceBench

EVENT_IDX, INDIRECT = 1 << RING_EVENT_IDX, 1 << RING_INDIRECT_DESC
SECTORS = 16


async def disk_bench(dut) -> tuple[DeviceBench, VirtioBlock]:
    """A bench with a disk of random content."""
    bench = DeviceBench(dut)
    disk = VirtioBlock(bench.interface, bench.memory, random.randbytes(SECTORS * SECTOR))
    await bench.start()
    return bench, disk


def header(kind: int, sector: int = 0) -> bytes:
    """The first readable part of a request."""
    return kind.to_bytes(4, "little") + bytes(4) + sector.to_bytes(8, "little")


def result(bench: DeviceBench, queue: int = 0) -> tuple[bytes, int, int]:
    """Data, status and written length of the one request that is done."""
    ((head, written),) = bench.queues[queue].used()
    received = bench.queues[queue].received(head)
    return received[:-1], received[-1], written


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
    heads = [queue.add([header(Request.IN, sector)], [SECTOR, 1]) for sector in range(5)]
    await bench.kick()
    assert [head for head, _ in queue.used()] == heads
    for sector, head in enumerate(heads):
        assert queue.received(head)[:-1] == disk.data[sector * SECTOR :][:SECTOR]
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
        assert queue.kick_wanted_at == queue.available == number
        assert await bench.interrupts(msi=True) == (number == 2)
    await bench.finish("messages")


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("device rings", "MMIO-56", "MMIO-57")
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


def loop(queue):
    """Two descriptors that follow each other for ever."""
    address = queue.place(bytes(16))
    for index in (0, 1):
        queue.descriptor(index, address, 16, DescriptorFlag.NEXT, 1 - index)
    queue.offer(0)


def outside(queue):
    """A buffer that is not memory."""
    queue.descriptor(0, 0x10, 16, 0)
    queue.offer(0)


def no_such_descriptor(queue):
    """A head beyond the table."""
    queue.offer(queue.entries)


def read_after_write(queue):
    """A part to read behind one to write."""
    address = queue.place(bytes(16))
    queue.descriptor(0, address, 16, DescriptorFlag.NEXT | DescriptorFlag.WRITE, 1)
    queue.descriptor(1, address, 16, 0)
    queue.offer(0)


def ragged_table(queue):
    """An indirect table that is no whole number of descriptors."""
    queue.descriptor(0, queue.place(bytes(32)), 24, DescriptorFlag.INDIRECT)
    queue.offer(0)


def table_in_table(queue):
    """An indirect table that points to another one."""
    table = queue.place(bytes(16))
    queue.descriptor(0, table, 16, DescriptorFlag.INDIRECT, table=table)
    queue.descriptor(0, table, 16, DescriptorFlag.INDIRECT)
    queue.offer(0)


def too_far_ahead(queue):
    """More available than the queue has entries."""
    for _ in range(queue.entries + 1):
        queue.offer(0)


@cocotb.test(timeout_time=5, timeout_unit="ms")
@cocotb.parametrize(
    fault=[loop, outside, no_such_descriptor, read_after_write, ragged_table, table_in_table, too_far_ahead]
)
@covers("device rings", "MMIO-20")
async def broken_rings(dut, fault):
    """A driver that breaks a rule makes the device ask for a reset, with which all is well again."""
    bench, disk = await disk_bench(dut)
    await bench.set_up(msi=False)
    fault(bench.queues[0])
    await bench.kick()
    assert disk.error and disk.requests == 0
    assert await bench.read(Register.STATUS) & StatusBit.DEVICE_NEEDS_RESET
    await bench.set_up(msi=False)
    assert not await bench.read(Register.STATUS) & StatusBit.DEVICE_NEEDS_RESET
    bench.queues[0].add([header(Request.IN)], [SECTOR, 1])
    await bench.kick()
    assert result(bench)[:2] == (bytes(disk.data[:SECTOR]), Status.OK)
    await bench.finish("events")


@cocotb.test(timeout_time=5, timeout_unit="ms")
@cocotb.parametrize(gap=list(range(8)))
@covers("device rings", "MMIO-12")
async def reset_in_the_middle(dut, gap):
    """A reset at any moment of the service: nothing is written after it, and the next life starts anew."""
    bench = DeviceBench(dut)
    disk = VirtioBlock(bench.interface, bench.memory, random.randbytes(SECTORS * SECTOR), latency=(0, 0))
    await bench.start()
    await bench.set_up(msi=False)
    bench.queues[0].add([header(Request.IN)], [SECTOR, 1])
    await bench.interface.registers.burst(
        [Access(True, Register.QUEUE_NOTIFY), Access(True, Register.STATUS, address_delay=gap, data_delay=gap)]
    )
    before = bytes(bench.memory.data)
    await bench.cycles(50)
    assert bench.memory.data == before and bench.interface.line.level == 0
    await bench.set_up(msi=False)
    bench.queues[0].add([header(Request.IN, 1)], [SECTOR, 1])
    await bench.kick()
    assert result(bench)[:2] == (bytes(disk.data[SECTOR : 2 * SECTOR]), Status.OK)
    await bench.finish("kicks")


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("device rings", "MMIO-18")
async def slow_device(dut):
    """A device that begins with a kick long after a reset, when the queues are ready again: it waits for DRIVER_OK."""
    bench = DeviceBench(dut)
    VirtioBlock(bench.interface, bench.memory, bytes(SECTORS * SECTOR), latency=(2000, 2000))
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
