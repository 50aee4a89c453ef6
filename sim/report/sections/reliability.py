# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""How many events were accounted for, and that none was lost."""

from sim.report import runs
from sim.report.section import Section, Table
from sim.report.sources import Loaded

_NAMES = {
    "events": "events",
    "messages": "messages",
    "coalesced": "events that shared a message",
    "held_by_mask": "events held by a mask",
    "register_accesses": "register accesses",
    "lost": "lost",
    "without_cause": "without cause",
}


_COLUMNS = {
    "runs": "runs",
    "register_accesses": "register accesses",
    "hostile_accesses": "hostile accesses",
    "events": "events",
    "messages": "messages",
    "faults": "messages answered with an error",
    "resets": "resets",
    "rarest_corner": "hits of the rarest corner cycle",
    "lost": "lost",
    "without_cause": "without cause",
}


def section(loaded: Loaded, found: runs.Found) -> Section:
    """From build/reliability/reliability.json, and from the statistics of simulations."""
    ran = found.runs
    made = Section("reliability", "Events accounted for", loaded)
    if loaded.wrong:
        return made
    lost = wrong = 0
    if loaded.data:
        modes = loaded.data["modes"]
        lost = sum(mode["lost"] for mode in modes.values())
        wrong = lost + sum(mode["without_cause"] for mode in modes.values()) + len(loaded.data["failures"])
        rows = [[name, *(mode[column] for column in _COLUMNS)] for name, mode in modes.items()]
        made.tables.append(Table("Long random runs", ["mode", *_COLUMNS.values()], rows))
        made.headline = f"{lost} of {sum(mode['events'] for mode in modes.values()):,} lost"
    if ran:
        sums = runs.totals(ran)
        lost, wrong = lost + sums["lost"], wrong + sums["lost"] + sums["without_cause"]
        rows = [[text, sums[name]] for name, text in _NAMES.items()]
        made.tables.append(
            Table(
                f"The {len(ran):,} simulations of this RTL and testbench whose statistics are in build/",
                ["what", "number"],
                rows,
            )
        )
        if not loaded.data or sums["lost"]:
            made.headline = f"{lost} lost"
        if not loaded.data:
            made.loaded, made.text = None, f"The long random runs were not run: {loaded.source.command}."
    failed = sum(bool(run.statistics.get("failed_tests")) for run in ran)
    if failed:
        made.text += f" In {failed:,} of the simulations tests failed, or were to fail: what these counted is left out."
    for why, number in found.left_out.items():
        made.text += f" Left out: {number:,} simulations {why}."
    made.mood = "bad" if wrong else "good" if loaded.data or ran else "plain"
    return made
