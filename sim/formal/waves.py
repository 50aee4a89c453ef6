# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The trace of one cover as a wave."""

import re
from dataclasses import replace
from fnmatch import fnmatch

from sim.formal.runner import BUILD, FORMAL, ROOT, run_task
from sim.formal.tasks import Task


def holds(task: Task, cover: str) -> bool:
    """Does the task reach this cover?"""
    if task.covers:
        return any(fnmatch(cover, pattern) for pattern in task.covers)
    return (
        task.mode == "cover"
        and re.search(rf"\b{re.escape(cover)}: *cover", (FORMAL / task.source).read_text()) is not None
    )


def covers_of(tasks: list[Task]) -> list[str]:
    """The names of all covers."""
    sources = {FORMAL / task.source for task in tasks} | set((FORMAL / "endpoint").glob("*.vh"))
    return sorted({name for source in sources for name in re.findall(r"\b(c\w*): *cover", source.read_text())})


def make_wave(tasks: list[Task], cover: str, solver: str) -> int:
    """Reach one cover by the first task that does, and say where its trace is; the exit code."""
    task = next((task for task in tasks if holds(task, cover)), None)
    if task is None:
        print(f"formal: no cover is named {cover}; there are {', '.join(covers_of(tasks))}")
        return 1
    result = run_task(replace(task, name=f"wave_{cover}", covers=[cover]), solver)
    if not result.good:
        print(f"formal: {cover}: {result.text}")
        return 1
    path = (BUILD / result.name / f"{cover}.vcd").relative_to(ROOT)
    print(f"{cover} is reached by {task.name}: {path}")
    print(f"open it: gtkwave {path}    (the design is under dut; beside it, what the properties remember)")
    return 0
