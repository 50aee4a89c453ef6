# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Predicts InterruptStatus and the interrupt line."""

from cocotbext.virtio.model.causes import Kind
from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.mismatch import Mismatch
from cocotbext.virtio.model.register_states import StateSpan
from cocotbext.virtio.model.ternary import Ternary, TernaryLog


class Bit:
    """One bit of InterruptStatus, remembered also while it is not shown.

    Attributes:
        may_last: the last cycle in which something may set it, None if nothing has since it was last clear.
        owed: cycle of the newest event that has certainly set it, None for none.
        waiting: events that the next acknowledge will answer, for the counts: cycles.
        shown: log of what InterruptStatus shows.
    """

    def __init__(self) -> None:
        self.may_last: int | None = None
        self.owed: int | None = None
        self.waiting: list[int] = []
        self.shown = TernaryLog()

    def may_set(self, last: int) -> None:
        """An event may set the bit, at the latest in cycle `last`."""
        self.may_last = last if self.may_last is None else max(self.may_last, last)

    def set(self, cycle: int) -> None:
        """An event of `cycle` has certainly set the bit."""
        self.owed = cycle if self.owed is None else max(self.owed, cycle)
        self.may_set(cycle)

    def clear(self) -> None:
        """The bit is certainly 0."""
        self.may_last = None
        self.owed = None

    @property
    def raw(self) -> Ternary:
        """What is known of the bit, unless a write that clears it is under way."""
        if self.owed is not None:
            return Ternary.YES
        return Ternary.NO if self.may_last is None else Ternary.MAYBE


class InterruptStatus:
    """Both bits, and the line that shows whether one is set (rule 2, MMIO-50..53)."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.bits = {kind: Bit() for kind in Kind}
        self.any = TernaryLog()
        self.level = (0, -1)  # of the line, and the cycle since when
        self._start = context.now
        self._clearing: list[StateSpan] = []  # spans under way that clear bits

    def clearing(self, span: StateSpan) -> None:
        """A write that may clear bits was accepted."""
        self._clearing.append(span)

    def refresh(self) -> None:
        """Log what is known of the bit now. Call it when a cycle is over."""
        context = self._context
        now = context.now
        if self._clearing:
            self._clearing = [span for span in self._clearing if not span.committed]
        shows = hides = False
        for span in context.states.between(now, now + 1):
            if span.state.driver_ok and not span.state.enabled:
                shows = True
            else:
                hides = True
        any_0, any_1 = True, False
        for kind, bit in self.bits.items():
            raw = bit.raw
            if raw is Ternary.YES and self._clearing:
                raw = Ternary.MAYBE
            may_0, may_1 = hides or raw is not Ternary.YES, shows and raw is not Ternary.NO
            value = Ternary.of(may_0, may_1)
            if value is not bit.shown.value:
                bit.shown.set(now + 1, value)
                context.listener.shown(now + 1, kind, value)
            any_0 = any_0 and may_0
            any_1 = any_1 or may_1
        self.any.set(now + 1, Ternary.of(any_0, any_1))

    # ------------------------------------------------------------------ what is observed
    def seen(self, kind: Kind, value: int, first: int) -> None:
        """A read that may have looked at the bit from `first` on showed this, while it was certainly shown."""
        bit = self.bits[kind]
        if value:
            if not self._clearing and bit.may_last is not None:
                bit.set(first)
        elif bit.may_last is not None and bit.may_last < first and bit.owed is None:
            bit.clear()

    def line(self, cycle: int, level: int) -> None:
        """The line was first seen at `level` in `cycle`. Raises Mismatch."""
        if not self.any.during(cycle - self._context.timing.line, cycle).allows(level):
            self._miscount(level)
            raise Mismatch(
                "rule 2",
                f"irq went {'high' if level else 'low'} in cycle {cycle}, but InterruptStatus "
                f"{'shows no bit' if level else 'has had a bit set'} since cycle "
                f"{self.any.since} ({self.describe()})",
            )
        self.level = (level, cycle)

    def check_line(self, cycle: int) -> None:
        """Up to `cycle` nothing new was seen: the line must have followed. Raises Mismatch."""
        since = max(self.any.since, self._start) + self._context.timing.line
        if since < cycle and not self.any.value.allows(self.level[0]):
            self._miscount(self.level[0])
            state = "shows a bit" if self.any.value is Ternary.YES else "shows no bit"
            raise Mismatch(
                "rule 2",
                f"irq is {'high' if self.level[0] else 'low'} in cycle {since + 1}, but "
                f"InterruptStatus {state} since cycle {self.any.since} ({self.describe()})",
            )

    def _miscount(self, level: int) -> None:
        """The line is at `level` and should not be: high without a cause, or low with an event lost."""
        self._context.counts.without_cause += bool(level)
        self._context.counts.lost += not level

    def resolve_by_line(self) -> None:
        """What the line has shown for long enough is known."""
        settled = max(self.any.since, self.level[1]) + self._context.timing.quiet
        if self.any.value is not Ternary.MAYBE or self._context.now <= settled or self._clearing:
            return
        possible = [bit for bit in self.bits.values() if bit.shown.value is not Ternary.NO]
        start = self._context.now - self._context.timing.quiet
        if any(bit.may_last is not None and bit.may_last > start for bit in self.bits.values()):
            return
        if not all(
            span.state.driver_ok and not span.state.enabled
            for span in self._context.states.between(self._context.now, self._context.now + 1)
        ):
            return
        if self.level[0] == 0:
            for bit in possible:
                bit.clear()
        elif len(possible) == 1:
            last = possible[0].may_last
            assert last is not None, "a bit that is possible may be set by something"
            possible[0].set(min(last, self._context.now))

    def describe(self) -> str:
        """Both bits in words."""
        names = {Ternary.NO: "0", Ternary.YES: "1", Ternary.MAYBE: "0 or 1"}
        return ", ".join(f"{kind.name.lower()} bit {names[bit.shown.value]}" for kind, bit in self.bits.items())
