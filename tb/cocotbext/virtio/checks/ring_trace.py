# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What driver and device did to the queues, decoded from memory traffic and announcements. Knows no simulator.

The driver's side comes from its own writes to memory, the device's side from the transactions of its memory port.
Nothing is judged here but what cannot be decoded.

In one cycle: the driver acts behind the clock edge -> the device's accesses of that cycle came first.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from cocotbext.virtio.memory_transactions import MemoryRead, MemoryWrite
from cocotbext.virtio.rings.layout import DescriptorFlag, QueueLayout, RingFeature
from cocotbext.virtio.rings.memory import Memory

ENTRY = 16  # bytes of a descriptor
WRAP = 1 << 16
_NEXT, _WRITE, _INDIRECT = int(DescriptorFlag.NEXT), int(DescriptorFlag.WRITE), int(DescriptorFlag.INDIRECT)
_AVAIL, _USED = int(DescriptorFlag.AVAIL), int(DescriptorFlag.USED)


@dataclass(frozen=True)
class Finding:
    """A rule that the trace breaks.

    Attributes:
        rule: the requirement, such as ``V-6``; cycle: in which it shows; text: what was seen, with names and numbers.
    """

    rule: str
    cycle: int
    text: str

    def __str__(self) -> str:
        return f"cycle {self.cycle}: {self.rule}: {self.text}"


@dataclass(eq=False)
class Part:
    """One piece of a buffer: where it is, and where its descriptors are (its own one last)."""

    address: int
    length: int
    writable: bool
    descriptors: tuple[int, ...]


@dataclass(eq=False)
class Given:
    """A buffer that the driver made available.

    Attributes:
        number: head index (split) or buffer ID (packed).
        position: place in the available ring, or slot, counted from the queue's start.
        slots: what it takes of the ring.
        cycle: when the driver made it available.
        parts: in the order of the chain; tables: (address, length) of indirect tables.
        whole: False when the chain is not one that a driver may make.
        used: what made it used, None while the device has it.
    """

    number: int
    position: int
    cycle: int
    slots: int = 1
    parts: list[Part] = field(default_factory=list)
    tables: list[tuple[int, int]] = field(default_factory=list)
    whole: bool = True
    used: Any = None  # a Used; None until the buffer is given back

    @property
    def writable(self) -> list[Part]:
        """Parts that the device may write."""
        return [part for part in self.parts if part.writable]


@dataclass(eq=False)
class Used:
    """A buffer made used.

    Attributes:
        shown: the write that makes it visible: of the used index (split) or of the first slot's flags (packed).
        length: bytes written as the device says, None where the used element says nothing.
        elements: writes of what has to be there before.
    """

    shown: MemoryWrite
    length: int | None
    elements: list[MemoryWrite]


