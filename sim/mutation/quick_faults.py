# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Is `make quick` red on each seeded fault that a simulation can see?

The faults are those of formal/faults.toml and of seeded.toml. On each, the simulations of `make quick` run on Icarus
until one test fails. A fault that changes nothing in a simulation says so by `no_simulation` in its file. What is known
is kept in build/mutation/quick.json as long as design, fault and tests are the same.
"""

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.flow import artifact, environment, modules, processes, quick, rtl_files
from sim.flow.configs import configurations
from sim.flow.errors import FlowError, unknown
from sim.flow.paths import BUILD, ROOT
from sim.flow.run import Result, Simulation, simulate
from sim.formal.faults import load_faults
from sim.mutation import impatient, plan, seeded
from sim.mutation.records import digest, testbench_digest, text_digest

SEED = 1
FOLDER = BUILD / "mutation" / "quick"
RESULTS = BUILD / "mutation" / "quick.json"


@dataclass(frozen=True)
class Fault:
    """A seeded fault: its edits, as in formal/faults.toml, and why no simulation can see it."""

    name: str
    edits: tuple[tuple[str, str, str], ...]
    no_simulation: str = ""
    test: str = ""  # the module that is known to see it


@dataclass(frozen=True)
class Found:
    """What `make quick` made of a fault: the test that failed first, and its message; "" when it stayed green."""

    fault: Fault
    by: str


def faults() -> dict[str, Fault]:
    """Every seeded fault by name."""
    proofs = [Fault(each.name, _edits(each.edits), each.no_simulation) for each in load_faults()]
    return {
        each.name: each
        for each in (*proofs, *(Fault(one.name, one.edits, test=one.test.partition(":")[0]) for one in seeded.faults()))
    }


def run(names: Iterable[str], jobs: int, tell: Callable[[Found], None], results: Path | None = None) -> list[Found]:
    """Show `make quick` these faults, or all; `tell` hears of each when it is done.

    Raises:
        FlowError: there is no such fault, or it does not fit the design, or the design with it cannot be built.
    """
    known = faults()
    for name in names:
        if name not in known:
            raise unknown("fault", name, known)
    chosen = [known[name] for name in names or known if not known[name].no_simulation]
    file = results or RESULTS
    kept = json.loads(file.read_text()) if file.is_file() else {}
    mark = text_digest(digest((ROOT / "rtl").rglob("*.v*")), testbench_digest(), Path(quick.__file__).read_text())
    done = []
    with environment.given("COCOTB_MAX_FAILURES", "1"), processes.pool(jobs) as pool:
        for fault, by in zip(chosen, pool.map(lambda fault: kept.get(_key(mark, fault)) or _try(fault), chosen)):
            if by:
                kept[_key(mark, fault)] = by
                artifact.write_json(file, kept)
            done.append(Found(fault, by))
            tell(done[-1])
    return done


def _key(mark: str, fault: Fault) -> str:
    return f"{fault.name} {text_digest(mark, repr(fault.edits))}"


def _edits(edits: Iterable) -> tuple[tuple[str, str, str], ...]:
    return tuple((file, old, new) for file, old, new in edits)


def _try(fault: Fault) -> str:
    """The first test of `make quick` that fails, or ""."""
    place = FOLDER / fault.name
    shutil.rmtree(place, ignore_errors=True)
    rtl = place / "rtl"
    shutil.copytree(ROOT / "rtl", rtl)
    for name, old, new in fault.edits:
        file = rtl_files.find(rtl, name)
        text = file.read_text()
        if text.count(old) != 1:
            raise FlowError(f"{fault.name}: {name} has {old!r} {text.count(old)} times, not once")
        file.write_text(text.replace(old, new))
    try:
        for simulation in _simulations(fault, rtl, place):
            result = simulate(simulation)
            if result.log is None:
                raise FlowError(f"{fault.name}: {result.failures[0].message}")
            if result.failures:
                return _words(result)
        return ""
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _simulations(fault: Fault, rtl: Path, place: Path) -> list[Simulation]:
    """Those whose design has the fault: first the modules that know the changed file best, then short ones."""
    files = {name for name, _, _ in fault.edits}
    best = [fault.test] + [trial.test for name in sorted(files) for trial in plan.first(name.removesuffix(".v"))]
    order = [*best, *modules.registered()]

    def rank(each: Simulation) -> tuple[bool, int]:
        return each.label not in best and each.label in quick.LONG, order.index(each.label)

    every = quick.simulations(["icarus"], SEED, rtl=rtl, place=place, users=(impatient.ENTRY,))
    return sorted((each for each in every if files <= _files(each.configuration)), key=rank)


@cache
def _files(configuration: str) -> set[str]:
    """The names of the Verilog files of a configuration."""
    return {file.name for file in configurations().design(configuration, ROOT / "rtl", False).sources()}


def _words(result: Result) -> str:
    failure = result.failures[0]
    simulation = result.simulation
    message = failure.message.strip().splitlines()[0][:120] if failure.message.strip() else ""
    return f"{simulation.label}:{failure.test} on {simulation.configuration}: {message}"
