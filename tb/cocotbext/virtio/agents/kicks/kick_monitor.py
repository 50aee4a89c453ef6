"""Passive monitor of the kick port."""

from collections.abc import Callable

from cocotbext.virtio.agents.handshake import ChannelMonitor, Transfer
from cocotbext.virtio.transactions import KickTaken


class KickMonitor:
    """Publishes KickTaken; a device model hooks in with :meth:`add_callback`.

    Attribute ``channel`` is the channel monitor.
    """

    def __init__(self, dut, clocking, channel=ChannelMonitor):
        self.channel = channel(dut, "notify_", ("queue", "data"), clocking)
        self._callbacks: list[Callable[[KickTaken], None]] = []
        self.channel.add_callback(self._taken)

    def add_callback(self, callback: Callable[[KickTaken], None]) -> None:
        """Call *callback* with every kick taken, in its cycle."""
        self._callbacks.append(callback)

    def _taken(self, transfer: Transfer) -> None:
        queue, data = transfer.payload
        kick = KickTaken(cycle=transfer.taken, queue=queue, data=data)
        for callback in self._callbacks:
            callback(kick)
