# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Campaigns: what kills, what is proved, what survives and is told."""

import json
import re
import shutil
from dataclasses import replace

import pytest

import sim.mutation.campaign
import sim.mutation.command as command
from sim.flow import environment, modules, tools
from sim.flow.configs import configurations
from sim.flow.errors import FlowError
from sim.flow.paths import ROOT
from sim.flow.rtl_files import find
from sim.formal.tasks import load_tasks
from sim.mutation import miter, proofs
from sim.mutation.campaign import Campaign
from sim.mutation.equivalence import IN_ROWS, prove
from sim.mutation.mutants import Mutant, all_mutants
from sim.mutation.plan import Trial, proof_configurations, quick, rest, slow
from sim.mutation.proofs import fail
from sim.mutation.run_tests import Verdict, kill

RTL = ROOT / "rtl"


def change(module: str, original: str, mutated: str) -> Mutant:
    """A mutant made by hand: text that is there once is replaced."""
    text = find(RTL, f"{module}.v").read_text()
    assert text.count(original) == 1
    start = text.index(original)
    return Mutant(module, start, start + len(original), text.count("\n", 0, start) + 1, "by hand", original, mutated)


@pytest.fixture(autouse=True)
def in_haste(monkeypatch):
    """Nobody waits long for an invariant that is not found, nor for all proof tasks."""
    monkeypatch.setattr(miter, "PDR_SECONDS", 5)
    monkeypatch.setattr(proofs, "fail", lambda mutant, rtl, folder: "")


SAME = ("virtio_status", "write_data[7:0] == 8'd0", "8'd0 == write_data[7:0]")
WRONG = ("virtio_status", "write_data[7:0] == 8'd0", "write_data[7:0] == 8'd1")


def test_equivalence_is_proved(folder):
    """Operands of a comparison exchanged."""
    proved, text = prove(change(*SAME), RTL, folder / "work", ["nonsharing"])
    assert proved, text
    assert text == "proved equivalent on nonsharing"


@pytest.mark.thorough
def test_difference_is_not_proved_away(folder):
    """Another value compared with."""
    proved, text = prove(change(*WRONG), RTL, folder / "work", ["nonsharing"])
    assert not proved
    assert text.startswith("nonsharing: ")


@pytest.mark.thorough
def test_difference_in_one_configuration_is_enough(folder):
    """Only sharing has this code: on another configuration the mutant is the same, on both it is not."""
    mutant = change(
        "virtio_msi_commands",
        "output reg                     msi_enabled",
        "output reg                     msi_enabled",
    )
    sharing_only = change(
        "virtio_msi_vector_state", "late_used || (old_used && !late_first)", "late_used && (old_used && !late_first)"
    )
    assert prove(mutant, RTL, folder / "work", ["nonsharing"])[0]
    assert prove(sharing_only, RTL, folder / "work", ["nonsharing"])[0]
    assert not prove(sharing_only, RTL, folder / "work", ["nonsharing", "sharing"])[0]


@pytest.mark.thorough
def test_difference_in_reset_alone(folder, monkeypatch):
    """What the sweep of a reset clears as well needs no aresetn; what nothing else clears does."""
    monkeypatch.setattr(miter, "PDR_SECONDS", 120)  # it takes 5 of an idle machine
    swept = change("virtio_queue_table", "(!aresetn || sweep)\n            storing", "(sweep)\n            storing")
    kept = change("virtio_status", "!aresetn || reset_done", "reset_done")
    proved, text = prove(swept, RTL, folder / "work", ["nonsharing"])
    assert proved, text
    proved, text = prove(kept, RTL, folder / "work", ["nonsharing"])
    assert not proved
    assert text.startswith("nonsharing: differs in cycle ")


@pytest.mark.thorough
def test_unreachable_difference(folder):
    """A reset waits longer than a table of one row takes to be cleared, so it need not look whether that is done;
    with ten rows it must."""
    mutant = change("virtio_status", "messages_idle && !sweeping", "messages_idle")
    proved, text = prove(mutant, RTL, folder / "work", ["nonsharing"])
    assert proved, text
    assert not prove(mutant, RTL, folder / "work", ["sharing_20v in rows"])[0]


needs_icarus = pytest.mark.skipif(bool(tools.missing("icarus")), reason=str(tools.missing("icarus")))
SMOKE = [Trial("test_smoke", "nonsharing")]


