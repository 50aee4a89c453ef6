# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a dump in FST holds: names of signals, and how often something changes.

An FST file is a row of blocks, each with its kind (one byte) and its length (eight bytes, themselves included), most
significant byte first.
"""

import gzip
from pathlib import Path

_GZIP, _LZ4 = 4, 6  # kinds of blocks with the hierarchy
_VALUES = {1, 5, 8}
_SCOPE, _UP, _MOST_TYPE = 254, 255, 29  # in the hierarchy: a scope begins, a scope ends; types of variables


def content(dump: Path) -> tuple[set[str], int]:
    """Signals with their paths, without their ranges, and the number of times at which a value changes."""
    data, place, names, times = dump.read_bytes(), 0, set(), 0
    while place < len(data):
        kind, end = data[place], place + 1 + _number(data, place + 1)
        if kind in _VALUES:
            times += _number(data, end - 8)
        elif kind in (_GZIP, _LZ4):
            packed, length = data[place + 17 : end], _number(data, place + 9)
            names |= _signals(gzip.decompress(packed) if kind == _GZIP else _lz4(packed, length))
        place = end
    return names, times


def _number(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 8], "big")


def _signals(hierarchy: bytes) -> set[str]:
    """Tags: a scope has a type, its name and its component; a variable has a direction, its name, length and alias."""
    found, scopes, place = set(), [], 0

    def text() -> str:
        nonlocal place
        end = hierarchy.index(0, place)
        word = hierarchy[place:end].decode()
        place = end + 1
        return word

    def skip_varint() -> None:
        nonlocal place
        while hierarchy[place] & 0x80:
            place += 1
        place += 1

    while place < len(hierarchy):
        tag = hierarchy[place]
        place += 1
        if tag == _SCOPE:
            place += 1
            scopes.append(text())
            text()
        elif tag == _UP:
            scopes.pop()
        elif tag <= _MOST_TYPE:
            place += 1
            found.add(".".join([*scopes, text().partition(" [")[0].partition("[")[0]]))
            skip_varint()
            skip_varint()
        else:  # an attribute: two bytes, a name, a number
            place += 2
            text()
            skip_varint()
    return found


def _lz4(packed: bytes, length: int) -> bytes:
    """One block of LZ4: literals and copies of what came before, in turns."""
    out, place = bytearray(), 0

    def more(count: int) -> int:
        nonlocal place
        while count >= 15:
            count += packed[place]
            place += 1
            if packed[place - 1] != 255:
                break
        return count

    while len(out) < length:
        token = packed[place]
        place += 1
        count = more(token >> 4)
        out += packed[place : place + count]
        place += count
        if len(out) >= length:
            break
        back = int.from_bytes(packed[place : place + 2], "little")
        place += 2
        for _ in range(more(token & 15) + 4):
            out.append(out[-back])
    return bytes(out)
