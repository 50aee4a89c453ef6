# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The latest regression: what failed, and every module by seed."""

from collections import Counter

from sim.report.section import Section, Table
from sim.report.sources import Loaded

_SEEDS = 30  # columns of the table of runs


def section(loaded: Loaded) -> Section:
    """From build/regress/results.json."""
    made = Section("regression", "Regression", loaded)
    if not loaded.data:
        return made
    data = loaded.data
    made.headline = f"{data['failed']} failed" if data["failed"] else f"{data['passed']:,} passed"
    made.mood = "bad" if data["failed"] else "good"
    made.text = f"{data['simulations']:,} simulations, {data['passed']:,} tests passed, {data['failed']:,} failed."
    other = (data.get("command") or {}).get("rtl")
    if other:
        made.headline, made.mood = f"of {other}", "plain"
        made.text += f" It was of the RTL in {other}: it says nothing of this tree's."
    if not data["complete"]:
        made.text += " It was interrupted: not all of it has run."
    if data["buckets"]:
        rows = [[bucket["count"], bucket["message"], bucket["replay"]] for bucket in data["buckets"]]
        made.tables.append(Table("Failures by message", ["tests", "message of the shortest", "replay"], rows, code=[2]))
    made.tables.append(_by_seed(data["runs"]))
    return made


def _by_seed(runs: list[dict]) -> Table:
    seeds = sorted({run["seed"] for run in runs})
    shown = seeds[-_SEEDS:]
    cells: dict[tuple[str, str], dict[int, Counter]] = {}
    for run in runs:
        cell = cells.setdefault((run["module"], run["simulator"]), {}).setdefault(run["seed"], Counter())
        cell.update(case["verdict"] for case in run["cases"])
        if run["failures"] and not any(case["verdict"] == "failed" for case in run["cases"]):
            cell["failed"] += 1  # the simulation itself
    rows = [[*name, *(_cell(by_seed.get(seed)) for seed in shown)] for name, by_seed in sorted(cells.items())]
    title = "Tests by module and seed" + (f", the last {_SEEDS} of {len(seeds)} seeds" if len(seeds) > _SEEDS else "")
    return Table(title, ["module", "simulator", *map(str, shown)], rows, tall=True)


def _cell(verdicts: Counter | None) -> str | None:
    if not verdicts:
        return None
    return f"{verdicts['failed']} failed" if verdicts["failed"] else f"{verdicts['passed']} passed"
