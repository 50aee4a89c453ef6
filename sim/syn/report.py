# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What is shown at the end: a table for each device, critical paths where a clock is missed, and the verdict."""

from rich.console import Console
from rich.table import Table

from sim.syn import run
from sim.syn.devices import DEVICES
from sim.syn.row import Row
from sim.syn.subject import Target


def show(rows: list[Row], console: Console) -> None:
    """Print everything; failures and missed targets last, where they are seen."""
    for device in DEVICES.values():
        measured = [row for row in rows if row.subject.device == device.NAME]
        if measured:
            console.print(_table(device.TITLE, measured))
            for row in measured:
                if device.WRAPPED and row.placements:
                    console.print(_fit(row), highlight=False, markup=False, soft_wrap=True)
    for row in rows:
        if row.subject.target.mhz and row.mhz and row.mhz < row.subject.target.mhz:
            console.print(
                f"{row.subject.name}: {row.mhz:.1f} MHz instead of {row.subject.target.mhz:g}. The slowest path:",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
            for line in row.path.lines() if row.path else []:
                console.print("  " + line, highlight=False, markup=False, soft_wrap=True)
    by_failure: dict[str, list[Row]] = {}
    for row in rows:
        if row.failure:
            by_failure.setdefault(row.failure, []).append(row)
    for failure, failed in by_failure.items():
        names = ", ".join(row.subject.name for row in failed)
        console.print(f"FAILED {names}: {failure}", highlight=False, markup=False, soft_wrap=True)
        console.print(f"  logs: {run.directory(failed[0].subject)}", highlight=False, markup=False, soft_wrap=True)


def verdict(rows: list[Row]) -> str:
    """The last line."""
    failed = sum(bool(row.failure) for row in rows)
    missed = [f"{row.subject.name} ({'; '.join(row.missed())})" for row in rows if row.missed()]
    with_target = sum(row.subject.target != Target() for row in rows)
    parts = ["1 design" if len(rows) == 1 else f"{len(rows)} designs"]
    if failed:
        parts.append(f"{failed} failed")
    if missed:
        parts.append(f"targets missed by {', '.join(missed)}")
    elif with_target and not failed:
        parts.append("every target is reached")
    return "syn: " + ", ".join(parts)


def _fit(row: Row) -> str:
    used, available = next(iter(row.placements.values())).utilization[DEVICES[row.subject.device].LOGIC_CELLS]
    return (
        f"{row.subject.name} fits: {used:,} of {available:,} logic cells, {row.around:,} of them "
        f"registers around the ports"
    )


def _table(title: str, rows: list[Row]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("design", no_wrap=True)
    for name in ("LUT4", "FF", "LUT RAM", "block RAM", "MHz", "min..max", "target"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        cells = [f"{number:,}" if number else "-" for number in vars(row.cells).values()] if row.cells else ["-"] * 4
        clock = [f"{row.mhz:.1f}", f"{row.clocks[0]:.1f}..{row.clocks[-1]:.1f}"] if row.clocks else ["-", "-"]
        label = f"{row.subject.peer}: {row.subject.label}" if row.subject.peer else row.subject.label
        table.add_row(label, *cells, *clock, _target(row))
    return table


def _target(row: Row) -> str:
    if row.failure:
        return "[red]failed[/red]"
    target = row.subject.target
    parts = [f"{target.mhz:g} MHz"] if target.mhz else []
    parts += [f"< {target.lut4:,} LUT4"] if target.lut4 else []
    parts += [f"{target.ff:,} FF"] if target.ff else []
    parts += [f"{target.block_ram} block RAM"] if target.block_ram else []
    if not parts:
        return "-"
    return ", ".join(parts) + (": [red]missed[/red]" if row.missed() else ": [green]reached[/green]")
