# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The device's side of a virtqueue: what split and packed queues have in common."""

from collections import deque
from collections.abc import Sequence
from struct import Struct
from typing import Any, TypedDict

from cocotbext.virtio.rings.chain import DescriptorChain, Part
from cocotbext.virtio.rings.fault import FaultCode, RingFault
from cocotbext.virtio.rings.layout import DescriptorFlag, QueueLayout, RingFeature
from cocotbext.virtio.rings.memory import MemoryAccess, MemoryFault, flush

DESCRIPTOR_BYTES = 16
MOST_BYTES = (1 << 32) - 1  # of one buffer

_NEXT, _WRITE, _INDIRECT = int(DescriptorFlag.NEXT), int(DescriptorFlag.WRITE), int(DescriptorFlag.INDIRECT)


class DeviceQueueOptions(TypedDict, total=False):
    """Options of a DeviceQueue, as functions pass them on."""

    max_chain: int | None
    address_bits: int
    batch: bool


class DeviceQueue:
    """Takes available buffers, gives them back used, and decides on notifications.

    Subclasses: SplitDeviceQueue and PackedDeviceQueue. A queue begins at its first position, as after QueueReady
    (MMIO-42). With IN_ORDER a buffer given back waits until all that were taken before it have come back (SPLIT-25).

    Args:
        memory: where rings and buffers are; see MemoryAccess.
        layout: what the driver announced.
        features: accepted feature bits; those of RingFeature matter.
        max_chain: most parts in one buffer; default: the queue size.
        address_bits: width of the device's addresses.
        batch: with IN_ORDER, report buffers that come back together by one used element where the text allows.

    Raises:
        RingFault: the layout is impossible (code 11) or does not lie in the address width (code 9).
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
        self.memory = memory
        self.layout = layout
        self.max_chain = min(max_chain or layout.size, layout.size)
        self.indirect = RingFeature.INDIRECT_DESC.within(features)
        self.event_idx = RingFeature.EVENT_IDX.within(features)
        self.in_order = RingFeature.IN_ORDER.within(features)
        self.batch = batch
        self._limit = 1 << address_bits
        self._out: set[DescriptorChain] = set()  # taken and not given back
        self._taken: deque[DescriptorChain] = deque()  # with IN_ORDER: not reported yet, oldest first
        self._waiting: dict[DescriptorChain, int] = {}  # with IN_ORDER: given back early -> bytes written
        self._check_layout()

    @property
    def in_flight(self) -> int:
        """Buffers taken and not given back."""
        return len(self._out)

    def take(self) -> DescriptorChain | None:
        """The next available buffer, None when there is none.

        Raises:
            RingFault: the driver broke a rule; the queue stays where it was.
        """
        chain = self._take()
        if chain is not None:
            self._out.add(chain)
            if self.in_order:
                self._taken.append(chain)
        return chain

    def give_back(self, chain: DescriptorChain, written: int) -> None:
        """Make one buffer used.

        Args:
            written: bytes written into it, from the first writable one on.

        Raises:
            RingFault: the ring cannot be written (code 10).
        """
        self.give_back_all([(chain, written)])

    def give_back_all(self, done: Sequence[tuple[DescriptorChain, int]]) -> None:
        """Make several buffers used at once: the driver sees all of them or none.

        Args:
            done: (chain, bytes written) of each.

        Raises:
            ValueError: a chain was not taken from this queue, or was given back before.
            RingFault: the ring cannot be written (code 10).
        """
        for chain, _ in done:
            if chain not in self._out:
                raise ValueError(f"buffer {chain.head} is not in flight on this queue")
            self._out.remove(chain)
        if self.in_order:
            self._waiting.update(done)
            done = []
            while self._taken and self._taken[0] in self._waiting:
                chain = self._taken.popleft()
                done.append((chain, self._waiting.pop(chain)))
        if not done:
            return
        if self.in_order and self.batch:
            self._publish(self._runs(done))
        else:
            self._publish([(chain, written, 1, chain.slots) for chain, written in done])

    def interrupt_wanted(self) -> bool:
        """Whether the driver wants to hear of what was used since this was last asked (V-7, V-8).

        Raises:
            RingFault: the wish cannot be read (code 10).
        """
        raise NotImplementedError

    def want_kicks(self) -> bool:
        """Ask to be told of the next available buffer; True when one came before the driver could see that (V-9).

        Raises:
            RingFault: the ring cannot be accessed (code 10).
        """
        raise NotImplementedError

    def stop_kicks(self) -> None:
        """Tell the driver that no kick is needed while the device is at work (SPLIT-16)."""
        raise NotImplementedError

    def expect(self, position: int) -> None:
        """Take the position that a kick with NOTIFICATION_DATA carried; a hint that costs no memory access (V-4)."""

    def _take(self) -> DescriptorChain | None:
        raise NotImplementedError

    def _publish(self, elements: list[tuple[DescriptorChain, int, int, int]]) -> None:
        """Write used elements: (chain, bytes written, buffers it stands for, slots they took)."""
        raise NotImplementedError

    def _check_layout(self) -> None:
        raise NotImplementedError

    @staticmethod
    def _runs(done: Sequence[tuple[DescriptorChain, int]]) -> list[tuple[DescriptorChain, int, int, int]]:
        """Elements for buffers in order: one that is skipped counts as completely used, so only such are skipped."""
        elements, buffers, slots = [], 0, 0
        for index, (chain, written) in enumerate(done):
            buffers, slots = buffers + 1, slots + chain.slots
            if written != chain.writable_size or index == len(done) - 1:
                elements.append((chain, written, buffers, slots))
                buffers = slots = 0
        return elements

    # Access to rings and tables: an error there is the driver's fault.

    def _fetch(self, address: int, layout: Struct) -> tuple[Any, ...]:
        try:
            return layout.unpack(self.memory.read(address, layout.size))
        except MemoryFault as error:
            raise RingFault(FaultCode.RING_ACCESS, str(error)) from error

    def _store(self, address: int, data: bytes) -> None:
        try:
            self.memory.write(address, data)
        except MemoryFault as error:
            raise RingFault(FaultCode.RING_ACCESS, str(error)) from error

    def _flush(self) -> None:
        flush(self.memory)

    # What holds for every descriptor, wherever it came from.

    def _require_area(self, name: str, address: int, alignment: int, length: int) -> None:
        if address % alignment:
            raise RingFault(FaultCode.ALIGNMENT, f"the {name} area at {address:#x} is not aligned to {alignment} bytes")
        if address + length > self._limit:
            raise RingFault(
                FaultCode.ADDRESS, f"the {name} area at {address:#x}, {length} bytes, ends beyond the addresses"
            )

    def _table_entries(self, head: int, address: int, length: int, flags: int) -> int:
        """Descriptors in the table that an indirect descriptor refers to, once it is known to be well formed."""
        if not self.indirect:
            raise RingFault(FaultCode.INDIRECT_REFUSED, "an indirect descriptor without VIRTIO_F_INDIRECT_DESC", head)
        if flags & _NEXT:
            raise RingFault(FaultCode.INDIRECT_NESTED, "an indirect descriptor with NEXT", head)
        if not length or length % DESCRIPTOR_BYTES:
            raise RingFault(FaultCode.TABLE_LENGTH, f"an indirect table of {length} bytes", head)
        if address + length > self._limit:
            raise RingFault(FaultCode.ADDRESS, f"an indirect table at {address:#x}, {length} bytes", head)
        return length // DESCRIPTOR_BYTES

    def _add_part(self, head: int, parts: tuple[list[Part], list[Part]], address: int, length: int, flags: int) -> None:
        """Append a part, or stop at one that no device can serve."""
        readable, writable = parts
        if len(readable) + len(writable) >= self.max_chain:
            raise RingFault(
                FaultCode.CHAIN_LENGTH, f"more than {self.max_chain} descriptors in a chain, or a loop", head
            )
        if address + length > self._limit:
            raise RingFault(
                FaultCode.ADDRESS, f"a part at {address:#x}, {length} bytes, ends beyond the addresses", head
            )
        if flags & _WRITE:
            writable.append((address, length))
        elif writable:
            raise RingFault(FaultCode.ORDER, "a part to read behind one to write", head)
        else:
            readable.append((address, length))

    def _finish_chain(self, head: int, parts: tuple[list[Part], list[Part]], slots: int) -> DescriptorChain:
        chain = DescriptorChain(self.memory, head, *parts, slots)
        if chain.readable_size + chain.writable_size > MOST_BYTES:
            raise RingFault(FaultCode.ADDRESS, "a buffer of 2^32 bytes or more", head)
        return chain
