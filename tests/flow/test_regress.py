# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Regressions: what is selected, recorded, grouped, repeated and reported."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from junitparser import Failure, JUnitXml

from sim.flow import modules, tools
from sim.flow.paths import ROOT
from sim.make import command
from sim.regress.collect import skipped
from tests import fst
from tests.flow.regressions import BENCHES, CHOICE, SIMULATOR, broken_design, figures, regress, results_log, seeds


def test_seeds_are_run_and_recorded(tmp_path):
    """One line a result, each seed once, and files for others."""
    summary = tmp_path / "summary.md"
    process = regress(
        tmp_path, *CHOICE, "--test", f"{BENCHES}.green", "--seeds", "3", "--seed", "5", "--summary", str(summary)
    )
    assert process.returncode == 0, process.stdout + process.stderr
    assert "seed 5 to 7" in process.stdout
    assert "regression passed: 3 tests passed, 0 failed in 3 simulations" in process.stdout
    assert seeds(tmp_path) == [5, 6, 7]
    found = figures(tmp_path)
    assert found["complete"] and (found["passed"], found["failed"], found["missing"]) == (3, 0, 0)
    assert [case["verdict"] for run in found["runs"] for case in run["cases"]] == ["passed"] * 3
    assert f"| nonsharing | {SIMULATOR} | 3 | 3 | 0 |" in summary.read_text()


def test_same_words_are_one_bucket_and_the_rest_is_done(tmp_path):
    """Failures that differ in numbers are counted together; one of them is repeated with waves, alone."""
    process = regress(tmp_path, *CHOICE, "--test", f"{BENCHES}.shaky,{BENCHES}.red:fails", "--seeds", "4")
    assert process.returncode == 1, process.stdout + process.stderr
    assert "FAILED 2 times: seed # is too large" in process.stdout
    assert "FAILED 4 times: drew #" in process.stdout
    assert "2 kinds of failure" in process.stdout
    found = figures(tmp_path)
    assert [(bucket["count"], bucket["reproduced"]) for bucket in found["buckets"]] == [(4, True), (2, True)]
    for bucket in found["buckets"]:
        assert "virtio_mmio_endpoint.irq" in fst.content(ROOT / bucket["waves"])[0]
    second = [line for line in results_log(tmp_path) if line["kind"] == "second"]
    assert sorted(line["simulation"]["test"] for line in second) == ["fails", "small_seeds_pass"]

    suites = list(JUnitXml.fromfile(str(next(tmp_path.glob("2*/junit.xml")))))
    assert (
        len(suites) == 8
        and sum(suite.failures for suite in suites) == 6
        and sum(suite.skipped for suite in suites) == 4
    )
    (case,) = [
        case
        for suite in suites
        if suite.name.endswith("shaky.seed_3")
        for case in suite
        if case.result and case.name != "skipped"
    ]
    assert case.result[0].message == "seed 3 is too large"
    assert "running" in case.result[0].text and "replay: make sim" in case.result[0].text
    attached = re.findall(r"\[\[ATTACHMENT\|(.*)\]\]", case.system_out)
    assert {Path(path).name for path in attached} == {"log", "waves.fst"}
    assert all(Path(path).is_file() for path in attached)


def test_failing_design_is_named_replayed_and_rerun(tmp_path):
    """A fault in the RTL: its rule, its past by name, a replay line that repeats it; later it is repaired."""
    broken = broken_design(tmp_path / "broken")
    choice = ["--filter", f"{SIMULATOR} sharing test_msi_rules:Rule(1Nothing|4Under|6UnmaskSends)"]
    process = regress(tmp_path, *choice, RTL=str(broken))
    assert process.returncode == 1, process.stdout + process.stderr
    assert "FAILED once: rule 4: vector # owes a message" in process.stdout
    assert re.search(r"\| .* ns  write MsiCmd = 0x5 \(UNMASK\)", process.stdout)
    plain = process.stdout.partition("FAILED once: messages none")[2].partition("replay:")[0]
    assert "write Status = 0xf (ACKNOWLEDGE|DRIVER|DRIVER_OK|FEATURES_OK)" in plain, "an assertion shows its past, too"
    before = figures(tmp_path)
    assert before["failed"] == 2 and before["passed"] > 0

    (line,) = [bucket["replay"] for bucket in before["buckets"] if bucket["words"].startswith("rule 4")]
    words = shlex.split(line)
    assert f"RTL={broken}" in words
    replay = subprocess.run(words, cwd=ROOT, env=tools.environment(), capture_output=True, text=True)
    (message,) = [bucket["message"] for bucket in before["buckets"] if bucket["words"].startswith("rule 4")]
    assert replay.returncode != 0
    assert message in replay.stdout

    again = regress(tmp_path, "--rerun-failed")
    assert again.returncode == 1, again.stdout + again.stderr
    after = figures(tmp_path)
    assert sorted(run["failures"][0]["message"] for run in after["runs"]) == sorted(
        bucket["message"] for bucket in before["buckets"]
    )
    repaired = regress(tmp_path, "--rerun-failed", RTL=str(ROOT / "rtl"))
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    assert "2 tests passed, 0 failed in 2 simulations" in repaired.stdout
    nothing = regress(tmp_path, "--rerun-failed")
    assert nothing.returncode == 2
    assert "nothing failed" in nothing.stderr


