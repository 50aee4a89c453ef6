# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The virtqueue engine alone: moments that random traffic seldom meets, each one swept or brought about."""

import random
from itertools import groupby, product

import cocotb
from cocotbext.virtio.bfm.axi_memory import MemoryTiming
from cocotbext.virtio.memory_transactions import DECERR, SLVERR
from cocotbext.virtio.rings.layout import QueueLayout

from tb.tests.support.covers import covers
from tb.tests.support.virtqueue_bench import (
    PACKED,
    PARAMETERS,
    RINGS,
    VERSION_1,
    EngineBench,
    FailedBeats,
    FunctionTiming,
    Traffic,
    bench_of,
    response,
)

SLOTS = PARAMETERS["SLOTS"]
MOST = PARAMETERS.get("QUEUE_SLOTS", SLOTS)  # slots of one queue
GATE = PARAMETERS.get("EVENT_CYCLES", 0)  # cycles that an event may wait for more of them
QUANTUM = 16  # buffers of a turn
COMPANY = PARAMETERS["EVENT_COUNT"]  # events that go on together
GATE = PARAMETERS.get("EVENT_CYCLES", 0)  # cycles that an event waits for others


async def edges(bench: EngineBench, condition, limit: int, what: str) -> None:
    """Until *condition* holds at an edge of the clock; the values are those of the cycle that ends there."""
    for _ in range(limit):
        await bench.clock.edge
        assert not bench.wrong, bench.wrong
        if condition():
            return
    raise AssertionError(f"after {limit} cycles not: {what}; fault {bench.fault()}")


def taken(dut, channel: str, address: int) -> bool:
    """Whether this address is accepted on AR or AW."""
    valid, ready, shown = (getattr(dut, f"m_axi_{channel}{name}").value for name in ("valid", "ready", "addr"))
    return bool(int(valid) and int(ready)) and int(shown) == address


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-9", "C-2")
async def kick_around_the_second_look(dut, ring):
    """A buffer and its kick in each cycle around the second look, whose data memory takes at once and answers late."""
    latency = 6
    bench = bench_of(dut, ring, timing=MemoryTiming(read_latency=(latency, latency), sampling="accepted"))
    await bench.start()
    queue = bench.make_queue(0, 16)
    bench.ask(0, 40)
    packed = ring == "packed"
    arming = queue.layout.device_area if packed else queue.used_ring + 8 * queue.size
    bench.kick(0)
    for delay in range(latency + 8):
        what = f"the buffer of {delay - 1} cycles behind the second look is served, and the queue asks for kicks"
        await edges(bench, lambda: taken(dut, "aw", arming), 500, what)  # noqa: B023
        look = queue.slot(queue.made) if packed else queue.layout.driver_area + 2
        await edges(bench, lambda: taken(dut, "ar", look), 100, "the second look")  # noqa: B023
        for _ in range(delay):
            await bench.clock.edge
        queue.used()
        queue.add([b"late"])
        bench.kick_for(0, queue)
    await edges(bench, lambda: taken(dut, "aw", arming), 500, "the last buffer is served")
    await bench.until(lambda: not queue.outstanding or queue.used(), 500, "the last buffer is used")
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms", skip="packed" not in RINGS)
@cocotb.parametrize(latency=(5, 60))
@covers("V-2", "V-14")
async def slots_of_a_long_chain_again(dut, latency):
    """A long chain with nothing to move is used at once, and the driver fills its slots again at once, while the engine
    may still read them to find the next head: what it reads is not taken for the rest of the old chain."""
    timing = MemoryTiming(read_latency=(latency, latency), visibility="accepted")
    bench = bench_of(dut, "packed", timing=timing)
    await bench.start()
    for length in (6, 8, 12, 20):
        queue = bench.make_queue(0, length)
        for _ in range(12):
            queue.add([b""] * length)
            bench.ask(0)
            bench.kick_for(0, queue)
            await edges(bench, queue.used, 9000, f"a chain of {length} is used")
        await bench.stop_queue(0)
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def chains_one_behind_the_other(dut):
    """Chains of one descriptor, whose reads are all on their way before the first one is answered: each costs the words
    of its descriptor, and one cycle."""
    bench = bench_of(dut, "split", features=0, timing=MemoryTiming(read_latency=(60, 60)))
    await bench.start()
    queue = bench.make_queue(0, 32)
    count = min(12, MOST)
    bench.ask(0, count + 1)
    queue.add([b"x"])  # from now on one descriptor is read of a chain
    bench.kick(0)
    await bench.until(queue.used, 1000, "the first buffer is used")
    await bench.clock.cycles(300)
    bench.function.command = 0.0  # no reads but those of rings
    for _ in range(count):
        queue.add([b"x"], publish=False)
    queue.publish()
    bench.kick(0)
    times: list[int] = []
    while len(times) < count:
        await edges(bench, lambda: int(dut.req_valid.value) and int(dut.req_ready.value), 1000, "the next buffer")
        times.append(bench.clock.cycle)
    each = 16 // bench.word + 1
    assert times[-1] - times[0] <= each * (count - 1), f"{count} buffers in cycles {times}, one in {each} is possible"
    bench.function.command = 1.0
    await bench.until(lambda: (queue.used(), not queue.outstanding)[1], 2000, "all are used")
    bench.ask(0)  # so that the engine waits for a kick
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-12")
async def turns(dut, ring):
    """Two queues full of buffers: neither gets a second turn of QUANTUM buffers while the other one has work."""
    bench = bench_of(dut, ring)
    await bench.start(driver_ok=False)
    total = 3 * QUANTUM
    for index in range(min(2, bench.queues)):
        queue = bench.make_queue(index, 64)
        for _ in range(total):
            queue.add([b"x"], publish=False)
        queue.publish()
        bench.ask(index, total)
        bench.kick(index)
    await bench.until(lambda: not bench.kicks and not bench.asks, 1000, "kicks and asks are taken")
    dut.device_status.value = 0x0F
    await bench.until(lambda: len(bench.taken) == total * min(2, bench.queues), 9000, "all buffers are handed out")
    left = dict.fromkeys(range(bench.queues), total)
    for queue, run in groupby(index for index, _ in bench.taken):
        count = len(list(run))
        waits = any(left[other] for other in left if other != queue and other < 2)
        assert count <= QUANTUM or not waits, f"queue {queue} got {count} buffers in a row, another one had work"
        left[queue] -= count


