# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Register bus (AXI4-Lite): master, monitors of writes and reads, and one access."""

import random
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import cocotb
from cocotb.triggers import Event
from cocotb_bus.drivers.amba import AXI4LiteMaster, AXIProtocolError, AXIxRESP
from cocotbext.virtio.bfm.handshake import ChannelMaker, ChannelMonitor, SendChannel
from cocotbext.virtio.channel import Channel, Transfer
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Bit, Dut, Signal
from cocotbext.virtio.randomness import Rng, draw, fork
from cocotbext.virtio.transactions import RegisterRead, RegisterWrite


@dataclass(eq=False, slots=True)
class Access:
    """A register access: what to do, how to time it, and what came of it.

    A delay left at None is drawn from the master's :class:`BusTiming`.

    Attributes:
        write: True for a write, False for a read.
        address: byte address, aligned or not, within the slave's address width.
        data: to write; after a read has completed, what was read.
        strobe: WSTRB of a write.
        address_delay: cycles of AWVALID/ARVALID low before this access.
        data_delay: cycles of WVALID low before this access.
        issued: cycle in which the access was handed to the master.
        accepted: cycle of the (later) request handshake.
        completed: cycle of the response handshake; None while under way or when aborted.
        response: AXI response code; None until completed.
        aborted: True when a reset (aresetn) cut the access off.
        finished: True once completed or aborted.
        waiting: how to wait for it, set by a master that does not call :meth:`finish` in time by itself.
    """

    write: bool
    address: int
    data: int = 0
    strobe: int = 0xF
    address_delay: int | None = None
    data_delay: int | None = None
    issued: int | None = None
    accepted: int | None = None
    completed: int | None = None
    response: int | None = None
    aborted: bool = False
    finished: bool = False
    waiting: Callable[["Access"], Awaitable[None]] | None = field(default=None, repr=False)
    _finished: Event | None = field(default=None, repr=False)

    def __index__(self) -> int:
        """The data, so that an access that was awaited stands for the value read."""
        return self.data

    __int__ = __index__

    def finish(self) -> None:
        """Wake everybody who waits (called by the master)."""
        self.finished = True
        if self._finished is not None:
            self._finished.set()

    async def wait(self) -> "Access":
        """Wait until completed or aborted; returns the access itself."""
        if not self.finished:
            if self.waiting is not None:
                await self.waiting(self)
            else:
                if self._finished is None:
                    self._finished = Event()
                await self._finished.wait()
        return self


@dataclass(frozen=True)
class BusTiming:
    """Behaviour of the register bus master; the default is as fast as the bus allows.

    Attributes:
        gap: (least, most) idle cycles before an access.
        skew: (least, most) cycles by which AW runs ahead of W or W ahead of AW, the side drawn per write.
        bready: probability of BREADY in a cycle while a write response is due.
        rready: probability of RREADY in a cycle while read data is due.
    """

    gap: tuple[int, int] = (0, 0)
    skew: tuple[int, int] = (0, 0)
    bready: float = 1.0
    rready: float = 1.0

    def delays(self, access: Access, rng: Rng) -> tuple[int, int]:
        """Cycles of AWVALID (ARVALID) and of WVALID low before an access: its own, or drawn."""
        address = data = draw(self.gap, rng)
        if access.write and self.skew != (0, 0):
            skew = draw(self.skew, rng)
            if skew:
                if rng.random() < 0.5:
                    address += skew
                else:
                    data += skew
        return (
            address if access.address_delay is None else access.address_delay,
            data if access.data_delay is None else access.data_delay,
        )


_OKAY = int(AXIxRESP.OKAY)  # looking it up takes longer than comparing


