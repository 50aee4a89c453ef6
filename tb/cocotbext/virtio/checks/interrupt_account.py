# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The account of interrupts at a device's memory port: each used buffer that the driver wished to hear of is owed one.

An event is a write that makes buffers used and that the driver's wish calls for; it exists from the write's answer on.
It is settled by a message of its queue, or by the line being high, in that cycle or later. One notification settles all
events of its queue that exist. Findings:

- ``lost``: an event is not settled when the device is at rest, or when its queue ends.
- ``late``: an event is settled after more than *within* cycles.
- ``early``: a notification has no cause but a write that is not answered yet.
- ``without cause``: a notification has none at all.
- ``unwanted``: a notification has a cause, but the driver's wish called for none (SHOULD, SPLIT-11).

The driver may change its wish while the device looks at it: what holds in part of that time is neither owed nor
unwanted.

A device that coalesces lets a notification wait for company. Another one may settle the event meanwhile, so the one
that waited has no event left that is new. Of such a device each notification needs an event of its own since the last
rest, settled or not: there may be as many notifications as events, whenever they come. The same holds of a packed ring,
where a used descriptor shows before the device decides on it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cocotbext.virtio.checks.ring_trace import Finding, QueueLife, RingTrace
from cocotbext.virtio.memory_transactions import MemoryRead, MemoryWrite
from cocotbext.virtio.rings.memory import WatchedMemory

KINDS = ("lost", "late", "early", "without cause", "unwanted")
NEVER = 1 << 62


@dataclass
class _Event:
    """Something that the driver wished, or may have wished, to hear of."""

    issued: int
    exists: int
    owed: bool
    possible: bool
    settled: int | None = None


class InterruptAccount:
    """Judges the notifications of one trace.

    Args:
        trace: memory and driver; its notifications with a queue are messages.
        line: (cycle, level) of every change of the line, for a device that uses it.
        within: cycles until an event counts as late.
        coalesces: the device lets notifications wait for company.

    Attributes:
        counts: events, settled, notifications, and each kind of finding.
    """

    def __init__(
        self,
        trace: RingTrace,
        line: list[tuple[int, int]] | None = None,
        within: int = NEVER,
        coalesces: bool = False,
    ) -> None:
        self.trace, self._line, self._within = trace, line or [], within
        self._coalesces = coalesces
        self._spare = 0  # events that no notification has for its own, of those that are settled
        self._spare_since = 0  # cycle of the latest notification that left some
        self.counts: Counter[str] = Counter()
        self._findings: list[Finding] = []

    def judge(self) -> list[Finding]:
        """All findings, in the order of cycles; the rule of each is its kind."""
        self.trace.decode()
        self._findings, self.counts = [], Counter()
        high = self._high()
        rises = [cycle for cycle, level in self._line if level]
        everything: list[_Event] = []
        for life in self.trace.lives:
            events = self._events(life)
            everything += events
            end = NEVER if life.stopped is None else life.stopped
            told = sorted(
                cycle
                for cycle, queue in self.trace.notifications
                if queue == life.index and life.started <= cycle <= end
            )
            self.counts["notifications"] += len(told)
            self._spare = 0
            for cycle in told:
                self._notification(
                    f"queue {life.index}: a message in cycle {cycle}",
                    cycle,
                    events,
                    self._coalesces or life.shown_one_by_one,
                )
            for event in events:
                if event.settled is None:
                    event.settled = next(
                        (max(first, event.exists) for first, last in high if last > event.exists), None
                    )
            self._unsettled(life, events)
        previous = self._spare = 0
        spares = self._coalesces or any(life.shown_one_by_one for life in self.trace.lives)
        for cycle in rises:
            self.counts["notifications"] += 1
            self._rise(cycle, previous, everything, spares)
            previous = cycle
        return sorted(self._findings, key=lambda finding: finding.cycle)

    def _found(self, kind: str, cycle: int, text: str) -> None:
        self.counts[kind] += 1
        self._findings.append(Finding(kind, cycle, text))

    def _high(self) -> list[tuple[int, int]]:
        """(first cycle, cycle behind the last) of each time in which the line is high."""
        spans, since = [], None
        for cycle, level in self._line:
            if level and since is None:
                since = cycle
            elif not level and since is not None:
                spans.append((since, cycle))
                since = None
        return [*spans, (since, NEVER)] if since is not None else spans

    def _events(self, life: QueueLife) -> list[_Event]:
        events = []
        for index, (write, old, new) in enumerate(life.moves):
            exists = NEVER if write.answered is None else write.answered
            until = life.moves[index + 1][0].issued if index + 1 < len(life.moves) else NEVER
            before = [wish for cycle, wish in life.wishes if cycle <= write.issued][-1:]
            wishes = before + [wish for cycle, wish in life.wishes if write.issued < cycle <= until]
            wanted = [life.wanted(wish, old, new) for wish in wishes]
            # What the driver wished once and no more, or not at first, is the device's choice.
            event = _Event(write.issued, exists, all(wanted), any(wanted))
            self.counts["events"] += event.owed
            events.append(event)
        return events

    def _notification(self, name: str, cycle: int, events: list[_Event], spares: bool) -> None:
        """One message: what it settles, or why there should be none."""
        causes = [event for event in events if event.exists <= cycle and event.settled is None]
        for event in causes:
            event.settled = cycle
        if self._has_one(cycle, causes, spares):
            return
        if any(event.issued <= cycle < event.exists for event in events):
            self._found("early", cycle, f"{name} comes before the answer of the write that it tells of")
        elif causes:
            self._found("unwanted", cycle, f"{name}, and the driver's wish called for none")
        else:
            self._found("without cause", cycle, f"{name} has no cause: nothing was used since the last one")

    def _has_one(self, cycle: int, causes: list[_Event], spares: bool) -> bool:
        """Whether a notification has a cause: one of these, or, where *spares* count, one that is left over."""
        if self._spare and any(self._spare_since < rest < cycle for rest in self.trace.barriers):
            self._spare = 0
        possible = sum(event.possible for event in causes)
        if not possible and not self._spare:
            return False
        if spares:
            self._spare += possible - 1
            self._spare_since = cycle
        return True

    def _rise(self, cycle: int, previous: int, events: list[_Event], spares: bool) -> None:
        """The line rose: something of any queue has to be behind it."""
        causes = [event for event in events if previous <= event.exists <= cycle]
        if self._has_one(cycle, causes, spares):
            return
        name = f"the line rises in cycle {cycle}"
        if any(event.issued <= cycle < event.exists for event in events):
            self._found("early", cycle, f"{name}, before the answer of the write that it tells of")
        elif causes:
            self._found("unwanted", cycle, f"{name}, and the driver's wish called for none")
        elif self.trace.lives and cycle >= self.trace.lives[0].started:
            self._found(
                "without cause", cycle, f"{name} without a cause: nothing was used since it rose in cycle {previous}"
            )

    def _unsettled(self, life: QueueLife, events: list[_Event]) -> None:
        end = NEVER if life.stopped is None else life.stopped
        rests = [cycle for cycle in self.trace.barriers if cycle < end]
        for event in events:
            if not event.owed:
                continue
            if event.settled is not None:
                self.counts["settled"] += 1
                if event.settled - event.exists > self._within:
                    self._found(
                        "late",
                        event.settled,
                        f"queue {life.index}: a buffer used in cycle {event.exists} is told of "
                        f"{event.settled - event.exists} cycles later",
                    )
            elif any(cycle > event.exists for cycle in rests):
                self._found(
                    "lost",
                    event.exists,
                    f"queue {life.index}: a buffer used in cycle {event.exists}, of which the driver wishes "
                    "to hear, is never told of",
                )


