# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""Requests of a block device, good and bad, and what must become of them."""

import random
import struct
from dataclasses import dataclass, field

SECTOR = 512
IN, OUT, FLUSH, GET_ID = 0, 1, 4, 8
OK, IOERR, UNSUPP = 0, 1, 2


def header(kind: int, sector: int = 0) -> bytes:
    """le32 type, le32 reserved, le64 sector."""
    return struct.pack("<IIQ", kind, 0xDEADBEEF, sector)


@dataclass
class Request:
    """One request with its expected answer.

    Attributes:
        readable, room: bytes to read, and writable bytes.
        status: expected, None where there is no room for one.
        data: expected in front of the status, None for nothing.
        length: expected used length.
        effect: (first byte, data) that the disk has afterwards, None for none.
    """

    readable: bytes
    room: int
    status: int | None
    data: bytes | None = None
    length: int = 0
    effect: tuple[int, bytes] | None = None
    name: str = field(default="")


def draw(rng: random.Random, disk: bytes, name: bytes, read_only: bool = False, most: int = 4) -> Request:
    """A request drawn at random for a disk of this content."""
    sectors = len(disk) // SECTOR
    kind = rng.choice(("in", "in", "out", "out", "flush", "id", "bad"))
    if kind == "in":
        count = rng.randint(0, most)
        sector = rng.randint(0, sectors - count)
        extra = rng.choice((b"", b"", rng.randbytes(rng.choice((3, 512)))))
        data = disk[sector * SECTOR : (sector + count) * SECTOR]
        return Request(header(IN, sector) + extra, len(data) + 1, OK, data, len(data) + 1, name=f"in {sector}+{count}")
    if kind == "out":
        count = rng.randint(0, most)
        sector = rng.randint(0, sectors - count)
        room = rng.choice((1, 1, 1, 4))
        data = rng.randbytes(count * SECTOR)
        status = IOERR if read_only else OK
        effect = (sector * SECTOR, data) if not read_only else None
        return Request(
            header(OUT, sector) + data, room, status, None, int(room == 1), effect, name=f"out {sector}+{count}"
        )
    if kind == "flush":
        return Request(header(FLUSH), 1, OK, None, 1, name="flush")
    if kind == "id":
        room = rng.choice((20, 20, 20, 8, 0, 19, 21, 64))
        wanted = name[: min(room, 20)]
        return Request(header(GET_ID), room + 1, OK, wanted, room + 1 if room <= 20 else 20, name=f"id {room}")
    return bad(rng, sectors)


def bad(rng: random.Random, sectors: int) -> Request:
    """A request that asks for what is not there, or in a way that is wrong."""
    far = rng.choice((sectors, sectors + 1, 1 << 32, (1 << 64) - 1, (1 << 55)))
    alone = lambda room, status: (room, status, None, int(room == 1))  # noqa: E731
    choices = {
        "nowhere": lambda: Request(header(rng.choice((IN, OUT, 99))), 0, None),
        "nothing": lambda: Request(b"", 0, None),
        "short": lambda: Request(header(IN)[: rng.randint(0, 15)], *alone(rng.choice((1, 513)), IOERR)),
        "odd in": lambda: Request(header(IN, 0), *alone(rng.choice((2, 512, 514, 1000)), IOERR)),
        "odd out": lambda: Request(header(OUT, 0) + bytes(rng.choice((1, 511, 513))), *alone(1, IOERR)),
        "far in": lambda: Request(header(IN, far), *alone(513, IOERR)),
        "far out": lambda: Request(header(OUT, far) + bytes(512), *alone(1, IOERR)),
        "over in": lambda: Request(header(IN, sectors - 1), *alone(1025, IOERR)),
        "over out": lambda: Request(header(OUT, sectors - 1) + bytes(1024), *alone(1, IOERR)),
        "unknown": lambda: Request(
            header(rng.choice((2, 3, 5, 7, 9, 10, 11, 13, 14, 0x100, 1 << 31))) + bytes(rng.choice((0, 16, 512))),
            *alone(rng.choice((1, 513)), UNSUPP),
        ),
    }
    name = rng.choice(list(choices))
    request = choices[name]()
    request.name = name
    return request


def check(request: Request, buffer) -> None:
    """The buffer has come back as it must."""
    text = request.name
    assert not buffer.fault, f"{text}: given back with the fault"
    assert buffer.written == request.length, f"{text}: used length {buffer.written}, {request.length} expected"
    if request.status is None:
        assert set(buffer.data) <= {None}, f"{text}: something was written"
        return
    assert buffer.data[-1] == request.status, f"{text}: status {buffer.data[-1]}, {request.status} expected"
    if request.data is not None:
        assert buffer.content(0, len(request.data)) == request.data, f"{text}: wrong data"
        rest = buffer.data[len(request.data) : -1]
    else:
        rest = buffer.data[:-1]
    assert set(rest) <= {None}, f"{text}: written beyond the data"
