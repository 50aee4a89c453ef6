# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the checks of a device and judges what came of them."""

import os
import threading
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import count
from pathlib import Path

from cocotbext.virtio.conformance import builder, registry
from cocotbext.virtio.conformance.registry import Check
from cocotbext.virtio.conformance.settings import Settings, SettingsError

VERDICTS = ("ok", "finding", "blocked", "not checkable", "expected")
TIMEOUT = 120.0  # seconds of processor time for one check
MOST_HUNG = 3  # checks that may hang before any other one ends; no more is run then


@dataclass
class Result:
    """What came of one check on one simulator; findings are (cycle or None, text)."""

    check: Check
    simulator: str
    seed: int
    verdict: str
    findings: list[tuple[int | None, str]] = field(default_factory=list)
    reason: str = ""
    cycles: int = 0
    seconds: float = 0.0
    ports: tuple[str, ...] = ()
    folder: Path | None = None


def chosen(settings: Settings, text: str | None) -> list[Check]:
    """The checks that CHECK= names, with commas; all of them without.

    Raises:
        SettingsError: there is no such check, or a deviation names one that does not exist.
    """
    known = registry.checks()
    for deviation in settings.deviations:
        if deviation.check not in known:
            raise SettingsError(f"{settings.file}: deviation: {_unknown(deviation.check, known)}")
    if not text:
        return list(known.values())
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise SettingsError(f"--check {text}: no name of a check")
    for name in names:
        if name not in known:
            raise SettingsError(_unknown(name, known))
    return [known[name] for name in dict.fromkeys(names)]


def run(
    settings: Settings,
    checks: Iterable[Check],
    simulators: Iterable[str],
    seed: int,
    folder: Path,
    waves: bool = False,
    jobs: int | None = None,
    done: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """Build and simulate; *done* is called with each result as it comes, in the order of the checks.

    Raises:
        SettingsError: a simulator is not installed, or the top module lacks ports. BuildError: it refuses the device.
    """
    results = []
    for simulator in simulators:
        program = builder.build(
            settings, simulator, folder / ("built-" + simulator + ("-waves" if waves else "")), waves
        )
        bench = _Bench(settings, simulator, program, seed, folder, waves)
        with bench, ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
            for result in pool.map(bench.run, checks):
                _deviation(settings, result)
                results.append(result)
                done(result)
    return results


class _Bench(ExitStack):
    """A built device, and a waiting simulation of it for each thread."""

    def __init__(self, settings: Settings, simulator: str, program: Path, seed: int, folder: Path, waves: bool) -> None:
        super().__init__()
        self._settings, self._simulator, self._program, self._seed = settings, simulator, program, seed
        self._folder, self._waves = folder, waves
        self._of_thread = threading.local()
        self._numbers = count()
        self._ports: set[str] = set()  # of the device, once a simulation has told
        self._hung, self._ended = 0, False

    def run(self, check: Check) -> Result:
        """Run one check."""
        started = time.monotonic()
        result = Result(check, self._simulator, self._seed, "not checkable", ports=tuple(sorted(self._ports)))
        missing = [port for port in check.ports if port not in self._ports] if self._ports else []
        if check.classes and self._settings.device_class not in check.classes:
            result.reason = f"is about class {', '.join(check.classes)}"
        elif missing:
            result.reason = f"needs {', '.join(missing)}"
        elif self._hung >= MOST_HUNG and not self._ended:
            result.verdict, result.reason = "blocked", f"the first {MOST_HUNG} checks hung; no other one was run"
        else:
            result.folder = self._folder / self._simulator / check.name
            outcome = self._simulation().run(check.name, result.folder)
            hung = outcome.get("hung", False)
            self._hung, self._ended = self._hung + hung, self._ended or not hung
            result.verdict, result.reason, result.cycles = outcome["verdict"], outcome["reason"], outcome["cycles"]
            result.findings = [(finding["cycle"], finding["text"]) for finding in outcome["findings"]]
            result.ports = tuple(outcome["ports"])
            self._ports |= set(result.ports)
        result.seconds = time.monotonic() - started
        return result

    def _simulation(self) -> builder.Simulator:
        if not hasattr(self._of_thread, "simulation"):
            place = self._folder / f"waiting-{self._simulator}-{next(self._numbers)}"
            self._of_thread.simulation = self.enter_context(
                builder.Simulator(
                    self._settings, self._simulator, self._program, self._seed, place, self._waves, TIMEOUT
                )
            )
        return self._of_thread.simulation


def _deviation(settings: Settings, result: Result) -> None:
    """A finding that is expected; one that is expected and does not appear is a finding, too."""
    reasons = [deviation.reason for deviation in settings.deviations if deviation.check == result.check.name]
    if not reasons:
        return
    if result.verdict == "finding":
        result.verdict, result.reason = "expected", reasons[0]
    elif result.verdict == "ok":
        result.verdict = "finding"
        result.findings = [
            (None, f"the deviation ({reasons[0]}) does not appear any more: take it out of {settings.file.name}")
        ]


def _unknown(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, list(known), 1)
    return f"unknown check {name!r}; " + (f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}")
