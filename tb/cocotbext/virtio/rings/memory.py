# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Memory that a driver fills in and a device reaches by DMA: the protocol, and a sparse memory of 64 address bits."""

from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

PAGE_BITS = 12
PAGE = 1 << PAGE_BITS
ADDRESS_BITS = 64


class MemoryFault(Exception):
    """An access to an address that no memory answers; the text has the address and the length."""


@runtime_checkable
class MemoryAccess(Protocol):
    """What the rings and the bus models need of a memory. All addresses and lengths are in bytes.

    An implementation may also have ``flush()``: it returns when all that was written can be seen by everybody.
    A memory without ``flush`` shows each write at once.
    """

    def read(self, address: int, length: int) -> bytes:
        """Return the *length* bytes at *address*; raise MemoryFault where there is no memory."""

    def write(self, address: int, data: bytes) -> None:
        """Write *data* at *address*; raise MemoryFault where there is no memory, before any byte is written."""


class Memory:
    """Holds bytes at 64-bit addresses; storage exists only for pages that were written.

    Bytes that were never written read as *fill*.

    Args:
        ranges: (first address, size in bytes) of each piece of memory that exists; none: all 2^64 bytes exist.
        fill: value of a byte that was never written, 0..255.

    Raises:
        ValueError: a range is empty or ends beyond 2^64.
    """

    def __init__(self, *ranges: tuple[int, int], fill: int = 0) -> None:
        for base, size in ranges:
            if base < 0 or size <= 0 or base + size > 1 << ADDRESS_BITS:
                raise ValueError(f"a memory of {size} bytes at {base:#x} does not fit into {ADDRESS_BITS} address bits")
        self.ranges = tuple(ranges) or ((0, 1 << ADDRESS_BITS),)
        self._blank = bytes([fill]) * PAGE
        self._pages: dict[int, bytearray] = {}
        self._last_start, self._last_end = self.ranges[0][0], sum(self.ranges[0])

    def read(self, address: int, length: int) -> bytes:
        """The *length* bytes at *address*.

        Raises:
            MemoryFault: they are not all there.
        """
        self._require(address, length)
        offset = address & PAGE - 1
        if offset + length <= PAGE:
            return bytes(self._pages.get(address >> PAGE_BITS, self._blank)[offset : offset + length])
        return b"".join(
            self._pages.get(page, self._blank)[start:end] for page, start, end, _ in _pages(address, length)
        )

    def write(self, address: int, data: bytes) -> None:
        """Write *data* at *address*.

        Raises:
            MemoryFault: it does not fit; nothing is written then.
        """
        length = len(data)
        self._require(address, length)
        offset = address & PAGE - 1
        content = self._pages.get(address >> PAGE_BITS)
        if content is not None and offset + length <= PAGE:
            content[offset : offset + length] = data
            return
        for page, start, end, done in _pages(address, length):
            content = self._pages.get(page)
            if content is None:
                content = self._pages[page] = bytearray(self._blank)
            content[start:end] = data[done : done + end - start]

    def flush(self) -> None:
        """Wait until all that was written can be seen: at once."""

    def clear(self) -> None:
        """Forget everything written: all bytes read as the fill value again."""
        self._pages.clear()

    def image(self) -> dict[int, bytes]:
        """A copy of everything written, as page address -> 4096 bytes; two images of one memory can be compared.

        Pages that hold nothing but the fill value are left out.
        """
        return {page << PAGE_BITS: bytes(data) for page, data in sorted(self._pages.items()) if data != self._blank}

    def _require(self, address: int, length: int) -> None:
        end = address + length
        if self._last_start <= address and end <= self._last_end:
            return
        for start, size in self.ranges:
            if start <= address and end <= start + size:
                self._last_start, self._last_end = start, start + size
                return
        raise MemoryFault(f"no memory at {address:#x}, {length} bytes")


class WatchedMemory:
    """Passes every access on to another memory and tells an observer of each.

    Args:
        memory: the memory that holds the bytes.

    Attributes:
        before_read, after_read: called with (address, length) around each read, in order of addition. A callback may
            change the memory: this is how a driver changes what a device is looking at.
        before_write, after_write: called with (address, data) around each write.
    """

    def __init__(self, memory: MemoryAccess) -> None:
        self.memory = memory
        self.before_read: list[Callable[[int, int], None]] = []
        self.after_read: list[Callable[[int, int], None]] = []
        self.before_write: list[Callable[[int, bytes], None]] = []
        self.after_write: list[Callable[[int, bytes], None]] = []

    def read(self, address: int, length: int) -> bytes:
        """Read from the memory behind, between the callbacks."""
        for callback in tuple(self.before_read):
            callback(address, length)
        data = self.memory.read(address, length)
        for callback in tuple(self.after_read):
            callback(address, length)
        return data

    def write(self, address: int, data: bytes) -> None:
        """Write to the memory behind, between the callbacks."""
        for callback in tuple(self.before_write):
            callback(address, data)
        self.memory.write(address, data)
        for callback in tuple(self.after_write):
            callback(address, data)

    def flush(self) -> None:
        """Flush the memory behind."""
        flush(self.memory)


def flush(memory: MemoryAccess) -> None:
    """Wait until all that was written to *memory* can be seen, where the memory knows such a delay."""
    wait = getattr(memory, "flush", None)
    if wait is not None:
        wait()


def _pages(address: int, length: int) -> Iterable[tuple[int, int, int, int]]:
    """(page, first byte in it, end in it, bytes before it) of each page that an access touches."""
    done = 0
    while done < length:
        start = address + done & PAGE - 1
        size = min(PAGE - start, length - done)
        yield address + done >> PAGE_BITS, start, start + size, done
        done += size
