# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`make quick`: two configurations, both simulators, and red on what the seeded faults break."""

import pytest

from sim import cli
from sim.flow import jobs, modules, quick, tools
from sim.flow.configs import configurations
from sim.flow.results import Failure
from sim.flow.run import Result, Simulation, simulate
from sim.mutation import quick_faults


def test_configurations_with_every_branch():
    """Fixed and sharing, few vectors in flip-flops and more than 16 in rows, few queues and more than 16."""
    names = {name for module in modules.registered().values() for name in module.quick}
    chosen = [configurations().by_name[name] for name in names if name in configurations().by_name]
    assert len(chosen) == 3
    assert {bool(each.msi_sharing) for each in chosen} == {True, False}
    assert {each.num_vectors > 16 for each in chosen} == {each.num_queues > 16 for each in chosen} == {True, False}


def test_each_configuration_on_one_simulator():
    """With one simulator both run on it."""
    both = quick.simulations(["icarus", "verilator"], 1)
    assert {(each.simulator, each.configuration) for each in both} >= {
        ("icarus", "sharing"),
        ("verilator", "nonsharing_17v"),
    }
    one = quick.simulations(["icarus"], 1)
    assert len(one) == len(both)
    assert {each.configuration for each in one} >= {"sharing", "nonsharing_17v", "engine"}
    assert {each.simulator for each in both if each.configuration == "engine"} == {"icarus"}
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


def test_named_tests_of_a_module_exist():
    """What tests.toml names for `make quick` is in the module."""
    for module in modules.registered().values():
        assert {name.partition("/")[0] for name in module.quick_tests} <= set(modules.tests(module.name))


@pytest.mark.parametrize(
    "name",
    [
        "fault_ack_wins",
        pytest.param("fault_wrong_row_woken", marks=pytest.mark.thorough),  # a minute
        "empty_parts",
    ],
)
def test_red_on_a_seeded_fault(tmp_path, monkeypatch, name):
    """An acknowledge that beats an event; a row of vectors that is never found; the engine's data lost.

    `python -m sim mutation --seeded --quick` does so with all of them.
    """
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    monkeypatch.setattr(quick_faults, "FOLDER", tmp_path)
    heard = []
    (found,) = quick_faults.run([name], 1, heard.append, tmp_path / "quick.json")
    assert found.by and heard == [found]


def test_a_fault_that_stays_green_is_the_status(tmp_path, monkeypatch, capsys):
    """And one that no simulation can see is not run."""
    monkeypatch.setattr(quick_faults, "RESULTS", tmp_path / "quick.json")
    monkeypatch.setattr(quick_faults, "_try", lambda fault: "" if fault.name == "fault_ack_wins" else "test_a:one")
    assert cli.main(["mutation", "--seeded", "fault_ack_wins", "--quick"]) == 1
    assert "not on fault_ack_wins" in capsys.readouterr().out
    assert cli.main(["mutation", "--seeded", "fault_mask_ignored", "--quick"]) == 0
    assert cli.main(["mutation", "--seeded", "fault_nothing", "--quick"]) == 2
    hidden = [fault.name for fault in quick_faults.faults().values() if fault.no_simulation]
    assert quick_faults.run(hidden, 1, lambda found: None, tmp_path / "quick.json") == [] or not hidden


def test_a_selection_skips_what_is_marked(tmp_path):
    """A test of sharing is not run without sharing because it is named in a selection; cocotb alone would run it."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    name = "maps_take_effect_in_one_cycle"
    result = simulate(
        Simulation("icarus", "nonsharing", "tb.tests.test_corner_cycles", 1, tests=(name,), place=tmp_path)
    )
    assert [(case.name, case.verdict) for case in result.cases] == [(name, "skipped")]
