# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The driver's side of a virtqueue: what split and packed queues have in common."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from cocotbext.virtio.rings.layout import DescriptorFlag, QueueLayout, RingFeature
from cocotbext.virtio.rings.memory import MemoryAccess
from cocotbext.virtio.rings.placement import Placement

NEXT, WRITE, INDIRECT = DescriptorFlag.NEXT, DescriptorFlag.WRITE, DescriptorFlag.INDIRECT
ENTRY = 16  # bytes of a descriptor


class QueueFull(Exception):
    """A buffer needs more descriptors than are free."""


class RingViolation(AssertionError):
    """The device broke a rule of the queue.

    Args:
        rule: requirement, such as "SPLIT-6".
        text: what was found.
    """

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(f"{rule}: {text}")
        self.rule = rule


@dataclass(eq=False)
class Buffer:
    """One buffer that a driver made available.

    Attributes:
        number: what the device calls it: the head's index (split) or the buffer ID (packed).
        readable: (address, content) of each part to read.
        writable: (address, size in bytes) of each part to write.
        descriptors: indices that the buffer occupies in the queue's own table or ring, in the order of the chain.
        table: address of the indirect table, None without.
        table_entries: (index in the table, address, length, writable) in the order of the chain.
        cookie: anything that the test wants to find again.
        written: bytes that the device says it wrote; None until the buffer is used.
    """

    number: int
    memory: MemoryAccess
    readable: list[tuple[int, bytes]] = field(default_factory=list)
    writable: list[tuple[int, int]] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    table: int | None = None
    table_entries: list[int] = field(default_factory=list)
    cookie: Any = None
    written: int | None = None

    @property
    def writable_size(self) -> int:
        """Bytes that the device may write."""
        return sum(size for _, size in self.writable)

    def received(self, length: int | None = None) -> bytes:
        """The first *length* writable bytes as they are now; default: all."""
        data = b"".join(self.memory.read(address, size) for address, size in self.writable)
        return data if length is None else data[:length]

    def damaged(self) -> list[str]:
        """What the device changed of the parts that it may only read (SPLIT-1, PACKED-6), in words."""
        return [
            f"readable part of {len(content)} bytes at {address:#x} was changed"
            for address, content in self.readable
            if self.memory.read(address, len(content)) != content
        ]


class DriverQueueOptions(TypedDict, total=False):
    """Options of a DriverQueue, as functions pass them on."""

    placement: Placement | None
    rng: random.Random | None
    layout: QueueLayout | None


