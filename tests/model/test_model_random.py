# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""An endpoint that keeps the contract is never refused, however slow; one that does not, is."""

import random

import pytest
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.model import Mismatch, Timing
from cocotbext.virtio.registers import MsiCommand
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.feed import feed
from tests.model.ideal_endpoint import Delays, IdealEndpoint
from tests.model.traffic import bring_up, command, random_run

CONFIGURATIONS = st.builds(
    EndpointConfig,
    num_queues=st.sampled_from([1, 2, 3, 5, 12]),
    num_vectors=st.sampled_from([None, None, 2, 9]),
    msi_sharing=st.integers(0, 1),
    notify_doorbells=st.integers(0, 1),
    addr_width=st.just(16),
)
DELAYS = st.builds(
    Delays,
    event=st.integers(1, 4),
    write=st.integers(1, 8),
    response=st.integers(0, 12),
    present=st.integers(1, 4),
    prefetch=st.integers(0, 3),
    line=st.integers(0, 3),
    read=st.integers(0, 6),
    data_lag=st.sampled_from([0, 0, 2]),
    bus_wait=st.sampled_from([0, 3, 30]),
    answer=st.sampled_from([1, 6, 40]),
    kick_wait=st.sampled_from([0, 5, 40]),
)
RUNS = settings(max_examples=150, deadline=None, derandomize=True)


@RUNS
@given(
    config=CONFIGURATIONS,
    delays=DELAYS,
    seed=st.integers(0, 1 << 32),
    gap=st.sampled_from([0, 2, 5, 20]),
    msi=st.sampled_from([True, True, True, False]),
    shared_pairs=st.booleans(),
)
def test_no_false_alarm(config, delays, seed, gap, msi, shared_pairs):
    counts = feed(config, random_run(config, seed, 100, delays, gap, msi, shared_pairs))
    assert sum(counts.outcomes.values()) == counts.accepted
    assert counts.lost == counts.without_cause == 0


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 1 << 32), gap=st.sampled_from([0, 5, 20]), event=st.integers(2, 4))
def test_no_false_alarm_with_close_timing(seed, gap, event):
    """An endpoint known to take a message as it presents it, at the earliest two cycles after the event."""
    timing = Timing(fastest_message=2, take_latency=1, prefetch=0)
    config = EndpointConfig(num_queues=3)
    delays = Delays(event=event, present=1, prefetch=0, bus_wait=0)
    feed(config, random_run(config, seed, 100, delays, gap), timing)


# ---------------------------------------------------------------------- endpoints with a fault
def sparse(seed: int, lose=None, sharing: int = 0) -> tuple[EndpointConfig, list]:
    """One event every 80 cycles, some of them on a vector that is masked and unmasked: nothing merges."""
    config = EndpointConfig(num_queues=3, msi_sharing=sharing)
    endpoint = IdealEndpoint(config, seed, Delays(), lose)
    choose = random.Random(seed)
    bring_up(endpoint)
    endpoint.run(400)
    for _ in range(12):
        index = choose.randint(0, 3)
        vector = index if not sharing else (index % 4)
        masked = choose.random() < 0.4
        if masked:
            command(endpoint, MsiCommand.MASK, vector)
            endpoint.run(80)
        endpoint.events.append(index)
        endpoint.run(80)
        if masked:
            command(endpoint, MsiCommand.UNMASK, vector)
            endpoint.run(80)
    endpoint.settle()
    return config, endpoint.finish()


def messages(stream: list) -> list[int]:
    """Cycles in which messages were first presented."""
    return [cycle for cycle, name, _ in stream if name == "message_started"]


def refused(config: EndpointConfig, stream: list):
    """The model raises Mismatch."""
    with pytest.raises(Mismatch):
        feed(config, sorted(stream, key=lambda entry: entry[0]))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("sharing", [0, 1])
def test_every_dropped_message_is_noticed(seed, sharing):
    config, stream = sparse(seed, sharing=sharing)
    feed(config, stream)
    for at in messages(stream):
        without = [
            entry
            for entry in stream
            if not (at <= entry[0] < at + 40 and entry[1] in ("message_started", "message", "answer"))
        ]
        refused(config, without)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("sharing", [0, 1])
def test_every_duplicated_message_is_noticed(seed, sharing):
    config, stream = sparse(seed, sharing=sharing)
    for at in messages(stream):
        again = []
        for cycle, name, arguments in stream:
            if at <= cycle < at + 20 and name in ("message_started", "message", "answer"):
                if name == "message_started":
                    arguments = (cycle + 20, *arguments[1:])
                else:
                    moved = vars(arguments[0]) | {
                        key: value + 20
                        for key, value in vars(arguments[0]).items()
                        if key in ("cycle", "presented", "taken", "w_taken")
                    }
                    arguments = (type(arguments[0])(**moved),)
                again.append((cycle + 20, name, arguments))
        refused(config, stream + again)


@pytest.mark.parametrize("seed", range(4))
def test_every_flipped_bit_is_noticed(seed):
    config, stream = sparse(seed)
    choose = random.Random(seed)
    for at in messages(stream):
        bit = choose.randrange(96)
        changed = []
        for cycle, name, arguments in stream:
            if cycle == at and name == "message_started":
                address, data = arguments[1:]
                arguments = (cycle, address ^ (1 << bit if bit < 64 else 0), data ^ (1 << bit - 64 if bit >= 64 else 0))
            changed.append((cycle, name, arguments))
        refused(config, changed)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("sharing", [0, 1])
def test_every_lost_event_is_noticed(seed, sharing):
    _, stream = sparse(seed, sharing=sharing)
    events = sum(name == "event" for _, name, _ in stream)
    for number in range(events):
        count = iter(range(1 << 30))
        refused(*sparse(seed, lambda what, cycle, index, count=count, number=number: next(count) == number, sharing))


@pytest.mark.parametrize("seed", range(20))
def test_an_endpoint_that_loses_events_among_commands_is_noticed(seed):
    config = EndpointConfig(num_queues=3)
    choose = random.Random(seed)
    stream = random_run(config, seed, 300, Delays(), 60, lose=lambda what, cycle, index: choose.random() < 0.3)
    refused(config, stream)
