# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Requests of the device classes, made and judged by the driver's side: blk, rng, console, net.

::

    disk = BlockRequests(image)
    request = disk.write(3, data)
    request.add_to(queue, rng)
    ...                             # kick, wait
    for buffer in queue.used():
        disk.judge(buffer)
    assert not disk.findings
"""

import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cocotbext.virtio.devices.block import HEADER_SIZE as BLOCK_HEADER
from cocotbext.virtio.devices.block import NAME_SIZE, SECTOR, Status
from cocotbext.virtio.devices.block import Request as BlockRequest
from cocotbext.virtio.devices.net import HEADER_SIZE as NET_HEADER
from cocotbext.virtio.rings import Buffer, DriverQueue, cut, cut_data

UNTOUCHED = b"\xa5"  # what writable bytes hold before the device writes
_NEVER = 0xBAD  # a type of block request that does not exist


@dataclass(eq=False)
class Request:
    """One request for a device.

    Attributes:
        name: for findings.
        readable: bytes for the device to read.
        writable: bytes that it may write.
        verdict: called with (what it wrote into all writable bytes, how many it says it wrote); yields findings.
    """

    name: str
    readable: bytes
    writable: int
    verdict: Callable[[bytes, int], list[str]] = field(repr=False)

    def add_to(
        self,
        queue: DriverQueue,
        rng: random.Random | None = None,
        most: int = 8,
        indirect: bool | int = False,
        publish: bool = True,
    ) -> Buffer:
        """Put the request into a queue.

        Args:
            rng: source of the cuts; None: one part to read and one to write, as far as there is anything.
            most: parts of the whole request, at most, with *rng*; at least 2.
            indirect, publish: see DriverQueue.add.
        """
        reads, writes = [self.readable] if self.readable else [], [self.writable] if self.writable else []
        if rng is not None:
            if self.readable:
                reads = cut_data(rng, self.readable, rng.randint(1, max(1, min(len(self.readable), most // 2))))
            if self.writable:
                writes = cut(rng, self.writable, rng.randint(1, max(1, min(self.writable, most // 2))))
        return queue.add(reads, writes, indirect, publish, cookie=self, fill=UNTOUCHED)


class RequestMaker:
    """Base of the makers.

    Attributes:
        judged: answers judged so far; a test in which this stays 0 has shown nothing.
        findings: what was wrong with them, in words.
    """

    def __init__(self) -> None:
        self.judged = 0
        self.findings: list[str] = []

    def judge(self, buffer: Buffer) -> list[str]:
        """Judge a used buffer; returns what is wrong with it, and remembers that."""
        request: Request = buffer.cookie
        found = buffer.damaged() + request.verdict(buffer.received(), buffer.written or 0)
        found = [f"{request.name}: {text}" for text in found]
        self.judged += 1
        self.findings += found
        return found


@dataclass(eq=False)
class _Write:
    """A write of one sector in flight, and what other writes of it put there meanwhile."""

    content: bytes
    beside: set[bytes] = field(default_factory=set)


class BlockRequests(RequestMaker):
    """A disk's driver that knows what is on the disk (virtio 1.2, 5.2).

    Requests in flight at the same time may be carried out in any order: a sector may then have any content that it
    could have in some order.

    Args:
        image: what is on the disk at the beginning, whole sectors; None: unknown, the first read of a sector tells.
        sectors: capacity where *image* is None.
        read_only: the device offers RO: a write must be refused (DEV-6).
    """

    def __init__(self, image: bytes | None = None, sectors: int = 0, read_only: bool = False) -> None:
        super().__init__()
        self.sectors = len(image) // SECTOR if image is not None else sectors
        self.read_only = read_only
        self._contents: list[set[bytes] | None] = [
            None if image is None else {image[start * SECTOR :][:SECTOR]} for start in range(self.sectors)
        ]
        self._writing: dict[int, list[_Write]] = {}  # sector -> writes in flight
        self._reading: list[dict[int, set[bytes] | None]] = []  # of each read in flight: sector -> possible contents

    def read(self, sector: int, count: int = 1) -> Request:
        """Read *count* sectors; beyond the end it must be IOERR (DEV-5)."""
        there = sector + count <= self.sectors
        seen = {each: self._possible(each) for each in range(sector, sector + count)} if there else {}
        self._reading.append(seen)

        def verdict(data: bytes, written: int) -> list[str]:
            self._reading.remove(seen)
            if not there:
                return self._status(data, Status.IOERR)
            found = self._status(data, Status.OK) + _length(written, count * SECTOR + 1)
            for index, each in enumerate(seen):
                content = data[index * SECTOR : (index + 1) * SECTOR]
                if seen[each] is None:
                    if self._contents[each] is None and not self._writing.get(each):
                        self._contents[each] = {content}
                elif content not in (possible := seen[each] or set()):
                    found.append(f"sector {each} reads {_short(content)}, not {_short(min(possible))}")
            return found

        return Request(
            f"read of {count} sectors at {sector}", _block(BlockRequest.IN, sector), count * SECTOR + 1, verdict
        )

    def write(self, sector: int, data: bytes) -> Request:
        """Write whole sectors; beyond the end, or on a disk that is read only, it must be IOERR."""
        parts = {sector + index: data[index * SECTOR :][:SECTOR] for index in range(len(data) // SECTOR)}
        refused = self.read_only or sector + len(parts) > self.sectors
        writes = {} if refused else {each: self._begin(each, content) for each, content in parts.items()}

        def verdict(answer: bytes, written: int) -> list[str]:
            if refused:
                return self._status(answer, Status.IOERR)
            for each, write in writes.items():
                self._writing[each].remove(write)
                # A write that was in flight beside this one may be over it or under it.
                self._contents[each] = {write.content, *write.beside}
            return self._status(answer, Status.OK) + _length(written, 1)

        return Request(
            f"write of {len(parts)} sectors at {sector}", _block(BlockRequest.OUT, sector) + data, 1, verdict
        )

    def flush(self) -> Request:
        """Flush what was written."""
        return self._plain("flush", BlockRequest.FLUSH, Status.OK)

    def unknown(self, kind: int = _NEVER) -> Request:
        """A request of a type that does not exist: it must be UNSUPP (DEV-5)."""
        return self._plain(f"request of type {kind:#x}", kind, Status.UNSUPP)

    def get_id(self, name: bytes | None = None) -> Request:
        """Ask for the name, and compare it with *name* if that is known."""

        def verdict(data: bytes, written: int) -> list[str]:
            found = self._status(data, Status.OK) + _length(written, NAME_SIZE + 1)
            if name is not None and data[:-1] != name.ljust(NAME_SIZE, b"\0"):
                found.append(f"the name is {data[:-1]!r}, not {name!r}")
            return found

        return Request("request for the name", _block(BlockRequest.GET_ID, 0), NAME_SIZE + 1, verdict)

    def random(self, rng: random.Random, most: int = 4) -> Request:
        """A request of any kind that a good driver makes, of at most *most* sectors."""
        count = rng.randint(1, min(most, self.sectors))
        sector = rng.randrange(self.sectors - count + 1)
        kind = rng.randrange(10)
        if kind < 5:
            return self.read(sector, count)
        if kind < 9:
            return self.write(sector, rng.randbytes(count * SECTOR))
        return self.flush()

    def _plain(self, name: str, kind: int, status: Status) -> Request:
        def verdict(data: bytes, written: int) -> list[str]:
            return self._status(data, status) + _length(written, 1)

        return Request(name, _block(kind, 0), 1, verdict)

    def _possible(self, sector: int) -> set[bytes] | None:
        known = self._contents[sector]
        return None if known is None else {*known, *(write.content for write in self._writing.get(sector, ()))}

    def _begin(self, sector: int, content: bytes) -> "_Write":
        """A write of one sector is in flight from now on."""
        new, others = _Write(content), self._writing.setdefault(sector, [])
        for other in others:
            other.beside.add(content)
            new.beside.add(other.content)
        others.append(new)
        for seen in self._reading:
            if (possible := seen.get(sector)) is not None:
                possible.add(content)
        return new

    @staticmethod
    def _status(data: bytes, expected: Status) -> list[str]:
        if data[-1] == expected:
            return []
        found = {UNTOUCHED[0]: "not written", **{int(each): each.name for each in Status}}.get(data[-1], hex(data[-1]))
        return [f"status is {found}, not {expected.name}"]


class EntropyRequests(RequestMaker):
    """An entropy source's driver (virtio 1.2, 5.4). It cannot prove randomness: it finds answers that repeat."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[bytes] = set()

    def fill(self, size: int) -> Request:
        """Ask for up to *size* bytes; at least one must come (DEV-1)."""

        def verdict(data: bytes, written: int) -> list[str]:
            given = data[:written]
            if not given:
                return ["no byte was written"]
            if len(given) < 16:
                return []
            found = [f"the same {len(given)} bytes again"] if given in self._seen else []
            if given == given[:1] * len(given):
                found.append(f"{len(given)} times the byte {given[0]:#04x}")
            self._seen.add(given)
            return found

        return Request(f"request for {size} random bytes", b"", size, verdict)


