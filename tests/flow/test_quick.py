# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`make quick`: two configurations, both simulators, and red on what the seeded faults break."""

import shutil

import pytest

from sim import cli
from sim.flow import jobs, modules, quick, tools
from sim.flow.configs import configurations
from sim.flow.paths import ROOT
from sim.flow.results import Failure
from sim.flow.run import Result, simulate
from sim.formal.faults import apply_edits, load_faults


def test_two_configurations_with_every_branch():
    """Fixed and sharing, few vectors in flip-flops and more than 16 in rows."""
    names = {name for module in modules.registered().values() for name in module.quick}
    chosen = [configurations().by_name[name] for name in names]
    assert len(chosen) == 2
    assert {bool(each.msi_sharing) for each in chosen} == {True, False}
    assert {each.num_vectors > 16 for each in chosen} == {True, False}


def test_each_configuration_on_one_simulator():
    """With one simulator both run on it."""
    both = quick.simulations(["icarus", "verilator"], 1)
    assert {(each.simulator, each.configuration) for each in both} >= {
        ("icarus", "sharing"),
        ("verilator", "nonsharing_17v"),
    }
    one = quick.simulations(["icarus"], 1)
    assert len(one) == len(both) and {each.configuration for each in one} == {"sharing", "nonsharing_17v"}
    directed = {"test_registers", "test_msi_rules", "test_corner_cycles", "test_line_interrupt", "test_reset"}
    assert directed <= {each.label for each in both}


@pytest.mark.parametrize("failures, status", [([], 0), ([Failure("one", "rule 4: lost")], 1)])
def test_status(monkeypatch, capsys, failures, status):
    """That of its tests; a seed that is none is one line."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    monkeypatch.setattr(jobs, "run_all", lambda simulations, console: [Result(simulations[0], failures=list(failures))])
    assert cli.main(["quick", "--sim", "icarus"]) == status
    assert ("rule 4: lost" in capsys.readouterr().out) == bool(failures)
    assert cli.main(["quick", "--seed", "x"]) == 2


@pytest.mark.parametrize(
    "name, module", [("fault_ack_wins", "test_line_interrupt"), ("fault_masked_event_dropped", "test_msi_rules")]
)
def test_red_on_a_seeded_fault(tmp_path, name, module):
    """An acknowledge that beats an event, which one simulation of twelve of `make sim` sees; masked events lost."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    (fault,) = (each for each in load_faults() if each.name == name)
    shutil.copytree(ROOT / "rtl", tmp_path / "rtl")
    apply_edits(fault.name, fault.edits, tmp_path / "rtl")
    chosen = [
        each for each in quick.simulations(["icarus"], 1, rtl=tmp_path / "rtl", place=tmp_path) if each.label == module
    ]
    assert any(simulate(each).failures for each in chosen)
