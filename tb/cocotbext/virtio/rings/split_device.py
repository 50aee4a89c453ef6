# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The device's side of a split virtqueue (virtio 1.2, 2.7)."""

from struct import Struct

from cocotbext.virtio.rings.chain import DescriptorChain, Part
from cocotbext.virtio.rings.device_queue import DESCRIPTOR_BYTES, DeviceQueue
from cocotbext.virtio.rings.fault import FaultCode, RingFault
from cocotbext.virtio.rings.layout import MAX_QUEUE_SIZE, DescriptorFlag, QueueLayout, SuppressionFlag
from cocotbext.virtio.rings.memory import MemoryAccess

_WORD = Struct("<H")
_DESCRIPTOR = Struct("<QIHH")  # address, length, flags, next
_USED_ELEMENT = Struct("<II")  # head, bytes written
_NEXT, _INDIRECT = int(DescriptorFlag.NEXT), int(DescriptorFlag.INDIRECT)
_MODULO = 0xFFFF  # all indices run free over 16 bits


class SplitDeviceQueue(DeviceQueue):
    """Works through the available ring and fills the used ring.

    Arguments and errors are those of DeviceQueue.

    Attributes:
        position: available buffers taken, modulo 2^16.
        used: buffers made used, modulo 2^16.
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
        self.position = 0
        self.used = 0
        self._available = 0  # newest available index that is known
        self._decided = 0  # value of `used` at the last notification decision
        self._flags: int | None = None  # of the used ring, as written last
        super().__init__(memory, layout, features, max_chain, address_bits, batch)

    def __str__(self) -> str:
        size, _, driver, device = self.layout
        return (
            f"{size} entries, available {self._word(driver + 2)}, taken {self.position}, used {self.used}, "
            f"in memory {self._word(device + 2)}, interrupt wanted at {self._word(driver + 4 + 2 * size)}, "
            f"flags {self._word(driver)}"
        )

    def expect(self, position: int) -> None:
        """Take the available index of a kick; one that is not ahead by 1..queue size says nothing (V-4)."""
        if 0 < (position - self.position) & _MODULO <= self.layout.size:
            self._available = position & _MODULO

    def interrupt_wanted(self) -> bool:
        """Whether the driver wants to hear of the buffers used since this was last asked (SPLIT-10..14)."""
        new, old = self.used, self._decided
        self._decided = new
        if new == old:
            return False
        self._flush()  # the wish may only be read when the driver can see the used index (SPLIT-14)
        return self._wished(new, old)

    def want_kicks(self) -> bool:
        """Ask for the next kick; True when a buffer came before the driver could see that."""
        if self.event_idx:
            self._store(self._avail_event, _WORD.pack(self.position))
        else:
            self._set_flags(0)
        self._flush()  # or a driver that looks before and a device that looks after would both wait
        return self._word(self.layout.driver_area + 2) != self.position

    def stop_kicks(self) -> None:
        """Set NO_NOTIFY; with EVENT_IDX an avail_event that stays behind says the same."""
        if not self.event_idx:
            self._set_flags(SuppressionFlag.NO_NOTIFY)

    def _set_flags(self, flags: int) -> None:
        if flags != self._flags:
            self._flags = flags
            self._store(self.layout.device_area, _WORD.pack(flags))

    def _take(self) -> DescriptorChain | None:
        size, table, driver, _ = self.layout
        if self._available == self.position:
            self._available = self._word(driver + 2)
            waiting = (self._available - self.position) & _MODULO
            if waiting > size:
                seen, self._available = self._available, self.position
                raise RingFault(
                    FaultCode.AVAILABLE_INDEX, f"available index {seen} is {waiting} ahead in a queue of {size}"
                )
            if not waiting:
                return None
        head = self._word(driver + 4 + 2 * (self.position % size))
        if head >= size:
            raise RingFault(FaultCode.HEAD, f"head {head} in a queue of {size}", head)
        chain = self._walk(head, table, size)
        self.position = (self.position + 1) & _MODULO
        return chain

    def _walk(self, head: int, table: int, entries: int) -> DescriptorChain:
        parts: tuple[list[Part], list[Part]] = [], []
        index, slots, inside = head, 0, False
        while True:
            if index >= entries:
                raise RingFault(FaultCode.NEXT, f"descriptor {index} in a table of {entries}", head)
            address, length, flags, following = self._fetch(table + DESCRIPTOR_BYTES * index, _DESCRIPTOR)
            slots += not inside
            if flags & _INDIRECT:
                if inside:
                    raise RingFault(FaultCode.INDIRECT_NESTED, "an indirect descriptor in an indirect table", head)
                entries = self._table_entries(head, address, length, flags)
                table, index, inside = address, 0, True
                continue
            self._add_part(head, parts, address, length, flags)
            if not flags & _NEXT:
                return self._finish_chain(head, parts, slots)
            index = following

    def _publish(self, elements: list[tuple[DescriptorChain, int, int, int]]) -> None:
        size, _, _, device = self.layout
        index = self.used
        for chain, written, buffers, _ in elements:
            self._store(device + 4 + 8 * (index % size), _USED_ELEMENT.pack(chain.head, written))
            index = (index + buffers) & _MODULO
        self.used = index
        self._store(device + 2, _WORD.pack(index))  # last: an element counts from here on (SPLIT-4)

    def _wished(self, new: int, old: int) -> bool:
        """The driver's wish for a used index that went from *old* to *new*."""
        size, _, driver, _ = self.layout
        if not self.event_idx:
            return not self._word(driver) & SuppressionFlag.NO_INTERRUPT
        used_event = self._word(driver + 4 + 2 * size)
        return (new - used_event - 1) & _MODULO < (new - old) & _MODULO

    @property
    def _avail_event(self) -> int:
        return self.layout.device_area + 4 + 8 * self.layout.size

    def _word(self, address: int) -> int:
        return self._fetch(address, _WORD)[0]

    def _check_layout(self) -> None:
        size, table, driver, device = self.layout
        if not 0 < size <= MAX_QUEUE_SIZE or size & (size - 1):
            raise RingFault(FaultCode.ALIGNMENT, f"a split queue of {size} entries")
        self._require_area("descriptor", table, 16, DESCRIPTOR_BYTES * size)
        self._require_area("driver", driver, 2, 6 + 2 * size)
        self._require_area("device", device, 4, 6 + 8 * size)
