# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What came of one simulation: read from the results file and the log."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree

from sim.flow.text import lines as printable_lines
from sim.flow.text import printable_xml
from sim.flow.time_limit import MARK

# Icarus prints $error and ends with status 0. The testbench's own lines begin with a time.
_RTL_MESSAGE = re.compile(r"^(ERROR|FATAL): .*", re.MULTILINE)
# The start-up and the summary table.
_CHATTER = re.compile(
    r" +-\.--ns |.* (cocotb\.initialize|gpi) |( +|.* cocotb\.regression +)\*\*|- :0: Verilog \$finish"
)
_TIME_LIMIT = re.compile(rf"^{MARK}: (.*)$", re.MULTILINE)
_TAIL = 60  # lines
NOT_BEGUN = "did not begin: the time of the simulation was over"
NO_TEST = "no test ran"  # all were skipped, or there is none
_FRAME = re.compile(r'^(\s*)File "([^"]+)", line \d+, in ')
_LIBRARY = re.compile(r"/(site|dist)-packages/|/lib/python3|/tb/cocotbext/|^<")


@dataclass(frozen=True)
class Failure:
    """One test that failed, or the whole simulation (`test` None)."""

    test: str | None
    message: str


@dataclass(frozen=True)
class Case:
    """One test of a simulation as cocotb reports it."""

    name: str
    verdict: str  # "passed", "failed" or "skipped"
    seconds: float


@dataclass
class Outcome:
    """The tests of a simulation and the failures among them."""

    cases: list[Case] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def tests(self) -> int:
        """How many ran."""
        return ran(self.cases)


def ran(cases: list[Case]) -> int:
    """How many of the tests ran."""
    return sum(case.verdict != "skipped" for case in cases)


def judge(status: int | None, results: Path, log: Path) -> Outcome:
    """Decide whether a simulation passed. `status` is its exit status, None when it was killed after its time.

    Only a results file with at least one test run, a clean exit and a log without the RTL's errors passes.
    """
    outcome = Outcome()
    text = "\n".join(read_log(log))
    limit = _TIME_LIMIT.search(text)
    if status is None:
        words = f"{limit[1]} and" if limit else "did not end in time and was"
        outcome.failures.append(Failure(_running(text), f"{words} killed: it did not react either"))
    try:
        _read(results, outcome)
    except (OSError, ElementTree.ParseError):
        if status is not None:
            words = limit[1] if limit else f"the simulation ended early{_how(status)}{_last_words(text)}"
            outcome.failures.append(Failure(_running(text), words))
        return outcome
    if limit and outcome.failures:  # cocotb says only that the simulation ended, of the tests that did not begin, too
        running, last = _running(text), len(outcome.failures) - 1
        stopped = next((number for number, each in enumerate(outcome.failures) if each.test == running), last)
        for number in range(stopped, last + 1):
            message = limit[1] if number == stopped else NOT_BEGUN
            outcome.failures[number] = replace(outcome.failures[number], message=message)
    elif limit:
        outcome.failures.append(Failure(None, limit[1]))
    elif status:
        outcome.failures.append(Failure(None, f"the simulator failed{_how(status)}{_last_words(text)}"))
    if not outcome.tests and not outcome.failures:
        outcome.failures.append(Failure(None, NO_TEST))
    message = _RTL_MESSAGE.search(text)
    if message and not outcome.failures:
        outcome.failures.append(Failure(None, f"the design reports {message.group()}"))
    return outcome


def read_log(log: Path) -> list[str]:
    """The lines of a log, fit to be shown; none if there is no log."""
    try:
        return printable_lines(log.read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        return []


def tail(log: Path, test: str | None) -> list[str]:
    """The last lines of a test's part of the log; without a test, those of the one that ran last."""
    lines = read_log(log)
    starts = [number for number, line in enumerate(lines) if re.search(r"cocotb\.regression +running ", line)]
    part = slice(starts[-1], None) if starts else slice(None)
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        if test and re.search(rf"running (\S+\.)?{re.escape(test)} \(", lines[start]):
            part = slice(start, end)
    lines = without_library_frames(lines[part])
    return [line for line in lines if not _CHATTER.match(line)][-_TAIL:]


def without_library_frames(lines: list[str]) -> list[str]:
    """Lines of a log without the frames of installed packages and of the testbench's own package in tracebacks: what
    is left of one is where the test itself was, beside the message and what led to it."""
    kept, depth = [], None
    for line in lines:
        frame = _FRAME.match(line)
        if frame:
            depth = len(frame[1]) if _LIBRARY.search(frame[2]) else None
        elif depth is not None and len(line) - len(line.lstrip()) <= depth:
            depth = None
        if depth is None:
            kept.append(line)
    return kept


def _running(text: str) -> str | None:
    """The test that was running when the log ended."""
    names = re.findall(r"cocotb\.regression +running (.+) \(\d+/\d+\)$", text, re.MULTILINE)
    if not names:
        return None
    name, slash, parameters = names[-1].partition("/")
    return name.rpartition(".")[2] + slash + parameters


def _read(results: Path, outcome: Outcome) -> None:
    text = printable_xml(results.read_text(encoding="utf-8", errors="replace"))
    for case in ElementTree.fromstring(text.encode()).iter("testcase"):
        problem = case.find("failure") if case.find("failure") is not None else case.find("error")
        verdict = "skipped" if case.find("skipped") is not None else "passed" if problem is None else "failed"
        name = case.get("name") or ""
        outcome.cases.append(Case(name, verdict, float(case.get("time") or 0)))
        if problem is not None and verdict == "failed":
            text = problem.get("message") or problem.get("type") or ""
            outcome.failures.append(Failure(name, text.strip().partition("\n")[0] or "failed"))


def _how(status: int) -> str:
    if status < 0:
        return f" with signal {-status}"
    return f" with exit status {status}" if status else ""


def _last_words(text: str) -> str:
    found = re.findall(r"^(?:%Error|%Fatal|ERROR|FATAL)[:\-].*|^\S*Error: .*", text, re.MULTILINE)
    lines = [line for line in text.split("\n") if line.strip()]
    return f": {(found or lines[-1:] or ['no output'])[0].strip()}"
