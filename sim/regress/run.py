# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""One regression: its directory, what is done and what is missing."""

import fcntl
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from sim.flow import artifact, selection, sources
from sim.flow.errors import FlowError
from sim.flow.paths import BUILD
from sim.flow.run import Result, Simulation
from sim.regress.buckets import Bucket, group, words
from sim.regress.request import Request, first_round, rounds
from sim.regress.results_log import NAME, ResultsLog, read_simulation, write_simulation

PLACE = BUILD / "regress"
LATEST = "latest"  # a link to the newest


class Regression:
    """A regression in a directory of its own; results are on the disk as they come, so it can be continued.

    Attributes:
        directory: where everything is: the results log, the simulations' directories, the reports.
        header: what the results log says about it, see there.
        results: of every simulation that has ended.
        total: how many simulations it has; None without an end.
    """

    def __init__(self, directory: Path, results_log: ResultsLog | None = None) -> None:
        self.directory = directory
        self._lock = (directory / "lock").open("w")
        self._log = results_log or ResultsLog(directory)
        self.header = self._log.header
        self.results: list[Result] = [entry.result for entry in self._log.entries if entry.kind == "first"]
        self._failed = any(result.failures for result in self.results)
        self._first = [read_simulation(each) for each in self.header["simulations"]]
        self.total: int | None = self.header["rounds"] and len(self._first) * self.header["rounds"]

    @classmethod
    def begin(cls, request: Request, place: Path) -> "Regression":
        """A new one in a new directory in `place`, for what the request asks.

        Raises:
            FlowError: the request asks for something that is not there.
        """
        seed = selection.seed(request.seed)
        number = request.seeds or (None if request.until_fail else 1)
        if request.rerun_failed:
            first, number = _failed(newest(place), request.rtl), 1
        else:
            first = first_round(request, seed)
        directory = _new_directory(place)
        header = {
            "request": asdict(request),
            "seed": seed,
            "rounds": number,
            "sources": sources.fingerprint(first[0].rtl),
            "git": artifact.revision(),
            "started": artifact.now(),
            "simulations": [write_simulation(replace(each, place=directory / "runs")) for each in first],
        }
        found = cls(directory, ResultsLog.create(directory, header))
        found.lock()
        link = place / LATEST
        link.unlink(missing_ok=True)
        link.symlink_to(directory.name)
        return found

    @property
    def complete(self) -> bool:
        """Is there nothing left to run?"""
        return next(self.missing(), None) is None

    def missing(self) -> Iterator[Simulation]:
        """What is to be run; "until it fails" ends it when a result added meanwhile is a failure."""
        done = {result.simulation for result in self.results}
        for simulation in rounds(self._first, self.header["rounds"]):
            if self._failed and self.header["request"]["until_fail"]:
                return
            if simulation not in done:
                yield simulation

    def same_sources(self) -> bool:
        """Are the sources still those that it has tested so far?"""
        return self.header["sources"] == sources.fingerprint(self._first[0].rtl)

    def add(self, result: Result) -> Result:
        """Record a result and return it."""
        self._log.append("first", result)
        self.results.append(result)
        self._failed |= bool(result.failures)
        return result

    def add_second(self, result: Result) -> None:
        """Record a second run, with waves."""
        self._log.append("second", result)

    def buckets(self) -> list[Bucket]:
        """The failures in groups, each with its second run if there was one."""
        found = group(self.results)
        for bucket in found:
            for entry in self._log.entries:
                if entry.kind == "second" and not bucket.reproduced and _repeats(entry.result.simulation, bucket):
                    bucket.second = entry.result
                    bucket.reproduced = any(words(failure.message) == bucket.words for failure in entry.result.failures)
        return found

    def lock(self) -> bool:
        """Keep other processes from continuing it until this one ends; false when another does just that."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def existing(place: Path) -> list[Path]:
    """The directories of all regressions, the newest first."""
    return sorted((file.parent for file in place.glob(f"[0-9]*/{NAME}")), reverse=True)


def newest(place: Path) -> Regression:
    """The regression that was begun last.

    Raises:
        FlowError: there is none.
    """
    directories = existing(place)
    if not directories:
        raise FlowError("there is no regression yet; start one with: make regress")
    return Regression(directories[0])


def interrupted(request: Request, place: Path) -> Regression | None:
    """The newest regression of an equal request, if something of it is left to run and the sources are the same.

    Of the repetitions of what failed only the newest regression of all counts: what failed is asked of the one
    before it.
    """
    for directory in existing(place)[: 1 if request.rerun_failed else None]:
        found = Regression(directory)
        if found.header["request"] == asdict(request):
            return found if not found.complete and found.same_sources() and found.lock() else None
    return None


def unfinished(place: Path) -> Regression:
    """The newest regression that has something left to run, whatever was asked for.

    Raises:
        FlowError: there is none, it goes on elsewhere, or the sources have changed since.
    """
    for directory in existing(place):
        found = Regression(directory)
        if not found.complete:
            if not found.same_sources():
                raise FlowError(
                    f"the sources have changed since {directory.name} was interrupted; start a new one without --resume"
                )
            if not found.lock():
                raise FlowError(f"{directory.name} is running in another process")
            return found
    raise FlowError("no regression was interrupted; start one with: make regress")


def _failed(regression: Regression, rtl: str | None) -> list[Simulation]:
    """Each test that failed in a regression, alone; the whole simulation where no test is to blame."""
    tests = {
        replace(
            result.simulation,
            test=failure.test or result.simulation.test,
            rtl=Path(rtl) if rtl else result.simulation.rtl,
        ): None
        for result in regression.results
        for failure in result.failures
    }
    if not tests:
        raise FlowError(f"nothing failed in the last regression, {regression.directory.name}")
    return list(tests)


def _repeats(second: Simulation, bucket: Bucket) -> bool:
    """Is this the second run of a failure in the bucket?"""
    for result, failure in bucket.failures:
        first = result.simulation
        same = replace(second, test=first.test, waves=first.waves, place=first.place) == first
        if same and second.test in (failure.test or first.test, first.test):
            return True
    return False


def _new_directory(place: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    for name in (stamp, *(f"{stamp}-{number}" for number in range(2, 100))):
        try:
            (place / name).mkdir(parents=True)
            return place / name
        except FileExistsError:
            continue
    raise FlowError(f"cannot make a directory in {place}")
