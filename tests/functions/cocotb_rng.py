# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The entropy function between a model of the engine and a source of known words."""

import random

import cocotb
from cocotb.triggers import RisingEdge
from engine_model import EngineModel


class Source:
    """Offers words; those taken are in *taken*."""

    def __init__(self, dut, rng, busy=0.3):
        self.dut, self.rng, self.busy = dut, rng, busy
        self.taken: list[int] = []
        dut.random_valid.value = 0
        cocotb.start_soon(self._run())

    async def _run(self):
        word = None
        while True:
            await RisingEdge(self.dut.aclk)
            if word is not None and int(self.dut.random_ready.value):
                self.taken.append(word)
                word = None
            if word is None and self.rng.random() >= self.busy:
                word = self.rng.getrandbits(32)
                self.dut.random_data.value = word
            self.dut.random_valid.value = int(word is not None)


async def bench(dut):
    rng = random.Random(cocotb.RANDOM_SEED)
    engine = EngineModel(dut, rng)
    source = Source(dut, rng)
    dut.abandon.value = 0
    await engine.start()
    return rng, engine, source


def words(data: bytes) -> list[int]:
    """Whole and last partial word, little endian."""
    return [int.from_bytes(data[start : start + 4], "little") for start in range(0, len(data), 4)]


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def buffers(dut):
    """DEV-1: every buffer is filled, byte for byte from the source, and no word is used twice."""
    rng, engine, source = await bench(dut)
    offered = []
    for size in (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 513):
        offered.append(engine.offer(b"", size))
    for _ in range(20):
        offered.append(engine.offer(rng.randbytes(rng.randint(0, 3)), rng.randint(1, 80)))
    await engine.drained(60000)
    assert sorted(map(id, engine.order)) == sorted(map(id, offered))
    position = 0
    for buffer in engine.order:
        assert buffer.written == buffer.writable
        count = -(-buffer.writable // 4)
        expected = b"".join(word.to_bytes(4, "little") for word in source.taken[position : position + count])
        assert buffer.content() == expected[: buffer.writable]
        position += count
    assert position == len(source.taken)


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def bad_buffers(dut):
    """DEV-2: nothing to write into, or memory that does not take it: length 0, and the next one is served."""
    rng, engine, source = await bench(dut)
    for _ in range(10):
        nothing = engine.offer(b"readable only", 0)
        broken = engine.offer(b"", 40)
        broken.write_errors = 1
        good = engine.offer(b"", 24)
        await engine.drained()
        assert (nothing.written, broken.written, good.written) == (0, 0, 24)
        good.content()


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def a_huge_buffer(dut):
    """No buffer holds the device longer than its limit of bytes."""
    rng, engine, source = await bench(dut)
    source.busy = engine.busy = 0
    buffer = engine.offer(b"", 65536 + 512)
    await engine.drained(90000)
    assert buffer.written == 65536
    assert buffer.data[65535] is not None and buffer.data[65536] is None


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def resets(dut):
    """A reset at any moment; the words of before do not come again."""
    rng, engine, source = await bench(dut)
    for _ in range(40):
        for _ in range(3):
            engine.offer(b"", rng.randint(1, 60))
        await engine.cycles(rng.randint(0, 120))
        await engine.reset()
        engine._offered.clear()
        await engine.cycles(1)
        before = len(source.taken)
        buffer = engine.offer(b"", 40)
        await engine.drained()
        assert words(buffer.content()) == source.taken[before:]


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def a_stop_waits_for_no_source(dut):
    """A buffer that is abandoned, for a cycle or for long, comes back at once, with zeros and length 0; the next one
    has fresh words only."""
    rng, engine, source = await bench(dut)
    for number in range(30):
        source.busy = 0.3
        buffer = engine.offer(b"", rng.randint(9, 60))
        await engine.cycles(rng.randint(0, 30))
        source.busy = 1.0
        await engine.cycles(3)
        had = None if engine.idle else len(source.taken)
        dut.abandon.value = 1
        if number % 2:
            await engine.cycles(1)
            dut.abandon.value = 0
        await engine.drained(1500)
        dut.abandon.value = 0
        source.busy = 0.3
        if had is not None:
            assert len(source.taken) == had, "a word of the source was spent on a buffer that nobody gets"
            assert buffer.written in (0, buffer.writable)
        before = len(source.taken)
        buffer = engine.offer(b"", 24)
        await engine.drained()
        assert buffer.written == 24 and words(buffer.content()) == source.taken[before:]
