# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The virtqueue engine alone: lines of the RTL that other tests did not reach, as code coverage showed."""

import cocotb
from cocotbext.virtio.bfm.axi_memory import MemoryTiming
from cocotbext.virtio.memory_transactions import SLVERR
from cocotbext.virtio.rings.layout import QueueLayout
from cocotbext.virtio.rings.placement import Placement

from tb.tests.support.covers import covers
from tb.tests.support.virtqueue_bench import (
    DRIVER_OK,
    FEATURES,
    IN_ORDER,
    INDIRECT,
    NOTIFICATION_DATA,
    PARAMETERS,
    RINGS,
    SIZE,
    EngineBench,
    FunctionTiming,
    bench_of,
    response,
)

PAGE = 4096
GATE = PARAMETERS.get("EVENT_CYCLES", 0)  # cycles that an event may wait for more of them
MOST = PARAMETERS.get("QUEUE_SLOTS", PARAMETERS["SLOTS"])  # slots of one queue


async def serve(bench: EngineBench, queue, index: int = 0, limit: int = 2000) -> None:
    """One buffer, there and back."""
    buffer = queue.add([b"good"], [40])
    bench.ask(index)
    bench.kick_for(index, queue)
    used: list = []
    await bench.until(lambda: used.extend(queue.used()) or used, limit, f"a buffer of queue {index} is used")
    assert used == [buffer]
    assert buffer.received() == response(b"good", 40)


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-15", "C-11")
async def stop_in_each_cycle(dut, ring):
    """A queue is stopped in each cycle between its kick and the rest after two buffers; then it begins anew."""
    bench = bench_of(dut, ring, timing=MemoryTiming(read_latency=(3, 3), write_latency=(3, 3)))
    await bench.start()
    for delay in range(130):
        queue = bench.make_queue(0, 8)
        bench.ask(0, 2 - bench.asked[0])
        for _ in range(2):
            queue.add([b"x"], [1])
        bench.kick(0)
        await bench.clock.cycles(delay)
        await bench.stop_queue(0, 500)
        assert not bench.axi.outstanding, f"{bench.axi.outstanding} transactions in flight after the stop"
        await bench.until(lambda: not bench.held, 500, "the function has nothing left")
    await serve(bench, bench.make_queue(0, 8))
    await bench.finish(compare=False)


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("MMIO-38")
async def stop_around_a_fault(dut, ring):
    """A ring access fails while a queue is being stopped, and afterwards: every stop ends, and so does the reset."""
    bench = bench_of(dut, ring, timing=MemoryTiming(read_latency=(6, 6), write_latency=(6, 6)))
    await bench.start()
    last = min(1, bench.queues - 1)
    stopped_first = stopped_last = 0
    for delay in range(0, 60, 2):
        queue = bench.make_queue(0, 8)
        if last:
            bench.make_queue(1, 8)
        bench.axi.fail_range(queue.layout.descriptor_area, 16 * 8, SLVERR)
        bench.ask(0, 2)
        for _ in range(2):
            queue.add([b"x"], [1])
        bench.kick(0)
        await bench.clock.cycles(delay)
        stopped_first += bench.fault() is None
        await bench.stop_queue(0, 500)
        stopped_last += bench.fault() is not None
        assert not bench.axi.outstanding, f"{bench.axi.outstanding} transactions in flight after the stop"
        if last:
            await bench.stop_queue(last, 500)
        bench.axi.clear_errors()
        await bench.reset_device()
        assert bench.fault() is None, "the fault is there after the reset"
        bench.events.clear()
    assert stopped_first and stopped_last, "some stops come before the fault, some end behind it"
    await serve(bench, bench.make_queue(0, 8))


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-7")
async def transport_takes_no_event(dut, ring):
    """The transport takes no event for a while, again and again: nothing is lost, and each queue is told of."""
    bench = bench_of(dut, ring, features=0)
    await bench.start()
    queues = [bench.make_queue(index, 16) for index in range(min(2, bench.queues))]
    for _ in range(4):
        bench.event_ready = 0.0
        for index, queue in enumerate(queues):
            bench.ask(index, 3)
            for _ in range(3):
                queue.add([b"x"], [1])
            bench.kick_for(index, queue)
        await bench.clock.cycles(400 + GATE)
        assert not bench.events
        bench.event_ready = 0.05
        used: list = []
        for queue in queues:
            await bench.until(lambda: used.extend(queue.used()) or not queue.outstanding, 2000, "all is used")  # noqa: B023
        assert len(used) == 3 * len(queues)
        await bench.clock.cycles(200 + GATE)
        assert set(bench.events) == set(range(len(queues))), f"events {bench.events}"
        bench.events.clear()
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS, in_order=[False, True] if FEATURES & IN_ORDER else [False])
@covers("V-6", "C-19")
async def data_fail_behind_giving_back(dut, ring, in_order):
    """Writes fail after their slot was given back, one or each of them, while its used element waits, is on
    its way or answered: it is given back again, all is as the driver was told, nothing is lost."""
    bench = bench_of(dut, ring, INDIRECT | IN_ORDER * in_order)
    bench.function = FunctionTiming(early=1.0, pieces=4)
    bench.refuse_unwritten = True
    rng = bench.rng
    await bench.start()
    queue = bench.make_queue(0, 16)
    for round in range(64):
        bench.axi.timing = MemoryTiming(write_latency=(1, rng.choice((2, 20, 60))), aw_ready=rng.choice((1, 0.3, 0.1)))
        bench.ask(0, 4)
        first = [b"long" * 200] if round % 4 == 0 else []  # its slot is given back last
        buffers = [queue.add(first * (number == 0), [24], publish=False) for number in range(4)]
        bad = buffers[1 + round % 3]
        bench.axi.fail_range(bad.writable[0][0], rng.choice((1, 24)), SLVERR, reads=False)
        queue.publish()
        bench.kick(0)
        used: list = []
        await bench.until(lambda: used.extend(queue.used()) or len(used) == 4, 6000, "all are used")  # noqa: B023
        assert used == buffers if in_order else set(used) == set(buffers), "used as IN_ORDER says, each one"
        for buffer in buffers:
            assert buffer.written == (0 if buffer is bad else 24), "the last giving back counts"
            assert buffer is bad or buffer.received() == response(b"".join(data for _, data in buffer.readable), 24)
        bench.axi.clear_errors()
    assert bench.fault() is None
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@covers("A-1")
async def used_element_across_pages(dut):
    """A used ring that begins 4 bytes before a border of 4 KB: no burst crosses it, and each element is whole."""
    bench = bench_of(dut, "split")
    await bench.start()
    size = 4
    page = bench.placement.place(4 * PAGE, PAGE)
    for before in (4, 12, 28):  # bytes of elements before the border
        layout = QueueLayout(size, page, page + 256, page + 2 * PAGE - before - 4)
        queue = bench.make_queue(0, size, layout=layout)
        for _ in range(2 * size):
            await serve(bench, queue)
        await bench.stop_queue(0)
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("fault 10", "C-19")
async def first_burst_fails(dut, ring):
    """A read over a border of 4 KB, whose first burst fails and whose second does not: of ring entries, of a buffer."""
    bench = bench_of(dut, ring, features=0)
    await bench.start()
    page = bench.placement.place(4 * PAGE, PAGE) + 2 * PAGE
    rings, last = (page - 64, 16) if ring == "packed" else (page - 32, 8)  # the last beat before the border fails
    for fails in (False, True):
        areas = (rings, page + 1024, page + 2048) if ring == "packed" else (page - PAGE, rings, page + 1024)
        queue = bench.make_queue(0, 32, layout=QueueLayout(32, *areas))
        for _ in range(20):
            queue.add([b"x"], publish=False)
        if fails:
            bench.axi.fail_range(page - last, last, SLVERR, writes=False)
        queue.publish()
        bench.ask(0, 20)
        bench.kick(0)
        if fails:
            await bench.until(lambda: bench.fault() is not None, 4000, "the read of ring entries fails")
            assert bench.fault() == 10
            good = 3 if ring == "packed" else 10
            assert len(bench.taken) <= good, f"{len(bench.taken)} buffers, the ring could be read up to {good}"
        else:
            used: list = []
            await bench.until(lambda: used.extend(queue.used()) or len(used) == 20, 4000, "all is used")  # noqa: B023
        bench.axi.clear_errors()
        await bench.reset_device()
        bench.taken.clear()
    queue = bench.make_queue(0, 8)
    for fails in (False, True):
        buffer = queue.add([bytes(200)], [4], publish=False)
        address = page - 100 if ring == "split" else page - 99
        queue.memory.write(queue.descriptor(buffer), address.to_bytes(8, "little"))
        if fails:
            bench.axi.fail_range(page - 8, 8, SLVERR)
        queue.publish()
        bench.ask(0)
        bench.kick(0)
        await bench.until(queue.used, 2000, "it is used")
        assert bool(bench.read_errors) == fails, "an error answer on the first burst of a command is told, no other"
        bench.axi.clear_errors()


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=not FEATURES & INDIRECT)
@covers("fault 7")
async def huge_tables(dut):
    """Tables of 65,535, 65,536 and more entries, of which a chain uses three; the last one that fits 32 bits."""
    bench = bench_of(dut, "split", INDIRECT)
    await bench.start()
    queue = bench.make_queue(0, 8)
    for entries in (0xFFFF, 0x1_0000, 0x1_0001, 0x2_0000, *(1 << bit for bit in range(18, 28)), 0xFFF_FFFF):
        buffer = queue.add([b"long"], [9, 9], indirect=True, publish=False)
        queue.memory.write(queue.reference(buffer) + 8, (16 * entries).to_bytes(4, "little"))
        queue.publish()
        bench.kick(0)
        bench.ask(0)
        used: list = []
        await bench.until(lambda: used.extend(queue.used()) or used, 2000, f"table of {entries} entries")  # noqa: B023
        assert buffer.received() == response(b"long", 18)
    assert bench.fault() is None


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=not PARAMETERS["PULL_QUEUES"] & 1)
@covers("V-12")
async def many_asks(dut):
    """More asks than the engine counts: those beyond wait at the port, and every one is answered by a buffer."""
    bench = bench_of(dut, "split", features=0)
    await bench.start()
    queue = bench.make_queue(0, 16)
    total = 130
    bench.ask(0, total)
    await bench.clock.cycles(400)
    assert bench.asks, "the engine takes asks without end"
    while len(bench.taken) < total:
        before = len(bench.taken)
        for _ in range(min(queue.free, total - before)):
            queue.add([b"x"], publish=False)
        queue.publish()
        bench.kick_for(0, queue)
        await bench.until(lambda: len(bench.taken) > before, 2000, "a buffer is taken")  # noqa: B023
        await bench.clock.cycles(100)
        queue.used()
    assert not bench.asks
    bench.ask(0)  # so that the engine waits for a kick
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=not FEATURES & NOTIFICATION_DATA)
@covers("V-4")
async def promise_saves_a_look(dut):
    """With NOTIFICATION_DATA a kick says what is available: the ring entry is read first, and avail.idx after it."""
    bench = bench_of(dut, "split", NOTIFICATION_DATA)
    await bench.start()
    index = min(1, bench.queues - 1)  # no pull queue, for an ask promises nothing
    queue = bench.make_queue(index, 8)
    reads: list = []
    bench.axi.on_read(reads.append)
    for number in range(10):
        await serve(bench, queue, index)
        await bench.clock.cycles(100 + GATE)
        expected = queue.available_ring + 2 * (number % queue.size)
        assert reads[0].address == expected or number == 0, "avail.idx is read first"  # a queue that begins is kicked
        reads.clear()
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms", skip="packed" not in RINGS or not FEATURES & NOTIFICATION_DATA)
@covers("V-4")
async def promised_chain_goes_first(dut):
    """A kick of a packed ring says what is available: the promised chain is read first, and flags after it, in this lap
    and into the next; more often than a queue may have slots."""
    bench = bench_of(dut, "packed", NOTIFICATION_DATA)
    await bench.start()
    index = min(1, bench.queues - 1)  # no pull queue, for an ask promises nothing
    page = bench.placement.place(PAGE, PAGE)  # so that no read of the ring is cut
    queue = bench.make_queue(index, 8, layout=QueueLayout(8, page, page + 1024, page + 2048))
    reads: list = []
    bench.axi.on_read(reads.append)
    for number in range(2 * MOST):
        place = queue.slot(queue.made)
        await serve(bench, queue, index)
        await bench.clock.cycles(100 + GATE)
        chain = (place, 2 * 16)  # as many descriptors as the last chain had; for flags it would be three or more
        assert number == 0 or (reads[0].address, reads[0].length) == chain, f"buffer {number}: flags are read first"
        reads.clear()
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=not FEATURES & NOTIFICATION_DATA)
@cocotb.parametrize(ring=RINGS)
@covers("V-4")
async def kicks_of_before(dut, ring):
    """Kicks with what earlier kicks said, as far back as the ring has entries, and with the position at hand: none is a
    promise, and nothing is taken for them."""
    bench = bench_of(dut, ring, NOTIFICATION_DATA)
    await bench.start()
    index = min(1, bench.queues - 1)
    queue = bench.make_queue(index, 8)
    said: list[int] = []
    for number in range(1, 10):
        await serve(bench, queue, index)
        said.append(queue.kick_value(index))
        for value in said[-4:]:  # of two entries each
            bench.kick(index, value)
            await bench.clock.cycles(60)
        assert bench.fault() is None, f"{number} buffers, a kick of before: fault {bench.fault()}"
        assert len(bench.taken) == number, "a buffer is taken that was never made available"
    await bench.finish()