class AxilRegisters(AXI4LiteMaster):
    """cocotb-bus's master with pipelining, gaps, AW/W skew and response backpressure.

    Each channel runs on its own, so reads and writes are concurrent and several accesses may be
    outstanding: the base class's one-at-a-time ``write`` and ``read`` are replaced on top of
    :meth:`submit`.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``awvalid`` and its like.
        clock: the design's clock and reset.
        timing: behaviour; may be replaced at any time through :attr:`timing`.
        rng: source of randomness.
    """

    _signals = {name: name.lower() for name in AXI4LiteMaster._signals}

    def __init__(
        self, dut: Dut, prefix: str, clock: ClockReset, timing: BusTiming = BusTiming(), rng: Rng = random
    ) -> None:
        super().__init__(dut, prefix, clock.clk, case_insensitive=False)
        for name in ("awprot", "arprot"):
            handle = getattr(dut, f"{prefix}_{name}", None)
            if handle is not None:
                handle.value = 0
        self.timing = timing
        self._clock = clock
        self._rng = rng
        bus = self.bus
        self._aw = SendChannel(clock, bus.AWVALID, bus.AWREADY, (bus.AWADDR,))
        self._w = SendChannel(clock, bus.WVALID, bus.WREADY, (bus.WDATA, bus.WSTRB))
        self._ar = SendChannel(clock, bus.ARVALID, bus.ARREADY, (bus.ARADDR,))
        self._writes: deque[Access] = deque()
        self._reads: deque[Access] = deque()
        self._write_wake, self._read_wake = Event(), Event()
        clock.on_reset(self._abort)
        cocotb.start_soon(
            self._collect(
                self._writes,
                self._write_wake,
                bus.BVALID,
                bus.BREADY,
                bus.BRESP,
                None,
                lambda: self.timing.bready,
                fork(rng),
            )
        )
        cocotb.start_soon(
            self._collect(
                self._reads,
                self._read_wake,
                bus.RVALID,
                bus.RREADY,
                bus.RRESP,
                bus.RDATA,
                lambda: self.timing.rready,
                fork(rng),
            )
        )

    @classmethod
    def from_prefix(
        cls, dut: Dut, prefix: str, clock: ClockReset, timing: BusTiming = BusTiming(), rng: Rng = random
    ) -> "AxilRegisters":
        """Master of the ports ``<prefix>_awvalid`` and so on of *dut*; further arguments as above."""
        return cls(dut, prefix, clock, timing, rng)

    @property
    def idle(self) -> bool:
        """True when no access is queued or outstanding."""
        return not self._writes and not self._reads

    def submit(self, access: Access) -> Access:
        """Queue an access and return at once; accesses of one direction keep their order.

        Await ``access.wait()`` for the result. Its response is not judged here.
        """
        address_delay, data_delay = self.timing.delays(access, self._rng)
        access.issued = self._clock.cycle
        if access.write:

            def taken(cycle: int) -> None:  # called for AW and for W: the later one stays
                access.accepted = cycle

            self._writes.append(access)
            self._write_wake.set()
            self._aw.send((access.address,), address_delay, taken)
            self._w.send((access.data, access.strobe), data_delay, taken)
        else:

            def taken(cycle: int) -> None:
                access.accepted = cycle

            self._reads.append(access)
            self._read_wake.set()
            self._ar.send((access.address,), address_delay, taken)
        return access

    async def write(
        self,
        address: int,
        value: int,
        byte_enable: int = 0xF,
        *,
        address_latency: int | None = None,
        data_latency: int | None = None,
    ) -> Access:
        """Write and wait for the response.

        Args:
            address, value: byte address and 32-bit data as they appear on the wires.
            byte_enable: WSTRB.
            address_latency, data_latency: cycles before AWVALID and WVALID; None: by :attr:`timing`.

        Raises:
            AXIProtocolError: the response was not OKAY.
        """
        access = self.submit(Access(True, address, value, byte_enable, address_latency, data_latency))
        return check_response(await access.wait())

    async def read(self, address: int, *, address_latency: int | None = None) -> Access:
        """Read and wait for the data, which is in the returned access.

        Raises:
            AXIProtocolError: the response was not OKAY.
        """
        access = self.submit(Access(False, address, address_delay=address_latency))
        return check_response(await access.wait())

    def submit_all(self, accesses: list[Access]) -> None:
        """Queue accesses that somebody will wait for together."""
        for access in accesses:
            self.submit(access)

    async def burst(self, accesses: list[Access]) -> list[Access]:
        """Submit all accesses back to back, reads beside writes, and wait for all of them.

        Raises:
            AXIProtocolError: a response was not OKAY.
        """
        self.submit_all(accesses)
        for access in accesses:
            check_response(await access.wait())
        return accesses

    def _abort(self) -> None:
        for queue in (self._writes, self._reads):
            for access in queue:
                access.aborted = True
                access.finish()
            queue.clear()

    async def _collect(
        self,
        queue: deque[Access],
        wake: Event,
        valid: Bit,
        ready: Bit,
        resp: Signal,
        data: Signal | None,
        probability: Callable[[], float],
        rng: Rng,
    ) -> None:
        """Take the responses of one direction, in order."""
        edge = self._clock.edge
        level = True
        while True:
            if not queue:
                wake.clear()
                await wake.wait()
                continue
            await edge
            if not queue:  # a reset has cut them off
                continue
            if level and valid.value and not self._clock.in_reset:
                access = queue.popleft()
                access.response = int(resp.value)
                if data is not None:
                    access.data = int(data.value)
                access.completed = self._clock.cycle
                access.finish()
            next_level = rng.random() < probability()
            if next_level is not level:
                level = next_level
                ready.value = int(level)


