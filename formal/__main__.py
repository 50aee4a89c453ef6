"""Run formal tasks and seeded faults, two at a time, and print a table of what became of each.

    python -m formal              the tasks and faults marked ci in tasks.toml and faults.toml
    python -m formal --all        all of them
    python -m formal NAME ...     those whose name begins with one of NAME

Each task has a directory of its own under build/formal/ with the solver's log and its traces (VCD). Exit code 1 if
anything is not as it should be.
"""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from formal.faults import load_faults
from formal.runner import SOLVERS, run_fault, run_task
from formal.solver import DEFAULT, PROGRAMS, make_ready
from formal.tasks import load_tasks


def main(arguments=None):
    """Run what was asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m formal", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="beginnings of the names of tasks and faults")
    parser.add_argument("--all", action="store_true", help="the full matrix, not only what CI runs")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="how many at a time [2]")
    parser.add_argument("--solver", choices=PROGRAMS, default=DEFAULT, help=f"[{DEFAULT}]")
    options = parser.parse_args(arguments)
    solver = options.solver

    tasks = load_tasks()
    by_name = {task.name: task for task in tasks}
    jobs = [(task.name, task.ci, task.seconds, lambda task=task: run_task(task, solver)) for task in tasks]
    jobs += [(fault.name, fault.ci, 30, lambda fault=fault: run_fault(fault, by_name[fault.task], solver)) for fault in load_faults()]
    if options.names:
        chosen = [job for job in jobs if any(job[0].startswith(name) for name in options.names)]
    else:
        chosen = [job for job in jobs if options.all or job[1]]
    if not chosen:
        print("formal: no task or fault has such a name")
        return 1

    make_ready(solver, SOLVERS)
    chosen.sort(key=lambda job: -job[2])
    failed = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for result in pool.map(lambda job: job[3](), chosen):
            failed += not result.good
            verdict = "ok" if result.good else "FAILED"
            print(f"{verdict:7} {result.name:32} {result.seconds:6.1f} s  {result.text}", flush=True)
    print(f"formal: {len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
