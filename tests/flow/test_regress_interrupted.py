# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Regressions that are stopped in the middle, gently and not: nothing that ended is lost, and they can be continued."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from sim.flow.paths import ROOT
from sim.regress.results_log import NAME
from tests.flow.regressions import BENCHES, CHOICE, command, figures, regress, results_log, seeds


def wait_for(condition, what: str):
    """Wait until a condition holds; fail after ten minutes, which no busy machine takes."""
    deadline = time.monotonic() + 600
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def simulators(place: Path) -> list[Path]:
    """The processes that work in a folder or below it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(place):
                found.append(process)
        except OSError:
            continue
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted_and_continued(tmp_path, number):
    """Two seeds end, the third is under way: what ended stays, no simulator is left, the same command does the rest."""
    gate = tmp_path / "gate"
    gate.touch()
    words = [*CHOICE, "--test", f"{BENCHES}.gated", "--seeds", "4", "--jobs", "1"]
    environment = {"TB_GATE": str(gate), "TB_GATED": "3"}
    # A shell without job control starts background jobs with SIGINT ignored, and children inherit that.
    flow = subprocess.Popen(
        command(tmp_path, *words),
        cwd=ROOT,
        env=os.environ | environment,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for(lambda: len(results_log(tmp_path)) == 2 and simulators(tmp_path), "two results and a third simulation")
    flow.send_signal(number)
    output, errors = flow.communicate(timeout=300)
    wait_for(lambda: not simulators(tmp_path), "the simulator goes with the flow")
    assert seeds(tmp_path) == [1, 2]
    if number == signal.SIGKILL:
        assert flow.returncode == -number
    else:
        assert (flow.returncode, errors) == (130, "sim: interrupted\n")
        assert "interrupted: 2 tests passed, 0 failed in 2 of 4 simulations" in output
        assert not figures(tmp_path)["complete"] and figures(tmp_path)["passed"] == 2

    gate.unlink()
    process = regress(tmp_path, *words, **environment)
    assert process.returncode == 0, process.stdout + process.stderr
    assert "2 of them done before" in process.stdout
    assert "4 tests passed, 0 failed in 4 simulations" in process.stdout
    assert seeds(tmp_path) == [1, 2, 3, 4]
    assert len(list(tmp_path.glob(f"*/{NAME}"))) == 2, "one directory, and the link to it"

    again = regress(tmp_path, *words, **environment)
    assert "done before" not in again.stdout, "a finished one is not continued"
    assert len(list(tmp_path.glob(f"*/{NAME}"))) == 3


@pytest.fixture
def half(tmp_path):
    """A regression of four seeds whose record ends within the third result, as a full disk or a power cut leaves it."""
    process = regress(tmp_path, *CHOICE, "--test", f"{BENCHES}.green", "--seeds", "4")
    assert process.returncode == 0, process.stdout + process.stderr
    (file,) = tmp_path.glob(f"2*/{NAME}")
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:3]) + lines[3][:40])
    return tmp_path


def test_record_that_was_cut_off_is_continued(half):
    """--resume needs no other choice; the piece of a line is gone."""
    process = regress(half, "--resume")
    assert process.returncode == 0, process.stdout + process.stderr
    assert "2 of them done before" in process.stdout
    assert seeds(half) == [1, 2, 3, 4]


def test_new_begins_anew(half):
    """--new leaves the interrupted one alone."""
    process = regress(half, *CHOICE, "--test", f"{BENCHES}.green", "--seeds", "4", "--new")
    assert "done before" not in process.stdout
    assert len(list(half.glob(f"2*/{NAME}"))) == 2


def test_other_sources_are_not_continued(half):
    """Results of other sources say nothing about these."""
    (file,) = half.glob(f"2*/{NAME}")
    text = file.read_text()
    head, _, rest = text.partition('"sources": "')
    file.write_text(head + '"sources": "000000000000' + rest[12:])
    process = regress(half, "--resume")
    assert process.returncode == 2
    assert "sources have changed" in process.stderr
    process = regress(half, *CHOICE, "--test", f"{BENCHES}.green", "--seeds", "4")
    assert "done before" not in process.stdout
