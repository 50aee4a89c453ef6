"""Statistics of the simulations whose directories are there."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from sim.flow.configs import configurations
from sim.flow.tools import SIMULATORS

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


def find(*folders: Path) -> list[Run]:
    """All simulations in the folders, later folders first where the same one ran twice. A file that does not parse,
    of a run that was killed, is passed over."""
    found: dict[tuple, Run] = {}
    for folder in folders:
        for file in sorted(folder.glob("*/statistics.json")):
            name = _DIRECTORY.match(file.parent.name)
            if not name or name["configuration"] not in configurations().by_name:
                continue
            try:
                statistics = json.loads(file.read_text())
            except ValueError:
                continue
            run = Run(name["configuration"], name["simulator"], name["label"], int(name["seed"]), statistics)
            found[run.configuration, run.simulator, run.label, run.seed] = run
    return list(found.values())


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
    names = ("register_accesses", "messages", "held_by_mask", "coalesced", "lost", "without_cause")
    sums = {name: sum(run.statistics.get(name) or 0 for run in runs) for name in names}
    sums["events"] = sum(sum((run.statistics.get("events_by_kind") or {}).values()) for run in runs)
    return sums
