"""Passive monitor of the event port."""

from collections.abc import Callable

from cocotbext.virtio.agents.handshake import ChannelMonitor, Transfer
from cocotbext.virtio.transactions import EventAccepted


class EventMonitor:
    """Publishes EventAccepted. Attribute ``channel`` is the channel monitor."""

    def __init__(self, dut, clocking, channel=ChannelMonitor):
        self.channel = channel(dut, "event_", ("index",), clocking)
        self._callbacks: list[Callable[[EventAccepted], None]] = []
        self.channel.add_callback(self._taken)

    def add_callback(self, callback: Callable[[EventAccepted], None]) -> None:
        """Call *callback* with every event accepted, in its cycle."""
        self._callbacks.append(callback)

    def _taken(self, transfer: Transfer) -> None:
        event = EventAccepted(cycle=transfer.taken, index=transfer.payload[0])
        for callback in self._callbacks:
            callback(event)
