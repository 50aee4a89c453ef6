# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Checks messages: each has a vector that may send, a cause of its own, and an answer."""

from collections import deque

from cocotbext.virtio.model.bus import MessageBus
from cocotbext.virtio.model.causes import kind_of
from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.liveness import Liveness
from cocotbext.virtio.model.mismatch import Mismatch
from cocotbext.virtio.model.register_states import StateSpan
from cocotbext.virtio.model.vectors import Vector, VectorTable


class Messages:
    """Attributes every message to a vector, or to one of several that were given the same message."""

    def __init__(self, context: Context, vectors: VectorTable, bus: MessageBus, liveness: Liveness) -> None:
        self._context = context
        self._vectors = vectors
        self._bus = bus
        self._liveness = liveness
        self._in_flight: deque[list[int]] = deque()  # possible vectors of messages that are not answered yet
        # pair -> messages that could be of several vectors, cycle of the first: they used up that many causes of those
        self._undecided: dict[tuple[int, int | None], tuple[int, int]] = {}

    @property
    def unanswered(self) -> int:
        """Messages presented and not answered."""
        return len(self._in_flight)

    def started(self, presented: int, address: int, data: int | None) -> None:
        """A message was first presented; `data` None is data that was never seen. Raises Mismatch."""
        context = self._context
        first_take = self._bus.earliest_take(presented)
        text = f"message 0x{data:08x} to 0x{address:x}" if data is not None else f"message to 0x{address:x}"
        text += f" presented in cycle {presented}"
        holders = self._vectors.holders(address, data)
        if not holders:
            self._unknown(text, address)
        senders, reasons = [], []
        for number in sorted(holders):
            vector = self._vectors[number]
            self._rest(vector)
            reason = self._objection(vector, presented, first_take, address, data)
            if reason is None:
                senders.append(number)
            else:
                reasons.append(reason)
        if not senders:
            self._refuse(text, reasons)
        self._bus.started(presented)
        self._in_flight.append(senders)
        context.counts.messages += 1
        context.listener.message(presented, senders)
        if len(senders) == 1:
            changed = self._certain(self._vectors[senders[0]], presented, first_take)
        else:
            changed = self._one_of(senders, presented, first_take, (address, data), text)
        self._liveness.served(senders)
        for vector in changed:
            self._liveness.forget(vector)
            self._liveness.consider(vector)

    def taken(self, cycle: int) -> None:
        """AW and W of the oldest message on the bus were accepted."""
        self._bus.taken(cycle)

    def answered(self, cycle: int) -> list[int]:
        """The oldest message was answered. Returns the vectors it may be of. Raises Mismatch."""
        if not self._in_flight:
            raise Mismatch("rule 13", f"a message was answered in cycle {cycle}, but none is on its way")
        self._bus.answered(cycle)
        return self._in_flight.popleft()

    # ------------------------------------------------------------------ whose it is
    def _unknown(self, text: str, address: int) -> None:
        self._context.counts.without_cause += 1
        data = self._vectors.data_of_address(address)
        if data:
            known = ", ".join(f"0x{value:08x}" for value in data)
            raise Mismatch("rule 7", f"{text}: no CONFIGURE gave a vector this data with this address, only {known}")
        raise Mismatch("rule 7", f"{text}: no CONFIGURE gave a vector this address")

    def _refuse(self, text: str, reasons: list[tuple[str, str]]) -> None:
        self._context.counts.without_cause += 1
        rule = reasons[0][0]
        raise Mismatch(rule, f"{text}: " + "; ".join(reason for _, reason in reasons[:4]))

    def _objection(
        self, vector: Vector, presented: int, first_take: int, address: int, data: int | None
    ) -> tuple[str, str] | None:
        """Rule and reason why the message cannot be of the vector; None if it can."""
        spans = self._context.states.between(first_take, presented)
        at_presentation = self._context.states.between(presented - 1, presented)
        earliest_present = at_presentation[0].number
        sendable_then = False
        for span in reversed(spans):
            state = span.state
            setup = vector.setup.at(span.number)
            if not (state.enabled and state.driver_ok) or setup.masked:
                sendable_then = False
            elif span.number >= earliest_present or sendable_then:
                sendable_then = True
                if setup.pair is not None and setup.pair[0] == address and data in (None, setup.pair[1]):
                    break
            if span.number <= earliest_present and not sendable_then:
                return self._why_silent(vector, at_presentation)
        else:
            return "rule 7", (
                f"vector {vector.number} had another message, or none, in all of cycles {first_take} to {presented}"
            )
        if not self._vectors.usable_causes(vector, presented):
            last = f"; its last message came in cycle {vector.last_message}" if vector.last_message >= 0 else ""
            return "rule 4", f"vector {vector.number} has no event or other cause for it{last}"
        return None

    def _why_silent(self, vector: Vector, spans: list[StateSpan]) -> tuple[str, str]:
        span = spans[0]
        if vector.setup.at(span.number).masked:
            return "rule 6", (
                f"vector {vector.number} is masked; its last command was answered in cycle "
                f"{vector.setup_span.responded}"
            )
        if not span.state.status:
            return "rule 11", f"vector {vector.number}: the device was reset by cycle {span.responded}"
        if not span.state.driver_ok:
            return "rule 10", f"vector {vector.number}: DRIVER_OK is not set"
        return "rule 2", f"vector {vector.number}: MSI is disabled"

    def _rest(self, vector: Vector) -> None:
        """Check that vectors which could send while the bus was free for long enough have met their obligations."""
        now, quiet = self._context.now, self._context.timing.quiet
        if not vector.causes or vector.owes_any or now < self._bus.last_busy() + quiet:
            return
        states = self._context.states
        if all(cause.last < now - quiet for cause in vector.causes) and all(
            self._vectors.sendable(vector, span) for span in states.between(now - quiet, now + 1)
        ):
            self._vectors.clear(vector)

    # ------------------------------------------------------------------ what it does
    def _certain(self, vector: Vector, presented: int, first_take: int) -> list[Vector]:
        """Returns the vectors whose obligations it changes."""
        first_take = max(first_take, self._able_since(vector, first_take, presented))
        used = self._vectors.consume(vector, presented, first_take)
        for setup in vector.setup.values if self._undecided else ():
            if setup.pair in self._undecided:
                count, since = self._undecided[setup.pair]
                self._undecided[setup.pair] = (max(0, count - used), since)
        changed = self._vectors.discharge(vector, presented, first_take)
        self._serve(vector, presented)
        return changed

    def _able_since(self, vector: Vector, first: int, presented: int) -> int:
        """A message that was taken before MASK, DISABLE or the end of DRIVER_OK was taken back then. So it cannot
        have been taken before the last write that allowed it again."""
        states = self._context.states
        at_presentation = states.between(presented - 1, presented)
        oldest = next((span.number for span in at_presentation if self._undisturbed(vector, span)), 0)
        able = False
        since = first
        for span in states.between(first, presented):
            if span.number > oldest:
                break
            now_able = self._undisturbed(vector, span)
            if now_able and not able and span.accepted > first:
                since = span.accepted
            able = now_able
        return since

    @staticmethod
    def _undisturbed(vector: Vector, span: StateSpan) -> bool:
        return span.state.enabled and span.state.driver_ok and not vector.setup.at(span.number).masked

    def _one_of(
        self, senders: list[int], presented: int, first_take: int, pair: tuple[int, int | None], text: str
    ) -> list[Vector]:
        """Returns the vectors whose obligations it may change."""
        undecided, since = self._undecided.get(pair, (0, presented))
        if not undecided or any(self._vectors[number].last_cleared >= since for number in senders):
            undecided, since = 0, presented
        causes = sum(len(self._vectors.usable_causes(self._vectors[number], presented)) for number in senders)
        if causes <= undecided and self._same_holders(senders, pair):
            self._context.counts.without_cause += 1
            raise Mismatch(
                "rule 4",
                f"{text}: vectors {senders} have {causes} causes for it, but have sent {undecided} such messages since",
            )
        self._undecided[pair] = (undecided + 1, since)
        changed = []
        for number in senders:
            changed += self._vectors.discharge(self._vectors[number], presented, first_take)
        self._serve(self._vectors[senders[0]], presented)
        return changed

    def _same_holders(self, senders: list[int], pair: tuple[int, int | None]) -> bool:
        return set(senders) == self._vectors.holders(*pair)

    def _serve(self, vector: Vector, presented: int) -> None:
        """EventCounts for the events that the message serves."""
        counts = self._context.counts
        latest = presented - self._context.timing.fastest_message
        served = 0
        for _ in range(len(vector.waiting)):
            entry = vector.waiting.popleft()
            if entry[0] <= latest:
                served += 1
                self._context.listener.delivered(entry[0], kind_of(entry[1]), vector.number, presented)
            else:
                vector.waiting.append(entry)
        vector.last_message_served = served
        if not vector.waiting:
            self._vectors.with_events.discard(vector.number)
        counts.delivered += served
        counts.coalesced += max(0, served - 1)
