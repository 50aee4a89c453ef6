# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Size and clock in FPGAs."""

from collections.abc import Callable

from sim.report import plots
from sim.report.section import Section, Table
from sim.report.sources import Loaded

_COLUMNS = ["device", "queues/vectors", "mapping", "LUT4", "flip-flops", "LUT RAM", "block RAM", "MHz", "targets"]
_MODES = {"fixed": 0, "sharing": 1}
_PLOTS = {
    ("Size on ECP5", "LUT4"): lambda row: row["lut4"],
    ("Clock on ECP5", "MHz"): lambda row: (row["mhz"] or {}).get("median"),
}


def section(loaded: Loaded) -> Section:
    """From build/syn/results.json."""
    made = Section("synthesis", "Synthesis", loaded)
    if not loaded.data:
        return made
    rows = loaded.data["rows"]
    missed = sum(len(row["missed"]) for row in rows)
    made.headline, made.mood = (f"{missed} targets missed", "bad") if missed else ("targets reached", "good")
    own = [row for row in rows if row["peer"] is None and row["vectors"] and row["device"] == "ecp5"]
    for (title, label), value in _PLOTS.items():
        made.plots.append((title, plots.lines(_series(own, value), "vectors", label)))
    made.tables.append(Table("", _COLUMNS, [_row(row) for row in rows]))
    return made


def _series(rows: list[dict], value: Callable) -> list[plots.Series]:
    series = [
        plots.Series(
            mode, [(row["vectors"], value(row)) for row in rows if row["sharing"] == sharing and value(row) is not None]
        )
        for mode, sharing in _MODES.items()
    ]
    return [each for each in series if each.points]


def _row(row: dict) -> list:
    mapping = next((mode for mode, sharing in _MODES.items() if row["sharing"] == sharing), None)
    targets = row["failure"] or "; ".join(row["missed"]) or "reached"
    return [
        row["device"],
        row["label"],
        mapping,
        row["lut4"],
        row["ff"],
        row["lut_ram"],
        row["block_ram"],
        (row["mhz"] or {}).get("median"),
        targets,
    ]
