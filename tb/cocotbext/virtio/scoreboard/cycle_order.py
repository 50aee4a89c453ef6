"""Transactions in the order in which they took effect."""

from collections.abc import Callable
from enum import IntEnum


class Order(IntEnum):
    """Order within one cycle.

    What the design shows in a cycle it decided before; what it takes in that cycle it can only act upon
    later. So outputs come first, inputs last, and a message that starts in the cycle in which a MASK is
    answered still counts as before it.
    """

    MESSAGE_STARTED = 0
    MESSAGE_PRESENTED = 1
    KICK_TAKEN = 2
    LINE_LEVEL = 3
    CONFIG_ACCESS = 4
    DEVICE_RESET = 5
    READ_RESPONDED = 6
    WRITE_RESPONDED = 7
    MESSAGE_ANSWERED = 8
    FAULT_REPORTED = 9
    STATE_SHOWN = 10
    EVENT_ACCEPTED = 11
    NEEDS_RESET_INPUT = 12
    WRITE_ACCEPTED = 13
    HARD_RESET = 14


class CycleOrder:
    """Collects what is observed in one cycle and delivers it in :class:`Order` when a later cycle begins.

    The monitors publish in any order within a cycle, and always in the cycle of the transaction.
    """

    def __init__(self):
        self._cycle = -1
        self._waiting: list = []

    def put(self, cycle: int, order: Order, deliver: Callable[[], None]) -> None:
        """Queue *deliver* for *cycle*; delivers earlier cycles first."""
        if cycle != self._cycle:
            self.flush()
            self._cycle = cycle
        self._waiting.append((order, len(self._waiting), deliver))

    def flush(self) -> None:
        """Deliver everything queued; call it when the cycle is known to be over."""
        waiting, self._waiting = self._waiting, []
        for _, _, deliver in sorted(waiting, key=lambda entry: entry[:2]):
            deliver()
