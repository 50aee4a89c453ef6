# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""Inside the simulator: ends a simulation gently at its time limit, before the flow kills it.

A thread waits for the limit. It then prints where each task of the test waits, and ends what goes on: when Python is
stuck it raises TimeLimit there, otherwise it asks the simulator to finish. A simulator that does not call Python at all
lets no thread run; the flow asks it to finish, and the tasks are printed when it does. Either way the test fails like
every other: its recent activity is printed, the results are written, and the dump is closed.
"""

import os
import signal
import sys
import threading
import time
import traceback
from types import FrameType

VARIABLE = "FLOW_TIME_LIMIT"  # seconds
MARK = "TIME LIMIT"  # what the line in the log begins with
PATIENCE = 4.0  # seconds after the limit in which nothing has to be asked to finish
GRACE = 15.0  # seconds after the limit that the end may take

_TASKS = 40  # are printed
_STUCK = 1.0  # seconds within one call of Python: nothing in the testbench takes so long
_ended = threading.Event()
_reached = False
_began = 0.0


class TimeLimit(Exception):
    """The simulation has reached its time limit."""


def watch() -> None:
    """Begin to watch the time; cocotb calls it through PYGPI_USERS."""
    import cocotb._shutdown

    global _began
    _began = time.monotonic()
    limit = float(os.environ[VARIABLE])
    signal.signal(signal.SIGUSR1, lambda number, frame: _stop(limit))
    cocotb._shutdown.register(lambda: _end(limit))
    threading.Thread(target=_wait, args=(limit,), daemon=True).start()


def _stop(limit: float) -> None:
    if _reached:
        raise TimeLimit(f"did not end in its time, {limit:g} s")


def _end(limit: float) -> None:
    """The simulation ends; was it asked to?"""
    _ended.set()
    if not _reached and time.monotonic() - _began > limit:
        _say(limit, None)


def _wait(limit: float) -> None:
    global _reached
    if _ended.wait(limit) or _ended.is_set():
        return
    main = threading.main_thread().ident or 0
    stuck = _stuck(main)
    _say(limit, sys._current_frames().get(main) if stuck else None)
    _reached = True
    if stuck:
        signal.pthread_kill(main, signal.SIGUSR1)
        _ended.wait(2)
    signal.pthread_kill(
        main, signal.SIGINT
    )  # both simulators finish: Icarus by itself, Verilator by stop_on_signal.cpp


def _stuck(main: int) -> bool:
    """Is Python in one and the same call from the simulator for some time?"""
    first = _outermost(main)
    if first is None:
        return False
    until = time.monotonic() + _STUCK
    while time.monotonic() < until:
        time.sleep(0.05)
        if _outermost(main) is not first:
            return False
    return True


def _outermost(main: int) -> FrameType | None:
    frame = sys._current_frames().get(main)
    while frame is not None and frame.f_back is not None:
        frame = frame.f_back
    return frame


def _say(limit: float, frame: FrameType | None) -> None:
    lines = [f"{MARK}: did not end in its time, {limit:g} s"]
    if frame is not None:
        lines.append("Python is in:")
        lines += _stack(traceback.extract_stack(frame))
    lines += _tasks()
    print("\n".join(lines), flush=True)


def _tasks() -> list[str]:
    """Where each task of the running test waits."""
    from cocotb import _test_manager

    running = getattr(_test_manager, "_current_test", None)
    tasks = list(getattr(running, "_tasks", ()))
    lines = [f"and {len(tasks) - _TASKS} tasks more"] if len(tasks) > _TASKS else []
    for task in tasks[:_TASKS]:
        try:
            lines += [f"{task.get_name()} waits in:", *_stack(task._get_coro_stack())]
        except Exception as error:  # the task may end meanwhile, and cocotb may change
            lines.append(f"{task!r:.200}: {error}")
    return lines or ["no task is known"]


def _stack(stack: traceback.StackSummary) -> list[str]:
    own = [frame for frame in stack if "site-packages" not in frame.filename]
    return [f"    {frame.filename}:{frame.lineno} {frame.name}: {frame.line}" for frame in own or stack[-1:]]
