# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The test plan: each requirement with its tests and their results."""

from collections import Counter

from sim.plan import entry
from sim.report.section import Section, Table
from sim.report.sources import Loaded

_COLUMNS = [
    "requirement",
    "verdict",
    "runs",
    "demands",
    "stage",
    "stimulus",
    "expected, or why no test can show it",
    "tests",
]


def section(loaded: Loaded) -> Section:
    """From build/regress/testplan.json; without it, the plan alone."""
    made = Section("testplan", "Test plan", loaded)
    if loaded.wrong:
        return made
    if not loaded.data:
        made.tables.append(Table("", _COLUMNS, [_unjudged(each) for each in entry.read().values()], tall=True))
        return made
    entries = loaded.data["entries"]
    counts = Counter(each["status"] for each in entries)
    visible = len(entries) - counts["not visible"] - counts["by conformance"]
    made.headline = f"{counts['passed']} of {visible}"
    made.mood = "bad" if counts["failed"] else "good" if counts["passed"] == visible else "plain"
    made.text = (
        f"{visible} requirements can be shown by a test: {counts['passed']} passed, {counts['failed']} failed, "
        f"{counts['not run']} not run. {counts['by conformance']} are shown by checks of the conformance suite alone; "
        f"{counts['not visible']} cannot be shown, for the reason beside each."
    )
    if not loaded.data["complete"]:
        made.text += " Not every module of tests was run."
    made.tables.append(Table("", _COLUMNS, [_row(each) for each in entries], tall=True))
    return made


def _row(each: dict) -> list:
    tests = each["tests"]
    runs = sum(test["passed"] + test["failed"] for test in tests)
    return [
        each["name"],
        each["status"],
        runs,
        each["requirement"],
        each["stage"],
        each["stimulus"],
        each["not_visible"] or each["expected"],
        ", ".join(test["test"] for test in tests),
    ]


def _unjudged(each: entry.Entry) -> list:
    status = "not visible" if each.not_visible else "by conformance" if each.by_checks else "not run"
    return [
        each.name,
        status,
        None,
        each.requirement,
        each.stage,
        each.stimulus,
        each.not_visible or each.expected,
        None,
    ]