@pytest.mark.thorough
def test_a_search_for_an_invariant_decides(folder):
    """That nothing is pending in a vector that cannot be granted is more than one step of induction."""
    mutant = change(
        "virtio_pending_flops",
        "found_rr ? index_rr : found_any || !TAKE_WINS ? index_any",
        "found_rr ? index_rr : found_any ? index_any",
    )
    proved, text = prove(mutant, RTL, folder / "work", ["nonsharing"])
    assert proved, text


def test_proof_tasks_notice(folder, monkeypatch):
    """The first task that fails is named; those that are not decided, and equivalent mutants, count for nothing."""
    tasks = {task.name: task for task in load_tasks()}
    wanted = [replace(tasks["rows_7_4"], limit=0), tasks["rows_6_2"], replace(tasks["endpoint_2_3_fixed"], ci=False)]
    monkeypatch.setattr(proofs, "load_tasks", lambda: wanted)
    proofs.make_ready()
    lost = change("virtio_pending_ram", "(row_set & ~fill_bits) |", "(row_set & fill_bits) |")
    assert fail(lost, RTL, folder / "work") == "proof rows_6_2: induction step: r1_kept, r2_look"
    same = change(
        "virtio_pending_ram", "set_row   = sweep ? sweep_row : add_row;", "set_row   = !sweep ? add_row : sweep_row;"
    )
    assert fail(same, RTL, folder / "work") == ""


@needs_icarus
def test_kill_and_survive(folder):
    """A reset that never comes is noticed; the original is not; what does not build is neither."""
    verdict = kill(change(*WRONG), RTL, folder / "work", SMOKE)
    assert verdict.outcome == "killed"
    assert verdict.by.startswith("test_smoke @ nonsharing: ")
    assert kill(change(*SAME), RTL, folder / "work", SMOKE) == Verdict("survived", passed=["test_smoke @ nonsharing"])
    assert kill(change("virtio_status", SAME[1], "no_such_thing"), RTL, folder / "work", SMOKE).outcome == "not built"


@needs_icarus
def test_sample(folder, monkeypatch):
    """A few mutants of the design, as `make mutate` does it but for most of the tests: one may need these, not more."""
    monkeypatch.setattr(environment, "_added", {"COCOTB_MAX_FAILURES": "1"})
    monkeypatch.setattr(sim.mutation.campaign.plan, "quick", lambda module: quick(module)[:1])
    monkeypatch.setattr(sim.mutation.campaign.plan, "slow", lambda module: [])
    monkeypatch.setattr(sim.mutation.campaign.plan, "proof_configurations", lambda module, elaboration: ["sharing"])
    campaign = Campaign(RTL, 5, 1, "virtio_interrupt_status", everything=False, folder=folder)
    campaign.run(2, lambda *_: None)
    summary = campaign.summary()
    assert summary["outcomes"]["open"] == 0
    assert summary["outcomes"]["killed"] >= 3
    assert summary["outcomes"]["survived"] <= 1, summary["survivors"]


@pytest.fixture
def campaign(folder, monkeypatch):
    """Function that makes a campaign in which every other mutant of 4 survives; `tried` collects those tried."""
    tried = []

    def fake_kill(mutant, rtl, work, trials):
        tried.append(mutant)
        odd = mutants.index(mutant) % 2
        return Verdict("survived", passed=["all @ of them"]) if odd else Verdict("killed", "a test")

    monkeypatch.setattr(sim.mutation.campaign, "kill", fake_kill)
    monkeypatch.setattr(sim.mutation.campaign, "prove", lambda *_: (False, "nothing proved"))
    monkeypatch.setattr(sim.mutation.campaign.tools, "missing", lambda name: "no replay" if name == "verilator" else "")
    monkeypatch.setattr(command, "Campaign", lambda *arguments: Campaign(*arguments, folder=folder))
    mutants = Campaign(RTL, 4, 1, folder=folder).mutants
    return tried


def test_survivors_are_listed(campaign, folder, capsys):
    """With place, text and number; the exit status says that there are some; the file has them."""
    assert command.main(["--count", "4", "--jobs", "1"]) == 1
    output = capsys.readouterr().out
    summary = json.loads((folder / "mutation.json").read_text())
    assert summary["outcomes"] == {"killed": 2, "survived": 2, "equivalent": 0, "not built": 0, "open": 0}
    assert summary["score"] == 0.5
    for survivor in summary["survivors"]:
        place = find(RTL, f"{survivor['module']}.v").relative_to(ROOT)
        assert f"survived: number {survivor['number']}, {place}:{survivor['line']}" in output
        assert survivor["proof"] == "nothing proved"
    assert "50.0%" in output


