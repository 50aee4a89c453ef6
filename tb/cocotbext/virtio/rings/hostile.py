# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Drivers that break the rules of a queue: a catalogue with the fault that each case must cause, and sudden changes.

::

    for case in CATALOGUE:
        if case.fits(queue):
            case.apply(queue, rng)      # a buffer that is wrong is available now
            # kick; the device stops with case.code, or serves it where case.code is None
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from cocotbext.virtio.rings.driver_queue import ENTRY, INDIRECT, NEXT, WRITE, Buffer, DriverQueue
from cocotbext.virtio.rings.fault import FaultCode
from cocotbext.virtio.rings.layout import DescriptorFlag, QueueLayout
from cocotbext.virtio.rings.memory import MemoryAccess, WatchedMemory
from cocotbext.virtio.rings.packed_driver import PackedDriverQueue
from cocotbext.virtio.rings.split_driver import SplitDriverQueue


@dataclass(frozen=True)
class Surroundings:
    """What the cases must know of the device and its memory.

    Args:
        address_bits: width of the device's addresses.
        hole: an address, aligned to 16, at which no memory answers; None: the memory has no hole.
    """

    address_bits: int = 64
    hole: int | None = None


@dataclass(frozen=True)
class HostileCase:
    """One way to break a rule of a queue, or to do something odd that breaks none.

    Attributes:
        name: in words.
        code: the fault that a device must report; None: no fault, the device serves the buffer.
        split, packed: kinds of queue that it exists for.
        indirect: True: only where INDIRECT_DESC was accepted, False: only where not, None: always.
        least_size: entries that the queue must have.
        hole: whether it needs a hole in the memory.
    """

    name: str
    code: FaultCode | None
    action: Callable[[Any, random.Random, Surroundings], None]  # for a queue that the case exists for
    split: bool = True
    packed: bool = True
    indirect: bool | None = None
    least_size: int = 1
    hole: bool = False

    def fits(self, queue: DriverQueue, around: Surroundings = Surroundings()) -> bool:
        """Whether the case exists for this queue."""
        kind = self.packed if isinstance(queue, PackedDriverQueue) else self.split
        wanted = self.indirect is None or self.indirect == queue.indirect
        return kind and wanted and queue.size >= self.least_size and (around.hole is not None or not self.hole)

    def apply(self, queue: DriverQueue, rng: random.Random, around: Surroundings = Surroundings()) -> None:
        """Make the wrong buffer available; the device must have given back everything before."""
        self.action(queue, rng, around)


@dataclass(frozen=True)
class HostileLayout:
    """A layout that no driver may announce: the device stops with *code* when the queue starts."""

    name: str
    code: FaultCode
    layout: QueueLayout


_Queue = TypeVar("_Queue", bound=DriverQueue)
_Action = Callable[[_Queue, random.Random, Surroundings], None]

CATALOGUE: list[HostileCase] = []


def _case(
    name: str,
    code: FaultCode | None,
    *,
    split: bool = True,
    packed: bool = True,
    indirect: bool | None = None,
    least_size: int = 1,
    hole: bool = False,
) -> Callable[[_Action[_Queue]], _Action[_Queue]]:
    def add(action: _Action[_Queue]) -> _Action[_Queue]:
        CATALOGUE.append(HostileCase(name, code, action, split, packed, indirect, least_size, hole))
        return action

    return add