def check_response(access: Access) -> Access:
    """Return a finished access, or raise AXIProtocolError when its response was not OKAY."""
    if access.response != _OKAY and not access.aborted:
        response = AXIxRESP(access.response)
        raise AXIProtocolError(
            f"{'Write to' if access.write else 'Read from'} address {access.address:#x} answered {response.name}",
            response,
        )
    return access


class WriteMonitor:
    """Pairs the AW, W and B channels into register writes; passive.

    Each write is published to :meth:`on_accepted` in the cycle of its later request handshake, and to
    :meth:`on_responded` in the first cycle of BVALID for it.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``awvalid`` and its like.
        clock: the design's clock and reset.
        channel: makes the monitor of a channel.

    Attributes:
        address, data, response: the three channel monitors.
        outstanding: writes accepted and not yet answered, oldest first.
    """

    def __init__(self, dut: Dut, prefix: str, clock: ClockReset, channel: ChannelMaker = ChannelMonitor) -> None:
        self.address: Channel = channel(dut, f"{prefix}_aw", ("addr",), clock)
        self.data: Channel = channel(dut, f"{prefix}_w", ("data", "strb"), clock)
        self.response: Channel = channel(dut, f"{prefix}_b", ("resp",), clock)
        self.outstanding: deque[RegisterWrite] = deque()
        self._addresses: deque[Transfer] = deque()
        self._data: deque[Transfer] = deque()
        self._accepted_callbacks: list[Callable[[RegisterWrite], None]] = []
        self._responded_callbacks: list[Callable[[RegisterWrite], None]] = []
        self.address.add_callback(self._address_taken)
        self.data.add_callback(self._data_taken)
        self.response.on_presented(self._response_presented)
        self.response.add_callback(self._response_taken)
        clock.on_reset(self._forget)

    @classmethod
    def from_prefix(
        cls, dut: Dut, prefix: str, clock: ClockReset, channel: ChannelMaker = ChannelMonitor
    ) -> "WriteMonitor":
        """Monitor of the ports ``<prefix>_awvalid`` and so on of *dut*."""
        return cls(dut, prefix, clock, channel)

    def on_accepted(self, callback: Callable[[RegisterWrite], None]) -> None:
        """Call *callback* when a write has been accepted (AW and W taken)."""
        self._accepted_callbacks.append(callback)

    def on_responded(self, callback: Callable[[RegisterWrite], None]) -> None:
        """Call *callback* when a write's response is first seen valid."""
        self._responded_callbacks.append(callback)

    def _forget(self) -> None:
        self.outstanding.clear()
        self._addresses.clear()
        self._data.clear()

    def _address_taken(self, transfer: Transfer) -> None:
        self._addresses.append(transfer)
        self._pair(transfer.taken)

    def _data_taken(self, transfer: Transfer) -> None:
        self._data.append(transfer)
        self._pair(transfer.taken)

    def _pair(self, cycle: int) -> None:
        if self._addresses and self._data:
            (address,) = self._addresses.popleft().payload
            data, strobe = self._data.popleft().payload
            write = RegisterWrite(address=address, data=data, strobe=strobe, accepted=cycle)
            self.outstanding.append(write)
            for callback in self._accepted_callbacks:
                callback(write)

    def _response_presented(self, transfer: Transfer) -> None:
        if self.outstanding:
            write = self.outstanding[0]
            write.responded = transfer.presented
            for callback in self._responded_callbacks:
                callback(write)

    def _response_taken(self, transfer: Transfer) -> None:
        if self.outstanding:
            self.outstanding.popleft().completed = transfer.taken


