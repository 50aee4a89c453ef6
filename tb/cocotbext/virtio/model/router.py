# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Routes events to InterruptStatus, to a vector, or nowhere, and moves what ENABLE, DISABLE and MAP move.

The cycle in which an event takes effect is not observable, only its window. While the window is open, the router
records the event's possible effects, one for each register state. When the window has closed, an effect common to all
states becomes an obligation of the endpoint.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.model.causes import UNKNOWN, Kind, MovedObligation, PossibleCause, kind_of
from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.effects import (
    Acknowledge,
    Disable,
    Enable,
    Map,
    QueueReady,
    Reset,
    StatusChange,
    VectorCommand,
)
from cocotbext.virtio.model.event_map import EventMap
from cocotbext.virtio.model.interrupt_status import InterruptStatus
from cocotbext.virtio.model.liveness import Liveness
from cocotbext.virtio.model.queues import QueueTable
from cocotbext.virtio.model.register_states import StateSpan
from cocotbext.virtio.model.vectors import Vector, VectorTable
from cocotbext.virtio.registers import MsiCommand


class Place(NamedTuple):
    """Where an event ends: "vector" (with its number), "status", or dropped for "queue", "no vector", "status bit"."""

    name: str
    vector: int = -1


STATUS = Place("status")
DROPPED_QUEUE = Place("queue")
DROPPED_NO_VECTOR = Place("no vector")
DROPPED_BEFORE_DRIVER_OK = Place("before DRIVER_OK")
CONVERTED = Place("converted")


@dataclass(eq=False)
class Occurrence:
    """An event, or ENABLE's conversion of a bit for one source, until it has settled."""

    source: int
    kind: Kind
    first: int  # cycle of acceptance
    last: int  # it has taken effect by the end of this cycle
    certain: bool = True
    first_span: int = 0  # it cannot take effect in an earlier span
    of_needs_reset: bool = False  # it exists only if DRIVER_OK was set
    of_bit: bool = False  # it is the bit itself that ENABLE converts: DISABLE may bring it back until that is done
    counted: bool = True  # it is an event of the counts
    placed: set[Place] = field(default_factory=set)
    causes: list[PossibleCause] = field(default_factory=list)