def hostile_layouts(good: QueueLayout, packed: bool, address_bits: int = 64) -> Iterator[HostileLayout]:
    """Every way to announce a queue wrongly, one wrong number each."""
    alignments = {"descriptor": 16, "driver": 4 if packed else 2, "device": 4}
    for area, alignment in alignments.items():
        name = f"{area}_area"
        for offset in (1, alignment // 2):
            wrong = good._replace(**{name: getattr(good, name) + offset})
            yield HostileLayout(f"{area} area {offset} bytes off its alignment", FaultCode.ALIGNMENT, wrong)
        if address_bits < 64 or not packed or area == "descriptor":
            beyond = (1 << address_bits) - (16 if good.size > 1 or area != "descriptor" else 0)
            if beyond < 1 << 64 and (area == "descriptor" and good.size > 1):
                wrong = good._replace(**{name: beyond})
                yield HostileLayout(f"{area} area beyond the last address", FaultCode.ADDRESS, wrong)
    for size in (0, 32769, 65535) if packed else (0, 3, 6, 65536):
        yield HostileLayout(f"{size} entries", FaultCode.ALIGNMENT, good._replace(size=size))


# Tools.


def _patch(queue: DriverQueue, where: int, **fields: int) -> None:
    """Overwrite fields of a descriptor: address, length, flags, next (split) or number (packed)."""
    packed = isinstance(queue, PackedDriverQueue)
    places = {"address": (0, 8), "length": (8, 4), "flags": (14, 2) if packed else (12, 2)}
    places |= {"number": (12, 2)} if packed else {"next": (14, 2)}
    for name, value in fields.items():
        offset, size = places[name]
        queue.memory.write(where + offset, value.to_bytes(size, "little"))


def _flags(queue: DriverQueue, buffer: Buffer, index: int, where: int, add: int = 0, remove: int = 0) -> None:
    """Change the flags of a descriptor of a buffer that is not published yet."""
    packed = isinstance(queue, PackedDriverQueue)
    if (
        isinstance(queue, PackedDriverQueue)
        and index == 0
        and where == queue.layout.descriptor_area + ENTRY * buffer.descriptors[0]
    ):
        queue.hold_back(buffer, queue.held_back(buffer) & ~remove | add)
        return
    offset = 14 if packed else 12
    old = int.from_bytes(queue.memory.read(where + offset, 2), "little")
    _patch(queue, where, flags=old & ~remove | add)


def _chain(queue: DriverQueue, parts: int, indirect: bool = False, writable: int = 0) -> Buffer:
    """A good chain of *parts*, the last *writable* of them to write; not published."""
    readable = [bytes([0x10 + index % 64]) * 8 for index in range(parts - writable)]
    return queue.add(readable, [8] * writable, indirect=indirect, publish=False)


# 1, 2: the available ring.


@_case("available index too far ahead", FaultCode.AVAILABLE_INDEX, packed=False)
def _far_ahead(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    queue.set_available(queue.published + rng.randint(queue.size + 1, 0xFFFF))


@_case("available index one too far ahead", FaultCode.AVAILABLE_INDEX, packed=False)
def _just_ahead(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    queue.set_available(queue.published + queue.size + 1)


@_case("available index goes back", FaultCode.AVAILABLE_INDEX, packed=False)
def _goes_back(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    queue.set_available(queue.published + 0xFFFF)


@_case("head beyond the table", FaultCode.HEAD, packed=False)
def _bad_head(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    queue.offer(rng.choice([queue.size, 0xFFFF, rng.randint(queue.size, 0xFFFF)]))


# 3, 4: where a chain goes.


@_case("next beyond the table", FaultCode.NEXT, packed=False, least_size=2)
def _bad_next(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 2)
    _patch(queue, queue.descriptor(buffer), next=rng.choice([queue.size, 0xFFFF, rng.randint(queue.size, 0xFFFF)]))
    queue.publish()


@_case("next right behind the table", FaultCode.NEXT, packed=False, least_size=2)
def _next_at_end(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 2)
    _patch(queue, queue.descriptor(buffer), next=queue.size)
    queue.publish()


@_case("next right behind the indirect table", FaultCode.NEXT, packed=False, indirect=True, least_size=2)
def _next_at_end_of_table(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 2, indirect=True)
    _patch(queue, queue.descriptor(buffer), next=2)
    queue.publish()


@_case("next beyond the indirect table", FaultCode.NEXT, packed=False, indirect=True, least_size=2)
def _bad_next_in_table(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 2, indirect=True)
    _patch(queue, queue.descriptor(buffer), next=rng.choice([2, 0xFFFF]))
    queue.publish()


@_case("a descriptor that is its own next", FaultCode.CHAIN_LENGTH, packed=False)
def _own_next(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 1)
    _patch(queue, queue.descriptor(buffer), flags=NEXT, next=buffer.number)
    queue.publish()


@_case("the last descriptor leads to the first", FaultCode.CHAIN_LENGTH, packed=False, least_size=4)
def _loop(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, rng.randint(2, 4))
    _patch(queue, queue.descriptor(buffer, len(buffer.descriptors) - 1), flags=NEXT, next=buffer.number)
    queue.publish()


@_case("a loop of parts to write", FaultCode.CHAIN_LENGTH, packed=False, least_size=2)
def _loop_of_writes(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 2, writable=2)
    _patch(queue, queue.descriptor(buffer, 1), flags=NEXT | WRITE, next=buffer.descriptors[0])
    queue.publish()


@_case("a loop in an indirect table", FaultCode.CHAIN_LENGTH, packed=False, indirect=True, least_size=2)
def _loop_in_table(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 2, indirect=True)
    _patch(queue, queue.descriptor(buffer, 1), flags=NEXT, next=0)
    queue.publish()


@_case("a table of one descriptor more than the queue has", FaultCode.CHAIN_LENGTH, indirect=True)
def _long_table(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 1, indirect=True)
    count = queue.size + 1
    part = int.from_bytes(queue.memory.read(queue.descriptor(buffer), 8), "little")
    table = queue.placement.place(ENTRY * count)
    for index in range(count):
        more = NEXT * (index < count - 1)
        third, fourth = (0, 0) if isinstance(queue, PackedDriverQueue) else (more, index + 1)
        queue.write_descriptor(table + ENTRY * index, part, 1, third, fourth)
    _patch(queue, queue.reference(buffer), address=table, length=ENTRY * count)
    queue.publish()


@_case("a chain without end around the ring", FaultCode.CHAIN_LENGTH, split=False)
def _endless(queue: PackedDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, queue.size)
    last = queue.size - 1
    _flags(queue, buffer, last, queue.descriptor(buffer, last), add=NEXT)
    queue.publish()


# 5, 6, 7: indirect tables.


@_case("an indirect descriptor without the feature", FaultCode.INDIRECT_REFUSED, indirect=False)
def _refused(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 1)
    where = queue.descriptor(buffer)
    _patch(queue, where, length=ENTRY)
    _flags(queue, buffer, 0, where, add=INDIRECT)
    queue.publish()


@_case("INDIRECT together with NEXT", FaultCode.INDIRECT_NESTED, indirect=True, least_size=2)
def _with_next(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 2)
    where = queue.descriptor(buffer)
    _patch(queue, where, length=ENTRY)
    _flags(queue, buffer, 0, where, add=INDIRECT)
    queue.publish()


@_case("an indirect descriptor in an indirect table", FaultCode.INDIRECT_NESTED, packed=False, indirect=True)
def _nested(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 1, indirect=True)
    if buffer.table is None:
        raise ValueError("the buffer has no indirect table")
    _patch(queue, queue.descriptor(buffer), address=buffer.table, length=ENTRY, flags=INDIRECT)
    queue.publish()


@_case(
    "an indirect descriptor behind a direct one", FaultCode.INDIRECT_NESTED, split=False, indirect=True, least_size=2
)
def _behind(queue: PackedDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 2)
    where = queue.descriptor(buffer, 1)
    _patch(queue, where, length=ENTRY)
    _flags(queue, buffer, 1, where, add=INDIRECT)
    queue.publish()


@_case("a table of a part of a descriptor", FaultCode.TABLE_LENGTH, indirect=True)
def _ragged(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 1, indirect=True)
    _patch(queue, queue.reference(buffer), length=rng.choice([1, 8, 15, 17, 24, 0xFFFF_FFFF]))
    queue.publish()


@_case("a table of no descriptors", FaultCode.TABLE_LENGTH, indirect=True)
def _empty_table(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 1, indirect=True)
    _patch(queue, queue.reference(buffer), length=0)
    queue.publish()


# 8, 9: the parts.


@_case("a part to read behind one to write", FaultCode.ORDER, least_size=2)
def _wrong_order(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 2)
    _flags(queue, buffer, 0, queue.descriptor(buffer), add=WRITE)
    queue.publish()


@_case("a part to read behind one to write, in a table", FaultCode.ORDER, indirect=True, least_size=2)
def _wrong_order_in_table(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 2, indirect=True)
    where = queue.descriptor(buffer)
    flags = WRITE if isinstance(queue, PackedDriverQueue) else WRITE | NEXT
    _patch(queue, where, flags=flags)
    queue.publish()


@_case("a part that ends beyond the last address", FaultCode.ADDRESS)
def _beyond(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 1)
    last = 1 << around.address_bits
    room = rng.choice([1, 8, 0xFFFF] if around.address_bits == 64 else [0, 1, 8, 0xFFFF])
    address = last - room
    _patch(queue, queue.descriptor(buffer), address=address, length=rng.choice([room + 1, 0xFFFF_FFFF]))
    queue.publish()


@_case("a table that ends beyond the last address", FaultCode.ADDRESS, indirect=True)
def _table_beyond(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 1, indirect=True)
    _patch(queue, queue.reference(buffer), address=(1 << around.address_bits) - ENTRY, length=2 * ENTRY)
    queue.publish()


@_case("more than 2^32 - 1 bytes in a buffer", FaultCode.ADDRESS, least_size=2)
def _too_much(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 2, writable=rng.randint(0, 2))
    for index in range(2):
        _patch(queue, queue.descriptor(buffer, index), address=0, length=0x8000_0000)
    queue.publish()


# 10, 12: memory that does not answer, slots that are not there.


@_case("a table where there is no memory", FaultCode.RING_ACCESS, indirect=True, hole=True)
def _no_table(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 1, indirect=True)
    assert around.hole is not None, "the case does not fit a memory without a hole"
    _patch(queue, queue.reference(buffer), address=around.hole)
    queue.publish()


@_case("a slot in a chain that is not available", FaultCode.NOT_AVAILABLE, split=False, least_size=3)
def _not_available(queue: PackedDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 3)
    index = rng.randint(1, 2)
    where = queue.descriptor(buffer, index)
    flip = rng.choice([DescriptorFlag.AVAIL, DescriptorFlag.USED, DescriptorFlag.AVAIL | DescriptorFlag.USED])
    old = int.from_bytes(queue.memory.read(where + 14, 2), "little")
    _patch(queue, where, flags=old ^ flip)
    queue.publish()


# Odd, but no fault.


@_case("parts of no bytes", None)
def _no_bytes(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    count = min(3, queue.size)
    queue.add([b""] * (count - 1), [0])


@_case("WRITE on a descriptor that refers to a table", None, indirect=True)
def _write_on_table(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 1, indirect=True)
    _flags(queue, buffer, 0, queue.reference(buffer), add=WRITE)
    queue.publish()


@_case("unknown flags", None)
def _unknown_flags(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, min(2, queue.size))
    for index in range(len(buffer.descriptors)):
        _flags(queue, buffer, index, queue.descriptor(buffer, index), add=0x7F78 & rng.getrandbits(16) | 0x10)
    queue.publish()


@_case("NEXT, INDIRECT and a number in a packed table", None, split=False, indirect=True)
def _flags_in_table(queue: PackedDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, min(2, queue.size), indirect=True)
    for index in range(len(buffer.table_entries)):
        _patch(queue, queue.descriptor(buffer, index), flags=NEXT | INDIRECT | 0x8080, number=rng.getrandbits(16))
    queue.publish()


@_case("one head offered twice", None, packed=False, least_size=2)
def _twice(queue: SplitDriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = queue.add([b"twice"])
    queue.offer(buffer.number)


@_case("parts that overlap", None, least_size=2)
def _overlap(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 2, writable=2)
    address = buffer.writable[0][0]
    _patch(queue, queue.descriptor(buffer, 1), address=address + 4, length=4)
    queue.publish()


@_case("a part that is the rings", None)
def _over_rings(queue: DriverQueue, rng: random.Random, around: Surroundings) -> None:
    buffer = _chain(queue, 1)
    _patch(queue, queue.descriptor(buffer), address=queue.layout.descriptor_area, length=ENTRY * queue.size)
    queue.publish()


# Time of check, time of use.


@dataclass(frozen=True)
class Change:
    """Bytes that a driver changes while the device works on a buffer.

    A device that reads each field once (V-5) serves what it has read, or stops with a fault; it never touches memory
    that neither the old nor the new content names.
    """

    name: str
    address: int
    data: bytes

    def spring(self, memory: MemoryAccess) -> None:
        """Write the change, now."""
        memory.write(self.address, self.data)


def changes(queue: DriverQueue, buffer: Buffer, victim: int) -> list[Change]:
    """Changes to a buffer in flight, each towards address *victim* or a broken chain."""
    packed = isinstance(queue, PackedDriverQueue)
    flags_at = 14 if packed else 12
    found = []
    places = [("descriptor", queue.descriptor(buffer, index)) for index in range(len(buffer.descriptors))]
    if buffer.table is not None:
        places = [("reference", queue.reference(buffer)), ("table", buffer.table)]
    for kind, where in places:
        old = int.from_bytes(queue.memory.read(where + flags_at, 2), "little")
        found += [
            Change(f"address in a {kind}", where, victim.to_bytes(8, "little")),
            Change(f"length in a {kind}", where + 8, b"\xff\xff\xff\x7f"),
            Change(f"WRITE in a {kind}", where + flags_at, (old ^ WRITE).to_bytes(2, "little")),
            Change(f"NEXT in a {kind}", where + flags_at, (old ^ NEXT).to_bytes(2, "little")),
            Change(f"INDIRECT in a {kind}", where + flags_at, (old ^ INDIRECT).to_bytes(2, "little")),
            Change(f"{'number' if packed else 'next'} in a {kind}", where + 12 + 2 * (not packed), b"\xff\xff"),
        ]
    if isinstance(queue, SplitDriverQueue):
        slot = queue.available_ring + 2 * ((queue.published - 1) % queue.size)
        found.append(Change("head in the available ring", slot, b"\xff\xff"))
        found.append(Change("available index", queue.layout.driver_area + 2, b"\xff\x7f"))
    else:
        found.append(Change("flags of the first slot", queue.descriptor(buffer) + 14, b"\0\0"))
    return found


class Trap:
    """Springs a Change when the device has looked at those bytes.

    Args:
        memory: what the device reads.
        change: to write behind the memory's back.
        looks: reads that touch the bytes before the change comes: 1 changes between the first and the second.

    Attributes:
        seen: reads of the bytes so far.
    """

    def __init__(self, memory: WatchedMemory, change: Change, looks: int = 1) -> None:
        self._memory = memory
        self._change = change
        self._looks = looks
        self.seen = 0
        memory.after_read.append(self._read)

    def remove(self) -> None:
        """Look on no more."""
        self._memory.after_read.remove(self._read)

    def _read(self, address: int, length: int) -> None:
        start, end = self._change.address, self._change.address + len(self._change.data)
        if address < end and address + length > start:
            self.seen += 1
            if self.seen == self._looks:
                self._change.spring(self._memory.memory)
