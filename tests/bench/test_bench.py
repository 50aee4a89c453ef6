# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The bench itself: everything that it measures runs, and what it writes is complete. No speed is judged."""

import json
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from sim.bench.subjects import ACCESSES, SUBJECTS
from sim.flow import tools
from sim.flow.paths import ROOT


def run(*options) -> subprocess.CompletedProcess:
    """Run the bench."""
    return subprocess.run(
        [sys.executable, "-m", "sim", "bench", *map(str, options)], cwd=ROOT, capture_output=True, text=True
    )


@pytest.mark.parametrize("simulator", ["icarus", pytest.param("verilator", marks=pytest.mark.thorough)])
def test_everything_is_measured(simulator, tmp_path):
    """A short run leaves a sample of every subject, ratios of register accesses, and a picture."""
    if tools.missing(simulator):
        pytest.skip(tools.missing(simulator))
    outcome = run("--sim", simulator, "--rounds", 1, "--seconds", 0.02, "--output", tmp_path)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    results = json.loads((tmp_path / "bench.json").read_text())
    rows = {row["subject"]: row for row in results["rates"]}
    assert set(rows) == {name for name, subject in SUBJECTS.items() if simulator in subject.simulators}
    for row in rows.values():
        assert len(row["samples"]) == 1 and row["min"] == row["median"] == row["max"] > 0
        assert (row["ratio"] is not None) == (row["unit"] == ACCESSES)
    assert rows["cocotbext_axi"]["ratio"] == 1
    assert ElementTree.parse(tmp_path / "bench.svg").getroot().tag.endswith("svg")


WRONG = [(["--only", "cocotb"], "subject"), (["--sim", "vcs"], "simulator"), (["--rounds", "0"], "above 0")]


@pytest.mark.parametrize("options, words", WRONG)
def test_wrong_options(options, words, tmp_path):
    """One line that names what is wrong."""
    outcome = run(*options, "--output", tmp_path)
    assert outcome.returncode == 2
    assert words in outcome.stderr.splitlines()[-1]
    assert not list(tmp_path.iterdir())
