# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of `python -m sim regress` share."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from sim.flow import tools
from sim.flow.paths import ROOT
from sim.regress.results_log import NAME

BENCHES = "tests.flow.benches"
SIMULATOR = next((name for name in tools.SIMULATORS if not tools.missing(name)), tools.SIMULATORS[-1])
CHOICE = ["--sim", SIMULATOR, "--config", "nonsharing"]


def command(place: Path, *arguments: str) -> list[str]:
    """A regression of the benches on one simulator, everything of which goes to `place`."""
    return [sys.executable, "-m", "sim", "regress", "--directory", str(place), *arguments]


def regress(place: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run it as a user does."""
    words = command(place, *arguments)
    return subprocess.run(words, cwd=ROOT, env=tools.environment() | environment, capture_output=True, text=True)


def results_log(place: Path) -> list[dict]:
    """The results in the newest record, first and second runs; a last line that is not complete does not count."""
    (file,) = (Path(os.path.realpath(place / "latest")) / NAME,)
    whole, _, _ = file.read_text().rpartition("\n") if file.is_file() else ("", "", "")
    return [json.loads(line) for line in whole.splitlines()[1:]]


def seeds(place: Path) -> list[int]:
    """The seeds of the results in the newest record, in order."""
    return sorted(line["simulation"]["seed"] for line in results_log(place) if line["kind"] == "first")


def figures(place: Path) -> dict:
    """results.json."""
    return json.loads((place / "results.json").read_text())


def broken_design(folder: Path) -> Path:
    """A copy of the design that forgets the events of masked vectors."""
    shutil.copytree(ROOT / "rtl", folder)
    file = folder / "endpoint" / "virtio_msi_vector_state.v"
    text = file.read_text()
    changed = text.replace(".set(pend), .set_index", ".set(pend && !row_masked[pend_vector]), .set_index")
    assert changed != text
    file.write_text(changed)
    return folder
