# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The console function between a model of the engine and a terminal."""

import random

import cocotb
from cocotb.triggers import RisingEdge
from engine_model import EngineModel

RECEIVE, TRANSMIT = 0, 1


class Terminal:
    """Takes bytes into *shown*, sends those of *typed*.

    Attributes:
        quiet: the terminal takes nothing.
    """

    def __init__(self, dut, rng, busy=0.3):
        self.dut, self.rng, self.busy = dut, rng, busy
        self.shown, self.typed = bytearray(), bytearray()
        self.quiet = False
        dut.tx_ready.value = 0
        dut.rx_valid.value = 0
        cocotb.start_soon(self._run())

    async def _run(self):
        dut, ready, offered, waiting = self.dut, False, False, None
        while True:
            await RisingEdge(dut.aclk)
            valid = int(dut.tx_valid.value) if int(dut.aresetn.value) else 0
            if valid and waiting is not None:
                assert int(dut.tx_data.value) == waiting, "the byte that is offered changed"
            waiting = int(dut.tx_data.value) if valid and not ready else None
            if valid and ready:
                self.shown.append(int(dut.tx_data.value))
            if offered and int(dut.rx_ready.value):
                del self.typed[0]
                offered = False
            ready = not self.quiet and self.rng.random() >= self.busy
            dut.tx_ready.value = int(ready)
            if not offered:
                offered = bool(self.typed) and self.rng.random() >= self.busy
                dut.rx_valid.value = int(offered)
                if offered:
                    dut.rx_data.value = self.typed[0]


async def bench(dut):
    rng = random.Random(cocotb.RANDOM_SEED)
    dut.emergency_valid.value = 0
    engine = EngineModel(dut, rng, pull=(RECEIVE,))
    terminal = Terminal(dut, rng)
    await engine.start()
    return rng, engine, terminal


async def until(engine, condition, limit=20000):
    """Wait for *condition*."""
    for _ in range(limit):
        if condition():
            return
        await engine.cycles(1)
    raise AssertionError("it did not come")


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def output(dut):
    """DEV-21: the bytes of every buffer appear in order, and each buffer is used with length 0."""
    rng, engine, terminal = await bench(dut)
    text = b""
    for size in (1, 2, 7, 8, 9, 0, 63, 64, 65, 128, 200, *(rng.randint(0, 100) for _ in range(20))):
        data = rng.randbytes(size)
        text += data
        engine.offer(data, rng.choice((0, 0, 4)), TRANSMIT)
    await engine.drained(60000)
    await until(engine, lambda: len(terminal.shown) >= len(text))
    await engine.cycles(50)
    assert terminal.shown == text
    assert all(buffer.written == 0 for buffer in engine.order) and len(engine.order) == 31


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def input_bytes(dut):
    """Bytes come into the buffers in order, none is lost and none invented, whatever the buffers' size."""
    rng, engine, terminal = await bench(dut)
    text = rng.randbytes(700)
    terminal.typed += text
    buffers = []
    got = b""
    for _ in range(20000):
        if len(buffers) < 3 and rng.random() < 0.02:
            buffers.append(engine.offer(b"", rng.choice((0, 1, 2, 7, 8, 16, 40, 100)), RECEIVE))
        while buffers and buffers[0].used.is_set():
            buffer = buffers.pop(0)
            assert buffer.written or not buffer.writable
            got += buffer.content(0, buffer.written)
        if len(got) == len(text):
            break
        await engine.cycles(1)
    assert got == text


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def no_buffer_blocks_nothing(dut):
    """DEV-22: input without a buffer waits, output goes on; a terminal that takes nothing does not hold up input."""
    rng, engine, terminal = await bench(dut)
    terminal.typed += bytes(range(200))
    sent = engine.offer(b"goes out all the same", 0, TRANSMIT)
    await engine.drained()
    await until(engine, lambda: terminal.shown == b"goes out all the same")
    assert sent.written == 0 and terminal.typed
    terminal.quiet = True
    stuck = [engine.offer(rng.randbytes(100), 0, TRANSMIT) for _ in range(6)]
    got = b""
    while len(got) < 200:
        buffer = engine.offer(b"", 64, RECEIVE)
        await until(engine, buffer.used.is_set)
        got += buffer.content(0, buffer.written)
    assert got == bytes(range(200))
    assert not stuck[-1].used.is_set()
    assert engine.stalled == 0
    terminal.quiet = False
    await engine.drained()


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def errors(dut):
    """Bytes that cannot be read are not shown; a buffer that cannot be written has length 0."""
    rng, engine, terminal = await bench(dut)
    for _ in range(10):
        lost = engine.offer(b"x" * rng.randint(1, 60), 0, TRANSMIT)
        lost.read_errors = 1
        engine.offer(b"y", 0, TRANSMIT)
        await engine.drained()
        broken = engine.offer(b"", 8, RECEIVE)
        broken.write_errors = 1
        terminal.typed += b"z"
        await until(engine, broken.used.is_set)
        assert broken.written == 0
    await engine.cycles(100)
    assert terminal.shown == b"y" * 10


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def emergency(dut):
    """DEV-23: emergency bytes come out without any buffer, and while another buffer is printed."""
    rng, engine, terminal = await bench(dut)
    for text in (b"panic", b"again"):
        for value in text:
            dut.emergency_valid.value, dut.emergency_data.value = 1, value
            await engine.cycles(1)
        dut.emergency_valid.value = 0
        engine.offer(b"." * 50, 0, TRANSMIT)
        await engine.drained()
    await until(engine, lambda: len(terminal.shown) == 110)
    assert terminal.shown.replace(b".", b"") == b"panicagain" and terminal.shown.count(b".") == 100


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def resets(dut):
    """A reset at any moment: what was shown stays whole, both directions work again."""
    rng, engine, terminal = await bench(dut)
    for number in range(30):
        engine.offer(rng.randbytes(rng.randint(1, 150)), 0, TRANSMIT)
        engine.offer(b"", 5, RECEIVE)
        terminal.typed += rng.randbytes(rng.randint(0, 10))
        await engine.cycles(rng.randint(0, 150))
        await engine.reset()
        engine._offered.clear()
        await until(engine, lambda: not terminal.typed or len(terminal.typed) > 0)
        mark = b"<%d>" % number
        engine.offer(mark, 0, TRANSMIT)
        await engine.drained()
        await until(engine, lambda mark=mark: terminal.shown.endswith(mark))
        terminal.typed += b"!"
        while True:
            buffer = engine.offer(b"", 64, RECEIVE)
            await until(engine, buffer.used.is_set)
            if buffer.content(0, buffer.written).endswith(b"!"):
                break
