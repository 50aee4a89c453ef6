# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The guest's memory as the device sees it."""

import mmap
import os

from cocotbext.virtio.rings import MemoryFault

from sim.cosim.link import Link


class GuestMemory:
    """Reads go to the memory that QEMU shares; writes go through QEMU, in order with interrupts and answers.

    QEMU does not notice what others write to shared memory: code translated from there would run on unchanged.

    Args:
        path: the file that QEMU has as its memory, a whole one.
        base: the guest's address of its first byte.
        link: to QEMU.
    """

    def __init__(self, path: str, base: int, link: Link) -> None:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._data = mmap.mmap(file, 0, prot=mmap.PROT_READ)
        finally:
            os.close(file)
        self._base = base
        self._link = link
        self._written = False

    def look(self, address: int, length: int) -> bytes:
        """The *length* bytes at *address* as they are now, whatever of the device's writes is still under way.

        Raises:
            MemoryFault: they are not all memory.
        """
        start = self._offset(address, length)
        return self._data[start : start + length]

    def read(self, address: int, length: int) -> bytes:
        """The *length* bytes at *address*.

        Raises:
            MemoryFault: they are not all memory.
        """
        return self.look(address, length)

    def write(self, address: int, data: bytes) -> None:
        """Write *data* at *address*; an interrupt sent later finds it there.

        Raises:
            MemoryFault: it is not all memory.
        """
        self._offset(address, len(data))
        self._link.write_memory(address, data)
        self._written = True

    def flush(self) -> None:
        """Wait until the guest can see all that was written; what is read afterwards is newer."""
        if self._written:
            self._link.synchronise()
            self._written = False

    def _offset(self, address: int, length: int) -> int:
        start = address - self._base
        if start < 0 or start + length > len(self._data):
            raise MemoryFault(f"no memory at {address:#x}, {length} bytes")
        return start


class DmaMemory(GuestMemory):
    """The guest's memory behind a memory port of the device: a read finds all writes that were answered before."""

    def read(self, address: int, length: int) -> bytes:
        """The *length* bytes at *address*, once QEMU has carried out every earlier write.

        Raises:
            MemoryFault: they are not all memory.
        """
        self.flush()
        return super().read(address, length)