@cocotb.test(
    timeout_time=50, timeout_unit="ms", skip=not (FEATURES & NOTIFICATION_DATA and PARAMETERS["PULL_QUEUES"] & 1)
)
@cocotb.parametrize(ring=RINGS)
@covers("V-4")
async def promise_without_an_ask(dut, ring):
    """A kick promises a buffer of a pull queue that nobody has asked for: it stays where it is until somebody asks."""
    bench = bench_of(dut, ring, NOTIFICATION_DATA)
    await bench.start()
    queue = bench.make_queue(0, 8)
    for number in range(3):
        await bench.clock.cycles(100)
        queue.add([b"x"])
        bench.kick(0, queue.kick_value(0))
        await bench.clock.cycles(100)
        assert len(bench.taken) == number, "a buffer is taken that nobody has asked for"
        bench.ask(0)
        await bench.until(queue.used, 1000, "the buffer is used")
    bench.ask(0)  # so that the engine waits for a kick
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms", skip="packed" not in RINGS)
@covers("V-3")
async def chain_comes_while_it_is_read(dut):
    """A chain becomes available in each cycle around the look for it, and memory takes each beat of a read at a moment
    of its own: the head may be there, and the rest as it was read with it not. So the rest is read again behind it."""
    bench = bench_of(dut, "packed", features=0, timing=MemoryTiming(read_latency=(30, 30), sampling="torn"))
    await bench.start()
    queue = bench.make_queue(0, 16)
    for delay in range(60):
        bench.ask(0)
        bench.kick(0)
        await bench.clock.cycles(delay)
        await serve_chain(bench, queue)
    bench.ask(0)
    await bench.finish()


