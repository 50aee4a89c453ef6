# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Message bus: the interrupt controller that takes and answers MSI writes, and its passive monitor."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import cocotb
from cocotb.triggers import Event, ReadWrite, RisingEdge
from cocotb_bus.drivers import BusDriver
from cocotb_bus.drivers.amba import AXIxRESP
from cocotbext.virtio.bfm.handshake import ChannelMaker, ChannelMonitor, ReadyDriver
from cocotbext.virtio.bfm.monitor import Monitor
from cocotbext.virtio.channel import Channel, Transfer
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Bit, Dut, Signal
from cocotbext.virtio.randomness import Rng, draw, fork
from cocotbext.virtio.transactions import MessageAnswered, MessagePresented, MessageStarted


@dataclass(frozen=True)
class MsiSinkTiming:
    """Behaviour of the message target; the default takes a message every cycle and answers a cycle later.

    Attributes:
        awready: probability of AWREADY in a cycle.
        wready: probability of WREADY in a cycle, drawn on its own: the channels run out of step.
        response_delay: (least, most) additional cycles between a message taken and its BVALID.
        error_rate: probability of a message being answered SLVERR or DECERR.
        response: response code for an address, None for OKAY; overrides error_rate where it answers.
    """

    awready: float = 1.0
    wready: float = 1.0
    response_delay: tuple[int, int] = (0, 0)
    error_rate: float = 0.0
    response: Callable[[int], int | None] | None = None

    @property
    def plain(self) -> bool:
        """Every message is answered OKAY at once."""
        return self.response_delay == (0, 0) and not self.error_rate and self.response is None

    def answer(self, address: int, rng: Rng) -> tuple[int, int]:
        """Delay in cycles and response code of the answer to a message."""
        delay = draw(self.response_delay, rng)
        code = self.response(address) if self.response else None
        if code is None and self.error_rate and rng.random() < self.error_rate:
            code = rng.choice((AXIxRESP.SLVERR, AXIxRESP.DECERR))
        return delay, int(AXIxRESP.OKAY if code is None else code)


class TakenMessages:
    """The messages that a sink has taken: pairs its addresses with its data, each in order.

    A message that is not among those of :meth:`know` fails the test at once, if that was called.
    """

    REMEMBERED = 1 << 16

    def __init__(self) -> None:
        self._halves: tuple[deque[int], deque[int]] = deque(), deque()  # addresses, words without the other half
        self._count = 0
        self._messages: deque[tuple[int, int]] = deque(maxlen=self.REMEMBERED)
        self._known: set[tuple[int, int]] | None = None
        self._arrived = Event()

    def _bring_up_to_date(self, at_once: bool = False) -> None:
        """Take what has come in the meantime; *at_once*: from now on, whenever a message comes."""

    @property
    def taken(self) -> int:
        """Messages taken since the start."""
        self._bring_up_to_date()
        return self._count

    @property
    def messages(self) -> deque[tuple[int, int]]:
        """(address, data) of the last REMEMBERED messages taken, oldest first."""
        self._bring_up_to_date()
        return self._messages

    def know(self, address: int, data: int) -> None:
        """From now on, a message that was not named here fails the test when it is taken."""
        self._bring_up_to_date(at_once=True)
        self._known = {(address, data)} | (self._known or set())

    async def wait_for(self, count: int) -> None:
        """Wait until *count* messages have been taken since the start."""
        self._bring_up_to_date(at_once=True)
        while self._count < count:
            self._arrived.clear()
            await self._arrived.wait()

    def _take_address(self, cycle: int, address: int) -> None:
        self._halves[0].append(address)
        self._pair(cycle)

    def _take_data(self, cycle: int, data: int) -> None:
        self._halves[1].append(data)
        self._pair(cycle)

    def _pair(self, cycle: int) -> None:
        addresses, words = self._halves
        if addresses and words:
            address, data = message = addresses.popleft(), words.popleft()
            self._messages.append(message)
            self._count += 1
            self._arrived.set()
            if self._known is not None and message not in self._known:
                raise AssertionError(
                    f"cycle {cycle}: message {data:#x} to {address:#x} is none that a vector was given"
                )
            self._complete(address)

    def _complete(self, address: int) -> None:
        """A message to *address* has been taken."""

    def _forget_halves(self) -> None:
        """Reset: the other half of what was taken does not come any more."""
        for half in self._halves:
            half.clear()


