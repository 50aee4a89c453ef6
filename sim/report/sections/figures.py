# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Latency and throughput at every size that was measured."""

from collections.abc import Callable

from sim.report import plots, runs
from sim.report.section import Section, Table

_PLOTS = {
    ("Latency", "cycles, at most"): {
        "event to message": lambda each: each.event and each.event["max"],
        "UNMASK to message": lambda each: each.unmask,
    },
    ("Throughput", "per cycle"): {
        "messages": lambda each: each.messages,
        "register writes": lambda each: each.writes,
        "register reads": lambda each: each.reads,
    },
}
_COLUMNS = [
    "queues",
    "vectors",
    "mapping",
    "event to message, min",
    "max",
    "UNMASK to message",
    "messages per cycle",
    "writes per cycle",
    "reads per cycle",
]


def section(ran: list[runs.Run]) -> Section:
    """From the statistics of test_figures."""
    made = Section("figures", "Latency and throughput")
    measured = runs.figures(ran)
    if not measured:
        made.headline, made.text = "not run", "Run: make sim TEST=test_figures"
        return made
    most = [each.event["max"] for each in measured if each.event]
    made.headline = f"{min(most):g} to {max(most):g} cycles" if most else ""
    made.text = "Cycles on an idle endpoint and a ready bus; rates at saturation. Measured by tb/tests/test_figures.py."
    for (title, label), curves in _PLOTS.items():
        series = [line for name, value in curves.items() for line in _series(name, value, measured)]
        constant = [line for line in series if len({y for _, y in line.points}) == 1]
        for line in constant:
            made.text += f" {line.name}: {line.points[0][1]:g} {label}, at every size."
        if len(constant) < len(series):
            varying = [line for line in series if line not in constant]
            made.plots.append((title, plots.lines(varying, "vectors", label)))
    made.tables.append(Table("", _COLUMNS, [_row(each) for each in measured]))
    return made


def _series(name: str, value: Callable, measured: list[runs.Figures]) -> list[plots.Series]:
    """A line for each way of mapping; one for both if they would lie on each other."""
    lines: dict[str, list[tuple[float, float]]] = {
        mode: [(each.vectors, value(each)) for each in measured if each.sharing == sharing and value(each) is not None]
        for mode, sharing in (("fixed", False), ("sharing", True))
    }
    if len({y for points in lines.values() for _, y in points}) == 1:
        return [plots.Series(name, [point for points in lines.values() for point in points])]
    return [plots.Series(f"{name}, {mode}", points) for mode, points in lines.items() if points]


def _row(each: runs.Figures) -> list:
    event = each.event or {}
    return [
        each.queues,
        each.vectors,
        "sharing" if each.sharing else "fixed",
        event.get("min"),
        event.get("max"),
        each.unmask,
        each.messages,
        each.writes,
        each.reads,
    ]
