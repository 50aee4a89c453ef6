# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""From the lines of a run log to chains, their memory accesses and who told of them."""

from collections import Counter

import pytest
from cocotbext.virtio.checks.ring_log import traced
from cocotbext.virtio.checks.ring_order import RULES, RingOrder

from sim.debug.timeline.data import build, read
from sim.debug.timeline.rings import Rings
from sim.flow import tools
from sim.flow.run import RUN_LOG, Simulation, simulate
from tests.checks.paper_device import EVENT_IDX, INDIRECT, PackedPaper, SplitPaper
from tests.debug.ring_logs import REQUEST, logged, told_and_not_told
from tests.debug.run_logs import coalesced


@pytest.mark.parametrize("kind", [SplitPaper, PackedPaper])
@pytest.mark.parametrize("fault", [None, "C-3 descriptor early", "C-4 data not waited for", "C-11 after the stop"])
def test_the_trace_of_a_log_is_the_trace_that_wrote_it(kind, fault):
    """The order rules find the same in both, and the same buffers are decoded."""
    device = logged(kind, *filter(None, [fault]), features=INDIRECT)
    for number in range(10):
        device.one(indirect=bool(number % 2))
    device.settle()
    device.stop()
    findings = list(map(str, RingOrder(device.trace, RULES).judge()))
    again = traced(device.records)
    assert list(map(str, RingOrder(again, RULES).judge())) == findings
    assert bool(findings) == bool(fault)
    (life,), (other,) = device.trace.lives, again.lives
    assert [vars(given) | {"used": None, "parts": 0} for given in life.given] == [
        vars(given) | {"used": None, "parts": 0} for given in other.given
    ]
    assert (life.stopped, life.kicks, device.trace.barriers) == (other.stopped, other.kicks, again.barriers)


def test_what_became_of_each_chain():
    """The message that told of it, or why none did."""
    rings = build(told_and_not_told()).rings
    assert [chain["notification"] for chain in rings.chains] == [0, 1, 1, -1, -1]
    assert [chain["wanted"] for chain in rings.chains] == ["yes", "yes", "yes", "no", "open"]
    assert [chain["why"] for chain in rings.chains][3:] == ["not wanted: NO_INTERRUPT", "not used until the run ended"]
    assert [one["chains"] for one in rings.notifications] == [[0], [1, 2]]
    assert [one["message"] for one in rings.notifications] == [0, 1]
    assert [(one["how"], one["vector"], one["data"]) for one in rings.notifications] == [("message", 1, 1)] * 2
    first, table, last = rings.chains[0], rings.chains[2], rings.chains[4]
    assert first["parts"] == [[16, False], [512, True], [1, True]]
    assert first["cycle"] < first["issued"] < first["visible"] < rings.notifications[0]["cycle"]
    assert (first["length"], table["tables"], last["issued"], last["visible"]) == (513, 1, -1, -1)


def test_nobody_told_of_what_the_driver_wished_to_hear():
    """That is what a lost interrupt looks like."""
    device = logged()
    device.one()
    (chain,) = build(device.records).rings.chains
    assert (chain["wanted"], chain["notification"]) == ("yes", -1)
    assert chain["why"] == "the driver wished to hear of it (every used buffer), and nothing told it"


def test_a_line_that_is_high_tells_of_what_comes_later():
    """Until it falls; then it has to rise again."""
    device = logged()
    device.one()
    device.line(1)
    device.one()
    device.line(0)
    device.one()
    device.line(1)
    rings = build(device.records).rings
    assert [chain["notification"] for chain in rings.chains] == [0, 0, 1]
    assert [one["how"] for one in rings.notifications] == ["line", "line"]


@pytest.mark.parametrize("kind, reads", [(SplitPaper, ["ring entry"]), (PackedPaper, [])])
@pytest.mark.parametrize("indirect", [False, True])
def test_what_each_access_touches(kind, reads, indirect):
    """Every access of a chain by name, and no other chain's."""
    device = logged(kind, features=INDIRECT)
    for _ in range(20):  # so that ring entries and descriptors are used again
        device.one(indirect=indirect)
    rings = build(device.records).rings
    for number, chain in enumerate(rings.chains):
        accesses = [rings.memory[access] for access in chain["accesses"]]
        assert all(access["chains"] == [number] for access in accesses)
        kinds = Counter(kind for access in accesses if not access["write"] for kind in access["kinds"])
        wanted = {*reads, "descriptor", "readable buffer"} | ({"table"} if indirect else set())
        assert set(kinds) - {"avail.idx", "wish"} == wanted
        written = Counter(access["kinds"][0] for access in accesses if access["write"])
        assert written == {"writable buffer": 2, "used element": 1} | ({"used.idx": 1} if kind is SplitPaper else {})
    assert not any("other" in access["kinds"] for access in rings.memory)
    assert any(access["kinds"][0] == "wish" for access in rings.memory if not access["write"])


