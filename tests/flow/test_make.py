# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The Makefile: its variables reach the command line as they were typed."""

import re
import subprocess

import pytest

from sim import make as targets
from sim.flow import tools
from sim.flow.paths import ROOT
from tests.flow.test_command_line import flow

# What make, or a shell, would read as something else.
TYPED = ["a$b", "a$$b", "$(x", "$(shell echo 1)", "it's", '"q"', "`id`", "a\\b", "a b", "a;b", "a#b", "ü", "*", "~"]


def make(*arguments, **environment):
    """Run make as a user does, without the set-up; the variables of a make that runs these tests stay outside."""
    return subprocess.run(
        ["make", "PYTHON=true", *arguments],
        cwd=ROOT,
        env=tools.environment() | environment,
        capture_output=True,
        text=True,
    )


def test_help_lists_every_target():
    """`make` alone explains itself, one line a target."""
    process = make()
    assert process.returncode == 0
    lines = [line.split()[0] for line in process.stdout.splitlines()]
    phony = [line.split()[1] for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY: ")]
    assert lines == phony
    assert {"sim", "test", "lint"} <= set(lines)


def test_every_target_has_its_command():
    """Those that only make knows are few, and every one of the others is a command that explains itself."""
    phony = re.findall(r"^\.PHONY: (\S+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(phony) - {"help", "clean"} == set(targets.TARGETS)
    known = set(flow("--help").stdout.split())
    assert {words[0] for words, _ in targets.TARGETS.values()} <= known


def test_help_and_targets_name_the_same_variables():
    """What `make help` shows a target takes, it takes."""
    for line in make().stdout.splitlines():
        target = line.split()[0]
        for name in re.findall(r"\b([A-Z]+)=", line):
            assert name in (*targets.TARGETS[target][1], *targets.EVERYWHERE), (target, name)


def test_makefile_reads_every_variable_from_the_environment():
    """SIM=icarus make sim."""
    text = (ROOT / "Makefile").read_text().replace("\\\n", "")
    names = set(re.search(r"^NAMES = (.*)", text, re.MULTILINE)[1].split())
    assert names == {name for _, options in targets.TARGETS.values() for name in options} | {"JOBS"}
    assert "unknown simulator 'modelsim'" in make("sim", SIM="modelsim").stderr


@pytest.mark.parametrize(
    "variables, message",
    [
        (["SIM=modelsim"], "unknown simulator 'modelsim'"),
        (["CONFIG=huge"], "unknown configuration 'huge'"),
        (["TEST=test_nothing"], "unknown test 'test_nothing'"),
        (["SEED=twelve"], "seed 'twelve'"),
        (["TRACE=no where.csv"], "trace 'no where.csv'"),
        (["RECORD=/nowhere/record.csv"], "/nowhere"),
        (["TIMEOUT=soon"], "'soon'"),
        (["JOBS=0"], "'0' is not a whole number above 0"),
        (["RTL=/no where"], "RTL=/no where is no folder"),
    ],
)
def test_variables_reach_the_command_line(variables, message):
    """Each variable of `make sim`, seen by what is said about a wrong value."""
    process = make("sim", *variables)
    assert process.returncode != 0
    assert message in process.stderr


@pytest.mark.parametrize("text", TYPED)
def test_text_arrives_as_typed(text):
    """As a name, as a regular expression that does not close, and as a folder."""
    assert f"trace '{text}' is not a file" in make("sim", f"TRACE={text}").stderr
    assert f"filter '{text}(' is not a regular expression" in make("regress", f"FILTER={text}(").stderr
    assert f"RTL=/nowhere/{text} is no folder" in make("sim", f"RTL=/nowhere/{text}").stderr


def test_words_of_a_target():
    """All options at once, in the order of the table; --jobs for every command; what is for pytest at the end."""
    variables = {"SIM": "all", "CONFIG": "sharing", "TEST": "a b", "SEED": "7", "WAVES": "1", "JOBS": "2", "GATES": "0"}
    assert targets.command("sim", variables) == (
        ["run", "--jobs=2", "--sim=all", "--config=sharing", "--test=a b", "--seed=7", "--waves"]
    )
    assert targets.command("sim", {"WAVES": "0", "SIM": ""}) == ["run"]
    assert targets.command("syn", {"TARGETS": "0"}) == ["syn", "--no-targets"]
    assert targets.command("test", {"PYTEST": "-k 'a b'", "SEED": "3"}) == ["test", "--seed=3", "--", "-k", "a b"]
    assert targets.command("mutate", {"N": "5"}) == ["mutation", "--count=5"]


@pytest.mark.parametrize(
    "given, hint",
    [("sim", "did you mean SIM?"), ("SEEDS", "did you mean SEED?"), ("FROBNICATE", "it takes SIM, CONFIG, TEST")],
)
def test_unknown_variable_is_named(given, hint):
    """A warning; the command goes on."""
    process = make("sim", f"{given}=3", "SIM=modelsim")
    assert f"make sim does not know {given}, which has no effect; {hint}" in process.stderr
    assert "unknown simulator" in process.stderr


def test_own_variables_are_known(monkeypatch):
    """Those for the user's own tests get through."""
    monkeypatch.setenv("MAKE_GIVEN", "TB_OWN")
    monkeypatch.setenv("MAKE_TB_OWN", "a$b")
    monkeypatch.delenv("TB_OWN", raising=False)
    assert targets.arguments("sim") == ["run"]
    assert tools.environment()["TB_OWN"] == "a$b"