class CycleCount(Protocol):
    """What a ClockReset tells of the time."""

    @property
    def cycle(self) -> int:
        """Number of the latest rising edge."""


class MemoryPort(Protocol):
    """What an AxiMemory tells of its traffic."""

    def on_read(self, callback: Callable[[MemoryRead], None]) -> None:
        """Call *callback* with every read when it is answered."""

    def on_write(self, callback: Callable[[MemoryWrite], None]) -> None:
        """Call *callback* with every write when it is answered."""


class MsiScoreboard:
    """Keeps the account of a device in a simulation: no message, and no rise of the line, is lost or without a cause.

    ::

        board = MsiScoreboard(clock)
        board.watch(axi=memory_model, memory=watched_memory, vectors={(0xFEE01010, 0x4001): 0})
        board.trace.queue_start(clock.cycle, 0, driver_queue.layout, features)  # as DRIVER_OK is written
        ...
        board.finish()

    Args:
        clock: the bench's clock; within: cycles until an event counts as late.
        accept: kinds of finding that are no failure, of KINDS.
        coalesces: the device lets notifications wait for company.

    Attributes:
        trace: for the driver's announcements; counts: of the last :meth:`judge`.

    Raises:
        ValueError: there is no such kind of finding.
    """

    def __init__(
        self,
        clock: CycleCount,
        within: int = NEVER,
        accept: tuple[str, ...] = ("unwanted",),
        coalesces: bool = False,
    ) -> None:
        unknown = set(accept) - set(KINDS)
        if unknown:
            raise ValueError(f"no kind {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
        self._clock, self._within, self._accept, self._coalesces = clock, within, accept, coalesces
        self.trace = RingTrace()
        self.counts: Counter[str] = Counter()
        self._line: list[tuple[int, int]] = []
        self._vectors: dict[tuple[int, int], int] = {}

    def watch(
        self,
        axi: MemoryPort | None = None,
        memory: WatchedMemory | None = None,
        vectors: dict[tuple[int, int], int] | None = None,
    ) -> None:
        """Listen to an AxiMemory, and to the WatchedMemory through which the driver writes.

        Args:
            axi: the device's memory port; None to call the methods of :attr:`trace` instead.
            memory: what the driver writes through; None for the same.
            vectors: (address, data) of a message -> queue that it tells of.
        """
        if axi is not None:
            axi.on_read(self.trace.read)
            axi.on_write(self.trace.write)
        if memory is not None:
            memory.after_write.append(lambda address, data: self.trace.driver_wrote(self._clock.cycle, address, data))
        self._vectors |= vectors or {}

    def message(self, cycle: int, address: int, data: int) -> None:
        """A message was presented.

        Raises:
            AssertionError: nobody has asked for a message of this address and data.
        """
        queue = self._vectors.get((address, data))
        if queue is None:
            raise AssertionError(f"cycle {cycle}: a message {data:#x} to {address:#x}, which belongs to no queue")
        self.trace.notified(cycle, queue)

    def line(self, cycle: int, level: int) -> None:
        """The line changed."""
        self._line.append((cycle, level))

    def judge(self) -> list[Finding]:
        """All findings so far, accepted kinds among them."""
        account = InterruptAccount(self.trace, self._line, self._within, self._coalesces)
        found = account.judge()
        self.counts = account.counts
        return found

    def finish(self) -> None:
        """The device is at rest: judge.

        Raises:
            AssertionError: something is wrong, or there was nothing to account for.
        """
        self.trace.settled(self._clock.cycle)
        found = [finding for finding in self.judge() if finding.rule not in self._accept]
        if found:
            raise AssertionError("; ".join(map(str, found[:5])))
        if not self.counts["events"] and not self.counts["notifications"]:
            raise AssertionError("nothing was accounted for: no event, no notification")
