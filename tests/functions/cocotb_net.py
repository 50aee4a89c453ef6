# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The network function between a model of the engine and a network."""

import random

import cocotb
from cocotb.triggers import RisingEdge
from engine_model import EngineModel

RECEIVE, TRANSMIT = 0, 1
HEADER = bytes(10) + b"\1\0"
LONGEST = 2048  # bytes of the store, as the tests build it


class Network:
    """Takes frames into *heard*, sends those of *frames*.

    Attributes:
        quiet: the network takes nothing.
    """

    def __init__(self, dut, rng, busy=0.3):
        self.dut, self.rng, self.busy = dut, rng, busy
        self.heard: list[bytes] = []
        self.frames: list[bytes] = []
        self.quiet = False
        self.word = len(dut.tx_data) // 8
        dut.tx_ready.value = 0
        dut.rx_valid.value = 0
        cocotb.start_soon(self._run())

    async def _run(self):
        dut, word = self.dut, self.word
        ready = offered = False
        frame, beats, waiting = bytearray(), [], None
        while True:
            await RisingEdge(dut.aclk)
            valid = int(dut.tx_valid.value) if int(dut.aresetn.value) else 0
            now = str(dut.tx_data.value), str(dut.tx_keep.value), str(dut.tx_last.value)
            assert waiting is None or (valid and now == waiting), "a beat that was offered is gone"
            waiting = now if valid and not ready else None
            if valid and ready:
                size, last = int(dut.tx_keep.value).bit_length(), int(dut.tx_last.value)
                assert int(dut.tx_keep.value) == (1 << size) - 1 and size and (last or size == word)
                frame += int(now[0][-8 * size :], 2).to_bytes(size, "little")
                if last:
                    self.heard.append(bytes(frame))
                    frame.clear()
            if offered and int(dut.rx_ready.value):
                offered = False
                beats.pop(0)
            ready = not self.quiet and self.rng.random() >= self.busy
            dut.tx_ready.value = int(ready)
            if not beats and self.frames:
                data = self.frames.pop(0)
                beats = [data[start : start + word] for start in range(0, len(data), word)]
            if not offered:
                offered = bool(beats) and self.rng.random() >= self.busy
                dut.rx_valid.value = int(offered)
                if offered:
                    piece = beats[0]
                    junk = self.rng.randbytes(word - len(piece))
                    dut.rx_data.value = int.from_bytes(piece + junk, "little")
                    dut.rx_keep.value = (1 << len(piece)) - 1
                    dut.rx_last.value = int(len(beats) == 1)


async def bench(dut, busy=0.3, latency=(1, 20)):
    rng = random.Random(cocotb.RANDOM_SEED)
    engine = EngineModel(dut, rng, pull=(RECEIVE,), busy=busy, latency=latency)
    network = Network(dut, rng, busy)
    await engine.start()
    return rng, engine, network


