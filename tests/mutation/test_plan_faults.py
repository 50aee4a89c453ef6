# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Every claim can fail: the faults of the test plan's entries fit the design, and a claim that cannot fail is seen."""

import pytest

from sim.flow import tools
from sim.flow.errors import FlowError
from sim.mutation import plan_faults
from sim.mutation.command import main
from sim.mutation.plan_faults import PlanCampaign, PlanFault
from sim.plan import entry
from sim.plan.trace import coverage

MAGIC = '[["virtio_identity.v", "read_data = `VIRTIO_MAGIC_VALUE;", "read_data = 32\'d1;"]]'


def test_every_fault_fits_the_design(tmp_path, monkeypatch):
    """The text that each replaces stands there once; names are not given twice."""
    monkeypatch.setattr(plan_faults, "FOLDER", tmp_path)
    faults = plan_faults.read()
    for fault in faults:
        assert plan_faults.design(fault).is_dir()
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
    """MagicValue is broken: the three tests that claim MMIO-1 notice; one that claims MMIO-59 beside it does not."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    monkeypatch.setattr(plan_faults, "FOLDER", tmp_path / "runs")
    monkeypatch.setattr(
        plan_faults,
        "coverage",
        lambda: {"MMIO-1": ["test_smoke:identity"], "MMIO-59": ["test_registers:no_shared_memory"]},
    )
    broken = fault("read_data = `VIRTIO_MAGIC_VALUE;", "read_data = 32'd1;", "MMIO-1", "MMIO-59")
    heard = []
    campaign = PlanCampaign([broken], results=tmp_path / "plan.json")
    first, second = campaign.run(1, lambda fault, found: heard.append(found))
    assert (first.name, first.red) == ("MMIO-1", {"test_smoke:identity": "test_fault on nonsharing"})
    assert (second.name, second.green) == ("MMIO-59", ["test_registers:no_shared_memory"])
    again = PlanCampaign([broken], results=tmp_path / "plan.json")
    monkeypatch.setattr(plan_faults, "simulate", None)  # what is known is not run again
    assert [each.green for each in again.run(1, lambda fault, found: None)] == [[], ["test_registers:no_shared_memory"]]


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
    for seen, status in (("nonsharing", 0), (None, 1)):
        monkeypatch.setattr(
            PlanCampaign, "_seen", lambda self, fault, seen=seen: dict.fromkeys(self.tests(fault), seen)
        )
        monkeypatch.setattr(PlanCampaign, "_keep", lambda self, fault, found: self._known.update({_key(fault): found}))
        assert main(["--plan", "MMIO-1", "--jobs", "1"]) == status
        output = capsys.readouterr().out
        assert ("no claim of MMIO-1: " in output) == bool(status)
        assert "0 entries have neither fault nor reason" in output


def test_the_sample_of_ci_has_the_first_claims():
    """Small, and with both halves of MMIO-53."""
    sample = [fault for fault in plan_faults.read() if fault.ci]
    assert 2 <= len(sample) <= 5
    assert sum("MMIO-53" in fault.entries for fault in sample) == 2


def _key(fault: PlanFault) -> str:
    return f"{fault.name} {plan_faults.text_digest(repr(fault.edits))}"
