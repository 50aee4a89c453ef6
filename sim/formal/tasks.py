# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What is to be proved or covered: the entries of tasks.toml."""

import tomllib
from dataclasses import dataclass, field

from sim.flow.paths import ROOT

FOLDER = ROOT / "formal"
MODES = ("prove", "cover")
WAYS = ("induction", "invariant", "bounded")


@dataclass(frozen=True)
class Task:
    """One proof or cover run.

    design is the file list of rtl/ that top needs. way says how a proof is done: by k-induction; by an invariant that
    ABC looks for (pdr), which says the same about every cycle; or only for the first depth cycles. depth is, for
    induction, the k of the k-induction (its base case has base steps) and, for cover, the number of steps
    searched, of which the first skip are passed over. covers names those to be reached, all if empty. Of what the
    properties look at inside the design, what matches absent may be missing at this task's sizes: words beyond a
    table's end, what only MSI_SHARING or IN_ORDER has, and tables of several rows. edits change a copy of the RTL
    first, as those of a Fault do: for localparams, which no parameter reaches. seconds is roughly how long the task
    takes, for planning; limit is when it is given up.
    """

    name: str
    top: str
    source: str
    mode: str
    depth: int = 0
    way: str = "induction"
    design: str = "virtio_mmio_endpoint"
    base: int = 4
    parameters: dict = field(default_factory=dict)
    absent: str = r"\[\d+\]$|\.(sharing|any_cause|rows|ring_order)\."
    edits: list = field(default_factory=list)
    covers: list = field(default_factory=list)
    skip: int = 0
    ci: bool = False
    seconds: int = 10
    limit: int = 1800


def load_tasks() -> list[Task]:
    """All tasks of tasks.toml. Raises ValueError if an entry makes no sense."""
    entries = tomllib.loads((FOLDER / "tasks.toml").read_text())["task"]
    tasks = [Task(**entry) for entry in entries]
    names = [task.name for task in tasks]
    for task in tasks:
        if task.mode not in MODES:
            raise ValueError(f"tasks.toml: {task.name}: mode must be one of {', '.join(MODES)}")
        if task.way not in WAYS:
            raise ValueError(f"tasks.toml: {task.name}: way must be one of {', '.join(WAYS)}")
        if task.depth < 1 and task.way != "invariant":
            raise ValueError(f"tasks.toml: {task.name}: no depth")
        if names.count(task.name) != 1:
            raise ValueError(f"tasks.toml: two tasks are named {task.name}")
    return tasks
