# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What is counted, from transactions made by hand, and from a simulation."""

import json
from types import SimpleNamespace

import pytest
from cocotbext.virtio.config import NO_VECTOR, EndpointConfig
from cocotbext.virtio.coverage.bins import declared
from cocotbext.virtio.coverage.collector import Collector
from cocotbext.virtio.model.driver_state import DriverState
from cocotbext.virtio.model.effects import Effect, Map, Nothing, Reset, VectorCommand
from cocotbext.virtio.model.register_states import StateSpan
from cocotbext.virtio.registers import FeatureBit, MsiCommand, Register
from cocotbext.virtio.transactions import (
    EventAccepted,
    HardReset,
    MessageAnswered,
    MessageStarted,
    RegisterRead,
    RegisterWrite,
)

from sim.coverage.functional import judge
from sim.flow import tools
from sim.flow.run import Simulation, simulate

MSI = {"status": 15, "features": 1 << FeatureBit.MMIO_MSI | 1 << 32}


@pytest.fixture
def bench(monkeypatch):
    """A collector with counters of its own, and a model that says what the test wants."""
    from collections import Counter

    monkeypatch.setattr(Collector, "_counts", Counter())
    model = SimpleNamespace(pending_vectors=set(), states={}, mapping={}, msi_negotiated=True)
    model.vector_state = lambda number, before: model.states.get(number, (True, False, False))
    model.vector_of = lambda source, before=None: model.mapping.get(source, None if model.mapping else source)
    collector = Collector(EndpointConfig(num_queues=2, num_vectors=3), model)
    return SimpleNamespace(collector=collector, model=model, counts=collector._counts)


def wrote(bench, register: int, data: int, cycle: int, effect: Effect = Nothing(), **state) -> None:
    """A whole write, with what the model makes of it."""
    bench.collector.write(RegisterWrite(register, data, 0xF, cycle))
    bench.collector.wrote(StateSpan(1, cycle, DriverState(**MSI, **state), effect, True))


def command(bench, cycle: int, code: int, vector: int, effect: Effect | None = None, **state) -> None:
    """A command on a vector."""
    effect = effect or VectorCommand(MsiCommand(code).name, vector)
    wrote(bench, Register.MSI_CMD, code, cycle, effect, vec_sel=vector, **state)
    bench.collector.answered()


CROSS = "command, state of its vector, event of it in the same cycle"


@pytest.mark.parametrize(
    "distance, name", [(-1, "one cycle before"), (0, "same cycle"), (1, "one cycle after"), (-2, None), (2, None)]
)
def test_corner_cycles(bench, distance, name):
    """An event near MASK of its vector; one of another vector does not count."""
    for index in (1, 2):
        event = EventAccepted(100 + distance, index)
        if distance <= 0:
            bench.collector.observe(event.cycle, event)
    command(bench, 100, MsiCommand.MASK, 1)
    if distance > 0:
        for index in (1, 2):
            bench.collector.observe(100 + distance, EventAccepted(100 + distance, index))
    corners = {key: count for key, count in bench.counts.items() if key[0] == "corner cycles"}
    assert corners == ({("corner cycles", "MASK", name): 1} if name else {})


@pytest.mark.parametrize("event_first", [True, False])
def test_order_within_a_cycle_does_not_matter(bench, event_first):
    """A command and a reset meet an event of their cycle, whichever is seen first."""
    for cycle, act in (
        (90, lambda: command(bench, 90, MsiCommand.UNMASK, 1)),
        (200, lambda: wrote(bench, Register.STATUS, 0, 200, Reset())),
    ):
        if event_first:
            bench.collector.observe(cycle, EventAccepted(cycle, 1))
        act()
        if not event_first:
            bench.collector.observe(cycle, EventAccepted(cycle, 1))
    hits = {key: count for key, count in bench.counts.items() if count}
    assert hits[CROSS, "UNMASK", "configured unmasked idle", "with event"] == 1
    assert hits["corner cycles", "UNMASK", "same cycle"] == hits["corner cycles", "Status = 0", "same cycle"] == 1
    assert hits["reset", "Status = 0", "event in the same cycle"] == 1
    assert (CROSS, "UNMASK", "configured unmasked idle", "alone") not in hits and (
        "reset",
        "Status = 0",
        "idle",
    ) not in hits