class ReadMonitor:
    """Pairs the AR and R channels into register reads; passive.

    Each read is published to :meth:`on_responded` in the first cycle of RVALID for it, when its data
    is known, and to :meth:`on_accepted` in the cycle of its AR handshake, when it is not.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``arvalid`` and its like.
        clock: the design's clock and reset.
        channel: makes the monitor of a channel.

    Attributes:
        address, data: the two channel monitors.
        outstanding: reads accepted and not yet completed, oldest first.
    """

    def __init__(self, dut: Dut, prefix: str, clock: ClockReset, channel: ChannelMaker = ChannelMonitor) -> None:
        self.address: Channel = channel(dut, f"{prefix}_ar", ("addr",), clock)
        self.data: Channel = channel(dut, f"{prefix}_r", ("data", "resp"), clock)
        self.outstanding: deque[RegisterRead] = deque()
        self._accepted_callbacks: list[Callable[[RegisterRead], None]] = []
        self._responded_callbacks: list[Callable[[RegisterRead], None]] = []
        self.address.add_callback(self._address_taken)
        self.data.on_presented(self._data_presented)
        self.data.add_callback(self._data_taken)
        clock.on_reset(self.outstanding.clear)

    @classmethod
    def from_prefix(
        cls, dut: Dut, prefix: str, clock: ClockReset, channel: ChannelMaker = ChannelMonitor
    ) -> "ReadMonitor":
        """Monitor of the ports ``<prefix>_awvalid`` and so on of *dut*."""
        return cls(dut, prefix, clock, channel)

    def on_accepted(self, callback: Callable[[RegisterRead], None]) -> None:
        """Call *callback* when a read has been accepted (AR taken); its data is still to come."""
        self._accepted_callbacks.append(callback)

    def on_responded(self, callback: Callable[[RegisterRead], None]) -> None:
        """Call *callback* when a read's data is first seen valid."""
        self._responded_callbacks.append(callback)

    def _address_taken(self, transfer: Transfer) -> None:
        (address,) = transfer.payload
        read = RegisterRead(address=address, data=None, accepted=transfer.taken)
        self.outstanding.append(read)
        for callback in self._accepted_callbacks:
            callback(read)

    def _data_presented(self, transfer: Transfer) -> None:
        if self.outstanding:
            read = self.outstanding[0]
            read.responded = transfer.presented
            read.data = transfer.payload[0]
            for callback in self._responded_callbacks:
                callback(read)

    def _data_taken(self, transfer: Transfer) -> None:
        if self.outstanding:
            self.outstanding.popleft().completed = transfer.taken
