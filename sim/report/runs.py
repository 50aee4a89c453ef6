# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Statistics of the simulations whose directories are there."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sim.flow import modules, sources
from sim.flow.configs import configurations
from sim.flow.paths import ROOT
from sim.flow.run import SOURCES
from sim.flow.tools import SIMULATORS

_COUNTS = ("register_accesses", "messages", "held_by_mask", "coalesced", "lost", "without_cause")
_DIRECTORY = re.compile(
    rf"^(?P<configuration>\w+)-(?P<simulator>{'|'.join(SIMULATORS)})-(?P<label>[\w.]+)-(?P<seed>\d+)$"
)


@dataclass(frozen=True)
class Run:
    """One simulation of the project's own RTL: what ran, and its statistics
    (tb/cocotbext/virtio/scoreboard/statistics.py)."""

    configuration: str
    simulator: str
    label: str
    seed: int
    statistics: dict


@dataclass(frozen=True)
class Found:
    """What lies in the folders.

    Attributes:
        runs: those that count.
        left_out: why others do not -> how many.
    """

    runs: list[Run]
    left_out: dict[str, int]


OTHER_TESTS = "tests of the flow itself, or of another design"
OTHER_SOURCES = "of other sources: the RTL or the testbench has changed since, or RTL named another folder"
IMPOSSIBLE = "with figures that cannot be: no number, or an account that does not balance"


def find(*folders: Path, of: str | None = None) -> Found:
    """The simulations of sim/tests.toml in the folders, later folders first where the same one ran twice.

    Only those of this tree's RTL and testbench count, whose fingerprint is *of*: others say nothing of it. A file that
    does not parse, of a run that was killed, is passed over.
    """
    of = of or sources.fingerprint(ROOT / "rtl")
    known = modules.registered()
    found: dict[tuple, Run] = {}
    left_out: Counter[str] = Counter()
    for folder in folders:
        for file in sorted(folder.glob("*/statistics.json")):
            name = _DIRECTORY.match(file.parent.name)
            try:
                statistics = json.loads(file.read_text())
            except ValueError:
                continue
            if not name or name["configuration"] not in configurations().by_name or _module(name) not in known:
                left_out[OTHER_TESTS] += 1
            elif _sources(file.parent) != of:
                left_out[OTHER_SOURCES] += 1
            elif not _possible(statistics):
                left_out[IMPOSSIBLE] += 1
            else:
                if failed := statistics.pop("failed", None):  # of tests that failed, or were to fail
                    statistics["failed_tests"] = failed["tests"]
                run = Run(name["configuration"], name["simulator"], name["label"], int(name["seed"]), statistics)
                found[run.configuration, run.simulator, run.label, run.seed] = run
    return Found(list(found.values()), dict(left_out))


def _module(name: re.Match) -> str:
    """The module of a run: its label begins with it, and may go on with the name of a test."""
    label = name["label"]
    return max((module for module in modules.registered() if re.match(rf"{module}(_|$)", label)), key=len, default="")


def _sources(directory: Path) -> str | None:
    file = directory / SOURCES
    return file.read_text().strip() if file.is_file() else None


_OUTCOMES = (
    "delivered",
    "line_acknowledged",
    "converted",
    "dropped_no_vector",
    "dropped_queue",
    "wiped",
    "still_pending",
)


def _possible(statistics: object) -> bool:
    """Counts are numbers from 0 on, and of the tests that passed every event has ended in one way."""
    if not isinstance(statistics, dict):
        return False
    kinds = statistics.get("events_by_kind") or {}
    counts = [statistics.get(name, 0) for name in _COUNTS] + list(kinds.values())
    if not all(isinstance(number, int) and not isinstance(number, bool) and number >= 0 for number in counts):
        return False
    ended = [statistics[name] for name in _OUTCOMES if name in statistics]
    return not ended or sum(ended) == sum(kinds.values())


@dataclass(frozen=True)
class Figures:
    """Latencies in cycles and rates per cycle at one size, from tb/tests/test_figures.py; None where not measured."""

    queues: int
    vectors: int
    sharing: bool
    event: dict | None  # {"min", "median", "max"}
    unmask: int | None
    messages: float | None
    writes: float | None
    reads: float | None


def figures(runs: list[Run]) -> list[Figures]:
    """One for each configuration that has been measured, by size."""
    found = {}
    for run in runs:
        if run.label == "test_figures":
            config = configurations().by_name[run.configuration]
            statistics = run.statistics
            found[run.configuration] = Figures(
                config.num_queues,
                config.num_vectors,
                bool(config.msi_sharing),
                statistics.get("latency"),
                statistics.get("unmask_to_message"),
                statistics.get("messages_per_cycle"),
                statistics.get("register_writes_per_cycle"),
                statistics.get("register_reads_per_cycle"),
            )
    return sorted(found.values(), key=lambda each: (each.vectors, each.sharing))


def totals(runs: list[Run]) -> dict[str, int]:
    """Sums over all simulations."""
    sums = {name: sum(run.statistics.get(name) or 0 for run in runs) for name in _COUNTS}
    sums["events"] = sum(sum((run.statistics.get("events_by_kind") or {}).values()) for run in runs)
    return sums