@cocotb.test(timeout_time=50, timeout_unit="ms")
@covers("C-18")
async def slots_come_back(dut):
    """Slots that are dropped by a stop while others are given back are all free again, also after a reset."""
    bench = bench_of(dut, "split")
    await bench.start()
    count = min(SLOTS // 2, MOST)
    for delay in range(0, 20, 4):
        bench.function = FunctionTiming(done=0.0)
        for index in (0, 1):  # those of the first queue are with the function, those of the second wait for it
            queue = bench.make_queue(index, 16)
            for _ in range(count):
                queue.add([b"x"])
            bench.ask(index, count)
            bench.kick(index)
            if index == 0:
                await bench.until(lambda: len(bench.giving) == count, 2000, "the function has the first queue's")
                bench.function.take = 0.0
        await bench.clock.cycles(40 + 16 * count)
        stop = cocotb.start_soon(bench.stop_queue(1))
        await bench.clock.cycles(delay)
        bench.function.done = 1.0
        await stop
        bench.function.take = 1.0
        await bench.until(lambda: not bench.held, 1000, "the function has nothing left")
        await bench.stop_queue(0)
    await all_slots(bench)
    await bench.reset_device()
    await all_slots(bench)


async def all_slots(bench: EngineBench) -> None:
    """A function that gives nothing back can have every slot, and no more."""
    bench.function = FunctionTiming(done=0.0)
    bench.held.clear()
    total = min(SLOTS, 2 * MOST)
    for index in (0, 1):
        queue = bench.make_queue(index, 64)
        for _ in range(SLOTS + 2):
            queue.add([b"x"])
        bench.ask(index, SLOTS + 2)
        bench.kick(index)
    await bench.until(lambda: len(bench.held) >= total, 2000, f"{total} buffers are in flight")
    await bench.clock.cycles(200)
    assert len(bench.held) == total, f"{len(bench.held)} buffers in flight, {total} are possible"


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-6", "V-16")
async def many_commands(dut, ring):
    """A function writes a buffer by many commands and gives it back before they are answered: data come first."""
    function = FunctionTiming(early=1.0, pieces=16)
    bench = bench_of(dut, ring, timing=MemoryTiming(write_latency=(4, 12), b_valid=0.7), function=function)
    await bench.start()
    queue = bench.make_queue(0, 8)
    bench.ask(0, 10)
    for _ in range(5):  # each in a slot of its own
        queue.add([], [160])
    bench.kick(0)
    used = []
    await bench.until(lambda: used.extend(queue.used()) or len(used) == 5, 2000, "all buffers are used")
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-7")
async def news_in_a_turn(dut, ring):
    """Buffers are done at any moment of the turns that tell of others: what a turn told of, no turn tells again."""
    features = VERSION_1 | PACKED * (ring == "packed")  # no event index: it alone would forgive
    timing = MemoryTiming(write_latency=(1, 12), b_valid=0.6)
    bench = EngineBench(dut, random.Random(cocotb.RANDOM_SEED), features, timing=timing)
    await bench.start()
    queue = bench.make_queue(0, 16)
    for _ in range(20):
        bench.function.done = bench.rng.choice((0.05, 0.1, 0.2, 0.4))
        for _ in range(MOST):
            queue.add([b"news"])
        bench.ask(0, MOST)
        bench.kick(0)
        used = []
        await bench.until(lambda: used.extend(queue.used()) or len(used) == MOST, 3000, "all are used")  # noqa: B023
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=COMPANY == 1)
@cocotb.parametrize(ring=RINGS)
@covers("V-8")
async def events_in_company(dut, ring):
    """An event goes on as the EVENT_COUNT-th one, or EVENT_CYCLES after the first; then counting begins anew."""
    bench = bench_of(dut, ring, features=0)
    await bench.start()
    queues = [bench.make_queue(index, 16) for index in range(min(2, bench.queues))]
    told = 0
    for count in (1, COMPANY, COMPANY - 1, COMPANY, COMPANY, 1):
        for index, queue in enumerate(queues):
            looks: list[int] = []  # cycles in which it is asked whether the driver wants an event
            for _ in range(count):
                bench.ask(index)
                queue.add([b"x"])
                bench.kick_for(index, queue)
                await edges(bench, lambda: taken(dut, "ar", queue.layout.driver_area), 300, "the wish is read")  # noqa: B023
                looks.append(bench.clock.cycle)
            await edges(bench, lambda: int(dut.event_valid.value), 2 * GATE, f"the event of {count}")
            waited = bench.clock.cycle - (looks[-1] if count == COMPANY else looks[0])
            least = 0 if count == COMPANY else GATE
            assert least <= waited <= least + 20, f"{count} events: told {waited} cycles after their time"
            assert int(dut.event_index.value) == index + 1
            told += 1
            queue.used()
    await bench.clock.cycles(2 * GATE)
    assert len(bench.events) == told
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("C-15")
async def empty_parts(dut, ring):
    """Parts of no bytes at the beginning, in the middle and at the end, of what is read and of what is written."""
    bench = bench_of(dut, ring)
    await bench.start()
    queue = bench.make_queue(0, 16)
    shapes = [
        ([*first, b"read", *middle, b"on", *last], [*map(len, first), 5, *map(len, middle), 9, *map(len, last)])
        for first, middle, last in product([[], [b""]], repeat=3)
    ]
    bench.ask(0, 2 * len(shapes))
    for (readable, writable), indirect in product(shapes, (False, True)):
        queue.add(readable, writable, indirect=indirect, fill=b"\xee")
        bench.kick_for(0, queue)
        used = []
        await bench.until(lambda: used.extend(queue.used()) or used, 2000, "it is used")  # noqa: B023
        assert used[0].received() == response(b"".join(readable), sum(writable)), (readable, writable, indirect)
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(kind=["reads", "writes", "stop"])
@covers("V-15", "C-11", "C-19")
async def reset_all_along(dut, kind):
    """A device reset in each cycle of long reads; one, or a stop of the queue, in every third cycle of long writes."""
    bench = bench_of(dut, "split")
    await bench.start()
    slow = MemoryTiming(read_latency=(6, 6), write_latency=(20, 20), w_ready=0.4)
    for delay in range(20, 60) if kind == "reads" else range(0, 60, 3):
        queue = bench.make_queue(0, 32, rng=None)  # tables in order: several descriptors are read at once
        bench.ask(0, 4)
        bench.axi.timing = MemoryTiming() if kind == "reads" else slow
        for _ in range(4):
            if kind == "reads":
                queue.add([b"y"] * 24, indirect=True, publish=False)
            else:
                queue.add([], [300], publish=False)
        queue.publish()
        bench.kick(0)
        if kind != "reads":
            await bench.until(lambda: bench.taken, 500, "the first buffer is handed out")
        await bench.clock.cycles(delay)
        if kind == "stop":
            await bench.stop_queue(0, 400)
            assert not bench.axi.outstanding, f"{bench.axi.outstanding} transactions in flight after the stop"
            await bench.until(lambda: not bench.held, 1000, "the function has nothing left")
        else:
            await bench.reset_device(400)
        bench.taken.clear()
    await bench.finish(compare=False)


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-15", "C-11")
async def stop_behind_no_notify(dut, ring):
    """A stop waits for the answer, which comes late, of the write that tells the driver not to kick."""
    features = VERSION_1 | PACKED * (ring == "packed")
    bench = EngineBench(dut, random.Random(cocotb.RANDOM_SEED), features)
    await bench.start()
    for delay in range(0, 40, 5):
        bench.axi.timing = MemoryTiming(write_latency=(300, 300))
        bench.function.take = 0.0
        queue = bench.make_queue(0, 16)
        bench.ask(0, 1)
        queue.add([b"x"])
        bench.kick(0)
        silenced = queue.layout.device_area
        await edges(bench, lambda: taken(dut, "aw", silenced), 500, "kicks are switched off")  # noqa: B023
        await bench.clock.cycles(delay)
        await bench.stop_queue(0, 1000)
        assert not bench.axi.outstanding, f"{bench.axi.outstanding} transactions in flight after the stop"
    await bench.finish(compare=False)


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=PARAMETERS["NUM_QUEUES"] < 2)
@cocotb.parametrize(ring=RINGS)
@covers("V-15", "C-11")
async def stop_beside_words_of_another_queue(dut, ring):
    """While a queue is being stopped, another one switches kicks off and on: the stop does not count the answers to
    that."""
    bench = bench_of(dut, ring, features=0)
    await bench.start()
    for delay in range(0, 48, 4):
        bench.make_queue(0, 16)
        other = bench.make_queue(1, 16)
        bench.ask(1)
        other.add([b"x"])
        bench.kick(1)
        await bench.clock.cycles(delay)
        await bench.stop_queue(0, 200)
        await bench.until(other.used, 500, "the other queue goes on")
        await bench.stop_queue(1)
    await bench.finish(compare=False)


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=PARAMETERS["NUM_QUEUES"] < 2)
@cocotb.parametrize(ring=RINGS)
@covers("V-15", "C-11")
async def stop_before_no_notify(dut, ring):
    """A stop begins while the word that tells the driver not to kick waits behind another write, which memory does not
    take: it waits for this word, too, and for its answer."""
    bench = bench_of(dut, ring, features=0)
    await bench.start()
    for delay in range(0, 60, 20):
        queue, other = (bench.make_queue(index, 16) for index in (0, 1))
        bench.function = FunctionTiming(write=0.0, early=0.0)
        for _ in range(2):  # an idle memory has taken the first one before its timing changes
            bench.ask(1)
            other.add([], [1], publish=False)
        other.publish()
        bench.kick(1)
        await edges(bench, lambda: len(bench.writing) == 2, 500, "the function owes the data of two commands")
        await bench.clock.cycles(100)
        bench.axi.timing = MemoryTiming(aw_ready=0.0)
        bench.function = FunctionTiming(take=0.0, done=0.0)
        stuck = lambda: int(dut.m_axi_awvalid.value) and not int(dut.m_axi_awready.value)  # noqa: E731
        await edges(bench, stuck, 100, "a write is not taken")
        bench.ask(0)
        queue.add([b"x"])
        bench.kick(0)
        await bench.clock.cycles(40 + delay)
        stop = cocotb.start_soon(bench.stop_queue(0, 1000))
        await bench.clock.cycles(40)
        assert not stop.done(), "the stop ends before the word is written"
        bench.axi.timing = MemoryTiming()
        await edges(bench, lambda: int(dut.m_axi_awready.value), 100, "the write before it is taken")
        bench.axi.timing = MemoryTiming(write_latency=(300, 300))
        await edges(bench, lambda: taken(dut, "aw", queue.layout.device_area), 100, "the word is taken")  # noqa: B023
        await bench.clock.cycles(250)
        assert not stop.done(), "the stop ends before the word is answered"
        await stop
        assert not bench.axi.outstanding, f"{bench.axi.outstanding} transactions in flight after the stop"
        bench.axi.timing = MemoryTiming()
        bench.function = FunctionTiming()
        await bench.until(lambda: not bench.held, 500, "the function has nothing left")
        await bench.stop_queue(1, 1000)
    await bench.finish(compare=False)


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS, kind=["write", "read"])
@covers("V-15", "C-11")
async def stop_waits_for_no_function(dut, ring, kind):
    """A stop while the function brings, or takes, no more data in mid-burst, beside another queue in full work: nothing
    of the queue is touched afterwards, whenever the data come; the queue starts anew; the other queue loses nothing."""
    bench = bench_of(dut, ring, timing=MemoryTiming(read_latency=(1, 9), write_latency=(1, 9), w_ready=0.8))
    rng, count, longest = bench.rng, min(3, max(1, MOST - 2)), 0
    limit = 250  # cycles; what is in flight is answered in less
    await bench.start()
    other = None
    if bench.queues > 1:
        traffic = Traffic(bench, 1, bench.make_queue(1, 64), 50, most=200)
        other = cocotb.start_soon(traffic.run())
    for delay in range(0, 40, 3):
        bench.function = FunctionTiming(early=rng.choice((0.0, 0.5)))
        queue = bench.make_queue(0, 16)
        bench.ask(0, count)
        for _ in range(count):
            sizes = [rng.randint(1, 90), rng.randint(200, 500)]
            queue.add(*(([], sizes) if kind == "write" else ([rng.randbytes(size) for size in sizes], [])))
        bench.taken.clear()
        bench.kick(0)
        await edges(bench, lambda: any(of == 0 for of, _ in bench.taken), 2000, "a buffer is there")
        await bench.clock.cycles(delay)
        if kind == "write":
            bench.function.write = 0.0
        else:
            bench.function.read = 0.0
        await bench.clock.cycles(rng.choice((0, 5, 150)))
        stuck = [held for held in bench.held.values() if held.queue == 0]
        begun = bench.clock.cycle
        await bench.stop_queue(0, limit)
        longest = max(longest, bench.clock.cycle - begun)
        areas = [area for buffer in queue.outstanding for area in buffer.writable]
        for address, size in areas:
            bench.memory.write(address, b"\x5a" * size)
        queue = None
        anew = rng.random() < 0.5
        if anew:  # while the data of before are still to come
            queue = bench.make_queue(0, 16)
        await bench.clock.cycles(rng.randint(0, 60))
        bench.function.write = bench.function.read = 1.0
        gone = lambda: not any(one is held for one in bench.held.values() for held in stuck)  # noqa: B023, E731
        await bench.until(gone, 4000, "the function has nothing left of the old queue")
        for address, size in areas:
            assert bench.memory.read(address, size) == b"\x5a" * size, "a buffer of the stopped queue was written"
        queue = queue or bench.make_queue(0, 16)
        buffer = queue.add([b"again", b"!"], [77])
        bench.ask(0, 1)
        bench.kick(0)
        used = []
        await bench.until(lambda: used.extend(queue.used()) or used, 4000, "the queue works again")  # noqa: B023
        assert used == [buffer] and buffer.received() == response(b"again!", 77)
        await bench.stop_queue(0, limit)
    if other:
        await other
        assert traffic.done == traffic.total
    cocotb.log.info("the longest stop took %d cycles", longest)
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=MOST < SLOTS)
@covers("V-15", "C-11")
async def stop_between_two_chunks(dut):
    """The function's data come again in each cycle of a stop, and each write is answered later than the one before it.
    A chunk of the last slot that begins as this slot is marked still becomes a write, which the stop waits for."""
    bench = bench_of(dut, "split", function=FunctionTiming(early=0.0, pieces=1))
    await bench.start()
    written = set()
    for delay in range(40, 66):
        bench.function.write = bench.function.done = 0.0
        queue = bench.make_queue(0, 64)
        for _ in range(SLOTS - 1):
            queue.add([b"x"])
        queue.add([], [16] * 8, indirect=True)
        bench.ask(0, SLOTS)
        bench.taken.clear()
        bench.kick(0)
        await edges(bench, lambda: len(bench.taken) == SLOTS, 2000, "every slot is taken")
        assert bench.taken[-1] == (0, SLOTS - 1), "the buffer to be written has the last slot"
        await bench.until(lambda: bench.writing and len(bench.giving) == SLOTS - 1, 500, "only the write is left")
        await bench.clock.cycles(20)
        stop = cocotb.start_soon(bench.stop_queue(0, 500))
        await bench.clock.cycles(delay)
        bench.function.write = 1.0
        writes = 0
        while not stop.done():
            await bench.clock.edge
            if int(dut.m_axi_wvalid.value) and int(dut.m_axi_wready.value) and int(dut.m_axi_wlast.value):
                writes += 1
                bench.axi.timing = MemoryTiming(write_latency=(40 * writes, 40 * writes))
        written.add(writes)
        assert not bench.axi.outstanding, f"{bench.axi.outstanding} transactions in flight after the stop"
        bench.axi.timing = MemoryTiming()
        bench.function.done = 1.0
        await bench.until(lambda: not bench.held, 500, "the function has nothing left")
    assert len(written) > 2, f"the slot is marked before, between and behind chunks, not only behind {written}"
    await bench.finish(compare=False)


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-15", "C-11")
async def stop_on_a_slow_bus(dut, ring):
    """A stop at any time of a buffer's life, with a memory so slow that each access of the queue is awaited by one."""
    latency = 100
    timing = MemoryTiming(read_latency=(latency, latency), write_latency=(latency, latency))
    bench = bench_of(dut, ring, timing=timing)
    await bench.start()
    lives = set()
    for delay in range(0, 11 * latency, latency // 2):
        queue = bench.make_queue(0, 16)
        bench.ask(0, 1)
        queue.add([b"x"], [9], indirect=bool(delay // 50 & 1))
        bench.kick(0)
        await bench.clock.cycles(delay)
        lives.add((bool(bench.axi.outstanding), bool(bench.held), bool(queue.used())))
        await bench.stop_queue(0, 12 * latency)
        assert not bench.axi.outstanding, f"{bench.axi.outstanding} transactions in flight after the stop"
        await bench.until(lambda: not bench.held, 1000, "the function has nothing left")
        bench.taken.clear()
    assert len(lives) > 3, lives
    await bench.finish(compare=False)


@cocotb.test(timeout_time=50, timeout_unit="ms", skip=PARAMETERS["NUM_QUEUES"] < 2)
@cocotb.parametrize(ring=RINGS)
@covers("V-15")
async def stop_behind_another_queue(dut, ring):
    """Buffers of a queue wait behind those of another one, which the function does not take, while their queue is
    stopped: they are dropped when their turn comes."""
    bench = bench_of(dut, ring)
    await bench.start()
    for _ in range(3):
        bench.function.take = 0.0
        queues = [bench.make_queue(index, 8) for index in (0, 1)]
        for index in (1, 0):
            for _ in range(2):
                queues[index].add([b"x"])
            bench.ask(index, 2 - bench.asked[index])
            bench.kick(index)
            await bench.clock.cycles(100)
        await bench.stop_queue(0, 300)
        bench.taken.clear()
        bench.function.take = 1.0
        used: list = []
        await bench.until(lambda: used.extend(queues[1].used()) or len(used) == 2, 1000, "the other queue goes on")  # noqa: B023
        await bench.clock.cycles(50)
        assert [index for index, _ in bench.taken] == [1, 1], f"(queue, slot) taken after the stop: {bench.taken}"
        await bench.stop_queue(1, 300)
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-15")
async def no_offer_in_a_stop(dut, ring):
    """A queue is stopped in each cycle of its chains' reads, while the function takes all: once the stop is at work, no
    buffer of the queue is offered, though its chain is read to the end."""
    latency = 20
    bench = bench_of(dut, ring, timing=MemoryTiming(read_latency=(latency, latency)))
    await bench.start()
    for delay in range(0, 5 * latency, 2):
        bench.taken.clear()
        queue = bench.make_queue(0, 16)
        bench.ask(0, 4 - bench.asked[0])
        for _ in range(4):
            queue.add([b"x"], publish=False)
        queue.publish()
        bench.kick(0)
        await bench.clock.cycles(delay)
        stop = cocotb.start_soon(bench.stop_queue(0, 500))
        await bench.clock.cycles(bench.queues + 6)  # until its turn, and what is offered by then is taken
        before = len(bench.taken)
        await stop
        await bench.clock.cycles(20)
        assert len(bench.taken) == before, f"{delay} cycles behind the kick: a buffer is offered during the stop"
        await bench.until(lambda: not bench.held, 500, "the function has nothing left")
    await bench.finish(compare=False)


@cocotb.test(timeout_time=50, timeout_unit="ms")
@covers("V-15", "C-11")
async def stop_within_an_element(dut):
    """A stop in each cycle around a used element of two bursts: it lies on both sides of a multiple of the largest."""
    bench = bench_of(dut, "split", function=FunctionTiming(early=1.0, pieces=1))
    await bench.start()
    bench.placement.alignment = 64
    bench.placement.rng = None
    for delay in range(24):
        queue = bench.make_queue(0, 16, rng=None)
        before = (-4 - queue.used_ring) % 128 // 8
        bench.ask(0, before + 1)
        for _ in range(before):
            queue.add([b"x"])
        bench.kick(0)
        used = []
        await bench.until(lambda: used.extend(queue.used()) or len(used) == before, 2000, "those before it are used")  # noqa: B023
        bench.taken.clear()
        queue.add([b"x"])
        bench.kick(0)
        await edges(bench, lambda: bench.taken, 500, "the buffer is handed out")
        await bench.clock.cycles(delay)
        await bench.stop_queue(0, 400)
        assert not bench.axi.outstanding, f"{bench.axi.outstanding} transactions in flight after the stop"
        await bench.until(lambda: not bench.held, 1000, "the function has nothing left")
    await bench.finish(compare=False)


@cocotb.test(timeout_time=50, timeout_unit="ms")
@covers("C-18", "C-19")
async def failure_behind_the_last_slot(dut):
    """Every slot is given back and its used element on its way when the first one's write fails: all are used."""
    timing = MemoryTiming(write_latency=(200, 200))
    bench = bench_of(dut, "split", timing=timing, function=FunctionTiming(early=1.0, pieces=1))
    await bench.start()
    queue = bench.make_queue(0, 64)
    count = min(SLOTS, MOST)
    first = queue.add([], [8], publish=False)
    for _ in range(count - 1):
        queue.add([b"x"], publish=False)
    bench.axi.fail_range(first.writable[0][0], 8, SLVERR, reads=False)
    queue.publish()
    bench.ask(0, count)
    bench.kick(0)
    used = []
    await bench.until(lambda: used.extend(queue.used()) or len(used) == count, 3000, "all buffers are used")
    assert used[0].written == 0, "the second done counts"
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@covers("C-18", "C-19")
async def failures_one_after_the_other(dut):
    """More writes fail of a buffer that was given back again for the first one: it stays the function's till then."""
    bench = bench_of(dut, "split", timing=MemoryTiming(write_latency=(20, 20)))
    await bench.start()
    queue = bench.make_queue(0, 8)
    again = lambda: any(one.failed and one.accepted for one in bench.held.values())  # noqa: E731
    found = 0
    for number in range(30):
        bench.function = FunctionTiming(command=bench.rng.choice((1.0, 0.5, 0.2)), early=1.0, pieces=4)
        buffer = queue.add([], [48])
        bench.axi.fail_range(buffer.writable[0][0], 48, SLVERR, reads=False)
        bench.ask(0)
        bench.kick(0)
        await edges(bench, lambda: bench.held, 500, "the function has it")
        await edges(
            bench, lambda: again() or not bench.held, 500, "it is given back for the last time, or for the second"
        )
        bench.function.done = 0.0
        await bench.clock.cycles(100)
        if bench.giving:
            found += 1
            assert not queue.used(), f"buffer {number} is used, and the function has it"
        bench.function.done = 1.0
        used = []
        await bench.until(lambda: used.extend(queue.used()) or used, 500, f"buffer {number} is used")  # noqa: B023
        assert used == [buffer] and buffer.written == 0, "the last done counts"
        bench.axi.clear_errors()
    assert found > 4
    await bench.finish()


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("V-7")
async def several_told_by_one(dut, ring):
    """Buffers come back at once, and memory takes its time: some events tell of several, none of what was told of."""
    bench = bench_of(dut, ring, features=0, timing=MemoryTiming(write_latency=(60, 60)))
    await bench.start()
    queue = bench.make_queue(0, 16)
    used: list = []
    for number in range(8):
        bench.event_ready = (1.0, 0.02)[number % 2]
        bench.ask(0, 4)
        for _ in range(4):
            queue.add([b"x"], [1], publish=False)
        queue.publish()
        bench.kick(0)
        await bench.until(lambda: used.extend(queue.used()) or not queue.outstanding, 3000, "all is used")
    await bench.finish()
    if not GATE:
        assert 8 <= len(bench.events) < len(used), f"{len(bench.events)} events for {len(used)} buffers"


# Each access to a ring for *buffer*, the fifth one of a queue of 8: (address, bytes, whether it is a write).
SPLIT_ACCESSES = {
    "avail.idx": lambda queue, buffer: (queue.layout.driver_area + 2, 2, False),
    "ring entry": lambda queue, buffer: (queue.available_ring + 2 * 4, 2, False),
    "descriptor": lambda queue, buffer: (queue.reference(buffer), 16, False),
    "table": lambda queue, buffer: (buffer.table, 16, False),
    "used element": lambda queue, buffer: (queue.used_ring + 8 * 4, 8, True),
    "used.idx": lambda queue, buffer: (queue.layout.device_area + 2, 2, True),
    "wish": lambda queue, buffer: (queue.available_ring + 2 * queue.size, 2, False),
    "arming": lambda queue, buffer: (queue.used_ring + 8 * queue.size, 2, True),
}
PACKED_ACCESSES = {
    "descriptor": lambda queue, buffer: (queue.reference(buffer), 16, False),
    "table": lambda queue, buffer: (buffer.table, 16, False),
    "used descriptor": lambda queue, buffer: (queue.slot(4) + 8, 8, True),
    "wish": lambda queue, buffer: (queue.layout.driver_area, 4, False),
    "arming": lambda queue, buffer: (queue.layout.device_area, 4, True),
}


@cocotb.test(timeout_time=50, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("fault 10", "C-19")
async def each_ring_access_fails(dut, ring):
    """An error answer on one access to a ring, of each kind: fault 10, and nothing is published or told after it."""
    bench = bench_of(dut, ring)
    await bench.start()
    kinds = PACKED_ACCESSES if ring == "packed" else SPLIT_ACCESSES
    for number, name in enumerate(kinds):
        queue = bench.make_queue(0, 8)
        bench.ask(0, 6)
        for _ in range(4):
            queue.add([b"good"])
        bench.kick(0)
        before = []
        await bench.until(lambda: before.extend(queue.used()) or len(before) == 4, 1000, "four good buffers")  # noqa: B023
        queue.interrupt_after(1)
        buffer = queue.add([b"x"], [8], indirect=True, publish=False)
        address, length, write = kinds[name](queue, buffer)
        await bench.clock.cycles(60 + GATE)  # all that was due is told
        bench.events.clear()
        bench.axi.fail_range(address, length, DECERR if number % 2 else SLVERR, reads=not write, writes=write)
        queue.publish()
        bench.kick(0)
        await edges(bench, lambda: bench.fault() is not None, 1000, f"{name}: a fault")  # noqa: B023
        assert bench.fault() == 10, f"{name}: fault {bench.fault()}"
        assert int(dut.needs_reset.value), f"{name}: needs_reset is low"
        await bench.clock.cycles(100 + GATE)
        if name != "arming":  # which may come behind all that belongs to the buffer
            assert not bench.events, f"{name}: an event after the fault"
            assert name == "wish" or not queue.used(), f"{name}: the buffer is published after the fault"
        bench.axi.clear_errors()
        await bench.reset_device()


# Bursts of ring reads: what is given to the driver, and where the burst lies that is looked at: (address, bytes).
CHAIN = 5  # descriptors
BURSTS = ["heads", "chain"] + ["table"] * bool(PARAMETERS["INDIRECT"])


def place_of_burst(burst: str, queue, buffers: list) -> tuple[int, int]:
    """Where the burst reads: of one-part buffers the ring's entries, of one buffer its descriptors."""
    if burst == "table":
        return buffers[0].table, 16 * CHAIN
    if burst == "chain":
        return queue.descriptor(buffers[0]), 16 * CHAIN
    if queue.features & PACKED:
        return queue.layout.descriptor_area, 16 * len(buffers)
    return queue.available_ring, 2 * len(buffers)


@cocotb.test(timeout_time=100, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS, burst=BURSTS)
@covers("fault 10", "C-19")
async def each_beat_of_a_ring_burst_fails(dut, ring, burst):
    """One beat of a burst fails, each in turn: of ring entries, of a chain, of a table. Fault 10, and no buffer that
    needs this beat is handed out; those before it may be."""
    bench = bench_of(dut, ring)
    failed = FailedBeats(bench)
    await bench.start()
    page = bench.placement.place(4096, 4096)
    step, beat, beats = bench.word, 0, 1
    while beat < beats:  # a table may lie anywhere and then has a beat more
        areas = page, page + 1024 if ring == "packed" else page + 1024 + step - 4, page + 2048
        queue = bench.make_queue(0, 32, rng=None, layout=QueueLayout(32, *areas))  # the first entry begins a word
        bench.ask(0, 17)
        await bench.clock.cycles(60)
        if burst == "heads":
            buffers = [queue.add([b"x"], publish=False) for _ in range(16)]
        else:  # the engine reads as many descriptors at once as the last chain had
            queue.add([b"warm"] * (CHAIN - 1), [1], indirect=burst == "table")
            bench.kick(0)
            await bench.until(queue.used, 1000, "the first chain is used")
            bench.taken.clear()
            buffers = [queue.add([b"x"] * (CHAIN - 1), [1], indirect=burst == "table", publish=False)]
        address, length = place_of_burst(burst, queue, buffers)
        beats = (address % step + length - 1) // step + 1
        place = address // step * step + step * min(beat, beats - 1)
        bench.axi.fail_range(place, step, DECERR if beat % 2 else SLVERR, writes=False)
        queue.publish()
        bench.kick(0)
        await edges(bench, lambda: bench.fault() is not None, 2000, f"beat {beat}: a fault")  # noqa: B023
        assert bench.fault() == 10, f"beat {beat}: fault {bench.fault()}"
        await bench.clock.cycles(60)
        good = max(0, place - address) // (length // len(buffers))
        assert len(bench.taken) <= good, f"beat {beat} fails: {len(bench.taken)} handed out, {good} do not need it"
        bench.axi.clear_errors()
        await bench.reset_device()
        bench.events.clear()
        bench.taken.clear()
        beat += 1
    places = {"first", "middle", "last"}
    if burst == "heads" and ring == "split" and step >= MOST:  # bursts of two beats
        places.remove("middle")
    assert failed.places == places, failed.places
    queue = bench.make_queue(0, 8)
    bench.ask(0)
    queue.add([b"good"], [8])
    bench.kick(0)
    await bench.until(queue.used, 1000, "a good buffer is used")
    await bench.finish()


@cocotb.test(timeout_time=100, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("C-19")
async def beats_read_ahead_for_nothing(dut, ring):
    """A chain is shorter than the one before, whose number of descriptors is read: each one behind its end fails. The
    buffer is served, or the engine stops with fault 10."""
    bench = bench_of(dut, ring, features=0)
    failed = FailedBeats(bench)
    await bench.start()
    page = bench.placement.place(4096, 4096)
    for beat in range(5 * 16 // bench.word):
        queue = bench.make_queue(0, 32, rng=None, layout=QueueLayout(32, page, page + 1024, page + 2048))
        bench.ask(0, 2)
        queue.add([b"warm"] * 7, [1])
        bench.kick(0)
        await bench.until(queue.used, 1000, "the first chain is used")
        buffer = queue.add([b"some", b"bytes"], [40], publish=False)
        bench.axi.fail_range(queue.descriptor(buffer) + 3 * 16 + bench.word * beat, bench.word, SLVERR, writes=False)
        queue.publish()
        bench.kick(0)
        used: list = []
        served = lambda: used.extend(queue.used()) or used or bench.fault() is not None  # noqa: B023, E731
        await edges(bench, served, 2000, f"beat {beat}: used, or a fault")
        assert bench.fault() in (None, 10)
        assert not used or buffer.received() == response(b"somebytes", 40)
        bench.axi.clear_errors()
        await bench.reset_device()
        bench.events.clear()
    assert failed.places >= {"middle", "last"}, failed.places
    await bench.finish()


@cocotb.test(timeout_time=100, timeout_unit="ms")
@cocotb.parametrize(ring=RINGS)
@covers("C-19")
async def each_beat_of_data_fails(dut, ring):
    """One beat of a buffer's data fails, each in turn: the function is told of that read, and of no other one."""
    bench = bench_of(dut, ring)
    bench.function = FunctionTiming(pieces=1)
    failed = FailedBeats(bench)
    await bench.start()
    queue = bench.make_queue(0, 32)
    step = bench.word
    for beat in range(90 // step + 3):
        bench.taken.clear()
        bench.read_errors.clear()
        bench.ask(0, 3)
        buffers = [queue.add([bench.rng.randbytes(size) for size in (60, 30)], [8], publish=False) for _ in range(3)]
        places = [
            place
            for address, data in buffers[1].readable
            for place in range(address // step * step, address + len(data), step)
        ]
        bench.axi.fail_range(places[min(beat, len(places) - 1)], step, DECERR if beat % 2 else SLVERR, writes=False)
        queue.publish()
        bench.kick(0)
        used: list = []
        await bench.until(lambda: used.extend(queue.used()) or len(used) == 3, 3000, "all are used")  # noqa: B023
        slots = [slot for _, slot in bench.taken]
        assert bench.read_errors == [slots[1]], f"beat {beat}: errors {bench.read_errors}, handed out {slots}"
        for buffer in (buffers[0], buffers[2]):
            assert buffer.received() == response(b"".join(data for _, data in buffer.readable), 8)
        bench.axi.clear_errors()
    bench.ask(0)
    assert bench.fault() is None and failed.places == {"first", "middle", "last"}
    await bench.finish()
