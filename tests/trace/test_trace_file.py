# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Reading trace files: good ones, and one clear line about each bad one."""

from pathlib import Path

import pytest
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.trace.rows import AccessRow, DeviceRow
from cocotbext.virtio.trace.trace_file import TraceError, TraceFile

CAPTURES = Path(__file__).resolve().parents[2] / "tb" / "traces"
HEADER = "op,offset,bytes,value\n"


def read(tmp_path, content: str | bytes) -> TraceFile:
    file = tmp_path / "trace.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return TraceFile.read(file)


@pytest.mark.parametrize(
    "name, accesses, recorded",
    [
        ("linux61_virtio_blk.csv", 111, False),
        ("uboot_virtio_blk.csv", 41, False),
        ("disk/edk2_virtio_blk.csv", 54, True),
    ],
)
def test_captures(name, accesses, recorded):
    trace = TraceFile.read(CAPTURES / name)
    assert sum(isinstance(row, AccessRow) for row in trace.rows) == accesses
    assert trace.recorded == recorded
    lines = (CAPTURES / name).read_text().splitlines()
    assert all(str(row) == lines[row.line - 1] for row in trace.rows)


def test_rows(tmp_path):
    trace = read(tmp_path, "# a comment\n\n" + HEADER + "R, 0x104, 1, 0x12\nW,112,4,0\n#! event 3\n#! config 8 0aff\n")
    assert trace.rows == [
        AccessRow(4, False, 0x104, 1, 0x12),
        AccessRow(5, True, 0x70, 4, 0),
        DeviceRow(6, ("event", "3")),
        DeviceRow(7, ("config", "8", "0aff")),
    ]
    assert trace.recorded


@pytest.mark.parametrize(
    "content, line, text",
    [
        ("R,0x000,4,0x74726976\n", 1, "the first row must be 'op,offset,bytes,value'"),
        (HEADER + "R,0x000,4\n", 2, "4 fields expected"),
        (HEADER + "R,0x000,4,1,2\n", 2, "4 fields expected"),
        (HEADER + "X,0x000,4,0\n", 2, "op 'X' is neither R nor W"),
        (HEADER + "R,zero,4,0\n", 2, "offset 'zero' is no number"),
        (HEADER + "R,-4,4,0\n", 2, "offset '-4' is no number"),
        (HEADER + "R,0x100000000,4,0\n", 2, "more than 32 bits"),
        (HEADER + "R,0x000,3,0\n", 2, "bytes '3' is not 1, 2 or 4"),
        (HEADER + "R,0x000,4,\n", 2, "value '' is no number"),
        (HEADER + "# comment\nW,0x100,1,0x100\n", 3, "value '0x100' has more than 1 bytes"),
        (HEADER + "#! explosion 1\n", 2, "is none of"),
        (HEADER + "#! event\n", 2, "takes 1 values, not 0"),
        (HEADER + "#! event many\n", 2, "event 'many' is no number"),
        (HEADER + "#! config 0 xyz\n", 2, "is no row of bytes in hexadecimal"),
        (HEADER + "W,0x103,2,0x1234\n", 2, "offset '0x103' is no multiple of its 2 bytes"),
        (HEADER + "R,0x103,2,0\n", 2, "offset '0x103' is no multiple of its 2 bytes"),
        (HEADER + "R,1_0,1,0\n", 2, "offset '1_0' is no number"),
        (HEADER + "R,\u0663,1,0\n", 2, "is no number"),
        (HEADER + "#! event 70000\n", 2, "event '70000' is not from 0 to 0xffff"),
        (HEADER + "#! lanes 31\n", 2, "lanes '31' is not from 0 to 0xf"),
        (HEADER + "#! fault 7\n", 2, "fault '7' is not from 2 to 0x3"),
        (HEADER + "#! fault 0\n", 2, "fault '0' is not from 2 to 0x3"),
        (HEADER + "#! generation 0x100000000\n", 2, "is not from 0 to 0xffffffff"),
        (HEADER + "#! needs_reset_is 2\n", 2, "is not from 0 to 0x1"),
        (HEADER + "#! after 4294967296\n", 2, "is not from 0 to 0xffffffff"),
        (HEADER + "# a\x0cb\u2028c\n# d\x85\nR,0,4\n", 4, "4 fields expected"),
    ],
)
def test_malformed(tmp_path, content, line, text):
    with pytest.raises(TraceError) as caught:
        read(tmp_path, content)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'trace.csv'}:{line}: ") and text in message
    assert "\n" not in message


@pytest.mark.parametrize("content", ["", "# nothing\n", HEADER, b"\xff\xfe\x00"])
def test_no_trace_at_all(tmp_path, content):
    with pytest.raises(TraceError, match="no register access in it|cannot be read"):
        read(tmp_path, content)


def test_no_file(tmp_path):
    with pytest.raises(TraceError, match="cannot be read"):
        TraceFile.read(tmp_path / "missing.csv")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_byte_order_mark_and_ends_of_lines(tmp_path, mark, end):
    """As spreadsheets and other systems write them."""
    trace = read(tmp_path, mark + end.join([HEADER.strip().encode(), b"R,0x000,4,0x74726976", b""]))
    assert trace.rows == [AccessRow(2, False, 0, 4, 0x74726976)]


def test_only_an_end_of_line_ends_a_row(tmp_path):
    """A form feed, U+2028 and U+0085 in a comment do not."""
    trace = read(tmp_path, "# page\x0cbreak \u2028R,1,1,1 \x85 \x1c x\n" + HEADER + "R,0x004,4,2\n")
    assert trace.rows == [AccessRow(3, False, 4, 4, 2)]


@pytest.mark.parametrize(
    "rows, kinds",
    [
        ("R,0,4,0\n", ("register reads",)),
        ("W,0x70,4,0\n", ("register writes",)),
        ("R,0,4,0\nW,0x70,4,0\n", ("register writes", "register reads")),
    ],
)
def test_what_a_replay_must_compare(tmp_path, rows, kinds):
    """What is in the trace; nothing else."""
    assert read(tmp_path, HEADER + rows).compared == kinds


@pytest.mark.parametrize(
    "row, problem",
    [
        ("R,0x1000,4,0", "offset 0x1000 is beyond the 12 address bits"),
        ("#! event 3", "event 3 is none of this endpoint, which has 2 queues"),
        ("#! config 255 0000", "config 255 goes beyond the 256 bytes"),
    ],
)
def test_row_of_another_endpoint(tmp_path, row, problem):
    """File, line, and what to choose."""
    trace = read(tmp_path, HEADER + "R,0,4,0\n" + row + "\n")
    with pytest.raises(TraceError, match=rf"trace.csv:3: {problem}.*CONFIG"):
        trace.check(EndpointConfig())
    read(tmp_path, HEADER + "R,0xfff,1,0\n#! event 2\n#! config 254 0000\n").check(EndpointConfig())
