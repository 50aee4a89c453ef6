# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Order rules of a virtqueue device, judged on its bus trace alone: they hold for any device. Knows no simulator.

What a trace cannot decide is given the benefit of the doubt: an access may be early as long as what the device made of
it came from a copy that was read late enough. Bytes that were answered with an error are no copy. Rules, as they appear
in findings:

- V-2: every used element names a buffer that the device has.
- V-3: ring entry, descriptors and tables of a buffer are read after what permits it: the available index, the flags of
  the first slot, or the promise of a kick (SPLIT-8, PACKED-2, PACKED-17).
- V-5: no descriptor of a buffer is fetched a second time for its own sake.
- V-6: data, used element, used index: each is answered before the next one is issued; what the length says was written
  (SPLIT-4, PACKED-4).
- V-7: the wish is read after the answer of what it is about, and answered before the notification (SPLIT-14); each
  notification has a cause of its own, and does not precede it (MMIO-55).
- V-9: asking for kicks is answered before the last look; nobody sleeps without having asked (SPLIT-8, SPLIT-16).
- V-13: nothing else is touched, and nothing outside of a queue's life (MMIO-18, -37, -38, -12; SPLIT-1, PACKED-6).
- V-14: indices and wrap bits move as the used buffers say.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any

from cocotbext.virtio.checks.ring_trace import (
    ENTRY,
    WRAP,
    Finding,
    Given,
    PackedLife,
    QueueLife,
    RingTrace,
    SplitLife,
)
from cocotbext.virtio.memory_transactions import OKAY, SLVERR, MemoryRead, MemoryWrite

RULES = ("V-2", "V-3", "V-5", "V-6", "V-7", "V-9", "V-13", "V-14")
DEFAULT_RULES = tuple(rule for rule in RULES if rule != "V-5")  # V-5 is a promise of a device's own
NEVER = 1 << 62
_GRANULE = 256

# By granule of memory: first address, address behind, whether the device may write, first cycle, last cycle of a
# write, last cycle of a read.
_Areas = dict[int, list[tuple[int, int, bool, int, int, int]]]


