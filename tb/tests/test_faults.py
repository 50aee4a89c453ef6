# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Messages that are answered with an error, and buses that are stuck."""

import cocotb
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.bfm.msi_sink import MsiSinkTiming
from cocotbext.virtio.config import EVENT_CONFIG, NO_VECTOR, used_event
from cocotbext.virtio.registers import MsiCommand, Register, StatusBit
from cocotbext.virtio.transactions import FaultReported

from tb.tests.support.covers import covers
from tb.tests.support.directed import CHANGED, CONFIG, TIMEOUT, working

QUEUES, VECTORS = CONFIG.num_queues, CONFIG.num_vectors
SLVERR, DECERR = 2, 3
OUTSTANDING = 16  # responses that may be awaited
NEEDS_RESET = StatusBit.DEVICE_NEEDS_RESET


def faults_of(bench) -> list[int]:
    """Vectors at msi_error_vector, filled as they are reported."""
    vectors = []

    def note(transaction):
        if isinstance(transaction, FaultReported):
            vectors.append(transaction.vector)

    bench.interface.state_monitor.add_callback(note)
    return vectors


def answer(bench, code: int, *vectors: int) -> None:
    """From now on messages of the vectors (of all, if none is named) are answered with a code."""
    addresses = {bench.message_of(vector)[0] for vector in vectors}
    bench.interface.msi_sink.behave(
        MsiSinkTiming(response=lambda address: code if not addresses or address in addresses else None)
    )


async def needs_reset(bench) -> bool:
    """Whether Status has DEVICE_NEEDS_RESET."""
    return bool(await bench.read(Register.STATUS) & NEEDS_RESET)


@cocotb.test(**TIMEOUT)
@cocotb.parametrize(code=[SLVERR, DECERR])
@covers("rule 13", "choice 9", "MMIO-20", "MMIO-21", "MSI-28")
async def one_failed_message(dut, code):
    """Reported once with its vector, DEVICE_NEEDS_RESET set, one configuration change; the vector can send again."""
    bench = await working(dut)
    faults = faults_of(bench)
    for vector in range(1, min(VECTORS, QUEUES + 1, 8)):
        await bench.bring_up()
        answer(bench, code, vector)
        await bench.event(used_event(vector - 1))
        await bench.expect_messages(vector, 0)
        assert faults == [vector]
        assert await needs_reset(bench)
        answer(bench, 0)
        await bench.event(used_event(vector - 1))
        await bench.expect_messages(vector)
        assert await needs_reset(bench), "only a reset clears it"
        assert faults == [vector]
        faults.clear()
        await bench.write(Register.STATUS, 0)
        assert not await needs_reset(bench)
    await bench.finish("faults", "messages")


@cocotb.test(**TIMEOUT)
@covers("rule 13", "choice 9")
async def configuration_vector_fails(dut):
    """The message that tells of a failure fails itself: no retry, no storm."""
    bench = await working(dut)
    faults = faults_of(bench)
    answer(bench, SLVERR, 0)
    await bench.event(EVENT_CONFIG)
    await bench.expect_messages(0, 0)  # the event's, and the one that tells of its failure
    assert faults == [0, 0]
    assert await needs_reset(bench)
    await bench.event(EVENT_CONFIG)
    await bench.expect_messages(0)  # the bit is set already: no news
    assert faults == [0, 0, 0]
    await bench.finish("faults")


@cocotb.test(**TIMEOUT)
@covers("rule 13")
async def everything_fails(dut):
    """Every message fails: each event is one message and one report, and one message more tells of all failures."""
    bench = await working(dut)
    faults = faults_of(bench)
    answer(bench, DECERR)
    for _ in range(10):
        for queue in range(min(QUEUES, 6)):
            await bench.event(used_event(queue))
            await bench.settle()
    assert len(bench.messages) == 10 * min(QUEUES, 6) + 1
    assert len(faults) == len(bench.messages)
    await bench.finish("faults")


