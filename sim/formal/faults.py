# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Seeded faults: the entries of faults.toml. Each is a change of the RTL that a proof must catch."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.flow.paths import ROOT
from sim.flow.rtl_files import find

FOLDER = ROOT / "formal"


@dataclass(frozen=True)
class Fault:
    """One fault: each edit [file, old, new] replaces old, found exactly once in rtl/file, by new.

    The task must then fail at an assertion whose name begins with property. no_simulation says why no simulation can
    see it.
    """

    name: str
    why: str
    edits: list
    property: str
    task: str
    ci: bool = False
    no_simulation: str = ""


def load_faults() -> list[Fault]:
    """All faults of faults.toml."""
    return [Fault(**entry) for entry in tomllib.loads((FOLDER / "faults.toml").read_text())["fault"]]


def apply_edits(name: str, edits: Sequence, folder: Path) -> None:
    """Make the edits in the copy of rtl/ in folder. Raises ValueError if the RTL no longer has that text."""
    for file, old, new in edits:
        path = find(folder, file)
        text = path.read_text()
        if text.count(old) != 1:
            raise ValueError(f"{name}: {file} has {old!r} {text.count(old)} times, not once")
        path.write_text(text.replace(old, new))
