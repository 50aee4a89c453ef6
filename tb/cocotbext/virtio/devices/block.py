# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""virtio-blk: a disk in memory (virtio 1.2, 5.2)."""

from collections.abc import Callable
from enum import IntEnum

from cocotbext.virtio.devices.function import DeviceFunction
from cocotbext.virtio.rings import DescriptorChain
from cocotbext.virtio.rings.memory import MemoryFault

SECTOR = 512  # bytes, whatever the block size
HEADER_SIZE = 16  # le32 type, le32 reserved, le64 sector
NAME_SIZE = 20  # bytes that GET_ID returns

# Byte offsets in the configuration, and its size as far as it is used here.
_CAPACITY, _SEG_MAX, _BLK_SIZE, _NUM_QUEUES, _END = 0, 12, 20, 34, 36
SEGMENTS = 30  # data segments in a request, for drivers that care (VIRTIO_BLK_F_SEG_MAX)


class Request(IntEnum):
    """Types of request."""

    IN = 0
    OUT = 1
    FLUSH = 4
    GET_ID = 8


class Status(IntEnum):
    """The last byte of a request."""

    OK = 0
    IOERR = 1
    UNSUPP = 2


class BlockDevice(DeviceFunction):
    """Reads, writes, flushes and tells its name; any number of queues.

    What it offers beyond VERSION_1 is the endpoint's DEVICE_FEATURES: SEG_MAX (2), RO (5), BLK_SIZE (6), FLUSH (9) and
    MQ (12) are supported.

    Args:
        image: the disk's content, whole sectors.
        name: what GET_ID returns, at most 20 bytes.
        queues: request queues, for the configuration.
        read_only: refuse writes (DEV-6).

    Attributes:
        data: the disk's present content.
        counts: requests served by type, unknown ones as the number.
    """

    DEVICE_ID = 2
    LEAST_CONFIGURATION = 8  # the capacity

    def __init__(self, image: bytes, name: bytes = b"rtl-disk", queues: int = 1, read_only: bool = False) -> None:
        super().__init__(bytes(_END))
        self.data = bytearray(image)
        self.counts: dict[int, int] = {}
        self.read_only = read_only
        self._name = name.ljust(NAME_SIZE, b"\0")
        self._named_callbacks: list[Callable[[], None]] = []
        for offset, size, value in (
            (_CAPACITY, 8, self.sectors),
            (_SEG_MAX, 4, SEGMENTS),
            (_BLK_SIZE, 4, SECTOR),
            (_NUM_QUEUES, 2, queues),
        ):
            self.configuration[offset : offset + size] = value.to_bytes(size, "little")

    @property
    def sectors(self) -> int:
        """Capacity, in sectors of 512 bytes."""
        return len(self.data) // SECTOR

    def on_named(self, callback: Callable[[], None]) -> None:
        """Call *callback* whenever the driver has asked for the name."""
        self._named_callbacks.append(callback)

    def grow(self, data: bytes) -> None:
        """Append whole sectors and tell the driver of the new capacity."""
        self.data += data
        self.change_configuration(_CAPACITY, self.sectors.to_bytes(8, "little"))

    def serve(self, queue: int, chain: DescriptorChain) -> int:
        """Carry one request out; the status goes into the last writable byte.

        Raises:
            MemoryFault: the status cannot be written; any other part that is not in memory is IOERR.
        """
        room = chain.writable_size - 1
        try:
            header = chain.read(0, HEADER_SIZE)
            if len(header) < HEADER_SIZE or room < 0:
                return 0  # nowhere to say so
            written, status = self._request(header, chain, room)
        except MemoryFault:
            if room < 0:
                raise
            written, status = 0, Status.IOERR
        chain.write(room, bytes([status]))
        # Without data in front of it the status is still the last byte: what used.len counts is then not contiguous.
        return written + 1 if written == room else 0

    def _request(self, header: bytes, chain: DescriptorChain, room: int) -> tuple[int, Status]:
        """(bytes of data written, status)."""
        kind = int.from_bytes(header[0:4], "little")
        start = int.from_bytes(header[8:16], "little") * SECTOR
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if kind == Request.IN:
            if not self._there(start, room):
                return 0, Status.IOERR
            return chain.write(0, bytes(self.data[start : start + room])), Status.OK
        if kind == Request.OUT:
            data = chain.read(HEADER_SIZE)
            if self.read_only or not self._there(start, len(data)):
                return 0, Status.IOERR
            self.data[start : start + len(data)] = data
            return 0, Status.OK
        if kind == Request.GET_ID:
            written = chain.write(0, self._name[:room])
            for callback in self._named_callbacks:
                callback()
            return written, Status.OK
        return 0, Status.OK if kind == Request.FLUSH else Status.UNSUPP

    def _there(self, start: int, length: int) -> bool:
        return length % SECTOR == 0 and start + length <= len(self.data)