def test_until_fail_stops_at_the_failure(tmp_path):
    """Seed after seed without an end; what was under way at the failure is recorded, nothing more is begun."""
    process = regress(tmp_path, *CHOICE, "--test", f"{BENCHES}.shaky", "--until-fail", "--jobs", "1")
    assert process.returncode == 1, process.stdout + process.stderr
    assert "without an end" in process.stdout
    assert seeds(tmp_path) == [1, 2, 3]
    assert figures(tmp_path)["complete"]
    bounded = regress(tmp_path, *CHOICE, "--test", f"{BENCHES}.shaky", "--until-fail", "--seeds", "2")
    assert bounded.returncode == 0, bounded.stdout + bounded.stderr
    assert seeds(tmp_path) == [1, 2]


def test_time_limit_ends_one_simulation_only(tmp_path):
    """A simulation that hangs is ended in its time, named with its test, and the others are run."""
    gate = tmp_path / "gate"
    gate.touch()
    words = [*CHOICE, "--test", f"{BENCHES}.gated", "--seeds", "2", "--timeout"]
    for limit in ("5", "25", "125"):  # the other one must end in it, and a busy machine needs longer
        folder = tmp_path / limit
        process = regress(folder, *words, limit, TB_GATE=str(gate), TB_GATED="2")
        assert process.returncode == 1, process.stdout + process.stderr
        passed = {
            run["seed"]: [case["verdict"] for case in run["cases"]].count("passed") for run in figures(folder)["runs"]
        }
        if passed[1]:
            break
    assert passed == {1: 1, 2: 0}
    assert "FAILED once: did not end in its time, # s" in process.stdout
    assert f"TEST={BENCHES}.gated:passes_the_gate SEED=2" in process.stdout
    (suite,) = [suite for suite in JUnitXml.fromfile(str(next(folder.glob("2*/junit.xml")))) if "seed_2" in suite.name]
    (case,) = suite
    assert isinstance(case.result[0], Failure)  # the test ended, and failed; only what is killed is an error


def test_failed_build_is_one_bucket_without_a_second_run(tmp_path):
    """The tool's own error, once for all tests."""
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "virtio_mmio_endpoint.v").write_text("module virtio_mmio_endpoint; assign ; endmodule\n")
    process = regress(tmp_path, *CHOICE, "--test", f"{BENCHES}.green,{BENCHES}.red", RTL=str(broken))
    assert process.returncode == 1
    assert "FAILED 2 times: building nonsharing" in process.stdout
    assert not [line for line in results_log(tmp_path) if line["kind"] == "second"]


def test_every_module_tells_what_it_skips():
    """All can be imported without a simulator; what is skipped depends on the configuration and on the simulator."""
    by_configuration = {}
    for configuration in ("nonsharing", "sharing_2048v"):
        names = {module.name for module in modules.registered().values() if configuration in module.configurations}
        by_configuration[configuration] = [
            skipped(names, configuration, simulator) for simulator in ("icarus", "verilator")
        ]
    assert ("tb.tests.test_msi_rules", "Rule8RemapWhileEventsCome") in by_configuration["nonsharing"][0]
    slow = ("tb.tests.test_large", "every_vector_pending")
    assert slow in by_configuration["sharing_2048v"][0] and slow not in by_configuration["sharing_2048v"][1]


def test_single_tests_that_a_configuration_skips_are_left_out(tmp_path):
    """cocotb would run them; and when nothing is left, that is said."""
    process = regress(tmp_path, *CHOICE, "--filter", "Rule(8RemapWhile|1Nothing)")
    assert process.returncode == 0, process.stdout + process.stderr
    assert [run["test"] for run in figures(tmp_path)["runs"]] == ["Rule1NothingWithoutAddress"]
    process = regress(tmp_path, *CHOICE, "--test", f"{BENCHES}.shaky:skipped")
    assert process.returncode == 2
    assert "skipped on nonsharing" in process.stderr


@pytest.mark.parametrize(
    "arguments, named",
    [
        (["--filter", "("], ["filter '('", "regular expression"]),
        (["--filter", "no such test"], ["filter 'no such test'", "nonsharing test_smoke:identity"]),
        (["--test", "test_smoke,test_nothing"], ["test 'test_nothing'"]),
        (["--config", "huge"], ["configuration 'huge'"]),
        (["--config", "sharing", "--filter", "test_trace"], ["'test_trace'", "sharing test_smoke:identity"]),
        (["--seeds", "0"], ["'0'"]),
        (["--seeds", "many"], ["'many'"]),
        (["--jobs", "-1"], ["'-1'"]),
        (["--seed", "x"], ["seed 'x'"]),
        (["--summary", "/nowhere/summary.md"], ["/nowhere"]),
        (["--resume"], ["no regression was interrupted"]),
        (["--rerun-failed"], ["no regression yet"]),
        (["--rerun-failed", "--seeds", "2"], ["--rerun-failed"]),
    ],
)
def test_bad_input_is_refused(tmp_path, arguments, named):
    """One line, and nothing is begun."""
    process = regress(tmp_path, *arguments)
    assert process.returncode == 2
    assert process.stdout == ""
    (line,) = process.stderr.splitlines()
    assert all(text in line for text in named), line
    assert not list(tmp_path.iterdir())


def test_make_passes_its_variables():
    """SEEDS, FILTER, JOBS and ARGS reach the command."""
    given = {"SEEDS": "7", "FILTER": "icarus .*smoke", "JOBS": "2", "SEED": "3", "ARGS": "--until-fail"}
    words = command("regress", given)
    assert words[0] == "regress" and "--until-fail" in words
    for option, value in (("--seeds", "7"), ("--filter", "icarus .*smoke"), ("--jobs", "2"), ("--seed", "3")):
        assert f"{option}={value}" in words


def test_help():
    """Explains itself."""
    process = subprocess.run(
        [sys.executable, "-m", "sim", "regress", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert process.returncode == 0
    assert "--until-fail" in process.stdout
