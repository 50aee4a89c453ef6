# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A split queue and its requests as bytes, the same for QEMU's disk and for ours."""

SIZE = 16  # of the queue
_NAME, _STATUS = 20, 1  # bytes that a request for the disk's name writes
_NEXT, _WRITE = 1, 2  # flags of a descriptor
_GET_ID = 8  # a request that takes no I/O, so QEMU answers it within the kick


class Rings:
    """Where queue *number* and its one request are.

    Attributes:
        descriptors, available, used: addresses for the registers.
        published: requests put in so far.
    """

    BASE, DISTANCE = 0x10_0000, 0x1_0000

    def __init__(self, number: int) -> None:
        base = self.BASE + self.DISTANCE * number
        self.descriptors, self.available, self.used = base, base + 0x1000, base + 0x2000
        self._header = base + 0x3000
        self.published = 0

    def parts(self) -> tuple[int, int, int]:
        """The three addresses, in the order of the registers."""
        return self.descriptors, self.available, self.used

    def empty(self) -> list[tuple[int, bytes]]:
        """(address, bytes) to write before the queue is made ready."""
        self.published = 0
        return [(address, bytes(0x100)) for address in self.parts()]

    def request(self) -> list[tuple[int, bytes]]:
        """(address, bytes) to write to put one more request for the name into the queue."""
        chain = (
            (self._header, 16, _NEXT, 1),
            (self._header + 0x100, _NAME, _NEXT | _WRITE, 2),
            (self._header + 0x200, _STATUS, _WRITE, 0),
        )
        descriptors = b"".join(
            address.to_bytes(8, "little")
            + length.to_bytes(4, "little")
            + flags.to_bytes(2, "little")
            + following.to_bytes(2, "little")
            for address, length, flags, following in chain
        )
        slot = self.available + 4 + 2 * (self.published % SIZE)
        self.published += 1
        return [
            (self._header, _GET_ID.to_bytes(4, "little") + bytes(12)),
            (self.descriptors, descriptors),
            (slot, bytes(2)),
            (self.available + 2, (self.published & 0xFFFF).to_bytes(2, "little")),
        ]
