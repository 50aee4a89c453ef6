"""DEVICE_NEEDS_RESET, the device's own bit of Status (choice 9)."""

from collections.abc import Callable

from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.effects import QueueError
from cocotbext.virtio.model.register_states import StateSpan
from cocotbext.virtio.model.ternary import Ternary, TernaryLog


class NeedsReset:
    """What is known of the bit. Raising it while DRIVER_OK is set is a configuration change event."""

    def __init__(self, context: Context, notify: Callable[[bool, int | None, StateSpan | None], None], level: int = 0):
        self._context = context
        self._notify = notify
        self.bit = TernaryLog()
        self.level = level
        self._generation = 0  # counts resets
        self._resetting = 0  # resets that were accepted and are not finished
        self._high_in_reset = False  # the input was high since the oldest of them was accepted
        if level:
            self.raise_bit()

    def raise_bit(self) -> None:
        """Something raises it now."""
        now = self._context.now
        last = now + self._context.timing.needs_reset
        value = self.bit.value
        if value is not Ternary.YES:
            spans = self._context.states.between(now, now + 1)
            certain = value is Ternary.NO and all(span.state.driver_ok for span in spans) and not self._resetting
            self._notify(certain, last, None)
            self.bit.set(now + 1, Ternary.MAYBE)
            self._context.end_of_cycle.at_end_of(last, self._settled, self._generation)

    def queue_error(self, span: StateSpan) -> None:
        """The write that opens `span`, accepted now, raises it (choice 7)."""
        value = self.bit.value
        if value is not Ternary.YES:
            certain = value is Ternary.NO and span.state.driver_ok and not self._resetting
            self._notify(certain, None, span)
            self.bit.set(self._context.now + 1, Ternary.MAYBE)

    def queue_error_answered(self) -> None:
        """That write was answered."""
        last = self._context.now + self._context.timing.needs_reset
        self._context.end_of_cycle.at_end_of(last, self._settled, self._generation)

    def input_level(self, level: int) -> None:
        """The needs_reset input changed."""
        self.level = level
        if level:
            self._high_in_reset = self._resetting > 0
            self.raise_bit()

    def reset_accepted(self) -> None:
        """Status = 0 is under way."""
        self._resetting += 1
        self._high_in_reset = self._high_in_reset or bool(self.level)
        if self.bit.value is Ternary.YES:
            self.bit.set(self._context.now + 1, Ternary.MAYBE)

    def reset_done(self) -> None:
        """Status = 0 is finished: the bit is clear, but an input that is still high raises it again."""
        self._resetting -= 1
        self._generation += 1
        errors = any(isinstance(span.effect, QueueError) for span in self._context.states.outstanding)
        uncertain = errors or self._high_in_reset  # a reset may be over well before its response
        self._high_in_reset = bool(self.level and self._resetting)
        self.bit.set(self._context.now + 1, Ternary.MAYBE if uncertain else Ternary.NO)
        if self.level:
            self.raise_bit()

    def _settled(self, generation: int) -> None:
        if generation == self._generation and not self._resetting:
            self.bit.set(self._context.now + 1, Ternary.YES)
