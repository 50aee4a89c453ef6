# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m sim rings`: runs add up until there are enough buffers, and a bad one is seen."""

import json

import pytest

import sim.regress.ring_reliability as rings
from sim.flow import environment, tools
from sim.flow.results import Failure
from sim.flow.run import Result


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Simulations that return what the test says; the list of those run."""
    done = []

    def simulate(simulation):
        done.append((simulation.test, simulation.seed, environment.environment()["TB_KERNEL_BUFFERS"]))
        figures = {
            f"ring_{name}": {simulation.test: 600} for name in ("buffers", "kicks", "waits", "interrupts", "cycles")
        }
        return Result(simulation, statistics=figures, failures=list(simulate.failures), seconds=2)

    simulate.failures = []
    monkeypatch.setattr(rings, "simulate", simulate)
    monkeypatch.setattr(rings, "library", lambda: tmp_path / "virtio_ring.so")
    monkeypatch.setattr(rings, "FILE", tmp_path / "rings.json")
    monkeypatch.setattr(tools, "missing", lambda simulator: None)
    return done, simulate, tmp_path / "rings.json"


def test_enough_in_every_mode(runs, capsys):
    """Two runs of 600 for 1000, each with a seed of its own; a second call has nothing to do."""
    done, _, file = runs
    arguments = ["--buffers", "1000", "--modes", "split,packed_both", "--jobs", "1"]
    assert rings.main(arguments) == 0
    assert done == [(mode, seed, "1000") for seed in (1, 2) for mode in ("split", "packed_both")]
    content = json.loads(file.read_text())
    assert content["modes"]["split"]["buffers"] == 1200 and content["failures"] == []
    assert "300" in capsys.readouterr().out  # buffers/s
    assert rings.main(arguments) == 0
    assert len(done) == 4


def test_a_failure_ends_it(runs, capsys):
    done, simulate, _ = runs
    simulate.failures = [Failure("split", "the driver waits for ever")]
    assert rings.main(["--buffers", "100000", "--modes", "split"]) == 1
    assert len(done) == 1 and "waits for ever" in capsys.readouterr().out


def test_no_such_mode(runs, capsys):
    assert rings.main(["--modes", "striped"]) != 0
    assert "split" in capsys.readouterr().err