class DriverQueue:
    """Makes buffers available and finds them used. Subclasses: SplitDriverQueue and PackedDriverQueue.

    Args:
        memory: for rings and buffers.
        size: entries of the queue.
        features: accepted feature bits; those of RingFeature matter.
        placement: where rings, tables and buffers go; default: 16 MiB at 0x4000_0000, without gaps.
        rng: source of every free choice: which descriptors a chain takes, the order within a table, buffer IDs, and the
            content of fields that mean nothing. None: the simplest choice, and such fields are 0.
        layout: addresses of the three areas, where the test wants to choose them.
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
        self._check_size(size)
        self.memory = memory
        self.size = size
        self.features = features
        self.rng = rng
        self.placement = placement or Placement(memory, alignment=16)
        self.event_idx = RingFeature.EVENT_IDX.within(features)
        self.indirect = RingFeature.INDIRECT_DESC.within(features)
        self.in_order = RingFeature.IN_ORDER.within(features)
        self.notification_data = RingFeature.NOTIFICATION_DATA.within(features)
        areas = self._areas()
        if layout is None:
            layout = QueueLayout(size, *(self.placement.place(length, alignment) for length, alignment in areas))
        self.layout = layout
        for address, (length, _) in zip(layout[1:], areas):
            memory.write(address, bytes(length))
        self._pending: list[Buffer] = []  # added, not published
        self._outstanding: dict[int, Buffer] = {}  # published, not used: by number, oldest first

    @property
    def outstanding(self) -> list[Buffer]:
        """Buffers that the device has, oldest first."""
        return list(self._outstanding.values())

    @property
    def free(self) -> int:
        """Descriptors that are free in the queue's own table or ring."""
        raise NotImplementedError

    def add(
        self,
        readable: Sequence[bytes] = (),
        writable: Sequence[int] = (),
        indirect: bool | int = False,
        publish: bool = True,
        cookie: Any = None,
        fill: bytes | None = None,
    ) -> Buffer:
        """Put a buffer into the queue.

        Args:
            readable: content of each part to read.
            writable: size of each part to write, in bytes.
            indirect: True: all parts in a table of their own; n, split queues only: the first n parts direct, the rest
                in a table.
            publish: make it available at once, with all that were added before; False to do so later.
            cookie: see Buffer.
            fill: content of the writable bytes before the device writes, repeated; default: zeros.

        Raises:
            QueueFull: too few free descriptors; nothing has changed then.
            ValueError: no parts, or a chain that no driver may make.
        """
        parts = len(readable) + len(writable)
        direct = parts if indirect is False else 0 if indirect is True else indirect
        self._check_chain(parts, direct, direct < parts)
        if self.free < direct + (direct < parts):
            raise QueueFull(f"{self.free} of {self.size} descriptors are free")
        buffer = Buffer(-1, self.memory, cookie=cookie)
        for data in readable:
            buffer.readable.append((self.placement.put(data), bytes(data)))
        for size in writable:
            content = bytes(size) if fill is None else (fill * (size // len(fill) + 1))[:size]
            buffer.writable.append((self.placement.put(content), size))
        self._describe(buffer, direct)
        self._pending.append(buffer)
        if publish:
            self.publish()
        return buffer

    def publish(self, count: int | None = None) -> None:
        """Make buffers available that were only added: all, or the oldest *count*."""
        batch = self._pending[:count]
        del self._pending[: len(batch)]
        for buffer in batch:
            self._outstanding[buffer.number] = buffer
        if batch:
            self._publish(batch)

    def used(self) -> list[Buffer]:
        """Buffers used since the last call, in the order of the device; their memory is free from now on.

        What they contain can be read until the next :meth:`add`.

        Raises:
            RingViolation: the device broke a rule.
        """
        found = self._collect()
        for buffer in found:
            self._release(buffer)
        return found

    def kick_needed(self) -> bool:
        """Whether the device wants to hear of what was published since this was last asked."""
        raise NotImplementedError

    def kick_value(self, queue: int) -> int:
        """The value to write to QueueNotify for this queue, number *queue* (MMIO-47, -48)."""
        return queue | self.position << 16 if self.notification_data else queue

    @property
    def position(self) -> int:
        """The 16 bits that NOTIFICATION_DATA tells the device."""
        raise NotImplementedError

    def want_interrupts(self, wanted: bool) -> None:
        """Ask for an interrupt for every used buffer, or for none; with EVENT_IDX a split queue cannot say so."""
        raise NotImplementedError

    def interrupt_after(self, count: int) -> bool:
        """With EVENT_IDX: ask for one interrupt when *count* more are used than :meth:`used` has returned.

        Args:
            count: from 1 on; buffers of a split queue, ring slots of a packed one.

        Returns:
            Whether that many are used already, so that the interrupt may never come.
        """
        raise NotImplementedError

    def interrupt_due(self) -> bool:
        """Whether what the device has used since this was last asked calls for an interrupt by the present wish.

        The answer is certain only when the wish did not change while the device was at work.
        """
        raise NotImplementedError

    # What the two kinds of queue do differently.

    def _areas(self) -> tuple[tuple[int, int], ...]:
        """(bytes, alignment) of descriptor, driver and device area."""
        raise NotImplementedError

    def _describe(self, buffer: Buffer, direct: int) -> None:
        raise NotImplementedError

    def _publish(self, batch: list[Buffer]) -> None:
        raise NotImplementedError

    def _collect(self) -> list[Buffer]:
        raise NotImplementedError

    @staticmethod
    def _check_size(size: int) -> None:
        raise NotImplementedError

    # What they share.

    def _check_chain(self, parts: int, direct: int, table: bool) -> None:
        if not parts:
            raise ValueError("a buffer has at least one part")
        if table and not self.indirect:
            raise ValueError("an indirect table needs VIRTIO_F_INDIRECT_DESC")
        if not 0 <= direct <= parts:
            raise ValueError(f"{direct} of {parts} parts cannot be direct")
        if parts > self.size:
            raise ValueError(f"a chain of {parts} descriptors in a queue of {self.size}")

    def _release(self, buffer: Buffer) -> None:
        for address, _ in (*buffer.readable, *buffer.writable):
            self.placement.release(address)
        if buffer.table is not None:
            self.placement.release(buffer.table)

    def _finish(self, number: int, written: int, rule: str) -> Buffer:
        """The outstanding buffer that the device calls *number*, now used."""
        buffer = self._outstanding.pop(number, None)
        if buffer is None:
            raise RingViolation(rule, f"buffer {number} is used, but the device does not have it")
        if written > buffer.writable_size:
            raise RingViolation(
                "SPLIT-4", f"{written} bytes written into buffer {number}, which has room for {buffer.writable_size}"
            )
        buffer.written = written
        return buffer

    def _finish_until(self, number: int, written: int, rule: str) -> list[Buffer]:
        """With IN_ORDER: the buffers that one used element stands for; those skipped count as completely used."""
        if number not in self._outstanding:
            raise RingViolation(rule, f"buffer {number} is used, but the device does not have it")
        done: list[Buffer] = []
        while not done or done[-1].number != number:
            oldest = next(iter(self._outstanding.values()))
            full = oldest.writable_size
            done.append(self._finish(oldest.number, written if oldest.number == number else full, rule))
        return done

    def _table_of(self, buffer: Buffer, parts: list[tuple[int, int, bool]], linked: bool) -> int:
        """Write a table; returns its length in bytes. *linked* entries may stand in any order, the first one first."""
        count = len(parts)
        order = list(range(count))
        if linked and self.rng is not None:
            rest = order[1:]
            self.rng.shuffle(rest)
            order[1:] = rest
        buffer.table = self.placement.place(ENTRY * count, None)
        buffer.table_entries = order
        for index, (address, length, writable) in enumerate(parts):
            flags = WRITE * writable
            if linked:
                more = index < count - 1
                third, fourth = flags | NEXT * more, order[index + 1] if more else self._noise(16)
            else:
                third, fourth = self._noise(16), flags
            self.write_descriptor(buffer.table + ENTRY * order[index], address, length, third, fourth)
        return ENTRY * count

    def write_descriptor(self, address: int, target: int, length: int, third: int, fourth: int) -> None:
        """Write 16 bytes at *address*; the last two fields are flags, next (split) or buffer ID, flags (packed)."""
        raw = target | length << 64 | int(third) << 96 | int(fourth) << 112
        self.memory.write(address, raw.to_bytes(ENTRY, "little"))

    def descriptor(self, buffer: Buffer, index: int = 0) -> int:
        """Address of the descriptor of part *index* of a buffer: in its table, if it lies there."""
        direct = len(buffer.descriptors) - (buffer.table is not None)
        if index < direct:
            return self.layout.descriptor_area + ENTRY * buffer.descriptors[index]
        assert buffer.table is not None
        return buffer.table + ENTRY * buffer.table_entries[index - direct]

    def reference(self, buffer: Buffer) -> int:
        """Address of the descriptor that refers to the table of a buffer."""
        return self.layout.descriptor_area + ENTRY * buffer.descriptors[-1]

    def _noise(self, bits: int) -> int:
        """Content of a field that means nothing."""
        return self.rng.getrandbits(bits) if self.rng is not None else 0

    def _number(self, address: int, size: int) -> int:
        return int.from_bytes(self.memory.read(address, size), "little")

    def _parts(self, buffer: Buffer) -> list[tuple[int, int, bool]]:
        return [(address, len(data), False) for address, data in buffer.readable] + [
            (address, size, True) for address, size in buffer.writable
        ]