class QueueLife:
    """A queue from QueueReady = 1 to its end. Subclasses: one a kind of ring.

    Args:
        index: number of the queue; cycle: of its start; layout, features: what driver and device agreed on.
        memory: what the driver has written so far.
        report: called with a :class:`Finding` for what cannot be.

    Attributes:
        shown_one_by_one: a buffer can be seen used before the device has come to decide on a notification of it. By
            then another notification may have told of it, and the device cannot know: there may be one for each.
    """

    shown_one_by_one = False

    def __init__(
        self,
        index: int,
        cycle: int,
        layout: QueueLayout,
        features: int,
        memory: Memory,
        report: Callable[[Finding], None],
    ) -> None:
        self.index, self.started, self.layout = index, cycle, layout
        self.stopped: int | None = None
        self.event_idx = RingFeature.EVENT_IDX.within(features)
        self.in_order = RingFeature.IN_ORDER.within(features)
        self.notification_data = RingFeature.NOTIFICATION_DATA.within(features)
        self.given: list[Given] = []
        self.hostile = False  # the driver did what no driver may do: what follows from it is not judged
        self.kicks: list[tuple[int, int]] = []  # cycle, value
        self.shown: list[MemoryWrite] = []  # writes that made buffers used
        self.moves: list[tuple[MemoryWrite, int, int]] = []  # the same, with the used positions before and behind
        self.wishes: list[tuple[int, int]] = []  # cycle, content of the wish; what was there at the start first
        self.arming: list[MemoryWrite] = []  # writes that ask for kicks
        self._memory, self._report = memory, report
        self._out: dict[int, Given] = {}
        self._order: list[Given] = []  # available, not used, oldest first

    # Areas; (address, length)

    @property
    def areas(self) -> list[tuple[int, int, bool]]:
        """(address, length, whether the device may write) of the queue's own memory."""
        raise NotImplementedError

    @property
    def look(self) -> tuple[int, int]:
        """What a device reads to see whether there is more, for the next buffer that the driver will make."""
        raise NotImplementedError

    @property
    def wish(self) -> tuple[int, int]:
        """Where the driver says of what it wants to hear."""
        raise NotImplementedError

    @property
    def armed(self) -> tuple[int, int]:
        """Where the device says of what it wants to hear."""
        raise NotImplementedError

    def driver_wrote(self, cycle: int, address: int, length: int) -> None:
        """The driver has written to memory."""
        raise NotImplementedError

    def note_wish(self, cycle: int, address: int, length: int) -> None:
        """The driver has written to memory: its wish may be another one."""
        place, size = self.wish
        if address < place + size and place < address + length:
            self.wishes.append((cycle, self._number(place, size)))

    def wanted(self, wish: int, old: int, new: int) -> bool:
        """Whether a wish calls for a notification when the used position moves from *old* to *new*."""
        raise NotImplementedError

    def device_wrote(self, write: MemoryWrite) -> None:
        """The device issued a write; called in the order of issue."""
        raise NotImplementedError

    def is_armed(self, memory: Memory) -> bool:
        """Whether a driver that makes one more buffer available would kick, as memory is now."""
        raise NotImplementedError

    @property
    def outstanding(self) -> list[Given]:
        """Buffers that the device has, oldest first."""
        return self._order

    def _give(self, given: Given) -> None:
        self.given.append(given)
        self._out[given.number] = given
        self._order.append(given)

    def _take_back(self, number: int, used: Used) -> Given | None:
        given = self._out.pop(number, None)
        if given is None:
            if not self.hostile:
                self._report(
                    Finding(
                        "V-2",
                        used.shown.issued,
                        f"queue {self.index}: buffer {number} is made used, but the device "
                        f"does not have it ({used.shown})",
                    )
                )
            return None
        given.used = used
        self._order.remove(given)
        return given

    def _number(self, address: int, size: int) -> int:
        return int.from_bytes(self._memory.read(address, size), "little")

    def _table(self, given: Given, address: int, length: int, path: tuple[int, ...], linked: bool) -> None:
        """The parts that an indirect table holds."""
        given.tables.append((address, length))
        entries, index = length // ENTRY, 0
        if not length or length % ENTRY:
            given.whole = False
            return
        for _ in range(min(entries, self.layout.size)):
            where = address + ENTRY * index
            target, size, third, fourth = self._descriptor(where)
            flags = third if linked else fourth
            if flags & _INDIRECT and linked:
                given.whole = False
                return
            path = (*path, where)
            given.parts.append(Part(target, size, bool(flags & _WRITE), path))
            if linked:
                if not flags & _NEXT:
                    return
                index = fourth
                if index >= entries:
                    break
            else:
                index += 1
                if index == entries:
                    return
        given.whole = False

    def _descriptor(self, address: int) -> tuple[int, int, int, int]:
        """Address, length and the two last fields: flags, next (split) or ID, flags (packed)."""
        raw = self._number(address, ENTRY)
        return raw & (1 << 64) - 1, raw >> 64 & 0xFFFF_FFFF, raw >> 96 & 0xFFFF, raw >> 112


