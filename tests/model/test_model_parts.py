# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The model's own building blocks, and what they cost."""

import sys

import pytest
from cocotbext.virtio.config import used_event
from cocotbext.virtio.model import Mismatch
from cocotbext.virtio.model.driver_state import DriverState
from cocotbext.virtio.model.effects import Nothing
from cocotbext.virtio.model.register_states import History, RegisterStates
from cocotbext.virtio.model.ternary import Ternary, TernaryLog
from cocotbext.virtio.registers import MsiCommand, Register
from cocotbext.virtio.transactions import MessageAnswered, MessagePresented

from tests.model.bench import Bench


def test_ternary_union():
    assert Ternary.NO | Ternary.YES is Ternary.MAYBE
    assert Ternary.MAYBE.allows(0) and Ternary.MAYBE.allows(1)
    assert Ternary.YES.allows(1) and not Ternary.YES.allows(0)
    assert Ternary.of(True, False) is Ternary.NO


def test_ternary_log_looks_back():
    log = TernaryLog()
    log.set(10, Ternary.YES)
    log.set(20, Ternary.NO)
    assert log.during(5, 9) is Ternary.NO
    assert log.during(12, 19) is Ternary.YES
    assert log.during(9, 10) is Ternary.MAYBE
    assert log.during(19, 25) is Ternary.MAYBE
    assert log.during(20, 25) is Ternary.NO


def test_timeline_slots_in_a_window():
    states = RegisterStates(0, DriverState())
    states.add(10, DriverState(status=1), Nothing())
    states.add(11, DriverState(status=3), Nothing())

    def numbers(first, last):
        return [span.number for span in states.between(first, last)]

    assert numbers(5, 10) == [0]
    assert numbers(12, 13) == [0, 1, 2]
    states.respond(12)
    assert numbers(12, 13) == [1, 2]
    assert numbers(11, 12) == [0, 1, 2]
    states.respond(14)
    assert numbers(14, 20) == [2]
    assert numbers(13, 20) == [1, 2]
    assert states.respond(15) is None


def test_timeline_forgets_what_is_long_over():
    states = RegisterStates(0, DriverState())
    for cycle in range(0, 200_000, 20):
        states.add(cycle, DriverState(), Nothing())
        states.respond(cycle + 2)
    assert len(states.spans) < 2000
    assert states.between(200_000, 200_001) == [states.latest]


def test_history():
    history = History("a")
    history.set(3, "b", oldest=0)
    history.set(7, "c", oldest=0)
    assert [history.at(number) for number in (0, 3, 6, 7, 99)] == ["a", "b", "b", "c", "c"]
    history.set(9, "d", oldest=8)
    assert history.values == ["c", "d"]


# ---------------------------------------------------------------------- equal messages of several vectors
@pytest.fixture
def twins():
    """Vectors 1 and 2 were given the same message."""
    bench = Bench().bring_up()
    bench.configure(2, *bench.message_of(1))
    return bench


def test_equal_messages_each_has_a_cause(twins):
    twins.event(used_event(0))
    twins.event(used_event(1))
    twins.message(1)
    twins.message(1)
    counts = twins.finish()
    assert counts.messages == counts.delivered == 2


def test_equal_messages_more_than_causes(twins):
    twins.event(used_event(0))
    twins.event(used_event(1))
    twins.message(1)
    twins.message(1)
    with pytest.raises(Mismatch, match="^rule 4"):
        twins.message(1)


def test_equal_messages_none_came(twins):
    twins.event(used_event(1))
    with pytest.raises(Mismatch, match="vector 2 owes"):
        twins.finish()


# ---------------------------------------------------------------------- data behind the address
def test_message_whose_data_comes_later():
    bench = Bench().bring_up()
    address, data = bench.message_of(1)
    bench.event(used_event(0))
    bench.cycle += 2
    start = bench.cycle
    bench.model.message_started(start, address)
    bench.cycle += 1
    bench.event(used_event(0))
    bench.cycle += 5
    bench.model.message(MessagePresented(start, start, bench.cycle, address, data))
    bench.cycle += 1
    bench.model.answer(MessageAnswered(bench.cycle, 0))
    bench.message(1)
    assert bench.finish().messages == 2


def test_message_whose_data_comes_later_and_is_wrong():
    bench = Bench().bring_up()
    address, data = bench.message_of(1)
    bench.event(used_event(0))
    bench.cycle += 2
    bench.model.message_started(bench.cycle, address)
    with pytest.raises(Mismatch, match="^rule 7"):
        bench.model.message(MessagePresented(bench.cycle, bench.cycle, bench.cycle + 5, address, data ^ 4))


# ---------------------------------------------------------------------- size
def cost_of_events(queues: int, events: int = 300) -> int:
    """Lines of Python that run for so many events and their messages, every vector configured: unlike seconds, the
    same on a busy machine."""
    bench = Bench(num_queues=queues)
    bench.negotiate()
    for vector in range(queues + 1):
        bench.configure(vector, *bench.message_of(vector))
    for queue in range(queues):
        bench.queue(queue)
    bench.command(MsiCommand.ENABLE)
    bench.start()
    lines = 0

    def count(frame, event, argument):
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    for number in range(events):
        bench.event(used_event(number % queues))
        bench.message(1 + number % queues)
    bench.read(Register.STATUS, 0xF)
    sys.settrace(before)
    return lines


def test_cost_of_an_event_does_not_grow_with_the_number_of_vectors():
    small = cost_of_events(2)
    assert small > 300
    assert cost_of_events(1023) < 1.5 * small
