"""Passive monitor of one valid/ready channel."""

from collections.abc import Callable

from cocotb.triggers import RisingEdge
from cocotb_bus.monitors import BusMonitor
from cocotbext.virtio.agents.handshake.transfer import Transfer


class ChannelMonitor(BusMonitor):
    """Publishes a :class:`Transfer` when it is taken, and on request when it is first presented.

    It sleeps on ``valid``'s rising edge and samples once a cycle only while ``valid`` is high. What it
    sees on the way that no channel may do (valid withdrawn, payload changed, unknown bits) it hands to
    :meth:`on_violation`; judging is left to ``cocotbext.virtio.checks``.

    Args:
        dut: the design.
        prefix: port name up to ``valid``/``ready``, such as ``s_axil_aw``.
        payload: the channel's payload signals, without the prefix.
        clocking: the bench's clock.
    """

    def __init__(self, dut, prefix: str, payload: tuple[str, ...], clocking):
        self._signals = {name: name for name in ("valid", "ready", *payload)}
        self._clocking = clocking
        self._payload_names = payload
        self._presented_callbacks: list[Callable[[Transfer], None]] = []
        self._violation_callbacks: list[Callable[[int, str], None]] = []
        self.waiting_limit: int | None = None
        self.prefix = prefix
        self.current: Transfer | None = None
        super().__init__(dut, prefix, clocking.clock, bus_separator="", case_insensitive=False)

    @property
    def offered(self) -> tuple[int, ...] | None:
        """The payload on the wires in this cycle, None without valid."""
        if not self.bus.valid.value:
            return None
        return tuple(int(getattr(self.bus, name).value) for name in self._payload_names)

    def on_presented(self, callback: Callable[[Transfer], None]) -> None:
        """Call *callback* in the first cycle in which valid is high for a transfer."""
        self._presented_callbacks.append(callback)

    def on_violation(self, callback: Callable[[int, str], None]) -> None:
        """Call *callback* with (cycle, text) when the channel breaks a valid/ready rule."""
        self._violation_callbacks.append(callback)

    def _violation(self, text: str) -> None:
        for callback in self._violation_callbacks:
            callback(self._clocking.cycle, f"{self.prefix}: {text}")

    def _sample(self, handles) -> tuple[int, ...] | None:
        try:
            return tuple([int(handle.value) for handle in handles])
        except ValueError:
            self._violation(f"unknown bits in the payload while {self.prefix}valid is high")
            return None

    def _level(self, handle, name: str) -> bool:
        try:
            return bool(handle.value)
        except ValueError:
            self._violation(f"{self.prefix}{name} is unknown")
            return False

    async def _monitor_recv(self):
        clocking = self._clocking
        edge = clocking.edge
        valid, ready = self.bus.valid, self.bus.ready
        handles = [getattr(self.bus, name) for name in self._payload_names]
        rises = RisingEdge(valid)
        while True:
            if clocking.in_reset:
                await clocking.released.wait()
            if str(valid.value) != "1":
                await rises
            await edge
            transfer = None
            while not clocking.in_reset:
                if not self._level(valid, "valid"):
                    if transfer is not None:
                        self._violation(f"valid withdrawn before ready (presented in cycle {transfer.presented})")
                    break
                payload = self._sample(handles)
                if transfer is None:
                    transfer = self.current = Transfer(clocking.cycle, payload)
                    for callback in self._presented_callbacks:
                        callback(transfer)
                elif payload != transfer.payload:
                    self._violation(f"payload changed while waiting: {_text(transfer.payload)} -> {_text(payload)}")
                    transfer.payload = payload
                if self._level(ready, "ready"):
                    transfer.taken = clocking.cycle
                    self.current = None
                    self._recv(transfer)
                    transfer = None
                elif self.waiting_limit is not None and clocking.cycle - transfer.presented >= self.waiting_limit:
                    self._violation(
                        f"not accepted within {self.waiting_limit} cycles (presented in cycle {transfer.presented})"
                    )
                await edge
            self.current = None


def _text(payload: tuple[int, ...] | None) -> str:
    return "unknown" if payload is None else "/".join(f"{value:#x}" for value in payload)
