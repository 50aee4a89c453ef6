# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""How fast the testbench is, beside others."""

from sim.report import plots
from sim.report.section import Section, Table
from sim.report.sources import Loaded

_ACCESSES = "register accesses/s"
_COLUMNS = ["simulator", "what", "unit", "median", "min", "max", "ratio"]


def section(loaded: Loaded) -> Section:
    """From build/bench/bench.json."""
    made = Section("bench", "Speed of the testbench", loaded)
    if not loaded.data:
        return made
    data = loaded.data
    machine = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in data["machine"].items())
    made.text = f"Medians; the ratio is to cocotbext-axi in the same round. Machine: {machine}."
    made.headline = f"{len(data['rates'])} rates"
    for simulator in sorted({rate["simulator"] for rate in data["rates"]}):
        bars = [
            (rate["title"], rate["median"], _written(rate))
            for rate in data["rates"]
            if rate["simulator"] == simulator and rate["unit"] == _ACCESSES and rate["median"] > 0
        ]
        if bars:
            made.plots.append((f"Register accesses per second, {simulator}, logarithmic", plots.bars(bars)))
    rows = [[rate[name] for name in ("simulator", "title", *_COLUMNS[2:])] for rate in data["rates"]]
    made.tables.append(Table("", _COLUMNS, rows))
    return made


def _written(rate: dict) -> str:
    return f"{rate['median']:,.0f}" + (f", {rate['ratio']:,.1f} x" if rate["ratio"] else "")
