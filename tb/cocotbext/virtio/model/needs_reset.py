# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Predicts DEVICE_NEEDS_RESET, the device's own bit of Status (choice 9)."""

from collections.abc import Callable

from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.register_states import StateSpan
from cocotbext.virtio.model.ternary import Ternary, TernaryLog


class NeedsReset:
    """What is known of the bit. Raising it while DRIVER_OK is set is a configuration change event.

    A level that is held over a reset counts again once it has been low, or from the next write of Status on.
    """

    def __init__(
        self, context: Context, notify: Callable[[bool, int | None, StateSpan | None], None], level: int = 0
    ) -> None:
        self._context = context
        self._notify = notify
        self.bit = TernaryLog()
        self.level = level
        self._generation = 0  # counts resets
        self._resetting = 0  # resets that were accepted and are not finished
        self._high_in_reset = False  # the input was high since the oldest of them was accepted
        self._held = Ternary.NO  # the input is high since before a reset, and does not count yet
        self._writes: list[StateSpan] = []  # unanswered writes that raise the bit
        self._counting: list[StateSpan] = []  # those of them that do it by letting a level count
        if level:
            self.raise_bit()

    def raise_bit(self) -> None:
        """The bit is raised now."""
        now = self._context.now
        last = now + self._context.timing.needs_reset
        value = self.bit.value
        if value is not Ternary.YES:
            spans = self._context.states.between(now, now + 1)
            certain = value is Ternary.NO and all(span.state.driver_ok for span in spans) and not self._resetting
            self._notify(certain, last, None)
            self.bit.set(now + 1, Ternary.MAYBE)
            self._context.end_of_cycle.at_end_of(last, self._settled, self._generation)

    def written(self, span: StateSpan) -> None:
        """The write that opens `span`, accepted now, is one of Status: a level that was held counts from now on."""
        if self._held is not Ternary.NO:
            self._held = Ternary.NO
            self._counting.append(span)
            self.error(span, certain=False)  # the level may fall before the write takes effect

    def error(self, span: StateSpan, certain: bool = True) -> None:
        """The write that opens `span`, accepted now, raises it (choice 7)."""
        self._writes.append(span)
        value = self.bit.value
        if value is not Ternary.YES:
            certain = certain and value is Ternary.NO and span.state.driver_ok and not self._resetting
            self._notify(certain, None, span)
            self.bit.set(self._context.now + 1, Ternary.MAYBE)

    def answered(self, span: StateSpan) -> None:
        """A write was answered; if it raises the bit, that is certain soon."""
        if span not in self._writes:
            return
        self._writes.remove(span)
        if span in self._counting:
            self._counting.remove(span)
        last = self._context.now + self._context.timing.needs_reset
        self._context.end_of_cycle.at_end_of(last, self._settled, self._generation)

    def input_level(self, level: int) -> None:
        """The needs_reset input changed."""
        self.level = level
        if level:
            self._high_in_reset = self._resetting > 0
            self._held = Ternary.MAYBE if self._resetting else Ternary.NO
            self.raise_bit()
        else:
            self._held = Ternary.NO
            self._writes = [span for span in self._writes if span not in self._counting]
            self._counting.clear()

    def reset_accepted(self) -> None:
        """Status = 0 is under way."""
        self._resetting += 1
        self._high_in_reset = self._high_in_reset or bool(self.level)
        self._held = Ternary.YES if self.level else Ternary.NO
        if self.bit.value is Ternary.YES:
            self.bit.set(self._context.now + 1, Ternary.MAYBE)

    def reset_done(self) -> None:
        """Status = 0 is finished: the bit is clear, unless something has raised it again."""
        self._resetting -= 1
        self._generation += 1
        # A reset may be over well before its response.
        uncertain = self._writes or self._high_in_reset and self._held is not Ternary.YES
        self._high_in_reset = bool(self.level and self._resetting)
        self.bit.set(self._context.now + 1, Ternary.MAYBE if uncertain else Ternary.NO)

    def _settled(self, generation: int) -> None:
        if generation == self._generation and not self._resetting:
            self.bit.set(self._context.now + 1, Ternary.YES)
