# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What is proved, what is reached, and that the proofs can fail."""

from collections import Counter

from sim.report.section import Section, Table
from sim.report.sources import Loaded

_KINDS = {"prove": "proved", "cover": "reached", "fault": "caught"}


def section(loaded: Loaded) -> Section:
    """From build/formal/results.json."""
    made = Section("proofs", "Proofs", loaded)
    if not loaded.data:
        return made
    data = loaded.data
    good = Counter(each["kind"] for each in data["results"] if each["good"])
    total = Counter(each["kind"] for each in data["results"])
    made.headline = f"{data['failed']} failed" if data["failed"] else f"{good['prove']} proved"
    made.mood = "bad" if data["failed"] else "good"
    words = {
        "prove": "proofs by induction hold",
        "cover": "tasks of covers are reached",
        "fault": "seeded faults are caught",
    }
    made.text = "; ".join(f"{good[kind]} of {total[kind]} {text}" for kind, text in words.items() if total[kind]) + "."
    made.text += " The full matrix." if data["all"] else " The part that CI runs; make formal-all runs the full matrix."
    rows = [
        [
            each["name"],
            each["kind"],
            _KINDS.get(each["kind"], "good") if each["good"] else "failed",
            each["seconds"],
            each["text"],
        ]
        for each in data["results"]
    ]
    made.tables.append(Table("", ["task", "kind", "result", "seconds", ""], rows, tall=True))
    return made
