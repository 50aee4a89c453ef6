# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""Ctrl-C: one line, status 130, nothing left behind, whatever the command."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.flow.paths import ROOT


def descendants(number: int) -> list[int]:
    """The processes below a process, by their parents."""
    parents = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, todo = [], [number]
    while todo:
        parent = todo.pop()
        children = [child for child, each in parents.items() if each == parent]
        found += children
        todo += children
    return found


@pytest.mark.parametrize("words, begun", [(["formal", "rows_"], 1), (["lint"], 2)])
def test_interrupted_command_is_one_line(words, begun):
    """The signal goes to the whole group, as a terminal sends it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *words],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 120
    while len(descendants(process.pid)) < begun and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    children = descendants(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert len(errors.splitlines()) == 1, errors
    assert "interrupted" in errors
    time.sleep(0.5)
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def test_interrupted_tests_have_a_summary(tmp_path):
    """pytest says how far it came; no traceback."""
    slow = tmp_path / "test_slow.py"
    slow.write_text("import time\ndef test_one(): pass\ndef test_slow(): time.sleep(100)\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "--jobs", "1", "test", "--", str(slow), "-v"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "PASSED" in line and "test_one" in line:
            break
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "1 passed" in output
    assert "Traceback" not in output + errors
    assert "luggy" not in output + errors
    assert errors.splitlines()[-1] == "sim: interrupted"
