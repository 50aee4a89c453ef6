# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps the vector table: the set-up of each vector, its possible causes and its obligations."""

from collections import deque

from cocotbext.virtio.model.causes import Kind, MovedObligation, Obligation, PossibleCause
from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.driver_state import Setup
from cocotbext.virtio.model.register_states import History, StateSpan
from cocotbext.virtio.model.ternary import Ternary, TernaryLog


class Vector:
    """One vector that was used at least once.

    Attributes:
        causes: everything that may still make it pending, or has and was not sent yet.
        owed: what certainly does, by kind.
        moved: what certainly does unless another vector's message came first.
        last_message: cycle in which its last message was presented, -1 for none.
        waiting: events that its next message will serve, for the counts: (cycle, source).
        pending: log of the pending bit, as a read of MsiVecState shows it.
    """

    def __init__(self, number: int, span: StateSpan) -> None:
        self.number = number
        self.setup = History(Setup())
        self.setup_span = span
        self.causes: list[PossibleCause] = []
        self.owed: dict[Kind, Obligation] = {}
        self.moved: list[MovedObligation] = []
        self.last_message = -1
        self.last_cleared = -1  # cycle in which its causes were last found gone without a message
        self.last_message_served = 0
        self.waiting: deque[tuple[int, int]] = deque()
        self.pending = TernaryLog()

    def owes(self, kind: Kind) -> bool:
        """Whether a message for this kind of event is certainly still to come, of this vector or a rival."""
        return kind in self.owed or any(obligation.kind == kind for obligation in self.moved)

    @property
    def owes_any(self) -> bool:
        """owes() of either kind."""
        return bool(self.owed or self.moved)

    @property
    def oldest_obligation(self) -> int:
        """Cycle of the oldest event without a message after it; only when there is one."""
        cycles = [obligation.first for obligation in self.owed.values()] + [
            obligation.cycle for obligation in self.moved
        ]
        return min(cycles)


