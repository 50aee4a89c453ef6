# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""From a failing run of rings to one with few and small buffers."""

from dataclasses import replace

import pytest

from sim.debug.shrink import rings
from sim.debug.shrink.rings import kind, report, shrink_rings
from sim.flow import tools
from sim.flow.errors import FlowError
from sim.flow.paths import ROOT, SHRINK_RUNS
from sim.flow.results import Failure
from sim.flow.run import Result, Simulation, environment, simulate
from sim.flow.selection import Request, select
from sim.mutation.seeded import faults as seeded_faults
from tests.debug.ring_logs import many

RUN = Simulation("icarus", "engine", "tb.tests.test_virtqueue", 7, "any_buffers", run_log=True, place=SHRINK_RUNS)


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("V-6 in cycle 20: its data; V-6 in cycle 31: its data", "V-6 in cycle 8: its used element", True),
        ("V-6 in cycle 20: its data", "V-7 in cycle 20: its data", False),
        ("queue 0: 3 of 15 used, 5 sent; fault 4", "queue 1: 0 of 1 used, 1 sent; fault None", True),
        ("queue 0 buffer 3: differs at byte 4 of 9", "queue 0: 3 of 15 used", False),
    ],
)
def test_what_counts_as_the_same_failure(one, other, same):
    """The rule, or the words before the first semicolon without their numbers."""
    assert (kind(one) == kind(other)) == same


def fake(monkeypatch, fails):
    """Runs that are not made: *fails* says of bounds and seed what the failure is, "" for none. A run has as many
    buffers as it may, 15 without a bound."""
    tried = []

    def bounds_of(simulation):
        return {
            name: int(most)
            for name, _, most in (each.partition("=") for each in (simulation.limits or "").split(",") if each)
        }

    def run(simulation):
        bounds = bounds_of(simulation)
        tried.append((bounds, simulation.seed))
        message = fails(bounds, simulation.seed)
        return Result(simulation, failures=[Failure("any_buffers/round=1", message)] if message else [])

    def data(simulation):
        return rings.build(many(bounds_of(simulation).get("buffers", 15)))

    monkeypatch.setattr(rings, "simulate", run)
    monkeypatch.setattr(rings, "_data", data)
    return tried


def test_each_bound_is_the_least_with_which_it_fails(monkeypatch):
    """Another seed may do; a run that fails otherwise does not count; what needs no bound has none."""

    def fails(bounds, seed):
        if bounds.get("parts", 9) == 1:
            return "V-9 in cycle 3: nobody sleeps"
        enough = bounds.get("buffers", 15) >= 3 and bounds.get("bytes", 600) >= 64 and bounds.get("latency", 40) > 12
        return "V-6 in cycle 30: its data" if enough and (seed % 2 or len(bounds) == 0) else ""

    run = replace(RUN, seed=8)
    tried = fake(monkeypatch, fails)
    shrunk = shrink_rings(run, Result(run, failures=[Failure("any_buffers/round=1", "V-6 in cycle 99: its data")]), 60)
    assert shrunk.run.limits == "buffers=3,queues=1,parts=2,bytes=64"
    assert (shrunk.run.seed, shrunk.run.test) == (9, "any_buffers/round=1")
    assert (shrunk.before, len(shrunk.data.rings.chains)) == (15, 3)
    assert shrunk.tries == len(tried) == len({(tuple(bounds.items()), seed) for bounds, seed in tried}) < 60
    lines = report(shrunk)
    assert "15 buffers, reduced to 3" in lines[1] and len([line for line in lines if "r8 w8, used in" in line]) == 3
    assert (
        lines[-2].startswith("replay: make sim ") and "SEED=9 LIMITS=buffers=3,queues=1,parts=2,bytes=64" in lines[-2]
    )
    assert lines[-1].startswith("draw:   make timeline ")


def test_a_test_that_bounds_nothing(monkeypatch):
    """One line says so, after one run."""
    tried = fake(monkeypatch, lambda bounds, seed: "V-6")
    monkeypatch.setattr(rings, "_data", lambda simulation: rings.build(many(5)))
    with pytest.raises(FlowError, match="draws nothing of what can be bounded: buffers, queues"):
        shrink_rings(RUN, Result(RUN, failures=[Failure(None, "V-6")]), 60)
    assert len(tried) == 1


def test_no_run_begins_after_its_time(monkeypatch):
    """What is left is the run itself."""
    tried = fake(monkeypatch, lambda bounds, seed: "V-6")
    shrunk = shrink_rings(RUN, Result(RUN, failures=[Failure(None, "V-6")]), -1)
    assert tried == [] and shrunk.run == RUN


def test_bounds_reach_the_simulation():
    """As typed; and what is no bound is refused."""
    (simulation,) = select(Request("icarus", "engine", "test_virtqueue:one_buffer", limits="buffers=2,parts=1"), 1)
    assert environment(simulation)["RING_LIMITS"] == "buffers=2,parts=1"
    assert simulation.directory != replace(simulation, limits=None).directory
    for wrong in ("buffers", "buffers=0", "sectors=3", "buffers=2,", "parts=x"):
        with pytest.raises(FlowError, match="are no numbers by name"):
            select(Request("icarus", "engine", "test_virtqueue:one_buffer", limits=wrong), 1)


@pytest.mark.thorough
def test_a_fault_of_the_engine_takes_one_small_buffer(tmp_path):
    """used.idx is published before the data are there: the smallest run fails alike, and passes on the good RTL."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    broken = next(fault for fault in seeded_faults() if fault.name == "index_before_data").seed(tmp_path)
    run = replace(RUN, rtl=broken, seed=1, test="any_buffers/round=0")
    shrunk = shrink_rings(run, simulate(run), 600)
    assert shrunk.before > 10 and len(shrunk.data.rings.chains) <= 2
    again = simulate(shrunk.run)
    assert kind(again.failures[0].message) == kind(shrunk.message)
    assert not simulate(replace(shrunk.run, rtl=ROOT / "rtl")).failures
