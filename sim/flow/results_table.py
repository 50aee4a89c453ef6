# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What is shown at the end: the failures, the figures, the headline."""

from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.table import Table

from sim.flow import waves
from sim.flow.results import Failure
from sim.flow.run import Result
from sim.flow.text import printable
from sim.flow.words import words

_NAMED = 8  # failures of one kind that are named

# A row of the account: its label and where the figure is in a simulation's statistics. Every event of the first part
# ends in exactly one row of the second.
_EVENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("events: configuration change", ("events_by_kind", "config_change")),
    ("events: used buffer", ("events_by_kind", "used_buffer")),
    ("events: needs_reset", ("events_by_kind", "needs_reset")),
)
_OUTCOMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("  delivered by a message", ("delivered",)),
    ("  acknowledged on the line", ("line_acknowledged",)),
    ("  converted by ENABLE, DISABLE", ("converted",)),
    ("  dropped by NO_VECTOR", ("dropped_no_vector",)),
    ("  dropped for its queue", ("dropped_queue",)),
    ("  wiped by a reset", ("wiped",)),
    ("  still pending at the end", ("still_pending",)),
)
_SUM, _ENDED = "events in all", "  sum of these"

# Further rows: label, where the figure is, and how it is written.
_ROWS = (
    ("lost", ("lost",), "{:,}"),
    ("without cause", ("without_cause",), "{:,}"),
    ("messages", ("messages",), "{:,}"),
    ("events that shared a message", ("coalesced",), "{:,}"),
    ("events held by a mask", ("held_by_mask",), "{:,}"),
    ("register accesses", ("register_accesses",), "{:,}"),
    ("event to message: min, cycles", ("latency", "min"), "{:g}"),
    ("event to message: median", ("latency", "median"), "{:g}"),
    ("event to message: max", ("latency", "max"), "{:g}"),
    ("UNMASK to message: max, cycles", ("unmask_to_message",), "{:g}"),
    ("messages per cycle at saturation", ("messages_per_cycle",), "{:.2f}"),
    ("register writes per cycle", ("register_writes_per_cycle",), "{:.2f}"),
    ("register reads per cycle", ("register_reads_per_cycle",), "{:.2f}"),
    ("accesses per interrupt, line", ("accesses_per_interrupt_line",), "{:.2f}"),
    ("accesses per interrupt, message", ("accesses_per_interrupt_message",), "{:.2f}"),
)


# Of a disk in RTL: a column each, by kind of load.
_DISK = (("requests", "disk_requests"), ("bytes", "disk_bytes"), ("cycles", "disk_cycles"))


def show(results: list[Result], console: Console) -> None:
    """Print everything about finished simulations; failures last, where they are seen."""
    for simulator in dict.fromkeys(result.simulation.simulator for result in results):
        here = [result for result in results if result.simulation.simulator == simulator]
        here = [result for result in here if _DISK[0][1] not in result.statistics]
        if any(result.statistics for result in here):  # a column for those that left none, too: they failed
            for part in _fitting(here, console.width):
                console.print(_table(simulator, part))
    for result in results:
        if _DISK[0][1] in result.statistics:
            console.print(_disk_table(result))
    if note := _note(results):
        console.print(note, highlight=False, soft_wrap=True)
    headline = _headline(results)
    if headline:
        console.print(headline, highlight=False, soft_wrap=True)
    show_verdict(results, console)


def show_verdict(results: list[Result], console: Console) -> None:
    """Print the waves there are, every failure, and how many passed."""
    for result in results:
        if result.waves and result.waves.is_file():
            console.print(f"waves: {result.waves}", highlight=False, markup=False, soft_wrap=True)
            for line in waves.viewer_lines(result.waves):
                console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    failed = [result for result in results if result.failures]
    _show_kinds(failed, console)
    tests = sum(result.tests for result in results)
    if failed:
        failures = sum(len(result.failures) for result in failed)
        console.print(
            f"[bold red]{failures} failed[/bold red] in {len(failed)} of {_simulations(len(results))}",
            highlight=False,
            soft_wrap=True,
        )
    else:
        console.print(
            f"[bold green]all passed[/bold green]: {_simulations(len(results))}, {tests} tests",
            highlight=False,
            soft_wrap=True,
        )


def _show_kinds(failed: list[Result], console: Console) -> None:
    """One report for each kind of failure, that of the run which took the least time; of the others their names."""
    kinds: dict[str, list[tuple[Result, Failure]]] = {}
    for result in failed:
        for failure in result.failures:
            kinds.setdefault(words(failure.message), []).append((result, failure))
    for pairs in kinds.values():
        result, failure = min(pairs, key=lambda pair: pair[0].seconds)
        lines = [replace(result, failures=[failure]).report()]
        others = [name(other, each) for other, each in pairs if (other, each) != (result, failure)]
        if others:
            more = f", and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
            lines.append(f"  {len(others)} more in the same words: {'; '.join(others[:_NAMED])}{more}")
        console.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)


