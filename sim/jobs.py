"""Many simulations at once, with progress on the screen."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sim import processes
from sim.run import Result, Simulation, simulate


def run_all(simulations: list[Simulation], console: Console) -> list[Result]:
    """Run simulations, one a core at a time, and return their results in the same order.

    Raises:
        KeyboardInterrupt: the user stopped it; every child is gone by then.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = {pool.submit(simulate, simulation): simulation for simulation in simulations}
        try:
            for future in _show(as_completed(futures), len(futures), console):
                future.result()  # raises what went wrong in the flow itself at once
        except BaseException:
            processes.stop_all()
            pool.shutdown(cancel_futures=True)
            raise
        return [future.result() for future in futures]


def _show(finished: Iterable, total: int, console: Console) -> Iterable:
    """Pass finished futures on, each shown as a line, with a bar below them on a terminal."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("simulations", total=total)
        for number, future in enumerate(finished, 1):
            yield future
            progress.advance(task)
            console.print(_line(number, total, future.result()), highlight=False, soft_wrap=True)


def _line(number: int, total: int, result: Result) -> str:
    simulation = result.simulation
    verdict = "[red]FAILED[/red]" if result.failures else "[green]passed[/green]"
    return (f"\\[{number:{len(str(total))}}/{total}] {verdict} {simulation.simulator:9} {simulation.configuration:15} "
            f"{simulation.label} ({result.tests} tests, {result.seconds:.1f} s)")