class MsiSink(TakenMessages, BusDriver):
    """Takes messages and answers them in order, each channel at its own pace.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``awvalid`` and its like.
        clock: the design's clock and reset.
        timing: behaviour; change it with :meth:`behave`.
        rng: source of randomness.
    """

    _signals = {
        name: name
        for name in ("awvalid", "awready", "awaddr", "wvalid", "wready", "wdata", "bvalid", "bready", "bresp")
    }

    def __init__(
        self,
        dut: Dut,
        prefix: str,
        clock: ClockReset,
        timing: MsiSinkTiming = MsiSinkTiming(),
        rng: Rng = random,
    ) -> None:
        TakenMessages.__init__(self)
        BusDriver.__init__(self, dut, prefix, clock.clk, case_insensitive=False)
        bus = self.bus
        bus.bvalid.value = 0
        bus.bresp.value = 0
        self.timing = timing
        self._clock = clock
        self._rng = rng
        self._address_ready = ReadyDriver(clock, bus.awvalid, bus.awready, timing.awready, fork(rng))
        self._data_ready = ReadyDriver(clock, bus.wvalid, bus.wready, timing.wready, fork(rng))
        self._responses: deque[tuple[int, int]] = deque()  # (earliest cycle to drive in, code)
        self._responses_held = False
        self._wake = Event()
        clock.on_reset(self._abort)
        cocotb.start_soon(self._take(bus.awvalid, bus.awready, bus.awaddr, self._take_address))
        cocotb.start_soon(self._take(bus.wvalid, bus.wready, bus.wdata, self._take_data))
        self._answering = cocotb.start_soon(self._answer())

    @property
    def idle(self) -> bool:
        """True when every message taken has been answered."""
        return not any(self._halves) and not self._responses

    @classmethod
    def from_prefix(
        cls,
        dut: Dut,
        prefix: str,
        clock: ClockReset,
        timing: MsiSinkTiming = MsiSinkTiming(),
        rng: Rng = random,
    ) -> "MsiSink":
        """Sink of the ports ``<prefix>_awvalid`` and so on of *dut*; further arguments as above."""
        return cls(dut, prefix, clock, timing, rng)

    def behave(self, timing: MsiSinkTiming) -> None:
        """Change the behaviour from the next cycle on."""
        self.timing = timing
        self._address_ready.probability = timing.awready
        self._data_ready.probability = timing.wready

    def hold(self, address: bool = True, data: bool = True, responses: bool = True) -> None:
        """Get stuck: take nothing on the named channels until :meth:`release`.

        Args:
            address, data: keep AWREADY, WREADY low.
            responses: start no further response.
        """
        if address:
            self._address_ready.hold()
        if data:
            self._data_ready.hold()
        self._responses_held |= responses

    def release(self) -> None:
        """Undo :meth:`hold`."""
        self._address_ready.release()
        self._data_ready.release()
        self._responses_held = False
        self._wake.set()

    def _abort(self) -> None:
        self._forget_halves()
        self._responses.clear()
        self.bus.bvalid.value = 0
        self._answering.cancel()
        self._answering = cocotb.start_soon(self._answer())

    async def _take(self, valid: Bit, ready: Bit, payload: Signal, taken: Callable[[int, int], None]) -> None:
        edge, rises = self._clock.edge, RisingEdge(valid)
        while True:
            if str(valid.value) != "1":
                await rises
            await edge
            if not self._clock.in_reset and valid.value and ready.value:
                taken(self._clock.cycle, int(payload.value))

    def _complete(self, address: int) -> None:
        delay, code = self.timing.answer(address, self._rng)
        self._responses.append((self._clock.cycle + delay, code))
        self._wake.set()

    async def _answer(self) -> None:
        clock, bus = self._clock, self.bus
        driven = False
        while True:
            due = bool(self._responses) and clock.cycle >= self._responses[0][0] and clock.at_edge()
            if due:
                await ReadWrite()  # hold() at this very edge counts, whichever task the simulator wakes first
            if due and not self._responses_held:
                bus.bresp.value = self._responses[0][1]
                bus.bvalid.value = 1
                driven = True
                await clock.edge
                while not bus.bready.value:
                    await clock.edge
                self._responses.popleft()
                continue
            if driven:
                bus.bvalid.value = 0
                driven = False
            if not self._responses or self._responses_held:
                self._wake.clear()
                await self._wake.wait()
            else:
                await clock.edge


