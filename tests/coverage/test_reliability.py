# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Reliability figures: runs add up until there are enough, and a bad one is seen."""

import json

import pytest
from cocotbext.virtio.coverage.bins import declared

import sim.flow.reliability as reliability
from sim.flow import environment, tools
from sim.flow.paths import ROOT
from sim.flow.results import Failure
from sim.flow.run import Result, Simulation, simulate

GOOD = {
    "register_accesses": 600,
    "hostile_accesses": 60,
    "events_by_kind": {"config_change": 200, "used_buffer": 400},
    "messages": 50,
    "lost": 0,
    "without_cause": 0,
}


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Simulations that return what the test says; the list of those run."""
    done = []

    def simulate(simulation):
        done.append((simulation.configuration, simulation.seed))
        simulation.directory.mkdir(parents=True, exist_ok=True)
        (simulation.directory / "coverage.json").write_text(
            json.dumps({"corner cycles": dict.fromkeys(declared()["corner cycles"], 7)})
        )
        return Result(simulation, statistics=dict(GOOD), failures=list(simulate.failures))

    simulate.failures = []
    monkeypatch.setattr(reliability, "simulate", simulate)
    monkeypatch.setattr(reliability, "FILE", tmp_path / "reliability.json")
    monkeypatch.setattr(
        Simulation, "directory", property(lambda simulation: tmp_path / simulation.configuration / str(simulation.seed))
    )
    monkeypatch.setattr(environment, "_added", {})
    return done, simulate, tmp_path / "reliability.json"


def test_enough_of_everything(runs, capsys):
    """Two runs of 600 for 1000, each mode with seeds of its own; a second call has nothing to do."""
    done, _, file = runs
    assert reliability.main(["--size", "1000", "--jobs", "2"]) == 0
    assert sorted(done) == [(name, seed) for name in sorted(reliability.CONFIGURATIONS) for seed in (1, 2)]
    content = json.loads(file.read_text())
    assert content["modes"]["sharing verilator fast"]["events"] == 1200
    assert content["modes"]["sharing verilator fast"]["register_accesses"] == 1200
    assert content["modes"]["sharing verilator fast"]["rarest_corner"] == 14
    assert reliability.main(["--size", "1000", "--jobs", "2"]) == 0
    assert len(done) == 4


def test_a_failure_ends_it(runs, capsys):
    """With its report, and exit status 1."""
    _, simulate, _ = runs
    simulate.failures.append(Failure("Churn", "rule 4: an event is lost"))
    assert reliability.main(["--size", "1000", "--jobs", "1"]) == 1
    output = capsys.readouterr().out
    assert "rule 4: an event is lost" in output
    assert "replay: make sim" in output


def test_a_lost_event_is_a_failure(runs):
    """Even if nothing else says so."""
    GOOD["lost"] = 1
    try:
        assert reliability.main(["--size", "100", "--jobs", "1"]) == 1
    finally:
        GOOD["lost"] = 0


def test_a_replay_is_as_long_as_the_run():
    """The replay line of a failure does not say how long the run was: without $LONG_RUN it must be the usual length."""
    assert f'"LONG_RUN", "{reliability.PART}"' in (ROOT / "tb/tests/long_run.py").read_text()


def test_a_small_run_of_each_mode():
    """The real thing, small, on the fast path: everything accounted for, every part counted."""
    if tools.missing("verilator") is not None:
        pytest.skip("Verilator is not installed")
    for configuration in reliability.CONFIGURATIONS:
        # Seed 5: with it Verilator would start inputs of the harness at values that were lists for the transactors.
        simulation = Simulation("verilator", configuration, reliability.MODULE, 5, timeout=300, bus="fast")
        with environment.given("LONG_RUN", "1000"):
            result = simulate(simulation)
        assert not result.failures, result.report()
        mode: dict = {}
        reliability.add(mode, result)
        assert reliability.reached(mode, 1000)
        assert mode["rarest_corner"] > 0
