# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps the order of register writes, and what was in force when.

Nothing here knows a register. Writes take effect one after the other, each somewhere between its acceptance and its
response. What only the driver changes is therefore known exactly for each `StateSpan`: from the effect of one write to
the effect of the next. Uncertain is only which span a cycle belongs to.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from cocotbext.virtio.model.driver_state import DriverState
from cocotbext.virtio.model.effects import Effect, Nothing

_Value = TypeVar("_Value")


class StateSpan:
    """The time between the effect of one write and that of the next."""

    __slots__ = (
        "number",
        "accepted",
        "responded",
        "state",
        "effect",
        "alone",
        "committed",
        "causes",
        "waiters",
        "lasts_until",
    )

    def __init__(self, number: int, accepted: int, state: DriverState, effect: Effect, alone: bool) -> None:
        self.number = number
        self.accepted = accepted  # cycle in which the write that opens the span was accepted
        self.responded: Any = None  # first cycle of its response, None until then
        self.state = state
        self.effect = effect
        self.alone = alone  # no earlier write was unanswered when this one was accepted
        self.committed = False  # the cycle of the response is over
        self.causes: dict[
            tuple[Any, int], Any
        ] = {}  # (kind, source) -> possible cause of a message that this write makes
        self.waiters: list[tuple[Callable[[Any], None], Any]] = []  # calls that need this span to be committed
        self.lasts_until = accepted  # ENABLE: the end of its conversion, known when it is committed

    def __repr__(self) -> str:
        return f"StateSpan({self.number}, {self.accepted}..{self.responded}, {self.effect})"


class RegisterStates:
    """The spans of the recent past, oldest first."""

    HORIZON = 16384  # cycles: spans that ended earlier are forgotten

    def __init__(self, cycle: int, state: DriverState) -> None:
        first = StateSpan(0, cycle, state, Nothing(), True)
        first.responded = cycle
        first.committed = True
        self.spans = [first]
        self._unanswered = 0  # spans at the end of the list without a response

    @property
    def latest(self) -> StateSpan:
        """The span opened by the newest write."""
        return self.spans[-1]

    @property
    def oldest(self) -> int:
        """Number of the oldest span that is remembered."""
        return self.spans[0].number

    @property
    def outstanding(self) -> list[StateSpan]:
        """Spans whose write has no response yet, oldest first."""
        return self.spans[len(self.spans) - self._unanswered :]

    def add(self, cycle: int, state: DriverState, effect: Effect) -> StateSpan:
        """A write was accepted in `cycle`."""
        latest = self.latest
        alone = latest.responded is not None
        span = StateSpan(latest.number + 1, cycle, state, effect, alone)
        self.spans.append(span)
        self._unanswered += 1
        if len(self.spans) > 256 and len(self.spans) - self._unanswered > 128:
            ended = self.spans[128].responded
            if ended is not None and ended < cycle - self.HORIZON:
                del self.spans[:127]
        return span

    def respond(self, cycle: int) -> StateSpan | None:
        """The oldest unanswered write was answered; None if there is none."""
        if not self._unanswered:
            return None
        span = self.spans[len(self.spans) - self._unanswered]
        span.responded = cycle
        self._unanswered -= 1
        return span

    def between(self, first: int, last: int) -> list[StateSpan]:
        """Every span that may have been in force in some of the cycles `first` to `last`, oldest first.

        A write changes what is seen from the cycle after its acceptance on, and at the latest with its response.
        """
        spans = self.spans
        i = len(spans) - 1
        while i > 0 and spans[i].accepted >= last:
            i -= 1
        end = i + 1
        while i > 0 and (spans[i].responded is None or spans[i].responded > first):
            i -= 1
        return spans[i:end]


class History(Generic[_Value]):
    """A value that only the driver's writes change, as it was in every span of the recent past."""

    __slots__ = ("_numbers", "_values")

    def __init__(self, value: _Value) -> None:
        self._numbers = [-1]
        self._values = [value]

    @property
    def latest(self) -> _Value:
        """The newest value."""
        return self._values[-1]

    @property
    def values(self) -> list[_Value]:
        """Every value that is remembered."""
        return self._values

    def at(self, number: int) -> _Value:
        """The value in span `number`."""
        for i in range(len(self._numbers) - 1, -1, -1):
            if self._numbers[i] <= number:
                return self._values[i]
        return self._values[0]

    def set(self, number: int, value: _Value, oldest: int) -> None:
        """The value from span `number` on; what ended before span `oldest` is forgotten."""
        self._numbers.append(number)
        self._values.append(value)
        while len(self._numbers) > 2 and self._numbers[1] <= oldest:
            del self._numbers[0], self._values[0]
