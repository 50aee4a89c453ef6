# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the results of simulations say about the test plan.

testplan.json:

    {"made": date, "git": description, "complete": whether every module of sim/tests.toml was run,
     "passed", "failed", "not_run", "by_conformance", "not_visible": numbers of entries,
     "entries": [{"section", "name", "requirement", "source", "ports", "stage", "stimulus", "expected", "not_visible",
                  "no_check", "no_fault": as in testplan.toml,
                  "status": "passed" | "failed" | "not run" | "by conformance" | "not visible",
                  "tests": [{"test": "module:test", "passed", "failed", "skipped": numbers of runs}]}]}
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from sim.flow import artifact
from sim.plan import entry, trace

PASSED, FAILED, NOT_RUN, NOT_VISIBLE = "passed", "failed", "not run", "not visible"
BY_CONFORMANCE = "by conformance"  # `make conformance` shows it, on the device that it is given


@dataclass(frozen=True)
class Run:
    """One test in one simulation."""

    test: str  # "module:test", without parameters
    verdict: str  # "passed", "failed" or "skipped"


@dataclass(frozen=True)
class Judged:
    """An entry, its tests with how often each passed, failed and was skipped, and what follows."""

    entry: entry.Entry
    tests: dict[str, Counter]
    status: str


def runs_of(module: str, cases: Iterable[tuple[str, str]], failures: Iterable[str | None]) -> list[Run]:
    """The runs in one simulation of a module, from its (test, verdict) pairs and the tests of its failures.

    A failure outside the cases, such as a simulator that died, counts against its test, or against all that passed.
    """
    short = module.rpartition(".")[2]
    found = [(name.partition("/")[0], verdict) for name, verdict in cases]
    bad = [name and name.partition("/")[0] for name in failures]
    if None in bad:
        found = [(name, "failed" if verdict == "passed" else verdict) for name, verdict in found]
    found += [(name, "failed") for name in bad if name and (name, "failed") not in found]
    return [Run(f"{short}:{name}", verdict) for name, verdict in found]


def judge(
    runs: Iterable[Run], entries: dict[str, entry.Entry] | None = None, covering: dict[str, list[str]] | None = None
) -> list[Judged]:
    """The plan, judged by runs: an entry has passed when tests of it ran and none of them failed.

    Args:
        entries: the plan; None for the project's.
        covering: the tests of each entry; None for what the tests' @covers say.
    """
    entries = entry.read() if entries is None else entries
    covering = trace.coverage() if covering is None else covering
    counts: dict[str, Counter] = {}
    for run in runs:
        counts.setdefault(run.test, Counter())[run.verdict] += 1
    return [
        _judge(found, {test: counts.get(test, Counter()) for test in covering.get(found.name, [])})
        for found in entries.values()
    ]


def _judge(found: entry.Entry, tests: dict[str, Counter]) -> Judged:
    total = sum(tests.values(), Counter())
    elsewhere = NOT_VISIBLE if found.not_visible else BY_CONFORMANCE if found.by_checks else NOT_RUN
    status = FAILED if total["failed"] else PASSED if total["passed"] else elsewhere
    return Judged(found, tests, status)


def open_entries(judged: list[Judged]) -> list[str]:
    """A line for each entry that has not passed: its status, its name, and the tests to blame."""
    lines = []
    for each in judged:
        if each.status in (FAILED, NOT_RUN):
            tests = [test for test, count in each.tests.items() if count["failed"] or each.status == NOT_RUN]
            lines.append(f"{each.status}: {each.entry.name} ({each.entry.requirement}): {', '.join(tests)}")
    return lines


def tally(judged: list[Judged]) -> str:
    """The numbers of entries, in words."""
    counts = Counter(each.status for each in judged)
    elsewhere = counts[NOT_VISIBLE] + counts[BY_CONFORMANCE]
    return f"test plan: {counts[PASSED]} of {len(judged) - elsewhere} entries passed" + "".join(
        f", {counts[status]} {status}" for status in (FAILED, NOT_RUN) if counts[status]
    )


def write(judged: list[Judged], complete: bool, file: Path) -> None:
    """Write testplan.json, whole or not at all."""
    counts = Counter(each.status for each in judged)
    data = {
        **artifact.head(),
        "complete": complete,
        **{
            status.replace(" ", "_"): counts[status]
            for status in (PASSED, FAILED, NOT_RUN, BY_CONFORMANCE, NOT_VISIBLE)
        },
        "entries": [plain(each) for each in judged],
    }
    artifact.write_json(file, data)


def plain(judged: Judged) -> dict:
    """An entry as it stands in testplan.json."""
    words = (PASSED, FAILED, "skipped")
    tests = [{"test": test, **{word: count[word] for word in words}} for test, count in judged.tests.items()]
    return asdict(judged.entry) | {"status": judged.status, "tests": tests}
