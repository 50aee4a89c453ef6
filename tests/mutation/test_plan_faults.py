# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Every claim can fail: the faults of the test plan's entries fit the design, and a claim that cannot fail is seen."""

import json
from types import SimpleNamespace

import pytest

from sim.flow import tools
from sim.flow.errors import FlowError
from sim.flow.results import Failure
from sim.mutation import impatient, plan_faults, red_tests
from sim.mutation.command import main
from sim.mutation.plan_faults import PlanCampaign, PlanFault
from sim.plan import entry
from sim.plan.trace import coverage

MAGIC = '[["virtio_identity.v", "read_data = `VIRTIO_MAGIC_VALUE;", "read_data = 32\'d1;"]]'


def test_every_fault_fits_the_design():
    """The text that each replaces stands there once; names are not given twice."""
    faults = plan_faults.read()
    for fault in faults:
        plan_faults.check(fault)
    names = [fault.name for fault in faults]
    assert len(set(names)) == len(names)


def test_every_claimed_entry_has_a_fault_or_a_reason():
    """And none has both: a reason beside a fault is stale."""
    faults = plan_faults.read()
    assert plan_faults.without_fault(faults) == []
    seeded = {name for fault in faults for name in fault.entries}
    excused = {name for name, each in entry.read().items() if each.no_fault}
    assert not seeded & excused
    assert seeded <= coverage().keys(), "a fault of an entry that no test claims shows nothing"


@pytest.mark.parametrize(
    "text, complaint",
    [
        ('formal = "fault_nothing"\nentries = ["MMIO-1"]', "unknown fault 'fault_nothing'"),
        (f'name = "a"\nwhy = "b"\nedits = {MAGIC}', "no entries"),
        (f'name = "a"\nwhy = "b"\nedits = {MAGIC}\nentries = ["MMIO-99"]', "unknown entry of the plan 'MMIO-99'"),
        (f'name = "a"\nwhy = "b"\nedits = {MAGIC}\nentries = []\ncolour = 1', "unknown field colour"),
    ],
)
def test_a_wrong_entry_is_refused(tmp_path, text, complaint):
    """One line with the number of the fault."""
    file = tmp_path / "faults.toml"
    file.write_text(f"[[fault]]\n{text}\n")
    with pytest.raises(FlowError, match=complaint):
        plan_faults.read(file)


def fault(old: str, new: str, *entries: str) -> PlanFault:
    """A fault of virtio_identity.v."""
    return PlanFault("test_fault", "for a test", (["virtio_identity.v", old, new],), entries, ("nonsharing",))


