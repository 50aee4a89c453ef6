# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Guests on a machine that is driven by the RTL."""

from sim.report.section import Section, Table
from sim.report.sources import Loaded

_COLUMNS = {
    "run": "guest",
    "device": "device",
    "requests": "requests",
    "accesses": "register accesses",
    "per_request": "accesses per request",
    "lines": "line interrupts",
    "messages": "messages",
    "counted": "counted by the guest",
    "masked": "held by a mask",
    "lost": "lost",
    "without_cause": "without cause",
    "cycles": "cycles",
    "seconds": "seconds",
}


def section(loaded: Loaded) -> Section:
    """From build/cosim/results.json."""
    made = Section("machine", "Whole machines", loaded)
    if not loaded.data:
        return made
    data = loaded.data
    bad = data["failed"] or any(row["lost"] or row["without_cause"] for row in data["devices"])
    guests = len({row["run"] for row in data["devices"]})
    made.headline = f"{data['failed']} failed" if data["failed"] else f"{guests} guests"
    made.mood = "bad" if bad else "good"
    made.text = "Stock QEMU, whose virtio-mmio device is the RTL in the simulator."
    made.tables.append(
        Table("", list(_COLUMNS.values()), [[row[name] for name in _COLUMNS] for row in data["devices"]])
    )
    return made
