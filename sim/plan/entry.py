# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The test plan: its entries, read from testplan.toml."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from sim.flow.paths import ROOT

PLAN = ROOT / "tb" / "testplan.toml"
STAGES = ("V1", "V2", "V3")


@dataclass(frozen=True)
class Entry:
    """One requirement; what the fields mean is said at the top of testplan.toml."""

    section: str
    name: str
    requirement: str
    stage: str | None = None
    stimulus: str | None = None
    expected: str | None = None
    not_visible: str | None = None
    no_fault: str | None = None


def read(plan: Path = PLAN) -> dict[str, Entry]:
    """The entries by name, in the order of the plan.

    Raises:
        ValueError: an entry that is not complete, says both how it is tested and why not, or has a field of another
        name.
    """
    sections = tomllib.loads(plan.read_text())
    return {
        name: _entry(section, name, found) for section, entries in sections.items() for name, found in entries.items()
    }


def _entry(section: str, name: str, found: dict) -> Entry:
    known = {field.name for field in fields(Entry)} - {"section", "name"}
    tested = {"requirement", "stage", "stimulus", "expected"}
    if set(found) - known:
        raise ValueError(f"{name}: unknown field {', '.join(sorted(set(found) - known))}")
    if set(found) - {"no_fault"} not in (tested, {"requirement", "not_visible"}):
        raise ValueError(f"{name}: either {', '.join(sorted(tested))}, or requirement and not_visible")
    if "no_fault" in found and "not_visible" in found:
        raise ValueError(f"{name}: no_fault is for what tests show")
    if not all(isinstance(text, str) and text.strip() for text in found.values()):
        raise ValueError(f"{name}: an empty field")
    if found.get("stage", "V1") not in STAGES:
        raise ValueError(f"{name}: stage {found['stage']} is none of {', '.join(STAGES)}")
    return Entry(section, name, **found)