def test_a_claim_that_goes_red_and_one_that_stays_green(tmp_path, monkeypatch):
    """MagicValue is broken: a test that claims MMIO-1 notices; one that claims MMIO-59 beside it does not."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    monkeypatch.setattr(plan_faults, "FOLDER", tmp_path / "runs")
    monkeypatch.setattr(plan_faults, "_configurations", lambda fault, module: ["nonsharing"])
    monkeypatch.setattr(
        plan_faults,
        "coverage",
        lambda: {"MMIO-1": ["test_smoke:identity"], "MMIO-59": ["test_registers:no_shared_memory"]},
    )
    broken = fault("read_data = `VIRTIO_MAGIC_VALUE;", "read_data = 32'd1;", "MMIO-1", "MMIO-59")
    heard = []
    campaign = PlanCampaign([broken], results=tmp_path / "plan.json")
    first, second = campaign.run(1, heard.append)
    assert (first.name, first.red) == ("MMIO-1", {"test_smoke:identity": "test_fault on nonsharing"})
    assert (second.name, second.green) == ("MMIO-59", ["test_registers:no_shared_memory"])
    (step,) = heard
    assert (step.configuration, step.simulator, step.round) == ("nonsharing", "icarus", 1)
    again = PlanCampaign([broken], results=tmp_path / "plan.json")
    monkeypatch.setattr(plan_faults, "red_tests", None)  # what is known is not run again
    assert [each.green for each in again.run(1, heard.append)] == [[], ["test_registers:no_shared_memory"]]


def test_a_claim_needs_one_fault_of_its_entry():
    """What has gone red on one is not tried on another of the same entry, but on one of another entry it claims."""
    campaign = PlanCampaign([fault("a", "b", "MMIO-1"), fault("c", "d", "MMIO-1"), fault("e", "f", "MMIO-2")])
    first, second, third = campaign.faults
    assert campaign._open(second, "test_smoke:identity") and campaign._open(third, "test_smoke:identity")
    campaign._known[campaign._key(first, "test_smoke:identity")] = {"red": "nonsharing"}
    assert not campaign._open(second, "test_smoke:identity") and campaign._open(third, "test_smoke:identity")


def test_a_fault_meets_only_designs_that_have_its_files():
    """One of the engine is not tried on the endpoint alone, whoever claims its entry."""
    engine = PlanFault("one", "", (["virtio_vq_stop.v", "", ""],), ("MMIO-38",))
    assert plan_faults._configurations(engine, "test_virtqueue")
    assert not plan_faults._configurations(engine, "test_queues_kicks")


@pytest.mark.parametrize("parameters", ["", "/kind=1"])
def test_impatient_about_a_test_that_takes_longer(monkeypatch, tmp_path, parameters):
    """Its time-out is a multiple of what it takes on the right design; behind a failure its parameters are skipped."""
    from cocotb.regression import RegressionManager

    name = f"tb.tests.test_smoke.identity{parameters}"
    (tmp_path / impatient.FILE).write_text(json.dumps({name: 2000.5}))
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path / "run")
    monkeypatch.setattr(RegressionManager, "_init_test", lambda manager: manager._test.timeout)
    monkeypatch.setattr(RegressionManager, "_record_test_failed", lambda manager: "failed")
    impatient.watch()
    manager = SimpleNamespace(_test=SimpleNamespace(fullname=name, timeout=(1, "ms")))
    assert RegressionManager._init_test(manager) == (2000 * impatient.FACTOR + impatient.ALLOWANCE, "ns")
    names = [
        "tb.tests.test_smoke.identity/kind=2",
        "tb.tests.test_smoke.identity_again",
        "tb.tests.test_other.identity",
    ]
    manager._test_queue = [SimpleNamespace(fullname=each, skip=False) for each in names]
    assert RegressionManager._record_test_failed(manager) == "failed"
    assert [test.skip for test in manager._test_queue] == [True, False, False]


def test_a_test_that_fails_without_a_fault_shows_nothing(monkeypatch, tmp_path):
    """The control says so, in one line."""
    simulation = SimpleNamespace(label="test_smoke", directory=tmp_path)
    result = SimpleNamespace(failures=[Failure("identity", "rule 4: lost")], simulation=simulation)
    monkeypatch.setattr(red_tests, "_simulate", lambda *arguments: result)
    with pytest.raises(FlowError, match="without a fault, identity fails: rule 4: lost"):
        red_tests.control(["test_smoke:identity"], "nonsharing", tmp_path, tmp_path, 10)


def test_a_fault_that_does_not_fit_is_one_line(tmp_path, monkeypatch):
    """With its name and the file."""
    monkeypatch.setattr(plan_faults, "FOLDER", tmp_path / "runs")
    broken = fault("no such text", "", "MMIO-1")
    with pytest.raises(FlowError, match="test_fault: virtio_identity.v has 'no such text' 0 times, not once"):
        PlanCampaign([broken], results=tmp_path / "plan.json").run(1, lambda fault, found: None)


def test_command_line(monkeypatch, capsys, tmp_path):
    """An entry that is not in the plan is refused; a claim that stays green is the status."""
    assert main(["--plan", "MMIO-99"]) == 2
    assert "unknown entry of the plan 'MMIO-99'" in capsys.readouterr().err
    monkeypatch.setattr(plan_faults, "RESULTS", tmp_path / "plan.json")
    monkeypatch.setattr(plan_faults.red_tests, "control", lambda tests, *rest: {})
    monkeypatch.setattr(plan_faults, "_configurations", lambda fault, module: ["sharing"])
    for red, status in ((True, 0), (False, 1)):
        monkeypatch.setattr(
            plan_faults.red_tests, "red", lambda tests, *rest, red=red: dict.fromkeys(tests, "sharing") if red else {}
        )
        (tmp_path / "plan.json").unlink(missing_ok=True)
        assert main(["--plan", "MMIO-1", "--jobs", "1"]) == status
        output = capsys.readouterr().out
        assert ("no claim of MMIO-1: " in output) == bool(status)
        assert "0 entries have neither fault nor reason" in output


def test_the_sample_of_ci_judges_what_it_can():
    """Small, with both halves of MMIO-53; an entry whose faults are not all in it is not judged by it."""
    sample = [fault for fault in plan_faults.read() if fault.ci]
    assert 2 <= len(sample) <= 5
    assert sum("MMIO-53" in fault.entries for fault in sample) == 2
    assert plan_faults.entries_of(sample) == {"MMIO-1", "MMIO-53"}
