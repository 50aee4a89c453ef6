# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Every vector index of builds up to 70 vectors, the edges and a sample of larger ones; fairness at each size."""

import random

import cocotb
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.config import EVENT_CONFIG, NO_VECTOR, used_event
from cocotbext.virtio.registers import MsiCommand, MsiVecStateBit, Register

from tb.tests.support.covers import covers
from tb.tests.support.directed import CHANGED, CONFIG, SHARING, USED, WORKING, stalling
from tb.tests.support.large import QUEUES, SAMPLE, SOME_QUEUES, VECTORS, map_to, pend, prepare

MASKED, PENDING, CONFIGURED = MsiVecStateBit.MASKED, MsiVecStateBit.PENDING, MsiVecStateBit.CONFIGURED
LONG = {"timeout_time": 5, "timeout_unit": "ms"}
SLOW = VECTORS > 1000 and "icarus" in cocotb.SIM_NAME.lower()  # what takes minutes there is left to the other simulator
REACHED = [vector for vector in SAMPLE if SHARING or vector <= QUEUES]  # vectors of the sample that have an event


async def enabled(dut):
    """The sample of vectors configured, MSI on, DRIVER_OK, no message yet."""
    bench = await prepare(dut)
    await bench.configure_all(SAMPLE)
    await bench.command(MsiCommand.ENABLE)
    await bench.write(Register.STATUS, WORKING | 4)
    await bench.settle()
    return bench


async def event_of(bench, vector: int) -> int:
    """The event of a vector; in sharing mode a queue is mapped to it."""
    if not SHARING:
        return vector
    queue = vector % min(QUEUES, 32)
    await map_to(bench, queue, vector)
    return used_event(queue)


async def quick(bench) -> list:
    """Messages that came within a few cycles."""
    await bench.cycles(10)
    fresh = [(message.address, message.data) for message in bench.messages]
    bench.messages.clear()
    return fresh


@cocotb.test(**LONG)
@covers("rule 4", "rule 6", "rule 7", "MSI-27", "MSI-30", "MSI-31", "MSI-35")
async def every_vector(dut):
    """Pend, mask, hold, unmask, address and data of each vector, and nothing of its neighbours."""
    bench = await enabled(dut)
    for vector in REACHED:
        neighbours = {vector - 1, vector + 1, vector ^ 32, vector ^ 64} & set(range(VECTORS))
        event = await event_of(bench, vector)
        await bench.event(event)
        assert await quick(bench) == [bench.message_of(vector)]
        assert await bench.vector_state(vector) == CONFIGURED
        await bench.mask(vector)
        await bench.event(event)
        assert await quick(bench) == []
        assert await bench.vector_state(vector) == MASKED | PENDING | CONFIGURED
        for other in neighbours:
            assert not await bench.vector_state(other) & (MASKED | PENDING), f"{vector} hit {other}"
        await bench.unmask(vector)
        assert await quick(bench) == [bench.message_of(vector)]
        await bench.configure(vector, 0, 0)
        await bench.event(event)
        assert await quick(bench) == []
        assert await bench.vector_state(vector) == PENDING
        await bench.configure(vector, 0x8000_0000_0000_0000 + 4 * vector, vector)
        assert await quick(bench) == [(0x8000_0000_0000_0000 + 4 * vector, vector)]
        await bench.configure(vector, *bench.message_of(vector))
    await bench.finish("messages", "events")


