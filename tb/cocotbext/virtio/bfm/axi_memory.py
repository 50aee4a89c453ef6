# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""AXI4 slave over a memory in Python: what a device reaches by DMA, with the freedoms that an interconnect has.

In one cycle: a read is sampled and a write becomes visible -> the write is seen.
Timing: a latency of L lets the first R beat, or B, be taken L cycles after the address, or the last data, was taken.
"""

import logging
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypedDict, Unpack

import cocotb
from cocotb.triggers import First, Timer, ValueChange
from cocotbext.virtio.checks.axi_rules import AxiMasterRules
from cocotbext.virtio.checks.violation import fail
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Dut, reader
from cocotbext.virtio.memory_transactions import DECERR, OKAY, RESPONSE_NAMES, SLVERR, MemoryRead, MemoryWrite
from cocotbext.virtio.rings.memory import MemoryAccess

VISIBILITIES = ("answer", "accepted", "torn")
SAMPLINGS = ("answer", "accepted", "torn")
ORDERS = ("any", "aw_first", "w_first")
_REQUIRED = {
    "aw": ("addr", "len", "size", "burst"),
    "w": ("data", "strb", "last"),
    "ar": ("addr", "len", "size", "burst"),
}
_OPTIONAL = ("id", "cache", "prot", "lock", "qos", "region")
_WITH_ANSWER = 1 << 62  # cycle: a write becomes visible when it is answered, whenever that is
_NEAR = 4  # cycles that are cheaper to step through than to sleep over


@dataclass
class MemoryTiming:
    """When the memory does what; every freedom that AXI4 gives a slave. Times are cycles.

    Attributes:
        read_latency, write_latency: least and most cycles to the answer, drawn for each transaction; 1 at least.
        ar_ready, aw_ready, w_ready: probability of READY in a cycle.
        r_valid, b_valid: probability that an answer which is due is presented in a cycle.
        ready_after_valid: READY is low until VALID is seen: shows a master that waits for READY.
        order: ``w_first`` takes an address only when data waits, ``aw_first`` data only behind its address; or ``any``.
        reorder: answers of different IDs may overtake one another.
        outstanding: most transactions held, reads and writes each.
        visibility: ``answer``: nobody sees a write before its B is presented; ``accepted``: all see it at once;
            ``torn``: each beat becomes visible at a moment of its own in between, to the driver and to the master's own
            reads at different ones.
        sampling: when a read takes its data: ``answer`` (all at its first beat), ``accepted``, or ``torn``: each beat
            at a moment of its own in between.
        error_chance: probability of SLVERR or DECERR instead of a transaction's effect; all beats of a read have it.
        beat_error_chance: the same for each single beat of a read, drawn by itself.

    Raises:
        ValueError: there is no such order, visibility or sampling, or a latency is below 1 or out of order.
    """

    read_latency: tuple[int, int] = (1, 1)
    write_latency: tuple[int, int] = (1, 1)
    ar_ready: float = 1.0
    aw_ready: float = 1.0
    w_ready: float = 1.0
    r_valid: float = 1.0
    b_valid: float = 1.0
    ready_after_valid: bool = False
    order: str = "any"
    reorder: bool = False
    outstanding: int = 256
    visibility: str = "answer"
    sampling: str = "answer"
    error_chance: float = 0.0
    beat_error_chance: float = 0.0

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("visibility", self.visibility, VISIBILITIES),
            ("sampling", self.sampling, SAMPLINGS),
            ("order", self.order, ORDERS),
        ):
            if value not in allowed:
                raise ValueError(f"{name} is {value!r}; one of {', '.join(allowed)} is possible")
        for name in ("read_latency", "write_latency"):
            least, most = getattr(self, name)
            if not 1 <= least <= most:
                raise ValueError(f"{name} is {least}..{most}; 1 at least, and in order")

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)
        for changed in self.__dict__.get("_changed", ()):
            changed()

    def on_change(self, callback: Callable[[], None]) -> None:
        """Call *callback* whenever a field has been changed."""
        self.__dict__.setdefault("_changed", []).append(callback)

    @classmethod
    def drawn(cls, rng: random.Random, most: int = 40) -> "MemoryTiming":
        """A timing drawn at random: latencies up to *most*, stalls, order and visibility of any kind."""
        return cls(
            read_latency=(1, rng.randint(1, most)),
            write_latency=(1, rng.randint(1, most)),
            **{
                name: rng.choice((1.0, 1.0, 0.7, 0.3))
                for name in ("ar_ready", "aw_ready", "w_ready", "r_valid", "b_valid")
            },
            ready_after_valid=rng.random() < 0.3,
            order=rng.choice(ORDERS),
            reorder=rng.random() < 0.5,
            outstanding=rng.choice((1, 2, 4, 256)),
            visibility=rng.choice(VISIBILITIES),
            sampling=rng.choice(SAMPLINGS),
        )


class _Burst:
    """An address that is presented, and what becomes of it."""

    __slots__ = (
        "payload",
        "presented",
        "accepted",
        "id",
        "address",
        "beats",
        "size",
        "good",
        "due",
        "response",
        "responses",
        "transaction",
        "words",
        "index",
        "buffer",
        "strobes",
        "parts",
        "latest",
        "first_data",
    )

    payload: list[str]
    presented: int
    accepted: Any
    id: int
    address: int
    beats: int
    size: int
    good: bool
    due: Any
    response: int
    responses: list[int]
    transaction: Any
    words: Any
    index: int
    buffer: Any
    strobes: Any
    parts: Any
    latest: Any
    first_data: Any

    def __init__(self, payload: list[str], presented: int) -> None:
        self.payload, self.presented = payload, presented
        self.index = 0
        self.words = self.parts = self.first_data = None


class _Part:
    """Bytes of a write that become visible at one moment to the driver, at another one to the master's reads."""

    __slots__ = ("address", "data", "in_memory", "for_master", "overlay")

    def __init__(self, address: int, data: bytes) -> None:
        self.address, self.data = address, data
        self.in_memory = self.for_master = False
        self.overlay: Any = None  # (address, bytes) that the master reads instead of the memory


