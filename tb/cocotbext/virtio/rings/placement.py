# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Where a driver puts its rings, tables and buffers."""

import random

from cocotbext.virtio.rings.memory import MemoryAccess


class OutOfSpace(Exception):
    """The piece of memory of a Placement is used up; the text has the sizes."""


class Placement:
    """Hands out places in a piece of memory, and takes them back.

    A place lies in a block whose size is a power of two; blocks of one size are used again, oldest first.

    Args:
        memory: for :meth:`put`.
        base, size: the piece of memory, in bytes.
        rng: source of random offsets within a block; None: a place begins where its block does.
        alignment: of places for which no other alignment is asked, in bytes.
        gap: bytes that a block has beyond what is asked, at least: room for the random offset, and free space between
            two neighbours.
    """

    def __init__(
        self,
        memory: MemoryAccess,
        base: int = 0x4000_0000,
        size: int = 1 << 24,
        rng: random.Random | None = None,
        alignment: int = 1,
        gap: int = 0,
    ) -> None:
        self.memory = memory
        self.rng = rng
        self.alignment = alignment
        self.gap = gap
        self._free = base
        self._end = base + size
        self._size = size
        self._blocks: dict[int, list[int]] = {}  # size of a block -> addresses of free ones
        self._places: dict[int, tuple[int, int]] = {}  # address handed out -> block, its size

    def place(self, length: int, alignment: int | None = None) -> int:
        """A place of *length* bytes; returns its address.

        Raises:
            OutOfSpace: there is none left.
        """
        alignment = alignment or self.alignment
        size = 1 << max(length + self.gap + alignment - 1, 15).bit_length()
        blocks = self._blocks.get(size)
        if blocks:
            block = blocks.pop(0)
        else:
            block = self._free
            if block + size > self._end:
                raise OutOfSpace(f"no {length} bytes left of {self._size} for rings and buffers")
            self._free += size
        address = block + -block % alignment
        if self.rng is not None:
            address += self.rng.randrange((block + size - max(length, 1) - address) // alignment + 1) * alignment
        self._places[address] = block, size
        return address

    def put(self, data: bytes, alignment: int | None = None) -> int:
        """Write *data* to a place; returns its address."""
        address = self.place(len(data), alignment)
        self.memory.write(address, data)
        return address

    def release(self, address: int) -> None:
        """Take a place back."""
        block, size = self._places.pop(address)
        self._blocks.setdefault(size, []).append(block)


def cut(rng: random.Random, length: int, parts: int, empty: bool = False) -> list[int]:
    """Cut *length* bytes into *parts* sizes at random places.

    Args:
        empty: parts of no bytes may occur, at the ends as well; otherwise only where *length* is too short.
    """
    if empty or length < parts:
        borders = sorted(rng.randint(0, length) for _ in range(parts - 1))
    else:
        borders = sorted(rng.sample(range(1, length), parts - 1))
    return [end - start for start, end in zip([0, *borders], [*borders, length])]


def cut_data(rng: random.Random, data: bytes, parts: int, empty: bool = False) -> list[bytes]:
    """Cut *data* into *parts* pieces at random places; see cut()."""
    pieces, start = [], 0
    for size in cut(rng, len(data), parts, empty):
        pieces.append(data[start : start + size])
        start += size
    return pieces
