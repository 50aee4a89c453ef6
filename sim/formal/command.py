# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Run formal tasks and seeded faults, two at a time, and print a table of what became of each.

    python -m sim formal              the tasks and faults marked ci in tasks.toml and faults.toml
    python -m sim formal --all        all of them
    python -m sim formal NAME ...     those whose name begins with one of NAME
    python -m sim formal --waves COVER   one cover: where its trace is, and how to open it

Each task has a directory of its own under build/formal/ with the solver's log and its traces (VCD). Exit code 1 if
anything is not as it should be.
"""

import os
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from sim.flow import cpus, processes
from sim.flow.arguments import count
from sim.flow.command import Parser, guarded
from sim.flow.errors import FlowError
from sim.formal.faults import load_faults
from sim.formal.results import write
from sim.formal.runner import DEFAULT, PROGRAMS, SOLVERS, Result, make_ready, run_fault, run_task
from sim.formal.tasks import load_tasks
from sim.formal.waves import make_wave


class Job(NamedTuple):
    """A task or fault to run, with what is known of it before."""

    name: str
    kind: str
    ci: bool
    seconds: int
    run: Callable[[], Result]


def cpu() -> float:
    """Seconds of one core that the tools have taken so far."""
    return os.times().children_user + os.times().children_system


def load() -> float:
    """Processes that wanted to run in the last minute."""
    return round(os.getloadavg()[0], 2)


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for; the exit code."""
    return guarded("formal", lambda: _run(arguments))


def _run(arguments: list[str] | None) -> int:
    parser = Parser(prog="python -m sim formal", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="beginnings of the names of tasks and faults")
    parser.add_argument("--waves", metavar="COVER", help="reach this cover and leave its trace as a wave (VCD)")
    parser.add_argument("--all", action="store_true", help="the full matrix, not only what CI runs")
    parser.add_argument("--jobs", type=count, default=cpus.jobs(most=2), help="how many at a time [2]")
    parser.add_argument("--solver", choices=PROGRAMS, default=DEFAULT, help=f"[{DEFAULT}]")
    options = parser.parse_args(arguments)
    solver = options.solver

    tasks = load_tasks()
    if options.waves:
        make_ready(solver, SOLVERS)
        return make_wave(tasks, options.waves, solver)
    by_name = {task.name: task for task in tasks}
    jobs = [Job(task.name, task.mode, task.ci, task.seconds, partial(run_task, task, solver)) for task in tasks]
    jobs += [
        Job(
            fault.name,
            "fault",
            fault.ci,
            by_name[fault.task].seconds // 2,
            partial(run_fault, fault, by_name[fault.task], solver),
        )
        for fault in load_faults()
    ]
    if options.names:
        chosen = [job for job in jobs if any(job.name.startswith(name) for name in options.names)]
    else:
        chosen = [job for job in jobs if options.all or job.ci]
    if not chosen:
        raise FlowError(f"no task or fault has a name that begins with {' or '.join(options.names)}")

    make_ready(solver, SOLVERS)
    chosen.sort(key=lambda job: -job.seconds)
    begin, cpu_begin, load_before = time.monotonic(), cpu(), load()
    results = []
    with processes.pool(options.jobs) as pool:
        for result in pool.map(lambda job: job.run(), chosen):
            results.append(result)
            verdict = "ok" if result.good else "FAILED"
            print(f"{verdict:7} {result.name:32} {result.seconds:6.1f} s  {result.text}", flush=True)
    seconds = round(time.monotonic() - begin, 1)
    cpu_seconds = round(cpu() - cpu_begin, 1)
    failed = sum(not result.good for result in results)
    print(f"formal: {len(results) - failed} passed, {failed} failed, {seconds:.0f} s, {cpu_seconds:.0f} s of one core")
    if not options.names:
        machine = {"cores": cpus.available(), "jobs": options.jobs, "load_before": load_before, "load_after": load()}
        write(
            results,
            {job.name: job.kind for job in chosen},
            all=options.all,
            machine=machine,
            solver=solver,
            seconds=seconds,
            cpu_seconds=cpu_seconds,
        )
    return 1 if failed else 0
