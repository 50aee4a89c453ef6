# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""Bench of the virtqueue engine alone: transport, driver and device function in Python, memory behind AXI4."""

import hashlib
import os
import random
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import cocotb
from cocotb.triggers import Timer
from cocotbext.virtio.bfm.axi_memory import AxiMemory, MemoryTiming
from cocotbext.virtio.checks.interrupt_account import InterruptAccount
from cocotbext.virtio.checks.ring_order import RingOrder
from cocotbext.virtio.checks.ring_trace import RingTrace
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.handles import reader
from cocotbext.virtio.memory_transactions import SLVERR, MemoryRead
from cocotbext.virtio.rings.driver_queue import QueueFull
from cocotbext.virtio.rings.layout import RingFeature
from cocotbext.virtio.rings.memory import Memory, WatchedMemory
from cocotbext.virtio.rings.packed_driver import PackedDriverQueue
from cocotbext.virtio.rings.placement import Placement, cut, cut_data
from cocotbext.virtio.rings.split_driver import SplitDriverQueue
from cocotbext.virtio.scoreboard.run_log import RunLog

from tb.tests.support.settings import DESIGN, RUN, limited

VERSION_1 = 1 << 32
INDIRECT, EVENT_IDX, PACKED = (
    RingFeature.INDIRECT_DESC.mask,
    RingFeature.EVENT_IDX.mask,
    RingFeature.RING_PACKED.mask,
)
IN_ORDER, NOTIFICATION_DATA = RingFeature.IN_ORDER.mask, RingFeature.NOTIFICATION_DATA.mask
BASE, SIZE = 0x4000_0000, 1 << 24
PARAMETERS = {
    "NUM_QUEUES": 2,
    "SLOTS": 16,
    "MAX_CHAIN": 64,
    "DATA_WIDTH": 64,
    "ADDR_WIDTH": 64,
    "MAX_BURST": 16,
    "READS": 16,
    "WRITES": 16,
    "RING_PACKED": 0,
    "INDIRECT": 1,
    "EVENT_IDX": 1,
    "IN_ORDER": 0,
    "NOTIFICATION_DATA": 0,
    "PULL_QUEUES": 0,
    "EVENT_COUNT": 1,
} | DESIGN
FEATURES = (
    VERSION_1
    | INDIRECT * PARAMETERS["INDIRECT"]
    | EVENT_IDX * PARAMETERS["EVENT_IDX"]
    | PACKED * PARAMETERS["RING_PACKED"]
    | IN_ORDER * PARAMETERS["IN_ORDER"]
    | NOTIFICATION_DATA * PARAMETERS["NOTIFICATION_DATA"]
)
COALESCES = PARAMETERS["EVENT_COUNT"] > 1
RINGS = ["split", "packed"] if FEATURES & PACKED else ["split"]
DRIVER_OK = 0x0F
# Ports of the engine that the bench reads and drives in every cycle.
_READ = (
    "ask_ready cmd_ready device_idle device_reset done_ready event_valid none_valid notify_ready queue_stop_done "
    "rd_valid req_valid wr_ready wrote_valid queue_index"
).split()
_DRIVEN = (
    "ask_valid cmd_valid done_valid event_ready notify_valid queue_start_valid queue_stop_valid rd_ready "
    "req_ready wr_valid"
).split()


