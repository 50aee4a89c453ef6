"""The Makefile: its variables reach the command line."""

import subprocess

import pytest

from sim.flow import tools
from sim.flow.paths import ROOT

VARIABLES = (
    "SIM",
    "CONFIG",
    "TEST",
    "SEED",
    "WAVES",
    "TRACE",
    "RECORD",
    "TIMEOUT",
    "FILTER",
    "SEEDS",
    "JOBS",
    "SUMMARY",
    "CLUSTER",
    "ARGS",
    "RTL",
    "GATES",
    "SIZE",
    "N",
    "MODULE",
)


def make(*arguments):
    """Run make as a user does; the variables of a make that runs these tests stay outside."""
    environment = {name: value for name, value in tools.environment().items() if name not in VARIABLES}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)


def test_help_lists_every_target():
    """`make` alone explains itself, one line a target."""
    process = make()
    assert process.returncode == 0
    targets = [line.split()[0] for line in process.stdout.splitlines()]
    phony = [line.split()[1] for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY: ")]
    assert targets == phony
    assert {"sim", "test", "lint"} <= set(targets)


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
    ],
)
def test_variables_reach_the_command_line(variables, message):
    """Each variable of `make sim`, seen by what is said about a wrong value."""
    process = make("sim", *variables)
    assert process.returncode != 0
    assert message in process.stderr


def test_dry_run_passes_all_options():
    """The right ones, all at once."""
    process = make("-n", "sim", "SIM=all", "CONFIG=sharing", "TEST=test_smoke", "SEED=7", "WAVES=1")
    assert "--sim='all' --config='sharing' --test='test_smoke' --seed='7' --waves" in " ".join(process.stdout.split())


def test_waves_zero_is_off():
    """WAVES=0 means none."""
    assert "--waves" not in make("-n", "sim", "WAVES=0").stdout
