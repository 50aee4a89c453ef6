# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The test plan: its entries, read from testplan.toml."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from sim.flow.paths import ROOT

PLAN = ROOT / "tb" / "testplan.toml"
STAGES = ("V1", "V2", "V3")
SOURCES = ("virtio", "choice", "driver")
PORTS = ("s_axil", "irq", "m_axil", "m_axi", "rings", "change")
_ALWAYS = {"requirement", "source", "ports"}
_TESTED = {"stage", "stimulus", "expected"}
_TEXTS = _TESTED | {"requirement", "source", "not_visible", "no_check", "no_fault"}


@dataclass(frozen=True)
class Entry:
    """One requirement; what the fields mean is said at the top of testplan.toml."""

    section: str
    name: str
    requirement: str
    source: str
    ports: tuple[str, ...]
    stage: str | None = None
    stimulus: str | None = None
    expected: str | None = None
    not_visible: str | None = None
    no_check: str | None = None
    no_fault: str | None = None

    @property
    def by_checks(self) -> bool:
        """Is it shown by the conformance suite alone?"""
        return not self.stage and not self.not_visible


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
    if set(found) - known:
        raise ValueError(f"{name}: unknown field {', '.join(sorted(set(found) - known))}")
    if missing := _ALWAYS - set(found):
        raise ValueError(f"{name}: no {', '.join(sorted(missing))}")
    how = set(found) & (_TESTED | {"not_visible"})
    if how not in (_TESTED, {"not_visible"}, set()):
        raise ValueError(f"{name}: either {', '.join(sorted(_TESTED))}, or not_visible, or none of them")
    if "no_fault" in found and how != _TESTED:
        raise ValueError(f"{name}: no_fault is for what tests show")
    if "no_check" in found and (found["source"] != "virtio" or how != _TESTED):
        raise ValueError(f"{name}: no_check is for what virtio demands and tests show")
    if not all(isinstance(found[field], str) and found[field].strip() for field in set(found) & _TEXTS):
        raise ValueError(f"{name}: an empty field")
    if found.get("stage", "V1") not in STAGES:
        raise ValueError(f"{name}: stage {found['stage']} is none of {', '.join(STAGES)}")
    if found["source"] not in SOURCES:
        raise ValueError(f"{name}: source {found['source']} is none of {', '.join(SOURCES)}")
    if not found["ports"] or set(found["ports"]) - set(PORTS):
        raise ValueError(f"{name}: ports are some of {', '.join(PORTS)}")
    return Entry(section, name, **found | {"ports": tuple(found["ports"])})
