# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The record of a regression: one JSON object a line, on the disk before the next simulation's result is looked at.

The first line is the header: "request" (as typed), "seed", "rounds" (seeds; null without an end), "sources"
(fingerprint),
"git", "started", and "simulations", those of the first seed. Each further line is a result: "kind" ("first", or
"second" for the
run with waves), "simulation" ("simulator", "configuration", "module", "test", "seed", "timeout" in s, "waves", "rtl",
"place"), "cases" ("name", "verdict", "seconds"), "failures" ("test", "message"), "statistics", "seconds", "log",
"waves".
Paths are relative to the project where they lie in it. A last line that was cut off by the end of the process is
dropped.
"""

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TextIO

from sim.flow.paths import ROOT
from sim.flow.results import Case, Failure
from sim.flow.run import Result, Simulation

NAME = "results.jsonl"
_PATHS = ("trace", "record", "rtl", "place", "log", "waves")


@dataclass(frozen=True)
class Entry:
    """A result in the log, and whether it is the first run of its simulation or the second with waves."""

    kind: str
    result: Result


class ResultsLog:
    """Appends to the record in one directory; reads what is there.

    Attributes:
        header: the first line.
        entries: every result so far, in the order in which they ended.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / NAME
        whole, _, _ = self._path.read_bytes().rpartition(b"\n")
        lines = [json.loads(line) for line in whole.splitlines()]
        self.header: dict = lines[0]
        self.entries = [Entry(line["kind"], read_result(line)) for line in lines[1:]]
        self._end = len(whole) + 1

    @classmethod
    def create(cls, directory: Path, header: dict) -> "ResultsLog":
        """Begin a record; `header` is plain data. The file appears with its header or not at all."""
        unfinished = directory / f"{NAME}.new"
        with unfinished.open("w") as file:
            _put(file, header)
        unfinished.rename(directory / NAME)
        return cls(directory)

    def append(self, kind: str, result: Result) -> None:
        """Add a result; it is on the disk when this returns."""
        self.entries.append(Entry(kind, result))
        with self._path.open("r+") as file:
            os.truncate(file.fileno(), self._end)
            file.seek(self._end)
            _put(file, {"kind": kind, **write_result(result)})
            self._end = file.tell()


def _put(file: TextIO, line: dict) -> None:
    file.write(json.dumps(line) + "\n")
    file.flush()
    os.fsync(file.fileno())


def write_simulation(simulation: Simulation) -> dict:
    """A simulation as plain data."""
    return {name: _text(value) for name, value in asdict(simulation).items()}


def read_simulation(data: dict) -> Simulation:
    """The inverse of write_simulation; what this version does not know is left out."""
    return Simulation(**_known(Simulation, data))


def write_result(result: Result) -> dict:
    """A result as plain data."""
    return {name: _text(value) for name, value in asdict(result).items()} | {
        "simulation": write_simulation(result.simulation)
    }


def read_result(data: dict) -> Result:
    """The inverse of write_result."""
    found = _known(Result, data)
    return Result(
        **found
        | {
            "simulation": read_simulation(data["simulation"]),
            "cases": [Case(**case) for case in data["cases"]],
            "failures": [Failure(**failure) for failure in data["failures"]],
        }
    )


def _text(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value.relative_to(ROOT) if value.is_relative_to(ROOT) else value)
    return value


def _known(kind: type, data: dict) -> dict:
    names = {field.name for field in fields(kind)} & data.keys()
    return {name: ROOT / data[name] if name in _PATHS and isinstance(data[name], str) else data[name] for name in names}
