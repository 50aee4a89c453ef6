"""virtio-blk: a disk in memory (virtio 1.2, 5.2)."""

from collections.abc import Callable
from enum import IntEnum

from cocotbext.virtio.devices.virtio_device import VirtioDevice

SECTOR = 512  # bytes, whatever the block size
HEADER_SIZE = 16  # le32 type, le32 reserved, le64 sector
NAME_SIZE = 20  # bytes that GET_ID returns

# Byte offsets in the configuration.
_CAPACITY, _SEG_MAX, _BLK_SIZE, _NUM_QUEUES = 0, 12, 20, 34
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


class VirtioBlock(VirtioDevice):
    """Reads, writes, flushes and tells its name; any number of queues.

    What it offers beyond VERSION_1 is the endpoint's DEVICE_FEATURES: SEG_MAX (2), BLK_SIZE (6), FLUSH (9) and MQ (12)
    are supported, INDIRECT_DESC (28) and EVENT_IDX (29) are the ring's.

    Args:
        image: the disk's content, whole sectors.
        name: what GET_ID returns, at most 20 bytes.
        arguments: see VirtioDevice.

    Attributes:
        data: the disk's present content.
        counts: requests served by type, unknown ones as the number.
    """

    DEVICE_ID = 2

    def __init__(self, interface, memory, image: bytes, name: bytes = b"rtl-disk", **arguments):
        super().__init__(interface, memory, **arguments)
        self.data = bytearray(image)
        self.counts: dict[int, int] = {}
        self._name = name.ljust(NAME_SIZE, b"\0")
        self._named_callbacks: list[Callable[[], None]] = []
        self._configure(_CAPACITY, self._capacity())
        self._configure(_SEG_MAX, SEGMENTS.to_bytes(4, "little"))
        self._configure(_BLK_SIZE, SECTOR.to_bytes(4, "little"))
        self._configure(_NUM_QUEUES, interface.config.num_queues.to_bytes(2, "little"))

    def on_named(self, callback: Callable[[], None]) -> None:
        """Call *callback* whenever the driver has asked for the name."""
        self._named_callbacks.append(callback)

    def grow(self, data: bytes) -> None:
        """Append whole sectors and tell the driver of the new capacity."""
        self.data += data
        self.change_config(_CAPACITY, self._capacity())

    def serve(self, queue: int, chain) -> int:
        """Carry one request out; the status goes into the last writable byte."""
        header = chain.read(0, HEADER_SIZE)
        room = chain.writable_size - 1
        if len(header) < HEADER_SIZE or room < 0:
            return 0  # nowhere to say so
        kind = int.from_bytes(header[0:4], "little")
        start = int.from_bytes(header[8:16], "little") * SECTOR
        self.counts[kind] = self.counts.get(kind, 0) + 1
        written, status = 0, Status.OK
        if kind == Request.IN:
            if self._there(start, room):
                written = chain.write(0, self.data[start : start + room])
            else:
                status = Status.IOERR
        elif kind == Request.OUT:
            data = chain.read(HEADER_SIZE)
            if self._there(start, len(data)):
                self.data[start : start + len(data)] = data
            else:
                status = Status.IOERR
        elif kind == Request.GET_ID:
            written = chain.write(0, self._name[:room])
            for callback in self._named_callbacks:
                callback()
        elif kind != Request.FLUSH:
            status = Status.UNSUPP
        chain.write(room, bytes([status]))
        # Without data in front of it the status is still the last byte: what used.len counts is then not contiguous.
        return written + 1 if written == room else 0

    def _there(self, start: int, length: int) -> bool:
        return length % SECTOR == 0 and start + length <= len(self.data)

    def _capacity(self) -> bytes:
        return (len(self.data) // SECTOR).to_bytes(8, "little")

    def _configure(self, offset: int, value: bytes) -> None:
        data = self.interface.device_config.data
        if offset == _CAPACITY and len(data) < len(value):
            raise ValueError("a disk needs CONFIG_BYTES of at least 8, for its capacity")
        data[offset : offset + len(value)] = value[: max(0, len(data) - offset)]
