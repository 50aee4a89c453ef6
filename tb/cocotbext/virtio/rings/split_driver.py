# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The driver's side of a split virtqueue (virtio 1.2, 2.7)."""

import random
from collections import deque

from cocotbext.virtio.rings.driver_queue import ENTRY, INDIRECT, NEXT, WRITE, Buffer, DriverQueue, RingViolation
from cocotbext.virtio.rings.layout import MAX_QUEUE_SIZE, QueueLayout, SuppressionFlag
from cocotbext.virtio.rings.memory import MemoryAccess
from cocotbext.virtio.rings.placement import Placement

_WRAP = 1 << 16  # the ring's indices are what is counted here, modulo this


class SplitDriverQueue(DriverQueue):
    """Fills the available ring and works through the used ring.

    Arguments and errors are those of DriverQueue.

    Attributes:
        published: buffers made available so far.
        seen: buffers found used so far.
    """

    def __init__(
        self,
        memory: MemoryAccess,
        size: int,
        features: int = 0,
        placement: Placement | None = None,
        rng: random.Random | None = None,
        layout: QueueLayout | None = None,
    ) -> None:
        super().__init__(memory, size, features, placement, rng, layout)
        self.published = 0
        self.seen = 0
        self._kicked = 0  # value of `published` when kick_needed() was last asked
        self._interrupted = 0  # used buffers when interrupt_due() was last asked
        self._wish = 0  # content of used_event
        self._quiet = False  # NO_INTERRUPT is set
        self._free = self.size
        self._unused = deque(range(self.size))  # without IN_ORDER: free descriptors
        self._turn = 0  # with IN_ORDER: chains take one descriptor after the other (SPLIT-26)

    @property
    def free(self) -> int:
        """Free descriptors of the table."""
        return self._free

    @property
    def position(self) -> int:
        """The available index (2.9): 15 bits of offset, and what stands above them."""
        return self.published % _WRAP

    @property
    def available_ring(self) -> int:
        """Address of the first entry of the available ring."""
        return self.layout.driver_area + 4

    @property
    def used_ring(self) -> int:
        """Address of the first element of the used ring."""
        return self.layout.device_area + 4

    def offer(self, head: int) -> None:
        """Put any *head* into the available ring, without a buffer behind it."""
        self.memory.write(self.available_ring + 2 * (self.published % self.size), head.to_bytes(2, "little"))
        self.set_available(self.published + 1)

    def set_available(self, count: int) -> None:
        """Move the available index to *count* buffers since the beginning."""
        self.published = count
        self.memory.write(self.layout.driver_area + 2, (count % _WRAP).to_bytes(2, "little"))

    def kick_needed(self) -> bool:
        """Whether the device wants to hear of what was published since this was last asked (2.7.10)."""
        fresh, before = self.published - self._kicked, self._kicked
        self._kicked = self.published
        if not fresh:
            return False
        if self.event_idx:
            return (self.kick_wanted_at - before) % _WRAP < fresh
        return not self._number(self.layout.device_area, 2) & SuppressionFlag.NO_NOTIFY

    @property
    def kick_wanted_at(self) -> int:
        """With EVENT_IDX: avail_event, the available index at which the device wants to be told."""
        return self._number(self.used_ring + 8 * self.size, 2)

    def want_interrupts(self, wanted: bool) -> None:
        """Clear or set NO_INTERRUPT, which counts only without EVENT_IDX."""
        self._quiet = not wanted
        self.memory.write(self.layout.driver_area, int(self._quiet).to_bytes(2, "little"))

    def interrupt_after(self, count: int) -> bool:
        """Write used_event for an interrupt at the *count*-th used buffer from now; see DriverQueue."""
        self.interrupt_at(self.seen + count - 1)
        return self._used_count() - self.seen >= count

    def interrupt_at(self, used_index: int) -> None:
        """With EVENT_IDX: ask for an interrupt when the used index moves beyond this value."""
        self._wish = used_index % _WRAP
        self.memory.write(self.available_ring + 2 * self.size, self._wish.to_bytes(2, "little"))

    def interrupt_due(self) -> bool:
        """Whether what was used since this was last asked calls for an interrupt (2.7.7)."""
        before, self._interrupted = self._interrupted, self._used_count()
        if self._interrupted == before:
            return False
        if not self.event_idx:
            return not self._quiet
        return (self._wish - before) % _WRAP < self._interrupted - before

    def _used_count(self) -> int:
        """The used index, as a count since the beginning."""
        count = self.seen + (self._number(self.layout.device_area + 2, 2) - self.seen) % _WRAP
        if count - self.seen > len(self._outstanding):
            raise RingViolation(
                "SPLIT-4",
                f"the used index is {count - self.seen} ahead, the device has {len(self._outstanding)} buffers",
            )
        return count

    def _describe(self, buffer: Buffer, direct: int) -> None:
        parts = self._parts(buffer)
        count = direct + (direct < len(parts))
        chain = buffer.descriptors = self._take_descriptors(count)
        buffer.number = chain[0]
        for index in range(direct):
            address, length, writable = parts[index]
            more = index < count - 1
            flags = WRITE * writable | NEXT * more
            following = chain[index + 1] if more else self._noise(16)
            self.write_descriptor(self.layout.descriptor_area + ENTRY * chain[index], address, length, flags, following)
        if direct < count:
            length = self._table_of(buffer, parts[direct:], linked=True)
            flags = INDIRECT | WRITE * self._noise(1)  # WRITE means nothing there (SPLIT-18)
            where = self.layout.descriptor_area + ENTRY * chain[direct]
            assert buffer.table is not None
            self.write_descriptor(where, buffer.table, length, flags, self._noise(16))

    def _take_descriptors(self, count: int) -> list[int]:
        self._free -= count
        if self.in_order:
            taken = [(self._turn + step) % self.size for step in range(count)]
            self._turn = (taken[-1] + 1) % self.size
            return taken
        if self.rng is None:
            return [self._unused.popleft() for _ in range(count)]
        taken = []
        for _ in range(count):
            self._unused.rotate(self.rng.randrange(-8, 8))
            taken.append(self._unused.popleft())
        return taken

    def _publish(self, batch: list[Buffer]) -> None:
        for offset, buffer in enumerate(batch):
            slot = (self.published + offset) % self.size
            self.memory.write(self.available_ring + 2 * slot, buffer.number.to_bytes(2, "little"))
        self.set_available(self.published + len(batch))

    def _collect(self) -> list[Buffer]:
        found: list[Buffer] = []
        count = self._used_count()
        while self.seen < count:
            element = self._number(self.used_ring + 8 * (self.seen % self.size), 8)
            number, written = element % (1 << 32), element >> 32
            if self.in_order:
                done = self._finish_until(number, written, "SPLIT-25")
            else:
                done = [self._finish(number, written, "SPLIT-6")]
            self.seen += len(done)
            if self.seen > count:
                raise RingViolation("SPLIT-25", f"buffer {number} is used, but the used index covers it only in part")
            found += done
        return found

    def _release(self, buffer: Buffer) -> None:
        super()._release(buffer)
        self._free += len(buffer.descriptors)
        if not self.in_order:
            self._unused.extend(buffer.descriptors)

    def _areas(self) -> tuple[tuple[int, int], ...]:
        return (ENTRY * self.size, 16), (6 + 2 * self.size, 2), (6 + 8 * self.size, 4)

    @staticmethod
    def _check_size(size: int) -> None:
        if size not in (1 << bits for bits in range(MAX_QUEUE_SIZE.bit_length())):
            raise ValueError(f"a split queue has a power of two of entries, at most {MAX_QUEUE_SIZE}, not {size}")
