"""Reading trace files: good ones, and one clear line about each bad one."""

from pathlib import Path

import pytest
from cocotbext.virtio.trace.rows import AccessRow, DeviceRow
from cocotbext.virtio.trace.trace_file import TraceError, TraceFile

CAPTURES = Path(__file__).resolve().parents[2] / "tb" / "traces"
HEADER = "op,offset,bytes,value\n"


def read(tmp_path, content: str | bytes) -> TraceFile:
    file = tmp_path / "trace.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return TraceFile.read(file)


@pytest.mark.parametrize("name, accesses", [("linux61_virtio_blk.csv", 111), ("uboot_virtio_blk.csv", 41)])
def test_captures(name, accesses):
    trace = TraceFile.read(CAPTURES / name)
    assert len(trace.rows) == accesses
    assert not trace.recorded
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
