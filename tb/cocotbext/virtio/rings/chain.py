# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""One buffer of a virtqueue, as the device sees it."""

from collections.abc import Iterator

from cocotbext.virtio.rings.memory import MemoryAccess

Part = tuple[int, int]  # address, length in bytes


class DescriptorChain:
    """What the driver made available as one buffer: parts to read, followed by parts to write.

    How a buffer is cut into parts means nothing (SPLIT-2): offsets count over all readable, or all writable, bytes.

    Args:
        memory: where the parts are.
        head: what the used ring calls the buffer: the first descriptor's index (split) or the buffer ID (packed).
        readable, writable: (address, length) of each part.
        slots: descriptors that the chain takes in the queue's own table or ring, at least 1.
    """

    def __init__(
        self, memory: MemoryAccess, head: int, readable: list[Part], writable: list[Part], slots: int = 1
    ) -> None:
        self._memory = memory
        self.head = head
        self.readable = readable
        self.writable = writable
        self.slots = slots
        self.readable_size = self.writable_size = 0
        for _, length in readable:
            self.readable_size += length
        for _, length in writable:
            self.writable_size += length

    @property
    def parts(self) -> list[tuple[int, int, bool]]:
        """(address, length, whether the device may write) of each part, in the order of the chain."""
        return [(*part, False) for part in self.readable] + [(*part, True) for part in self.writable]

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """Readable bytes from *offset* on, all or *length*; fewer where the buffer ends.

        Raises:
            MemoryFault: a part is not in memory.
        """
        length = self.readable_size - offset if length is None else length
        if len(self.readable) == 1 and not offset and length == self.readable_size:
            return self._memory.read(*self.readable[0])
        return b"".join(self._memory.read(address, size) for address, size in _pieces(self.readable, offset, length))

    def write(self, offset: int, data: bytes) -> int:
        """Write *data* at *offset* of the writable bytes; returns how many fitted.

        Raises:
            MemoryFault: a part is not in memory.
        """
        done = 0
        if len(self.writable) == 1 and not offset and len(data) <= self.writable_size:
            self._memory.write(self.writable[0][0], data)
            return len(data)
        for address, size in _pieces(self.writable, offset, len(data)):
            self._memory.write(address, data[done : done + size])
            done += size
        return done


def _pieces(parts: list[Part], offset: int, length: int) -> Iterator[Part]:
    """The pieces of *parts* that hold *length* bytes from *offset* on."""
    for address, size in parts:
        piece = min(size - offset, length)
        if piece > 0:
            yield address + offset, piece
            length -= piece
        offset = max(offset - size, 0)
