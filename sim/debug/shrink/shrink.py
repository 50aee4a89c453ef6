# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the failing test, has its steps reduced in one simulation, and shows that what is left still fails."""

import json
import os
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from cocotbext.virtio.trace.rows import HEADER
from cocotbext.virtio.trace.steps import Event, Read, Step, Write, rows_of, steps_of
from cocotbext.virtio.trace.trace_file import TraceFile
from rich.console import Console

from sim.debug.shrink import names, rings
from sim.debug.shrink.ready_test import source, step_source
from sim.debug.shrink.run_steps import steps_of_run
from sim.debug.timeline.data import RunLogError, read
from sim.flow.configs import configurations
from sim.flow.errors import FlowError
from sim.flow.modules import PACKAGE
from sim.flow.paths import BUILD, ROOT, SHRINK_RUNS
from sim.flow.run import RUN_LOG, Result, Simulation, simulate
from sim.flow.selection import REPLAY

FOLDER = BUILD / "shrink"
_TIMEOUT = 1800  # seconds for all tries, unless the user says otherwise


@dataclass
class Shrunk:
    """What is left of a failure.

    Attributes:
        steps: what it takes.
        before: how many steps the whole run had.
        tries: how many times some of them were played.
        rule: what they break.
        replay: the run of the trace, which shows it.
        message: what that says; "" if it passes.
        trace, test: the files.
    """

    steps: list[Step]
    before: list[Step]
    tries: int
    rule: str
    replay: Simulation
    message: str
    trace: Path
    test: Path


def shrink(simulation: Simulation, timeout: float | None = None) -> Shrunk:
    """Reduce the failure of a run.

    Raises:
        FlowError: it does not fail, or what it does to the ports does not fail by itself.
    """
    simulation = replace(simulation, place=SHRINK_RUNS)
    result = simulate(replace(simulation, run_log=True))
    failure = _failure(simulation, result)
    try:
        before = steps_of_run(read(simulation.directory / RUN_LOG))
    except RunLogError as error:
        raise FlowError(f"nothing to reduce: {error}\n{result.report()}") from None
    folder = FOLDER / simulation.directory.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    whole = _write(folder / "whole_run.csv", before, f"{simulation.command('sim')}: {failure}")
    trials = replace(simulation, module=names.MODULE, test=names.TEST, trace=whole, timeout=timeout or _TIMEOUT)
    result = simulate(trials)
    if result.failures:
        raise FlowError(f"the reduction failed:\n{result.report()}")
    outcome = json.loads((trials.directory / names.OUTCOME).read_text())
    if not outcome["broken"]:
        raise FlowError(
            f"not reproduced: the run fails ({failure}), but its accesses, events and message stalls do not when "
            f"they are played alone. What is not played: stalls of kicks, device_idle. They are in {_shown(whole)}"
        )
    steps = steps_of(TraceFile.read(trials.directory / names.TRACE).rows)
    return _written(simulation, folder, steps, before, outcome)


def _failure(simulation: Simulation, result: Result) -> str:
    if not result.failures:
        raise FlowError(
            f"nothing to reduce: {simulation.label} passes on {simulation.configuration} with seed {simulation.seed}"
        )
    return result.failures[0].message


def _written(simulation: Simulation, folder: Path, steps: list[Step], before: list[Step], outcome: dict) -> Shrunk:
    name = re.sub(r"\W+", "_", outcome["broken"])[:40].strip("_").lower()
    headline = f"{outcome['broken']}: reduced from {len(before)} steps of {simulation.label}, seed {simulation.seed}."
    command = simulation.command("shrink")
    trace = _write(folder / f"{name}.csv", steps, f"{headline} Made by: {command}")
    replay = replace(simulation, module=f"{PACKAGE}.{REPLAY}", test=None, trace=trace)
    failures = simulate(replay).failures
    message = failures[0].message if failures else ""
    test = folder / f"test_shrunk_{name}.py"
    test.write_text(
        source(steps, name, headline, command, message or outcome["text"], simulation.configuration), encoding="utf-8"
    )
    return Shrunk(steps, before, outcome["tries"], outcome["broken"], replay, message, trace, test)


def _write(path: Path, steps: list[Step], *comments: str) -> Path:
    lines = [*(f"# {comment}" for comment in comments), HEADER, *map(str, rows_of(steps))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def show(simulation: Simulation, console: Console, timeout: float | None = None) -> int:
    """`make shrink`: reduce, and print what is left; returns the exit status."""
    console.print(
        f"{simulation.label} on {simulation.configuration}, {simulation.simulator}, seed {simulation.seed}",
        highlight=False,
        soft_wrap=True,
    )
    if simulation.configuration in configurations().designs:
        return _show_rings(replace(simulation, place=SHRINK_RUNS, run_log=True), console, timeout)
    shrunk = shrink(simulation, timeout)
    lines = [
        shrunk.message or shrunk.rule,
        f"{_counts(shrunk.before)}, reduced to {_counts(shrunk.steps)} in {shrunk.tries} tries:",
        *(f"  {step_source(step)}" for step in shrunk.steps),
        f"trace:  {_shown(shrunk.trace)}",
        f"test:   {_shown(shrunk.test)} (for tb/tests/)",
        f"replay: {shrunk.replay.command('sim')}",
    ]
    if not shrunk.message:
        lines.append("the replay of the trace passes: the failure depends on what came before it in the reduction")
    elif shrunk.rule not in names.words(shrunk.message) and not shrunk.message.startswith(shrunk.rule):
        lines.append(f"the replay of the trace fails otherwise than the run, which breaks this: {shrunk.rule}")
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    return 0 if shrunk.message else 1


def _show_rings(simulation: Simulation, console: Console, timeout: float | None) -> int:
    result = simulate(simulation)
    _failure(simulation, result)
    for line in rings.report(rings.shrink_rings(simulation, result, timeout or _TIMEOUT)):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    return 0


def _counts(steps: list[Step]) -> str:
    accesses = sum(isinstance(step, (Write, Read)) for step in steps)
    events = sum(isinstance(step, Event) for step in steps)
    rest = len(steps) - accesses - events
    return f"{accesses:,} accesses, {events:,} events" + (f", {rest:,} other steps" if rest else "")


def _shown(path: Path) -> str:
    return os.path.relpath(path, ROOT)
