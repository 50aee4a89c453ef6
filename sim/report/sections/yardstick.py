# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""QEMU's own virtio devices beside the endpoint."""

from sim.report.section import Section, Table
from sim.report.sources import Loaded

_COLUMNS = ("scenario", "qemu", "endpoint", "verdict", "because")


def section(loaded: Loaded) -> Section:
    """From build/yardstick/results.json."""
    made = Section("yardstick", "QEMU as a yardstick", loaded)
    if not loaded.data:
        return made
    scenarios, random = loaded.data["scenarios"], loaded.data["random"]
    problems = [line for each in scenarios for line in each["problems"]] + random["problems"]
    different = sum(each["verdict"] == "different" for each in scenarios)
    made.headline = f"{len(problems)} surprises" if problems else f"{len(scenarios)} scenarios"
    made.mood = "bad" if problems else "good"
    made.text = (
        f"The same steps on QEMU {loaded.data['qemu']}'s own devices and on the endpoint: {different} scenarios differ "
        f"for a known reason. {random['sequences']} random sequences of {random['steps']} steps were compared as well."
    )
    if problems:
        made.tables.append(Table("Surprises", ["what"], [[line] for line in problems]))
    made.tables.append(
        Table(
            "",
            ["scenario", "QEMU", "endpoint", "verdict", "because"],
            [[each[name] for name in _COLUMNS] for each in scenarios],
            tall=True,
        )
    )
    return made