def name(result: Result, failure: Failure) -> str:
    """What failed: simulator, configuration and test."""
    simulation = result.simulation
    test = f":{failure.test}" if failure.test and not simulation.test else ""
    return f"{simulation.simulator} {simulation.configuration} {printable(simulation.label)}{test}"


def _simulations(number: int) -> str:
    return "1 simulation" if number == 1 else f"{number} simulations"


def _heading(result: Result) -> str:
    return result.simulation.label if result.simulation.trace else result.simulation.configuration


def _fitting(results: list[Result], width: int) -> list[list[Result]]:
    """The results in as many tables as it takes for each to fit into the width."""
    first = max(len(label) for label, *_ in (*_EVENTS, *_OUTCOMES, *_ROWS)) + 4
    tables: list[list[Result]] = []
    free = 0
    for result in results:
        needed = max(len(_heading(result)), 7) + 3
        if not tables or needed > free:
            tables.append([])
            free = width - first
        tables[-1].append(result)
        free -= needed
    return tables


def _table(simulator: str, results: list[Result]) -> Table:
    table = Table(title=simulator, title_justify="left")
    table.add_column("", no_wrap=True)
    for result in results:
        table.add_column(_heading(result), justify="right", no_wrap=True)
    if any(result.failures for result in results):
        table.add_row("", *("[red]FAILED[/red]" if result.failures else "passed" for result in results))

    def row(label: str, cells: list[str], end: bool = False) -> None:
        if any(cells):
            table.add_row(label, *(cell or "-" for cell in cells), end_section=end)

    if any(_events(result) for result in results):
        for label, where in _EVENTS:
            row(label, [_cell(result.statistics, where, "{:,}") for result in results])
        row(_SUM, [_number(_events(result)) for result in results], end=True)
        for label, where in _OUTCOMES:
            row(label, [_cell(result.statistics, where, "{:,}") for result in results])
        row(_ENDED, [_number(_ended(result)) for result in results], end=True)
    for label, path, form in _ROWS:
        row(label, [_cell(result.statistics, path, form) for result in results])
    return table


def _disk_table(result: Result) -> Table:
    """What a disk in RTL did: a row for each kind of load, and the account of its interrupts."""
    simulation = result.simulation
    table = Table(title=f"{simulation.simulator}: {simulation.design.top}", title_justify="left")
    table.add_column("", no_wrap=True)
    for heading in (*(heading for heading, _ in _DISK), "cycles each"):
        table.add_column(heading, justify="right")
    figures = [result.statistics[key] for _, key in _DISK]
    for load in figures[0]:
        requests, moved, cycles = (figure[load] for figure in figures)
        table.add_row(load, f"{requests:,}", f"{moved:,}", f"{cycles:,}", f"{cycles / requests:,.0f}")
    table.add_section()
    for label, key in (("interrupts owed", "disk_interrupts"), ("lost", "lost"), ("without cause", "without_cause")):
        table.add_row(label, f"{result.statistics[key]:,}")
    return table


def _events(result: Result) -> int | None:
    """Events that were accepted; None where nothing was counted."""
    kinds = result.statistics.get("events_by_kind")
    return sum(kinds.values()) if kinds else None


def _ended(result: Result) -> int | None:
    """Events of which it is known how they ended; None where nothing was counted."""
    found = [_find(result.statistics, path) for _, path in _OUTCOMES]
    return None if all(value is None for value in found) else sum(value or 0 for value in found)


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _note(results: list[Result]) -> str:
    """What the reader of the tables has to know."""
    notes = []
    open_ = [
        result for result in results if result.failures and _events(result) and _events(result) != (_ended(result) or 0)
    ]
    if open_:
        notes.append("A run that fails stops there: the events missing in its sum were still under way, or are lost.")
    per_simulator: dict[tuple, dict[str, int]] = {}
    for result in results:
        number = _events(result)
        if not result.failures and number:
            simulation = result.simulation
            events = per_simulator.setdefault((simulation.label, simulation.configuration), {})
            events[simulation.simulator] = number
    if any("icarus" in each and each["icarus"] < each.get("verilator", 0) for each in per_simulator.values()):
        notes.append("Icarus, an order of magnitude slower, runs about half as many events in random tests.")
    return " ".join(notes)


def _find(statistics: dict, path: tuple[str, ...]) -> Any:
    found: Any = statistics
    for key in path:
        found = (found or {}).get(key)
    return found


def _cell(statistics: dict, path: tuple[str, ...], form: str) -> str:
    value = _find(statistics, path)
    return "" if value is None else form.format(value)


def _headline(results: list[Result]) -> str:
    """Register accesses per interrupt by line and by message, counted in these runs."""
    parts = []
    for name in ("line", "message"):
        found = [result.statistics.get(f"accesses_per_interrupt_{name}") for result in results]
        values = [value for value in found if value is not None]
        if not values:
            return ""
        low, high = f"{min(values):.2f}", f"{max(values):.2f}"
        parts.append(f"{low if low == high else f'{low} to {high}'} by {name}")
    return f"Register accesses per interrupt: {', '.join(parts)}."
