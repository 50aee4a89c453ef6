# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The driver's side of a packed virtqueue (virtio 1.2, 2.8)."""

import random
from collections.abc import Iterable, Iterator

from cocotbext.virtio.rings.driver_queue import ENTRY, INDIRECT, NEXT, WRITE, Buffer, DriverQueue, RingViolation
from cocotbext.virtio.rings.layout import MAX_QUEUE_SIZE, DescriptorFlag, EventFlags, QueueLayout
from cocotbext.virtio.rings.memory import MemoryAccess
from cocotbext.virtio.rings.placement import Placement

# Of the flags of a slot, by the lap: even laps (the wrap counter is 1) set AVAIL for available and both bits for used.
_AVAILABLE = (DescriptorFlag.AVAIL, DescriptorFlag.USED)
_DONE = (DescriptorFlag.AVAIL | DescriptorFlag.USED, DescriptorFlag(0))
_LAP_BITS = DescriptorFlag.AVAIL | DescriptorFlag.USED


class PackedDriverQueue(DriverQueue):
    """Writes descriptors into the ring, lap after lap, and finds them overwritten by used ones.

    Slots are counted from the beginning of the queue; count divided by the size gives the lap and the slot in it.

    Args:
        ids: buffer IDs to choose from; default: 0 to size - 1. Any 16-bit values will do.
        memory, size, features, placement, rng, layout: see DriverQueue.

    Attributes:
        made: slots filled so far.
        seen: slots found used so far.
    """

    def __init__(
        self,
        memory: MemoryAccess,
        size: int,
        features: int = 0,
        placement: Placement | None = None,
        rng: random.Random | None = None,
        layout: QueueLayout | None = None,
        *,
        ids: Iterable[int] | None = None,
    ) -> None:
        super().__init__(memory, size, features, placement, rng, layout)
        self.made = 0
        self.seen = 0
        self._published = 0  # slots made available
        self._kicked = 0  # value of `_published` when kick_needed() was last asked
        self._interrupted = 0  # used slots when interrupt_due() was last asked
        self._wish: tuple[EventFlags, int] = (EventFlags.ENABLE, 0)  # and the slot count that is wished for
        self._busy = 0  # slots that the driver may not fill
        self._ids = list(ids if ids is not None else range(self.size))
        self._heads: dict[int, tuple[int, DescriptorFlag]] = {}  # number -> count of its first slot, flags held back

    @property
    def free(self) -> int:
        """Free slots of the ring; 0 as well when all buffer IDs are in use."""
        return self.size - self._busy if self._ids else 0

    @property
    def position(self) -> int:
        """Slot and wrap counter (bit 15) of the next one not yet available (PACKED-18)."""
        return self._off_wrap(self._published)

    def slot(self, count: int) -> int:
        """Address of the descriptor that slot number *count* since the beginning is."""
        return self.layout.descriptor_area + ENTRY * (count % self.size)

    def available_flags(self, count: int) -> DescriptorFlag:
        """AVAIL and USED of an available descriptor in slot number *count*."""
        return _AVAILABLE[count // self.size % 2]

    def hold_back(self, buffer: Buffer, flags: int) -> None:
        """Decide on the flags that a buffer's first descriptor will have once it is published."""
        self._heads[buffer.number] = self._heads[buffer.number][0], DescriptorFlag(flags)

    def held_back(self, buffer: Buffer) -> int:
        """The flags that a buffer's first descriptor will have once it is published."""
        return int(self._heads[buffer.number][1])

    def kick_needed(self) -> bool:
        """Whether the device wants to hear of what was published since this was last asked (2.8.14)."""
        before, self._kicked = self._kicked, self._published
        if self._published == before:
            return False
        wish = self._number(self.layout.device_area, 4)
        flags, off_wrap = wish >> 16 & 3, wish & 0xFFFF
        if flags == EventFlags.DESCRIPTOR and self.event_idx:
            return self._laps_until(off_wrap, before) < self._published - before
        return flags != EventFlags.DISABLE

    def want_interrupts(self, wanted: bool) -> None:
        """Write ENABLE or DISABLE into the driver event structure."""
        self._set_wish(EventFlags.ENABLE if wanted else EventFlags.DISABLE, 0)

    def interrupt_after(self, count: int) -> bool:
        """Ask for an interrupt when *count* more slots are used; see DriverQueue."""
        self._set_wish(EventFlags.DESCRIPTOR, self.seen + count - 1)
        return self._used_slots() - self.seen >= count

    def interrupt_due(self) -> bool:
        """Whether what was used since this was last asked calls for an interrupt (2.8.10)."""
        before, self._interrupted = self._interrupted, self._used_slots()
        if self._interrupted == before:
            return False
        flags, count = self._wish
        if flags == EventFlags.DESCRIPTOR and self.event_idx:
            return (count - before) % (2 * self.size) < self._interrupted - before
        return flags != EventFlags.DISABLE

    def _set_wish(self, flags: EventFlags, count: int) -> None:
        self._wish = flags, count
        self.memory.write(self.layout.driver_area, (self._off_wrap(count) | flags << 16).to_bytes(4, "little"))

    def _off_wrap(self, count: int) -> int:
        lap, slot = divmod(count, self.size)
        return slot | (1 - lap % 2) << 15

    def _laps_until(self, off_wrap: int, start: int) -> int:
        """Slots from count *start* to the next one with this position and wrap counter: less than two laps."""
        place = off_wrap & 0x7FFF if off_wrap >> 15 else (off_wrap & 0x7FFF) + self.size
        return (place - start) % (2 * self.size)

    def _describe(self, buffer: Buffer, direct: int) -> None:
        parts = self._parts(buffer)
        number = self._ids.pop(self.rng.randrange(len(self._ids)) if self.rng is not None else 0)
        buffer.number = number
        if not direct:
            length = self._table_of(buffer, parts, linked=False)
            assert buffer.table is not None
            parts = [(buffer.table, length, bool(self._noise(1)))]  # WRITE means nothing there (PACKED-11)
        first = self.made
        for index, (address, length, writable) in enumerate(parts):
            count = first + index
            last = index == len(parts) - 1
            flags = self.available_flags(count) | WRITE * writable | NEXT * (not last) | INDIRECT * (not direct)
            if index:
                # Only the last one's ID counts (PACKED-7).
                self.write_descriptor(self.slot(count), address, length, number if last else self._noise(16), flags)
            else:
                # Everything but the flags, which make it available.
                body = address | length << 64 | (number if last else self._noise(16)) << 96
                self.memory.write(self.slot(count), body.to_bytes(14, "little"))
                self._heads[number] = count, flags
            buffer.descriptors.append(count % self.size)
        self.made += len(parts)
        self._busy += len(parts)

    def _publish(self, batch: list[Buffer]) -> None:
        # The device does not look beyond a slot that is not available, so the first one shows all of them at once.
        for buffer in reversed(batch):
            count, flags = self._heads.pop(buffer.number)
            self.memory.write(self.slot(count) + 14, int(flags).to_bytes(2, "little"))
        self._published += sum(len(buffer.descriptors) for buffer in batch)

    def _used_at(self, count: int) -> tuple[int, int, DescriptorFlag] | None:
        """(bytes written, ID, flags) of slot number *count*, None while it is not used."""
        raw = self._number(self.slot(count) + 8, 8)
        flags = DescriptorFlag(raw >> 48 & (_LAP_BITS | WRITE))
        if flags & _LAP_BITS != _DONE[count // self.size % 2]:
            return None
        return raw & 0xFFFF_FFFF, raw >> 32 & 0xFFFF, flags

    def _used_elements(self) -> Iterator[tuple[int, int, list[int]]]:
        """What each used descriptor from `seen` on says: (bytes written, ID, all IDs that it stands for)."""
        count = self.seen
        found: set[int] = set()
        in_order = iter(list(self._outstanding)) if self.in_order else iter(())
        while len(found) < len(self._outstanding) and (used := self._used_at(count)) is not None:
            length, number, flags = used
            if number not in self._outstanding or number in found:
                raise RingViolation("PACKED-8", f"buffer {number} is used, but the device does not have it")
            if flags & WRITE and not self._outstanding[number].writable_size:
                raise RingViolation("PACKED-9", f"buffer {number} has no byte to write, and is used with WRITE")
            numbers = [number]
            if self.in_order:
                numbers = list(iter(in_order.__next__, number)) + [number]
            found.update(numbers)
            count += sum(len(self._outstanding[each].descriptors) for each in numbers)
            yield length if flags & WRITE else 0, number, numbers

    def _used_slots(self) -> int:
        """Slots used so far, without taking note of them."""
        return self.seen + sum(
            len(self._outstanding[each].descriptors) for _, _, numbers in self._used_elements() for each in numbers
        )

    def _collect(self) -> list[Buffer]:
        found: list[Buffer] = []
        for length, number, _ in list(self._used_elements()):
            if self.in_order:
                done = self._finish_until(number, length, "PACKED-15")
            else:
                done = [self._finish(number, length, "PACKED-8")]
            self.seen += sum(len(buffer.descriptors) for buffer in done)
            found += done
        return found

    def _release(self, buffer: Buffer) -> None:
        super()._release(buffer)
        self._busy -= len(buffer.descriptors)
        self._ids.append(buffer.number)

    def _check_chain(self, parts: int, direct: int, table: bool) -> None:
        super()._check_chain(parts, direct, table)
        if table and direct:
            raise ValueError("a packed chain is direct or indirect, never both")

    def _areas(self) -> tuple[tuple[int, int], ...]:
        return (ENTRY * self.size, 16), (4, 4), (4, 4)

    @staticmethod
    def _check_size(size: int) -> None:
        if not 1 <= size <= MAX_QUEUE_SIZE:
            raise ValueError(f"a packed queue has 1 to {MAX_QUEUE_SIZE} entries, not {size}")
