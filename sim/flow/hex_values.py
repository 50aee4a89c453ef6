# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""Inside the simulator: a failed assert shows addresses and register values as hexadecimal numbers.

pytest, which explains a failed assert, writes whole numbers as decimal ones, and a reader of registers cannot read
1073741825. Numbers below SMALL are counts and stay decimal; from LARGE on a number is shown as hexadecimal alone.
"""

SMALL, LARGE = 100, 0x1000


def text_of(value: int) -> str:
    """A whole number as a reader of registers wants it: 7, "153 (0x99)", "0x40000001"."""
    if abs(value) < SMALL:
        return str(value)
    return f"{value:#x}" if abs(value) >= LARGE else f"{value} ({value:#x})"


def install() -> None:
    """From now on failed asserts are explained so; cocotb calls it through PYGPI_USERS."""
    from _pytest.assertion import rewrite

    explained = rewrite._saferepr

    def _saferepr(obj: object) -> str:
        return text_of(obj) if type(obj) is int else explained(obj)

    rewrite._saferepr = _saferepr