class ConsoleRequests(RequestMaker):
    """A console's driver (virtio 1.2, 5.3).

    Attributes:
        received: all bytes that came from the device.
        sent: all bytes that were given to it, in order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.received = bytearray()
        self.sent = bytearray()

    def send(self, data: bytes) -> Request:
        """A buffer for the transmit queue; it comes back with nothing written (DEV-21)."""
        self.sent += data
        return Request(f"output of {len(data)} bytes", data, 0, lambda _, written: _length(written, 0))

    def receive(self, size: int) -> Request:
        """A buffer for the receive queue; it comes back with at least one byte."""

        def verdict(data: bytes, written: int) -> list[str]:
            self.received += data[:written]
            return [] if written else ["an input buffer came back empty"]

        return Request(f"input buffer of {size} bytes", b"", size, verdict)


class NetRequests(RequestMaker):
    """A network card's driver without offloads (virtio 1.2, 5.1).

    Args:
        mergeable: MRG_RXBUF was accepted.

    Attributes:
        received: frames that came from the device, whole ones, without header.
        sent: frames that were given to it, in order.
    """

    def __init__(self, mergeable: bool = False) -> None:
        super().__init__()
        self.mergeable = mergeable
        self.received: list[bytes] = []
        self.sent: deque[bytes] = deque()
        self._partial: list[bytes] = []
        self._missing = 0

    def send(self, frame: bytes, header: bytes = bytes(NET_HEADER)) -> Request:
        """A frame for a transmit queue."""
        self.sent.append(frame)
        name = f"frame of {len(frame)} bytes"
        return Request(name, header + frame, 0, lambda _, written: _length(written, 0))

    def receive(self, size: int = 1526) -> Request:
        """A buffer for a receive queue, header included."""
        return Request(f"receive buffer of {size} bytes", b"", size, self._received)

    def expect(self, frames: Sequence[bytes]) -> list[str]:
        """Judge that these frames, in this order, are what came since the last call."""
        found = []
        if list(frames) != self.received:
            found.append(f"{len(self.received)} frames came, not the {len(frames)} expected, or with other content")
        self.received.clear()
        self.findings += found
        return found

    def _received(self, data: bytes, written: int) -> list[str]:
        if self._missing:
            self._missing -= 1
            self._partial.append(data[:written])
            found = (
                [] if not self._missing or written == len(data) else ["not filled, and not the frame's last (DEV-34)"]
            )
        else:
            if written < NET_HEADER:
                return [f"{written} bytes are less than a header (DEV-30)"]
            flags, gso, count = data[0], data[1], int.from_bytes(data[10:12], "little")
            found = [f"flags are {flags:#x} without GUEST_CSUM (DEV-32)"] if flags else []
            found += [f"gso_type is {gso:#x} without GUEST_TSO (DEV-32)"] if gso else []
            if not count or (count > 1 and not self.mergeable):
                found.append(f"num_buffers is {count} (DEV-31)")
                count = 1
            if count > 1 and written != len(data):
                found.append("not filled, and not the frame's last (DEV-34)")
            self._partial = [data[NET_HEADER:written]]
            self._missing = count - 1
        if not self._missing:
            self.received.append(b"".join(self._partial))
        return found


def _block(kind: int, sector: int) -> bytes:
    header = int(kind).to_bytes(4, "little") + bytes(4) + sector.to_bytes(8, "little")
    assert len(header) == BLOCK_HEADER
    return header


def _length(written: int, expected: int) -> list[str]:
    return [] if written == expected else [f"{written} bytes are said to be written, not {expected} (DEV-14)"]


def _short(data: bytes) -> str:
    return f"{data[:8].hex()}..{data[-4:].hex()}"
