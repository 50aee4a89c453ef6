"""Passive monitor of register reads."""

from collections import deque
from collections.abc import Callable

from cocotbext.virtio.agents.handshake import ChannelMonitor, Transfer
from cocotbext.virtio.transactions import RegisterRead


class ReadMonitor:
    """Pairs the AR and R channels into register reads.

    Each read is published to :meth:`on_responded` in the first cycle of RVALID for it, when its data
    is known, and to :meth:`on_accepted` in the cycle of its AR handshake, when it is not.

    Args:
        channel: makes the monitor of a channel.

    Attributes:
        address, data: the two channel monitors.
        outstanding: reads accepted and not yet completed, oldest first.
    """

    def __init__(self, dut, prefix: str, clocking, channel=ChannelMonitor):
        self.address = channel(dut, f"{prefix}_ar", ("addr",), clocking)
        self.data = channel(dut, f"{prefix}_r", ("data", "resp"), clocking)
        self.outstanding: deque[RegisterRead] = deque()
        self._accepted_callbacks: list[Callable] = []
        self._responded_callbacks: list[Callable] = []
        self.address.add_callback(self._address_taken)
        self.data.on_presented(self._data_presented)
        self.data.add_callback(self._data_taken)
        clocking.on_reset(self.outstanding.clear)

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