class VectorTable:
    """All vectors; only those ever used take space or time."""

    REMEMBERED = 32  # causes of one vector

    def __init__(self, context: Context) -> None:
        self._context = context
        self._vectors: dict[int, Vector] = {}
        self.pending: set[int] = set()  # vectors with causes or obligations
        self.with_events: set[int] = set()  # vectors with `waiting` events
        self._rivals: dict[int, set[int]] = {}  # old vector -> vectors with a MovedObligation because of it
        self._by_pair: dict[tuple[int, int], set[int]] = {}
        self._by_address: dict[int, set[tuple[int, int]]] = {}

    def __getitem__(self, number: int) -> Vector:
        vector = self._vectors.get(number)
        if vector is None:
            vector = self._vectors[number] = Vector(number, self._context.states.spans[0])
        return vector

    # ------------------------------------------------------------------ what it is set up for
    def set_up(self, span: StateSpan, number: int, setup: Setup) -> None:
        """Change the set-up of a vector from `span` on."""
        vector = self[number]
        vector.setup.set(span.number, setup, self._context.states.oldest)
        vector.setup_span = span
        self._context.listener.set_up(span.accepted, number, setup)
        if setup.pair is not None:
            self._by_pair.setdefault(setup.pair, set()).add(number)
            self._by_address.setdefault(setup.pair[0], set()).add(setup.pair)

    def reset_setups(self, span: StateSpan) -> None:
        """Make every vector unconfigured and unmasked from `span` on, after a reset."""
        for number, vector in self._vectors.items():
            if vector.setup.latest != Setup():
                self.set_up(span, number, Setup())

    def holders(self, address: int, data: int | None) -> set[int]:
        """Vectors that were ever given this message; any data if `data` is None."""
        if data is not None:
            return self._by_pair.get((address, data), set())
        pairs = self._by_address.get(address, ())
        return set().union(*(self._by_pair[pair] for pair in pairs))

    def data_of_address(self, address: int) -> list[int]:
        """Data ever configured together with this address."""
        return sorted(data for _, data in self._by_address.get(address, ()))

    @staticmethod
    def sendable(vector: Vector, span: StateSpan) -> bool:
        """Whether the vector may send in `span` if it is pending."""
        state = span.state
        setup = vector.setup.at(span.number)
        return state.enabled and state.driver_ok and setup.pair is not None and not setup.masked

    def able(self, vector: Vector) -> bool:
        """Whether the vector may certainly send now."""
        now = self._context.now
        return all(self.sendable(vector, span) for span in self._context.states.between(now, now + 1))

    def masked(self, vector: Vector, first: int, last: int, up_to: StateSpan | None = None) -> bool:
        """Whether the vector was masked all the time, so that what was taken before was taken back."""
        spans = self._context.states.between(first, last)
        return all(
            vector.setup.at(span.number).masked for span in spans if up_to is None or span.number <= up_to.number
        )

    def held(self, vector: Vector, first: int, last: int, up_to: StateSpan | None = None) -> bool:
        """Whether in no cycle `first` to `last` (and no span after `up_to`) a message of the vector can have been
        taken, or else it was taken back: it was masked all the time, or unable to send since before its obligations."""
        if self.masked(vector, first, last, up_to):
            return True
        since = min(first, vector.oldest_obligation) if vector.owes_any else first
        spans = reversed(self._context.states.between(since, last))  # the newest ones say it most often
        return not any(self.sendable(vector, span) for span in spans if up_to is None or span.number <= up_to.number)

    # ------------------------------------------------------------------ why it is pending
    def may_become_pending(self, vector: Vector, cause: PossibleCause) -> None:
        """`cause` may make the vector pending."""
        vector.causes.append(cause)
        if len(vector.causes) > self.REMEMBERED:
            self._merge_oldest(vector)
        self.pending.add(vector.number)
        self.refresh(vector)

    @staticmethod
    def _merge_oldest(vector: Vector) -> None:
        """Merge two of the oldest causes into one, when far more events than messages are on their way."""
        vector.causes.sort(key=lambda cause: cause.last)
        gone = vector.causes.pop(0)
        vector.causes[0].kinds |= gone.kinds

    def owe(self, vector: Vector, kind: Kind, cycle: int) -> None:
        """A message presented after `cycle` is certainly due, unless there was one already."""
        if cycle <= vector.last_message - self._context.timing.fastest_message:
            return
        obligation = vector.owed.get(kind)
        if obligation is None:
            vector.owed[kind] = Obligation(cycle, cycle)
        else:
            obligation.first, obligation.last = min(obligation.first, cycle), max(obligation.last, cycle)
        self.pending.add(vector.number)
        self.refresh(vector)

    def owe_moved(self, vector: Vector, obligation: MovedObligation) -> None:
        """As owe(), but a message of `obligation.rival` that was taken early enough settles it, too."""
        if obligation.cycle <= vector.last_message - self._context.timing.fastest_message:
            return
        if self[obligation.rival].setup.latest.masked or not self._context.states.latest.state.driver_ok:
            return  # the message may have been taken back already, see settle_rivals()
        vector.moved.append(obligation)
        self._rivals.setdefault(obligation.rival, set()).add(vector.number)
        self.pending.add(vector.number)
        self.refresh(vector)

    def clear(self, vector: Vector) -> None:
        """The vector is certainly not pending any more, whatever happened before."""
        vector.causes.clear()
        vector.owed.clear()
        vector.moved.clear()
        vector.last_cleared = self._context.now
        self.pending.discard(vector.number)
        self.refresh(vector)

    def certainly_idle(self, vector: Vector, cycle: int) -> None:
        """Its pending bit was seen 0 in `cycle` or later: what had taken effect before is no longer pending."""
        vector.causes = [cause for cause in vector.causes if cause.last >= cycle]
        vector.last_cleared = self._context.now
        if not vector.causes and not vector.owes_any:
            self.pending.discard(vector.number)
        self.refresh(vector)

    # ------------------------------------------------------------------ its messages
    def usable_causes(self, vector: Vector, presented: int) -> list[PossibleCause]:
        """Causes that a message presented then can have."""
        latest = presented - self._context.timing.fastest_message
        return [cause for cause in vector.causes if cause.first <= latest]

    def consume(self, vector: Vector, presented: int, first_take: int) -> int:
        """The vector sent a message that was taken in `first_take` or later. Returns how many causes are used up:
        one at least, and all that had certainly taken effect before it was taken."""
        usable = self.usable_causes(vector, presented)
        if not usable:
            return 0
        used = min(usable, key=lambda cause: cause.last)
        gone = [cause for cause in usable if cause is used or cause.last < first_take]
        vector.causes = [cause for cause in vector.causes if cause not in gone]
        if used.last >= first_take:
            for cause in usable:
                cause.kinds |= used.kinds
        return len(gone)

    def discharge(self, vector: Vector, presented: int, first_take: int) -> list[Vector]:
        """The vector may have sent a message, so what came before has one. Returns the vectors whose obligations
        have changed."""
        changed = [vector]
        latest = presented - self._context.timing.fastest_message
        for kind, obligation in list(vector.owed.items()):
            if obligation.last <= latest:
                del vector.owed[kind]
            elif obligation.first <= latest:
                obligation.first = obligation.last
        if vector.moved:
            vector.moved = [obligation for obligation in vector.moved if obligation.cycle > latest]
        vector.last_message = max(vector.last_message, presented)
        changed += self.settle_rivals(vector, first_take)
        self._forget_if_idle(vector)
        return changed

    def settle_rivals(self, vector: Vector, first_take: int) -> list[Vector]:
        """A message of the vector, taken in `first_take` or later, was presented, or may have been taken back by
        MASK to be pending again: the vectors that MAP moved its obligations to need not send. Returns them."""
        changed = []
        for number in self._rivals.pop(vector.number, ()):
            other = self[number]
            kept = [
                obligation
                for obligation in other.moved
                if obligation.rival != vector.number or obligation.until < first_take
            ]
            if any(obligation.rival == vector.number for obligation in kept):
                self._rivals.setdefault(vector.number, set()).add(number)
            if len(kept) != len(other.moved):
                other.moved = kept
                self._forget_if_idle(other)
                changed.append(other)
        return changed

    def _forget_if_idle(self, vector: Vector) -> None:
        if not vector.causes and not vector.owes_any:
            self.pending.discard(vector.number)
        self.refresh(vector)

    # ------------------------------------------------------------------ what MsiVecState shows
    def refresh(self, vector: Vector) -> None:
        """Log what is known of the pending bit now."""
        value = self._pending(vector)
        if value is not vector.pending.value:
            vector.pending.set(self._context.now + 1, value)
            self._context.listener.pending(self._context.now + 1, vector.number, value)

    def refresh_all(self) -> None:
        """refresh() of every vector that may be pending: MSI or DRIVER_OK may change."""
        for number in self.pending:
            self.refresh(self._vectors[number])

    def _pending(self, vector: Vector) -> Ternary:
        if not vector.causes and not vector.owes_any:
            return Ternary.NO
        if not vector.owed:
            return Ternary.MAYBE
        now = self._context.now
        if not all(span.state.enabled for span in self._context.states.between(now, now + 1)):
            return Ternary.MAYBE
        return Ternary.YES if self.held(vector, now, now + 1) else Ternary.MAYBE
