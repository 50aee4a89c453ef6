"""The device's side of a split virtqueue (virtio 1.2, 2.7)."""

from enum import IntFlag

from cocotbext.virtio.agents.queue_table import QueueRow
from cocotbext.virtio.devices.descriptor_chain import DescriptorChain

RING_INDIRECT_DESC, RING_EVENT_IDX = 28, 29  # feature bits
DESCRIPTOR_SIZE = 16  # le64 address, le32 length, le16 flags, le16 next
USED_SIZE = 8  # le32 head, le32 bytes written
NO_INTERRUPT = 1  # in the flags of the available ring


class DescriptorFlag(IntFlag):
    """Flags of a descriptor."""

    NEXT = 1
    WRITE = 2
    INDIRECT = 4


class QueueError(Exception):
    """The driver broke a rule of the ring; the text says which. The device cannot go on."""


class SplitQueue:
    """Takes buffers from the available ring and gives them back through the used ring.

    Args:
        memory: where the rings are, with ``read(address, length)``, ``write(address, data)`` and ``flush()``, which
            returns when the driver can see everything written.
        row: what the driver configured; the queue starts empty, as after QueueReady.
        features: accepted feature bits; INDIRECT_DESC (28) and EVENT_IDX (29) matter.
    """

    def __init__(self, memory, row: QueueRow, features: int):
        self._memory = memory
        self._row = row
        self._indirect = bool(features >> RING_INDIRECT_DESC & 1)
        self._event_idx = bool(features >> RING_EVENT_IDX & 1)
        self._next = 0  # of the available ring, free running like all ring indices
        self._used = 0
        self._reported = 0  # value of _used when interrupt_wanted() was last asked

    def __str__(self):
        row = self._row
        return (
            f"{row.num} entries, available {self._word16(row.driver + 2)}, taken {self._next}, used {self._used}, "
            f"in memory {self._word16(row.device + 2)}, interrupt wanted at "
            f"{self._word16(row.driver + 4 + 2 * row.num)}, flags {self._word16(row.driver)}"
        )

    def take(self) -> DescriptorChain | None:
        """The next available buffer, None when there is none.

        Raises:
            QueueError: the driver broke a rule.
        """
        row = self._row
        available = self._word16(row.driver + 2)
        waiting = available - self._next & 0xFFFF
        if not waiting:
            return None
        if waiting > row.num:
            raise QueueError(f"available index {available} is {waiting} ahead in a queue of {row.num}")
        head = self._word16(row.driver + 4 + 2 * (self._next % row.num))
        chain = self._chain(head)
        self._next = self._next + 1 & 0xFFFF
        return chain

    def give_back(self, chain: DescriptorChain, written: int) -> None:
        """Make a buffer used: the entry first, then the index that shows it.

        Args:
            written: bytes written into it, from the first one on.
        """
        row = self._row
        entry = chain.head.to_bytes(4, "little") + written.to_bytes(4, "little")
        self._memory.write(row.device + 4 + USED_SIZE * (self._used % row.num), entry)
        self._used = self._used + 1 & 0xFFFF
        self._memory.write(row.device + 2, self._used.to_bytes(2, "little"))

    def want_kicks(self) -> bool:
        """Ask to be told of the next available buffer; True when one came before the driver could see that."""
        if self._event_idx:
            self._memory.write(self._row.device + 4 + USED_SIZE * self._row.num, self._next.to_bytes(2, "little"))
            self._memory.flush()  # or a driver that looks before and a device that looks after would both wait
        return self._word16(self._row.driver + 2) != self._next

    def interrupt_wanted(self) -> bool:
        """Whether the driver wants to hear of the buffers used since this was last asked."""
        new, old = self._used, self._reported
        self._reported = new
        if new == old:
            return False
        self._memory.flush()  # the same, the other way round
        if not self._event_idx:
            return not self._word16(self._row.driver) & NO_INTERRUPT
        used_event = self._word16(self._row.driver + 4 + 2 * self._row.num)
        return (new - used_event - 1) & 0xFFFF < (new - old) & 0xFFFF

    def _word16(self, address: int) -> int:
        return int.from_bytes(self._memory.read(address, 2), "little")

    def _descriptor(self, table: int, entries: int, index: int) -> tuple[int, int, DescriptorFlag, int]:
        if index >= entries:
            raise QueueError(f"descriptor {index} in a table of {entries}")
        raw = self._memory.read(table + DESCRIPTOR_SIZE * index, DESCRIPTOR_SIZE)
        return (
            int.from_bytes(raw[0:8], "little"),
            int.from_bytes(raw[8:12], "little"),
            DescriptorFlag(int.from_bytes(raw[12:14], "little") & 7),
            int.from_bytes(raw[14:16], "little"),
        )

    def _chain(self, head: int) -> DescriptorChain:
        parts: tuple[list, list] = [], []  # readable, writable
        table, entries, index = self._row.desc, self._row.num, head
        while True:
            address, length, flags, following = self._descriptor(table, entries, index)
            if flags & DescriptorFlag.INDIRECT:
                if not self._indirect:
                    raise QueueError("an indirect descriptor without VIRTIO_F_INDIRECT_DESC")
                if table != self._row.desc or flags & DescriptorFlag.NEXT:
                    raise QueueError("an indirect descriptor in an indirect table, or with NEXT")
                if not length or length % DESCRIPTOR_SIZE:
                    raise QueueError(f"an indirect table of {length} bytes")
                table, entries, index = address, length // DESCRIPTOR_SIZE, 0
                continue
            writable = bool(flags & DescriptorFlag.WRITE)
            if parts[1] and not writable:
                raise QueueError(f"the chain from descriptor {head} has a part to read behind one to write")
            parts[writable].append((address, length))
            if len(parts[0]) + len(parts[1]) > self._row.num:
                raise QueueError(f"the chain from descriptor {head} is longer than the queue, or a loop")
            if not flags & DescriptorFlag.NEXT:
                return DescriptorChain(self._memory, head, *parts)
            index = following
