# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Many simulations at once, with progress on the screen."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from sim.flow import cpus, processes
from sim.flow.run import Result, Simulation, simulate
from sim.flow.text import printable


@dataclass(frozen=True)
class Pool:
    """Where simulations run: `submit` takes one and returns the future of its Result, `width()` is how many it can
    use."""

    submit: Callable[[Simulation], Future]
    width: Callable[[], int]


def run_all(simulations: list[Simulation], console: Console) -> list[Result]:
    """Run simulations, one a core at a time, and return their results in the same order.

    Raises:
        KeyboardInterrupt: the user stopped it; every child is gone by then.
    """
    with here() as pool:
        results = list(show(completed(simulations, pool), len(simulations), console))
    order = {simulation: number for number, simulation in enumerate(simulations)}
    return sorted(results, key=lambda result: order[result.simulation])


@contextmanager
def here(workers: int | None = None) -> Iterator[Pool]:
    """A pool on this machine, one simulation a core; whatever ends it early ends all that it runs."""
    workers = workers or cpus.jobs()
    with processes.pool(workers) as threads:
        yield Pool(lambda simulation: threads.submit(simulate, simulation), lambda: workers)


def completed(simulations: Iterable[Simulation], pool: Pool) -> Iterator[Result]:
    """Run simulations in a pool and yield each result as it ends.

    The pool has no more of them than it can use, and the next one is taken only then: they may go on without an end,
    and stop because of a result.

    Raises:
        FlowError: something is wrong with the flow itself.
    """
    source, pending = iter(simulations), set[Future]()
    while True:
        pending |= {pool.submit(simulation) for simulation in islice(source, max(pool.width() - len(pending), 0))}
        if not pending:
            return
        finished, pending = wait(pending, return_when=FIRST_COMPLETED)
        for future in finished:
            yield future.result()


def show(results: Iterable[Result], total: int | None, console: Console, regression: bool = False) -> Iterator[Result]:
    """Pass results on, each shown as a line, with a bar and the numbers so far below them on a terminal.

    In a regression the lines name the seed, and on a terminal those of passing simulations are left to the bar.
    Without a `total` nobody knows the end.
    """
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task, failed = progress.add_task("", total=total), 0
        for number, result in enumerate(results, 1):
            failed += bool(result.failures)
            if result.failures or not (regression and console.is_terminal):
                console.print(_line(number, total, result, regression), highlight=False, soft_wrap=True)
            progress.update(task, advance=1, description=f"[red]{failed} failed[/red]" if failed else "")
            yield result


def _line(number: int, total: int | None, result: Result, seed: bool) -> str:
    simulation = result.simulation
    label = escape(printable(simulation.label))
    verdict = "[red]FAILED[/red]" if result.failures else "[green]passed[/green]"
    count = f"{number:{len(str(total))}}/{total}" if total else f"{number}"
    return (
        f"\\[{count}] {verdict} {simulation.simulator:9} {simulation.configuration:15} "
        f"{label} {f'seed {simulation.seed} ' if seed else ''}({result.tests} tests, {result.seconds:.1f} s)"
    )
