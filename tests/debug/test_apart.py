# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`make waves`, `make timeline` and `make shrink` of one run leave each other's files alone."""

from pathlib import Path

import pytest

from sim import cli
from sim.debug.shrink import shrink
from sim.debug.timeline import draw
from sim.flow import jobs, results_table, tools
from sim.flow.errors import FlowError
from sim.flow.paths import ROOT
from sim.flow.run import Result, Simulation

CHOICE = ["--sim", "icarus", "--config", "nonsharing", "--test", "test_smoke:identity"]


@pytest.fixture
def folders(monkeypatch) -> list[Path]:
    """The folders in which commands would have run their simulation; nothing is simulated."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    found = []

    def simulate(simulation: Simulation) -> Result:
        found.append(simulation.directory)
        return Result(simulation)

    monkeypatch.setattr(jobs, "run_all", lambda simulations, console: [simulate(each) for each in simulations])
    monkeypatch.setattr(results_table, "show", lambda results, console: None)
    monkeypatch.setattr(draw, "simulate", simulate)
    monkeypatch.setattr(shrink, "simulate", simulate)
    return found


def test_each_command_has_a_folder_of_its_own(folders):
    """The same test, configuration, simulator and seed, in the order in which a failure is looked at."""
    for command in ("run", "waves", "timeline", "shrink"):
        status = cli.main([command, *CHOICE])
        assert status == (2 if command in ("timeline", "shrink") else 0), "there is nothing to draw or to reduce"
    assert len(set(folders)) == len(folders) == 4
    for one in folders:
        assert not [other for other in folders if other != one and other.is_relative_to(one)]
        assert one.is_relative_to(ROOT / "build")


def test_the_page_is_where_the_run_was(folders):
    """The page of a timeline lies beside its run log."""
    simulation = Simulation("icarus", "nonsharing", "tb.tests.test_smoke", 1, test="identity")
    with pytest.raises(FlowError, match="nothing to draw"):
        draw.render_run(simulation)
    assert draw.page_of(simulation).parent == folders[0]
