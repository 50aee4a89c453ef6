# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""One way to read and write registers over anybody's bus master."""

from typing import Any, Protocol

WORD = 0xFFFF_FFFF


class RegisterAccess(Protocol):
    """What a driver needs of a bus master: 32-bit words at byte addresses.

    A master may also have ``write(address, data, strobe)`` for bytes of a word, and ``write_together(pairs)``, which
    makes several writes without anybody else's access in between.
    """

    async def read(self, address: int) -> Any:
        """The word at *address*: an int, something that int() takes, or something with ``data``."""

    async def write(self, address: int, data: int) -> Any:
        """Write the word at *address* and wait for the response."""


class Registers:
    """Words and bytes at offsets from a base address, over any of these masters:

    - RegisterAccess, as it stands there: cocotb-bus's AXI4LiteMaster, this package's own masters and sequences;
    - cocotbext-axi's AxiLiteMaster and AxiMaster, known by ``read_dword`` and ``write_dword``.

    Args:
        master: one of them.
        base: byte address of the device's first register.
    """

    def __init__(self, master: Any, base: int = 0) -> None:
        self._master = master
        self._base = base
        self._by_dword = hasattr(master, "read_dword")

    async def read(self, offset: int) -> int:
        """The word at byte *offset*."""
        address = self._base + offset
        value = await (self._master.read_dword(address) if self._by_dword else self._master.read(address))
        value = getattr(value, "data", value)
        return int.from_bytes(value, "little") if isinstance(value, (bytes, bytearray)) else int(value)

    async def write(self, offset: int, value: int) -> None:
        """Write the word at byte *offset*."""
        address, value = self._base + offset, value & WORD
        await (self._master.write_dword(address, value) if self._by_dword else self._master.write(address, value))

    async def write_together(self, *pairs: tuple[int, int]) -> None:
        """Write (offset, value) in this order, in one piece where the master can do that."""
        together = getattr(self._master, "write_together", None)
        if together is not None:
            await together(*((self._base + offset, value & WORD) for offset, value in pairs))
            return
        for offset, value in pairs:
            await self.write(offset, value)

    async def read_bytes(self, offset: int, size: int) -> int:
        """*size* bytes (1, 2 or 4) at *offset*, which is a multiple of *size*."""
        if self._by_dword and size < 4:
            data = await self._master.read(self._base + offset, size)
            return int.from_bytes(getattr(data, "data", data), "little")
        return await self.read(offset & ~3) >> 8 * (offset % 4) & (1 << 8 * size) - 1

    async def write_bytes(self, offset: int, value: int, size: int) -> None:
        """Write *size* bytes (1, 2 or 4) at *offset*, which is a multiple of *size*."""
        if size == 4:
            await self.write(offset, value)
        elif self._by_dword:
            await self._master.write(self._base + offset, value.to_bytes(size, "little"))
        else:
            lane = offset % 4
            await self._master.write(self._base + offset - lane, value << 8 * lane, (1 << size) - 1 << lane)
