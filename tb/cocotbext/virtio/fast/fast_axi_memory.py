# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""AxiMemory at the speed of the simulator: the same memory in C++, fast/native/axi_memory.cpp.

It hangs on the Verilog programming interface, so it works under every simulator and in every program around it.
"""

import ctypes
import logging
import random
import traceback
from collections.abc import Callable
from functools import cache
from typing import Any, Unpack

import cocotb
from cocotb.triggers import GPITrigger
from cocotbext.virtio.bfm.axi_memory import ORDERS, SAMPLINGS, VISIBILITIES, AxiMemoryOptions, MemoryTiming
from cocotbext.virtio.checks.axi_rules import AxiMasterRules
from cocotbext.virtio.checks.violation import fail
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.native import library
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.memory_transactions import SLVERR, MemoryRead, MemoryWrite
from cocotbext.virtio.rings.memory import MemoryAccess

_CHANNELS = ("aw", "w", "ar", "r", "b")
_ADDRESS_NAMES = ("addr", "len", "size", "burst", "id", "cache", "prot", "lock", "qos", "region")
_DATA_NAMES = ("data", "strb", "last")
_OTHER_NAMES = {100: "valid", 101: "ready"}
_LANE = 102
_READ, _WRITE, _ADDRESS, _OUTSTANDING, _WITHDRAWN, _CHANGED, _UNKNOWN, _DATA, _IN_RESET, _WAITED, _REFUSED = range(11)
_WAITS = {"r": "an answer was not taken", "b": "an answer was not taken"}
_UNLIMITED = 1 << 62
_STATE_WORDS = 624  # of random.Random

_i32, _i64, _u64 = ctypes.c_int32, ctypes.c_int64, ctypes.c_uint64


class _Settings(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_char_p) for name in ("path", "clock", "reset")),
        *((name, _i32) for name in ("word", "scramble")),
        *((name, _i64) for name in ("most_reads", "most_writes", "max_beats", "answer_limit")),
    ]


class _Timing(ctypes.Structure):
    _fields_ = [
        *((name, _i64) for name in ("read_least", "read_most", "write_least", "write_most")),
        *((name, ctypes.c_double) for name in ("ar_ready", "aw_ready", "w_ready", "r_valid", "b_valid")),
        *((name, ctypes.c_double) for name in ("error_chance", "beat_error_chance")),
        ("outstanding", _i64),
        *((name, _i32) for name in ("ready_after_valid", "order", "reorder", "visibility", "sampling")),
    ]


class _Record(ctypes.Structure):
    _fields_ = [
        *((name, _i32) for name in ("kind", "channel", "id", "response")),
        *((name, _i64) for name in ("cycle", "issued", "accepted")),
        ("address", _u64),
        *((name, _i64) for name in ("length", "beats", "size", "extra")),
        *((name, ctypes.c_void_p) for name in ("data", "strobes")),
        ("answered", ctypes.POINTER(_i64)),
        ("responses", ctypes.POINTER(_i32)),
    ]


_ACCESS = ctypes.CFUNCTYPE(_i32, _i32, _u64, _i64, ctypes.c_void_p)
_NOTIFY = ctypes.CFUNCTYPE(None)


@cache
def _library() -> ctypes.CDLL:
    # Not ctypes.CDLL's release of the interpreter's lock: its functions are called from within the simulator.
    loaded = ctypes.PyDLL(str(library()))
    memory = ctypes.c_void_p
    for name, result, *arguments in (
        ("open", memory, ctypes.POINTER(_Settings), ctypes.c_void_p, _i32, ctypes.c_char_p, _i32),
        ("time", None, memory, ctypes.POINTER(_Timing)),
        ("piece", None, memory, _u64, _u64, memory),
        ("call", None, memory, _ACCESS, _NOTIFY),
        ("tell", None, memory, _i32, _i32),
        ("fail", None, memory, _u64, _u64, _i32, _i32, _i32),
        ("clear_errors", None, memory),
        ("close", None, memory),
        ("reset", None, memory),
        ("cycle", _i64, memory),
        ("beats", _i64, memory),
        ("outstanding", _i64, memory),
        ("data_ahead", _i64, memory),
        ("data_missing", _i32, memory, ctypes.POINTER(_u64)),
        ("tell_unanswered", None, memory),
        ("next", _i32, memory, ctypes.POINTER(_Record)),
    ):
        function = getattr(loaded, f"memory_{name}")
        function.restype, function.argtypes = result, arguments
    return loaded


class _Notice(GPITrigger):
    """Fires when the memory has something to tell."""

    def _prime(self) -> None:
        pass

    def _unprime(self) -> None:
        pass

    def fire(self) -> None:
        """Wake who waits, as a callback of the simulator."""
        if self._callbacks:
            try:
                self._react()
            except BaseException:  # as after a callback of cocotb's own: what a task lets through ends the simulation
                traceback.print_exc()
                cocotb.simulator.stop_simulator()


class FastAxiMemory:
    """Serves one AXI4 master as :class:`AxiMemory` does: same arguments, same calls, same answers in the same cycles.

    A memory with ``base`` and a writable ``data``, as PlainMemory has them, is reached without Python; any other object
    is called for each burst, or each part of one. The generator is copied: it draws from the state that *rng* has now.

    A change of the timing holds from the next cycle on, whether the object is replaced or changed.
    A test that ends closes the memory. The arguments are those of :class:`AxiMemory`.

    Raises:
        ValueError: signals are missing, or have an impossible width.
        CompilerFailed: there is no C++ compiler.
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
        data = [getattr(dut, f"{prefix}_{name}", None) for name in ("rdata", "wdata")]
        widths = [len(handle) for handle in data if handle is not None]
        self.word = widths[0] // 8 if widths else 0
        if self.word not in (4, 8, 16, 32) or widths != 2 * [8 * self.word]:
            raise ValueError(f"{prefix}: rdata and wdata of {widths} bits; 32 to 256 alike is possible")
        self._clock, self.memory, self._prefix = clock, memory, prefix
        self.rules = AxiMasterRules(
            prefix, self.word, report, reads=reads, writes=writes, max_beats=max_beats, answer_limit=answer_limit
        )
        self._log = logging.getLogger(f"cocotb.{prefix}")
        self._read_callbacks: list[Callable[[MemoryRead], None]] = []
        self._write_callbacks: list[Callable[[MemoryWrite], None]] = []
        self._told: list[MemoryRead | MemoryWrite] | None = None
        self._native = native = _library()
        unlimited = lambda limit: -1 if limit is None else limit  # noqa: E731
        settings = _Settings(
            f"{dut._path}.{prefix}_".encode(),
            clock.clk._path.encode(),
            clock.reset_n._path.encode(),
            self.word,
            scramble,
            unlimited(reads),
            unlimited(writes),
            max_beats,
            unlimited(answer_limit),
        )
        *words, position = (rng or random.Random(1)).getstate()[1]
        state = (ctypes.c_uint32 * _STATE_WORDS)(*words)
        missing = ctypes.create_string_buffer(256)
        self._handle = native.memory_open(settings, state, position, missing, len(missing))
        if not self._handle:
            raise ValueError(f"the simulator has no {missing.value.decode()}")
        self._record = _Record()
        self._notice = _Notice()
        self._callbacks = _ACCESS(self._access), _NOTIFY(self._notice.fire)  # as long as the memory is there
        self._data: Any = None
        base = getattr(memory, "base", None)
        if isinstance(base, int) and hasattr(memory, "data"):
            self._data = (ctypes.c_char * len(memory.data)).from_buffer(memory.data)
            native.memory_piece(self._handle, base, len(memory.data), ctypes.addressof(self._data))
        native.memory_call(self._handle, self._callbacks[0] if self._data is None else _ACCESS(), self._callbacks[1])
        self.timing = timing or MemoryTiming()
        clock.on_reset(self._reset)
        cocotb.start_soon(self._run())

    @classmethod
    def from_prefix(
        cls, dut: Dut, prefix: str, clock: ClockReset, memory: MemoryAccess, **options: Unpack[AxiMemoryOptions]
    ) -> "FastAxiMemory":
        """The memory behind the signals of *dut* that begin with *prefix* and ``_``; options as the class takes them.

        Raises:
            ValueError: signals are missing, or have an impossible width.
            CompilerFailed: there is no C++ compiler.
        """
        return cls(dut, prefix, clock, memory, **options)

    # What a test asks for: see AxiMemory.

    @property
    def timing(self) -> MemoryTiming:
        """May be changed, or replaced, at any time; it holds for what is accepted from then on."""
        return self._timing

    @timing.setter
    def timing(self, value: MemoryTiming) -> None:
        self._timing = value
        value.on_change(self._take_timing)
        self._take_timing()

    @property
    def beats(self) -> int:
        """Data beats of both directions so far."""
        return self._native.memory_beats(self._handle)

    def on_read(self, callback: Callable[[MemoryRead], None]) -> None:
        """Call *callback* with every read in the cycle in which its last beat is taken."""
        self._read_callbacks.append(callback)
        self._native.memory_tell(self._handle, True, bool(self._write_callbacks))

    def on_write(self, callback: Callable[[MemoryWrite], None]) -> None:
        """Call *callback* with every write in the cycle in which its response is taken."""
        self._write_callbacks.append(callback)
        self._native.memory_tell(self._handle, bool(self._read_callbacks), True)

    def fail_range(
        self, first: int, length: int, response: int = SLVERR, reads: bool = True, writes: bool = True
    ) -> None:
        """Answer *response*, SLVERR or DECERR, to read beats and write bursts with any of *length* bytes at *first*."""
        self._native.memory_fail(self._handle, first, first + length, response, reads, writes)

    def clear_errors(self) -> None:
        """Forget all ranges of :meth:`fail_range`."""
        self._native.memory_clear_errors(self._handle)

    @property
    def outstanding(self) -> int:
        """Transactions whose address was taken, or presented, and that are not answered."""
        return self._native.memory_outstanding(self._handle)

    def unanswered(self) -> list[MemoryRead | MemoryWrite]:
        """What was accepted and has not been answered, as far as it is known."""
        self._drain()
        self._native.memory_tell_unanswered(self._handle)
        told: list[MemoryRead | MemoryWrite] = []
        self._told = told
        try:
            self._drain()
        finally:
            self._told = None
        return told

    def left_over(self) -> str | None:
        """What a master at rest has no right to leave behind, None when there is nothing."""
        ahead = self._native.memory_data_ahead(self._handle)
        if ahead:
            return f"{ahead} beats of data without an address"
        address = _u64()
        if self._native.memory_data_missing(self._handle, address):
            return f"data of the write at {address.value:#x} is missing"
        return None

    # The other side

    def _take_timing(self) -> None:
        timing = self._timing
        self._native.memory_time(
            self._handle,
            _Timing(
                *timing.read_latency,
                *timing.write_latency,
                *(timing.ar_ready, timing.aw_ready, timing.w_ready, timing.r_valid, timing.b_valid),
                *(timing.error_chance, timing.beat_error_chance),
                min(timing.outstanding, _UNLIMITED),
                timing.ready_after_valid,
                ORDERS.index(timing.order),
                timing.reorder,
                VISIBILITIES.index(timing.visibility),
                SAMPLINGS.index(timing.sampling),
            ),
        )

    def _reset(self) -> None:
        self._native.memory_reset(self._handle)

    def _access(self, write: int, address: int, length: int, place: int) -> int:
        try:
            if write:
                self.memory.write(address, ctypes.string_at(place, length))
            else:
                ctypes.memmove(place, bytes(self.memory.read(address, length)), length)
        except Exception as error:
            self._log.debug("%s", error)
            return False
        return True

    async def _run(self) -> None:
        try:
            while True:
                await self._notice
                self._drain()
        finally:
            self._native.memory_close(self._handle)

    def _drain(self) -> None:
        record, following = self._record, self._native.memory_next
        ahead = self._clock.cycle - self._native.memory_cycle(self._handle)
        while following(self._handle, record):
            if record.kind == _READ:
                read = self._read(record, ahead)
                if self._told is not None:
                    self._told.append(read)
                    continue
                for callback in self._read_callbacks:
                    callback(read)
            elif record.kind == _WRITE:
                write = self._write(record, ahead)
                if self._told is not None:
                    self._told.append(write)
                    continue
                for answered in self._write_callbacks:
                    answered(write)
            else:
                self._broken(record, ahead)

    def _read(self, record: _Record, ahead: int) -> MemoryRead:
        return MemoryRead(
            record.address,
            record.beats,
            self.word,
            record.issued + ahead,
            record.id,
            ctypes.string_at(record.data, record.length) if record.length else b"",
            record.accepted + ahead,
            record.cycle + ahead if record.cycle >= 0 else None,
            [cycle + ahead for cycle in record.answered[: record.extra]],
            record.response,
            record.responses[: record.extra],
            record.size if record.size < self.word else None,
        )

    def _write(self, record: _Record, ahead: int) -> MemoryWrite:
        return MemoryWrite(
            record.address,
            ctypes.string_at(record.data, record.length),
            int.from_bytes(ctypes.string_at(record.strobes, -(-record.length // 8)), "little"),
            self.word,
            record.issued + ahead,
            record.id,
            record.accepted + ahead,
            record.cycle + ahead if record.cycle >= 0 else None,
            record.response,
        )

    def _broken(self, record: _Record, ahead: int) -> None:
        """A rule was broken, or the memory has no such bytes."""
        rules, kind, cycle = self.rules, record.kind, record.cycle + ahead
        channel = _CHANNELS[record.channel]
        if kind == _ADDRESS:
            rules.address(cycle, channel, record.address, record.beats, record.size, record.extra)
        elif kind == _OUTSTANDING:
            rules.outstanding(cycle, channel, record.extra)
        elif kind == _WITHDRAWN:
            rules.withdrawn(cycle, channel, record.extra + ahead)
        elif kind == _CHANGED:
            rules.changed(cycle, channel, record.extra + ahead)
        elif kind == _UNKNOWN and record.extra == _LANE:
            rules.unknown(cycle, channel, f"byte {record.length} of wdata, which has its strobe,")
        elif kind == _UNKNOWN:
            names = _DATA_NAMES if channel == "w" else _ADDRESS_NAMES
            rules.unknown(cycle, channel, channel + (_OTHER_NAMES.get(record.extra) or names[record.extra]))
        elif kind == _DATA:
            strobes = record.issued & (1 << self.word) - 1
            rules.data(cycle, record.address, record.extra, record.beats, record.size, strobes, bool(record.length))
        elif kind == _IN_RESET:
            rules.in_reset(cycle, channel)
        elif kind == _WAITED:
            rules.waited(cycle, channel, _WAITS[channel], record.extra + ahead)
        else:
            what = "write" if channel == "w" else "read"
            self._log.warning("%s of %d bytes at %#x answered DECERR", what, record.length, record.address)

    def __str__(self) -> str:
        return f"{self.outstanding} outstanding"
