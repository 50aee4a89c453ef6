# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The command line: what it refuses, and that it says so in one line and does nothing."""

import os
import subprocess
import sys

import pytest

from sim.flow.paths import ROOT


def flow(*arguments, **environment):
    """Run `python -m sim` as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )


def refused(*arguments, **environment) -> str:
    """The one line with which the flow refuses."""
    process = flow(*arguments, **environment)
    assert process.returncode == 2, process.stdout + process.stderr
    assert process.stdout == ""
    lines = process.stderr.splitlines()
    assert len(lines) == 1, process.stderr
    return lines[0]


@pytest.mark.parametrize(
    "arguments, named",
    [
        (["--sim", "modelsim"], ["simulator 'modelsim'", "icarus", "verilator"]),
        (["--config", "huge"], ["configuration 'huge'", "nonsharing", "sharing_2048v"]),
        (["--config", "sharing,huge"], ["configuration 'huge'"]),
        (["--test", "test_nothing"], ["test 'test_nothing'", "test_smoke"]),
        (["--test", "tests.flow.benches.nothing"], ["test 'tests.flow.benches.nothing'"]),
        (["--test", "tests.flow.benches.red:nothing"], ["'nothing'", "passes, fails"]),
        (["--seed", "twelve"], ["seed 'twelve'", "number"]),
        (["--seed", "-1"], ["seed '-1'"]),
        (["--trace", "nowhere.csv"], ["trace 'nowhere.csv'"]),
        (["--record", "/nowhere/record.csv"], ["/nowhere"]),
        (["--record", "tests"], ["'tests'", "directory"]),
        (["--timeout", "soon"], ["'soon'", "seconds"]),
        (["--timeout", "0"], ["'0'", "seconds"]),
        (["--frobnicate"], ["--frobnicate", "--help"]),
    ],
)
def test_bad_input_is_refused_by_name(arguments, named):
    """One line that names the wrong thing and what would be right."""
    line = refused("run", *arguments)
    for text in named:
        assert text in line


def test_missing_command_is_refused():
    """No command at all is bad input too."""
    assert "--help" in refused()


def test_missing_simulator_is_named_with_the_package(tmp_path):
    """A simulator that is asked for and not installed."""
    assert "apt-get install iverilog" in refused("run", "--sim", "icarus", PATH=str(tmp_path))


def test_folder_without_a_design_is_refused(tmp_path):
    """RTL that names a folder without the top module."""
    line = refused("run", "--sim", "icarus", "--test", "tests.flow.benches.green", RTL=str(tmp_path))
    assert f"no *.v file in {tmp_path} has the module virtio_mmio_endpoint" in line


@pytest.mark.parametrize(
    "command", ["run", "regress", "coverage", "lint", "mutation", "reliability", "syn", "cosim run"]
)
def test_rtl_that_is_no_folder_is_refused_by_every_command(command):
    """One line, before anything starts."""
    assert "RTL=/nonexistent is no folder" in refused(*command.split(), RTL="/nonexistent")


def test_malformed_trace_is_refused_before_the_start(tmp_path):
    """The reader's own line, once, whatever number of simulators there is."""
    trace = tmp_path / "t.csv"
    trace.write_text("op,offset,bytes,value\nW,zero,4,1\n")
    assert refused("run", "--trace", str(trace)) == f"sim: {trace}:2: offset 'zero' is no number"


def test_syntax_error_in_a_test_module_is_refused(tmp_path):
    """File, line and what is wrong."""
    module = ROOT / "tests" / "flow" / "benches" / "no_python.py"
    module.write_text("import cocotb\n\ndef broken(:\n")
    try:
        for command in ("run", "regress"):
            line = refused(command, "--test", "tests.flow.benches.no_python")
            assert "no_python.py:3: invalid syntax" in line
    finally:
        module.unlink()


@pytest.mark.parametrize(
    "command", ["run", "regress", "bench", "coverage", "mutation", "reliability", "formal", "syn", "plan"]
)
def test_unknown_option_is_one_line(command):
    """Of every command."""
    assert "--frobnicate" in refused(command, "--frobnicate")


@pytest.mark.parametrize("command", [[], ["run"], ["test"], ["lint"], ["regs"], ["list"], ["clean"]])
def test_help(command):
    """Every command explains itself."""
    process = flow(*command, "--help")
    assert process.returncode == 0
    assert "usage: python -m sim" in process.stdout


def test_list_shows_configurations_and_tests():
    """What may be named for CONFIG and TEST."""
    process = flow("list")
    assert process.returncode == 0
    assert "sharing_2048v" in process.stdout
    assert "test_smoke:" in process.stdout
