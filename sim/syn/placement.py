# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What nextpnr reports of one place-and-route run."""

import json
from dataclasses import dataclass
from pathlib import Path

from sim.flow.errors import FlowError
from sim.syn import critical_path
from sim.syn.critical_path import CriticalPath


@dataclass(frozen=True)
class Placement:
    """The clock that the slowest path between registers allows, in MHz; that path; cells used and there, by type."""

    mhz: float
    path: CriticalPath
    utilization: dict[str, tuple[int, int]]


def read(report: Path) -> Placement:
    """Read nextpnr's report. Raises FlowError if it has no clock: no path from register to register."""
    content = json.loads(report.read_text())
    if not content["fmax"]:
        raise FlowError("nextpnr found no clock; is the design's clock named right?")
    slowest = min(content["fmax"], key=lambda clock: content["fmax"][clock]["achieved"])
    edge = f"posedge {slowest}"
    paths = [entry["path"] for entry in content["critical_paths"] if entry["from"] == edge == entry["to"]]
    return Placement(
        content["fmax"][slowest]["achieved"],
        critical_path.parse(paths[0]),
        {name: (entry["used"], entry["available"]) for name, entry in content["utilization"].items() if entry["used"]},
    )
