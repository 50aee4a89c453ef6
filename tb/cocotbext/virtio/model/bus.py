# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Tells when the message bus was busy: how early a message can have been taken for sending."""

from collections import deque

from cocotbext.virtio.model.context import Context


class MessageBus:
    """Tells from the handshakes on the message bus when it was occupied."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._presented: deque[int] = deque(maxlen=context.timing.prefetch + 1)
        self._run_start = 0  # first message since the bus was last free for long enough to be idle
        self._in_flight = 0  # presented and not taken
        self._last_taken = -(1 << 30)
        self._unanswered = 0
        self._paused_until = -(1 << 30)

    def earliest_take(self, presented: int) -> int:
        """The first cycle in which the endpoint can have taken a message that it presents in the given cycle."""
        timing = self._context.timing
        busy = presented if self._in_flight else max(self._last_taken, self._paused())
        if presented > busy + timing.take_latency + 1 or not timing.prefetch:
            return presented - timing.take_latency
        first = self._run_start
        if len(self._presented) > timing.prefetch:
            first = max(first, self._presented[-1 - timing.prefetch])
        return min(first, presented) - timing.take_latency

    def started(self, presented: int) -> None:
        """A message was presented."""
        busy = presented if self._in_flight else max(self._last_taken, self._paused())
        if presented > busy + self._context.timing.take_latency + 1:
            self._run_start = presented
        self._presented.append(presented)
        self._in_flight += 1

    def taken(self, cycle: int) -> None:
        """AW and W of the oldest message that is presented were both accepted, the later one in `cycle`."""
        self._in_flight = max(0, self._in_flight - 1)
        self._last_taken = cycle
        self._unanswered += 1

    def answered(self, cycle: int) -> None:
        """A message was answered."""
        if self._unanswered >= self._context.timing.outstanding:
            self._paused_until = cycle
        self._unanswered = max(0, self._unanswered - 1)

    def _paused(self) -> int:
        paused = self._unanswered >= self._context.timing.outstanding
        return self._context.now if paused else self._paused_until

    def last_busy(self) -> int:
        """The last cycle in which a message had to wait, or came; now if one is waiting."""
        if self._in_flight:
            return self._context.now
        last = self._presented[-1] if self._presented else -(1 << 30)
        return max(last, self._last_taken, self._paused())