def test_an_access_to_nothing_of_a_ring():
    """It is named so: the device must not touch it."""
    device = logged()
    device.write(0x7000_0000, 1, 4)
    (access,) = build(device.records).rings.memory
    assert (access["kinds"], access["chains"], access["queues"]) == (["other"], [], [])


def test_wishes_become_spans():
    """Both sides', one that says the same as before goes on."""
    device = logged(features=EVENT_IDX)
    driver, size = device.layout.driver_area, device.size
    device.one()
    asked = device.now
    device.put(driver + 4 + 2 * size, 7, 2)
    device.now += 30
    device.put(driver + 4 + 2 * size, 7, 2)
    device.one()
    rings = build(device.records).rings
    spans = {by: [wish for wish in rings.wishes if wish["by"] == by] for by in ("driver", "device")}
    assert [wish["text"] for wish in spans["driver"]] == ["used_event = 0", "used_event = 7"]
    assert spans["driver"][0]["to"] == spans["driver"][1]["from"] == asked
    assert [wish["text"] for wish in spans["device"]] == ["avail_event = 1", "avail_event = 2"]
    assert rings.lives[0]["ring"] == "split EVENT_IDX"


def test_the_wish_of_a_packed_ring():
    """An event suppression structure."""
    device = logged(PackedPaper)
    device.put(device.layout.driver_area, 1 << 16, 4)
    device.one()
    rings = build(device.records).rings
    assert ("DISABLE", True) in [(wish["text"], wish["quiet"]) for wish in rings.wishes]
    assert rings.chains[0]["why"] == "not wanted: DISABLE"


def test_chains_at_one_time_have_rows_of_their_own():
    """No two bars lie on one another."""
    device = logged()
    for _ in range(3):
        device.give(list(REQUEST))
    device.serve()
    device.one()
    chains = build(device.records).rings.chains
    assert [chain["row"] for chain in chains] == [0, 1, 2, 0]


def test_a_log_that_was_cut_anywhere_is_drawn():
    """A run that was killed leaves what it has done."""
    records = told_and_not_told()
    before = 0
    for length in range(1, len(records)):
        rings = build(records[:length]).rings
        assert len(rings.chains) >= before
        before = len(rings.chains)
    assert before == 5


def test_a_run_without_rings_has_none():
    """What the endpoint's tests draw stays as it was."""
    assert build(coalesced()).rings == Rings()


def of_run(configuration, module, test):
    """The data of a run on Icarus that passes."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    simulation = Simulation("icarus", configuration, f"tb.tests.{module}", 1, test, run_log=True)
    result = simulate(simulation)
    assert not result.failures, result.report()
    return build(read(simulation.directory / RUN_LOG))


def test_one_buffer_of_the_engine():
    """Its bench writes the log: everything that the engine does has a name, and the event tells of the buffer."""
    data = of_run("engine", "test_virtqueue", "one_buffer")
    (chain,) = data.rings.chains
    assert data.rings.notifications[chain["notification"]]["how"] == "event"
    accesses = [data.rings.memory[access] for access in chain["accesses"]]
    assert {access["kinds"][0] for access in accesses} >= {"descriptor", "writable buffer", "used element", "used.idx"}
    assert not any("other" in access["kinds"] for access in data.rings.memory)
    assert data.modes == []  # nobody has heard of DRIVER_OK


@pytest.mark.thorough
def test_a_disk_by_message():
    """A whole device: register accesses, messages and rings fit together."""
    data = of_run("rtl_disk", "test_rtl_disk", "requests_by_message")
    rings = data.rings
    assert len(rings.chains) > 4 and all(chain["notification"] >= 0 for chain in rings.chains)
    assert len(rings.notifications) == len(data.messages) > 4
    for number, one in enumerate(rings.notifications):
        assert data.messages[one["message"]]["cycle"] == one["cycle"]
        assert all(rings.chains[chain]["notification"] == number for chain in one["chains"])
        assert all(rings.chains[chain]["visible"] <= one["cycle"] for chain in one["chains"])
    assert not any("other" in access["kinds"] for access in rings.memory)
    for chain in rings.chains:
        written = sum(
            rings.memory[access]["bytes"]
            for access in chain["accesses"]
            if rings.memory[access]["kinds"] == ["writable buffer"]
        )
        assert written >= chain["length"]
    notify = [access["cycle"] for access in data.accesses if access["text"].startswith("QueueNotify = 0")]
    assert len(notify) == len(rings.kicks)
    assert all(0 <= access - kick["cycle"] < 3 for access, kick in zip(notify, rings.kicks))
    assert {mode["mode"] for mode in data.modes} == {"off", "message"}
