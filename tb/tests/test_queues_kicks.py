# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The queue table and the kicks of QueueNotify."""

import itertools
import random

import cocotb
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.config import used_event
from cocotbext.virtio.registers import FeatureBit, Register, StatusBit

from tb.tests.support.covers import covers
from tb.tests.support.directed import CHANGED, CONFIG, MSI, TIMEOUT, USED, started, working

QUEUES = CONFIG.num_queues
NUM_MAX = CONFIG.queue_num_max
SOME_QUEUES = sorted({0, 1 % QUEUES, QUEUES // 2, QUEUES - 1})
NO_QUEUES = [QUEUES, QUEUES + 1, 0x100 + QUEUES, 0x10000, 0x10000 + QUEUES - 1, 0x80000000, 0xFFFF0000, 0xFFFFFFFF]
PACKED = CONFIG.offered_features >> FeatureBit.RING_PACKED & 1
NOTIFICATION_DATA = CONFIG.offered_features >> FeatureBit.NOTIFICATION_DATA & 1
WORDS = (
    Register.QUEUE_DESC_LOW,
    Register.QUEUE_DESC_HIGH,
    Register.QUEUE_DRIVER_LOW,
    Register.QUEUE_DRIVER_HIGH,
    Register.QUEUE_DEVICE_LOW,
    Register.QUEUE_DEVICE_HIGH,
)


async def row(bench, queue: int):
    """What the device sees of a queue."""
    return await bench.interface.queue_table.row(queue)


async def fill(bench, queue: int, num: int, words: list[int]) -> tuple[int, int, int, int]:
    """Write a queue's size and address words in random order; returns what the device must see of them."""
    await bench.write(Register.QUEUE_SEL, queue)
    values = [(Register.QUEUE_NUM, num), *zip(WORDS, words, strict=True)]
    for register, value in random.sample(values, len(values)):
        await bench.write(register, value)
    return num, words[0] | words[1] << 32, words[2] | words[3] << 32, words[4] | words[5] << 32


@cocotb.test(**TIMEOUT)
@covers("MMIO-34", "MMIO-35", "MMIO-36", "MMIO-41", "choice 5")
async def queues_that_do_not_exist(dut):
    """Any selector beyond the last queue reads 0 everywhere and ignores writes; no queue is hit instead, ready or
    about to be."""
    bench = await started(dut)
    for ready in (0, 1):
        await bench.negotiate()
        for queue in SOME_QUEUES:
            await bench.enable_queue(queue)
            await bench.write(Register.QUEUE_READY, ready)
        rows = [await row(bench, queue) for queue in SOME_QUEUES]
        for queue in NO_QUEUES:
            await bench.write(Register.QUEUE_SEL, queue)
            for value in (0, 1, NUM_MAX):
                for register in (Register.QUEUE_NUM, *WORDS, Register.QUEUE_READY):
                    await bench.write(register, value)
                    assert await bench.read(register) == 0
                assert await bench.read(Register.QUEUE_NUM_MAX) == 0
            assert tuple(await row(bench, queue & 0xFFFF)) == (0,) * 5 or queue & 0xFFFF in SOME_QUEUES
        assert [await row(bench, queue) for queue in SOME_QUEUES] == rows
        assert not await bench.read(Register.STATUS) & StatusBit.DEVICE_NEEDS_RESET
        for queue in SOME_QUEUES:
            await bench.write(Register.QUEUE_SEL, queue)
            assert await bench.read(Register.QUEUE_NUM_MAX) == NUM_MAX
            assert await bench.read(Register.QUEUE_READY) == ready
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-36", "MMIO-39")
async def table_rows(dut):
    """The device sees what was written to each queue, word by word; while the queue is ready it is frozen."""
    bench = await started(dut)
    await bench.negotiate()
    expected = {}
    for queue in SOME_QUEUES:
        expected[queue] = await fill(
            bench, queue, random.choice((1, 2, NUM_MAX)), [random.getrandbits(32) for _ in WORDS]
        )
    for queue in SOME_QUEUES:
        assert tuple(await row(bench, queue)) == (0, *expected[queue])
        await bench.write(Register.QUEUE_SEL, queue)
        await bench.write(Register.QUEUE_READY, 1)
    for queue in SOME_QUEUES:
        await fill(bench, queue, NUM_MAX, [random.getrandbits(32) for _ in WORDS])
        assert tuple(await row(bench, queue)) == (1, *expected[queue]), "changed while the queue is ready"
    for queue in SOME_QUEUES:
        await bench.write(Register.QUEUE_SEL, queue)
        await bench.write(Register.QUEUE_READY, 0)
        assert await bench.read(Register.QUEUE_READY) == 0
        assert tuple(await row(bench, queue)) == (0, *expected[queue])
        expected[queue] = await fill(bench, queue, 1, [random.getrandbits(32) for _ in WORDS])
        await bench.write(Register.QUEUE_READY, 1)
    for queue in SOME_QUEUES:
        assert tuple(await row(bench, queue)) == (1, *expected[queue])
    await bench.finish("register writes")


@cocotb.test(**TIMEOUT)
@cocotb.parametrize(hard=[False, True])
@covers("rule 11", "MMIO-36", "choice 7")
async def no_size_survives_a_reset(dut, hard):
    """QueueReady 1 without a QueueNum since the reset is refused, whatever the queue's size was before."""
    bench = await started(dut)
    for queue in SOME_QUEUES:
        await bench.negotiate()
        for each in SOME_QUEUES:
            await bench.enable_queue(each)
        if hard:
            await bench.interface.clock.reset()
            await bench.accept_features()
        else:
            await bench.negotiate()
        await bench.write(Register.QUEUE_SEL, queue)
        await bench.write(Register.QUEUE_READY, 1)
        assert await bench.read(Register.QUEUE_READY) == 0, f"queue {queue} has a size"
        assert await bench.read(Register.STATUS) & StatusBit.DEVICE_NEEDS_RESET
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-36")
async def first_words_back_to_back(dut):
    """The first words of a queue since reset, one a cycle, in any order: each stays, and what was not written is 0."""
    bench = await started(dut)
    registers = (Register.QUEUE_NUM, *WORDS)
    for order in (registers, registers[::-1], *(random.sample(registers, count) for count in (2, 3, 5))):
        await bench.negotiate()
        for queue in SOME_QUEUES:
            values = {register: random.randint(1, NUM_MAX) for register in order}
            writes = [(Register.QUEUE_SEL, queue), *values.items()]
            await bench.interface.registers.burst([Access(True, register, value) for register, value in writes])
            num, *words = (values.get(register, 0) for register in registers)
            assert tuple(await row(bench, queue)) == (
                0,
                num,
                *(low | high << 32 for low, high in zip(words[::2], words[1::2])),
            )
    await bench.finish("queue table rows")


@cocotb.test(**TIMEOUT)
@covers("MMIO-14", "MMIO-16", "MMIO-36", "rule 11")
async def reset_clears_ready(dut):
    """After reset no queue is ready, and the selector is 0 again."""
    bench = await working(dut, msi=False)
    await bench.write(Register.QUEUE_SEL, QUEUES)
    await bench.write(Register.STATUS, 0)
    assert await bench.read(Register.QUEUE_NUM_MAX) == NUM_MAX
    for queue in SOME_QUEUES:
        await bench.write(Register.QUEUE_SEL, queue)
        assert await bench.read(Register.QUEUE_READY) == 0
        assert not (await row(bench, queue)).ready
        await bench.write(Register.QUEUE_READY, 1)  # its QueueNum went with the reset, or is still good
    await bench.finish("device resets")


@cocotb.test(**TIMEOUT)
@covers("MMIO-36")
async def ready_is_one_bit(dut):
    """Any non-zero write means ready, and reads 1."""
    bench = await started(dut)
    await bench.negotiate()
    await bench.enable_queue(0)
    for value in (1, 2, 0x100, 0x80000000, 0xFFFFFFFE):
        await bench.write(Register.QUEUE_READY, 0)
        assert await bench.read(Register.QUEUE_READY) == 0
        await bench.write(Register.QUEUE_READY, value)
        assert await bench.read(Register.QUEUE_READY) == 1
        assert (await row(bench, 0)).ready == 1
        await bench.write(Register.QUEUE_READY, value)
        assert await bench.read(Register.QUEUE_READY) == 1
    await bench.finish("register reads")


def possible(num: int, packed: bool) -> bool:
    """Whether a queue may have that many entries."""
    return 1 <= num <= NUM_MAX and (packed or num & num - 1 == 0)


@cocotb.test(**TIMEOUT)
@cocotb.parametrize(packed=[False, True] if PACKED else [False])
@covers("MMIO-20", "MMIO-21", "MMIO-40", "choice 7", "choice 9")
async def queue_sizes(dut, packed):
    """QueueReady with an impossible QueueNum leaves the queue off, sets DEVICE_NEEDS_RESET and tells the driver."""
    bench = await started(dut)
    features = CONFIG.offered_features & ~(0 if packed else 1 << FeatureBit.RING_PACKED)
    sizes = [
        0,
        1,
        2,
        3,
        5,
        6,
        7,
        8,
        NUM_MAX // 2,
        NUM_MAX // 2 + 1,
        NUM_MAX - 1,
        NUM_MAX,
        NUM_MAX + 1,
        NUM_MAX + 2,
        NUM_MAX * 2,
        0x8000,
        0x10000,
        0x10001,
        0x10000 + NUM_MAX,
        0x80000000,
        0xFFFFFFFF,
    ]
    for size in sizes:
        await bench.negotiate(features)
        await bench.driver_ok()
        await bench.write(Register.QUEUE_SEL, QUEUES - 1)
        await bench.write(Register.QUEUE_NUM, size)
        await bench.write(Register.QUEUE_READY, 1)
        good = possible(size, packed)
        assert await bench.read(Register.QUEUE_READY) == good, f"QueueNum {size}"
        assert (await row(bench, QUEUES - 1)).ready == good
        status = await bench.read(Register.STATUS)
        assert bool(status & StatusBit.DEVICE_NEEDS_RESET) == (not good), f"QueueNum {size}"
        await bench.expect_line(0 if good else CHANGED)
        if not good:
            await bench.write(Register.QUEUE_NUM, 1)
            await bench.write(Register.QUEUE_READY, 1)
            assert await bench.read(Register.QUEUE_READY) == 1, "a good size is refused after a bad one"
            assert await bench.read(Register.STATUS) & StatusBit.DEVICE_NEEDS_RESET
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-40", "choice 7")
async def size_never_written(dut):
    """QueueReady without QueueNum is refused, after a reset as well: the size of the last life does not count."""
    bench = await started(dut)
    await bench.negotiate()
    await bench.write(Register.QUEUE_READY, 1)
    assert await bench.read(Register.QUEUE_READY) == 0
    assert await bench.read(Register.STATUS) & StatusBit.DEVICE_NEEDS_RESET
    await bench.finish("register reads")


async def kicks_of(bench) -> list[tuple[int, int]]:
    """Queue and data of the kicks since the last call, once all have come."""
    await bench.settle()
    kicks = [(kick.queue, kick.data) for kick in bench.kicks]
    bench.kicks.clear()
    return kicks


@cocotb.test(**TIMEOUT)
@covers("MMIO-47", "choice 8")
async def every_queue_can_be_kicked(dut):
    """QueueNotify kicks the queue written, once for each write, and the device gets the word."""
    bench = await working(dut)
    await kicks_of(bench)
    for queue in range(QUEUES):
        await bench.write(Register.QUEUE_NOTIFY, queue)
        assert await kicks_of(bench) == [(queue, queue)]
    for strobe in range(15):
        await bench.interface.registers.write(Register.QUEUE_NOTIFY, 0, strobe)
    assert await kicks_of(bench) == []
    await bench.finish("kicks")


@cocotb.test(**TIMEOUT)
@covers("MMIO-47", "MMIO-48", "MMIO-49", "choice 8")
async def whole_word_or_half(dut):
    """The whole word is the index, so 0x10000 is no queue; with NOTIFICATION_DATA the low half is, and the device gets
    the upper half, too."""
    bench = await working(dut)
    await kicks_of(bench)
    for word in (QUEUES, QUEUES + 1, 0xFFFF, 0x8000, 0x4000):
        await bench.write(Register.QUEUE_NOTIFY, word)
        assert await kicks_of(bench) == [], f"{word:#x} is no queue"
    for upper in (0x0001, 0x8000, 0x7FFF, 0xFFFF, 0x1234):
        for queue in SOME_QUEUES:
            await bench.write(Register.QUEUE_NOTIFY, upper << 16 | queue)
            assert await kicks_of(bench) == ([(queue, upper << 16 | queue)] if NOTIFICATION_DATA else [])
        await bench.write(Register.QUEUE_NOTIFY, upper << 16 | QUEUES)
        assert await kicks_of(bench) == []
    if NOTIFICATION_DATA:
        await bench.negotiate(CONFIG.offered_features & ~(1 << FeatureBit.NOTIFICATION_DATA))
        await bench.enable_queue(0)
        await bench.driver_ok()
        await kicks_of(bench)
        await bench.write(Register.QUEUE_NOTIFY, 0x10000)
        assert await kicks_of(bench) == [], "offered is not negotiated"
    await bench.finish("kicks")


@cocotb.test(**TIMEOUT)
@covers("MMIO-18", "MMIO-19", "MMIO-37", "MMIO-47", "C-12", "choice 8", "rule 10")
async def driver_ok_kicks_ready_queues(dut):
    """No kick before DRIVER_OK; DRIVER_OK kicks each ready queue once, and no other."""
    bench = await started(dut)
    await bench.negotiate()
    ready = SOME_QUEUES[1:] or SOME_QUEUES
    for queue in SOME_QUEUES:
        await bench.enable_queue(queue)
    for queue in set(SOME_QUEUES) - set(ready):
        await bench.write(Register.QUEUE_SEL, queue)
        await bench.write(Register.QUEUE_READY, 0)
    for queue in SOME_QUEUES:
        await bench.write(Register.QUEUE_NOTIFY, queue)
    assert await kicks_of(bench) == []
    await bench.driver_ok()
    assert sorted(await kicks_of(bench)) == [(queue, queue) for queue in ready]
    await bench.write(Register.STATUS, await bench.read(Register.STATUS))
    assert await kicks_of(bench) == [], "DRIVER_OK was set already"
    await bench.finish("kicks")


@cocotb.test(**TIMEOUT)
@covers("choice 8")
async def ready_behind_driver_ok(dut):
    """DRIVER_OK is done when it is answered: a queue that is made ready right behind it is not kicked for it."""
    bench = await started(dut)
    for queue in {0, QUEUES - 1}:
        await bench.negotiate()
        await bench.burst((Register.QUEUE_SEL, queue), (Register.QUEUE_NUM, 1))
        status = await bench.read(Register.STATUS)
        await bench.write(Register.STATUS, status | StatusBit.DRIVER_OK)
        await bench.write(Register.QUEUE_READY, 1)
        assert await kicks_of(bench) == []
        await bench.write(Register.QUEUE_NOTIFY, queue)
        assert await kicks_of(bench) == [(queue, queue)]
    await bench.finish("kicks")


@cocotb.test(**TIMEOUT)
@covers("MMIO-37", "MMIO-47", "choice 8")
async def queue_not_ready(dut):
    """A queue that is not ready is not kicked; one that stops being ready loses the kick the device has not seen."""
    bench = await working(dut)
    await kicks_of(bench)
    last = QUEUES - 1
    await bench.write(Register.QUEUE_SEL, last)
    await bench.write(Register.QUEUE_READY, 0)
    assert not (await row(bench, last)).ready
    await bench.write(Register.QUEUE_NOTIFY, last)
    assert await kicks_of(bench) == []
    await bench.write(Register.QUEUE_READY, 1)
    assert await kicks_of(bench) == [], "a kick before QueueReady came late"
    await bench.write(Register.QUEUE_NOTIFY, last)
    assert await kicks_of(bench) == [(last, last)]
    await bench.finish("kicks")


@cocotb.test(**TIMEOUT)
@covers("MMIO-47", "choice 8", "MMIO-48")
async def device_that_does_not_take_kicks(dut):
    """Kicks wait for notify_ready: the register bus goes on, no queue's kick is lost, each comes with its last word."""
    bench = await working(dut)
    await kicks_of(bench)
    bench.interface.kick_sink.hold()
    kicked = random.sample(range(QUEUES), min(QUEUES, 12))
    written = {}
    for _ in range(4):
        for queue in kicked:
            written[queue] = queue | (random.getrandbits(16) << 16 if NOTIFICATION_DATA else 0)
            access = await bench.interface.registers.write(Register.QUEUE_NOTIFY, written[queue])
            assert access.completed - access.accepted <= 4, "the register bus waits for the device"
    first = int(dut.notify_queue.value)
    bench.interface.kick_sink.release()
    kicks = await kicks_of(bench)
    assert {queue for queue, _ in kicks} == set(kicked)
    assert dict(kicks) == written, "not the last word of each queue"
    others = [queue for queue, _ in kicks if queue != first]
    assert len(others) == len(set(others)), "kicks of a waiting queue merge"
    await bench.finish("kicks")


@cocotb.test(**TIMEOUT)
@covers("MMIO-47")
async def kick_while_kick_is_taken(dut):
    """A kick written around the cycle in which the previous one of the queue is taken is followed by a kick of its
    own."""
    bench = await working(dut)
    await kicks_of(bench)
    queue = QUEUES - 1
    for offset in range(-6, 9):
        bench.interface.kick_sink.hold()
        await bench.write(Register.QUEUE_NOTIFY, queue)
        write = cocotb.start_soon(
            bench.interface.registers.write(Register.QUEUE_NOTIFY, queue, address_latency=8, data_latency=8)
        )
        await bench.cycles(8 + offset)
        bench.interface.kick_sink.release()
        access = await write
        await bench.settle()
        taken = [kick.cycle for kick in bench.kicks]
        bench.kicks.clear()
        assert len(taken) == 2, f"{len(taken)} kicks at offset {offset}"
        assert taken[-1] > access.accepted
    await bench.finish("kicks")


@cocotb.test(**TIMEOUT)
@covers("MMIO-47", "MMIO-19", "C-12")
async def kicks_are_fair(dut):
    """Every queue is kicked again and again while the device takes slowly: none waits for more than all the others."""
    bench = await working(dut)
    await kicks_of(bench)
    bench.interface.kick_sink.probability = 0.4
    queues = list(range(min(QUEUES, 24)))
    for _ in range(6):
        for queue in random.sample(queues, len(queues)):
            await bench.write(Register.QUEUE_NOTIFY, queue)
    await bench.settle()
    order = [kick.queue for kick in bench.kicks]
    assert set(order) == set(queues)
    bench.kicks.clear()
    bench.interface.kick_sink.hold()
    for queue in queues:
        await bench.write(Register.QUEUE_NOTIFY, queue)
    bench.interface.kick_sink.probability = 1.0
    bench.interface.kick_sink.release()
    order = [queue for queue, _ in await kicks_of(bench)]
    assert sorted(set(order)) == queues
    assert len(order) <= len(queues) + 1
    await bench.finish("kicks")


@cocotb.test(**TIMEOUT)
@covers("rule 11", "MMIO-12")
async def reset_withdraws_kicks(dut):
    """Kicks that wait when Status = 0 is written do not reach the device's next life."""
    bench = await working(dut)
    await kicks_of(bench)
    bench.interface.kick_sink.hold()
    for queue in SOME_QUEUES:
        await bench.write(Register.QUEUE_NOTIFY, queue)
    await bench.write(Register.STATUS, 0)
    assert int(dut.notify_valid.value) == 0
    bench.interface.kick_sink.release()
    assert await kicks_of(bench) == []
    await bench.negotiate()
    await bench.enable_queue(0)
    await bench.driver_ok()
    assert await kicks_of(bench) == [(0, 0)]
    await bench.finish("device resets", "kicks")


@cocotb.test(**TIMEOUT)
@covers("MMIO-37", "choice 8")
async def queue_stopped_with_a_kick_waiting(dut):
    """A kick that waits behind another queue's is dropped with its queue, and does not come back with it."""
    bench = await working(dut)
    await kicks_of(bench)
    for shown, stopped in itertools.permutations(SOME_QUEUES, 2):
        bench.interface.kick_sink.hold()
        await bench.write(Register.QUEUE_NOTIFY, shown)
        await bench.cycles(8)
        await bench.write(Register.QUEUE_NOTIFY, stopped)
        await bench.write(Register.QUEUE_SEL, stopped)
        await bench.write(Register.QUEUE_READY, 0)
        bench.interface.kick_sink.release()
        assert await kicks_of(bench) == [(shown, shown)]
        await bench.write(Register.QUEUE_READY, 1)
        assert await kicks_of(bench) == []
    await bench.finish("kicks")


@cocotb.test(**TIMEOUT)
@covers("MMIO-37", "choice 8")
async def stop_withdraws_the_kick_on_offer(dut):
    """QueueReady = 0 takes back the kick that the device does not take: from its response on none is presented."""
    bench = await working(dut)
    await kicks_of(bench)
    for queue in SOME_QUEUES:
        bench.interface.kick_sink.hold()
        for _ in range(2):  # one on offer, one behind it
            await bench.write(Register.QUEUE_NOTIFY, queue)
            await bench.cycles(8)
        assert int(dut.notify_valid.value) and int(dut.notify_queue.value) == queue
        await bench.write(Register.QUEUE_SEL, queue)
        await bench.write(Register.QUEUE_READY, 0)
        assert int(dut.notify_valid.value) == 0
        bench.interface.kick_sink.release()
        assert await kicks_of(bench) == []
        await bench.write(Register.QUEUE_READY, 1)
        assert await kicks_of(bench) == []
    await bench.finish("register writes")


@cocotb.test(**TIMEOUT)
@covers("MMIO-37", "choice 8")
async def stop_in_the_cycle_of_taking(dut):
    """QueueNotify and QueueReady = 0 back to back, or the stop while another queue's kick is taken: no kick of the
    stopped queue is presented in or after queue_stop_valid."""
    bench = await working(dut)
    await kicks_of(bench)
    registers = bench.interface.registers
    watching = cocotb.start_soon(presented_after_stop(bench, dut))
    pairs = itertools.permutations(SOME_QUEUES[:3], 2)
    for (shown, stopped), gap, delay in itertools.product(pairs, range(3), range(12)):
        await bench.write(Register.QUEUE_SEL, stopped)
        bench.interface.kick_sink.hold()
        await bench.write(Register.QUEUE_NOTIFY, shown)
        await bench.cycles(8)
        kick = registers.submit(Access(True, Register.QUEUE_NOTIFY, stopped, 0xF))
        for _ in range(gap):
            registers.submit(Access(True, Register.QUEUE_SEL, stopped, 0xF))
        stop = registers.submit(Access(True, Register.QUEUE_READY, 0, 0xF))
        await bench.cycles(delay)
        bench.interface.kick_sink.release()
        await kick.wait()
        await stop.wait()
        await kicks_of(bench)
        await bench.write(Register.QUEUE_READY, 1)
    assert not watching.done(), watching.result()
    await bench.finish("kicks")


async def presented_after_stop(bench, dut) -> str:
    """Ends when a kick is presented in or after the pulse of queue_stop_valid of its queue, and before its start."""
    stopped = set()
    while True:
        await bench.interface.clock.edge
        if int(dut.queue_start_valid.value):
            stopped.discard(int(dut.queue_start_index.value))
        if int(dut.queue_stop_valid.value):
            stopped.add(int(dut.queue_stop_index.value))
        if int(dut.notify_valid.value) and int(dut.notify_queue.value) in stopped:
            return f"a kick of queue {int(dut.notify_queue.value)} is presented, which is stopped"


@cocotb.test(**TIMEOUT)
@covers("MMIO-38", "MMIO-42")
async def starts_and_stops_are_announced(dut):
    """One pulse for each change of QueueReady, none for a write that changes nothing; the stop's response waits for
    queue_stop_done, which the device may lower up to three cycles after the pulse."""
    bench = await working(dut)
    await kicks_of(bench)
    clock, state = bench.interface.clock, bench.interface.device_state
    pulses = []

    async def watch():
        while True:
            await clock.edge
            for name in ("start", "stop"):
                if int(getattr(dut, f"queue_{name}_valid").value):
                    pulses.append((name, int(getattr(dut, f"queue_{name}_index").value), clock.cycle))

    cocotb.start_soon(watch())
    for queue, lag, busy in itertools.product(SOME_QUEUES[:2], range(3), (0, 7, 40)):
        await bench.write(Register.QUEUE_SEL, queue)
        pulses.clear()
        stop = cocotb.start_soon(bench.write(Register.QUEUE_READY, 0))
        while not pulses:
            await clock.edge
        if busy:
            await bench.cycles(lag)
            state.stop_done = False
            await bench.cycles(busy)
            assert not stop.done()
            state.stop_done = True
        await stop
        await bench.cycles(8)
        assert [pulse[:2] for pulse in pulses] == [("stop", queue)]
        await bench.write(Register.QUEUE_READY, 0)
        assert len(pulses) == 1
        for value in (1, 2, 1):
            await bench.write(Register.QUEUE_READY, value)
        await bench.cycles(8)
        assert [pulse[:2] for pulse in pulses] == [("stop", queue), ("start", queue)]
        assert (await row(bench, queue)).ready
    pulses.clear()
    await bench.write(Register.STATUS, 0)  # stops all queues without a pulse
    await bench.cycles(8)
    assert not pulses
    await bench.finish("register writes")


@cocotb.test(**TIMEOUT)
@covers("choice 8", "MMIO-48")
async def kick_in_the_cycle_of_taking(dut):
    """Written around the cycle in which the device takes the same queue's kick: it is owed again, never lost, and the
    device gets its word."""
    bench = await working(dut)
    await kicks_of(bench)
    for queue, delay in itertools.product(SOME_QUEUES[:2], range(16)):
        at_port, behind, new = (upper << 16 | queue if NOTIFICATION_DATA else queue for upper in (1, 2, 3))
        bench.interface.kick_sink.hold()
        for word in (at_port, behind):
            await bench.write(Register.QUEUE_NOTIFY, word)
            await bench.cycles(6)
        again = bench.interface.registers.submit(Access(True, Register.QUEUE_NOTIFY, new, 0xF, delay, delay))
        await bench.cycles(8)
        bench.interface.kick_sink.release()
        await again.wait()
        words = [word for _, word in await kicks_of(bench)]
        assert words in ([at_port, new], [at_port, behind, new]), f"delay {delay}"
    await bench.finish("kicks")


@cocotb.test(**TIMEOUT)
@covers("rule 12", "MSI-39", "MMIO-37")
async def queue_stopped_and_started(dut):
    """QueueReady 1 -> 0 withdraws no interrupt; 0 -> 1 serves the queue's events again."""
    bench = await working(dut)
    expect = bench.expect_messages if MSI else None
    queue = QUEUES - 1
    await bench.write(Register.QUEUE_SEL, queue)
    for _ in range(3):
        await bench.write(Register.QUEUE_READY, 0)
        await bench.event(used_event(queue))
        if MSI:
            await expect()
        else:
            await bench.expect_line(0)
        await bench.write(Register.QUEUE_READY, 1)
        await bench.event(used_event(queue))
        if MSI:
            await expect((queue + 1) % CONFIG.num_vectors)
        else:
            await bench.expect_line(USED)
            await bench.acknowledge()
    await bench.finish("events")
