# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The virtqueue engine alone, with parameters that other tests do not have: pull queues beyond queue 0, which may take
all slots, addresses of fewer than 64 bits, short bursts and few transactions at a time."""

import cocotb
from cocotbext.virtio.bfm.axi_memory import MemoryTiming

from tb.tests.support.covers import covers
from tb.tests.support.virtqueue_bench import (
    EVENT_IDX,
    INDIRECT,
    PARAMETERS,
    RINGS,
    SIZE,
    EngineBench,
    FunctionTiming,
    Traffic,
    bench_of,
)

TOP = 1 << PARAMETERS["ADDR_WIDTH"]
FAULT_ADDRESS = 9
SLOTS = PARAMETERS["SLOTS"]
PULLED = [queue for queue in range(PARAMETERS["NUM_QUEUES"]) if PARAMETERS["PULL_QUEUES"] >> queue & 1]
MOST_ASKS = 100  # asks of a queue that may wait in the engine


def fill(queue, count: int) -> None:
    """Make *count* buffers available at once."""
    for _ in range(count):
        queue.add([b"x"], publish=False)
    queue.publish()


async def all_taken(bench: EngineBench, index: int, count: int) -> None:
    """Until the function has taken *count* buffers of a queue since the last call, and no more."""
    taken = lambda: sum(queue == index for queue, _ in bench.taken)  # noqa: E731
    await bench.until(lambda: taken() >= count, 3000, f"{count} buffers of queue {index} are taken")
    await bench.clock.cycles(150)
    assert taken() == count, f"{taken()} buffers of queue {index}, {count} were due"
    bench.taken.clear()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-12")
async def each_pull_queue_by_itself(dut, ring):
    """Each queue has buffers: a pull queue gives as many as were asked of it, another queue all; `none` names the one
    that has nothing."""
    bench = bench_of(dut, ring)
    await bench.start()
    queues = [bench.make_queue(index, 16) for index in range(bench.queues)]
    for index, queue in enumerate(queues):
        fill(queue, 5)
        bench.kick(index)
    await bench.clock.cycles(300)
    reads: list = []
    bench.axi.on_read(reads.append)
    await bench.clock.cycles(100)
    assert not reads, "a pull queue that may give nothing is looked at again and again"
    for index in range(bench.queues):
        if index not in PULLED:
            await all_taken(bench, index, 5)
    assert not bench.taken, "a pull queue gives a buffer without an ask"
    for index in PULLED:
        bench.nones.clear()
        for count in (2, 3):
            bench.ask(index, count)
            await all_taken(bench, index, count)
        assert not bench.nones
        bench.ask(index)
        await bench.clock.cycles(150)
        assert bench.nones == [index] and not bench.taken
        queue = queues[index]
        queue.used()
        fill(queue, 1)
        bench.kick_for(index, queue)
        await all_taken(bench, index, 1)
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-12", "C-18")
async def more_asks_than_a_turn_takes(dut, ring):
    """32 buffers, or as many as there are slots, are asked for at once, and are there: all of them come."""
    bench = bench_of(dut, ring)
    await bench.start()
    index = PULLED[-1]
    queue = bench.make_queue(index, 64)
    for count in (32, SLOTS):
        bench.function = FunctionTiming(done=0.0)
        bench.ask(index, count)
        await bench.until(lambda: not bench.asks, 500, "all asks are taken")
        fill(queue, count)
        bench.kick_for(index, queue)
        await all_taken(bench, index, count)
        bench.function = FunctionTiming()
        used: list = []
        await bench.until(lambda: used.extend(queue.used()) or len(used) == count, 3000, "all are used")  # noqa: B023
    bench.ask(index)  # so that the engine waits for a kick
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(lost=["heads", "slots"], then=["buffers", "asks"])
@covers("V-12", "V-15")
async def asks_outlive_a_stop(dut, lost, then):
    """A queue is stopped with buffers that the function has not taken, in slots or still without one: their asks count
    on, for the buffers that come and for the asks that may wait. Another queue's asks are counted by themselves."""
    bench = bench_of(dut, "split")
    await bench.start()
    count = 10
    for index, other in (PULLED, PULLED[::-1]) if then == "buffers" else (PULLED,):
        bench.function = FunctionTiming(done=0.0)
        others = bench.make_queue(other, 64)
        held = SLOTS if lost == "heads" else 1
        fill(others, held)
        bench.ask(other, held)
        bench.kick(other)
        await all_taken(bench, other, held)
        bench.function.take = 0.0
        queue = bench.make_queue(index, 64)
        fill(queue, count)
        bench.ask(index, count)
        bench.kick(index)
        await bench.clock.cycles(300)
        await bench.stop_queue(index)
        bench.function = FunctionTiming()
        await bench.until(lambda: not bench.held, 3000, "the function has nothing left")
        left = count - len(bench.taken)
        assert count - left <= (lost == "slots"), "more than the one that was being offered is taken after the stop"
        bench.taken.clear()
        if then == "asks":
            bench.ask(index, MOST_ASKS)
            await bench.clock.cycles(300)
            assert len(bench.asks) == left, f"{len(bench.asks)} asks wait at the port, {left} have no room"
            left += MOST_ASKS
        queue = bench.make_queue(index, 128)
        fill(queue, left + 1)
        bench.kick(index)
        await all_taken(bench, index, left)
        if then == "asks":
            assert not bench.asks, "an ask waits though there is room for it"
            bench.ask(other, MOST_ASKS)
            await bench.clock.cycles(300)
            assert not bench.asks, "asks of one queue take the room of another one's"
            bench.ask(other)
            await bench.clock.cycles(50)
            assert bench.asks, "the engine takes asks without end"
        await bench.reset_device()
    await bench.finish(compare=False)