async def serve_chain(bench: EngineBench, queue) -> None:
    """A buffer of three parts, there and back."""
    buffer = queue.add([b"good", b"data"], [40])
    bench.kick_for(0, queue)
    await bench.until(queue.used, 2000, "the chain is used")
    assert buffer.received() == response(b"gooddata", 40)


@cocotb.test(
    timeout_time=50,
    timeout_unit="ms",
    skip=not (FEATURES & NOTIFICATION_DATA and PARAMETERS["PULL_QUEUES"] & 1)
    or "icarus" not in cocotb.SIM_NAME.lower(),
)
@cocotb.parametrize(ring=RINGS)
@covers("V-4")
async def old_promise(dut, ring):
    """What a kick promised is no promise any more when it was served, as far as the indices may go on without a kick:
    of split rings to the last but one before they begin anew, of packed rings into the next lap."""
    bench = bench_of(dut, ring, NOTIFICATION_DATA)
    await bench.start()
    queue = bench.make_queue(0, 4)
    await bench.clock.cycles(100)  # the turn that a queue begins with
    count = 1 if ring == "split" else 6
    for number in range(count):
        buffer = queue.add([b"good"])
        bench.ask(0)
        if number == 0:
            bench.kick(0, queue.kick_value(0))
        used: list = []
        await bench.until(lambda: used.extend(queue.used()) or used, 2000, f"buffer {number} is used")  # noqa: B023
        assert used == [buffer]
        await bench.clock.cycles(100)
    if ring == "split":
        start = 0xFFFF  # two before what the kick promised
        queue.set_available(start)
        dut.fetcher[0].split_ring.fetch.kept[0].value = 1 << 32 | start << 16 | start
    bench.ask(0)
    await bench.clock.cycles(300)
    assert len(bench.taken) == count, "a buffer is taken that was never made available"
    assert bench.fault() is None


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-1")
async def kick_before_ready(dut, ring):
    """A queue is kicked that is not ready, was never or is not any more: nothing is read, and it can begin."""
    bench = bench_of(dut, ring)
    await bench.start()
    reads: list = []
    bench.axi.on_read(reads.append)
    for _ in range(2):
        bench.kick(0)
        bench.ask(0)
        await bench.clock.cycles(100)
        assert not reads and bench.fault() is None
        await serve(bench, bench.make_queue(0, 8))
        await bench.clock.cycles(100)
        await bench.stop_queue(0)
        reads.clear()
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-9")
async def kicks_off_and_on(dut, ring):
    """Memory takes addresses of writes slowly, and there are many: kicks are switched off and on in turn."""
    bench = bench_of(dut, ring, features=0, timing=MemoryTiming(aw_ready=0.1))
    await bench.start()
    queue = bench.make_queue(0, 16)
    flags = queue.layout.device_area
    switched: list[bool] = []  # kicks are wanted
    bench.axi.on_write(
        lambda write: switched.extend(not any(data) for address, data in write.runs() if address == flags)
    )
    for _ in range(20):
        await bench.until(lambda: (queue.used(), len(queue.outstanding) < 8)[1], 2000, "there is room")
        bench.ask(0)
        queue.add([b"long"], [600])
        bench.kick_for(0, queue)
        await bench.clock.cycles(bench.rng.randint(20, 250))
    await bench.until(lambda: (queue.used(), not queue.outstanding)[1], 8000, "all is used")
    bench.ask(0)  # of a queue whose function wants nothing no kick is needed
    await bench.until(lambda: switched and switched[-1], 3000, "kicks are wanted at rest")
    await bench.clock.cycles(500)
    assert len(switched) > 8
    assert switched == [False, True] * (len(switched) // 2), f"switched on or off twice: {switched}"
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms", skip="packed" not in RINGS)
@covers("fault 4")
async def chain_in_a_ring_of_one(dut):
    """A packed ring of one slot, whose descriptor says that the chain goes on: this means nothing until the slot is
    available, then the chain has no end."""
    bench = bench_of(dut, "packed", features=0)
    await bench.start()
    queue = bench.make_queue(0, 1)
    goes_on, available = 1, 1 << 7
    for flags, fault in ((goes_on, None), (goes_on | available, 4)):
        entry = queue.layout.descriptor_area.to_bytes(8, "little") + bytes((4, 0, 0, 0, 0, 0, flags, 0))
        queue.memory.write(queue.slot(0), entry)
        bench.ask(0)
        bench.kick(0)
        await bench.clock.cycles(200)
        assert bench.fault() == fault and not bench.taken


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-2")
async def highest_addresses(dut, ring):
    """Rings, tables and buffers at the end of the address space, so that no upper bit of an address may be lost."""
    bench = bench_of(dut, ring)
    top = (1 << PARAMETERS["ADDR_WIDTH"]) - SIZE
    bench.memory.ranges = (*bench.memory.ranges, (top, SIZE))
    bench.placement = Placement(bench.driver_memory, top, SIZE, rng=bench.rng, alignment=1, gap=24)
    await bench.start()
    queue = bench.make_queue(0, 8)
    for _ in range(10):
        await serve(bench, queue)
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@covers("V-14")
async def entries_across_the_end(dut):
    """Three buffers at once in small split rings: those behind the end of the ring are at its beginning."""
    bench = bench_of(dut, "split")
    await bench.start()
    for size in (4, 16):
        queue = bench.make_queue(0, size)
        for _ in range(7):
            buffers = [queue.add([b"x"], publish=False) for _ in range(3)]
            queue.publish()
            bench.ask(0, 3)
            bench.kick_for(0, queue)
            used: list = []
            await bench.until(lambda: used.extend(queue.used()) or len(used) == 3, 2000, "three are used")  # noqa: B023
            assert set(used) == set(buffers)
        await bench.stop_queue(0)
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=not PARAMETERS["PULL_QUEUES"] & 1)
@cocotb.parametrize(ring=RINGS)
@covers("V-12")
async def told_of_nothing(dut, ring):
    """The function asks for a buffer and there is none: it is told so once, and not when it gets one."""
    bench = bench_of(dut, ring)
    await bench.start()
    queue = bench.make_queue(0, 8)
    await bench.clock.cycles(100)
    for _ in range(4):
        bench.nones.clear()
        bench.ask(0)
        await bench.clock.cycles(100)
        assert bench.nones == [0]
        queue.add([b"x"])
        bench.kick_for(0, queue)
        await bench.until(queue.used, 1000, "the buffer is used")
        await bench.clock.cycles(100)
        assert bench.nones == [0]
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("A-2")
async def no_valid_waits_for_ready(dut, ring):
    """Nobody is ready before it is offered something: buffer, data, event, addresses and data of the memory."""
    bench = bench_of(dut, ring, features=0, timing=MemoryTiming(ready_after_valid=True))
    await bench.start()
    queue = bench.make_queue(0, 8)
    for _ in range(3):
        bench.event_ready = 0.0
        bench.function = FunctionTiming(take=0.0, read=0.0)
        bench.ask(0)
        queue.add([b"some bytes to read"], [20])
        bench.kick_for(0, queue)
        await bench.until(lambda: int(dut.req_valid.value), 500, "the buffer is offered")
        bench.function.take = 1.0
        await bench.until(lambda: int(dut.rd_valid.value), 500, "the data are offered")
        bench.function.read = 1.0
        await bench.until(queue.used, 500, "the buffer is used")
        await bench.until(lambda: int(dut.event_valid.value), 200 + GATE, "the event is offered")
        bench.event_ready = 1.0
        await bench.clock.cycles(20)
    assert bench.events == [0, 0, 0]
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@covers("V-6", "C-19")
async def each_burst_of_a_write_fails(dut):
    """A function writes by one command of several bursts, one of which fails, each in turn: the command has failed."""
    bench = bench_of(dut, "split", timing=MemoryTiming(write_latency=(30, 30)))
    bench.function = FunctionTiming(early=1.0, pieces=1)
    await bench.start()
    queue = bench.make_queue(0, 8)
    size = 500
    for place in range(0, size, 120):
        buffers = [queue.add([], [length], publish=False) for length in (8, size, 8)]
        bench.axi.fail_range(buffers[1].writable[0][0] + place, 1, SLVERR, reads=False)
        queue.publish()
        bench.ask(0, 3)
        bench.kick_for(0, queue)
        used: list = []
        await bench.until(lambda: used.extend(queue.used()) or len(used) == 3, 3000, "all are used")  # noqa: B023
        assert [buffer.written for buffer in buffers] == [8, 0, 8], f"byte {place} cannot be written"
        bench.axi.clear_errors()
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS, part=["ring", "chain", "head"])
@covers("V-15", "C-19")
async def reset_around_a_fault(dut, ring, part):
    """A device reset in each cycle around a fault: whichever comes first, there is no fault behind the reset."""
    if (ring, part) == ("packed", "head"):
        return  # whose heads are slots that the engine has counted itself
    bench = bench_of(dut, ring)
    await bench.start()

    async def faulty(cycles: int) -> None:
        queue = bench.make_queue(0, 8, rng=None)
        buffer = queue.add([b"x"], publish=False)
        queue.publish()
        if part == "head":
            queue.memory.write(queue.available_ring, b"\xff\xff")
        elif part == "chain":
            bench.axi.fail_range(queue.descriptor(buffer), 16, SLVERR)
        else:
            bench.axi.fail_range(queue.layout.driver_area + 2 if ring == "split" else queue.slot(0), 2, SLVERR)
        bench.ask(0)
        bench.kick(0)
        for _ in range(cycles):
            await bench.clock.edge
            if cycles == LONG and bench.fault() is not None:
                return

    LONG = 400
    begun = bench.clock.cycle
    await faulty(LONG)
    took = bench.clock.cycle - begun
    assert took < LONG
    for cycles in range(took - 5, took + 3):
        bench.axi.clear_errors()
        await bench.reset_device()
        await bench.clock.cycles(10)
        assert bench.fault() is None, f"a fault behind the reset of cycle {cycles}; the fault comes in {took}"
        await faulty(cycles)
    bench.axi.clear_errors()
    await bench.reset_device()
    await serve(bench, bench.make_queue(0, 8))


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=PARAMETERS["NUM_QUEUES"] < 2)
@cocotb.parametrize(ring=RINGS)
@covers("V-2")
async def lookups_of_two_queues_meet(dut, ring):
    """Two queues full of small buffers: chains of one begin while buffers of the other go back, so both look at the
    table of queues in the same cycle, and each gets the settings of its own queue."""
    timing = MemoryTiming(read_latency=(1, 12), write_latency=(1, 12))
    bench = bench_of(dut, ring, features=0, timing=timing)
    await bench.start(driver_ok=False)
    queues, total = [bench.make_queue(0, 64), bench.make_queue(1, 128)], 30
    buffers = []
    for index, queue in enumerate(queues):
        buffers += [queue.add([bench.rng.randbytes(4)], [4], publish=False) for _ in range(total)]
        queue.publish()
        bench.ask(index, total)
        bench.kick(index)
    await bench.until(lambda: not bench.kicks and not bench.asks, 1000, "kicks and asks are taken")
    dut.device_status.value = DRIVER_OK
    used: list = []
    for queue in queues:
        await bench.until(lambda: used.extend(queue.used()) or not queue.outstanding, 4000, "all are used")  # noqa: B023
    for buffer in buffers:
        assert buffer.received() == response(b"".join(data for _, data in buffer.readable), 4)
    bench.ask(0)  # so that the engine waits for a kick
    await bench.finish()


