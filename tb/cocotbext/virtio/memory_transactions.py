# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a memory master did, as transactions: one a burst, whatever the bus was. Knows no simulator."""

from collections.abc import Iterator
from dataclasses import dataclass

OKAY, EXOKAY, SLVERR, DECERR = range(4)  # AXI responses
RESPONSE_NAMES = ("OKAY", "EXOKAY", "SLVERR", "DECERR")


@dataclass(slots=True)
class MemoryRead:
    """One read burst.

    Attributes:
        address: of the first byte asked for.
        data: the bytes given, from *address* to the end of the burst; empty as long as nothing was answered.
        length: bytes asked for, from *address* to the end of the burst.
        word: bytes of a bus word; a master that reads whole words reads the neighbours of what it wants as well.
        issued: cycle in which the address was first presented.
        accepted: cycle in which the address was taken, None while it waits.
        answered: cycle in which the last beat was taken, None while outstanding.
        beats_answered: the same of every beat so far.
        id: AXI ID.
        response: the worst response of the burst.
        responses: that of every beat so far, None where only the burst's is known; an errored beat's bytes in *data*
            mean nothing.
        beat: bytes of a beat of a narrow burst, None when a beat has a whole word.
    """

    address: int
    length: int
    word: int
    issued: int
    id: int = 0
    data: bytes = b""
    accepted: int | None = None
    answered: int | None = None
    beats_answered: list[int] | None = None
    response: int = OKAY
    responses: list[int] | None = None
    beat: int | None = None

    @property
    def end(self) -> int:
        """Address behind the last byte."""
        return self.address + self.length

    def covers(self, address: int, length: int = 1) -> bool:
        """Whether all of these bytes were asked for."""
        return self.address <= address and address + length <= self.end

    def value(self, address: int, length: int) -> int:
        """The little-endian number read at *address*, which :meth:`covers` must hold for."""
        start = address - self.address
        return int.from_bytes(self.data[start : start + length], "little")

    def answered_at(self, address: int, length: int = 1) -> int | None:
        """Cycle in which the last beat with these bytes was taken, None while outstanding."""
        if not self.beats_answered:
            return self.answered
        beat = self._beat_of(address + length - 1)
        return self.beats_answered[beat] if beat < len(self.beats_answered) else self.answered

    def okay(self, address: int, length: int = 1) -> bool:
        """Whether all beats with these bytes, which :meth:`covers` must hold for, were answered without an error."""
        if self.responses is None:
            return self.response < SLVERR
        last = self._beat_of(address + length - 1)
        return last < len(self.responses) and max(self.responses[self._beat_of(address) : last + 1]) < SLVERR

    def _beat_of(self, address: int) -> int:
        size = self.beat or self.word
        return address // size - self.address // size

    def __str__(self) -> str:
        return f"read of {self.length} bytes at {self.address:#x} in cycle {self.issued}"


@dataclass(slots=True)
class MemoryWrite:
    """One write burst.

    Attributes:
        address: of the first byte of *data*.
        data: bytes of all beats, those without strobe among them.
        strobes: bit n is set when byte n of *data* is written.
        word: bytes of a bus word.
        issued: cycle in which the address and the first data were both presented: nothing can be written before.
        accepted: cycle in which address and last data were taken, None while it waits.
        answered: cycle in which the response was taken, None while outstanding.
        id: AXI ID.
        response: of the burst.
    """

    address: int
    data: bytes
    strobes: int
    word: int
    issued: int
    id: int = 0
    accepted: int | None = None
    answered: int | None = None
    response: int = OKAY

    def runs(self) -> Iterator[tuple[int, bytes]]:
        """(address, bytes) of every contiguous part that is written."""
        length, strobes = len(self.data), self.strobes
        if strobes == (1 << length) - 1:
            yield self.address, self.data
            return
        start = None
        for index in range(length + 1):
            if strobes >> index & 1:
                if start is None:
                    start = index
            elif start is not None:
                yield self.address + start, self.data[start:index]
                start = None

    def covers(self, address: int, length: int = 1) -> bool:
        """Whether all of these bytes are written."""
        start = address - self.address
        if start < 0 or start + length > len(self.data):
            return False
        wanted = (1 << length) - 1
        return self.strobes >> start & wanted == wanted

    def touches(self, address: int, length: int) -> bool:
        """Whether any of these bytes is written."""
        first = max(0, address - self.address)
        last = min(len(self.data), address + length - self.address)
        return last > first and bool(self.strobes >> first & (1 << last - first) - 1)

    def value(self, address: int, length: int) -> int:
        """The little-endian number written at *address*, which :meth:`covers` must hold for."""
        start = address - self.address
        return int.from_bytes(self.data[start : start + length], "little")

    def __str__(self) -> str:
        return f"write of {self.strobes.bit_count()} bytes at {self.address:#x} in cycle {self.issued}"