class SplitLife(QueueLife):
    """A split queue; see QueueLife for the arguments."""

    def __init__(
        self,
        index: int,
        cycle: int,
        layout: QueueLayout,
        features: int,
        memory: Memory,
        report: Callable[[Finding], None],
    ) -> None:
        super().__init__(index, cycle, layout, features, memory, report)
        self.available = 0  # positions, counted from the start
        self.used = 0
        self._elements: dict[int, list[MemoryWrite]] = {}  # slot -> writes of its used element since it was last shown
        self._flags = 0  # used.flags as the device wrote them

    @property
    def areas(self) -> list[tuple[int, int, bool]]:
        size, table, driver, device = self.layout
        return [(table, ENTRY * size, False), (driver, 6 + 2 * size, False), (device, 6 + 8 * size, True)]

    @property
    def look(self) -> tuple[int, int]:
        return self.layout.driver_area + 2, 2

    @property
    def wish(self) -> tuple[int, int]:
        driver, size = self.layout.driver_area, self.layout.size
        return (driver + 4 + 2 * size, 2) if self.event_idx else (driver, 2)

    @property
    def armed(self) -> tuple[int, int]:
        device, size = self.layout.device_area, self.layout.size
        return (device + 4 + 8 * size, 2) if self.event_idx else (device, 2)

    def entry(self, position: int) -> int:
        """Address of the available ring's entry for a position."""
        return self.layout.driver_area + 4 + 2 * (position % self.layout.size)

    def wanted(self, wish: int, old: int, new: int) -> bool:
        if not self.event_idx:
            return not wish & 1
        return (new - wish - 1) % WRAP < new - old

    def is_armed(self, memory: Memory) -> bool:
        value = int.from_bytes(memory.read(self.armed[0], 2), "little")
        return value == self.available % WRAP if self.event_idx else not value & 1

    def driver_wrote(self, cycle: int, address: int, length: int) -> None:
        place = self.layout.driver_area + 2
        if address + length <= place or address >= place + 2:
            return
        moved = (self._number(place, 2) - self.available) % WRAP
        if moved > self.layout.size:
            self.hostile = True
            return
        for _ in range(moved):
            self._give(self._chain(self._number(self.entry(self.available), 2), cycle))
            self.available += 1

    def _chain(self, head: int, cycle: int) -> Given:
        given = Given(head, self.available, cycle)
        if head in self._out:
            self.hostile = True
        index = head
        path: tuple[int, ...] = ()
        for _ in range(self.layout.size):
            if index >= self.layout.size:
                break
            where = self.layout.descriptor_area + ENTRY * index
            path = (*path, where)
            target, size, flags, following = self._descriptor(where)
            if flags & _INDIRECT:
                self._table(given, target, size, path, linked=True)
                given.whole = given.whole and not flags & _NEXT
                return given
            given.parts.append(Part(target, size, bool(flags & _WRITE), path))
            if not flags & _NEXT:
                return given
            index = following
        given.whole = False
        return given

    def device_wrote(self, write: MemoryWrite) -> None:
        size, _, _, device = self.layout
        if not write.touches(device, 6 + 8 * size):
            return
        for address, data in write.runs():
            first, last = (
                max(0, (address - device - 4) // 8),
                min(size - 1, (address + len(data) - 1 - device - 4) // 8),
            )
            if address + len(data) > device + 4:
                for slot in range(first, last + 1):
                    self._elements.setdefault(slot, []).append(write)
        if write.covers(device + 2, 2):
            self._moved(write, write.value(device + 2, 2))
        if self.event_idx:
            if write.touches(*self.armed):
                self.arming.append(write)
        elif write.covers(device, 2):
            before, self._flags = self._flags, write.value(device, 2)
            if before & 1 and not self._flags & 1:
                self.arming.append(write)

    def _moved(self, write: MemoryWrite, value: int) -> None:
        moved = (value - self.used) % WRAP
        if not moved:
            return
        if moved > len(self._order):
            if not self.hostile:
                self._report(
                    Finding(
                        "V-14",
                        write.issued,
                        f"queue {self.index}: the used index moves by {moved} to {value}, but "
                        f"the device has {len(self._order)} buffers ({write})",
                    )
                )
            self.hostile = True  # nothing can be decoded from here on
            return
        self.shown.append(write)
        self.moves.append((write, self.used, self.used + moved))
        for _ in range(moved):
            slot = self.used % self.layout.size
            self.used += 1
            written = self._elements.pop(slot, [])
            place = self.layout.device_area + 4 + 8 * slot
            number, length = (self._last(written, place + 4 * half) for half in (0, 1))
            if number is None:
                if self.in_order and (self.used != value or moved > 1) and self._order:
                    skipped = self._order[0]  # completely used, says an element behind (SPLIT-25)
                    self._take_back(skipped.number, Used(write, None, []))
                else:
                    self._report(
                        Finding(
                            "V-6",
                            write.issued,
                            f"queue {self.index}: the used index becomes {value}, but used element "
                            f"{slot} was not written ({write})",
                        )
                    )
                    if self._order:
                        self._take_back(self._order[0].number, Used(write, None, []))
                continue
            needed = [each for each in written if each.touches(place, 8)]
            self._take_back(number, Used(write, length, needed))

    @staticmethod
    def _last(writes: list[MemoryWrite], address: int) -> int | None:
        for write in reversed(writes):
            if write.covers(address, 4):
                return write.value(address, 4)
        return None


class PackedLife(QueueLife):
    """A packed queue. Positions count slots from the start; position divided by the size gives the lap.
    See QueueLife for the arguments."""

    shown_one_by_one = True  # by its own flags; in a split ring, by the used index that the device decides on

    def __init__(
        self,
        index: int,
        cycle: int,
        layout: QueueLayout,
        features: int,
        memory: Memory,
        report: Callable[[Finding], None],
    ) -> None:
        super().__init__(index, cycle, layout, features, memory, report)
        self.available = 0
        self.used = 0
        self._slots: dict[int, list[MemoryWrite]] = {}  # slot -> the device's writes since it was last shown
        self.armed_value = 0

    @property
    def areas(self) -> list[tuple[int, int, bool]]:
        size, ring, driver, device = self.layout
        return [(ring, ENTRY * size, True), (driver, 4, False), (device, 4, True)]

    @property
    def look(self) -> tuple[int, int]:
        return self.slot(self.available) + 14, 2

    @property
    def wish(self) -> tuple[int, int]:
        return self.layout.driver_area, 4

    @property
    def armed(self) -> tuple[int, int]:
        return self.layout.device_area, 4

    def slot(self, position: int) -> int:
        """Address of the slot of a position."""
        return self.layout.descriptor_area + ENTRY * (position % self.layout.size)

    def is_available(self, position: int, flags: int) -> bool:
        """Whether these flags in the slot of a position make it available."""
        wrap = not position // self.layout.size % 2
        return bool(flags & _AVAIL) == wrap and bool(flags & _USED) != wrap

    def wanted(self, wish: int, old: int, new: int) -> bool:
        flags, size = wish >> 16 & 3, self.layout.size
        if flags != 2 or not self.event_idx:
            return flags != 1
        place = (wish & 0x7FFF) + (0 if wish >> 15 & 1 else size)
        return (place - old) % (2 * size) < new - old

    def is_armed(self, memory: Memory) -> bool:
        raw = int.from_bytes(memory.read(self.layout.device_area, 4), "little")
        flags, place = raw >> 16 & 3, raw & 0xFFFF
        if flags == 2:
            size = self.layout.size
            return place == self.available % size | (not self.available // size % 2) << 15
        return flags != 1

    def driver_wrote(self, cycle: int, address: int, length: int) -> None:
        ring, size = self.layout.descriptor_area, ENTRY * self.layout.size
        if address + length <= ring or address >= ring + size:
            return
        while True:
            if sum(given.slots for given in self._order) >= self.layout.size:
                return
            *_, flags = self._descriptor(self.slot(self.available))
            if not self.is_available(self.available, flags):
                return
            given = self._chain(cycle)
            if given.number in self._out:
                self.hostile = True
            self._give(given)
            self.available += given.slots

    def _chain(self, cycle: int) -> Given:
        given = Given(0, self.available, cycle)
        path: tuple[int, ...] = ()
        for count in range(self.layout.size):
            position = self.available + count
            where = self.slot(position)
            path = (*path, where)
            target, size, given.number, flags = self._descriptor(where)
            given.slots = count + 1
            if not self.is_available(position, flags):
                given.whole = False  # a slot in mid-chain that is not available
                return given
            if flags & _INDIRECT:
                given.whole = not flags & _NEXT and not count
                self._table(given, target, size, path, linked=False)
                return given
            given.parts.append(Part(target, size, bool(flags & _WRITE), path))
            if not flags & _NEXT:
                return given
        given.whole = False
        return given

    def device_wrote(self, write: MemoryWrite) -> None:
        ring, size = self.layout.descriptor_area, self.layout.size
        if write.touches(ring, ENTRY * size):
            for address, data in write.runs():
                for slot in range(
                    max(0, (address - ring) // ENTRY), min(size, -(-(address + len(data) - ring) // ENTRY))
                ):
                    if write.touches(ring + ENTRY * slot, ENTRY):
                        self._slots.setdefault(slot, []).append(write)
            if write.touches(self.slot(self.used), ENTRY):
                self._walk(write)
        if write.touches(*self.armed):
            self.arming.append(write)

    def _walk(self, write: MemoryWrite) -> None:
        """The next slot that the driver looks at was written: all that it can find from there on is used."""
        before = self.used
        self._walk_on(write)
        if self.used != before:
            self.moves.append((write, before, self.used))

    def _walk_on(self, write: MemoryWrite) -> None:
        first = True
        while self._order:
            slot = self.used % self.layout.size
            place = self.slot(self.used)
            written = self._slots.get(slot, [])
            flags = _last_number(written, place + 14, 2)
            if flags is None:
                return
            wrap = not self.used // self.layout.size % 2
            if bool(flags & _USED) != wrap or bool(flags & _AVAIL) != wrap:
                if first and write.covers(place + 14, 2):
                    self._report(
                        Finding(
                            "V-14",
                            write.issued,
                            f"queue {self.index}: slot {slot} is written with AVAIL and USED "
                            f"{flags >> 7 & 1}{flags >> 15}, used is {int(wrap)}{int(wrap)} ({write})",
                        )
                    )
                return
            del self._slots[slot]
            number = _last_number(written, place + 12, 2)
            length = _last_number(written, place + 8, 4) if flags & _WRITE else 0
            if first:
                self.shown.append(write)
                first = False
            if number is None:
                self._report(
                    Finding(
                        "V-6",
                        write.issued,
                        f"queue {self.index}: slot {slot} is made used without its buffer ID ({write})",
                    )
                )
                number = self._order[0].number
            if self.in_order and number in self._out:
                while self._order and self._order[0].number != number:
                    skipped = self._order[0]
                    self._take_back(skipped.number, Used(write, None, []))
                    self.used += skipped.slots
            given = self._take_back(number, Used(write, length, written))
            if given is None:
                return
            self.used += given.slots


def _last_number(writes: list[MemoryWrite], address: int, size: int) -> int | None:
    """The number last written to an address by one of *writes*, None without."""
    for write in reversed(writes):
        if write.covers(address, size):
            return write.value(address, size)
    return None


class RingTrace:
    """Collects what happened; :meth:`decode` puts it in order and decodes it.

    Cycles of driver actions: those in which the action began, but the end of a stop or a reset; a device may react to
    anything that has begun.
    """

    def __init__(self) -> None:
        self.reads: list[MemoryRead] = []
        self.writes: list[MemoryWrite] = []
        self.notifications: list[tuple[int, int | None]] = []
        self.barriers: list[int] = []
        self.findings: list[Finding] = []
        self.lives: list[QueueLife] = []
        self.final: dict[QueueLife, list[tuple[int, bool]]] = {}
        self.log: Callable[[str, dict[str, Any]], None] | None = None  # called with every step, as ring_log names them
        self._steps: list[tuple[int, int, str, tuple[Any, ...]]] = []
        self._decoded = False

    def _step(self, cycle: int, name: str, *details: object) -> None:
        self._steps.append((cycle, len(self._steps), name, details))

    def _tell(self, kind: str, **fields: object) -> None:
        if self.log is not None:
            self.log(kind, fields)

    def queue_start(self, cycle: int, queue: int, layout: QueueLayout, features: int) -> None:
        """QueueReady is written 1, or DRIVER_OK for a queue that is ready: whichever comes last."""
        self._step(cycle, "start", queue, layout, features)
        self._tell("QueueStarted", cycle=cycle, queue=queue, layout=layout, features=features)

    def queue_stop(self, cycle: int, queue: int) -> None:
        """The driver has learnt that the queue is stopped: QueueReady, or Status, was read as 0."""
        self._step(cycle, "stop", queue)
        self._tell("QueueStopped", cycle=cycle, queue=queue)

    def stop_all(self, cycle: int) -> None:
        """The driver has learnt that the device is reset."""
        self._step(cycle, "stop", None)
        self._tell("QueueStopped", cycle=cycle, queue=None)

    def driver_wrote(self, cycle: int, address: int, data: bytes) -> None:
        """The driver wrote to memory."""
        self._step(cycle, "wrote", address, bytes(data))
        self._tell("DriverWrote", cycle=cycle, address=address, data=bytes(data))

    def kick(self, cycle: int, queue: int, value: int) -> None:
        """The driver writes QueueNotify."""
        self._step(cycle, "kick", queue, value)
        self._tell("Kicked", cycle=cycle, queue=queue, data=value)

    def notified(self, cycle: int, queue: int | None, **how: int) -> None:
        """The line rose, or a message was presented; *queue* None when it may concern any. *how* is for the log alone:
        address, data and vector of a message."""
        self.notifications.append((cycle, queue))
        self._tell("Notified", cycle=cycle, queue=queue, **how)

    def settled(self, cycle: int) -> None:
        """The driver has waited so long that the device must have done all that it is going to do."""
        self._step(cycle, "settled")
        self._tell("Settled", cycle=cycle)

    def read(self, transaction: MemoryRead) -> None:
        """A read of the device, answered or not."""
        self.reads.append(transaction)
        if self.log is not None:
            self._tell("MemoryRead", **asdict(transaction))

    def write(self, transaction: MemoryWrite) -> None:
        """A write of the device, answered or not."""
        self.writes.append(transaction)
        if self.log is not None:
            self._tell("MemoryWrite", **asdict(transaction))

    def decode(self) -> None:
        """Decode everything; once."""
        if self._decoded:
            return
        self._decoded = True
        self.reads.sort(key=lambda read: read.issued)
        self.writes.sort(key=lambda write: write.issued)
        self.notifications.sort(key=lambda notification: notification[0])
        steps = [(cycle, 1, number, name, details) for cycle, number, name, details in self._steps]
        steps += [(write.issued, 0, number, "device", (write,)) for number, write in enumerate(self.writes)]
        steps.sort(key=lambda step: step[:3])
        driver, both = Memory(), Memory()  # what the driver wrote, and what all wrote
        running: dict[int, QueueLife] = {}
        for cycle, _, _, name, details in steps:
            if name == "wrote":
                address, data = details
                driver.write(address, data)
                both.write(address, data)
                for life in running.values():
                    life.driver_wrote(cycle, address, len(data))
                    life.note_wish(cycle, address, len(data))
            elif name == "device":
                for address, data in details[0].runs():
                    if address + len(data) <= 1 << 64:
                        both.write(address, data)
                for life in running.values():
                    life.device_wrote(details[0])
            elif name == "start":
                queue, layout, features = details
                kind = PackedLife if RingFeature.RING_PACKED.within(features) else SplitLife
                life = running[queue] = kind(queue, cycle, layout, features, driver, self.findings.append)
                self.lives.append(life)
                for address, length, _ in life.areas[:2]:  # buffers may have been made before
                    life.driver_wrote(cycle, address, length)
                life.note_wish(cycle, *life.wish)
            elif name == "stop":
                for queue in [details[0]] if details[0] is not None else list(running):
                    if queue in running:
                        running.pop(queue).stopped = cycle
            elif name == "kick":
                queue, value = details
                if queue in running:
                    running[queue].kicks.append((cycle, value))
            elif name == "settled":
                self.barriers.append(cycle)
                for life in running.values():
                    idle = not life.outstanding
                    self.final.setdefault(life, []).append((cycle, life.is_armed(both) if idle else True))
