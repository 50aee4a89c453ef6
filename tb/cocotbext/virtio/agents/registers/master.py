"""AXI4-Lite master of the register bus."""

import random
from collections import deque

import cocotb
from cocotb.triggers import Event
from cocotb_bus.drivers.amba import AXI4LiteMaster, AXIProtocolError, AXIxRESP
from cocotbext.virtio.agents.handshake import SendChannel
from cocotbext.virtio.agents.randomness import fork
from cocotbext.virtio.agents.registers.access import Access
from cocotbext.virtio.agents.registers.bus_timing import BusTiming

_OKAY = int(AXIxRESP.OKAY)  # looking it up takes longer than comparing


class RegisterMaster(AXI4LiteMaster):
    """cocotb-bus's master with pipelining, gaps, AW/W skew and response backpressure.

    Each channel runs on its own, so reads and writes are concurrent and several accesses may be
    outstanding: the base class's one-at-a-time ``write`` and ``read`` are replaced on top of
    :meth:`submit`.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``awvalid`` and its like.
        clocking: the bench's clock.
        timing: behaviour; may be replaced at any time through :attr:`timing`.
        rng: source of randomness.
    """

    _signals = {name: name.lower() for name in AXI4LiteMaster._signals}

    def __init__(self, dut, prefix: str, clocking, timing: BusTiming = BusTiming(), rng=random):
        super().__init__(dut, prefix, clocking.clock, case_insensitive=False)
        for name in ("awprot", "arprot"):
            handle = getattr(dut, f"{prefix}_{name}", None)
            if handle is not None:
                handle.value = 0
        self.timing = timing
        self._clocking = clocking
        self._rng = rng
        bus = self.bus
        self._aw = SendChannel(clocking, bus.AWVALID, bus.AWREADY, (bus.AWADDR,))
        self._w = SendChannel(clocking, bus.WVALID, bus.WREADY, (bus.WDATA, bus.WSTRB))
        self._ar = SendChannel(clocking, bus.ARVALID, bus.ARREADY, (bus.ARADDR,))
        self._writes: deque[Access] = deque()
        self._reads: deque[Access] = deque()
        self._write_wake, self._read_wake = Event(), Event()
        clocking.on_reset(self._abort)
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

    @property
    def idle(self) -> bool:
        """True when no access is queued or outstanding."""
        return not self._writes and not self._reads

    def submit(self, access: Access) -> Access:
        """Queue an access and return at once; accesses of one direction keep their order.

        Await ``access.wait()`` for the result. Its response is not judged here.
        """
        address_delay, data_delay = self.timing.delays(access, self._rng)
        access.issued = self._clocking.cycle
        if access.write:

            def taken(cycle):  # called for AW and for W: the later one stays
                access.accepted = cycle

            self._writes.append(access)
            self._write_wake.set()
            self._aw.send((access.address,), address_delay, taken)
            self._w.send((access.data, access.strobe), data_delay, taken)
        else:

            def taken(cycle):
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

    async def _collect(self, queue, wake, valid, ready, resp, data, probability, rng):
        """Take the responses of one direction, in order."""
        edge = self._clocking.edge
        level = True
        while True:
            if not queue:
                wake.clear()
                await wake.wait()
                continue
            await edge
            if not queue:  # a reset has cut them off
                continue
            if level and valid.value and not self._clocking.in_reset:
                access = queue.popleft()
                access.response = int(resp.value)
                if data is not None:
                    access.data = int(data.value)
                access.completed = self._clocking.cycle
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
