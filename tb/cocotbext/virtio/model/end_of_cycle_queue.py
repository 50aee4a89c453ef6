# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Work that the model does at the end of a cycle, when everything seen in that cycle is known."""

import heapq
from collections.abc import Callable
from typing import Any, TypeVarTuple

_Arguments = TypeVarTuple("_Arguments")


class EndOfCycleQueue:
    """Makes calls in order of their cycle; calls of one cycle in the order in which they were entered.

    Attribute `now` is the cycle that is being looked at.
    """

    def __init__(self, cycle: int = 0) -> None:
        self.now = cycle
        self._entries: list[tuple[int, int, Callable[..., object], tuple[Any, ...]]] = []
        self._count = 0

    def at_end_of(self, cycle: int, call: Callable[[*_Arguments], object], *arguments: *_Arguments) -> None:
        """Make a call when `cycle` is over, but not before the present cycle is over."""
        self._count += 1
        heapq.heappush(self._entries, (max(cycle, self.now), self._count, call, arguments))

    def advance(self, cycle: int, between: Callable[[int], None]) -> None:
        """Do everything due before `cycle`, and make that the present. `between` is called with every cycle that
        is stepped to, before anything is done in it."""
        entries = self._entries
        while entries and entries[0][0] < cycle:
            due, _, call, arguments = heapq.heappop(entries)
            if due > self.now:
                between(due)
                self.now = due
            call(*arguments)
        if cycle > self.now:
            between(cycle)
            self.now = cycle
