# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A part of the page."""

from dataclasses import dataclass, field

from markupsafe import Markup

from sim.report.sources import Loaded


@dataclass
class Table:
    """Columns and rows; numbers are right-aligned and sort as numbers.

    Attributes:
        code: columns that hold code.
        tall: many rows: it scrolls in a window of its own.
    """

    title: str
    columns: list[str]
    rows: list[list]
    code: list[int] = field(default_factory=list)
    tall: bool = False


@dataclass
class Section:
    """What is on the page under one heading.

    Attributes:
        name, title: in the address, and as a heading.
        loaded: the file that it is made from, None for none.
        headline: its figure at the top of the page; mood: "good", "bad" or "plain".
        text: what it says; plots, (title, SVG) each, and tables follow.
    """

    name: str
    title: str
    loaded: Loaded | None = None
    headline: str = ""
    mood: str = "plain"
    text: str = ""
    tables: list[Table] = field(default_factory=list)
    plots: list[tuple[str, Markup]] = field(default_factory=list)

    @property
    def state(self) -> str:
        """ "present", "not run" or "malformed"."""
        if self.loaded is None or self.loaded.data is not None:
            return "present"
        return "malformed" if self.loaded.wrong else "not run"
