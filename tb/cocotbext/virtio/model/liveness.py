# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Demands that a vector with an obligation, able to send, sends in time and in turn (rule 5)."""

import heapq

from cocotbext.virtio.model.bus import MessageBus
from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.mismatch import Mismatch
from cocotbext.virtio.model.vectors import Vector, VectorTable


class Liveness:
    """Watches every vector that certainly owes a message and may certainly send it."""

    def __init__(self, context: Context, vectors: VectorTable, bus: MessageBus) -> None:
        self._context = context
        self._vectors = vectors
        self._bus = bus
        self._since: dict[int, tuple[int, int]] = {}  # vector -> messages presented before, cycle
        self._served: list[int] = []  # vector of each message
        self._turns: list[tuple[int, int, int]] = []  # number of messages at which to look, vector, wait's start

    def consider(self, vector: Vector) -> None:
        """Start or end the wait of a vector for which something has changed."""
        if not vector.owes_any or not self._vectors.able(vector):
            self._since.pop(vector.number, None)
        elif vector.number not in self._since:
            start = len(self._served)
            self._since[vector.number] = (start, self._context.now)
            if vector.owed:
                in_turn = start + len(self._vectors.pending) + self._context.timing.prefetch
                heapq.heappush(self._turns, (in_turn + 1, vector.number, start))
            self._context.end_of_cycle.at_end_of(
                self._context.now + self._context.timing.quiet, self._look, vector.number, self._since[vector.number]
            )

    def consider_all(self) -> None:
        """Look at all vectors again, because MSI or DRIVER_OK has changed."""
        for number in list(self._vectors.pending):
            self.consider(self._vectors[number])

    def forget(self, vector: Vector) -> None:
        """The vector may have sent a message; consider() starts a new wait."""
        self._since.pop(vector.number, None)

    def served(self, numbers: list[int]) -> None:
        """A message was presented, of one of these vectors. Raises Mismatch if another one should have had its
        turn."""
        self._served.append(numbers[0])
        turns = self._turns
        while turns and turns[0][0] <= len(self._served):
            _, number, start = heapq.heappop(turns)
            wait = self._since.get(number)
            if wait is None or wait[0] != start or number in numbers:
                continue
            competing = set(self._served[start:])
            competing.update(other for other in self._vectors.pending if self._may_send(other))
            allowed = len(competing) + self._context.timing.prefetch
            if len(self._served) - start > allowed:
                raise Mismatch(
                    "rule 5",
                    f"vector {number} has been pending and able to send since cycle {wait[1]}, "
                    f"and {len(self._served) - start} messages of other vectors went before it "
                    f"by cycle {self._context.now}, though only {len(competing)} vectors "
                    f"compete",
                )
            heapq.heappush(turns, (start + allowed + 1, number, start))

    def _may_send(self, number: int) -> bool:
        vector, now = self._vectors[number], self._context.now
        return any(self._vectors.sendable(vector, span) for span in self._context.states.between(now, now + 1))

    def _look(self, number: int, wait: tuple[int, int]) -> None:
        if self._since.get(number) != wait:
            return
        vector, now = self._vectors[number], self._context.now
        if not self._vectors.able(vector):
            del self._since[number]
            return
        busy = max(wait[1], self._bus.last_busy())
        if busy + self._context.timing.quiet <= now:
            self._context.counts.lost += 1
            raise Mismatch(
                "rule 4",
                f"vector {number} owes a message for an event of cycle {vector.oldest_obligation}; it "
                f"has been able to send since cycle {wait[1]} and the message bus has been free "
                f"since cycle {busy}, but by cycle {now} nothing came",
            )
        self._context.end_of_cycle.at_end_of(busy + self._context.timing.quiet, self._look, number, wait)
