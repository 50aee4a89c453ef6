# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Functional and code coverage."""

from sim.flow.percent import percent
from sim.report.section import Section, Table
from sim.report.sources import Loaded


def section(loaded: Loaded) -> Section:
    """From build/coverage/coverage.json."""
    made = Section("coverage", "Coverage", loaded)
    if not loaded.data:
        return made
    functional, code = loaded.data["functional"], loaded.data["code"]
    made.headline = f"{percent(functional['covered'], functional['bins']):.2f} % of bins"
    made.mood = "bad" if loaded.data["missed"] else "good"
    made.text = f"Merged from {loaded.data['runs']:,} simulations. " + (
        f"Goals missed: {'; '.join(loaded.data['missed'])}." if loaded.data["missed"] else "All goals are reached."
    )
    groups = [
        [name, group["bins"], group["covered"], percent(group["covered"], group["bins"]), group["excluded"]]
        for name, group in functional["groups"].items()
    ]
    made.tables.append(
        Table("Functional", ["group", "bins", "covered", "%", "excluded"], groups, tall=len(groups) > 20)
    )
    goals = loaded.data["goals"]
    kinds = [
        [
            name,
            kind["points"],
            kind["covered"],
            percent(kind["covered"], kind["points"]),
            goals.get(name),
            kind["excluded"],
        ]
        for name, kind in code["kinds"].items()
    ]
    made.tables.append(Table("Code, under Verilator", ["kind", "points", "covered", "%", "goal, %", "excluded"], kinds))
    files = [
        [file, *(percent(found[kind]["covered"], found[kind]["points"]) for kind in code["kinds"])]
        for file, found in code["files"].items()
    ]
    made.tables.append(Table("Code by file, %", ["file", *code["kinds"]], files, tall=True))
    return made
