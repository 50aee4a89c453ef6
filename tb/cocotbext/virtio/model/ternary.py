# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps three-valued bits, whose value an order decides that cannot be seen from outside."""

from enum import IntFlag


class Ternary(IntFlag):
    """The set of values that a bit may have, so that `|` is the union of two possibilities."""

    NO = 1
    YES = 2
    MAYBE = 3

    @classmethod
    def of(cls, may_be_0: bool, may_be_1: bool) -> "Ternary":
        """The set of values from two possibilities, at least one of which holds."""
        return _OF[may_be_0, may_be_1]

    def allows(self, value: int) -> bool:
        """Whether the bit may have this value."""
        return bool(self & (Ternary.YES if value else Ternary.NO))

    def __and__(self, other: int) -> int:  # type: ignore[override]  # a set of values no more
        return int.__and__(self, other)

    def __or__(self, other: int) -> "Ternary":
        return _UNIONS[int.__or__(self, other)]

    __rand__, __ror__ = __and__, __or__  # type: ignore[assignment]


_UNIONS = (Ternary(0), Ternary.NO, Ternary.YES, Ternary.MAYBE)
_OF = {(True, False): Ternary.NO, (False, True): Ternary.YES, (True, True): Ternary.MAYBE}


class TernaryLog:
    """The recent past of one bit: which values it may have had in a window of cycles.

    Entries older than `HORIZON` cycles are forgotten: no read takes that long.
    """

    HORIZON = 16384
    __slots__ = ("_cycles", "_values")

    def __init__(self, value: Ternary = Ternary.NO) -> None:
        self._cycles = [-1]
        self._values = [value]

    @property
    def value(self) -> Ternary:
        """The newest entry."""
        return self._values[-1]

    @property
    def since(self) -> int:
        """The first cycle of the newest entry."""
        return self._cycles[-1]

    def set(self, cycle: int, value: Ternary) -> None:
        """The bit has `value` from `cycle` on; what it was before stays possible up to the cycle before."""
        if value is self._values[-1]:
            return
        self._cycles.append(cycle)
        self._values.append(value)
        if len(self._cycles) > 64 and self._cycles[32] < cycle - self.HORIZON:
            del self._cycles[:32], self._values[:32]

    def during(self, first: int, last: int) -> Ternary:
        """Every value the bit may have had in any of the cycles `first` to `last`."""
        found = 0
        for cycle, value in zip(reversed(self._cycles), reversed(self._values)):
            if cycle <= last or not found and cycle == self._cycles[0]:
                found |= value
                if cycle <= first:
                    break
        return _UNIONS[found] if found else self._values[0]