COUNTERS = ("buffers", "events", "events_suppressed", "kicks", "kicks_suppressed", "reads", "writes", "stalls")


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=not PARAMETERS.get("COUNTERS", 1))
async def counters(dut):
    """Each counter is what was seen at the ports, with interrupts and without, while requests and events wait."""
    bench = bench_of(dut, "split", features=0, function=FunctionTiming(take=0.3))
    bench.event_ready = 0.2
    seen = dict.fromkeys(COUNTERS, 0)
    ports = {"buffers": "req_", "events": "event_", "kicks": "notify_", "reads": "m_axi_ar", "writes": "m_axi_aw"}
    handles = {name: (getattr(dut, f"{port}valid"), getattr(dut, f"{port}ready")) for name, port in ports.items()}

    def shown() -> dict[str, int]:
        return {name: int(getattr(dut, f"count_{name}").value) for name in COUNTERS}

    async def watch() -> None:
        while True:
            await bench.clock.edge
            for name, (valid, ready) in handles.items():
                seen[name] += int(valid.value) and int(ready.value)

    await bench.start()
    cocotb.start_soon(watch())
    queue = bench.make_queue(0, 16)

    def hushed(write) -> None:
        seen["kicks_suppressed"] += (queue.layout.device_area, b"\x01\x00") in write.runs()  # used.flags

    bench.axi.on_write(hushed)
    bench.ask(0, 20)
    for number in range(20):
        wanted = number % 3 > 0
        queue.want_interrupts(wanted)
        before = len(bench.events)
        queue.add([b"count"], [30])
        bench.kick(0)
        used: list = []
        await bench.until(lambda: used.extend(queue.used()) or used, 1000, "the buffer is used")  # noqa: B023
        await bench.clock.cycles(100 + GATE)
        assert len(bench.events) - before == wanted
        seen["events_suppressed"] += not wanted
    bench.kick(bench.queues)  # of a queue that does not exist
    await bench.clock.cycles(20)
    seen["kicks"] -= 1
    different = {name: (count, seen[name]) for name, count in shown().items() if count != seen[name]}
    assert not different, f"counted and seen: {different}"
    assert all(seen[name] for name in COUNTERS[:-1]), seen
    if PARAMETERS["SLOTS"] == MOST:  # else the engine takes no more heads than there are slots
        await bench.stop_queue(0)
        bench.function.done = 0.0
        queue = bench.make_queue(0, 32)
        for _ in range(MOST + 4):
            queue.add([b"x"])
        bench.kick(0)
        await bench.until(lambda: len(bench.giving) == MOST, 2000, "the function keeps every slot")
        await bench.clock.cycles(50)
        begun = shown()["stalls"]
        await bench.clock.cycles(100)
        assert shown()["stalls"] - begun == 100
        bench.function.done = 1.0
        await bench.until(lambda: len(used) > MOST + 4 or used.extend(queue.used()), 2000, "all buffers are used")
    await bench.finish()
