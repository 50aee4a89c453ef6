# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What is said of a failure is so, and a run that is killed leaves no solver behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.flow import yowasp
from sim.formal import runner
from sim.formal.faults import apply_edits, load_faults
from sim.formal.tasks import load_tasks

FAULT = "fault_vq_wish_early"  # the frame that pdr names for it is too early


def test_the_cycle_of_a_failure_is_the_first_that_fails(tmp_path):
    """A proof by invariant that fails names the assertion and its cycle; one cycle less passes, and the trace is
    there."""
    fault = next(each for each in load_faults() if each.name == FAULT)
    task = next(each for each in load_tasks() if each.name == fault.task)
    assert task.way == "invariant"
    rtl = tmp_path / "rtl"
    shutil.copytree(runner.ROOT / "rtl", rtl)
    apply_edits(fault.name, fault.edits, rtl)
    runner.make_ready(runner.DEFAULT, runner.SOLVERS)
    folder = runner.start("test_cycle")
    good, text = runner.prove(task, folder, runner.DEFAULT, rtl)
    assert not good
    found = re.match(rf"cycle (\d+): .*{fault.property}", text)
    assert found, text
    cycle = int(found[1])
    assert (folder / "failed.vcd").stat().st_size
    assert runner.solve(task, folder, runner.DEFAULT, "-t", str(cycle))[0]  # cycles 0 to cycle - 1
    assert not runner.solve(task, folder, runner.DEFAULT, "-t", str(cycle + 1))[0]


def gone(pid: int) -> bool:
    """Whether a process has ended; it may wait for its parent to hear of that."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_a_solver_ends_with_the_tool_that_called_it(tmp_path, monkeypatch):
    """The tool is killed while its solver is at work, and has no chance to say so."""
    solver = tmp_path / "bin" / "my solver"
    solver.parent.mkdir()
    solver.write_text('#!/bin/sh\necho "$$ $*" > working.new; mv working.new working; exec sleep 600\n')
    solver.chmod(0o755)
    monkeypatch.setattr(yowasp, "BIN", solver.parent)
    monkeypatch.setattr(yowasp, "prepare", lambda program: None)
    monkeypatch.setitem(runner.PROGRAMS, "slow", solver.name)
    runner.make_ready("slow", tmp_path / "solvers")
    assert [path.name for path in (tmp_path / "solvers").iterdir()] == ["slow"]
    call = "import subprocess; subprocess.run(['solvers/slow', '--smt2', 'a b'])"
    with subprocess.Popen([sys.executable, "-c", call], cwd=tmp_path) as tool:
        while not (tmp_path / "working").exists():
            time.sleep(0.01)
        tool.send_signal(signal.SIGKILL)
    pid, *arguments = (tmp_path / "working").read_text().split()
    assert arguments == ["--smt2", "a", "b"]
    for _ in range(1000):
        if gone(int(pid)):
            return
        time.sleep(0.01)
    os.kill(int(pid), signal.SIGKILL)
    pytest.fail("the solver is still at work")
