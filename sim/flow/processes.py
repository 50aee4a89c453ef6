# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Child processes: each in a process group of its own, so that nothing is left behind."""

import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path

from sim.flow.errors import Interrupted

# The kernel ends the child when we are gone, even by kill -9. (util-linux; on every Linux but the smallest.)
# It does so from the child's own request on; when we are gone by then, the child has another parent and does not begin.
_WITH_US = (
    ["setpriv", "--pdeathsig", "KILL", "--", "sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"']
    if shutil.which("setpriv")
    else []
)

_children: set[subprocess.Popen] = set()
_guard = threading.Lock()
_stopping = threading.Event()


class TimedOut(Exception):
    """The process did not end in its time and was killed."""


def run(
    command: list, log: Path, cwd: Path, environment: dict[str, str], timeout: float | None = None, grace: float = 0
) -> int:
    """Run a command with its output in the file `log`; return its exit status, negative for a signal.

    The command leaves the terminal's signals to us: it runs in a session of its own.

    Args:
        timeout: seconds until it is asked to finish, by SIGINT.
        grace: seconds that it has from then on.

    Raises:
        TimedOut: it ran longer than `timeout` and `grace`; its whole process group has been killed.
        Interrupted: stop_all() was called.
    """
    with log.open("w") as output, _guard:
        if _stopping.is_set():
            raise Interrupted
        process = subprocess.Popen(
            [*_with_us(), *map(str, command)],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        _children.add(process)
    try:
        status = _wait(process, timeout, grace)
    except subprocess.TimeoutExpired:
        raise TimedOut from None
    finally:
        _kill(process)
        with _guard:
            _children.discard(process)
    if _stopping.is_set():
        raise Interrupted
    return status


def _wait(process: subprocess.Popen, timeout: float | None, grace: float) -> int:
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        if not grace:
            raise
        process.send_signal(signal.SIGINT)
        return process.wait(grace)


def start_anew() -> None:
    """Take back stop_all(), in a program that goes on after an interrupted command, such as a test run."""
    _stopping.clear()


def stop_all() -> None:
    """Kill every child and let no new one start."""
    with _guard:
        _stopping.set()
        for process in _children:
            _kill(process)


def _with_us() -> list[str]:
    return [*_WITH_US, str(os.getpid())] if _WITH_US else []


def _kill(process: subprocess.Popen) -> None:
    """End what is left of a process group. Once it is reaped its number may belong to somebody else."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
