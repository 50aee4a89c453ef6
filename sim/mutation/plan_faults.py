# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Every claim can fail: each test that claims an entry of the test plan is shown a design that breaks the entry.

plan_faults.toml seeds the faults, each with the entries that it breaks. `python -m sim mutation --plan` runs the tests
that claim these entries on the faulty designs: each of them must go red on a fault of the entry, on one of the
configurations where `make test` runs it. What is known is kept in build/mutation/plan.json; it counts as long as
design, fault, testbench and the test's module are the same.
"""

import json
import shutil
import threading
import tomllib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sim.flow import artifact, modules, processes
from sim.flow.configs import configurations
from sim.flow.errors import FlowError, unknown
from sim.flow.paths import BUILD, ROOT
from sim.flow.rtl_files import find
from sim.formal.faults import apply_edits, load_faults
from sim.mutation import red_tests, seeded
from sim.mutation.records import digest, text_digest
from sim.mutation.red_tests import simulator_of
from sim.plan import entry
from sim.plan.trace import coverage

FILE = Path(__file__).with_name("plan_faults.toml")
FOLDER = BUILD / "mutation" / "plan"
RESULTS = BUILD / "mutation" / "plan.json"
_TIMEOUT = 400  # seconds for one simulation; a fault may make it hang, and then the test that hangs has seen it
_LONG = 1800  # seconds for all tests on the right design
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
class Step:
    """Tests that meet a fault on a configuration, and what came of it: each red test with how."""

    round: int
    fault: PlanFault
    configuration: str
    simulator: str
    tests: list[str]
    red: dict[str, str] = field(default_factory=dict)


@dataclass
class Judged:
    """An entry: the tests that claim it, and of each the fault and configuration that turned it red."""

    name: str
    red: dict[str, str] = field(default_factory=dict)
    green: list[str] = field(default_factory=list)


def read(file: Path = FILE) -> list[PlanFault]:
    """The faults in a file; of the project's own, those of seeded.toml that break entries, too.

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
    if file == FILE:
        for each in seeded.faults():
            for name in each.entries:
                if name not in plan:
                    raise FlowError(f"{seeded.FILE.name}: {each.name}: {unknown('entry of the plan', name, plan)}")
            if each.entries:
                found.append(PlanFault(each.name, each.cause, each.edits, each.entries, (each.configuration,)))
    return found


def without_fault(faults: Iterable[PlanFault]) -> list[str]:
    """Entries that tests claim, with neither a fault nor a reason why there is none."""
    seeded = {name for fault in faults for name in fault.entries}
    claimed = coverage()
    return [name for name, each in entry.read().items() if name in claimed and not each.no_fault and name not in seeded]


def entries_of(faults: list[PlanFault]) -> set[str]:
    """The entries of which all faults are among these: what a sample can judge."""
    names = {fault.name for fault in faults}
    others = {name for fault in read() if fault.name not in names for name in fault.entries}
    return {name for fault in faults for name in fault.entries} - others


def check(fault: PlanFault, rtl: Path = ROOT / "rtl") -> None:
    """Does the fault fit the design?

    Raises:
        FlowError: the RTL no longer has the text that the fault replaces.
    """
    texts: dict[str, str] = {}
    for name, old, new in fault.edits:
        text = texts.get(name) or find(rtl, name).read_text()
        if text.count(old) != 1:
            raise FlowError(f"{fault.name}: {name} has {old!r} {text.count(old)} times, not once")
        texts[name] = text.replace(old, new)


def design(fault: PlanFault, rtl: Path = ROOT / "rtl", name: str = "") -> Path:
    """A folder with the faulty design, made anew; the name tells several of one fault apart.

    Raises:
        ValueError: the RTL no longer has the text that the fault replaces.
    """
    folder = FOLDER / f"{fault.name}-{name}" / "rtl"
    shutil.rmtree(folder.parent, ignore_errors=True)
    shutil.copytree(rtl, folder)
    apply_edits(fault.name, fault.edits, folder)
    return folder