class MessageMonitor(Monitor):
    """Pairs the AW, W and B channels into messages; passive.

    Publishes MessageStarted in the first cycle of AWVALID, MessagePresented in the cycle in which both AW and W have
    been taken, MessageAnswered at the response handshake.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``awvalid`` and its like.
        clock: the design's clock and reset.
        channel: makes the monitor of a channel.

    Attributes:
        address, data, response: the three channel monitors.
        outstanding: messages taken and not yet answered.
    """

    def __init__(self, dut: Dut, prefix: str, clock: ClockReset, channel: ChannelMaker = ChannelMonitor) -> None:
        super().__init__()
        self.address: Channel = channel(dut, f"{prefix}_aw", ("addr",), clock)
        self.data: Channel = channel(dut, f"{prefix}_w", ("data", "strb"), clock)
        self.response: Channel = channel(dut, f"{prefix}_b", ("resp",), clock)
        self.outstanding = 0
        self._addresses: deque[Transfer] = deque()  # taken, its data not yet
        self._data: deque[Transfer] = deque()  # taken, its address not yet
        self.address.on_presented(self._address_presented)
        self.address.add_callback(self._address_taken)
        self.data.add_callback(self._data_taken)
        self.response.add_callback(self._response_taken)
        clock.on_reset(self._forget)

    @classmethod
    def from_prefix(
        cls, dut: Dut, prefix: str, clock: ClockReset, channel: ChannelMaker = ChannelMonitor
    ) -> "MessageMonitor":
        """Monitor of the ports ``<prefix>_awvalid`` and so on of *dut*."""
        return cls(dut, prefix, clock, channel)

    def _forget(self) -> None:
        self.outstanding = 0
        self._addresses.clear()
        self._data.clear()

    def _address_presented(self, transfer: Transfer) -> None:
        data = None
        if self._data:  # W ran ahead, or was taken in this very cycle
            data = self._data[0].payload[0]
        elif not self._addresses and self.data.offered:
            data = self.data.offered[0]
        self._publish(MessageStarted(cycle=transfer.presented, address=transfer.payload[0], data=data))

    def _address_taken(self, transfer: Transfer) -> None:
        self._addresses.append(transfer)
        self._pair()

    def _data_taken(self, transfer: Transfer) -> None:
        self._data.append(transfer)
        self._pair()

    def _pair(self) -> None:
        if self._addresses and self._data:
            address, data = self._addresses.popleft(), self._data.popleft()
            self.outstanding += 1
            self._publish(
                MessagePresented(
                    presented=address.presented,
                    taken=address.taken,
                    w_taken=data.taken,
                    address=address.payload[0],
                    data=data.payload[0],
                )
            )

    def _response_taken(self, transfer: Transfer) -> None:
        self.outstanding -= 1
        self._publish(MessageAnswered(cycle=transfer.taken, response=transfer.payload[0]))
