"""One buffer of a virtqueue."""


class DescriptorChain:
    """What the driver made available as one buffer: parts to read, followed by parts to write.

    How it is cut into parts means nothing: offsets count over all readable, or all writable, bytes.

    Args:
        memory: where the parts are, with ``read(address, length)`` and ``write(address, data)``.
        head: index of the first descriptor.
        readable, writable: (address, length) of each part.
    """

    def __init__(self, memory, head: int, readable: list[tuple[int, int]], writable: list[tuple[int, int]]):
        self._memory = memory
        self.head = head
        self._readable = readable
        self._writable = writable

    @property
    def readable_size(self) -> int:
        """Bytes that the device may read."""
        return sum(length for _, length in self._readable)

    @property
    def writable_size(self) -> int:
        """Bytes that the device may write."""
        return sum(length for _, length in self._writable)

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """Readable bytes from *offset* on, all or *length*; fewer where the buffer ends."""
        length = self.readable_size - offset if length is None else length
        return b"".join(self._memory.read(address, size) for address, size in _cut(self._readable, offset, length))

    def write(self, offset: int, data: bytes) -> int:
        """Write *data* at *offset* of the writable bytes; returns how many fitted."""
        done = 0
        for address, size in _cut(self._writable, offset, len(data)):
            self._memory.write(address, data[done : done + size])
            done += size
        return done


def _cut(parts, offset: int, length: int):
    """The pieces of *parts* that hold *length* bytes from *offset* on."""
    for address, size in parts:
        piece = min(size - offset, length)
        if piece > 0:
            yield address + offset, piece
            length -= piece
        offset = max(offset - size, 0)