def response(readable: bytes, length: int) -> bytes:
    """What the function writes into a buffer: *length* bytes that depend on every byte that it read."""
    seed = hashlib.sha256(readable).digest()
    return (seed * (length // 32 + 1))[:length]


@dataclass
class FunctionTiming:
    """How eager the device function is: chances per cycle, and what it does with a buffer."""

    take: float = 1.0
    command: float = 1.0
    read: float = 1.0
    write: float = 1.0
    done: float = 1.0
    early: float = 0.5  # chance of giving a slot back before memory has answered its writes
    pieces: int = 3  # most commands for one direction of a buffer
    writes_first: bool = False  # a read command that has to wait does not stand before a write command

    @classmethod
    def drawn(cls, rng: random.Random) -> "FunctionTiming":
        """A timing drawn at random."""
        chance = lambda: rng.choice((1.0, 1.0, 0.6, 0.2))  # noqa: E731
        return cls(chance(), chance(), chance(), chance(), chance(), rng.choice((0.0, 0.5, 1.0)), rng.randint(1, 4))


@dataclass
class _Held:
    """A slot that the function holds."""

    queue: int
    readable: int
    writable: int
    received: bytearray = field(default_factory=bytearray)
    reads: list = field(default_factory=list)  # commands to give
    reading: int = 0  # commands whose data are not all there
    writes: list | None = None
    writing: int = 0  # commands not answered
    failed: bool = False
    written: int = 0
    early: bool = False
    given: bool = False
    accepted: bool = False
    unread: bool = False  # a read command has failed


class EngineBench:
    """One engine, one driver, one function.

    Args:
        dut: the engine.
        rng: source of all randomness.
        features: accepted by the driver.
        timing: of the memory.
        function: of the device function.

    Attributes:
        events: queue numbers of the events taken; faulted: the fault that the engine shows, or None.
    """

    def __init__(self, dut, rng=None, features=VERSION_1, timing=None, function=None, report=None):
        self.dut, self.features = dut, features & FEATURES
        self.rng = rng or random.Random(int(os.environ.get("COCOTB_RANDOM_SEED", 1)))
        self.clock = ClockReset(dut.aclk, dut.aresetn)
        self.memory = Memory((BASE, SIZE))
        options = {"report": report} if report else {}
        self.axi = AxiMemory.from_prefix(
            dut,
            "m_axi",
            self.clock,
            self.memory,
            timing=timing or MemoryTiming(),
            rng=random.Random(self.rng.getrandbits(32)),
            reads=PARAMETERS["READS"],
            writes=PARAMETERS["WRITES"],
            max_beats=PARAMETERS["MAX_BURST"],
            **options,
        )
        self.trace = RingTrace()
        self.run_log: RunLog | None = None
        self.axi.on_read(self.trace.read)
        self.axi.on_write(self.trace.write)
        self.driver_memory = WatchedMemory(self.memory)
        self.driver_memory.after_write.append(
            lambda address, data: self.trace.driver_wrote(self.clock.cycle, address, data)
        )
        self.function = function or FunctionTiming()
        self.word = len(dut.rd_data) // 8
        self.layouts: dict[int, tuple] = {}  # announced and ready
        self.kicks: deque = deque()
        self.events: list[int] = []
        self.event_ready = 1.0
        self.held: dict[int, _Held] = {}
        self.reading: deque = deque()  # (slot, length) in the order of acceptance
        self.writing: deque = deque()  # words to send
        self.wrote: deque = deque()  # slots of write commands, in the order of acceptance
        self.giving: deque = deque()
        self.kicks_told: dict = {}  # driver's side of a queue -> what a kick would have said when it last published
        self.asks: deque = deque()
        self.asked = [0] * PARAMETERS["NUM_QUEUES"]  # buffers of a pull queue that have not come
        self.nones: list[int] = []
        self.taken: list[tuple[int, int]] = []  # (queue, slot)
        self.read_errors: list[int] = []  # slots of read commands that failed
        self.command = None
        self.give_up_on_error = False
        self.refuse_unread = False  # what could not be read is given back with nothing written
        self.refuse_unwritten = False  # so is what is known to have failed before it is given back
        self.queues = PARAMETERS["NUM_QUEUES"]
        self.longest = PARAMETERS["MAX_CHAIN"]
        self.wrong: list[str] = []
        self._start: deque = deque()
        self._stop: deque = deque()
        self.stop_done = True
        self._quiet = False  # from device_reset until the engine is idle
        self._begins = False  # device_reset was there in the last cycle
        self.idle = True
        self.placement = Placement(self.driver_memory, BASE, SIZE, rng=self.rng, alignment=1, gap=24)

    # ---------------------------------------------------------------- bring-up

    async def start(self, driver_ok: bool = True) -> None:
        """Clock, reset, features, DRIVER_OK."""
        dut = self.dut
        for name in (
            "notify_valid notify_queue notify_data event_ready queue_ready queue_num queue_desc queue_driver "
            "queue_device queue_start_valid queue_start_index queue_stop_valid queue_stop_index device_reset req_ready "
            "ask_valid ask_queue cmd_valid cmd_write cmd_slot cmd_offset cmd_length rd_ready wr_valid wr_data wr_keep "
            "wr_last done_valid done_slot done_written done_fault device_status"
        ).split():
            getattr(dut, name).value = 0
        dut.driver_features.value = self.features
        self.clock.start()
        self.run_log = RunLog.if_asked(EndpointConfig(num_queues=self.queues), self.clock, RUN)
        if self.run_log:
            self.trace.log = self.run_log.ring
        await self.clock.reset()
        dut.device_status.value = DRIVER_OK if driver_ok else 0x0B
        cocotb.start_soon(self._run())

    def make_queue(self, index: int, size: int, announce: bool = True, **options):
        """A driver's queue of *size* entries; with *announce* the transport shows it at once."""
        kind = PackedDriverQueue if self.features & PACKED else SplitDriverQueue
        options.setdefault("rng", self.rng)
        queue = kind(self.driver_memory, size, self.features, self.placement, **options)
        if announce:
            self.announce(index, queue.layout)
        return queue

    def announce(self, index: int, layout) -> None:
        """QueueReady 0 -> 1."""
        self.layouts[index] = layout
        self._start.append(index)
        self.trace.queue_start(self.clock.cycle, index, layout, self.features)

    async def stop_queue(self, index: int, limit: int = 5000) -> None:
        """QueueReady 1 -> 0; returns when the engine has drained the queue."""
        del self.layouts[index]
        self._stop.append(index)
        await self.clock.cycles(3)
        await self.until(lambda: self.stop_done, limit, f"queue {index} is drained")
        self.trace.queue_stop(self.clock.cycle, index)

    async def reset_device(self, limit: int = 5000) -> None:
        """Status = 0; returns when the engine is idle."""
        self.dut.device_reset.value = 1
        self.dut.device_status.value = 0
        self.layouts.clear()
        await self.clock.edge
        self.dut.device_reset.value = 0
        self._forget()
        await self.clock.cycles(2)
        await self.until(lambda: self.idle, limit, "the engine is idle")
        self.trace.stop_all(self.clock.cycle)
        self.dut.device_status.value = DRIVER_OK

    def _forget(self) -> None:
        for store in (self.held, self.kicks, self.reading, self.writing, self.wrote, self.giving, self.asks):
            store.clear()
        self.kicks_told.clear()
        self.command = None
        self.asked = [0] * self.queues
        self._start.clear()
        self.dut.driver_features.value = self.features

    def kick(self, index: int, value: int | None = None) -> None:
        """A kick; with NOTIFICATION_DATA *value* is the word that the driver writes."""
        value = index if value is None else value
        self.kicks.append((index, value))
        self.trace.kick(self.clock.cycle, index, value)

    def kick_for(self, index: int, queue) -> None:
        """A kick if the device wants one. If not, NOTIFICATION_DATA permits the word of before, which promises nothing
        new (V-4)."""
        if queue.kick_needed():
            self.kick(index, queue.kick_value(index))
        elif self.features & NOTIFICATION_DATA and queue in self.kicks_told:
            self.kick(index, self.kicks_told[queue])
        self.kicks_told[queue] = queue.kick_value(index)

    def ask(self, index: int, count: int = 1) -> None:
        """Ask for buffers, if the queue is a pull queue."""
        if PARAMETERS["PULL_QUEUES"] >> index & 1:
            self.asks.extend([index] * count)
            self.asked[index] += count

    async def ask_always(self) -> None:
        """A function that wants buffers of its pull queues all the time, some at once."""
        while True:
            for queue in range(self.queues):
                self.ask(queue, 2 - self.asked[queue])
            await self.clock.cycles(self.rng.randint(1, 40))

    async def until(self, condition, limit: int, what: str) -> int:
        """Wait until *condition* holds; returns the cycles that passed.

        Raises:
            AssertionError: after *limit* cycles.
        """
        begun = self.clock.cycle
        while not condition():
            assert not self.wrong, self.wrong
            assert self.clock.cycle - begun < limit, f"after {limit} cycles not: {what}; fault {self.fault()}"
            await self.clock.cycles(4)
        assert not self.wrong, self.wrong
        return self.clock.cycle - begun

    async def finish(self, compare: bool = True) -> None:
        """Let the engine come to rest, and judge the order of everything that it did.

        Raises:
            AssertionError: a rule of the rings was broken, or nothing was compared.
        """
        await self.clock.cycles(2000)
        assert not self.wrong, self.wrong
        left = self.axi.left_over()
        assert left is None, left
        self.trace.settled(self.clock.cycle)
        order = RingOrder(self.trace, coalesces=COALESCES)
        findings = order.judge()
        account = InterruptAccount(self.trace, coalesces=COALESCES)
        findings += [finding for finding in account.judge() if finding.rule != "unwanted"]
        if self.run_log and findings:
            self.run_log.failed(findings[0].cycle, findings[0].rule, findings[0].text)
        assert not findings, "; ".join(f"{one.rule} in cycle {one.cycle}: {one.text}" for one in findings[:5])
        assert order.compared or not compare, "no used buffer was compared"

    def fault(self) -> int | None:
        """The code of the fault that the engine shows."""
        return int(self.dut.fault_code.value) if int(self.dut.fault_valid.value) else None

    # ---------------------------------------------------------------- every cycle

    async def _run(self) -> None:
        dut, rng, edge = self.dut, self.rng, self.clock.edge
        table = [dut.queue_ready, dut.queue_num, dut.queue_desc, dut.queue_driver, dut.queue_device]
        shown = None
        bits = {name: reader(getattr(dut, name)) for name in _READ}
        handles = {name: getattr(dut, name) for name in _DRIVEN}
        driven: dict[str, int] = {}

        def high(name):
            return bool(int(bits[name]()))  # ValueError for X

        def drive(name, value):
            if driven.get(name) != value:
                driven[name] = value
                handles[name].value = value

        req_ready = event_ready = rd_ready = 0
        notify = ask = wr = done = False
        waits = [0, 0]
        w_held = False
        while True:
            await edge
            resets = high("device_reset")
            if resets or self._quiet:
                now = [int(dut.m_axi_arvalid.value), int(dut.m_axi_awvalid.value)]
                if self._quiet:
                    for name, valid, held in zip(("AR", "AW"), now, waits):
                        if valid and not held:
                            self.wrong.append(f"{name} in cycle {self.clock.cycle}, after device_reset")
                    if int(dut.event_valid.value):
                        self.wrong.append(f"an event in cycle {self.clock.cycle}, after device_reset")
                    self._drained(w_held)
                ready = [int(dut.m_axi_arready.value), int(dut.m_axi_awready.value)]
                waits = [valid and not taken for valid, taken in zip(now, ready)]
                w_held = int(dut.m_axi_wvalid.value) and not int(dut.m_axi_wready.value)
            if resets:
                self._quiet = self._begins = True
                req_ready = event_ready = rd_ready = 0
                notify = ask = wr = done = False
                for name in "notify_valid cmd_valid wr_valid done_valid ask_valid req_ready rd_ready".split():
                    drive(name, 0)
                self.idle = False
                continue
            self.idle = high("device_idle")
            self.stop_done = high("queue_stop_done") and not self._stop
            # what was transferred at this edge
            if notify and high("notify_ready"):
                notify = False
                self.kicks.popleft()
            if ask and high("ask_ready"):
                ask = False
                self.asks.popleft()
            if high("none_valid"):
                self.nones.append(int(dut.none_queue.value))
            if event_ready and high("event_valid"):
                self.events.append(int(dut.event_index.value) - 1)
                self.trace.notified(self.clock.cycle, self.events[-1])
            if req_ready and high("req_valid"):
                self._take()
            if self.command and high("cmd_ready"):
                self._commanded()
            if rd_ready and high("rd_valid"):
                self._received()
            if wr and high("wr_ready"):
                self.writing.popleft()
                wr = False
            if done and high("done_ready"):
                self._given(self.giving.popleft())
                done = False
            if high("wrote_valid"):
                self._wrote(done)
            # what is shown next
            index = int(bits["queue_index"](), 2)
            layout = self.layouts.get(index)
            if layout != shown:
                shown = layout
                for handle, value in zip(table, (1, *layout) if layout else (0, 0, 0, 0, 0)):
                    handle.value = value
            drive("queue_start_valid", int(bool(self._start)))
            if self._start:
                dut.queue_start_index.value = self._start.popleft()
            drive("queue_stop_valid", int(bool(self._stop)))
            if self._stop:
                dut.queue_stop_index.value = self._stop.popleft()
            if self.kicks and not notify and not self._start:
                notify = True
                dut.notify_queue.value, dut.notify_data.value = self.kicks[0]
            drive("notify_valid", int(notify))
            if self.asks and not ask:
                ask = True
                dut.ask_queue.value = self.asks[0]
            drive("ask_valid", int(ask))
            event_ready = int(rng.random() < self.event_ready)
            drive("event_ready", event_ready)
            timing = self.function
            req_ready = int(rng.random() < timing.take)
            drive("req_ready", req_ready)
            if not self.command and rng.random() < timing.command:
                self._choose()
            drive("cmd_valid", int(self.command is not None))
            rd_ready = int(rng.random() < timing.read)
            drive("rd_ready", rd_ready)
            if self.writing and not wr and rng.random() < timing.write:
                wr = True
                dut.wr_data.value = self.writing[0]
            drive("wr_valid", int(wr))
            if self.giving and not done and rng.random() < timing.done:
                done = True
                slot, written, fault = self.giving[0]
                dut.done_slot.value, dut.done_written.value, dut.done_fault.value = slot, written, fault
            drive("done_valid", int(done))

    def _drained(self, w_held: int) -> None:
        """Judge a cycle behind device_reset (V-15): new beats of W write nothing; idle means that all is answered."""
        dut, cycle = self.dut, self.clock.cycle
        if int(dut.m_axi_wvalid.value) and not w_held and int(dut.m_axi_wstrb.value):
            self.wrong.append(f"W with strobes in cycle {cycle}, after device_reset")
        idle = bool(int(dut.device_idle.value))
        if idle and self._begins:
            self.wrong.append(f"idle in cycle {cycle}, right after device_reset")
        if idle and self.axi.outstanding:
            self.wrong.append(f"idle in cycle {cycle}, with {self.axi.outstanding} transactions not answered")
        self._begins = False
        self._quiet = not idle or bool(int(dut.device_reset.value))

    # ---------------------------------------------------------------- the function

    def _take(self) -> None:
        dut = self.dut
        slot = int(dut.req_slot.value)
        held = _Held(int(dut.req_queue.value), int(dut.req_readable.value), int(dut.req_writable.value))
        if slot in self.held:
            self.wrong.append(f"slot {slot} is handed out while the function holds it")
        self.held[slot] = held
        if PARAMETERS["PULL_QUEUES"] >> held.queue & 1:
            self.asked[held.queue] -= 1
            if self.asked[held.queue] < 0:
                self.wrong.append(f"queue {held.queue} got a buffer that was not asked for")
        self.taken.append((held.queue, slot))
        held.early = self.rng.random() < self.function.early
        offset = 0
        for size in self._pieces(held.readable):
            held.reads.append((offset, size))
            offset += size
        held.reading = len(held.reads)
        held.received = bytearray(held.readable)
        if not held.reads:
            self._answer(slot, held)

    def _pieces(self, length: int) -> list[int]:
        return cut(self.rng, length, min(self.rng.randint(1, self.function.pieces), length)) if length else []

    def _answer(self, slot: int, held: _Held) -> None:
        """Everything is read: what is written, and then the slot goes back."""
        held.written = 0 if held.unread and self.refuse_unread else held.writable
        data = response(bytes(held.received), held.written)
        held.writes = []
        offset = 0
        for piece in (
            cut_data(self.rng, data, min(self.rng.randint(1, self.function.pieces), len(data))) if data else []
        ):
            held.writes.append((offset, piece))
            offset += len(piece)
        held.writing = len(held.writes)
        self._check_done(slot, held)

    def _check_done(self, slot: int, held: _Held) -> None:
        if held.writes == [] and (held.early or not held.writing) and not held.given:
            held.given = True
            self.giving.append((slot, held.written, 0))

    def _choose(self) -> None:
        ready = [
            (slot, write)
            for slot, held in self.held.items()
            for write in (False, True)
            if (held.writes if write else held.reads)
        ]
        if not ready:
            return
        writes = [choice for choice in ready if choice[1]] if self.function.writes_first else []
        slot, write = writes[0] if writes else self.rng.choice(ready)
        offset, what = (self.held[slot].writes if write else self.held[slot].reads)[0]
        self.command = slot, write, offset, what
        dut = self.dut
        dut.cmd_write.value = int(write)
        dut.cmd_slot.value = slot
        dut.cmd_offset.value = offset
        dut.cmd_length.value = len(what) if write else what

    def _commanded(self) -> None:
        slot, write, offset, what = self.command
        self.command = None
        held = self.held[slot]
        if write:
            held.writes.pop(0)
            self.wrote.append(slot)
            for start in range(0, len(what), self.word):
                self.writing.append(int.from_bytes(what[start : start + self.word], "little"))
            self._check_done(slot, held)
        else:
            held.reads.pop(0)
            self.reading.append([slot, offset, what])

    def _received(self) -> None:
        dut = self.dut
        slot, offset, left = current = self.reading[0]
        count = min(left, self.word)
        held = self.held[slot]
        if int(dut.rd_keep.value) != (1 << count) - 1:
            self.wrong.append(f"rd_keep {dut.rd_keep.value} for {count} bytes")
        last = int(dut.rd_last.value)
        if last != (left == count):
            self.wrong.append(f"rd_last is {last} with {left} bytes left")
        raw = dut.rd_data.value
        data = raw.to_unsigned() if raw.is_resolvable else int(re.sub("[^01]", "0", str(raw)), 2)
        held.received[offset : offset + count] = data.to_bytes(self.word, "little")[:count]
        current[1] += count
        current[2] -= count
        if left == count:
            self.reading.popleft()
            if int(dut.rd_error.value):
                self.read_errors.append(slot)
                held.unread = True
            held.reading -= 1
            if not held.reading:
                self._answer(slot, held)

    def _wrote(self, done: bool) -> None:
        slot = int(self.dut.wrote_slot.value)
        if not self.wrote or self.wrote[0] != slot:
            self.wrong.append(f"wrote_slot {slot}, expected {list(self.wrote)[:3]}")
            return
        self.wrote.popleft()
        held = self.held.get(slot)
        error = bool(int(self.dut.wrote_error.value))
        if held is None:
            if error:
                self.wrong.append(f"a write of slot {slot} failed after the slot was gone")
            return
        held.writing -= 1
        if error:
            held.failed = True
            if held.accepted:
                held.accepted = False
                self.giving.append((slot, 0, int(self.give_up_on_error)))
            elif self.refuse_unwritten:
                held.written = 0
                for place, entry in enumerate(self.giving):
                    if entry[0] == slot and not (done and place == 0):
                        self.giving[place] = (slot, 0, entry[2])
        self._check_done(slot, held)
        self._check_gone(slot, held)

    def _given(self, entry) -> None:
        slot, _, _ = entry
        self.held[slot].accepted = True
        self._check_gone(slot, self.held[slot])

    def _check_gone(self, slot: int, held: _Held) -> None:
        """The slot is the engine's once it is given back and its writes are answered; it may come again right then."""
        if held.accepted and not held.writing:
            del self.held[slot]


def bench_of(dut, ring: str, features: int = EVENT_IDX | INDIRECT, **options) -> EngineBench:
    """A bench with this kind of ring, and a generator of the run's seed; the driver accepts *features* beside it."""
    rng = random.Random(cocotb.RANDOM_SEED)
    return EngineBench(dut, rng, VERSION_1 | features | PACKED * (ring == "packed"), **options)


class FailedBeats:
    """Beats of reads that were answered with an error.

    Attributes:
        spans: (address of the first byte, address behind the last) of each, until :meth:`clear`.
        places: of those that were the only one in a burst of several beats: "first", "middle", "last".
    """

    def __init__(self, bench: EngineBench) -> None:
        self.spans: list[tuple[int, int]] = []
        self.places: set[str] = set()
        bench.axi.on_read(self._read)

    def _read(self, read: MemoryRead) -> None:
        failed = [beat for beat, code in enumerate(read.responses or ()) if code >= SLVERR]
        start = read.address // read.word * read.word
        self.spans += [(start + beat * read.word, start + (beat + 1) * read.word) for beat in failed]
        if len(failed) == 1 and len(read.responses or ()) > 1:
            self.places.add({0: "first", len(read.responses or ()) - 1: "last"}.get(failed[0], "middle"))

    def hit(self, areas: Iterable[tuple[int, int]]) -> bool:
        """Whether a beat has failed that has a byte of one of these areas: (address, bytes)."""
        return any(first < place + size and place < last for place, size in areas for first, last in self.spans)

    def clear(self) -> None:
        """Forget all spans."""
        self.spans.clear()


class Traffic:
    """A driver that keeps one queue busy and looks at used buffers only when it is told to.

    Args:
        bench: the bench; index: of the queue; queue: the driver's side.
        total: buffers to send; most: bytes of one direction of a buffer; parts: most parts of one direction.
        depth: most buffers that are on their way.
    """

    def __init__(self, bench, index, queue, total, most=600, parts=4, depth=64, poll=False, empty=False):
        self.bench, self.index, self.queue = bench, index, queue
        self.total, self.most, self.parts = (
            limited(name, value) for name, value in (("buffers", total), ("bytes", most), ("parts", parts))
        )
        self.depth, self.poll = depth, poll
        self.empty = empty
        self.sent = self.done = 0
        self._seen_events = 0
        self.spurious = 0
        self.wish = None

    async def run(self, limit: int = 200_000) -> None:
        """Until every buffer is used and correct.

        Raises:
            AssertionError: something is wrong, or *limit* cycles passed without a buffer.
        """
        bench, rng, queue = self.bench, self.bench.rng, self.queue
        if queue.event_idx:
            queue.interrupt_after(1)
        last, progress = bench.clock.cycle, 0
        while self.done < self.total:
            assert not bench.wrong, bench.wrong
            if self.sent < self.total:
                self._send(rng.randint(1, 4))
            told = bench.events.count(self.index)
            if told != self._seen_events or self.poll:
                self._seen_events = told
                if not self._collect():
                    self.spurious += 1
            if self.done != progress:
                last, progress = bench.clock.cycle, self.done
            assert bench.clock.cycle - last < limit, (
                f"queue {self.index}: {self.done} of {self.total} used, {self.sent} sent, nothing for {limit} cycles; "
                f"fault {bench.fault()}"
            )
            await bench.clock.cycles(rng.randint(1, 30))

    def _send(self, count: int) -> None:
        rng, queue = self.bench.rng, self.queue
        for _ in range(count):
            if self.sent >= self.total or self.sent - self.done >= self.depth:
                break
            room = max(1, min(self.parts, queue.size // 2 or 1, self.bench.longest // 2))
            readable = rng.randint(0, self.most)
            least = 0 if readable or self.empty else 1
            writable = 0 if not least and rng.random() < 0.2 else rng.randint(least, self.most)
            reads = cut_data(rng, rng.randbytes(readable), min(rng.randint(1, room), readable or 1), self.empty)
            writes = cut(rng, writable, min(rng.randint(1, room), writable or 1), self.empty)
            reads = [part for part in reads if part or self.empty]
            writes = [part for part in writes if part or self.empty]
            if len(reads) + len(writes) > min(queue.size, self.bench.longest) or not reads + writes:
                continue
            indirect = queue.indirect and rng.random() < 0.5
            if indirect and not isinstance(queue, PackedDriverQueue) and rng.random() < 0.3:
                indirect = rng.randint(0, len(reads) + len(writes) - 1)
            try:
                queue.add(reads, writes, indirect=indirect, publish=False, fill=b"\xee")
            except QueueFull:
                break
            self.sent += 1
        queue.publish()
        self.bench.kick_for(self.index, queue)

    def _collect(self) -> int:
        """As a driver's interrupt handler: until nothing is used and the wish is written."""
        queue, count = self.queue, 0
        while True:
            for buffer in queue.used():
                count += 1
                self._check(buffer)
            if not queue.event_idx:
                return count
            ahead = 1
            if self.sent == self.total and self.sent > self.done and not isinstance(queue, PackedDriverQueue):
                ahead = self.bench.rng.randint(1, min(4, self.sent - self.done))
            if not queue.interrupt_after(ahead):
                return count

    def _check(self, buffer) -> None:
        self.done += 1
        readable = b"".join(content for _, content in buffer.readable)
        size = buffer.writable_size
        assert buffer.written == size, f"{buffer.written} bytes used of {size}"
        got, wanted = buffer.received(), response(readable, size)
        assert got == wanted, (
            f"queue {self.index} buffer {self.done}: differs at byte "
            f"{next(i for i in range(size) if got[i] != wanted[i])} of {size}"
        )
        assert not buffer.damaged(), buffer.damaged()


async def settle(bench: EngineBench, cycles: int = 50) -> None:
    """Let the engine come to rest."""
    await bench.clock.cycles(cycles)
    await Timer(1, "ns")
