# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Tables."""

from dataclasses import dataclass, field


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