@cocotb.test(timeout_time=50, timeout_unit="ms")
@covers("V-12")
async def asks_of_no_queue(dut):
    """Asks of queues that do not exist are not taken, whatever their lower bits say."""
    bench = bench_of(dut, "split")
    await bench.start()
    for index in (bench.queues, 4, 4 + PULLED[0], 0x8000 + PULLED[0]):
        bench.asks.append(index)
        await bench.clock.cycles(20)
        assert bench.asks, f"the engine takes an ask of queue {index}"
        await bench.reset_device()
        await bench.clock.cycles(4)


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("A-1")
async def short_bursts(dut, ring):
    """Rings, chains, tables and data in many short bursts, as many at a time as the engine may have."""
    bench = bench_of(dut, ring, EVENT_IDX | INDIRECT, timing=MemoryTiming(read_latency=(9, 30), write_latency=(20, 40)))
    await bench.start()
    queues = [bench.make_queue(index, 16) for index in (0, PULLED[0])]
    for index, queue in zip((0, PULLED[0]), queues):
        bench.ask(index, 12)
        await Traffic(bench, index, queue, 12, most=100, parts=5).run(5000)
    bench.ask(PULLED[0])  # so that the engine waits for a kick
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("fault 9")
async def beyond_the_last_address(dut, ring):
    """Areas and parts with one bit above those of an address, and areas that end at the last address or beyond it."""
    bench = bench_of(dut, ring)
    bench.memory.ranges = (*bench.memory.ranges, (TOP - SIZE, SIZE))
    await bench.start()
    size = 8
    good = bench.make_queue(0, size, announce=False).layout
    layouts = [
        (good._replace(**{f"{area}_area": getattr(good, f"{area}_area") | 1 << bit}), True)
        for area in ("descriptor", "driver", "device")
        for bit in (PARAMETERS["ADDR_WIDTH"], 63)
    ]
    layouts.append((good._replace(descriptor_area=TOP - 16 * size - 16), False))
    layouts.append((good._replace(descriptor_area=TOP - 16 * size), False))
    layouts.append((good._replace(descriptor_area=TOP - 16 * size + 16), True))
    if ring == "split":
        layouts.append((good._replace(driver_area=TOP - 2 * size - 6), False))
        layouts.append((good._replace(driver_area=TOP - 2 * size - 4), True))
        layouts.append((good._replace(device_area=TOP - 8 * size - 8), False))
        layouts.append((good._replace(device_area=TOP - 8 * size - 4), True))
    for layout, wrong in layouts:
        bench.announce(0, layout)
        bench.kick(0)
        await bench.clock.cycles(60)
        assert bench.fault() == (FAULT_ADDRESS if wrong else None), f"{layout}: fault {bench.fault()}"
        await bench.reset_device()
    for bit, length in ((PARAMETERS["ADDR_WIDTH"], 4), (63, 4), (63, 0)):
        queue = bench.make_queue(0, size)
        buffer = queue.add([b"some", b"more"], [8], publish=False)
        address, place = buffer.readable[1][0] | 1 << bit, queue.descriptor(buffer, 1)
        queue.memory.write(place, address.to_bytes(8, "little") + length.to_bytes(4, "little"))
        queue.publish()
        bench.kick(0)
        await bench.until(lambda: queue.used() or bench.fault() is not None, 1000, "it is used, or a fault")  # noqa: B023
        assert bench.fault() == (FAULT_ADDRESS if length else None), f"bit {bit}, {length} bytes: {bench.fault()}"
        await bench.reset_device()


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=bool(PARAMETERS.get("SUPPRESS_KICKS", 1)))
@cocotb.parametrize(ring=RINGS)
async def never_told_not_to_kick(dut, ring):
    """With SUPPRESS_KICKS = 0 a driver without event index is not told to kick less, however much there is to do."""
    bench = bench_of(dut, ring, features=0)
    await bench.start()
    queue = bench.make_queue(0, 16)
    words: list[bytes] = []  # of used.flags, or of the device event structure
    bench.axi.on_write(
        lambda write: words.extend(data for address, data in write.runs() if address == queue.layout.device_area)
    )
    await Traffic(bench, 0, queue, 12, most=40, parts=2).run(5000)
    await bench.finish()
    assert not any(map(any, words)), f"the driver is told not to kick: {words}"
    assert int(dut.count_kicks_suppressed.value) == 0