def test_goes_on_where_it_was(campaign, folder, monkeypatch):
    """Nothing is tried twice; with other tests, only what survived."""
    command.main(["--count", "4", "--jobs", "1"])
    first = len(campaign)
    command.main(["--count", "4", "--jobs", "1"])
    assert len(campaign) == first
    monkeypatch.setattr(sim.mutation.campaign, "tests_digest", lambda: "other tests")
    command.main(["--count", "4", "--jobs", "1"])
    assert len(set(campaign[first:])) == 2


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (["--module", "no_such"], "unknown module 'no_such'; known: "),
        (["--extract", "3"], "--extract needs --to FOLDER"),
        (["--extract", "77", "--count", "5", "--to", "build/tests/nowhere"], "mutants 0 to 4"),
    ],
)
def test_bad_input_is_one_line(arguments, expected, capsys):
    """Named, with the fix."""
    assert command.main(arguments) == 2
    error = capsys.readouterr().err
    assert expected in error
    assert error.count("\n") == 1


def test_extract(folder, capsys):
    """The design with one mutant, to look at it in a simulation."""
    assert command.main(["--count", "5", "--extract", "2", "--to", str(folder)]) == 0
    name = capsys.readouterr().out.strip()
    (mutant,) = [mutant for mutant in all_mutants(RTL) if mutant.name == name]
    assert find(folder, f"{mutant.module}.v").read_text() != find(RTL, f"{mutant.module}.v").read_text()


def test_plan():
    """Nothing comes twice, everything in sim/tests.toml comes, and wrong names are refused."""
    for module in {mutant.module for mutant in all_mutants(RTL)}:
        trials = quick(module) + slow(module) + rest(module)
        assert len(set(trials)) == len(trials)
        assert Trial("test_main_job", "nonsharing_1024q") in trials
        names = proof_configurations(module) + proof_configurations(module, elaboration=True)
        assert {name.removesuffix(IN_ROWS) for name in names} <= set(configurations().by_name)


def test_plan_of_the_engine():
    """Its modules meet tests of the engine alone, which exist; they are proved with parameters that they have."""
    for module in {mutant.module for mutant in all_mutants(RTL, engine=True)}:
        trials = quick(module) + slow(module)
        assert trials and not rest(module)
        assert len(set(trials)) == len(trials)
        for trial in trials:
            assert trial.configuration in configurations().designs
            known = modules.tests(f"{modules.PACKAGE}.{trial.test}")
            assert {test.partition("/")[0] for test in trial.tests} <= set(known), trial
        text = find(RTL, f"{module}.v").read_text()
        for name in proof_configurations(module):
            top, *values = name.split()
            assert top == module
            assert all(re.search(rf"parameter +{value.partition('=')[0]} ", text) for value in values), name


@pytest.mark.parametrize(
    "mutated, same", [("!halt && work[turn]", True), ("work[turn]", False)], ids=["exchanged", "dropped"]
)
def test_a_module_of_the_engine_is_compared_alone(folder, mutated, same):
    """Operands exchanged, and one dropped."""
    mutant = change("virtio_vq_publish", "work[turn] && !halt", mutated)
    proved, text = prove(mutant, RTL, folder / "work", ["virtio_vq_publish RING_PACKED=1 ADDR_WIDTH=32"])
    assert proved == same, text
    assert "virtio_vq_publish RING_PACKED=1" in text


def test_plan_with_a_wrong_name(monkeypatch):
    """A test that is gone."""
    monkeypatch.setattr(
        sim.mutation.plan, "_read", lambda: {"first": {}, "quick": {"simulations": ["test_gone @ sharing"]}}
    )
    with pytest.raises(FlowError, match="unknown test 'test_gone'"):
        quick("virtio_msi_commands")


def test_records_of_another_design_do_not_count(folder):
    """A record is found again only for the text that it was made of."""
    copy = folder / "rtl"
    shutil.copytree(RTL, copy)
    mutant = Campaign(copy, 1, 1, folder=folder).mutants[0]
    Campaign(copy, 1, 1, folder=folder).records.put(mutant.name, {"outcome": "killed"})
    assert Campaign(copy, 1, 1, folder=folder).record(mutant)
    file = find(copy, "virtio_msi_commands.v")
    file.write_text("// changed\n" + file.read_text())
    assert Campaign(copy, 1, 1, folder=folder).record(replace(mutant)) is None
