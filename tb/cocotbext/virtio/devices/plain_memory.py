"""Memory for tests without a machine."""


class MemoryFault(Exception):
    """An access outside of the memory; the text has the address."""


class PlainMemory:
    """Bytes at an address: what a device reaches by DMA, and what a test's driver fills in.

    Args:
        base: address of the first byte.
        size: in bytes.

    Attributes:
        data: the bytes.
    """

    def __init__(self, base: int = 0x4000_0000, size: int = 1 << 20):
        self.base = base
        self.data = bytearray(size)

    def read(self, address: int, length: int) -> bytes:
        """The *length* bytes at *address*.

        Raises:
            MemoryFault: they are not all there.
        """
        start = self._offset(address, length)
        return bytes(self.data[start : start + length])

    def write(self, address: int, data: bytes) -> None:
        """Write *data* at *address*.

        Raises:
            MemoryFault: it does not fit.
        """
        start = self._offset(address, len(data))
        self.data[start : start + len(data)] = data

    def flush(self) -> None:
        """Wait until all that was written can be seen: at once."""

    def _offset(self, address: int, length: int) -> int:
        start = address - self.base
        if start < 0 or start + length > len(self.data):
            raise MemoryFault(f"no memory at {address:#x}, {length} bytes")
        return start
