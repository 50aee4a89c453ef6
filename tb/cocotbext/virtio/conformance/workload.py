# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Requests of the device classes, and what has to come back."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Unpack

from cocotbext.virtio.conformance.bench import Bench, Blocked, NotCheckable
from cocotbext.virtio.conformance.guest import Guest, QueueOptions
from cocotbext.virtio.rings import Buffer, QueueFull, RingViolation, cut, cut_data

SECTOR = 512
IN, OUT, FLUSH, GET_ID = 0, 1, 4, 8
OK, IOERR, UNSUPP = 0, 1, 2
NET_HEADER = 12
FILL = b"\xa5\x3c\x99\x0f"


@dataclass
class Request:
    """What to put into a queue, and how to judge what comes back.

    Attributes:
        readable, writable: content, and size in bytes, as if in one part each.
        judge: called with (bytes written as the device says, all writable bytes); returns what is wrong, in words.
        name: for findings; sectors, writes: of a disk that it is about, and that it changes.
    """

    readable: bytes
    writable: int
    judge: Callable[[int, bytes], list[str]]
    name: str
    sectors: set[int] = field(default_factory=set)
    writes: set[int] = field(default_factory=set)


class Workload:
    """Requests of one device.

    Args:
        guest: the driver; its bench says the class.

    Raises:
        NotCheckable: the class is none.
    """

    def __init__(self, guest: Guest) -> None:
        self.guest, self.bench = guest, guest.bench
        self.rng: random.Random = self.bench.fork()
        self.kind = self.bench.settings.device_class
        if self.kind == "none":
            raise NotCheckable("class is none: nobody knows what the device's buffers mean")
        self.queue = 1 if self.kind in ("console", "net") else 0
        self.disk: dict[int, bytes] = {}  # sector -> content, as far as it is known
        self.busy: set[int] = set()  # sectors of requests in flight
        self.capacity = 0
        self.most_parts: int | None = None  # of a request, None for any number
        self.most_bytes: int | None = None  # of a part, None for any number
        self.most_sectors = 64  # of a request
        self.seen_random: set[bytes] = set()

    async def prepare(self) -> None:
        """Learn from the device's configuration what requests it takes.

        Raises:
            Blocked: a disk of no sectors.
        """
        self.busy.clear()
        if self.kind == "blk":
            low = await self.bench.read(0x100)
            self.capacity = low | await self.bench.read(0x104) << 32
            if not self.capacity:
                raise Blocked("the capacity is 0 sectors")
            self.read_only = self.guest.offers(5)
            if self.guest.offers(2):  # SEG_MAX: beside header and status
                self.most_parts = await self.bench.read(0x10C) + 2
            if self.guest.offers(1):  # SIZE_MAX
                self.most_bytes = max(1, await self.bench.read(0x108))
                self.most_sectors = max(1, self.most_bytes // SECTOR)

    def request(self, most_bytes: int = 1024) -> Request:
        """A request of the usual kind, drawn at random."""
        return getattr(self, "_" + self.kind)(most_bytes)

    def always_the_same(self) -> Request:
        """A request that takes the same time whenever it is made."""
        if self.kind == "blk":
            return self.blk_read(0, 1)
        state = self.rng.getstate()
        self.rng.seed(7)
        request = self.request(64)
        self.rng.setstate(state)
        return request

    # Classes

    def _blk(self, most_bytes: int) -> Request:
        """A read or a write of sectors that no request in flight has: their order would not be certain."""
        limit = min(self.capacity, 64)
        sectors = self.rng.randint(1, max(1, min(most_bytes // SECTOR, limit // 8, self.most_sectors)))
        places = [first for first in range(limit - sectors + 1) if not self.busy & set(range(first, first + sectors))]
        first = self.rng.choice(places or [0])
        known = [place for place in places if all(place + index in self.disk for index in range(sectors))]
        if not self.read_only and (not known or self.rng.random() < 0.5):
            request = self.blk_write(first, self.rng.randbytes(SECTOR * sectors))
        else:
            first = self.rng.choice(known or places or [0])
            request = self.blk_read(first, sectors)
        request.sectors = set(range(first, first + sectors))
        return request

    def blk(
        self, kind: int, sector: int, data: bytes = b"", room: int = 0, status: int | None = OK, name: str = ""
    ) -> Request:
        """Any block request; *status* None accepts any."""
        header = kind.to_bytes(4, "little") + bytes(4) + sector.to_bytes(8, "little")

        def judge(written: int, content: bytes) -> list[str]:
            wrong = []
            if status is not None and content[-1] != status:
                wrong.append(f"status {content[-1]}, not {status}")
            return wrong

        return Request(header + data, room + 1, judge, name or f"blk request of type {kind} at sector {sector}")

    def blk_write(self, sector: int, data: bytes) -> Request:
        """A write; the disk holds *data* once it was used with status OK."""
        request = self.blk(OUT, sector, data, name=f"write of {len(data)} bytes at sector {sector}")
        status = request.judge

        def judge(written: int, content: bytes) -> list[str]:
            if content[-1] == OK:
                for index in range(len(data) // SECTOR):
                    self.disk[sector + index] = data[SECTOR * index : SECTOR * (index + 1)]
            return status(written, content) + ([f"used length {written}, not 1"] if written != 1 else [])

        request.judge = judge
        request.writes = set(range(sector, sector + len(data) // SECTOR))
        return request

    def blk_read(self, sector: int, sectors: int) -> Request:
        """A read, judged against what is known of the disk now."""
        room = SECTOR * sectors
        request = self.blk(IN, sector, room=room, name=f"read of {room} bytes at sector {sector}")
        expected = [self.disk.get(sector + index) for index in range(sectors)]
        status = request.judge

        def judge(written: int, content: bytes) -> list[str]:
            wrong = status(written, content)
            if written != room + 1:
                wrong.append(f"used length {written}, not {room + 1}")
            for index, data in enumerate(expected):
                got = content[SECTOR * index : SECTOR * (index + 1)]
                if data is not None and data != got:
                    first = next(place for place in range(SECTOR) if data[place] != got[place])
                    wrong.append(
                        f"sector {sector + index} differs from what was written, from byte {first} on: "
                        f"{got[first : first + 8].hex()}, not {data[first : first + 8].hex()}"
                    )
                    break
            return wrong

        request.judge = judge
        return request

    def _rng(self, most_bytes: int) -> Request:
        size = self.rng.randint(1, min(most_bytes, 256))

        def judge(written: int, content: bytes) -> list[str]:
            wrong = [] if 1 <= written <= size else [f"used length {written} of {size} bytes"]
            if written >= 16 and content[:written] in self.seen_random:
                wrong.append(f"the same {written} random bytes again")
            if written >= 16 and content[:written] == (FILL * (size // 4 + 1))[:written]:
                wrong.append("nothing was written")
            self.seen_random.add(bytes(content[:written]))
            return wrong

        return Request(b"", size, judge, f"entropy request of {size} bytes")

    def _console(self, most_bytes: int) -> Request:
        size = self.rng.randint(1, min(most_bytes, 64))

        def judge(written: int, content: bytes) -> list[str]:
            return [f"used length {written} of a buffer without writable part"] if written else []

        return Request(bytes(self.rng.choices(range(32, 127), k=size)), 0, judge, f"console output of {size} bytes")

    def _net(self, most_bytes: int) -> Request:
        size = self.rng.randint(14, max(14, min(most_bytes, 1514)))

        def judge(written: int, content: bytes) -> list[str]:
            return [f"used length {written} of a buffer without writable part"] if written else []

        return Request(bytes(NET_HEADER) + self.rng.randbytes(size), 0, judge, f"frame of {size} bytes")

    # Putting requests into queues

    def cut(self, request: Request, parts: int) -> tuple[list[bytes], list[int]]:
        """Cut a request into *parts* parts, or fewer where there are too few bytes, or the device takes no more."""
        parts = min(parts, self.most_parts or parts)
        sides = bool(request.readable) + bool(request.writable)
        extra = max(0, parts - sides)
        readable_extra = self.rng.randint(0, extra) if request.readable and request.writable else extra
        readable, writable = [], []
        if request.readable:
            wanted = 1 + (readable_extra if request.writable else extra)
            readable = cut_data(self.rng, request.readable, min(wanted, len(request.readable)))
        if request.writable:
            wanted = 1 + (extra - readable_extra if request.readable else extra)
            writable = cut(self.rng, request.writable, min(wanted, request.writable))
        readable, writable = self._small(readable, writable)
        if self.most_parts is not None and len(readable) + len(writable) > self.most_parts:
            return self.plain(request)  # header and data in one part may be longer than data alone
        return readable, writable

    def plain(self, request: Request) -> tuple[list[bytes], list[int]]:
        """The cut that every driver makes: header, data, status of a disk; one part of the others."""
        if self.kind == "blk":
            readable = [request.readable[:16], *([request.readable[16:]] if len(request.readable) > 16 else [])]
            writable = [*([request.writable - 1] if request.writable > 1 else []), 1]
            return self._small(readable, writable)
        return [request.readable] if request.readable else [], [request.writable] if request.writable else []

    def _small(self, readable: list[bytes], writable: list[int]) -> tuple[list[bytes], list[int]]:
        """The same cut once more where a part is longer than the device takes."""
        most = self.most_bytes
        if most is None:
            return readable, writable
        return (
            [part[at : at + most] for part in readable for at in range(0, max(1, len(part)), most)],
            [min(most, part - at) for part in writable for at in range(0, max(1, part), most)],
        )

    def post(
        self, request: Request, parts: int | None = None, indirect: bool | int = False, publish: bool = True
    ) -> Buffer:
        """Put a request into the queue.

        Raises:
            QueueFull: no room.
        """
        queue = self.guest.queues[self.queue]
        if parts is not None and not indirect:
            parts = min(parts, queue.size)
        readable, writable = self.plain(request) if parts is None else self.cut(request, parts)
        buffer = queue.add(readable, writable, indirect, publish, cookie=request, fill=FILL)
        self.busy |= request.sectors
        for sector in request.writes:  # nobody knows until it is used
            self.disk.pop(sector, None)
        return buffer

    def post_some(self, count: int, draw: Callable[[], Request] | None = None) -> list[Buffer]:
        """Put *count* requests into the queue, or fewer where it is small, and publish them together.

        Raises:
            QueueFull: there is no room for one.
        """
        buffers: list[Buffer] = []
        try:
            while len(buffers) < count:
                buffers.append(self.post((draw or self.request)(), publish=False))
        except QueueFull:
            if not buffers:
                raise
        self.guest.queues[self.queue].publish()
        return buffers

    def judge(self, buffer: Buffer) -> None:
        """Note what is wrong with a used buffer."""
        request = buffer.cookie
        bench = self.bench
        self.busy -= request.sectors
        bench.learnt += 1
        for text in request.judge(buffer.written, buffer.received()) + buffer.damaged():
            bench.find(f"{request.name}: {text}")

    async def collect(self, count: int = 1, limit: int | None = None) -> list[Buffer]:
        """Wait for used buffers and judge them; broken ring rules are noted."""
        try:
            found = await self.guest.wait_used(self.queue, count, limit)
        except RingViolation as error:
            self.bench.find(str(error))
            return []
        for buffer in found:
            self.judge(buffer)
        return found

    async def warm_up(self) -> None:
        """One plain request, so that a device that serves nothing is one finding of one check.

        Raises:
            Blocked: it is not served.
        """
        before = len(self.bench.findings)
        began = self.bench.clock.cycle
        self.post(self.request(SECTOR))
        await self.guest.kick(self.queue)
        if not await self.collect():
            broken = [finding.text for finding in self.bench.findings[before:]]
            del self.bench.findings[before:]
            raise Blocked(broken[0] if broken else f"no buffer was used within {self.bench.patience} cycles")
        # A slow device needs a longer silence until it is at rest.
        self.bench.quiet = max(self.bench.quiet, 2 * (self.bench.clock.cycle - began))
        await self.guest.acknowledge()

    async def run(
        self,
        count: int,
        batch: int = 1,
        parts: int | Callable[[], int] | None = None,
        indirect: bool | int = False,
        most_bytes: int = 1024,
        kick: Callable[[int], Awaitable[object]] | None = None,
        what: str = "",
    ) -> bool:
        """Serve *count* requests, at most *batch* at a time; returns whether all were served.

        Args:
            parts: number of parts of each, or a function that draws it; kick: coroutine function of the queue's number.
        """
        bench, guest = self.bench, self.guest
        kick = kick or guest.kick
        left = count
        while left:
            posted = 0
            for _ in range(min(batch, left)):
                try:
                    self.post(self.request(most_bytes), parts() if callable(parts) else parts, indirect, publish=False)
                except QueueFull:
                    if not posted:  # and nothing is outstanding: there will never be room
                        raise
                    break
                posted += 1
            guest.queues[self.queue].publish()
            await kick(self.queue)
            served = len(await self.collect(posted))
            await guest.acknowledge()
            if served < posted:
                bench.find(
                    f"{what or 'request'}: {posted - served} of {posted} buffers are not used within "
                    f"{bench.patience} cycles "
                    f"({count - left + served} before were)"
                )
                return False
            left -= posted
        return True


async def started(
    bench: Bench, *bits: int, size: int | None = None, **options: Unpack[QueueOptions]
) -> tuple[Guest, Workload]:
    """A driver whose device has served its first request.

    Raises:
        Blocked, NotCheckable: there is nothing to learn.
    """
    guest = Guest(bench)
    work = Workload(guest)
    await guest.bring_up(*bits, size=size, **options)
    await work.prepare()
    await work.warm_up()
    return guest, work
