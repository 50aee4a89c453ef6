"""The driver's side of a split virtqueue, for tests without a guest."""

from cocotbext.virtio.devices.plain_memory import PlainMemory
from cocotbext.virtio.devices.split_queue import DESCRIPTOR_SIZE, NO_INTERRUPT, USED_SIZE, DescriptorFlag


class DriverQueue:
    """Makes buffers available and finds them used; descriptors are never used again.

    Args:
        memory: for rings and buffers.
        base: where this queue may put them.
        entries: size of the queue.

    Attributes:
        desc, driver, device: addresses of the three areas.
        available: value of the available ring's index.
    """

    def __init__(self, memory: PlainMemory, base: int, entries: int):
        self.entries = entries
        self.desc = base
        self.driver = self.desc + DESCRIPTOR_SIZE * entries
        self.device = self.driver + 4 + 2 * entries + 2 + 3 & ~3
        self.available = 0
        self._memory = memory
        self._free = self.device + 4 + USED_SIZE * entries + 2 + 63 & ~63
        self._next_descriptor = 0
        self._seen = 0
        self._writable: dict[int, list[tuple[int, int]]] = {}  # head -> parts

    def add(self, readable: list[bytes], writable: list[int], indirect: bool = False) -> int:
        """Make a buffer available; returns its head.

        Args:
            readable: content of each part to read.
            writable: size of each part to write.
            indirect: put the parts into a table of their own.
        """
        parts = [(self.place(data), len(data), False) for data in readable]
        parts += [(self.place(bytes(size)), size, True) for size in writable]
        head = self._next_descriptor
        count = len(parts)
        table, first = (self.place(bytes(DESCRIPTOR_SIZE * count)), 0) if indirect else (self.desc, head)
        for index, (address, size, write) in enumerate(parts):
            flags = DescriptorFlag.WRITE * write | DescriptorFlag.NEXT * (index < count - 1)
            self.descriptor(first + index, address, size, flags, first + index + 1, table)
        if indirect:
            self.descriptor(head, table, DESCRIPTOR_SIZE * count, DescriptorFlag.INDIRECT)
        self._next_descriptor += 1 if indirect else count
        self._writable[head] = [(address, size) for address, size, write in parts if write]
        self.offer(head)
        return head

    def place(self, data: bytes) -> int:
        """Put *data* somewhere; returns its address."""
        address = self._free
        self._memory.write(address, data)
        self._free += len(data) + 15 & ~15
        return address

    def descriptor(
        self, index: int, address: int, size: int, flags: int, following: int = 0, table: int | None = None
    ) -> None:
        """Write one descriptor, of the queue's own table or another one."""
        raw = (
            address.to_bytes(8, "little")
            + size.to_bytes(4, "little")
            + int(flags).to_bytes(2, "little")
            + (following & 0xFFFF).to_bytes(2, "little")
        )
        self._memory.write((self.desc if table is None else table) + DESCRIPTOR_SIZE * index, raw)

    def offer(self, head: int) -> None:
        """Put a head into the available ring."""
        self._memory.write(self.driver + 4 + 2 * (self.available % self.entries), head.to_bytes(2, "little"))
        self.available = self.available + 1 & 0xFFFF
        self._memory.write(self.driver + 2, self.available.to_bytes(2, "little"))

    def used(self) -> list[tuple[int, int]]:
        """(head, bytes written) of every buffer used since the last call."""
        index = self._word16(self.device + 2)
        found = []
        while self._seen != index:
            entry = self._memory.read(self.device + 4 + USED_SIZE * (self._seen % self.entries), USED_SIZE)
            found.append((int.from_bytes(entry[:4], "little"), int.from_bytes(entry[4:], "little")))
            self._seen = self._seen + 1 & 0xFFFF
        return found

    def received(self, head: int) -> bytes:
        """All writable bytes of a buffer."""
        return b"".join(self._memory.read(address, size) for address, size in self._writable[head])

    def want_interrupts(self, wanted: bool) -> None:
        """Set or clear the flag that counts without EVENT_IDX."""
        self._memory.write(self.driver, (0 if wanted else NO_INTERRUPT).to_bytes(2, "little"))

    def interrupt_at(self, used_index: int) -> None:
        """With EVENT_IDX: ask for an interrupt when the used index passes this value."""
        self._memory.write(self.driver + 4 + 2 * self.entries, (used_index & 0xFFFF).to_bytes(2, "little"))

    @property
    def kick_wanted_at(self) -> int:
        """With EVENT_IDX: the available index at which the device wants to be told."""
        return self._word16(self.device + 4 + USED_SIZE * self.entries)

    def _word16(self, address: int) -> int:
        return int.from_bytes(self._memory.read(address, 2), "little")
