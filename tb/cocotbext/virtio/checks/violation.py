# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What an always-on check raises."""

from collections.abc import Callable

Report = Callable[[int, str], None]  # called with (cycle, text) on a violation


class Violation(AssertionError):
    """The design broke a rule of its ports.

    Args:
        cycle: clock cycle in which it showed.
        text: what was seen, with names and numbers.

    Attributes:
        cycle: clock cycle in which it showed.
    """

    def __init__(self, cycle: int, text: str) -> None:
        super().__init__(f"cycle {cycle}: {text}")
        self.cycle = cycle


def fail(cycle: int, text: str) -> None:
    """Raise a :class:`Violation`: the default of every check."""
    raise Violation(cycle, text)
