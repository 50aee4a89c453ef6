# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""One contiguous piece of memory, for tests that compare all of it, or that share it with other code."""

from cocotbext.virtio.rings.memory import MemoryFault


class PlainMemory:
    """Bytes at an address: what a device reaches by DMA, and what a test's driver fills in.

    Args:
        base: address of the first byte.
        size: in bytes.
        data: where the bytes are, such as a memoryview of somebody else's buffer; default: a bytearray of zeros.

    Attributes:
        data: the bytes.
    """

    def __init__(
        self, base: int = 0x4000_0000, size: int = 1 << 20, data: bytearray | memoryview | None = None
    ) -> None:
        self.base = base
        self.data = bytearray(size) if data is None else data
        self._size = len(self.data)

    def read(self, address: int, length: int) -> bytes:
        """The *length* bytes at *address*.

        Raises:
            MemoryFault: they are not all there.
        """
        start = address - self.base
        if start < 0 or start + length > self._size:
            raise MemoryFault(f"no memory at {address:#x}, {length} bytes")
        return bytes(self.data[start : start + length])

    def write(self, address: int, data: bytes) -> None:
        """Write *data* at *address*.

        Raises:
            MemoryFault: it does not fit.
        """
        start = address - self.base
        if start < 0 or start + len(data) > self._size:
            raise MemoryFault(f"no memory at {address:#x}, {len(data)} bytes")
        self.data[start : start + len(data)] = data

    def flush(self) -> None:
        """Wait until all that was written can be seen: at once."""