async def until(engine, condition, limit=30000):
    """Wait for *condition*."""
    for _ in range(limit):
        if condition():
            return
        await engine.cycles(1)
    raise AssertionError("it did not come")


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def sending(dut):
    """Frames of every length leave whole and in order; buffers are used with length 0."""
    rng, engine, network = await bench(dut)
    frames = [rng.randbytes(size) for size in (*range(1, 36), 60, 64, 65, 1514, 2047, LONGEST, 60, 1000, 1000, 1000)]
    for frame in frames:
        engine.offer(rng.randbytes(12) + frame, 0, TRANSMIT)
    await engine.drained(60000)
    await until(engine, lambda: len(network.heard) == len(frames))
    assert network.heard == frames
    assert all(buffer.written == 0 for buffer in engine.order)


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def receiving(dut):
    """DEV-30..32: header and frame in one buffer, in order, with the length of both."""
    rng, engine, network = await bench(dut)
    frames = [rng.randbytes(size) for size in (*range(1, 36), 60, 64, 65, 1514, 2047, LONGEST, 60, 1000, 1000, 1000)]
    network.frames += frames
    buffers = [engine.offer(rng.randbytes(rng.choice((0, 0, 8))), 12 + LONGEST, RECEIVE) for _ in frames]
    await until(engine, lambda: buffers[-1].used.is_set(), 60000)
    for frame, buffer in zip(frames, buffers, strict=True):
        assert buffer.written == 12 + len(frame)
        assert buffer.content(0, buffer.written) == HEADER + frame
        assert set(buffer.data[buffer.written :]) <= {None}


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def bad_buffers(dut):
    """Too short, too long, unreadable, unwritable: length 0, no frame, and the next one passes."""
    rng, engine, network = await bench(dut)
    for _ in range(6):
        network.heard.clear()
        for size in (0, 1, 11, 12, 12 + LONGEST + 1, 50000):
            engine.offer(bytes(size), 0, TRANSMIT)
        lost = engine.offer(bytes(100), 0, TRANSMIT)
        lost.read_errors = 1
        engine.offer(bytes(12) + b"good", 0, TRANSMIT)
        await engine.drained()
        await until(engine, lambda: network.heard)
        assert network.heard == [b"good"]
        small = engine.offer(b"", rng.choice((0, 11, 12, 71)), RECEIVE)
        broken = engine.offer(b"", 100, RECEIVE)
        broken.write_errors = 1
        fine = engine.offer(b"", 72, RECEIVE)
        network.frames += [bytes([n]) * 60 for n in (1, 2, 3)]
        await until(engine, fine.used.is_set)
        await until(engine, broken.used.is_set)
        assert (small.written, broken.written, fine.written) == (0, 0, 72)
        assert fine.content() == HEADER + b"\3" * 60


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def long_frames(dut):
    """A frame longer than the store is dropped as it comes, at every moment; its neighbours arrive."""
    rng, engine, network = await bench(dut)
    for _ in range(3):
        buffers = [engine.offer(b"", 12 + LONGEST, RECEIVE) for _ in range(2)]
        good = [rng.randbytes(60), rng.randbytes(70)]
        network.frames += [good[0], bytes(LONGEST + rng.randint(1, 500)), good[1]]
        await until(engine, buffers[1].used.is_set)
        assert [buffer.content(12, buffer.written) for buffer in buffers] == good


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def waiting(dut):
    """A network that takes nothing holds up sending only, missing buffers hold up receiving only; nothing is lost."""
    rng, engine, network = await bench(dut)
    network.quiet = True
    frames = [rng.randbytes(rng.randint(60, 600)) for _ in range(12)]
    for frame in frames:
        engine.offer(bytes(12) + frame, 0, TRANSMIT)
    arriving = [rng.randbytes(rng.randint(60, 600)) for _ in range(12)]
    network.frames += arriving
    await engine.cycles(2000)
    assert network.frames, "the store took more than it has"
    buffers = [engine.offer(b"", 700, RECEIVE) for _ in arriving]
    await until(engine, buffers[-1].used.is_set)
    assert [buffer.content(12, buffer.written) for buffer in buffers] == arriving
    assert not network.heard and engine.flight
    network.quiet = False
    await engine.drained()
    await until(engine, lambda: len(network.heard) == len(frames))
    assert network.heard == frames


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def resets(dut):
    """A reset at any moment: no torn frame on either side, both directions work again."""
    rng, engine, network = await bench(dut)
    sent = set()
    for number in range(30):
        network.heard.clear()
        for _ in range(rng.randint(0, 4)):
            frame = rng.randbytes(rng.randint(1, 700))
            sent.add(frame)
            engine.offer(bytes(12) + frame, 0, TRANSMIT)
            network.frames.append(rng.randbytes(rng.randint(1, 700)))
            engine.offer(b"", 800, RECEIVE)
        await engine.cycles(rng.randint(0, 400))
        network.frames.clear()
        await engine.reset()
        engine._offered.clear()
        last = b"the frame of round %d" % number
        engine.offer(bytes(12) + last, 0, TRANSMIT)
        await engine.drained()
        await until(engine, lambda last=last: last in network.heard)
        assert set(network.heard) - {last} <= sent, "a torn frame"
        network.frames.append(last)
        while True:
            buffer = engine.offer(b"", 800, RECEIVE)
            await until(engine, buffer.used.is_set)
            if buffer.content(12, buffer.written) == last:
                break


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def rate(dut):
    """Frames of 64 bytes, partners that never wait."""
    rng, engine, network = await bench(dut, busy=0, latency=(1, 1))
    beats = -(-76 // engine.word)
    buffers = [engine.offer(bytes(76), 0, TRANSMIT) for _ in range(40)]
    await buffers[7].used.wait()
    start = engine.cycle
    await buffers[39].used.wait()
    sending = (engine.cycle - start) / 32
    buffers = [engine.offer(b"", 76, RECEIVE) for _ in range(40)]
    network.frames += [bytes(64)] * 40
    await buffers[7].used.wait()
    start = engine.cycle
    await buffers[39].used.wait()
    receiving = (engine.cycle - start) / 32
    dut._log.info(f"64 bytes: {sending} cycles to send, {receiving} to receive")
    assert sending <= beats + 2 and receiving <= beats + 3