class RingOrder:
    """Judges one trace.

    Args:
        trace: everything that happened.
        rules: names of those that count; default: all but V-5, which is a device's own promise and no rule of virtio.
        coalesces: the device may tell of a buffer by a notification that comes after another one has told of it: it
            lets them wait for company, or others hold them up on their way. False: whatever was used before a
            notification is told of by it, and the next one needs something that is used later (V-7). Of packed rings
            the first holds in any case, see ``QueueLife.shown_one_by_one``.

    Raises:
        ValueError: there is no rule of that name.
    """

    def __init__(self, trace: RingTrace, rules: Iterable[str] = DEFAULT_RULES, coalesces: bool = True) -> None:
        self.trace, self._coalesces = trace, coalesces
        self._rules = frozenset(rules)
        unknown = self._rules - set(RULES)
        if unknown:
            raise ValueError(f"no rule {', '.join(sorted(unknown))}; there are {', '.join(RULES)}")
        self._findings: list[Finding] = []

    @property
    def compared(self) -> int:
        """Used buffers that were judged; 0 means that nothing was learnt."""
        self.trace.decode()
        return sum(given.used is not None for life in self.trace.lives for given in life.given)

    def judge(self) -> list[Finding]:
        """All findings, in the order of cycles."""
        trace = self.trace
        trace.decode()
        self._findings = list(trace.findings)
        self._writes_by_issue = [write.issued for write in trace.writes]
        self._touched()
        for life in trace.lives:
            looks = _Looks(life, trace.reads)
            for given in life.given:
                if given.used is not None:
                    self._completion(life, given)
                    if given.whole and not life.hostile:
                        self._fetch(life, given, looks)
            self._wishes(life)
            self._sleep(life, looks)
        self._causes()
        found = [finding for finding in self._findings if finding.rule in self._rules]
        return sorted(found, key=lambda finding: finding.cycle)

    def _found(self, rule: str, cycle: int, text: str) -> None:
        self._findings.append(Finding(rule, cycle, text))

    # V-13

    def _touched(self) -> None:
        areas: _Areas = defaultdict(list)

        def allow(
            address: int, length: int, writable: bool, first: int, last: int, last_read: int | None = None
        ) -> None:
            if length <= 0:
                return
            entry = (address, address + length, writable, first, last, last if last_read is None else last_read)
            for granule in range(address // _GRANULE, (address + length - 1) // _GRANULE + 1):
                areas[granule].append(entry)

        for life in self.trace.lives:
            end = NEVER if life.stopped is None else life.stopped
            for address, length, writable in life.areas:
                allow(address, length, writable, life.started, end)
            for given in life.given:
                used = given.used
                last = min(end, used.shown.issued if used else NEVER)
                answered = used.shown.answered if used else None
                last_read = end if used is None else min(end, NEVER if answered is None else answered)
                for part in given.parts:
                    allow(part.address, part.length, part.writable, given.cycle, last, last_read)
                for address, length in given.tables:
                    allow(address, length, False, given.cycle, last, last_read)
        for read in self.trace.reads:
            self._read_allowed(read, areas)
        for write in self.trace.writes:
            self._write_allowed(write, areas)
        for life in self.trace.lives:
            if life.stopped is not None:
                self._ended(life)

    def _read_allowed(self, read: MemoryRead, areas: _Areas) -> None:
        address, word = read.address, read.word
        while address < read.end:
            start = address // word * word
            found = max(
                (
                    last
                    for first, last, _, since, _, until in areas.get(address // _GRANULE, ())
                    if first < start + word and start < last and since <= read.issued <= until
                ),
                default=None,
            )
            if found is None:
                self._found(
                    "V-13",
                    read.issued,
                    f"{read}: {address:#x} belongs to nothing that the driver has announced "
                    f"at that moment{self._explain(address, areas)}",
                )
                return
            # Entries are listed by granule: look again in the next one.
            address = max(start + word, min(found, (address // _GRANULE + 1) * _GRANULE))

    def _write_allowed(self, write: MemoryWrite, areas: _Areas) -> None:
        for address, data in write.runs():
            end = address + len(data)
            while address < end:
                found = max(
                    (
                        last
                        for first, last, writable, since, until, _ in areas.get(address // _GRANULE, ())
                        if writable and first <= address < last and since <= write.issued <= until
                    ),
                    default=None,
                )
                if found is None:
                    self._found(
                        "V-13",
                        write.issued,
                        f"{write}: {address:#x} may not be written at that moment{self._explain(address, areas)}",
                    )
                    return
                address = found

    @staticmethod
    def _explain(address: int, areas: _Areas) -> str:
        for first, last, writable, since, until, _ in areas.get(address // _GRANULE, ()):
            if first <= address < last:
                kind = "writable" if writable else "readable"
                ended = f" to {until}" if until < NEVER else ""
                return f" (it is {kind} from cycle {since}{ended})"
        return ""

    def _ended(self, life: QueueLife) -> None:
        """Nothing of a queue may be in flight when the driver has learnt that it is stopped."""
        assert life.stopped is not None, "only a queue that was stopped has ended"
        areas = [(address, length) for address, length, _ in life.areas]
        for given in life.given:
            if given.used is None:
                areas += [(part.address, part.length) for part in given.parts] + given.tables
        transaction: Any
        for transaction in (*self.trace.reads, *self.trace.writes):
            if transaction.issued > life.stopped or (transaction.answered or NEVER) <= life.stopped:
                continue
            if isinstance(transaction, MemoryWrite):
                hit = any(transaction.touches(address, length) for address, length in areas)
            else:
                hit = any(
                    transaction.address < address + length and address < transaction.end for address, length in areas
                )
            if hit:
                self._found(
                    "V-13",
                    life.stopped,
                    f"queue {life.index}: {transaction} is not answered when the driver learns that "
                    "the queue is stopped, and may use the memory for something else",
                )
                return

    # V-6

    def _completion(self, life: Any, given: Given) -> None:
        used, shown = given.used, given.used.shown
        name = f"queue {life.index}: buffer {given.number}"
        shows = "used index" if isinstance(life, SplitLife) else "used flags"
        place = life.layout.device_area + 2 if isinstance(life, SplitLife) else life.slot(given.position) + 14
        for element in used.elements:
            if element is shown:
                if isinstance(life, PackedLife):
                    continue
                slot = life.layout.device_area + 4 + 8 * (given_used_slot(life, given))
                if slot // shown.word == place // shown.word or slot < place:
                    continue
            elif element.answered is not None and element.answered <= shown.issued:
                continue
            self._found(
                "V-6",
                shown.issued,
                f"{name}: its used element ({element}) is not answered when the {shows} is issued ({shown})",
            )
            break
        if isinstance(life, PackedLife) and shown in used.elements:
            self._one_beat(name, shown)
        first = bisect_left(self._writes_by_issue, given.cycle)
        last = bisect_left(self._writes_by_issue, shown.issued + 1)
        written: list[tuple[int, int]] = []
        for write in self.trace.writes[first:last]:
            if write is shown or write in used.elements:
                continue
            touched = [part for part in given.writable if write.touches(part.address, part.length)]
            if not touched:
                continue
            if write.response == OKAY:
                written += [(address, address + len(data)) for address, data in write.runs()]
            if write.answered is None or write.answered > shown.issued:
                self._found(
                    "V-6",
                    shown.issued,
                    f"{name}: its data ({write}) is not answered when the {shows} is issued ({shown})",
                )
                break
        if used.length is not None and given.whole and not life.hostile:
            self._length(name, given, used.length, written)

    def _one_beat(self, name: str, shown: MemoryWrite) -> None:
        """Length, ID and flags in one write: their order is that of its bytes only within one beat."""
        for address, data in shown.runs():
            if address // shown.word != (address + len(data) - 1) // shown.word and shown.word < 16:
                self._found("V-6", shown.issued, f"{name}: length, ID and flags are in different beats of one {shown}")

    def _length(self, name: str, given: Given, length: int, written: list[tuple[int, int]]) -> None:
        room = sum(part.length for part in given.writable)
        if length > room:
            self._found(
                "V-6", given.used.shown.issued, f"{name}: {length} bytes written, it says, into room for {room}"
            )
            return
        missing = length
        for part in given.writable:
            want = min(part.length, missing)
            start, end = part.address, part.address + want
            for first, last in sorted(written):
                if first <= start < last:
                    start = last
            if start < end:
                self._found(
                    "V-6",
                    given.used.shown.issued,
                    f"{name}: {length} bytes written, it says, but nobody wrote {start:#x} before it was made used",
                )
                return
            missing -= want

    # V-3 and V-5

    def _fetch(self, life: QueueLife, given: Given, looks: "_Looks") -> None:
        name = f"queue {life.index}: buffer {given.number} (position {given.position})"
        shown = given.used.shown
        permit = looks.permit(given)
        if permit is None or permit.since > shown.issued:
            what = "the available index" if isinstance(life, SplitLife) else "its first slot's flags"
            self._found("V-3", shown.issued, f"{name} is made used before a read of {what} that covers it was answered")
            return
        if isinstance(life, SplitLife):
            place = life.entry(given.position)
            if not looks.found(place, 2, permit, shown.issued, lambda read: read.value(place, 2) == given.number):
                early = looks.early(place, 2, given.cycle, permit)
                self._found(
                    "V-3",
                    shown.issued,
                    f"{name}: its ring entry was not read after the available index that covers it "
                    f"(answered in cycle {permit.since}){early}",
                )
                return
        first = bisect_left(self._writes_by_issue, given.cycle)
        last = bisect_left(self._writes_by_issue, shown.issued + 1)
        writes = self.trace.writes[first:last]
        for part in given.parts:
            accessed = part is given.parts[0] or any(write.touches(part.address, part.length) for write in writes)
            if not accessed or not part.length:
                continue
            for where in part.descriptors:
                if not looks.found(where, ENTRY, permit, shown.issued):
                    early = looks.early(where, ENTRY, given.cycle, permit)
                    self._found(
                        "V-3",
                        shown.issued,
                        f"{name}: the descriptor at {where:#x} was not read after what permits it "
                        f"(answered in cycle {permit.since}){early}",
                    )
                    return
        for where in {where for part in given.parts for where in part.descriptors}:
            fetches = [
                read
                for read in looks.at(where, permit.since, shown.issued)
                if read.issued <= shown.issued
                and read.covers(where, ENTRY)
                and (read.answered is None or read.okay(where, ENTRY))
            ]
            if isinstance(life, PackedLife):
                fetches = fetches[1:] if len(fetches) > 1 and fetches[0] is permit.read else fetches
            if len(fetches) > 1:
                self._found(
                    "V-5",
                    fetches[1].issued,
                    f"{name}: the descriptor at {where:#x} is fetched again ({fetches[1]}; first: {fetches[0]})",
                )
                break

    # V-7

    def _wishes(self, life: QueueLife) -> None:
        """Each idle moment: what was made used last was decided on by a wish read after its answer."""
        address, length = life.wish
        wishes = [read for read in self.trace.reads if read.covers(address, length)]
        told = [cycle for cycle, queue in self.trace.notifications if queue in (None, life.index)]
        if not wishes:
            return
        for barrier, previous in self._barriers(life):
            shown = [write for write in life.shown if previous < write.issued <= barrier]
            if not shown:
                continue
            last = max(shown, key=lambda write: write.answered or NEVER)
            if last.answered is None or any(last.answered <= cycle <= barrier for cycle in told):
                continue
            if any(last.answered <= read.issued <= barrier for read in wishes):
                continue
            stale = [read for read in wishes if read.issued < last.answered]
            text = f"; last read of it: {stale[-1]}" if stale else ""
            self._found(
                "V-7",
                last.answered,
                f"queue {life.index}: nobody was told of the {last}, which was answered in cycle "
                f"{last.answered}, and the driver's wish was not read after that{text}",
            )
        # A device that reads wishes decides each notification on one: the n-th comes after the n-th answer.
        answers = sorted(read.answered for read in wishes if read.answered is not None)
        alone = len(self.trace.lives) == 1
        end = NEVER if life.stopped is None else life.stopped
        for count, cycle in enumerate(
            cycle
            for cycle, queue in self.trace.notifications
            if (queue == life.index or alone) and life.started <= cycle <= end
        ):
            pending = [read for read in wishes if read.issued < cycle < (read.answered or NEVER)]
            if pending and bisect_left(answers, cycle + 1) <= count:
                self._found(
                    "V-7",
                    cycle,
                    f"queue {life.index}: notified in cycle {cycle} while the wish is still being read ({pending[0]})",
                )
                break

    def _causes(self) -> None:
        """No notification of a queue before the answer of something used, and none without a cause of its own.

        A cause is a write that makes something used: not a used index that is written again. A device that coalesces,
        and any device of a packed ring, may tell of several by one notification, or of each by its own, as long as it
        is not at rest.
        """
        for life in self.trace.lives:
            answers = sorted(write.answered for write in life.shown if write.answered is not None)
            pending = [write for write in life.shown if write.answered is None]
            rests = sorted(self.trace.barriers)
            position = 0  # of the first cause that nobody was told of since
            settled = 0  # causes that a rest has settled
            told = 0  # notifications since then, but for those that were found wrong
            for cycle, queue in self.trace.notifications:
                if queue != life.index or cycle < life.started or (life.stopped is not None and cycle > life.stopped):
                    continue
                if rests and rests[0] < cycle:
                    rests = rests[bisect_left(rests, cycle) :]
                    settled, told = position, 0
                caused = [answer for answer in answers[position:] if answer <= cycle]
                if caused:
                    position += len(caused)
                    told += 1
                    continue
                early = [write for write in life.shown if write.issued <= cycle < (write.answered or NEVER)]
                if (self._coalesces or life.shown_one_by_one) and told < position - settled:
                    told += 1
                elif early or pending:
                    self._found(
                        "V-7",
                        cycle,
                        f"queue {life.index}: notified in cycle {cycle}, before the answer of the "
                        f"{(early or pending)[0]}",
                    )
                elif not life.hostile:
                    self._found(
                        "V-7",
                        cycle,
                        f"queue {life.index}: notified in cycle {cycle} without a cause: of all that became used, "
                        "the driver was told before",
                    )

    def _barriers(self, life: QueueLife) -> list[tuple[int, int]]:
        """(cycle, cycle of the one before) of the moments at which the device was surely at rest."""
        end = NEVER if life.stopped is None else life.stopped
        cycles = [cycle for cycle in sorted(self.trace.barriers) if life.started <= cycle < end]
        return list(zip(cycles, [0, *cycles]))

    # V-9

    def _sleep(self, life: QueueLife, looks: "_Looks") -> None:
        settled = dict(self.trace.final.get(life, ()))
        for barrier, previous in self._barriers(life):
            arming = [write for write in life.arming if previous < write.issued <= barrier]
            seen = [read for read in looks.looks if read.issued <= barrier]
            if arming:
                last = arming[-1]
                if last.answered is not None and not any(read.issued >= last.answered for read in seen):
                    self._found(
                        "V-9",
                        last.answered,
                        f"queue {life.index}: asked for kicks ({last}, answered in cycle "
                        f"{last.answered}) and did not look again for what came before",
                    )
            if not settled.get(barrier, True):
                shown = [write.answered or NEVER for write in life.shown if write.issued <= barrier]
                rest = max(shown, default=life.started)
                if rest < NEVER and not any(read.issued > (rest + barrier) // 2 for read in seen):
                    self._found(
                        "V-9",
                        barrier,
                        f"queue {life.index}: the device sleeps, and the driver of one more buffer would not kick",
                    )


def given_used_slot(life: SplitLife, given: Given) -> int:
    """Slot of the used element that names a buffer, for the elements that its own write covers."""
    place = life.layout.device_area + 4
    for slot in range(life.layout.size):
        if given.used.shown.covers(place + 8 * slot, 4) and given.used.shown.value(place + 8 * slot, 4) == given.number:
            return slot
    return 0


class _Permit:
    """From when on a buffer may be fetched.

    Attributes:
        since: cycle of the answer; read: what was answered, None for a kick's promise; place: address of what was read.
    """

    __slots__ = ("since", "read", "place")

    def __init__(self, since: int, read: MemoryRead | None = None, place: int = 0) -> None:
        self.since, self.read, self.place = since, read, place


class _Looks:
    """Reads of one queue's life, found by address."""

    def __init__(self, life: QueueLife, reads: list[MemoryRead]) -> None:
        self._life = life
        end = NEVER if life.stopped is None else life.stopped
        self._by_word: dict[int, list[MemoryRead]] = defaultdict(list)
        for read in reads:
            if life.started <= read.issued <= end and read.length <= 1 << 16:
                for word in range(read.address // ENTRY, (read.end - 1) // ENTRY + 1):
                    self._by_word[word].append(read)
        self.looks = self._find_looks()
        self._answered = sorted((read for read in self.looks if read.answered is not None), key=attrgetter("answered"))

    def at(self, address: int, since: int = 0, until: int = NEVER) -> Iterator[MemoryRead]:
        """Reads of the 16 bytes around an address that were issued in this time, in order."""
        reads = self._by_word.get(address // ENTRY, [])
        for index in range(bisect_left(reads, since, key=lambda read: read.issued), len(reads)):
            if reads[index].issued > until:
                return
            yield reads[index]

    def _find_looks(self) -> list[MemoryRead]:
        life = self._life
        if isinstance(life, SplitLife):
            address, length = life.look
            return [read for read in self.at(address) if read.covers(address, length)]
        ring = range(life.layout.descriptor_area // ENTRY, life.layout.descriptor_area // ENTRY + life.layout.size)
        found = {id(read): read for word in ring for read in self._by_word.get(word, ())}
        return sorted(found.values(), key=lambda read: read.issued)

    def permit(self, given: Given) -> _Permit | None:
        """The earliest answer, or kick, that makes a buffer known to the device."""
        life: Any = self._life
        best: _Permit | None = None
        covers: Callable[[Given, int], bool]
        if isinstance(life, SplitLife):
            place = life.look[0]
            covers = self._covers_index
        else:
            place = life.slot(given.position) + 14
            covers = self._covers_slot
        first = bisect_left(self._answered, given.cycle, key=attrgetter("answered"))
        for index in range(first, len(self._answered)):
            read: Any = self._answered[index]
            if best is not None and read.answered > best.since + 256:  # longer than any burst
                break
            if read.covers(place, 2) and read.okay(place, 2) and covers(given, read.value(place, 2)):
                answered = read.answered_at(place, 2)
                if answered >= given.cycle and (best is None or answered < best.since):
                    best = _Permit(answered, read, place)
        if life.notification_data:
            for cycle, value in life.kicks:
                if cycle >= given.cycle and self._promised(given, value >> 16) and (best is None or cycle < best.since):
                    best = _Permit(cycle)
        return best

    def _covers_index(self, given: Given, value: int) -> bool:
        return (value - given.position - 1) % WRAP < self._life.layout.size

    def _covers_slot(self, given: Given, flags: int) -> bool:
        assert isinstance(self._life, PackedLife)
        return self._life.is_available(given.position, flags)

    def _promised(self, given: Given, index: int) -> bool:
        life = self._life
        if isinstance(life, SplitLife):
            return (index - given.position - 1) % WRAP < life.layout.size
        size = life.layout.size
        slots = (index & 0x7FFF) + (0 if index >> 15 else size)
        return 0 < (slots - given.position) % (2 * size) <= size

    def found(
        self,
        address: int,
        length: int,
        permit: _Permit,
        until: int,
        right: Callable[[MemoryRead], bool] | None = None,
    ) -> bool:
        """Whether all these bytes were read after a permit, or in the very beat that gave it, and answered in time."""
        missing = set(range(address, address + length))
        since = permit.since if permit.read is None else min(permit.since, permit.read.issued)
        reads: Iterable[MemoryRead] = self.at(address, since, until)
        if address % ENTRY + length > ENTRY:
            reads = [*reads, *self.at(address + length - 1, since, until)]
        for read in reads:
            if right is not None and not (read.covers(address, length) and read.data and right(read)):
                continue
            if read.issued >= permit.since:
                usable = set(range(read.address, read.end))
            elif read is permit.read:
                start = permit.place // read.word * read.word
                usable = set(range(max(start, read.address), min(start + read.word, read.end)))
            else:
                continue
            hit = missing & usable
            if read.response >= SLVERR:
                hit = {byte for byte in hit if read.okay(byte)}
            if hit and (read.answered_at(max(hit)) or NEVER) <= until:
                missing -= hit
                if not missing:
                    return True
        return False

    def early(self, address: int, length: int, since: int, permit: _Permit) -> str:
        """Words about a read that came too early."""
        for read in reversed(list(self.at(address, 0, permit.since))):
            if read.issued < permit.since and read.address < address + length and address < read.end:
                return f", only before ({read})"
        return ""