class Router:
    """Follows every event to where it ends."""

    def __init__(
        self,
        context: Context,
        queues: QueueTable,
        mapping: EventMap,
        vectors: VectorTable,
        status: InterruptStatus,
        liveness: Liveness,
    ) -> None:
        self._context = context
        self._queues = queues
        self._mapping = mapping
        self._vectors = vectors
        self._status = status
        self._liveness = liveness
        self._unsettled: dict[Occurrence, None] = {}
        self._walk_until = -1  # ENABLE's conversion may hold up other events until then

    # ------------------------------------------------------------------ events
    def event(self, index: int) -> None:
        """The device's event was accepted now."""
        context = self._context
        kind = kind_of(index)
        context.counts.events[kind.name.lower()] += 1
        self._begin(Occurrence(index, kind, context.now, context.now + context.timing.event_settle))

    def needs_reset(self, certain: bool, last: int | None, span: StateSpan | None) -> None:
        """DEVICE_NEEDS_RESET is raised between now and cycle `last`, or by the write that opens `span`."""
        context = self._context
        if certain:
            context.counts.events["needs_reset"] += 1
            context.listener.raised(context.now, Kind.CONFIG)
        occurrence = Occurrence(
            EVENT_CONFIG,
            Kind.CONFIG,
            context.now,
            UNKNOWN,
            certain=certain,
            first_span=0 if span is None else span.number,
            of_needs_reset=True,
            counted=certain,
        )
        if span is None:
            assert last is not None
            occurrence.last = max(last, self._walk_until) + context.timing.event_settle
        else:
            span.waiters.append((self._raised, occurrence))
        self._begin(occurrence)

    def _raised(self, occurrence: Occurrence) -> None:
        """The write that raises DEVICE_NEEDS_RESET was answered."""
        timing = self._context.timing
        occurrence.last = max(self._context.now + timing.needs_reset, self._walk_until) + timing.event_settle
        for cause in occurrence.causes:
            cause.last = occurrence.last
        bit = self._status.bits[Kind.CONFIG]
        if bit.may_last == UNKNOWN and STATUS in occurrence.placed:
            bit.may_last = occurrence.last
        self._context.end_of_cycle.at_end_of(occurrence.last, self._settle, occurrence)

    def _begin(self, occurrence: Occurrence) -> None:
        context = self._context
        self._unsettled[occurrence] = None
        spans = self._spans(occurrence)
        for span in spans:
            self._place(occurrence, self._land(occurrence, span))
        if occurrence.last != UNKNOWN:
            context.end_of_cycle.at_end_of(occurrence.last, self._settle, occurrence)

    def _spans(self, occurrence: Occurrence) -> list[StateSpan]:
        spans = self._context.states.between(occurrence.first, occurrence.last + 1)
        return [span for span in spans if span.number >= occurrence.first_span]

    def _land(self, occurrence: Occurrence, span: StateSpan) -> Place:
        """The place of an event that takes effect in `span`."""
        if occurrence.of_bit:
            return CONVERTED if span.state.enabled else STATUS
        if occurrence.of_needs_reset and not span.state.driver_ok:
            return DROPPED_BEFORE_DRIVER_OK
        if occurrence.source != EVENT_CONFIG and not self._queues.at(occurrence.source - 1, span).ready:
            return DROPPED_QUEUE
        if not span.state.enabled:
            return STATUS
        vector = self._mapping.at(occurrence.source, span)
        return DROPPED_NO_VECTOR if vector is None else Place("vector", vector)

    def _place(self, occurrence: Occurrence, place: Place) -> None:
        """Record that an event may end at a place."""
        if place in occurrence.placed:
            return
        occurrence.placed.add(place)
        if place.name == "vector":
            cause = PossibleCause(occurrence.kind, occurrence.first, occurrence.last)
            occurrence.causes.append(cause)
            self._vectors.may_become_pending(self._vectors[place.vector], cause)
            self._move_on(place.vector, occurrence.kind)
        elif place is STATUS:
            self._status.bits[occurrence.kind].may_set(occurrence.last)
            for span in self._context.states.outstanding:
                if isinstance(span.effect, Enable):
                    self._may_convert(span, occurrence.kind)

    def _move_on(self, vector: int, kind: Kind) -> None:
        """Record where a vector's new pending bit may go while a MAP or DISABLE that moves it is under way."""
        for span in self._context.states.outstanding:
            effect = span.effect
            if isinstance(effect, Disable):
                self._status.bits[kind].may_set(UNKNOWN)
            elif isinstance(effect, Map) and effect.old == vector and effect.new not in (None, vector):
                self._add_cause(span, effect.new, kind, effect.source)

    # ------------------------------------------------------------------ when it has settled
    def _settle(self, occurrence: Occurrence) -> None:
        spans = self._spans(occurrence)
        for span in reversed(spans):
            if not span.committed:
                span.waiters.append((self._settle, occurrence))
                return
        converted = max((span.lasts_until for span in spans[1:] if isinstance(span.effect, Enable)), default=-1)
        if converted > occurrence.last:  # it may have been a bit of InterruptStatus: then it is a vector's only now
            occurrence.last = converted
            later = self._spans(occurrence)
            for span in later[len(spans) :]:
                self._place(occurrence, self._land(occurrence, span))
            self._context.end_of_cycle.at_end_of(converted, self._settle, occurrence)
            return
        del self._unsettled[occurrence]
        final = self._land(occurrence, spans[-1])
        certain: Place | None = self._land(occurrence, spans[0])
        rival: MovedObligation | None = None
        for span in spans[1:]:
            moved, rival = self._carry(occurrence, certain, span, rival)
            landing = self._land(occurrence, span)
            certain = moved if moved == landing else None
        if certain is not None and occurrence.certain:
            self._certainly(occurrence, certain, rival)
        if occurrence.counted:
            self._count(occurrence, {self._land(occurrence, span) for span in spans}, final)

    def _carry(
        self, occurrence: Occurrence, place: Place | None, span: StateSpan, rival: MovedObligation | None
    ) -> tuple[Place | None, MovedObligation | None]:
        """Where what was at `place` is after the write that opens `span`; None if it may be gone."""
        effect = span.effect
        if place is None or isinstance(effect, Reset):
            return None, None
        if place is STATUS:
            if isinstance(effect, Enable):
                return self._land(occurrence, span), None
            if isinstance(effect, Acknowledge):
                hit = effect.config if occurrence.kind is Kind.CONFIG else effect.used
                kept = not hit or occurrence.first >= acknowledged_before(span)
                return (place if kept else None), None
            return place, None
        if place.name != "vector":
            return place, None
        if isinstance(effect, Disable):
            return (None if self._sent_since(occurrence, place.vector, rival) else STATUS), None
        if isinstance(effect, Map) and effect.source == occurrence.source and effect.old == place.vector:
            if effect.new is None or effect.new == effect.old:
                return place, rival
            if rival is not None or self._sent_since(occurrence, place.vector, rival):
                return None, None
            old = self._vectors[place.vector]
            if not self._vectors.held(old, occurrence.first, span.responded + 1, span):
                rival = MovedObligation(occurrence.kind, occurrence.first, place.vector, span.responded)
            return Place("vector", effect.new), rival
        return place, rival

    def _sent_since(self, occurrence: Occurrence, number: int, rival: MovedObligation | None) -> bool:
        earliest = occurrence.first + self._context.timing.fastest_message
        if rival is not None and self._vectors[rival.rival].last_message >= earliest:
            return True
        return self._vectors[number].last_message >= earliest

    def _certainly(self, occurrence: Occurrence, place: Place, rival: MovedObligation | None) -> None:
        if place is STATUS:
            self._status.bits[occurrence.kind].set(occurrence.first)
        elif place.name == "vector":
            vector = self._vectors[place.vector]
            if rival is None:
                self._vectors.owe(vector, occurrence.kind, occurrence.first)
            elif not self._sent_since(occurrence, place.vector, rival):
                self._vectors.owe_moved(vector, rival)
            self._liveness.consider(vector)

    def _count(self, occurrence: Occurrence, places: set[Place], final: Place) -> None:
        """EventCounts for an event that may have gone to any of `places`, the newest of them `final`."""
        counts, listener = self._context.counts, self._context.listener
        for place in places:
            if place.name == "vector" and self._sent_since(occurrence, place.vector, None):
                vector = self._vectors[place.vector]
                counts.held_by_mask += vector.setup.latest.masked
                counts.delivered += 1
                counts.coalesced += vector.last_message_served > 0
                vector.last_message_served += 1
                listener.delivered(occurrence.first, occurrence.kind, vector.number, vector.last_message)
                return
        if final is DROPPED_QUEUE:
            counts.dropped_queue += 1
            listener.ended(occurrence.first, occurrence.kind, "dropped_queue", occurrence.first)
        elif final is DROPPED_NO_VECTOR:
            counts.dropped_no_vector += 1
            listener.ended(occurrence.first, occurrence.kind, "dropped_no_vector", occurrence.first)
        elif final is STATUS:
            self._status.bits[occurrence.kind].waiting.append(occurrence.first)
        elif final.name == "vector":
            vector = self._vectors[final.vector]
            counts.held_by_mask += vector.setup.latest.masked
            self._wait(vector, (occurrence.first, occurrence.source))
        else:
            counts.wiped += 1
            listener.ended(occurrence.first, occurrence.kind, "wiped", self._context.now)

    def _wait(self, vector: Vector, entry: tuple[int, int]) -> None:
        """An event is waiting for the vector's next message."""
        vector.waiting.append(entry)
        self._vectors.with_events.add(vector.number)

    def _end_waiting(self, how: str) -> int:
        """No vector's events wait any more: they have ended as `how` says. Returns how many did."""
        waiting = 0
        for number in self._vectors.with_events:
            waiting += len(self._vectors[number].waiting)
            for cycle, source in self._vectors[number].waiting:
                self._context.listener.ended(cycle, kind_of(source), how, self._context.now)
            self._vectors[number].waiting.clear()
        self._vectors.with_events.clear()
        return waiting

    def _end_shown(self, kind: Kind, how: str, before: int = UNKNOWN) -> int:
        """Events that a bit of InterruptStatus shows, from before cycle `before`, have ended as `how` says. Returns
        how many."""
        bit = self._status.bits[kind]
        ended = [cycle for cycle in bit.waiting if cycle < before]
        bit.waiting = [cycle for cycle in bit.waiting if cycle >= before]
        for cycle in ended:
            self._context.listener.ended(cycle, kind, how, self._context.now)
        return len(ended)

    # ------------------------------------------------------------------ writes
    def accepted(self, span: StateSpan) -> None:
        """Record what an accepted write may do to events."""
        effect = span.effect
        match effect:
            case Acknowledge() | Reset():
                self._status.clearing(span)
            case Enable():
                self._status.clearing(span)
        self._may(span)
        if isinstance(effect, VectorCommand) and effect.name == MsiCommand.MASK.name:
            self._taken_back(effect.vector)
        elif isinstance(effect, StatusChange) and effect.stops:
            for number in list(self._vectors.pending):
                self._taken_back(number)
        if isinstance(effect, (Enable, Disable, Reset, StatusChange)):
            self._vectors.refresh_all()
            self._liveness.consider_all()

    def _taken_back(self, number: int) -> None:
        for other in self._vectors.settle_rivals(self._vectors[number], first_take=-1):
            self._liveness.consider(other)

    def _may(self, span: StateSpan) -> None:
        effect = span.effect
        match effect:
            case Enable():
                for kind, bit in self._status.bits.items():
                    if bit.may_last is not None:
                        self._may_convert(span, kind)
            case Disable():
                for number in self._vectors.pending:
                    for cause in self._vectors[number].causes:
                        for kind in cause.kinds:
                            self._status.bits[kind].may_set(UNKNOWN)
            case Map() if effect.old is not None and effect.new is not None and effect.old != effect.new:
                for kind in set().union(*(cause.kinds for cause in self._vectors[effect.old].causes)):
                    self._add_cause(span, effect.new, kind, effect.source)
        if isinstance(effect, (Map, QueueReady)):
            self._may_convert_late(span)
            self._may_join_conversion(span)
        if isinstance(effect, (Enable, Disable, Map, Reset, QueueReady, StatusChange)):
            for occurrence in self._unsettled:
                if occurrence.last >= span.accepted and span.number >= occurrence.first_span:
                    self._place(occurrence, self._land(occurrence, span))

    def _sources(self, kind: Kind, span: StateSpan) -> list[int]:
        """Sources whose vector ENABLE makes pending for this bit."""
        if kind is Kind.CONFIG:
            return [EVENT_CONFIG]
        return [used_event(queue) for queue in self._queues.ready_queues(span)]

    def _may_convert(self, span: StateSpan, kind: Kind) -> None:
        for source in self._sources(kind, span):
            vector = self._mapping.at(source, span)
            if vector is not None:
                self._add_cause(span, vector, kind, source)

    def _may_convert_late(self, span: StateSpan) -> None:
        """ENABLE's conversion, when it has not been answered yet, may go by the mapping and queues of `span`."""
        effect: Any = span.effect  # Map or QueueReady
        source = effect.source if isinstance(effect, Map) else used_event(effect.queue)
        kind = Kind.CONFIG if source == EVENT_CONFIG else Kind.USED
        vector = self._mapping.at(source, span)
        if vector is None or self._status.bits[kind].may_last is None:
            return
        if source in self._sources(kind, span) and any(
            isinstance(earlier.effect, Enable) for earlier in self._context.states.outstanding
        ):
            self._add_cause(span, vector, kind, source)

    def _may_join_conversion(self, span: StateSpan) -> None:
        """A queue that becomes ready while ENABLE's conversion goes from queue to queue may be converted, too."""
        effect = span.effect
        if not (isinstance(effect, QueueReady) and effect.ready):
            return
        last = max((each.last for each in self._unsettled if each.of_bit and each.kind is Kind.USED), default=-1)
        if last >= span.accepted:
            occurrence = Occurrence(
                used_event(effect.queue),
                Kind.USED,
                span.accepted,
                last,
                certain=False,
                first_span=span.number,
                counted=False,
            )
            self._unsettled[occurrence] = None
            self._place(occurrence, self._land(occurrence, span))
            self._context.end_of_cycle.at_end_of(last, self._settle, occurrence)

    def _add_cause(self, span: StateSpan, vector: int, kind: Kind, source: int) -> None:
        """The write that opens `span` may make the vector pending, once for each kind and source."""
        if (kind, source) not in span.causes:
            cause = span.causes[kind, source] = PossibleCause(kind, span.accepted, UNKNOWN)
            self._vectors.may_become_pending(self._vectors[vector], cause)
            self._move_on(vector, kind)

    def committed(self, span: StateSpan) -> None:
        """Record what a write has certainly done, when it is answered and the cycle of its response is over."""
        now = self._context.now
        last = now
        match span.effect:
            case Enable():
                last = self._enabled(span)
            case Disable():
                self._disabled()
                self._redo(span)
            case Map():
                self._mapped(span)
            case Acknowledge() as effect:
                self._acknowledged(span, effect)
            case Reset():
                self._reset()
                self._redo(span)
        for cause in span.causes.values():
            cause.last = last
        if isinstance(span.effect, (Enable, Disable, Reset, StatusChange)):
            self._vectors.refresh_all()
            self._liveness.consider_all()

    def _redo(self, cleared: StateSpan) -> None:
        """Record again what later writes and events may have done, because the clearing write does not undo it."""
        for occurrence in self._unsettled:
            occurrence.placed.clear()
            for span in self._spans(occurrence):
                if span.number >= cleared.number:
                    self._place(occurrence, self._land(occurrence, span))
        for span in self._context.states.outstanding:
            span.causes.clear()
            self._may(span)

    def _enabled(self, span: StateSpan) -> int:
        context = self._context
        last = context.now + context.config.num_queues + context.timing.walk
        self._walk_until = span.lasts_until = last
        for kind, bit in self._status.bits.items():
            context.counts.converted += self._end_shown(kind, "converted")
            if bit.may_last is None:
                continue
            certain = bit.owed is not None
            bit.clear()
            conversions = [
                Occurrence(source, kind, span.accepted, last, certain=certain, first_span=span.number, counted=False)
                for source in self._sources(kind, span)
            ]
            conversions.append(
                Occurrence(
                    EVENT_CONFIG,
                    kind,
                    span.accepted,
                    last,
                    certain=False,
                    first_span=span.number,
                    counted=False,
                    of_bit=True,
                )
            )
            for occurrence in conversions:
                self._unsettled[occurrence] = None
                for possible in self._spans(occurrence):
                    place = self._land(occurrence, possible)
                    if possible is span and (kind, occurrence.source) in span.causes:
                        occurrence.placed.add(place)  # done when the write was accepted
                    else:
                        self._place(occurrence, place)
                context.end_of_cycle.at_end_of(last, self._settle, occurrence)
        for occurrence in self._unsettled:
            if STATUS in occurrence.placed:
                self._status.bits[occurrence.kind].may_set(occurrence.last)
        for later in context.states.outstanding:
            self._may_join_conversion(later)
        return last

    def _disabled(self) -> None:
        counts = self._context.counts
        for bit in self._status.bits.values():
            bit.clear()  # but for ENABLE's conversion, which _redo() knows, all bits are 0 while MSI is on
        for number in list(self._vectors.pending):
            vector = self._vectors[number]
            for kind in Kind:
                bit = self._status.bits[kind]
                if vector.owes(kind):
                    obligations = [vector.owed[kind].last] if kind in vector.owed else []
                    obligations += [obligation.cycle for obligation in vector.moved if obligation.kind == kind]
                    bit.set(max(obligations))
                elif any(kind in cause.kinds for cause in vector.causes):
                    bit.may_set(self._context.now)
            self._vectors.clear(vector)
            self._liveness.forget(vector)
        counts.converted += self._end_waiting("converted")

    def _mapped(self, span: StateSpan) -> None:
        effect = span.effect
        assert isinstance(effect, Map)
        if effect.old is None or effect.old == effect.new:
            return
        old = self._vectors[effect.old]
        if effect.new is None:
            return
        new = self._vectors[effect.new]
        for entry in [entry for entry in old.waiting if entry[1] == effect.source]:
            old.waiting.remove(entry)
            self._wait(new, entry)
        held = bool(old.owed) and self._vectors.held(old, span.accepted, span.responded + 1, span)
        for kind in old.owed:  # all from before this MAP was accepted: later events have not settled yet
            if held:
                self._vectors.owe(new, kind, span.accepted)
            else:
                self._vectors.owe_moved(new, MovedObligation(kind, span.accepted, effect.old, span.responded))
        self._liveness.consider(new)

    def _acknowledged(self, span: StateSpan, effect: Acknowledge) -> None:
        kept_from = acknowledged_before(span)
        for kind, hit in ((Kind.USED, effect.used), (Kind.CONFIG, effect.config)):
            if not hit:
                continue
            bit = self._status.bits[kind]
            self._context.counts.line_acknowledged += self._end_shown(kind, "line_acknowledged", kept_from)
            if bit.owed is not None and bit.owed < kept_from:
                bit.owed = None
            if bit.owed is None and bit.may_last is not None and bit.may_last < span.accepted:
                bit.clear()

    def _reset(self) -> None:
        counts = self._context.counts
        for number in list(self._vectors.pending):
            self._vectors.clear(self._vectors[number])
            self._liveness.forget(self._vectors[number])
        counts.wiped += self._end_waiting("wiped")
        for kind, bit in self._status.bits.items():
            counts.wiped += self._end_shown(kind, "wiped")
            bit.clear()
        self._walk_until = -1

    def settle_vector(self, vector: Vector) -> None:
        """A command changed whether the vector may send: accepted or committed."""
        self._vectors.refresh(vector)
        self._liveness.consider(vector)

    def still_pending(self) -> int:
        """Events that have not come to an end."""
        return (
            sum(len(self._vectors[number].waiting) for number in self._vectors.with_events)
            + sum(len(bit.waiting) for bit in self._status.bits.values())
            + sum(occurrence.counted for occurrence in self._unsettled)
        )

    def wipe_unsettled(self) -> None:
        """aresetn: nothing that was accepted survives."""
        for occurrence in self._unsettled:
            if occurrence.counted:
                self._context.counts.wiped += 1
                self._context.listener.ended(occurrence.first, occurrence.kind, "wiped", self._context.now)
        self._reset()


def acknowledged_before(span: StateSpan) -> int:
    """Events accepted in this cycle or later survive the acknowledge that opens `span` (MMIO-53).

    An acknowledge that had to wait for earlier writes may take effect as late as its response.
    """
    return span.accepted if span.alone else span.responded
