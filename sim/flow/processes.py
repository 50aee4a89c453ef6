# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Child processes: each in a process group of its own, so that nothing is left behind.

A command and each pool in it are a Group: when it is stopped, all that it has started ends. Nothing outlives the group.
"""

import os
import shlex
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sim.flow.errors import Interrupted

# The kernel ends the child when we are gone, even by kill -9. (util-linux; on every Linux but the smallest.)
# It does so from the child's own request on; when we are gone by then, the child has another parent and does not begin.
_WITH_US = (
    ["setpriv", "--pdeathsig", "KILL", "--", "sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"']
    if shutil.which("setpriv")
    else []
)


class TimedOut(Exception):
    """The process did not end in its time and was killed."""


class Group:
    """Processes that end together: those of a command, or of a pool in it.

    Attributes:
        stopped: whether stop() was called.
    """

    def __init__(self) -> None:
        self._children: set[subprocess.Popen] = set()
        self._parts: set[Group] = set()
        self._guard = threading.Lock()
        self.stopped = False

    def start(self, command: list[str], **options: Any) -> subprocess.Popen:
        """Start a process. Raises Interrupted if the group was stopped."""
        with self._guard:
            if self.stopped:
                raise Interrupted
            process = subprocess.Popen(command, **options)
            self._children.add(process)
            return process

    def forget(self, process: subprocess.Popen) -> None:
        """A process has ended."""
        with self._guard:
            self._children.discard(process)

    def stop(self) -> None:
        """Kill every process of the group and of its parts, and let no new one start."""
        with self._guard:
            self.stopped = True
            for process in self._children:
                _kill(process)
            parts = list(self._parts)
        for part in parts:
            part.stop()

    @contextmanager
    def part(self) -> Iterator["Group"]:
        """A group within this one; it is stopped with it."""
        part = Group()
        with self._guard:
            part.stopped = self.stopped
            self._parts.add(part)
        try:
            yield part
        finally:
            with self._guard:
                self._parts.discard(part)


_current: ContextVar[Group | None] = ContextVar("group", default=None)


@contextmanager
def group() -> Iterator[Group]:
    """What the body starts is a group of its own, which is stopped when the body ends by an exception."""
    with (_current.get() or Group()).part() as own:
        outer = _current.set(own)
        try:
            yield own
        except BaseException:
            own.stop()
            raise
        finally:
            _current.reset(outer)


@contextmanager
def pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads, and a group for what they start; an exception ends all of it at once."""
    with group() as own, ThreadPoolExecutor(workers, initializer=_current.set, initargs=(own,)) as threads:
        try:
            yield threads
        except BaseException:
            own.stop()
            threads.shutdown(cancel_futures=True)
            raise


def stop_group() -> None:
    """Stop the group that the caller is in."""
    within = _current.get()
    if within:
        within.stop()


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
        Interrupted: the group that the caller is in was stopped.
    """
    group = _current.get() or Group()
    with log.open("w") as output:
        process = group.start(
            [*with_us(), *map(str, command)],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        status = _wait(process, timeout, grace)
    except subprocess.TimeoutExpired:
        raise TimedOut from None
    finally:
        _kill(process)
        group.forget(process)
    if group.stopped:
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


def with_us() -> list[str]:
    """What a command begins with whose process is to end with ours, however ours ends."""
    return [*_WITH_US, str(os.getpid())] if _WITH_US else []


def ending_with_parent(program: Path) -> str:
    """Text of a shell script that runs a program, for a tool of somebody else: the program ends with that tool."""
    begin = f'{shlex.join(_WITH_US)} "$PPID" ' if _WITH_US else ""
    return f'#!/bin/sh\nexec {begin}{shlex.quote(str(program))} "$@"\n'


def _kill(process: subprocess.Popen) -> None:
    """End what is left of a process group. Once it is reaped its number may belong to somebody else."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
