# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Mutants against the tests: one alone, or many that stand in one design."""

import json
import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path

from sim.flow import processes, results, skips
from sim.flow.build import SIMULATORS, build, discard
from sim.flow.configs import configurations
from sim.flow.errors import FlowError
from sim.flow.modules import PACKAGE
from sim.flow.run import Simulation, environment, simulate
from sim.mutation import fork_server, impatient
from sim.mutation.mutants import Mutant
from sim.mutation.plan import Trial
from sim.mutation.replay import SEED, Replay

SIMULATOR = "icarus"

_SECONDS = 300


@dataclass
class Verdict:
    """What the tests made of a mutant.

    Attributes:
        outcome: "killed", "survived" or "not built".
        by: the trial that killed it, and how; the tool's error if it does not build.
        passed: the trials that noticed nothing.
    """

    outcome: str
    by: str = ""
    passed: list[str] = field(default_factory=list)


def kill(mutant: Mutant, rtl: Path, folder: Path, trials: list[Trial]) -> Verdict:
    """Run the trials one by one on the mutant of the design in rtl until one fails. folder is for its files."""
    design = mutant.write(rtl, folder)
    passed: list[str] = []
    built: dict[str, Path] = {}
    try:
        for trial in trials:
            name = trial.configuration
            if name not in built:
                try:
                    built[name] = build(SIMULATOR, name, configurations().design(name, design))
                except FlowError as error:
                    if passed:
                        return Verdict("killed", f"{trial}: {_first_line(str(error))}", passed)
                    return Verdict("not built", _first_line(str(error)))
            result = simulate(
                Simulation(
                    SIMULATOR, name, f"{PACKAGE}.{trial.test}", SEED, tests=trial.tests, timeout=_SECONDS, rtl=design
                )
            )
            shutil.rmtree(result.simulation.directory, ignore_errors=True)
            if result.failures:
                return Verdict("killed", f"{trial}: {_reason(result.failures)}", passed)
            passed.append(str(trial))
        return Verdict("survived", passed=passed)
    finally:
        for directory in built.values():
            discard(directory)


def kill_many(numbers: list[int], replay: Replay, trial: Trial, folder: Path) -> dict[int, str]:
    """Run a trial on mutants of a multiplexed design. Returns for each how it was killed, or "". folder is for files.

    A mutant that hangs is not waited for until the testbench's own time-outs, but for three times what the original
    takes; on the engine, whose tests wait longer, no test is (impatient.py).
    """
    simulation = replay.simulation(trial)
    built = build(simulation.simulator, trial.configuration, simulation.design)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    seconds = 2 + round(3 * replay.seconds(trial))
    (folder / "numbers").write_text("\n".join(map(str, [seconds, *numbers])))
    entries = [
        "cocotb.logging:_configure",
        "cocotb._init:init_package_from_simulation",
        *([skips.ENTRY] if trial.tests else []),
        fork_server.ENTRY,
        *([impatient.ENTRY] if trial.configuration in configurations().designs else []),
        "cocotb.regression:_run_regression",
    ]
    (folder / impatient.FILE).write_text(json.dumps(replay.durations(trial)))
    variables = environment(simulation) | {
        fork_server.VARIABLE: str(folder / "numbers"),
        "PYGPI_USERS": ",".join(entries),
    }
    command = SIMULATORS[simulation.simulator].run_command(built, SEED, None)
    processes.run(command, folder / "log", folder, variables)
    reasons = {}
    for number in numbers:
        directory = folder / str(number)
        status = int((directory / fork_server.STATUS).read_text())
        if status == -signal.SIGXCPU:
            reasons[number] = f"{trial}: does not end: more than {seconds} s of processor time"
            continue
        failures = results.judge(status, directory / "results.xml", directory / "log").failures
        statistics = directory / "statistics.json"
        if statistics.is_file():
            figures = json.loads(statistics.read_text())
            failures += [
                results.Failure(None, f"{figures[name]} {name}")
                for name in ("lost", "without_cause")
                if figures.get(name)
            ]
        reasons[number] = f"{trial}: {_reason(failures)}" if failures else ""
    return reasons


def _reason(failures: list[results.Failure]) -> str:
    failure = failures[0]
    return f"{failure.test}: {_first_line(failure.message)}" if failure.test else _first_line(failure.message)


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0][:200]