@cocotb.test(**TIMEOUT)
@covers("rule 4", "rule 13")
async def sixteen_responses_outstanding(dut):
    """So many messages are sent without an answer, and no more; the answers, all errors, belong to them in that
    order."""
    bench = await working(dut)
    faults = faults_of(bench)
    answer(bench, SLVERR)
    bench.interface.msi_sink.hold(address=False, data=False)
    order = [1 + (3 * number + number // 5) % min(VECTORS - 1, QUEUES) for number in range(OUTSTANDING)]
    for vector in order:
        await bench.event(used_event(vector - 1))
        await bench.cycles(8)
    assert len(bench.messages) == OUTSTANDING
    await bench.event(used_event(0))
    await bench.cycles(20)
    assert len(bench.messages) == OUTSTANDING, f"more than {OUTSTANDING} messages without an answer"
    bench.interface.msi_sink.release()
    await bench.settle()
    assert [vector for vector in faults if vector] == [*order, 1]
    await bench.finish("faults", "messages")


@cocotb.test(**TIMEOUT)
@covers("rule 13", "MSI-29", "MSI-31")
async def nobody_to_tell(dut):
    """The configuration vector is masked, or there is none: held until UNMASK, or dropped; the bit is set either
    way."""
    bench = await working(dut)
    answer(bench, SLVERR, 1)
    await bench.mask(0)
    await bench.event(used_event(0))
    await bench.expect_messages(1)
    assert await needs_reset(bench)
    await bench.unmask(0)
    await bench.expect_messages(0)
    await bench.bring_up()
    await bench.map_config(NO_VECTOR)
    await bench.event(used_event(0))
    await bench.expect_messages(1)
    assert await needs_reset(bench)
    await bench.map_config(0)
    await bench.expect_messages()
    await bench.finish("faults")


@cocotb.test(**TIMEOUT)
@covers("rule 13", "rule 9")
async def failure_answered_after_disable(dut):
    """The error comes when MSI is off again: the driver is told by InterruptStatus."""
    bench = await working(dut)
    faults = faults_of(bench)
    answer(bench, SLVERR, 1)
    bench.interface.msi_sink.hold(address=False, data=False)
    await bench.event(used_event(0))
    await bench.cycles(10)
    await bench.command(MsiCommand.DISABLE)
    await bench.cycles(20)
    assert not faults and not await needs_reset(bench)
    bench.interface.msi_sink.release()
    await bench.expect_line(CHANGED)
    assert faults == [1] and await needs_reset(bench)
    await bench.finish("faults", "line changes")


@cocotb.test(**TIMEOUT)
@covers("rule 13", "rule 11")
async def failure_answered_during_reset(dut):
    """The error comes while a reset waits for it: reported, but the next life starts clean."""
    bench = await working(dut)
    faults = faults_of(bench)
    answer(bench, SLVERR)
    bench.interface.msi_sink.hold(address=False, data=False)
    await bench.event(used_event(0))
    await bench.cycles(10)
    reset = bench.interface.registers.submit(Access(True, Register.STATUS, 0))
    await bench.cycles(20)
    assert not reset.finished
    bench.interface.msi_sink.release()
    await reset.wait()
    await bench.settle()
    assert faults == [1]
    assert await bench.read(Register.STATUS) == 0
    await bench.new_messages()
    await bench.bring_up()
    await bench.expect_messages()
    assert not await needs_reset(bench)
    await bench.finish("faults", "device resets")


@cocotb.test(**TIMEOUT)
@covers("rule 13")
async def failures_among_many_outstanding(dut):
    """Answers are in the order of the messages: with many outstanding, each failure is reported with its own vector."""
    bench = await working(dut)
    faults = faults_of(bench)
    vectors = [0, *range(1, min(QUEUES, 12) + 1)]
    bad = vectors[1::2]
    answer(bench, SLVERR, *bad)
    bench.interface.msi_sink.hold(address=False, data=False)
    for _ in range(3):
        await bench.events(*vectors)
        await bench.cycles(len(vectors) + 4)
    order = [message.address for message in bench.messages]
    assert len(order) >= len(vectors), "messages do not wait for the answers of others"
    bench.interface.msi_sink.release()
    await bench.settle()
    addresses = {bench.message_of(vector)[0]: vector for vector in vectors}
    expected = [addresses[message.address] for message in bench.messages if addresses[message.address] in bad]
    assert faults == expected
    await bench.finish("faults", "messages")


@cocotb.test(**TIMEOUT)
@covers("MSI-27")
async def answers_that_never_come(dut):
    """No answer for thousands of cycles: events are accepted all the time, nothing is lost, the registers work."""
    bench = await working(dut)
    bench.interface.msi_sink.hold(address=False, data=False)
    for turn in range(60):
        for index in range(min(QUEUES, 6) + 1):
            await bench.event(index)
        if turn % 10 == 0:
            assert await bench.read(Register.STATUS)
    await bench.cycles(500)
    stuck = len(bench.messages)
    await bench.cycles(100)
    assert len(bench.messages) == stuck
    bench.interface.msi_sink.release()
    await bench.settle()
    await bench.new_messages()
    await bench.event(used_event(0))
    await bench.expect_messages(1)
    await bench.finish("messages")


@cocotb.test(**TIMEOUT)
@cocotb.parametrize(stuck=["address", "data", "both"])
@covers("rule 4", "MSI-27", "rule 6")
async def event_ready_with_a_stuck_bus(dut, stuck):
    """While the message bus takes nothing, every event is accepted at once, commands work, and each vector pends
    once."""
    bench = await working(dut)
    target = bench.interface.msi_sink
    target.hold(address=stuck != "data", data=stuck != "address", responses=False)
    events = [*range(min(QUEUES, 16) + 1)] * 6
    cycles = await bench.interface.event_source.burst(events)
    assert cycles[-1] - cycles[0] == len(events) - 1, "event_ready waits for the message bus"
    await bench.mask(1)
    await bench.unmask(1)
    assert await bench.interrupt_status() == 0
    target.release()
    seen = await bench.new_messages()
    assert set(seen) == {bench.message_of(vector) for vector in set(events)}
    assert len(seen) <= len(set(events)) + 2, "one message for many events"
    await bench.finish("messages", "events")


@cocotb.test(**TIMEOUT)
@covers("MSI-27", "rule 4")
async def address_and_data_out_of_step(dut):
    """AW runs ahead of W, then W of AW: each message keeps its own pair and is not presented before the last is
    whole."""
    bench = await working(dut)
    for held in ({"data": False}, {"address": False}):
        for _ in range(4):
            bench.interface.msi_sink.hold(**held, responses=False)
            await bench.events(used_event(0), EVENT_CONFIG)
            await bench.cycles(20)
            bench.interface.msi_sink.release()
            await bench.expect_messages(1, 0)
    await bench.finish("messages")
