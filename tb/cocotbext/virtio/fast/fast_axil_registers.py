# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Master of the register bus, played by tb/cocotbext/virtio/fast/harness/register_master.v."""

import random
import struct
from collections import deque

from cocotbext.virtio.bfm.axil_registers import Access, BusTiming, check_response
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.command_fifo import CommandFifo
from cocotbext.virtio.fast.fast_ready import FastReady
from cocotbext.virtio.fast.kinds import Kind
from cocotbext.virtio.fast.record_stream import RecordStream
from cocotbext.virtio.fast.verilator_native import present_step, watched
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.randomness import Rng, fork

_WAKE = 1 << 31
_LONGEST_DELAY = (1 << 14) - 1
_write_entry = struct.Struct("<III").pack  # data; address 31, wake 1; strobe 4, delay of AW 14, delay of W 14
_read_entry = struct.Struct("<II").pack  # address 31, wake 1; delay 14


class FastAxilRegisters:
    """What AxilRegisters is to a bus whose signals are driven from Python: the same calls, the same accesses in the
    same
    cycles. Only lists are told as a whole: all accesses of :meth:`burst` and :meth:`submit_all` count as finished
    when the
    last one of their direction is.

    Args:
        dut: the harness.
        stream: the RecordStream, which tells what came of the accesses.
        clock: the bench's clock.
        timing: behaviour; may be replaced at any time through :attr:`timing`.
        rng: source of randomness.
    """

    def __init__(
        self,
        dut: Dut,
        stream: RecordStream,
        clock: ClockReset,
        timing: BusTiming = BusTiming(),
        rng: Rng = random,
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._rng = rng
        self._woken = watched(dut.fast_register_woken)
        self._write_port = CommandFifo(
            clock, dut.fast_writes_done, dut.fast_write_given, dut.fast_write_list, dut.fast_write_one, 12
        )
        self._read_port = CommandFifo(
            clock, dut.fast_reads_done, dut.fast_read_given, dut.fast_read_list, dut.fast_read_one, 8
        )
        self._writes: deque[Access] = deque()  # not answered
        self._reads: deque[Access] = deque()
        self._addresses: deque[Access] = deque()  # AW not taken
        self._data: deque[Access] = deque()  # W not taken
        self._asked: deque[Access] = deque()  # AR not taken
        self._timing = timing
        self._bready = FastReady(dut, clock, "bready", timing.bready, fork(rng), always_draws=True)
        self._rready = FastReady(dut, clock, "rready", timing.rready, fork(rng), always_draws=True)
        clock.on_reset(self._abort)
        for kind, handler in (
            (Kind.WRITE, self._write_taken),
            (Kind.AW, self._address_taken),
            (Kind.W, self._data_taken),
            (Kind.B, self._answered),
            (Kind.B_TAKEN, self._answer_taken),
            (Kind.AR, self._read_taken),
            (Kind.R, self._replied),
            (Kind.R_TAKEN, self._reply_taken),
        ):
            stream.on(kind, handler)

    @property
    def timing(self) -> BusTiming:
        """Behaviour from the next access on; that of the responses from the next cycle on."""
        return self._timing

    @timing.setter
    def timing(self, value: BusTiming) -> None:
        self._timing = value
        self._bready.probability = value.bready
        self._rready.probability = value.rready

    @property
    def idle(self) -> bool:
        """True when no access is queued or outstanding."""
        self._stream.drain()
        return not self._writes and not self._reads

    def submit(self, access: Access) -> Access:
        """Queue an access and return at once; see AxilRegisters."""
        step = present_step()
        cycle, at_edge = self._clock.place(step)
        entry = self._entry(access, _WAKE, cycle)
        (self._write_port if access.write else self._read_port).give_one(entry, step, at_edge)
        return access

    def submit_all(self, accesses: list[Access]) -> None:
        """Queue accesses that somebody will wait for together."""
        last = {access.write: access for access in accesses}  # of each direction
        step = present_step()
        cycle, _ = self._clock.place(step)
        writes: list[bytes] = []
        reads: list[bytes] = []
        for access in accesses:
            entry = self._entry(access, _WAKE if access is last[access.write] else 0, cycle)
            (writes if access.write else reads).append(entry)
        if writes:
            self._write_port.give(writes, step)
        if reads:
            self._read_port.give(reads, step)

    def _entry(self, access: Access, wake: int, cycle: int) -> bytes:
        """Take an access in, and what the transactor is to know of it."""
        address_delay, data_delay = self._timing.delays(access, self._rng)
        if (address_delay | data_delay) > _LONGEST_DELAY:
            raise ValueError(
                f"a delay of {max(address_delay, data_delay)} cycles; the transactor knows {_LONGEST_DELAY} at most"
            )
        access.issued = cycle
        access.waiting = self._wait
        if access.write:
            self._writes.append(access)
            self._addresses.append(access)
            self._data.append(access)
            return _write_entry(
                access.data, access.address | wake, access.strobe | address_delay << 4 | data_delay << 18
            )
        self._reads.append(access)
        self._asked.append(access)
        return _read_entry(access.address | wake, address_delay)

    async def write(
        self,
        address: int,
        value: int,
        byte_enable: int = 0xF,
        *,
        address_latency: int | None = None,
        data_latency: int | None = None,
    ) -> Access:
        """Write and wait for the response; see AxilRegisters."""
        access = self.submit(Access(True, address, value, byte_enable, address_latency, data_latency))
        while not access.finished:
            await self._woken
            self._stream.drain()
        return check_response(access)

    async def read(self, address: int, *, address_latency: int | None = None) -> Access:
        """Read and wait for the data; see AxilRegisters."""
        access = self.submit(Access(False, address, 0, 0xF, address_latency))
        while not access.finished:
            await self._woken
            self._stream.drain()
        return check_response(access)

    async def burst(self, accesses: list[Access]) -> list[Access]:
        """Submit all accesses back to back, reads beside writes, and wait for all of them; see AxilRegisters."""
        self.submit_all(accesses)
        for access in accesses:
            if not access.finished:
                await self._wait(access)
            check_response(access)
        return accesses

    async def _wait(self, access: Access) -> None:
        while not access.finished:
            await self._woken
            self._stream.drain()

    # ------------------------------------------------------------------ the record
    def _write_taken(self, cycle: int, payload: int) -> None:
        self._data.popleft()
        self._addresses.popleft().accepted = cycle

    def _address_taken(self, cycle: int, payload: int) -> None:
        self._addresses.popleft().accepted = cycle  # the later of the two stays

    def _data_taken(self, cycle: int, payload: int) -> None:
        self._data.popleft().accepted = cycle

    def _answered(self, cycle: int, payload: int) -> None:
        if self._writes:
            self._writes[0].response = payload & 3
            if payload & 4:
                self._answer_taken(cycle, payload)

    def _answer_taken(self, cycle: int, payload: int) -> None:
        if self._writes:
            access = self._writes.popleft()
            access.completed = cycle
            access.finish()

    def _read_taken(self, cycle: int, payload: int) -> None:
        self._asked.popleft().accepted = cycle

    def _replied(self, cycle: int, payload: int) -> None:
        if self._reads:
            access = self._reads[0]
            access.data = payload & 0xFFFFFFFF
            access.response = payload >> 32 & 3
            if payload >> 34:
                self._reply_taken(cycle, payload)

    def _reply_taken(self, cycle: int, payload: int) -> None:
        if self._reads:
            access = self._reads.popleft()
            access.completed = cycle
            access.finish()

    def _abort(self) -> None:
        for port in (self._write_port, self._read_port):
            port.clear()
        for queue in (self._addresses, self._data, self._asked):
            queue.clear()
        for queue in (self._writes, self._reads):
            for access in queue:
                access.response = None
                access.aborted = True
                access.finish()
            queue.clear()