class PlanCampaign:
    """Runs the tests that claim entries on the designs that break them.

    It goes in rounds: first each fault on one configuration of each test's module, then what stayed green on the next
    one. All tests that a fault meets on a configuration are in one simulation. A claim that has gone red is not
    tried again on another fault of its entry.

    Args:
        faults: to be seeded.
        entries: only these entries; None for all.
        rtl: the design that is right.
        results: where what is known is kept; None for RESULTS.
    """

    def __init__(
        self,
        faults: list[PlanFault],
        entries: Iterable[str] | None = None,
        rtl: Path = ROOT / "rtl",
        results: Path | None = None,
    ) -> None:
        self.faults = [fault for fault in faults if entries is None or set(entries) & set(fault.entries)]
        self._entries = set(entries) if entries is not None else {name for each in faults for name in each.entries}
        self._claims = coverage()
        self._rtl = rtl
        self._results = results or RESULTS
        self._guard = threading.Lock()
        self._design = digest(rtl.rglob("*.v*"))
        self._shared = digest(file for file in (ROOT / "tb").rglob("*.py") if not _is_module(file))
        self._known: dict[str, dict] = json.loads(self._results.read_text()) if self._results.is_file() else {}

    def tests(self, fault: PlanFault) -> list[str]:
        """The tests that must notice a fault: those that claim one of its entries."""
        names = [name for name in fault.entries if name in self._entries]
        return list(dict.fromkeys(test for name in names for test in self._claims.get(name, ())))

    def run(self, jobs: int, tell: Callable[[Step], None]) -> list[Judged]:
        """Run what is not known, and say what each step has shown.

        Raises:
            FlowError: a fault does not fit the design, or the design with it cannot be built.
            KeyboardInterrupt: stopped; what is known is kept.
        """
        for fault in self.faults:
            check(fault, self._rtl)
        with processes.pool(jobs) as pool:
            for number in range(self._rounds()):
                steps = [step for step in self._round(number) if self._left(step)]
                self._control(pool, steps)
                for step in pool.map(self._run, steps):
                    if step.tests:
                        tell(step)
        return self.judge()

    def judge(self) -> list[Judged]:
        """Every entry with a fault, from what is known."""
        found = []
        for name in entry.read():
            faults = [fault for fault in self.faults if name in fault.entries]
            if name not in self._entries or not faults:
                continue
            judged = Judged(name)
            for test in self._claims.get(name, ()):
                seen = [f"{fault.name} on {by}" for fault in faults if (by := self._red(fault, test))]
                if seen:
                    judged.red[test] = seen[0]
                else:
                    judged.green.append(test)
            found.append(judged)
        return found

    def _rounds(self) -> int:
        return max(
            (len(_configurations(fault, _module(t))) for fault in self.faults for t in self.tests(fault)), default=0
        )

    def _round(self, number: int) -> list[Step]:
        """What may be tried on the configuration of this number of each test's module."""
        steps = []
        for fault in self.faults:
            by_place: dict[tuple[str, str], list[str]] = {}
            for test in self.tests(fault):
                places = _configurations(fault, _module(test))
                if number < len(places):
                    by_place.setdefault((places[number], simulator_of(_module(test))), []).append(test)
            steps += [Step(number + 1, fault, *place, tests) for place, tests in by_place.items()]
        return steps

    def _open(self, fault: PlanFault, test: str) -> bool:
        """Is there an entry of the fault for which the test has not been seen red?"""
        return any(
            name in self._entries
            and test in self._claims.get(name, ())
            and not any(self._red(each, test) for each in self.faults if name in each.entries)
            for name in fault.entries
        )

    def _run(self, step: Step) -> Step:
        """Run what is left of a step."""
        fault, place = step.fault, step.configuration
        step.tests = self._left(step)
        if not step.tests:
            return step
        rtl = design(fault, self._rtl, step.configuration)
        durations = {
            name: duration for test in step.tests for name, duration in self._known[self._right(test, place)].items()
        }
        step.red = red_tests.red(step.tests, place, rtl, rtl.parent, _TIMEOUT, step.simulator, durations)
        with self._guard:
            for test in step.tests:
                record = self._record(fault, test)
                if test in step.red:
                    record["red"] = step.red[test]
                else:
                    record["green"] = [*record.get("green", ()), place]
                self._known[self._key(fault, test)] = record
            artifact.write_json(self._results, self._known)
        shutil.rmtree(rtl.parent, ignore_errors=True)
        return step

    def _left(self, step: Step) -> list[str]:
        """The tests of a step that are still to be tried."""
        return [
            test
            for test in step.tests
            if self._open(step.fault, test)
            and step.configuration not in self._record(step.fault, test).get("green", ())
        ]

    def _control(self, pool: ThreadPoolExecutor, steps: list[Step]) -> None:
        """All tests of these steps on the right design, where they must pass; what they take is kept."""
        wanted: dict[tuple[str, str, str], list[str]] = {}
        for step in steps:
            for test in self._left(step):
                if self._right(test, step.configuration) not in self._known:
                    wanted.setdefault((_module(test), step.configuration, step.simulator), []).append(test)
        places = [
            pool.submit(self._pass, module, place, simulator, list(dict.fromkeys(tests)))
            for (module, place, simulator), tests in wanted.items()
        ]
        for each in places:
            each.result()

    def _pass(self, module: str, place: str, simulator: str, tests: list[str]) -> None:
        found = red_tests.control(tests, place, self._rtl, FOLDER / f"right-{place}", _LONG, simulator)
        with self._guard:
            for test in tests:
                own = f"{modules.PACKAGE}.{module}.{test.partition(':')[2]}"
                self._known[self._right(test, place)] = {
                    case: duration for case, duration in found.items() if case.partition("/")[0] == own
                }
            artifact.write_json(self._results, self._known)

    def _right(self, test: str, configuration: str) -> str:
        return f"right {test} {configuration} {text_digest(self._design, self._shared, _text(_module(test)))}"

    def _red(self, fault: PlanFault, test: str) -> str | None:
        return self._record(fault, test).get("red")

    def _record(self, fault: PlanFault, test: str) -> dict:
        return dict(self._known.get(self._key(fault, test), {}))

    def _key(self, fault: PlanFault, test: str) -> str:
        """Changes with the design, the fault, the testbench and the test's module."""
        return f"{fault.name} {test} {text_digest(self._design, self._shared, repr(fault.edits), _text(_module(test)))}"


def _module(test: str) -> str:
    return test.partition(":")[0]


def _is_module(file: Path) -> bool:
    return file.parent == ROOT / "tb" / "tests" and file.name.startswith("test_")


@cache
def _text(module: str) -> str:
    return (ROOT / "tb" / "tests" / f"{module}.py").read_text()


def _configurations(fault: PlanFault, module: str) -> list[str]:
    """Where a module runs and the fault is part of the design: the fault's own first, without the largest."""
    files = {name for name, _, _ in fault.edits}
    own = modules.registered()[module].configurations
    first = [name for name in fault.configurations if name in own]
    tried = dict.fromkeys([*first, *filter(_small, own)])
    return [name for name in tried if files <= _files(name)]


def _small(configuration: str) -> bool:
    known = configurations().by_name.get(configuration)
    return known is None or known.num_vectors <= _LARGE


@cache
def _files(configuration: str) -> set[str]:
    """The names of the Verilog files of a configuration."""
    return {file.name for file in configurations().design(configuration, ROOT / "rtl", False).sources()}