def test_command_meets_state(bench):
    """The state of the vector is that before the command, and an event counts in the same cycle only."""
    bench.model.states[2] = bench.model.states[1] = (True, True, True)
    bench.model.pending_vectors = {2}
    bench.collector.observe(90, EventAccepted(90, 1))
    command(bench, 90, MsiCommand.UNMASK, 1)
    assert bench.counts[CROSS, "UNMASK", "configured masked idle", "with event"] == 1  # this event made it pending
    bench.collector.observe(100, EventAccepted(100, 2))
    command(bench, 100, MsiCommand.UNMASK, 2)
    command(bench, 101, MsiCommand.UNMASK, 2)
    assert bench.counts[CROSS, "UNMASK", "configured masked pending", "with event"] == 1
    assert bench.counts[CROSS, "UNMASK", "configured masked pending", "alone"] == 1


def test_mappings(bench):
    """Where a mapping goes, and how many events share a vector after it."""
    bench.collector = Collector(EndpointConfig(num_queues=3, num_vectors=3, msi_sharing=1), bench.model)

    def map_queue(cycle: int, queue: int, vector: int, new: int | None) -> None:
        source = queue + 1
        effect = Nothing() if vector == 3 else Map(source, bench.model.mapping.get(source), new)
        if vector != 3:
            bench.model.mapping[source] = new
        command(bench, cycle, MsiCommand.MAP_QUEUE, vector, effect, queue_sel=queue)

    for queue in (0, 1, 2):
        map_queue(10 * queue, queue, 1, 1)
        bench.collector.observe(10 * queue + 5, EventAccepted(10 * queue + 5, 1))
    map_queue(50, 0, 1, 1)
    map_queue(60, 0, 2, 2)
    map_queue(70, 0, NO_VECTOR, None)
    map_queue(80, 0, 3, None)
    found = {key[1:]: count for key, count in bench.counts.items() if key[0] == "mapping commands"}
    assert found == {
        ("MAP_QUEUE", "from none"): 3,
        ("MAP_QUEUE", "to the same"): 1,
        ("MAP_QUEUE", "to another"): 1,
        ("MAP_QUEUE", "to none"): 1,
        ("MAP_QUEUE", "refused"): 1,
    }
    shared = {key[1:]: count for key, count in bench.counts.items() if key[0] == "events to a vector of"}
    assert shared == {("one event", "used"): 1, ("two events", "used"): 1, ("more", "used"): 1}


def test_reset_finds_what_is_under_way(bench):
    """A message that waits and one that is not answered; then nothing."""
    for transaction in (MessageStarted(5, 0x10, 1), EventAccepted(9, 1)):
        bench.collector.observe(transaction.cycle, transaction)
    wrote(bench, Register.STATUS, 0, 9, Reset())
    bench.collector.observe(20, HardReset(20))
    bench.collector.observe(40, HardReset(40))
    found = {key[1:]: count for key, count in bench.counts.items() if key[0] == "reset"}
    assert found == {
        ("Status = 0", "message waiting"): 1,
        ("Status = 0", "event in the same cycle"): 1,
        ("aresetn", "message waiting"): 1,
        ("aresetn", "write unanswered"): 1,
        ("aresetn", "idle"): 1,
    }


@pytest.mark.parametrize(
    "value, kinds",
    [
        (0, {"lowest"}),
        (1, {"highest"}),
        (2, {"first beyond"}),
        (0x10000, {"alias of one in range"}),
        (0xFFFFFFFF, {"all ones", "alias of one in range"}),
    ],
)
def test_selectors(bench, value, kinds):
    """In range and out of it, with two queues."""
    wrote(bench, Register.QUEUE_SEL, value, 1)
    assert {key[2] for key in bench.counts if key[0] == "selector"} == kinds


def test_accesses(bench):
    """By area, lanes and alignment; a register is written by whole words only."""
    bench.collector.write(RegisterWrite(Register.QUEUE_NUM, 1, 0x3, 1))
    bench.collector.write(RegisterWrite(0x103, 1, 0x8, 2))
    bench.collector.read(RegisterRead(Register.STATUS, 0, 3, 6))
    bench.collector.observe(9, MessageAnswered(9, 2))
    assert dict(bench.counts) == {
        ("write", "queue", "two lanes", "aligned"): 1,
        ("write", "device config", "one lane", "unaligned"): 1,
        ("read", "status", "aligned"): 1,
        ("register", "read", "STATUS"): 1,
        ("message answered", "SLVERR"): 1,
    }


def test_simulation_leaves_its_counts():
    """Beside its results; every bin in them is declared; a smoke test leaves most open."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    simulation = Simulation("icarus", "sharing", "tb.tests.test_smoke", 1)
    assert simulate(simulation).failures == []
    counts = json.loads((simulation.directory / "coverage.json").read_text())
    result = judge(counts, [])
    assert 0 < result["covered"] < result["bins"] / 2
    assert counts["register"]["written / STATUS"] > 3


def test_names_of_bins_are_unique():
    """No two combinations have the same name."""
    assert sum(len(bins) for bins in declared().values()) > 400
