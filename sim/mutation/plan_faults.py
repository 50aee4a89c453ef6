# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Every claim can fail: each test that claims an entry of the test plan is shown a design that breaks the entry.

plan_faults.toml seeds the faults, each with the entries that it breaks. `python -m sim mutation --plan` runs the tests
that claim these entries on the faulty designs: each of them must go red on a fault of the entry, on one of the
configurations where `make test` runs it. What is known is kept in build/mutation/plan.json as long as design, tests and
fault are the same.
"""

import json
import shutil
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sim.flow import modules, processes, tools
from sim.flow.configs import configurations
from sim.flow.errors import FlowError, unknown
from sim.flow.paths import BUILD, ROOT
from sim.flow.run import Simulation, simulate
from sim.formal.faults import apply_edits, load_faults
from sim.mutation.records import digest, testbench_digest, text_digest
from sim.plan import entry
from sim.plan.trace import coverage

FILE = Path(__file__).with_name("plan_faults.toml")
FOLDER = BUILD / "mutation" / "plan"
RESULTS = BUILD / "mutation" / "plan.json"
_TIMEOUT = 150  # seconds for one simulation; a fault may make it hang, and then the test that hangs has seen it
_LARGE = 100  # vectors, above which a configuration is tried only when the fault names it
_FORMAL = ("name", "why", "edits")


@dataclass(frozen=True)
class PlanFault:
    """One fault of the design and the entries of the plan that it breaks.

    Attributes:
        name, why: what it is.
        edits: [file, old, new] each, as in formal/faults.toml.
        entries: of testplan.toml.
        configurations: tried first, before the others of a test's module.
        ci: whether it is in the sample that CI runs.
    """

    name: str
    why: str
    edits: tuple
    entries: tuple[str, ...]
    configurations: tuple[str, ...] = ()
    ci: bool = False


@dataclass
class Judged:
    """An entry: the tests that claim it, and of each the fault and configuration that turned it red."""

    name: str
    red: dict[str, str] = field(default_factory=dict)
    green: list[str] = field(default_factory=list)


def read(file: Path = FILE) -> list[PlanFault]:
    """The faults in a file.

    Raises:
        FlowError: an entry, a configuration or a fault of formal/faults.toml that does not exist, or a wrong field.
    """
    formal = {fault.name: fault for fault in load_faults()}
    plan, found = entry.read(), []
    for number, content in enumerate(tomllib.loads(file.read_text())["fault"], 1):
        where = f"{file.name}, fault {number}"
        if "formal" in content:
            name = content.pop("formal")
            if name not in formal:
                raise FlowError(f"{where}: {unknown('fault', name, formal)}")
            content |= {key: getattr(formal[name], key) for key in _FORMAL}
        missing = {"name", "why", "edits", "entries"} - content.keys()
        strange = content.keys() - PlanFault.__dataclass_fields__.keys()
        if missing or strange:
            raise FlowError(f"{where}: {'no ' + min(missing) if missing else 'unknown field ' + min(strange)}")
        for name in content["entries"]:
            if name not in plan:
                raise FlowError(f"{where}: {unknown('entry of the plan', name, plan)}")
        for name in content.get("configurations", ()):
            configurations().check(name)
        content = {key: tuple(value) if isinstance(value, list) else value for key, value in content.items()}
        found.append(PlanFault(**content))
    return found


def without_fault(faults: Iterable[PlanFault]) -> list[str]:
    """Entries that tests claim, with neither a fault nor a reason why there is none."""
    seeded = {name for fault in faults for name in fault.entries}
    claimed = coverage()
    return [name for name, each in entry.read().items() if name in claimed and not each.no_fault and name not in seeded]


def design(fault: PlanFault, rtl: Path = ROOT / "rtl") -> Path:
    """A folder with the faulty design.

    Raises:
        ValueError: the RTL no longer has the text that the fault replaces.
    """
    folder = FOLDER / fault.name / "rtl"
    shutil.rmtree(folder.parent, ignore_errors=True)
    shutil.copytree(rtl, folder)
    apply_edits(fault.name, fault.edits, folder)
    return folder


class PlanCampaign:
    """Runs the tests that claim entries on the designs that break them.

    Args:
        faults: to be seeded.
        entries: only these entries; None for all.
        rtl: the design that is right.
        results: where what is known is kept.
    """

    def __init__(
        self,
        faults: list[PlanFault],
        entries: Iterable[str] | None = None,
        rtl: Path = ROOT / "rtl",
        results: Path = RESULTS,
    ) -> None:
        self.faults = [fault for fault in faults if entries is None or set(entries) & set(fault.entries)]
        self._entries = set(entries) if entries is not None else {name for each in faults for name in each.entries}
        self._claims = coverage()
        self._rtl = rtl
        self._results = results
        self._mark = text_digest(digest(rtl.rglob("*.v*")), testbench_digest())
        self._known: dict[str, dict[str, str | None]] = {}
        if results.is_file():
            kept = json.loads(results.read_text())
            self._known = kept["faults"] if kept.get("mark") == self._mark else {}

    def tests(self, fault: PlanFault) -> list[str]:
        """The tests that must notice a fault: those that claim one of its entries."""
        names = [name for name in fault.entries if name in self._entries]
        return list(dict.fromkeys(test for name in names for test in self._claims.get(name, ())))

    def run(self, jobs: int, tell: Callable[[PlanFault, dict[str, str | None]], None]) -> list[Judged]:
        """Run what is not known; `tell` hears of each fault what turned each test red, None for nothing.

        Raises:
            FlowError: a fault does not fit the design, or the design with it cannot be built.
            KeyboardInterrupt: stopped; what is known is kept.
        """
        with processes.pool(jobs) as pool:
            for fault, found in zip(self.faults, pool.map(self._seen, self.faults)):
                self._keep(fault, found)
                tell(fault, found)
        return self.judge()

    def judge(self) -> list[Judged]:
        """Every entry with a fault, from what is known."""
        found = []
        for name in entry.read():
            if name not in self._entries or not any(name in fault.entries for fault in self.faults):
                continue
            judged = Judged(name)
            for test in self._claims.get(name, ()):
                seen = [
                    f"{fault.name} on {by}"
                    for fault in self.faults
                    if name in fault.entries and (by := self._record(fault).get(test))
                ]
                if seen:
                    judged.red[test] = seen[0]
                else:
                    judged.green.append(test)
            found.append(judged)
        return found

    def _record(self, fault: PlanFault) -> dict[str, str | None]:
        return self._known.get(f"{fault.name} {text_digest(repr(fault.edits))}", {})

    def _keep(self, fault: PlanFault, found: dict[str, str | None]) -> None:
        key = f"{fault.name} {text_digest(repr(fault.edits))}"
        self._known[key] = self._record(fault) | found
        self._results.parent.mkdir(parents=True, exist_ok=True)
        new = self._results.with_suffix(".new")
        new.write_text(json.dumps({"mark": self._mark, "faults": self._known}, indent=1) + "\n")
        new.replace(self._results)

    def _seen(self, fault: PlanFault) -> dict[str, str | None]:
        """Test -> the configuration on which it went red, None when it stayed green everywhere."""
        known = self._record(fault)
        found = {test: known[test] for test in self.tests(fault) if test in known}
        left = [test for test in self.tests(fault) if test not in known]
        if not left:
            return found
        try:
            rtl = design(fault, self._rtl)
        except ValueError as error:
            raise FlowError(str(error)) from None
        found |= dict.fromkeys(left)
        by_module: dict[str, list[str]] = {}
        for test in left:
            module, _, name = test.partition(":")
            by_module.setdefault(module, []).append(name)
        for module, names in by_module.items():
            for configuration in _configurations(fault, module):
                names = [name for name in names if not found[f"{module}:{name}"]]
                for name in _red(fault, rtl, module, names, configuration) if names else ():
                    found[f"{module}:{name}"] = configuration
        shutil.rmtree(rtl.parent, ignore_errors=True)
        return found


def _configurations(fault: PlanFault, module: str) -> list[str]:
    own = modules.registered()[module].of_endpoint
    small = [name for name in own if configurations().by_name[name].num_vectors <= _LARGE]
    first = [name for name in fault.configurations if name in own]
    return list(dict.fromkeys([*first, *small]))


def _red(fault: PlanFault, rtl: Path, module: str, names: list[str], configuration: str) -> set[str]:
    """The tests that fail on a configuration. One that crashes or hangs the simulation has failed; the others run
    again."""
    entry_ = modules.registered()[module]
    simulator = next(name for name in entry_.simulators if not tools.missing(name))
    red: set[str] = set()
    left = list(names)
    while left:
        simulation = Simulation(
            simulator,
            configuration,
            entry_.name,
            1,
            tests=tuple(left),
            rtl=rtl,
            place=FOLDER / fault.name,
            timeout=_TIMEOUT,
        )
        result = simulate(simulation)
        if result.log is None:  # it was not built
            raise FlowError(f"{fault.name}: {result.failures[0].message}")
        ran = {case.name.partition("/")[0] for case in result.cases}
        failed = {failure.test.partition("/")[0] for failure in result.failures if failure.test}
        if result.failures and not failed and not result.cases:
            failed = {left[0]}  # it ended before any test said its name
        red |= failed & set(left)
        after = [name for name in left if name not in failed and name not in ran]
        if not result.failures or after == left or not after:
            break
        left = after
    return red
