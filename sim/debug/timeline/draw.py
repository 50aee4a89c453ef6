# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`make timeline`: run one test with its run log and draw it."""

import os
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from sim.debug.timeline.data import RunLogError, TimelineData, build, read
from sim.debug.timeline.page import render
from sim.flow import results_table
from sim.flow.errors import FlowError
from sim.flow.paths import ROOT, TIMELINE_RUNS
from sim.flow.run import RUN_LOG, Result, Simulation, simulate

PAGE = "timeline.html"  # in the directory of the run


def draw_log(file: Path, console: Console) -> int:
    """Draw a run log that is there already, beside it; returns the exit status.

    Raises:
        FlowError: there is nothing to draw.
    """
    try:
        data = build(read(file))
    except RunLogError as error:
        raise FlowError(f"nothing to draw: {error}") from None
    name = f"{file.resolve().parent.name} on {data.simulator}, seed {data.seed}"
    page = file.with_name(PAGE)
    page.write_text(
        render(data, name, f"make timeline LOG={file}", data.failure["text"] if data.failure else ""), encoding="utf-8"
    )
    _say(page, data, console)
    return 0


def draw(simulation: Simulation, console: Console) -> int:
    """Run it, draw it, and say where the page is; returns the exit status. A failing run is drawn, too.

    Raises:
        FlowError: there is nothing to draw.
    """
    result, data = render_run(simulation)
    results_table.show([result], console)
    _say(page_of(simulation), data, console)
    return 1 if result.failures else 0


def _say(page: Path, data: TimelineData, console: Console) -> None:
    """Where the page is, and what is on it."""
    console.print(
        f"timeline: {os.path.relpath(page, ROOT)} ({len(data.accesses):,} accesses, "
        f"{len(data.events):,} events, {len(data.messages):,} messages"
        + (f", {len(data.rings.chains):,} chains)" if data.rings.lives else ")"),
        highlight=False,
        soft_wrap=True,
    )


def render_run(simulation: Simulation) -> tuple[Result, TimelineData]:
    """Run it and write its page; returns what came of the run, and its data.

    Raises:
        FlowError: there is nothing to draw.
    """
    result = simulate(run_of(simulation))
    try:
        data = build(read(run_of(simulation).directory / RUN_LOG))
    except RunLogError as error:
        raise FlowError(
            "\n".join([f"nothing to draw: {error}", *([result.report()] if result.failures else [])])
        ) from None
    verdict = result.failures[0].message if result.failures else ""
    page = render(
        data,
        f"{simulation.label} on {simulation.configuration}, {simulation.simulator}, seed {simulation.seed}",
        simulation.command("timeline"),
        verdict,
    )
    page_of(simulation).write_text(page, encoding="utf-8")
    return result, data


def run_of(simulation: Simulation) -> Simulation:
    """The run that is drawn: in a folder apart from those of other commands."""
    return replace(simulation, run_log=True, place=TIMELINE_RUNS)


def page_of(simulation: Simulation) -> Path:
    """Where the page of a run is."""
    return run_of(simulation).directory / PAGE
