# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The sparse memory against a dictionary of bytes."""

import pytest
from cocotbext.virtio.rings import Memory, MemoryAccess, MemoryFault, WatchedMemory
from hypothesis import given, settings
from hypothesis import strategies as st

BASES = st.sampled_from([0, 0xFFF, 0x1_0000_0000 - 5, 1 << 63, (1 << 64) - 0x3000])
WRITES = st.lists(
    st.tuples(BASES, st.integers(0, 0x1FF0), st.binary(max_size=40) | st.binary(min_size=4090, max_size=4100))
)


@settings(deadline=None)
@given(WRITES, BASES, st.integers(0, 0x1FF0), st.integers(0, 4100), st.integers(0, 255))
def test_reads_what_was_written(writes, base, offset, length, fill):
    memory, bytes_at = Memory(fill=fill), {}
    for start, gap, data in writes:
        memory.write(start + gap, data)
        bytes_at.update({start + gap + index: byte for index, byte in enumerate(data)})
    address = min(base + offset, (1 << 64) - length)
    assert memory.read(address, length) == bytes(bytes_at.get(address + index, fill) for index in range(length))


def test_only_ranges_exist():
    memory = Memory((0x1000, 0x10), (0x8_0000_0000, 0x2000))
    memory.write(0x1008, bytes(8))
    memory.write(0x8_0000_0FFC, b"12345678")
    assert memory.read(0x8_0000_0FFC, 8) == b"12345678"
    for address, length in ((0xFFF, 1), (0x1009, 8), (0x8_0000_1FFF, 2), ((1 << 64) - 1, 2), (-1, 1)):
        with pytest.raises(MemoryFault, match="no memory at"):
            memory.read(address, length)
    with pytest.raises(MemoryFault):
        memory.write(0x8_0000_1000, bytes(0x1001))
    assert memory.image().keys() == {0x8_0000_0000, 0x8_0000_1000}
    memory.clear()
    assert not memory.image()


@pytest.mark.parametrize("piece", [(-1, 4), (0, 0), (1, 1 << 64)])
def test_impossible_ranges(piece):
    with pytest.raises(ValueError, match="does not fit"):
        Memory(piece)


def test_watched_memory_changes_between_two_looks():
    memory = WatchedMemory(Memory())
    assert isinstance(memory, MemoryAccess) and isinstance(memory.memory, MemoryAccess)
    memory.after_read.append(lambda address, length: memory.memory.write(address, b"\xff" * length))
    assert (memory.read(16, 2), memory.read(16, 2)) == (b"\0\0", b"\xff\xff")
