# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m sim regress`: run, record, repeat, report."""

import os
from contextlib import AbstractContextManager
from pathlib import Path

from rich.console import Console

from sim.flow import cpus, jobs
from sim.flow.console import say
from sim.flow.errors import FlowError, Interrupted
from sim.flow.text import printable
from sim.plan import verdict
from sim.regress import figures, junit, markdown, second_runs, summary, testplan
from sim.regress.request import Request
from sim.regress.run import PLACE, Regression, interrupted, unfinished
from sim.regress.totals import Totals


def regress(
    request: Request,
    console: Console,
    *,
    resume: bool = False,
    new: bool = False,
    cluster: str | None = None,
    place: Path | None = None,
    summary_file: Path | None = None,
) -> bool:
    """Run what is asked for, or what is missing of it; true when all is well, see summary.show.

    Args:
        resume: continue the last one that was interrupted, whatever the request.
        new: do not continue one of the same request.
        cluster: address of a Dask scheduler whose workers simulate; None for this machine.
        place: the folder of the regressions; None for build/regress.
        summary_file: Markdown is added to it.

    Raises:
        FlowError: the request asks for something that is not there.
        KeyboardInterrupt: stopped by the user; results and reports of what has ended are there.
    """
    if summary_file and not summary_file.parent.is_dir():
        raise FlowError(f"cannot write the summary '{summary_file}': there is no directory {summary_file.parent}")
    if request.rerun_failed and request != Request(rerun_failed=True, timeout=request.timeout, rtl=request.rtl):
        raise FlowError("--rerun-failed repeats what failed, with its seeds, and takes no other choice but --timeout")
    if cluster and cpus.chosen():
        raise FlowError(
            "--jobs is for this machine; how many simulations a worker of the cluster runs is its --nthreads"
        )
    place = place.resolve() if place else PLACE
    found = unfinished(place) if resume else None if new else interrupted(request, place)
    regression = found or Regression.begin(request, place)
    done = len(regression.results)
    left = None if regression.total is None else regression.total - done
    console.print(_title(regression, done), highlight=False, soft_wrap=True)
    try:
        with _pool(cluster) as pool:
            results = (regression.add(result) for result in jobs.completed(regression.missing(), pool))
            for _ in jobs.show(results, left, console, regression=True):
                pass
            second_runs.run(regression, pool, console)
    except (KeyboardInterrupt, Interrupted, FlowError, OSError):
        _report(regression, summary_file, console)
        console.print(
            f"interrupted: {Totals.of(regression)}; the same command or --resume continues",
            highlight=False,
            soft_wrap=True,
        )
        raise
    written = _report(regression, summary_file, console)
    good = summary.show(regression, console) and written
    console.print(f"results: {os.path.relpath(regression.directory)}", highlight=False, soft_wrap=True)
    return good


def _pool(cluster: str | None) -> AbstractContextManager[jobs.Pool]:
    if cluster is None:
        return jobs.here()
    from sim.flow.cluster import cluster as connect  # takes a second to import

    return connect(cluster)


def _title(regression: Regression, done: int) -> str:
    header = regression.header
    number = "simulations without an end" if regression.total is None else f"{regression.total} simulations"
    seeds = header["rounds"]
    last = "" if seeds == 1 else f" to {header['seed'] + seeds - 1}" if seeds else " and up"
    again = f", {done} of them done before" if done else ""
    return f"regression {regression.directory.name}: {number}, seed {header['seed']}{last}{again}"


def _report(regression: Regression, summary_file: Path | None, console: Console) -> bool:
    """Write the files for others, each whatever becomes of the others; true when all are there.

    A report that cannot be written must not hide the results.
    """

    def write_plan() -> None:
        plan, complete = testplan.judge(regression), testplan.complete(regression)
        for file in (regression.directory / "testplan.json", regression.directory.parent / "testplan.json"):
            whole = complete or not file.exists()  # a part does not replace the whole
            if whole or file.parent == regression.directory:
                verdict.write(plan, complete, file)

    reports = {
        "junit.xml": lambda: junit.write(regression, regression.directory / "junit.xml"),
        "results.json": lambda: figures.write(regression, regression.directory.parent / "results.json"),
        "testplan.json": write_plan,
    }
    if summary_file:
        reports[str(summary_file)] = lambda: markdown.append(regression, summary_file)
    good = True
    for name, write in reports.items():
        try:
            write()
        except Exception as error:  # whatever a format does not like
            good = False
            say(console, f"could not write {name}: {type(error).__name__}: {printable(str(error))}")
    return good
