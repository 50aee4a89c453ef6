# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Follows available-buffer notifications on their way to the device (choice 8, MMIO-19, NTF-2..12)."""

from collections import deque

from cocotbext.virtio.model.causes import UNKNOWN
from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.effects import Kick, QueueReady, Reset, StatusChange
from cocotbext.virtio.model.mismatch import Mismatch
from cocotbext.virtio.model.queues import QueueTable
from cocotbext.virtio.model.register_states import StateSpan


class KickCause:
    """Something that makes a queue's kick pending, in one of the cycles `first`+1 to `last`."""

    __slots__ = ("first", "last", "words", "scan")

    def __init__(self, first: int, last: int, words: set[int], scan: bool) -> None:
        self.first = first
        self.last = last
        self.words = words  # that the kick may carry
        self.scan = scan  # DRIVER_OK's, not a write of the driver


class QueueKicks:
    """Possible causes and obligations of the kicks of one queue."""

    def __init__(self) -> None:
        self.causes: list[KickCause] = []
        self.owed: int | None = None  # a kick of the write accepted in this cycle, or of a later one, is due
        self.served = -1  # cycle in which the newest write was accepted whose word the device has got
        self.last_word: int | None = None  # newest word written since reset

    def owe(self, cycle: int) -> None:
        """A kick of the write accepted in `cycle` is certainly due, unless there was one already."""
        if self.served < cycle:
            self.owed = cycle


class Kicks:
    """Every kick must have a cause, and every cause must be followed by a kick; kicks of one queue may merge, and the
    last one has the newest word."""

    PREFETCH = 2  # kicks that may be waiting for notify_ready, already chosen

    def __init__(self, context: Context, queues: QueueTable) -> None:
        self._context = context
        self._queues = queues
        self._kicks: dict[int, QueueKicks] = {}
        self._taken: deque[int] = deque(maxlen=self.PREFETCH)
        self._scanned = False  # DRIVER_OK was set since reset
        self._scan_until = -1

    def _of(self, queue: int) -> QueueKicks:
        if queue not in self._kicks:
            self._kicks[queue] = QueueKicks()
        return self._kicks[queue]

    # ------------------------------------------------------------------ writes
    def accepted(self, span: StateSpan) -> None:
        """Record what an accepted write may do to kicks."""
        match span.effect:
            case Kick(queue, data):
                kicks = self._of(queue)
                cause = KickCause(span.accepted, UNKNOWN, {data}, False)
                kicks.causes.append(cause)
                kicks.last_word = data
                span.waiters.append((self._answered, cause))
                self._context.counts.kicks_written += 1
            case StatusChange(starts=True):
                self._scan_until = UNKNOWN
                for queue in self._queues.ready_queues(span):
                    self._scan(span, queue)
            case QueueReady(queue, True) if span.accepted <= self._scan_until:
                self._scan(span, queue)

    def _scan(self, span: StateSpan, queue: int) -> None:
        kicks = self._of(queue)
        words = {queue} if kicks.last_word is None else {queue, kicks.last_word}
        kicks.causes.append(KickCause(span.accepted, UNKNOWN, words, True))

    def _answered(self, cause: KickCause) -> None:
        cause.last = self._context.now

    def committed(self, span: StateSpan) -> None:
        """Record what an answered write has certainly done to kicks."""
        match span.effect:
            case Kick(queue):
                self._of(queue).owe(span.accepted)
            case StatusChange(starts=True):
                self._scan_until = self._context.now + self._context.config.num_queues + self._context.timing.walk
                self._context.end_of_cycle.at_end_of(self._scan_until, self._scan_over, self._scan_until)
                if not self._scanned:
                    self._scanned = True
                    for queue in self._queues.ready_queues(span):
                        self._of(queue).owe(span.accepted)
            case StatusChange(stops=True):
                self._scan_until = -1
                for kicks in self._kicks.values():
                    kicks.owed = None
            case QueueReady(queue, False):
                kicks = self._of(queue)
                kicks.owed = None
                kicks.causes = [cause for cause in kicks.causes if cause.first > span.accepted]
            case Reset():
                for kicks in self._kicks.values():
                    kicks.causes = [cause for cause in kicks.causes if cause.first > span.accepted]
                    kicks.owed = kicks.last_word = None
                self._scanned = False
                self._scan_until = -1

    def _scan_over(self, cycle: int) -> None:
        if self._scan_until == cycle:
            for kicks in self._kicks.values():
                for cause in kicks.causes:
                    if cause.scan:
                        cause.last = min(cause.last, cycle)

    # ------------------------------------------------------------------ what the device sees
    def taken(self, cycle: int, queue: int, data: int) -> None:
        """The device took a kick. Raises Mismatch."""
        text = f"kick of queue {queue} with data 0x{data:08x} taken in cycle {cycle}"
        if not self._queues.exists(queue):
            raise Mismatch("choice 8", f"{text}: there is no such queue")
        kicks = self._of(queue)
        possible = [cause for cause in kicks.causes if cause.first < cycle]
        if not possible:
            row = self._queues.latest(queue)
            raise Mismatch(
                "choice 8",
                f"{text}: the driver has not notified this queue since its last kick"
                + ("" if row.ready else "; it is not ready"),
            )
        match = next((cause for cause in possible if data in cause.words), None)
        if match is None:
            words = ", ".join(f"0x{word:08x}" for cause in possible for word in sorted(cause.words))
            raise Mismatch("choice 8", f"{text}: written was {words}")
        # Equal words cannot be told apart.
        kicks.served = max(kicks.served, *(cause.first for cause in possible if data in cause.words))
        self._use_up(kicks, match)
        if kicks.owed is not None and kicks.owed <= kicks.served:
            kicks.owed = None
        self._taken.append(cycle)
        self._context.counts.kicks += 1

    def _use_up(self, kicks: QueueKicks, match: KickCause) -> None:
        """Forget the causes that are merged with this kick: words written before its word, and causes that took effect
        before it can have been presented. DRIVER_OK's scan may still be going on."""
        merged = self._taken[0] if len(self._taken) == self.PREFETCH else -1
        position = kicks.causes.index(match)
        gone = {
            id(cause)
            for i, cause in enumerate(kicks.causes)
            if cause is match or cause.last <= merged or i < position and cause.last != UNKNOWN
        }
        kicks.causes = [cause for cause in kicks.causes if id(cause) not in gone]

    def finish(self, cycle: int) -> None:
        """Nothing more will come. Raises Mismatch if a kick is missing."""
        for queue, kicks in sorted(self._kicks.items()):
            if kicks.owed is not None:
                raise Mismatch(
                    "choice 8",
                    f"queue {queue} was notified in cycle {kicks.owed}, but the device got no kick with that word or a "
                    f"later one by cycle {cycle}",
                )
