"""Passive monitor of register writes."""

from collections import deque
from collections.abc import Callable

from cocotbext.virtio.agents.handshake import ChannelMonitor, Transfer
from cocotbext.virtio.transactions import RegisterWrite


class WriteMonitor:
    """Pairs the AW, W and B channels into register writes.

    Each write is published to :meth:`on_accepted` in the cycle of its later request handshake, and to
    :meth:`on_responded` in the first cycle of BVALID for it.

    Args:
        channel: makes the monitor of a channel.

    Attributes:
        address, data, response: the three channel monitors.
        outstanding: writes accepted and not yet answered, oldest first.
    """

    def __init__(self, dut, prefix: str, clocking, channel=ChannelMonitor):
        self.address = channel(dut, f"{prefix}_aw", ("addr",), clocking)
        self.data = channel(dut, f"{prefix}_w", ("data", "strb"), clocking)
        self.response = channel(dut, f"{prefix}_b", ("resp",), clocking)
        self.outstanding: deque[RegisterWrite] = deque()
        self._addresses: deque[Transfer] = deque()
        self._data: deque[Transfer] = deque()
        self._accepted_callbacks: list[Callable] = []
        self._responded_callbacks: list[Callable] = []
        self.address.add_callback(self._address_taken)
        self.data.add_callback(self._data_taken)
        self.response.on_presented(self._response_presented)
        self.response.add_callback(self._response_taken)
        clocking.on_reset(self._forget)

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
