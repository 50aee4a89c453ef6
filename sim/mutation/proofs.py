# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Mutants against the proof tasks: would `make formal` notice?"""

import shutil
from pathlib import Path

from sim.flow import rtl_files
from sim.flow.design import ENGINE
from sim.formal import runner
from sim.formal.tasks import FOLDER, load_tasks
from sim.mutation.mutants import Mutant


def make_ready() -> None:
    """Call this once, before the first call of fail()."""
    runner.make_ready(runner.DEFAULT, runner.SOLVERS)


def fail(mutant: Mutant, rtl: Path, folder: Path) -> str:
    """Which task first fails on the mutant of the design in rtl, and how; "" if none does.

    Those of the engine are about single modules, which they name. That one was not decided, or that the text of an
    edit of tasks.toml is no longer found, is no failure. folder, below the project's, is for files.
    """
    design = mutant.write(rtl, folder)
    tasks = [
        task
        for task in load_tasks()
        if task.ci
        and task.mode == "prove"
        and _has(rtl, task.design, mutant.module)
        and (task.design != ENGINE or mutant.module in (FOLDER / task.source).read_text())
    ]
    for task in sorted(tasks, key=lambda task: task.seconds):
        place = folder / task.name
        place.mkdir()
        try:
            good, text = runner.prove(task, place, runner.DEFAULT, design)
        except (runner.ToolError, ValueError):
            continue
        finally:
            shutil.rmtree(place)
        if not good:
            return f"proof {task.name}: {text}"
    return ""


def _has(rtl: Path, design: str, module: str) -> bool:
    """Is the module in a design of rtl?"""
    return any(path.stem == module for path in rtl_files.listed(rtl / f"{design}.f"))
