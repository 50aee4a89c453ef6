# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The device's side of a packed virtqueue (virtio 1.2, 2.8)."""

from struct import Struct

from cocotbext.virtio.rings.chain import DescriptorChain, Part
from cocotbext.virtio.rings.device_queue import DESCRIPTOR_BYTES, DeviceQueue
from cocotbext.virtio.rings.fault import FaultCode, RingFault
from cocotbext.virtio.rings.layout import MAX_QUEUE_SIZE, DescriptorFlag, EventFlags, QueueLayout
from cocotbext.virtio.rings.memory import MemoryAccess

_WORD = Struct("<H")
_DESCRIPTOR = Struct("<QIHH")  # address, length, buffer ID, flags
_USED_TAIL = Struct("<IHH")  # length, buffer ID, flags: the upper 8 bytes of a descriptor
_EVENT = Struct("<HH")  # offset and wrap counter, flags
_NEXT, _WRITE, _INDIRECT = int(DescriptorFlag.NEXT), int(DescriptorFlag.WRITE), int(DescriptorFlag.INDIRECT)
_AVAIL, _USED = int(DescriptorFlag.AVAIL), int(DescriptorFlag.USED)


class PackedDeviceQueue(DeviceQueue):
    """Works through the descriptor ring and writes used descriptors over what it has done.

    Arguments and errors are those of DeviceQueue.

    Attributes:
        position, wrap: next slot to look at for an available descriptor, and the wrap counter there.
        used_position, used_wrap: where the next used descriptor goes.
    """

    def __init__(
        self,
        memory: MemoryAccess,
        layout: QueueLayout,
        features: int,
        max_chain: int | None = None,
        address_bits: int = 64,
        batch: bool = True,
    ) -> None:
        self.position, self.wrap = 0, 1
        self.used_position, self.used_wrap = 0, 1
        self._promised = 0  # slots that a kick has declared available
        self._batch = 0  # slots used since the last notification decision
        self._asked: tuple[int, int] | None = None  # the device event structure, as written last
        super().__init__(memory, layout, features, max_chain, address_bits, batch)

    def __str__(self) -> str:
        off_wrap, flags = self._fetch(self.layout.driver_area, _EVENT)
        return (
            f"{self.layout.size} entries, packed, next {self.position} (wrap {self.wrap}), "
            f"used up to {self.used_position} (wrap {self.used_wrap}), {self.in_flight} in flight, "
            f"interrupt wish {flags} at {off_wrap & 0x7FFF} (wrap {off_wrap >> 15})"
        )

    def expect(self, position: int) -> None:
        """Take the next slot and wrap counter (bit 15) of a kick: slots in front of them are available (V-4)."""
        size = self.layout.size
        offset, wrap = position & 0x7FFF, position >> 15 & 1
        if offset >= size:
            return
        ahead = offset - self.position if wrap == self.wrap else offset + size - self.position
        if 0 < ahead <= size:
            self._promised = ahead

    def interrupt_wanted(self) -> bool:
        """Whether the driver wants to hear of the buffers used since this was last asked (PACKED-12, -13)."""
        batch, self._batch = self._batch, 0
        if not batch:
            return False
        self._flush()  # the wish may only be read when the driver can see the used descriptors
        return self._wished(batch)

    def want_kicks(self) -> bool:
        """Ask for the next kick; True when a buffer came before the driver could see that."""
        if self.event_idx:
            self._ask(self.position | self.wrap << 15, EventFlags.DESCRIPTOR)
        else:
            self._ask(0, EventFlags.ENABLE)
        self._flush()
        return self._available(self._fetch(self._slot(self.position) + 14, _WORD)[0], self.wrap)

    def stop_kicks(self) -> None:
        """Write DISABLE into the device event structure."""
        self._ask(0, EventFlags.DISABLE)

    def _take(self) -> DescriptorChain | None:
        position, wrap = self.position, self.wrap
        if not self._promised:
            (flags,) = self._fetch(self._slot(position) + 14, _WORD)
            if not self._available(flags, wrap):
                return None
        # Only this second copy counts: the first may have been read before the rest was written (PACKED-17).
        descriptor = self._fetch(self._slot(position), _DESCRIPTOR)
        if not self._available(descriptor[3], wrap):
            self._promised = 0
            return None
        chain = (
            self._table(position, descriptor) if descriptor[3] & _INDIRECT else self._walk(position, wrap, descriptor)
        )
        self.position, self.wrap = self._advance(position, wrap, chain.slots)
        self._promised = max(0, self._promised - chain.slots)
        return chain

    def _walk(self, start: int, wrap: int, descriptor: tuple[int, int, int, int]) -> DescriptorChain:
        """Follow NEXT from slot to slot."""
        parts: tuple[list[Part], list[Part]] = [], []
        position, slots = start, 1
        while True:
            address, length, number, flags = descriptor
            self._add_part(start, parts, address, length, flags)
            if not flags & _NEXT:
                return self._finish_chain(number, parts, slots)
            if slots >= self.max_chain:
                raise RingFault(FaultCode.CHAIN_LENGTH, f"more than {self.max_chain} descriptors in a chain", start)
            position, wrap = self._advance(position, wrap, 1)
            slots += 1
            descriptor = self._fetch(self._slot(position), _DESCRIPTOR)
            if not self._available(descriptor[3], wrap):
                raise RingFault(FaultCode.NOT_AVAILABLE, f"slot {position}, in a chain, is not available", start)
            if descriptor[3] & _INDIRECT:
                code = FaultCode.INDIRECT_NESTED if self.indirect else FaultCode.INDIRECT_REFUSED
                raise RingFault(code, f"an indirect descriptor in a chain, in slot {position}", start)

    def _table(self, start: int, descriptor: tuple[int, int, int, int]) -> DescriptorChain:
        """All descriptors of a table, one after the other; of their flags only WRITE counts (PACKED-11)."""
        table, length, number, flags = descriptor
        parts: tuple[list[Part], list[Part]] = [], []
        for index in range(self._table_entries(start, table, length, flags)):
            address, size, _, write = self._fetch(table + DESCRIPTOR_BYTES * index, _DESCRIPTOR)
            self._add_part(start, parts, address, size, write)
        return self._finish_chain(number, parts, 1)

    def _publish(self, elements: list[tuple[DescriptorChain, int, int, int]]) -> None:
        position, wrap = self.used_position, self.used_wrap
        writes = []
        for chain, written, _, slots in elements:
            flags = (_AVAIL | _USED if wrap else 0) | (_WRITE if written else 0)
            writes.append((self._slot(position) + 8, _USED_TAIL.pack(written, chain.head, flags)))
            position, wrap = self._advance(position, wrap, slots)
            self._batch += slots
        self.used_position, self.used_wrap = position, wrap
        # The driver looks at the first slot: while that one is not used, it sees none of the others (PACKED-16).
        for address, data in reversed(writes):
            self._store(address, data)

    def _wished(self, batch: int) -> bool:
        """The driver's wish for the last *batch* slots."""
        off_wrap, flags = self._fetch(self.layout.driver_area, _EVENT)
        flags &= 3
        if flags == EventFlags.DISABLE:
            return False
        if flags != EventFlags.DESCRIPTOR or not self.event_idx:
            return True
        event = off_wrap & 0x7FFF
        if off_wrap >> 15 != self.used_wrap:
            event -= self.layout.size
        return (self.used_position - event - 1) & 0xFFFF < batch

    def _ask(self, off_wrap: int, flags: EventFlags) -> None:
        if (off_wrap, flags) != self._asked:
            self._asked = off_wrap, flags
            self._store(self.layout.device_area, _EVENT.pack(off_wrap, flags))

    def _slot(self, position: int) -> int:
        return self.layout.descriptor_area + DESCRIPTOR_BYTES * position

    def _advance(self, position: int, wrap: int, slots: int) -> tuple[int, int]:
        position += slots
        return (position - self.layout.size, wrap ^ 1) if position >= self.layout.size else (position, wrap)

    @staticmethod
    def _available(flags: int, wrap: int) -> bool:
        return bool(flags & _AVAIL) == bool(wrap) != bool(flags & _USED)

    def _check_layout(self) -> None:
        size, ring, driver, device = self.layout
        if not 0 < size <= MAX_QUEUE_SIZE:
            raise RingFault(FaultCode.ALIGNMENT, f"a packed queue of {size} entries")
        self._require_area("descriptor", ring, 16, DESCRIPTOR_BYTES * size)
        self._require_area("driver", driver, 4, 4)
        self._require_area("device", device, 4, 4)