class AxiMemoryOptions(TypedDict, total=False):
    """Options of an AxiMemory, as functions pass them on."""

    timing: MemoryTiming | None
    rng: random.Random | None
    report: Callable[[int, str], None]
    scramble: bool
    reads: int | None
    writes: int | None
    max_beats: int
    answer_limit: int | None


class AxiMemory:
    """Serves one AXI4 master with 32 to 256 bits of data.

    Only INCR bursts are served, narrow and unaligned ones among them; others are reported and answered SLVERR. What the
    memory object refuses with an exception is answered DECERR. A read has a response for each beat: an error stands at
    the beats that it is about, with junk for their data, and the beats beside them have theirs. A write has one, and
    an error leaves no byte of the burst in memory; only one that the memory object refuses may leave some.

    Args:
        dut: the design; prefix: of the signals, such as ``m_axi``; clock: the bench's clock and reset.
        memory: any object with ``read(address, length) -> bytes`` and ``write(address, data)``.
        timing: may be changed, or replaced, at any time; it holds for what is accepted from then on.
        rng: source of all randomness.
        report: called with (cycle, text) when the master breaks a rule; without it the test fails.
        scramble: drive junk on the payload of R and B while nothing is valid.
        reads, writes, max_beats, answer_limit: as :class:`AxiMasterRules` takes them.

    Attributes:
        rules: the judge; beats: data beats of both directions so far.

    Raises:
        ValueError: signals are missing, or have an impossible width.
    """

    def __init__(
        self,
        dut: Dut,
        prefix: str,
        clock: ClockReset,
        memory: MemoryAccess,
        *,
        timing: MemoryTiming | None = None,
        rng: random.Random | None = None,
        report: Callable[[int, str], None] = fail,
        scramble: bool = True,
        reads: int | None = None,
        writes: int | None = None,
        max_beats: int = 256,
        answer_limit: int | None = None,
    ) -> None:
        def signal(name: str) -> Any:
            return getattr(dut, f"{prefix}_{name}", None)

        missing = [
            f"{prefix}_{channel}{name}"
            for channel, names in _REQUIRED.items()
            for name in (*names, "valid", "ready")
            if signal(channel + name) is None
        ]
        missing += [
            f"{prefix}_{name}"
            for name in ("rdata", "rresp", "rlast", "rvalid", "rready", "bresp", "bvalid", "bready")
            if signal(name) is None
        ]
        if missing:
            raise ValueError(f"{prefix}: the design has no {', '.join(missing)}")
        self._clock, self.memory, self.timing = clock, memory, timing or MemoryTiming()
        self._rng = rng or random.Random(1)
        self.word = len(signal("rdata")) // 8
        if self.word not in (4, 8, 16, 32) or len(signal("wdata")) != 8 * self.word:
            raise ValueError(
                f"{prefix}: data of {len(signal('rdata'))} and {len(signal('wdata'))} bits; 32 to 256 alike is possible"
            )
        self.rules = AxiMasterRules(
            prefix, self.word, report, reads=reads, writes=writes, max_beats=max_beats, answer_limit=answer_limit
        )
        self._log = logging.getLogger(f"cocotb.{prefix}")
        self._scramble = scramble
        self.beats = 0
        self._names, self._payload, self._valid = {}, {}, {}
        for channel, names in _REQUIRED.items():
            names = names + (
                () if channel == "w" else tuple(name for name in _OPTIONAL if signal(channel + name) is not None)
            )
            self._names[channel] = names
            self._payload[channel] = [reader(signal(channel + name)) for name in names]
            self._valid[channel] = reader(signal(channel + "valid"))
        self._changes = [ValueChange(signal(channel + "valid")) for channel in ("aw", "w", "ar")]
        self._rready, self._bready = reader(signal("rready")), reader(signal("bready"))
        self._ready_handles = {channel: signal(channel + "ready") for channel in ("aw", "w", "ar")}
        self._r = {name: signal("r" + name) for name in ("valid", "data", "resp", "last", "id")}
        self._b = {name: signal("b" + name) for name in ("valid", "resp", "id")}
        self._id_limit = 1 << len(self._r["id"]) if self._r["id"] is not None else 1
        self._error_ranges: list[tuple[int, int, int, bool, bool]] = []
        self._read_callbacks: list[Callable[[MemoryRead], None]] = []
        self._write_callbacks: list[Callable[[MemoryWrite], None]] = []
        self._sequence = count()
        self._ready = dict.fromkeys(self._ready_handles)
        self._forget()
        clock.on_reset(self._reset)
        cocotb.start_soon(self._run())

    @classmethod
    def from_prefix(
        cls, dut: Dut, prefix: str, clock: ClockReset, memory: MemoryAccess, **options: Unpack[AxiMemoryOptions]
    ) -> "AxiMemory":
        """The memory behind the signals of *dut* that begin with *prefix* and ``_``; options as the class takes them.

        Raises:
            ValueError: signals are missing, or have an impossible width.
        """
        return cls(dut, prefix, clock, memory, **options)

    # What a test asks for

    def on_read(self, callback: Callable[[MemoryRead], None]) -> None:
        """Call *callback* with every read in the cycle in which its last beat is taken."""
        self._read_callbacks.append(callback)

    def on_write(self, callback: Callable[[MemoryWrite], None]) -> None:
        """Call *callback* with every write in the cycle in which its response is taken."""
        self._write_callbacks.append(callback)

    def fail_range(
        self, first: int, length: int, response: int = SLVERR, reads: bool = True, writes: bool = True
    ) -> None:
        """Answer *response*, SLVERR or DECERR, to read beats and write bursts with any of *length* bytes at *first*."""
        self._error_ranges.append((first, first + length, response, reads, writes))

    def clear_errors(self) -> None:
        """Forget all ranges of :meth:`fail_range`."""
        self._error_ranges.clear()

    @property
    def outstanding(self) -> int:
        """Transactions whose address was taken, or presented, and that are not answered."""
        return (
            len(self._reads)
            + len(self._open)
            + len(self._answers)
            + (self._r_now is not None)
            + (self._b_now is not None)
            + (self._held["ar"] is not None)
            + (self._held["aw"] is not None)
        )

    def unanswered(self) -> list[MemoryRead | MemoryWrite]:
        """What was accepted and has not been answered, as far as it is known."""
        reads = [*self._reads, *([self._r_now] if self._r_now else [])]
        writes = [*self._answers, *([self._b_now] if self._b_now else [])]
        return [burst.transaction for burst in (*reads, *writes)]

    def left_over(self) -> str | None:
        """What a master at rest has no right to leave behind, None when there is nothing."""
        if self._data_ahead:
            return f"{len(self._data_ahead)} beats of data without an address"
        if self._open:
            return f"data of the write at {self._open[0].address:#x} is missing"
        return None

    # The slave

    def _forget(self) -> None:
        self._held: dict[str, _Burst | None] = dict.fromkeys(("aw", "w", "ar"))
        self._reads: list[_Burst] = []  # accepted, in order
        self._open: deque[_Burst] = deque()  # writes whose data is not complete
        self._data_ahead: deque[_Burst] = deque()  # beats ahead of their address
        self._answers: list[_Burst] = []  # writes that wait for B
        self._r_on = self._b_on = False
        self._r_now: _Burst | None = None
        self._b_now: _Burst | None = None
        self._r_since = self._b_since = 0
        self._agenda: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._overlays: list[_Part] = []
        self._told: set[str] = set()
        self._busy = False
        for channel in self._ready_handles:
            self._drive_ready(channel, False)
        self._r["valid"].value = 0
        self._b["valid"].value = 0
        self._junk_r()
        self._junk_b()

    def _reset(self) -> None:
        """aresetn falls: what was accepted completely is written, the rest is gone."""
        for burst in (*self._answers, *([self._b_now] if self._b_now else [])):
            self._show(burst)
        self._forget()

    def _drive_ready(self, channel: str, level: bool) -> None:
        if self._ready[channel] is not level:
            self._ready[channel] = level
            self._ready_handles[channel].value = int(level)

    async def _run(self) -> None:
        clock = self._clock
        edge = clock.edge
        while True:
            await edge
            edges = 0  # in reset; the first one is what resets
            while clock.in_reset:
                edges += 1
                if edges > 1:
                    self._check_reset(clock.cycle)
                await edge
            self._check_reset(clock.cycle)
            while not clock.in_reset:
                cycle = clock.cycle
                self._step(cycle)
                pause = self._pause(cycle)
                if pause:
                    await self._sleep(pause)
                await edge

    def _check_reset(self, cycle: int) -> None:
        """Nothing may be valid in reset, nor at the first edge behind."""
        for channel, valid in self._valid.items():
            if channel not in self._told and valid() != "0":
                self._told.add(channel)
                self.rules.in_reset(cycle, channel)

    async def _sleep(self, cycles: int) -> None:
        """Until a valid changes, or *cycles* edges are over; any number of them when that is negative."""
        if cycles < 0:
            await First(*self._changes)
        else:
            period = self._clock.time_of(2) - self._clock.time_of(1)
            await First(*self._changes, Timer(round(period * (cycles - 1) + period / 2, 3), "ns", round_mode="round"))

    def _pause(self, cycle: int) -> int:
        """Edges that may pass unseen; 0 for none, -1 for any number."""
        held = self._held
        if self._r_now or self._b_now or held["aw"] or held["w"] or held["ar"] or self._busy:
            return 0
        due = [burst.due for burst in self._reads] + [burst.due for burst in self._answers]
        if self._agenda:
            due.append(self._agenda[0][0])
        if not due:
            return -1
        near = min(due) - cycle - 1
        return near if near > _NEAR else 0

    def _step(self, cycle: int) -> None:
        rules = self.rules
        self._work(cycle)  # before an answer is presented, which all of it has to precede
        if self._r_on:
            level = self._rready()
            if level == "1":
                self._r_taken(cycle)
            else:
                self._not_ready(cycle, "r", level, self._r_since)
        elif self._r_now is not None and self._rng.random() < self.timing.r_valid:
            self._r_present(cycle)  # a pause between two beats is over
        if self._b_now is not None:
            level = self._bready()
            if level == "1":
                self._b_taken(cycle)
            else:
                self._not_ready(cycle, "b", level, self._b_since)
        self._busy = False
        held = self._held
        for channel in ("ar", "aw", "w"):
            level = self._valid[channel]()
            burst = held[channel]
            if level == "1":
                self._busy = True
                if burst is None:
                    burst = held[channel] = self._present(cycle, channel)
                else:
                    payload = [read() for read in self._payload[channel]]
                    if payload != burst.payload and self._differs(channel, burst.payload, payload):
                        rules.changed(cycle, channel, burst.presented)
                        burst = held[channel] = self._present(cycle, channel, burst.presented)
                if self._ready[channel]:
                    held[channel] = None
                    burst.accepted = cycle
                    if channel == "ar":
                        self._read_accepted(cycle, burst)
                    elif channel == "aw":
                        self._write_accepted(cycle, burst)
                    else:
                        self._data_ahead.append(burst)
            else:
                if level != "0" and channel not in self._told:
                    self._told.add(channel)
                    rules.unknown(cycle, channel, f"{channel}valid")
                if burst is not None:
                    rules.withdrawn(cycle, channel, burst.presented)
                    held[channel] = None
        while self._data_ahead and self._open:
            self._beat(cycle, self._open[0], self._data_ahead.popleft())
        self._work(cycle)
        if self._r_now is None and self._reads and (burst := self._choose(cycle, self._reads, self.timing.r_valid)):
            self._r_now = burst
            self._r_present(cycle)
        if self._b_now is None and self._answers and (burst := self._choose(cycle, self._answers, self.timing.b_valid)):
            self._b_present(cycle, burst)
        if self._busy or not all(self._ready.values()):
            self._draw_ready()

    def _work(self, cycle: int) -> None:
        """Do what falls due."""
        agenda = self._agenda
        while agenda and agenda[0][0] <= cycle:
            _, _, action, argument = heappop(agenda)
            action(*argument)

    def _not_ready(self, cycle: int, channel: str, level: str, since: int) -> None:
        if level != "0":
            if channel not in self._told:
                self._told.add(channel)
                self.rules.unknown(cycle, channel, f"{channel}ready")
        elif self.rules.answer_limit is not None and cycle - since == self.rules.answer_limit:
            self.rules.waited(cycle, channel, "an answer was not taken", since)

    def _draw_ready(self) -> None:
        timing, held, chance = self.timing, self._held, self._rng.random
        late, order = timing.ready_after_valid, timing.order
        reads = len(self._reads) + (self._r_now is not None)
        writes = len(self._open) + len(self._answers) + (self._b_now is not None)
        may = reads < timing.outstanding and not (late and held["ar"] is None)
        self._drive_ready("ar", may and (timing.ar_ready >= 1.0 or chance() < timing.ar_ready))
        may = writes < timing.outstanding and not (late and held["aw"] is None)
        if order == "w_first":
            may = may and (held["w"] is not None or bool(self._data_ahead))
        self._drive_ready("aw", may and (timing.aw_ready >= 1.0 or chance() < timing.aw_ready))
        may = not (late and held["w"] is None)
        if not self._open:  # w_first: one beat ahead is what lets the address in
            may = may and order != "aw_first" and not (order == "w_first" and self._data_ahead)
        self._drive_ready("w", may and (timing.w_ready >= 1.0 or chance() < timing.w_ready))

    # Addresses and data of the master

    def _differs(self, channel: str, before: list[str], now: list[str]) -> bool:
        """Whether anything that counts has changed: bytes without strobe do not."""
        if channel != "w" or before[1:] != now[1:]:
            return True
        try:
            mask = _lanes(int(now[1], 2))
            return bool((int(before[0], 2) ^ int(now[0], 2)) & mask)
        except ValueError:
            return True

    def _present(self, cycle: int, channel: str, since: int | None = None) -> _Burst:
        payload = [read() for read in self._payload[channel]]
        burst = _Burst(payload, cycle if since is None else since)
        if channel == "w":
            try:
                burst.words = (int(payload[0], 2), int(payload[1], 2), payload[2] == "1")
                if payload[2] not in ("0", "1"):
                    self._check_data(cycle, payload)
            except ValueError:
                self._check_data(cycle, payload)
                data, strobes = _guess(payload[0]), _guess(payload[1])
                burst.words = (data, strobes, payload[2] == "1")
            return burst
        try:
            values = [int(text, 2) for text in payload]
            burst.address, beats, size, kind = values[:4]
            burst.beats, burst.size = beats + 1, 1 << size
            burst.good = True
        except ValueError:
            for name, text in zip(self._names[channel], payload):
                if not _known(text):
                    self.rules.unknown(cycle, channel, channel + name)
            burst.address, burst.good = 0, False
            known = [int(text, 2) if _known(text) else 0 for text in payload]
            burst.beats, burst.size, kind = known[1] + 1, min(1 << known[2], self.word), 1
            values = known
        burst.id = values[self._names[channel].index("id")] if "id" in self._names[channel] else 0
        good = self.rules.address(cycle, channel, burst.address, burst.beats, burst.size, kind)
        burst.good = burst.good and good
        burst.size = min(burst.size, self.word)
        return burst

    def _check_data(self, cycle: int, payload: list[str]) -> None:
        data, strobe, last = payload
        for name, text in (("wstrb", strobe), ("wlast", last)):
            if not _known(text):
                self.rules.unknown(cycle, "w", name)
        if _known(strobe):
            width = len(strobe)
            for lane in range(width):
                byte = data[8 * (width - 1 - lane) : 8 * (width - lane)]
                if strobe[width - 1 - lane] == "1" and not _known(byte):
                    self.rules.unknown(cycle, "w", f"byte {lane} of wdata, which has its strobe,")
                    break

    def _outcome_of_write(self, burst: _Burst) -> int:
        """The response to a write, by range and by chance."""
        if not burst.good:
            return SLVERR
        end = burst.address // burst.size * burst.size + burst.beats * burst.size
        return self._by_range(burst.address, end, True) or self._by_chance(self.timing.error_chance)

    def _outcome_of_read(self, burst: _Burst) -> list[int]:
        """The response of each beat of a read, by range and by chance."""
        beats = range(burst.beats)
        if not burst.good:
            return [SLVERR for _ in beats]
        responses = [OKAY for _ in beats]
        if self._error_ranges:
            responses = [self._by_range(*_span(burst, index), False) for index in beats]
        if not any(responses) and (response := self._by_chance(self.timing.error_chance)):
            responses = [response for _ in beats]
        if chance := self.timing.beat_error_chance:
            responses = [response or self._by_chance(chance) for response in responses]
        return responses

    def _by_range(self, address: int, end: int, write: bool) -> int:
        for first, last, response, reads, writes in self._error_ranges:
            if address < last and first < end and (writes if write else reads):
                return response
        return OKAY

    def _by_chance(self, chance: float) -> int:
        if chance and self._rng.random() < chance:
            return self._rng.choice((SLVERR, DECERR))
        return OKAY

    def _latency(self, limits: tuple[int, int]) -> int:
        least, most = limits
        return least if least == most else self._rng.randint(least, most)

    def _choose(self, cycle: int, waiting: list[_Burst], chance: float) -> _Burst | None:
        """The answer to be presented for the next cycle, taken out of *waiting*."""
        if not self.timing.reorder:
            chosen = waiting[0] if waiting[0].due <= cycle + 1 else None
        else:
            heads: dict[int, _Burst] = {}
            for burst in waiting:
                heads.setdefault(burst.id, burst)
            due = [burst for burst in heads.values() if burst.due <= cycle + 1]
            chosen = self._rng.choice(due) if due else None
        if chosen is None or (chance < 1.0 and self._rng.random() >= chance):
            return None
        waiting.remove(chosen)
        return chosen

    # Reads

    def _read_accepted(self, cycle: int, burst: _Burst) -> None:
        end = burst.address // burst.size * burst.size + burst.beats * burst.size
        burst.responses = self._outcome_of_read(burst)
        burst.due = cycle + self._latency(self.timing.read_latency)
        burst.transaction = MemoryRead(
            burst.address,
            end - burst.address,
            self.word,
            burst.presented,
            burst.id,
            accepted=cycle,
            beats_answered=[],
            responses=[],
            beat=burst.size if burst.size < self.word else None,
        )
        self._reads.append(burst)
        self.rules.outstanding(cycle, "ar", len(self._reads) + (self._r_now is not None))
        if all(burst.responses):
            return
        if self.timing.sampling == "accepted":
            self._sample(burst)
        elif self.timing.sampling == "torn":
            self._by_beats(burst)
            for index in range(burst.beats):
                if burst.responses[index] == OKAY:
                    moment = self._rng.randint(cycle, burst.due - 1)
                    heappush(self._agenda, (moment, next(self._sequence), self._sample_beat, (burst, index)))

    @staticmethod
    def _by_beats(burst: _Burst) -> None:
        burst.words, burst.parts = [None] * burst.beats, [None] * burst.beats

    def _sample(self, burst: _Burst) -> None:
        """Take the data of a whole burst; beat by beat when not all beats have data."""
        word, size = self.word, burst.size
        data = None if any(burst.responses) else self._look(burst.address, burst.transaction.length)
        if data is None:
            self._by_beats(burst)
            for index in range(burst.beats):
                if burst.responses[index] == OKAY:
                    self._sample_beat(burst, index)
            return
        burst.transaction.data = data
        if size == word and not burst.address % word:
            burst.words = [int.from_bytes(data[start : start + word], "little") for start in range(0, len(data), word)]
            return
        words, position, address = [], 0, burst.address
        for _ in range(burst.beats):
            end = address // size * size + size
            chunk = data[position : position + end - address]
            words.append(self._on_lanes(address, chunk))
            position += len(chunk)
            address = end
        burst.words = words

    def _on_lanes(self, address: int, chunk: bytes) -> int:
        """A bus word with *chunk* at its place, junk beside it."""
        lane = address % self.word
        value = int.from_bytes(chunk, "little") << 8 * lane
        if len(chunk) == self.word or not self._scramble:
            return value
        mask = ((1 << 8 * len(chunk)) - 1) << 8 * lane
        return self._rng.getrandbits(8 * self.word) & ~mask | value

    def _sample_beat(self, burst: _Burst, index: int) -> None:
        """Take the data of one beat."""
        address, end = _span(burst, index)
        chunk = self._look(address, end - address)
        if chunk is None:
            self._log.warning("read of %d bytes at %#x answered DECERR", end - address, address)
            burst.responses[index] = DECERR
            return
        burst.parts[index] = chunk
        burst.words[index] = self._on_lanes(address, chunk)

    def _look(self, address: int, length: int) -> bytes | None:
        """What the master sees at an address now, None when the memory refuses it."""
        try:
            data = bytes(self.memory.read(address, length))
        except Exception as error:
            self._log.debug("%s", error)
            return None
        if self._overlays:
            changed = bytearray(data)
            for part in self._overlays:
                start, content = part.overlay
                first, last = max(start, address), min(start + len(content), address + length)
                if first < last:
                    changed[first - address : last - address] = content[first - start : last - start]
            data = bytes(changed)
        return data

    def _r_present(self, cycle: int) -> None:
        burst = self._r_now
        assert burst is not None
        if burst.index == 0:
            if burst.words is None and not all(burst.responses):
                self._sample(burst)
            if any(burst.responses):
                self._fill_errored(burst)
            if burst.parts is not None:
                burst.transaction.data = b"".join(burst.parts)
        self._r_since = cycle + 1
        r = self._r
        r["data"].value = burst.words[burst.index]
        r["resp"].value = burst.responses[burst.index]
        r["last"].value = int(burst.index == burst.beats - 1)
        if r["id"] is not None:
            r["id"].value = burst.id % self._id_limit
        if not self._r_on:
            r["valid"].value = 1
            self._r_on = True

    def _fill_errored(self, burst: _Burst) -> None:
        """Junk for the data of the beats that are answered with an error."""
        if burst.words is None:
            self._by_beats(burst)
        for index in range(burst.beats):
            if burst.responses[index] != OKAY:
                address, end = _span(burst, index)
                value = burst.words[index] = self._rng.getrandbits(8 * self.word)
                lane = address % self.word
                burst.parts[index] = value.to_bytes(self.word, "little")[lane : lane + end - address]

    def _r_taken(self, cycle: int) -> None:
        burst = self._r_now
        assert burst is not None
        self.beats += 1
        transaction = burst.transaction
        transaction.beats_answered.append(cycle)
        transaction.responses.append(burst.responses[burst.index])
        burst.index += 1
        if burst.index < burst.beats:
            if self.timing.r_valid >= 1.0:
                r = self._r
                index = burst.index
                r["data"].value = burst.words[index]
                if burst.responses[index] != burst.responses[index - 1]:
                    r["resp"].value = burst.responses[index]
                if index == burst.beats - 1:
                    r["last"].value = 1
                self._r_since = cycle + 1
            else:
                self._r_off()
            return
        self._r_now = None
        transaction.answered, transaction.response = cycle, max(burst.responses)
        for callback in self._read_callbacks:
            callback(transaction)
        following = self._choose(cycle, self._reads, self.timing.r_valid) if self._reads else None
        if following is not None:
            self._r_now = following
            self._r_present(cycle)
        else:
            self._r_off()

    def _r_off(self) -> None:
        self._r["valid"].value = 0
        self._junk_r()

    def _junk_r(self) -> None:
        self._r_on = False
        if self._scramble:
            self._r["data"].value = self._rng.getrandbits(8 * self.word)
            self._r["resp"].value = self._rng.getrandbits(2)
            self._r["last"].value = self._rng.getrandbits(1)

    # Writes

    def _write_accepted(self, cycle: int, burst: _Burst) -> None:
        word = self.word
        base = burst.address // word * word
        end = burst.address // burst.size * burst.size + burst.beats * burst.size
        burst.buffer = bytearray(-(-(end - base) // word) * word)
        burst.strobes = 0
        burst.response = self._outcome_of_write(burst)
        self._open.append(burst)
        self.rules.outstanding(cycle, "aw", len(self._open) + len(self._answers) + (self._b_now is not None))

    def _beat(self, cycle: int, burst: _Burst, beat: _Burst) -> None:
        """A beat of data belongs to a burst."""
        word, size, index = self.word, burst.size, burst.index
        data, strobes, last = beat.words
        self.rules.data(cycle, burst.address, index, burst.beats, size, strobes, last)
        base = burst.address // word * word
        address = burst.address // size * size + index * size
        place = address // word * word - base
        if size == word:
            burst.buffer[place : place + word] = data.to_bytes(word, "little")
        else:
            content = data.to_bytes(word, "little")
            for lane in range(word):
                if strobes >> lane & 1:
                    burst.buffer[place + lane] = content[lane]
        burst.strobes |= strobes << place
        self.beats += 1
        if index == 0:
            burst.first_data = beat.presented
        burst.index += 1
        if burst.index < burst.beats:
            return
        self._open.popleft()
        burst.transaction = MemoryWrite(
            base,
            bytes(burst.buffer),
            burst.strobes,
            word,
            max(burst.presented, burst.first_data),
            burst.id,
            accepted=cycle,
        )
        burst.due = cycle + self._latency(self.timing.write_latency)
        self._plan(cycle, burst)
        self._answers.append(burst)

    def _plan(self, cycle: int, burst: _Burst) -> None:
        """Decide when a complete write becomes visible, and to whom."""
        burst.latest = cycle
        if burst.response != OKAY:
            burst.parts = []
            return
        visibility, earliest = self.timing.visibility, cycle
        if visibility != "answer":  # no write overtakes an earlier one of its ID at the same place
            before = max(
                (
                    other.latest
                    for other in self._answers
                    if other.id == burst.id and _overlap(other.transaction, burst.transaction)
                ),
                default=-1,
            )
            earliest = max(cycle, before)
            if before == _WITH_ANSWER or (visibility == "accepted" and before >= cycle):
                visibility = "answer"  # the timing has changed since
        if visibility != "torn":
            burst.parts = [_Part(address, data) for address, data in burst.transaction.runs()]
            if visibility == "accepted":
                self._show(burst)
            else:
                burst.latest = _WITH_ANSWER
            return
        word = self.word
        burst.parts = []
        for address, data in burst.transaction.runs():
            start = address
            while start < address + len(data):
                end = min(start // word * word + word, address + len(data))
                burst.parts.append(_Part(start, data[start - address : end - address]))
                start = end
        burst.due = max(burst.due, earliest + 1)
        for part in burst.parts:
            for action in (self._to_memory, self._to_master):
                moment = self._rng.randint(earliest, burst.due - 1)
                burst.latest = max(burst.latest, moment)
                heappush(self._agenda, (moment, next(self._sequence), action, (burst, part)))

    def _to_memory(self, burst: _Burst, part: _Part) -> None:
        """The driver sees a part from now on."""
        if part.in_memory:
            return
        part.in_memory = True
        try:
            before = None if part.for_master else bytes(self.memory.read(part.address, len(part.data)))
            self.memory.write(part.address, part.data)
        except Exception as error:
            self._log.warning("write of %d bytes at %#x answered DECERR: %s", len(part.data), part.address, error)
            burst.response = DECERR
            before = None
        if part.overlay is not None:
            self._overlays.remove(part)
            part.overlay = None
        elif before is not None:
            part.overlay = (part.address, before)
            self._overlays.append(part)

    def _to_master(self, burst: _Burst, part: _Part) -> None:
        """The master's own reads see a part from now on."""
        if part.for_master:
            return
        part.for_master = True
        if part.overlay is not None:
            self._overlays.remove(part)
            part.overlay = None
        elif not part.in_memory:
            part.overlay = (part.address, part.data)
            self._overlays.append(part)

    def _show(self, burst: _Burst) -> None:
        """All see all of a write from now on."""
        for part in burst.parts:
            if part.in_memory:
                self._to_master(burst, part)
            else:
                part.for_master = True
                self._to_memory(burst, part)

    def _b_present(self, cycle: int, burst: _Burst) -> None:
        self._show(burst)
        self._b_now, self._b_since = burst, cycle + 1
        b = self._b
        b["resp"].value = burst.response
        if b["id"] is not None:
            b["id"].value = burst.id % self._id_limit
        if not self._b_on:
            b["valid"].value = 1
            self._b_on = True

    def _b_taken(self, cycle: int) -> None:
        burst, self._b_now = self._b_now, None
        assert burst is not None
        transaction = burst.transaction
        transaction.answered, transaction.response = cycle, burst.response
        for callback in self._write_callbacks:
            callback(transaction)
        following = self._choose(cycle, self._answers, self.timing.b_valid) if self._answers else None
        if following is not None:
            self._b_present(cycle, following)
        else:
            self._b["valid"].value = 0
            self._junk_b()

    def _junk_b(self) -> None:
        self._b_on = False
        if self._scramble:
            self._b["resp"].value = self._rng.getrandbits(2)

    def __str__(self) -> str:
        waiting = ", ".join(
            f"{burst.transaction} ({RESPONSE_NAMES[max(burst.responses)]})" for burst in self._reads[:3]
        )
        return f"{self.outstanding} outstanding{': ' + waiting if waiting else ''}"


def _span(burst: _Burst, index: int) -> tuple[int, int]:
    """Address of the first byte of a beat, and the address behind it."""
    start = burst.address // burst.size * burst.size + index * burst.size
    return start if index else burst.address, start + burst.size


def _known(text: str) -> bool:
    return not text.strip("01")


def _guess(text: str) -> int:
    """A number with unknown bits taken as 0."""
    return int("".join(bit if bit in "01" else "0" for bit in text), 2)


def _lanes(strobes: int) -> int:
    """A mask of the bits whose bytes have a strobe."""
    mask, lane = 0, 0
    while strobes:
        if strobes & 1:
            mask |= 0xFF << 8 * lane
        strobes >>= 1
        lane += 1
    return mask


def _overlap(one: MemoryWrite, other: MemoryWrite) -> bool:
    return one.address < other.address + len(other.data) and other.address < one.address + len(one.data)
