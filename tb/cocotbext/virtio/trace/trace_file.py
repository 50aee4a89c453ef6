# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Reading trace files."""

import re
from dataclasses import dataclass
from pathlib import Path

from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.trace.rows import HEADER, AccessRow, DeviceRow
from cocotbext.virtio.trace.steps import steps_of

LARGEST_OFFSET = 0xFFFFFFFF
_NUMBER = re.compile("0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0|[1-9][0-9]*")


class TraceError(ValueError):
    """A file is no trace; the text is one line with file, line and what is wrong."""


@dataclass(frozen=True)
class TraceFile:
    """A trace: its name and its rows in order."""

    path: Path
    rows: list[AccessRow | DeviceRow]

    @property
    def recorded(self) -> bool:
        """Whether it says what the device did."""
        return any(isinstance(row, DeviceRow) for row in self.rows)

    @property
    def timed(self) -> bool:
        """Whether it says to the cycle when what is done: see steps.py."""
        return any(isinstance(row, DeviceRow) and row.kind == "timed" for row in self.rows)

    @classmethod
    def read(cls, path: Path) -> "TraceFile":
        """Read and check a whole file.

        Raises:
            TraceError: it cannot be read, or a line is wrong.
        """
        try:
            # A byte order mark is no part of the text. Only an end of line ends a row, not a form feed or U+2028.
            lines = path.read_text(encoding="utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise TraceError(f"{path}: cannot be read: {error}") from None
        rows: list[AccessRow | DeviceRow] = []
        header = timed = False
        for number, line in enumerate(lines, 1):
            line = line.strip()
            try:
                if line.startswith("#!"):
                    row = _device_row(number, line)
                    rows.append(row)
                    timed |= row.kind == "timed"
                elif not line or line.startswith("#"):
                    continue
                elif not header:
                    if line.replace(" ", "") != HEADER:
                        raise ValueError(f"the first row must be '{HEADER}', not '{line}'")
                    header = True
                else:
                    rows.append(_access_row(number, line, timed))
            except ValueError as error:
                raise TraceError(f"{path}:{number}: {error}") from None
        if not any(isinstance(row, AccessRow) for row in rows):
            raise TraceError(f"{path}: no register access in it")
        trace = cls(path, rows)
        if trace.timed:
            try:
                steps_of(rows)
            except ValueError as error:
                raise TraceError(f"{path}: {error}") from None
        return trace

    @property
    def compared(self) -> tuple[str, ...]:
        """The kinds of transaction of which a replay must show some, as the scoreboard counts them."""
        kinds = {row.write for row in self.rows if isinstance(row, AccessRow)}
        return tuple(name for name, write in (("register writes", True), ("register reads", False)) if write in kinds)

    def check(self, config: EndpointConfig) -> None:
        """See that an endpoint can do what the rows say.

        Raises:
            TraceError: an access, an event or a change of the configuration is none of this endpoint.
        """
        for row in self.rows:
            problem = _problem(row, config, self.timed)
            if problem:
                words = "choose the configuration it was captured on with CONFIG"
                raise TraceError(f"{self.path}:{row.line}: {problem}; {words}")


def _problem(row: AccessRow | DeviceRow, config: EndpointConfig, timed: bool) -> str | None:
    """Why an endpoint cannot do what a row says."""
    if isinstance(row, AccessRow):
        if row.offset >> config.addr_width:
            return f"offset {row.offset:#x} is beyond the {config.addr_width} address bits of this endpoint"
    elif row.kind == "event" and int(row.words[1], 0) > config.num_queues and not timed:
        return f"event {row.words[1]} is none of this endpoint, which has {config.num_queues} queues"
    elif row.kind == "config" and int(row.words[1], 0) + len(row.words[2]) // 2 > config.config_bytes:
        return f"config {row.words[1]} goes beyond the {config.config_bytes} bytes of this endpoint"
    return None


def _number(name: str, text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{name} '{text}' is no number")
    return int(text, 0)


def _access_row(line: int, text: str, timed: bool) -> AccessRow:
    """A row of accesses; a timed trace is of the bus itself, where a hostile driver gives any address."""
    fields = [field.strip() for field in text.split(",")]
    if len(fields) != 4:
        raise ValueError(f"4 fields expected ({HEADER}), not {len(fields)}: '{text}'")
    op, offset, size, value = fields
    if op not in ("R", "W"):
        raise ValueError(f"op '{op}' is neither R nor W")
    row = AccessRow(line, op == "W", _number("offset", offset), _number("bytes", size), _number("value", value))
    if row.offset > LARGEST_OFFSET:
        raise ValueError(f"offset '{offset}' has more than 32 bits")
    if row.size not in (1, 2, 4):
        raise ValueError(f"bytes '{size}' is not 1, 2 or 4")
    if row.size < 4 and row.offset % row.size and not timed:  # of a word, the bus itself shows any address
        raise ValueError(f"offset '{offset}' is no multiple of its {row.size} bytes: no bus access is like that")
    if row.value >> 8 * row.size:
        raise ValueError(f"value '{value}' has more than {row.size} bytes")
    return row


def _device_row(line: int, text: str) -> DeviceRow:
    words = tuple(text[2:].split())
    if not words or words[0] not in DeviceRow.KINDS:
        raise ValueError(f"'{text}' is none of {', '.join('#! ' + kind for kind in DeviceRow.KINDS)}")
    row = DeviceRow(line, words)
    wanted = DeviceRow.KINDS[row.kind]
    if len(words) - 1 != wanted:
        raise ValueError(f"'#! {row.kind}' takes {wanted} values, not {len(words) - 1}")
    if row.kind in DeviceRow.RANGES:
        least, most = DeviceRow.RANGES[row.kind]
        if not least <= _number(row.kind, words[1]) <= most:
            raise ValueError(f"{row.kind} '{words[1]}' is not from {least} to {most:#x}")
    if row.kind == "config":
        try:
            bytes.fromhex(words[2])
        except ValueError:
            raise ValueError(f"config '{words[2]}' is no row of bytes in hexadecimal") from None
    return row