@cocotb.test(skip=SHARING, **LONG)
@covers("rule 6", "MSI-31")
async def unmasked_behind_a_waiting_one(dut):
    """UNMASK finds its vector's row though another row waits to send: DRIVER_OK is taken back meanwhile."""
    bench = await enabled(dut)
    for index, vector in enumerate(REACHED):
        far = REACHED[(index + len(REACHED) // 2) % len(REACHED)]
        await bench.mask(vector)
        await bench.event(vector)
        assert await quick(bench) == []
        await bench.write(Register.STATUS, WORKING)
        await bench.event(far)
        await bench.unmask(vector)
        await bench.write(Register.STATUS, WORKING | 4)
        assert sorted(await quick(bench)) == sorted({bench.message_of(vector), bench.message_of(far)})
    await bench.finish("messages", "events")


@cocotb.test(skip=not SHARING, **LONG)
@covers("rule 8", "MSI-20", "MSI-22")
async def every_queue_and_vector(dut):
    """Queues and the configuration change of all numbers, mapped to vectors of all numbers, and pending moved along."""
    bench = await enabled(dut)
    queues = sorted({0, 1, 31 % QUEUES, 32 % QUEUES, 63 % QUEUES, 64 % QUEUES, QUEUES // 2, QUEUES - 2, QUEUES - 1})
    for queue in queues:
        vector = random.choice(SAMPLE)
        await map_to(bench, queue, vector)
        assert await bench.mapping(queue) == vector
    for queue in queues:
        await bench.event(used_event(queue))
        assert await quick(bench) == [bench.message_of(await bench.mapping(queue))]
    previous = None
    for vector in random.sample(SAMPLE, len(SAMPLE)):
        await bench.mask(vector)
        await map_to(bench, queues[-1], vector)
        await bench.map_config(vector)
        if previous is None:
            await bench.events(used_event(queues[-1]), EVENT_CONFIG)
            await bench.cycles(4)
        else:
            await bench.unmask(previous)
            assert await quick(bench) == [bench.message_of(previous)]
        assert await bench.vector_state(vector) == MASKED | PENDING | CONFIGURED
        previous = vector
    await bench.unmask(previous)
    assert await quick(bench) == [bench.message_of(previous)]
    await bench.finish("messages", "events")


@cocotb.test(**LONG)
@covers("rule 9")
async def disable_during_the_conversion(dut):
    """DISABLE right behind ENABLE, while that goes over the queues: the bit is back, can be acknowledged, and does
    not come again."""
    bench = await enabled(dut)
    await bench.command(MsiCommand.DISABLE)
    for _ in range(2):
        await bench.event(used_event(QUEUES - 1))
        await bench.expect_line(USED)
        await bench.burst(
            (Register.MSI_CMD, MsiCommand.ENABLE),
            (Register.MSI_CMD, MsiCommand.DISABLE),
            (Register.INTERRUPT_ACK, USED),
        )
        await bench.expect_line(0)
    await bench.finish("events")


@cocotb.test(skip=not SHARING, **LONG)
@covers("rule 8", "rule 9")
async def map_during_the_conversion(dut):
    """ENABLE goes over the queues while a MAP right behind it moves what is pending: every ready queue is told, and
    the new vector, too."""
    bench = await prepare(dut)
    queues = [queue for queue in SOME_QUEUES if queue < 40]
    first, second, *others = SAMPLE[: 2 + len(queues)]
    await bench.configure_all(SAMPLE)
    for queue, vector in zip(queues, others):
        await map_to(bench, queue, vector)
    await bench.map_config(first)
    await bench.write(Register.STATUS, WORKING | 4)
    for wait in range(8):
        await bench.command(MsiCommand.ENABLE)
        await bench.burst(
            (Register.MSI_VEC_SEL, first),
            (Register.MSI_CMD, MsiCommand.MASK),
            (Register.MSI_CMD, MsiCommand.MAP_CONFIG),
        )
        await bench.event(EVENT_CONFIG)
        await bench.settle()
        await bench.command(MsiCommand.DISABLE)
        await bench.acknowledge()
        await bench.events(used_event(queues[0]), EVENT_CONFIG)
        await bench.expect_line(USED | CHANGED)
        bench.messages.clear()
        await bench.write(Register.MSI_VEC_SEL, second)
        writes = [
            (Register.MSI_CMD, MsiCommand.ENABLE),
            *[(Register.MSI_DATA, 0)] * wait,
            (Register.MSI_CMD, MsiCommand.MAP_CONFIG),
        ]
        await bench.burst(*writes)
        await bench.settle()
        told = {message.address for message in bench.messages}
        missing = [vector for vector in (second, *others[: len(queues)]) if bench.message_of(vector)[0] not in told]
        assert not missing, f"{wait} writes between: vectors {missing} were not told"
        await bench.unmask(first)
        await bench.settle()
    await bench.finish("messages", "events")


@cocotb.test(skip=SLOW, **LONG)
@covers("rule 5", "rule 4", "figure rate")
async def every_vector_pending(dut):
    """All vectors pending at DRIVER_OK, and one that is pending again all the time: each is served in the first round,
    one a cycle."""
    bench = await prepare(dut, range(QUEUES))
    await bench.configure_all(range(VECTORS))
    greedy = random.choice((0, VECTORS - 1, VECTORS // 2)) if SHARING else 0
    if SHARING:
        await bench.map_config(greedy)
    count = len(await pend(bench))
    assert not bench.messages, "nothing before DRIVER_OK"
    storm = cocotb.start_soon(bench.events(*[EVENT_CONFIG] * (count + 60)))
    await bench.write(Register.STATUS, WORKING | 4)
    await storm
    await bench.settle()
    first = [message.address for message in bench.messages[:count]]
    assert len(set(first)) == count, f"{count - len(set(first))} of {count} vectors were not served in the first round"
    expected = {bench.message_of(vector) for vector in range(count)}
    assert {(message.address, message.data) for message in bench.messages[:count]} == expected
    cycles = [message.presented for message in bench.messages[:count]]
    assert cycles == list(range(cycles[0], cycles[0] + count)), "a cycle without a message"
    greedy_address = bench.message_of(greedy)[0]
    assert all(message.address == greedy_address for message in bench.messages[count:])
    assert len(bench.messages) > count
    await bench.finish("messages", "events")


@cocotb.test(**LONG)
@covers("rule 4", "rule 5")
async def events_in_every_cycle(dut):
    """An event in every cycle while the bus stalls: of the same few vectors, which share rows, so that one comes just
    as another of its row is served, and none is lost."""
    bench = await enabled(dut)
    bench.interface.behave(stalling())
    for _ in range(60):
        few = [await event_of(bench, vector) for vector in random.sample(REACHED, min(len(REACHED), 5))]
        await bench.events(*random.choices(few, k=8))
        await bench.settle()
    await bench.finish("messages", "events")


@cocotb.test(**LONG)
@covers("rule 5", "rule 6", "MSI-35")
async def masked_ones_block_nobody(dut):
    """All vectors but one are masked and pending: that one, wherever it is, sends; then each as it is unmasked."""
    bench = await prepare(dut)
    await bench.configure_all(SAMPLE)
    for vector in SAMPLE:
        await bench.burst((Register.MSI_VEC_SEL, vector), (Register.MSI_CMD, MsiCommand.MASK))
    assert await pend(bench, SAMPLE) == REACHED
    await bench.write(Register.STATUS, WORKING | 4)
    assert await quick(bench) == []
    order = random.sample(REACHED, len(REACHED))
    for vector in order:
        await bench.unmask(vector)
        assert await quick(bench) == [bench.message_of(vector)], "the high one while the low ones stay masked"
        if not SHARING:
            await bench.event(vector)
            assert await quick(bench) == [bench.message_of(vector)]
        await bench.mask(vector)
    await bench.finish("messages")


@cocotb.test(**LONG)
@covers("rule 9", "MSI-15")
async def disable_finds_every_vector(dut):
    """Whichever single vector is pending, DISABLE turns it into its bit."""
    bench = await enabled(dut)
    for vector in random.sample(REACHED, min(len(REACHED), 24)):
        event = await event_of(bench, vector)
        await bench.mask(vector)
        await bench.event(event)
        await bench.cycles(4)
        await bench.command(MsiCommand.DISABLE)
        assert await bench.interrupt_status() == (2 if event == EVENT_CONFIG else 1), f"vector {vector}"
        await bench.acknowledge()
        await bench.unmask(vector)
        await bench.command(MsiCommand.ENABLE)
        assert await quick(bench) == []
    await bench.finish("events")


@cocotb.test(**LONG)
@covers("MMIO-12", "rule 11")
async def status_reads_what_it_was(dut):
    """Read in every cycle of Status = 0: its old value until all tables are cleared and the write is answered."""
    bench = await enabled(dut)
    old = await bench.read(Register.STATUS)
    reads = [Access(False, Register.STATUS) for _ in range(80)]
    reset = Access(True, Register.STATUS, 0)
    await bench.interface.registers.burst([reset, *reads])
    assert {read.data for read in reads} == {old, 0}
    first = min(read.completed for read in reads if not read.data)
    assert first >= reset.completed, f"reads 0 in cycle {first}, answered in {reset.completed}"
    await bench.finish("device resets")


@cocotb.test(**LONG)
@covers("MSI-36", "choice 5")
async def beyond_the_last_vector(dut):
    """The numbers behind the last vector, and all that have its low bits, are no vectors."""
    bench = await enabled(dut)
    for vector in (0, VECTORS - 1):
        await bench.mask(vector)
    await bench.write(Register.QUEUE_SEL, QUEUES - 1)
    mapped = await bench.mapping(QUEUES - 1)
    size = 1 << max(1, (VECTORS - 1).bit_length())
    for vector in (
        VECTORS,
        VECTORS + 1,
        size,
        size + VECTORS - 1,
        0x10000,
        0x10000 + VECTORS - 1,
        0x80000000,
        NO_VECTOR - 1,
    ):
        if vector >= VECTORS:
            await bench.write(Register.MSI_VEC_SEL, vector)
            for command in (MsiCommand.UNMASK, MsiCommand.MAP_QUEUE, MsiCommand.MAP_CONFIG, MsiCommand.CONFIGURE):
                await bench.command(command)
            assert await bench.read(Register.MSI_VEC_STATE) == mapped << 16
    for vector in (0, VECTORS - 1):
        assert await bench.vector_state(vector) == MASKED | CONFIGURED
    assert CONFIG.num_vectors == await bench.read(Register.MSI_VEC_NUM)
    await bench.finish("register reads")
