"""AXI4-Lite write target of the message bus."""

import random
from collections import deque

import cocotb
from cocotb.triggers import Event, RisingEdge
from cocotb_bus.drivers import BusDriver
from cocotbext.virtio.agents.handshake import ReadyDriver
from cocotbext.virtio.agents.messages.target_timing import TargetTiming
from cocotbext.virtio.agents.randomness import fork


class MessageTarget(BusDriver):
    """Takes messages and answers them in order, each channel at its own pace.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``awvalid`` and its like.
        clocking: the bench's clock.
        timing: behaviour; change it with :meth:`behave`.
        rng: source of randomness.
    """

    _signals = {
        name: name for name in ("awvalid", "awready", "awaddr", "wvalid", "wready", "bvalid", "bready", "bresp")
    }

    def __init__(self, dut, prefix: str, clocking, timing: TargetTiming = TargetTiming(), rng=random):
        super().__init__(dut, prefix, clocking.clock, case_insensitive=False)
        bus = self.bus
        bus.bvalid.value = 0
        bus.bresp.value = 0
        self.timing = timing
        self._clocking = clocking
        self._rng = rng
        self._address_ready = ReadyDriver(clocking, bus.awvalid, bus.awready, timing.awready, fork(rng))
        self._data_ready = ReadyDriver(clocking, bus.wvalid, bus.wready, timing.wready, fork(rng))
        self._addresses: deque[int] = deque()
        self._data_taken = 0
        self._responses: deque[tuple[int, int]] = deque()  # (earliest cycle to drive in, code)
        self._responses_held = False
        self._wake = Event()
        clocking.on_reset(self._abort)
        cocotb.start_soon(self._take(bus.awvalid, bus.awready, self._take_address))
        cocotb.start_soon(self._take(bus.wvalid, bus.wready, self._take_data))
        self._answering = cocotb.start_soon(self._answer())

    @property
    def idle(self) -> bool:
        """True when every message taken has been answered."""
        return not self._addresses and not self._data_taken and not self._responses

    def behave(self, timing: TargetTiming) -> None:
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
        self._addresses.clear()
        self._responses.clear()
        self._data_taken = 0
        self.bus.bvalid.value = 0
        self._answering.cancel()
        self._answering = cocotb.start_soon(self._answer())

    async def _take(self, valid, ready, taken) -> None:
        edge, rises = self._clocking.edge, RisingEdge(valid)
        while True:
            if str(valid.value) != "1":
                await rises
            await edge
            if not self._clocking.in_reset and valid.value and ready.value:
                taken()

    def _take_address(self) -> None:
        self._addresses.append(int(self.bus.awaddr.value))
        self._pair()

    def _take_data(self) -> None:
        self._data_taken += 1
        self._pair()

    def _pair(self) -> None:
        if self._addresses and self._data_taken:
            self._data_taken -= 1
            address = self._addresses.popleft()
            delay, code = self.timing.answer(address, self._rng)
            self._responses.append((self._clocking.cycle + delay, code))
            self._wake.set()

    async def _answer(self) -> None:
        clocking, bus = self._clocking, self.bus
        while True:
            if not self._responses or self._responses_held:
                self._wake.clear()
                await self._wake.wait()
                continue
            earliest, code = self._responses[0]
            if clocking.cycle < earliest or not clocking.at_edge():
                await clocking.edge
                continue
            bus.bresp.value = code
            bus.bvalid.value = 1
            await clocking.edge
            while not bus.bready.value:
                await clocking.edge
            self._responses.popleft()
            bus.bvalid.value = 0
