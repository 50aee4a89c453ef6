# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The virtqueue engine as a device function sees it: slots, commands and byte streams, in random time.

The rules are those in the header of rtl/virtqueue/virtio_virtqueue_engine.v. A function that breaks one fails the test.
"""

import random
from collections import deque

import cocotb
from cocotb.triggers import Event, RisingEdge
from cocotbext.virtio.clock_reset import ClockReset


class Buffer:
    """One buffer of the driver: bytes to read, and room to write into.

    Attributes:
        data: what the function wrote, by offset; None where it wrote nothing.
        written: the used length, when *used* is set.
        fault: the function said that the buffer cannot be given back properly.
        read_errors, write_errors: how many of the next commands on this buffer fail.
        meets: its failed writes are answered in the very cycle in which its slot is given back.
    """

    def __init__(self, readable: bytes, writable: int, queue: int = 0):
        self.readable, self.writable, self.queue = readable, writable, queue
        self.data: list[int | None] = [None] * writable
        self.read_errors = self.write_errors = 0
        self.meets = False
        self.fail_reads_of: int | None = None  # offset: only commands that begin there fail
        self.written: int | None = None
        self.fault = False
        self.used = Event()
        self.slot: int | None = None
        self.dead = False  # its queue was stopped
        self.reads = self.writes = 0  # commands under way
        self.done: tuple[int, bool] | None = None

    def content(self, start: int = 0, end: int | None = None) -> bytes:
        """What was written from *start* to *end*; fails if a byte in between was not."""
        part = self.data[start:end]
        assert None not in part, f"byte {start + part.index(None)} of the buffer was not written"
        return bytes(part)


class _Command:
    def __init__(self, buffer: Buffer, offset: int, length: int):
        self.buffer, self.offset, self.length = buffer, offset, length
        self.error = buffer.dead or offset + length > (self.limit(buffer))
        self.due = 0

    def limit(self, buffer: Buffer) -> int:
        raise NotImplementedError


class _Read(_Command):
    def limit(self, buffer):
        return len(buffer.readable)


class _Write(_Command):
    def limit(self, buffer):
        return buffer.writable


class EngineModel:
    """Drives the engine side of a function.

    Args:
        dut: the function, with the ports that it has.
        rng: source of all randomness.
        slots: buffers in flight.
        pull: queues whose buffers come only when they are asked for.
        busy: probability that a stream does not move in a cycle; 0 for the shortest times.
        latency: (least, most) cycles of a memory access.

    Attributes:
        stalled: cycles in which the function did not take data that were there; the engine can read nothing then.
        full: no command is taken while this is True; all else goes on.
    """

    def __init__(self, dut, rng: random.Random, slots: int = 16, pull=(), busy: float = 0.3, latency=(1, 20)):
        self.dut, self.rng, self.slots, self.pull = dut, rng, slots, set(pull)
        self.busy, self.latency = busy, latency
        self.word = len(dut.wr_data) // 8 if hasattr(dut, "wr_data") else len(dut.rd_data) // 8
        self.cycle = self.stalled = 0
        self.full = False
        self.clock = ClockReset(dut.aclk, dut.aresetn)
        self.returned = Event()  # set at every buffer used
        self.order: list[Buffer] = []  # buffers in the order in which they were used
        self._offered: dict[int, deque[Buffer]] = {}
        self._turns: deque[int] = deque()
        self._reset_now = False
        self._forget()
        self._has = {name: hasattr(dut, f"{name}_valid") for name in ("ask", "rd", "wr", "req", "cmd", "done")}
        for name in ("req_valid", "wrote_valid", "rd_valid", "wr_ready", "cmd_ready", "done_ready", "ask_ready"):
            self._drive(name, 0)
        self._drive("device_reset", 0)

    def _forget(self) -> None:
        self.flight: dict[int, Buffer] = {}
        self._free = list(range(self.slots))
        self._asks: deque[int] = deque()
        self._request: Buffer | None = None
        self._reads: deque[_Read] = deque()
        self._beats: deque = deque()
        self._beat = None
        self._writes: deque[_Write] = deque()
        self._gathered = bytearray()
        self._answers: deque[_Write] = deque()
        self._wrote: _Write | None = None
        self._ready = dict.fromkeys(("cmd", "wr", "done", "ask"), False)

    def _drive(self, name: str, value: int) -> None:
        handle = getattr(self.dut, name, None)
        if handle is not None:
            handle.value = value

    def _get(self, name: str) -> int:
        return int(getattr(self.dut, name).value)

    # What a test does

    async def start(self) -> None:
        """Reset the function, start to serve it."""
        self.clock.start()
        await self.clock.reset()
        cocotb.start_soon(self._run())
        await RisingEdge(self.dut.aclk)

    async def cycles(self, number: int) -> None:
        """Wait."""
        for _ in range(number):
            await RisingEdge(self.dut.aclk)

    def offer(self, readable: bytes = b"", writable: int = 0, queue: int = 0) -> Buffer:
        """Make a buffer available."""
        buffer = Buffer(readable, writable, queue)
        self._offered.setdefault(queue, deque()).append(buffer)
        return buffer

    async def reset(self) -> None:
        """device_reset for a cycle: all slots and commands are gone; buffers not yet taken stay offered."""
        self._reset_now = True
        await RisingEdge(self.dut.aclk)
        await RisingEdge(self.dut.aclk)

    def stop_queue(self, queue: int) -> list[Buffer]:
        """The queue was stopped: its buffers move nothing any more. Returns those in flight."""
        self._offered.pop(queue, None)
        dead = [buffer for buffer in self.flight.values() if buffer.queue == queue]
        for buffer in dead:
            buffer.dead = True
        if self._request is not None and self._request.queue == queue:
            self._request.dead = True
        return dead

    @property
    def idle(self) -> bool:
        """Nothing in flight and nothing offered but on pull queues."""
        return not self.flight and not any(
            buffers for queue, buffers in self._offered.items() if queue not in self.pull
        )

    async def drained(self, limit: int = 20000) -> None:
        """Wait until every buffer that can come back has."""
        for _ in range(limit):
            if self.idle:
                return
            await RisingEdge(self.dut.aclk)
        raise AssertionError(f"{len(self.flight)} buffers did not come back in {limit} cycles")

    # The engine

    def _chance(self) -> bool:
        return self.rng.random() >= self.busy

    async def _run(self) -> None:
        edge = RisingEdge(self.dut.aclk)
        while True:
            await edge
            self.cycle += 1
            if self._reset_now:
                self._reset_now = False
                self._forget()
                for name in (
                    "req_valid",
                    "wrote_valid",
                    "rd_valid",
                    "wr_ready",
                    "cmd_ready",
                    "done_ready",
                    "ask_ready",
                ):
                    self._drive(name, 0)
                self._drive("device_reset", 1)
                continue
            self._drive("device_reset", 0)
            if int(self.dut.device_reset.value):
                continue
            self._sample()
            self._present()

    def _sample(self) -> None:
        dut = self.dut
        wrote, self._wrote = self._wrote, None
        if self._has["done"] and self._ready["done"] and self._get("done_valid"):
            self._taken_done(wrote)
        elif wrote is not None:
            self._answered(wrote)
        if self._request is not None and self._get("req_ready"):
            self._request = None
        if self._has["ask"] and self._ready["ask"] and self._get("ask_valid"):
            self._asks.append(self._get("ask_queue") if hasattr(dut, "ask_queue") else 0)
        if self._ready["cmd"] and self._get("cmd_valid"):
            self._taken_command()
        if self._has["rd"] and self._beat is not None and self._get("rd_ready"):
            command, _, last, _ = self._beat
            if last:
                command.buffer.reads -= 1
            self._beat = None
        elif self._beat is not None:
            self.stalled += 1
        if self._has["wr"] and self._ready["wr"] and self._get("wr_valid"):
            self._taken_data()

    def _taken_command(self) -> None:
        slot = self._get("cmd_slot")
        assert slot in self.flight, f"a command on slot {slot}, which the function does not hold"
        buffer = self.flight[slot]
        offset, length = self._get("cmd_offset"), self._get("cmd_length")
        assert length > 0, "a command of no bytes"
        if self._get("cmd_write"):
            command = _Write(buffer, offset, length)
            buffer.writes += 1
            if buffer.write_errors:
                buffer.write_errors -= 1
                command.error = True
            self._writes.append(command)
        else:
            command = _Read(buffer, offset, length)
            buffer.reads += 1
            if buffer.read_errors and buffer.fail_reads_of in (None, offset):
                buffer.read_errors -= 1
                command.error = True
            command.due = self.cycle + self.rng.randint(*self.latency)
            self._reads.append(command)
        if not buffer.dead:
            assert not command.error or offset + length <= command.limit(buffer), "a command beyond the buffer's end"

    def _taken_data(self) -> None:
        assert self._writes, "data without a command"
        command = self._writes[0]
        left = command.length - len(self._gathered)
        size = min(left, self.word)
        assert self._get("wr_keep") == (1 << size) - 1, f"keep is {self._get('wr_keep'):#x} with {left} bytes left"
        assert self._get("wr_last") == (left <= self.word), f"last is wrong with {left} bytes left"
        text = str(self.dut.wr_data.value)[-8 * size :]
        assert set(text) <= {"0", "1"}, f"unknown bits in a beat: {text}"
        self._gathered += int(text, 2).to_bytes(size, "little")
        if len(self._gathered) == command.length:
            self._writes.popleft()
            if not command.error:
                command.buffer.data[command.offset : command.offset + command.length] = list(self._gathered)
            self._gathered = bytearray()
            command.due = self.cycle + self.rng.randint(*self.latency)
            self._answers.append(command)

    def _answered(self, command: _Write) -> None:
        buffer = command.buffer
        buffer.writes -= 1
        if command.error and buffer.done is not None and not buffer.done[1]:
            buffer.done = None
        self._publish(buffer)

    def _taken_done(self, wrote: _Write | None) -> None:
        slot = self._get("done_slot")
        assert slot in self.flight, f"slot {slot} was given back, which the function does not hold"
        buffer = self.flight[slot]
        assert buffer.done is None, f"slot {slot} was given back twice"
        assert buffer.reads == 0, f"slot {slot} was given back before its data had been taken"
        written = self._get("done_written") if hasattr(self.dut, "done_written") else 0
        fault = bool(self._get("done_fault")) if hasattr(self.dut, "done_fault") else False
        buffer.done = (written, fault)
        if wrote is not None:
            self._answered(wrote)
        self._publish(buffer)

    def _publish(self, buffer: Buffer) -> None:
        if buffer.done is None or buffer.writes or buffer.used.is_set():
            return
        if any(command.buffer is buffer for command in self._writes):
            return
        written, buffer.fault = buffer.done
        if not buffer.dead and not buffer.fault:
            assert written <= buffer.writable, f"used length {written} of {buffer.writable}"
            assert None not in buffer.data[:written], "the used length counts bytes that were not written"
        buffer.written = written
        slot = next(number for number, other in self.flight.items() if other is buffer)
        del self.flight[slot]
        self._free.append(slot)
        self.rng.shuffle(self._free)
        self.order.append(buffer)
        buffer.used.set()
        self.returned.set()

    def _next_request(self) -> Buffer | None:
        queues = [queue for queue, buffers in self._offered.items() if buffers and queue not in self.pull]
        for queue in list(self._asks):
            if self._offered.get(queue):
                self._asks.remove(queue)
                return self._offered[queue].popleft()
        if queues:
            return self._offered[self.rng.choice(queues)].popleft()
        return None

    def _meeting(self) -> Buffer | None:
        """The buffer whose failed write is the next answer and waits for the buffer's slot to be given back."""
        if self._answers and self._answers[0].error and self._answers[0].buffer.meets:
            return self._answers[0].buffer
        return None

    def _present(self) -> None:
        # a buffer
        if self._request is None:
            self._drive("req_valid", 0)
            if self._free and self._chance():
                buffer = self._next_request()
                if buffer is not None:
                    slot = self._free.pop()
                    self._request = self.flight[slot] = buffer
                    self._drive("req_valid", 1)
                    self._drive("req_slot", slot)
                    self._drive("req_queue", buffer.queue)
                    self._drive("req_readable", len(buffer.readable))
                    self._drive("req_writable", buffer.writable)
        # readiness
        meeting, on_offer = self._meeting(), None
        if meeting is not None and self._get("done_valid") and not self._ready["done"]:
            on_offer = self.flight.get(self._get("done_slot"))
        for name in ("cmd", "wr", "done", "ask"):
            ready = self._chance() and (name != "wr" or bool(self._writes)) and not (name == "cmd" and self.full)
            if name == "done" and meeting is not None:
                ready = on_offer is not None  # taken a cycle after it was seen, so that the answer can come with it
            self._ready[name] = ready
            self._drive(f"{name}_ready", int(ready))
        # data that was read
        if self._has["rd"] and self._beat is None:
            self._drive("rd_valid", 0)
            if not self._beats and self._reads and self._reads[0].due <= self.cycle:
                command = self._reads.popleft()
                data = command.buffer.readable[command.offset : command.offset + command.length]
                if command.error:
                    data = self.rng.randbytes(command.length)
                for start in range(0, command.length, self.word):
                    piece = data[start : start + self.word]
                    last = start + self.word >= command.length
                    self._beats.append((command, piece, last, command.error))
            if self._beats and self._chance():
                self._beat = command, piece, last, error = self._beats.popleft()
                self._drive("rd_valid", 1)
                junk = self.rng.randbytes(self.word - len(piece))
                self._drive("rd_data", int.from_bytes(piece + junk, "little"))
                self._drive("rd_keep", (1 << len(piece)) - 1)
                self._drive("rd_last", int(last))
                self._drive("rd_error", int(error))
        # answers to writes
        self._drive("wrote_valid", 0)
        if meeting is not None:
            answers = on_offer is meeting
        else:
            answers = bool(self._answers) and self._answers[0].due <= self.cycle and self._chance()
        if answers:
            self._wrote = self._answers.popleft()
            self._drive("wrote_valid", 1)
            slot = next((number for number, other in self.flight.items() if other is self._wrote.buffer), 0)
            self._drive("wrote_slot", slot)
            self._drive("wrote_error", int(self._wrote.error))
