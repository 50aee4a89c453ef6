"""One mutant against the tests."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from mutation.mutants import Mutant
from mutation.plan import Trial
from sim.build import build
from sim.configs import configurations
from sim.design import Design
from sim.errors import FlowError
from sim.modules import PACKAGE
from sim.run import Result, Simulation, simulate

SIMULATOR = "icarus"
SEED = 1

# A mutant that hangs is killed by the testbench's own time-outs; this is for one that loops without time going on.
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
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(rtl, folder / "rtl")
    mutant.apply(folder / "rtl")
    passed: list[str] = []
    built: dict[str, Path] = {}
    try:
        for trial in trials:
            name = trial.configuration
            if name not in built:
                try:
                    built[name] = build(SIMULATOR, name, Design(folder / "rtl", configurations().by_name[name]))
                except FlowError as error:
                    if passed:
                        return Verdict("killed", f"{trial}: {_first_line(str(error))}", passed)
                    return Verdict("not built", _first_line(str(error)))
            result = simulate(Simulation(SIMULATOR, name, f"{PACKAGE}.{trial.test}", SEED, timeout=_SECONDS, rtl=folder / "rtl"))
            shutil.rmtree(result.simulation.directory, ignore_errors=True)
            if result.failures:
                return Verdict("killed", f"{trial}: {_reason(result)}", passed)
            passed.append(str(trial))
        return Verdict("survived", passed=passed)
    finally:
        for directory in built.values():
            shutil.rmtree(directory, ignore_errors=True)
            directory.with_suffix(".lock").unlink(missing_ok=True)


def _reason(result: Result) -> str:
    failure = result.failures[0]
    return f"{failure.test}: {_first_line(failure.message)}" if failure.test else _first_line(failure.message)


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0][:200]
