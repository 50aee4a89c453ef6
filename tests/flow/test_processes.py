# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Child processes end with the group that they belong to, and no other group notices."""

import os
import threading
from pathlib import Path

import pytest

from sim.flow import processes
from sim.flow.command import guarded
from sim.flow.errors import Interrupted

LONG = ["sh", "-c", "echo begun; sleep 600"]


def run(folder: Path, command: list[str], name: str = "log") -> int:
    return processes.run(command, folder / name, folder, dict(os.environ))


def begun(log: Path) -> None:
    while not log.is_file() or "begun" not in log.read_text():
        pass


def test_a_failure_ends_everything_in_its_pool(tmp_path):
    """The process that runs, and what waits for a thread; a pool within a worker of the pool, too."""

    def inner() -> int:
        with processes.pool(1) as threads:
            return threads.submit(run, tmp_path, LONG, "inner").result()

    with pytest.raises(ZeroDivisionError), processes.pool(2) as threads:
        futures = [threads.submit(run, tmp_path, LONG, "outer"), threads.submit(inner)]
        waiting = threads.submit(run, tmp_path, LONG, "never")
        begun(tmp_path / "outer")
        begun(tmp_path / "inner")
        raise ZeroDivisionError
    assert all(isinstance(future.exception(), Interrupted) for future in futures)
    assert waiting.cancelled() or isinstance(waiting.exception(), Interrupted)
    assert not (tmp_path / "never").exists() or not (tmp_path / "never").read_text()


def test_a_command_after_an_interrupted_one_runs(tmp_path, capsys):
    """Nothing of the first is left: no process, and no word that all is to stop."""

    def interrupted() -> int:
        with processes.pool(1) as threads:
            threads.submit(run, tmp_path, LONG)
            begun(tmp_path / "log")
            raise KeyboardInterrupt

    assert guarded("first", interrupted) == 130
    assert capsys.readouterr().err == "first: interrupted\n"
    assert guarded("second", lambda: run(tmp_path, ["sh", "-c", "exit 3"])) == 3


def test_a_group_that_is_stopped_starts_nothing(tmp_path):
    """Another one does, at the same time."""
    with processes.group() as first:
        first.stop()
        with pytest.raises(Interrupted):
            run(tmp_path, ["true"])
        with pytest.raises(Interrupted), processes.group():
            run(tmp_path, ["true"])
        status: list[int] = []
        thread = threading.Thread(target=lambda: status.append(run(tmp_path, ["true"])))
        thread.start()
        thread.join()
        assert status == [0]
    assert run(tmp_path, ["true"]) == 0
