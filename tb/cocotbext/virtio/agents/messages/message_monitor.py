"""Passive monitor of the message bus."""

from collections import deque
from collections.abc import Callable

from cocotbext.virtio.agents.handshake import ChannelMonitor, Transfer
from cocotbext.virtio.transactions import MessageAnswered, MessagePresented, MessageStarted


class MessageMonitor:
    """Pairs the AW, W and B channels into messages.

    Args:
        channel: makes the monitor of a channel.

    Attributes:
        address, data, response: the three channel monitors.
        outstanding: messages taken and not yet answered.
    """

    def __init__(self, dut, prefix: str, clocking, channel=ChannelMonitor):
        self.address = channel(dut, f"{prefix}_aw", ("addr",), clocking)
        self.data = channel(dut, f"{prefix}_w", ("data", "strb"), clocking)
        self.response = channel(dut, f"{prefix}_b", ("resp",), clocking)
        self.outstanding = 0
        self._addresses: deque[Transfer] = deque()  # taken, its data not yet
        self._data: deque[Transfer] = deque()  # taken, its address not yet
        self._callbacks: list[Callable] = []
        self.address.on_presented(self._address_presented)
        self.address.add_callback(self._address_taken)
        self.data.add_callback(self._data_taken)
        self.response.add_callback(self._response_taken)
        clocking.on_reset(self._forget)

    def add_callback(self, callback: Callable) -> None:
        """Publish to *callback*: MessageStarted in the first cycle of AWVALID, MessagePresented in the
        cycle in which both AW and W have been taken, MessageAnswered at the response handshake."""
        self._callbacks.append(callback)

    def _publish(self, observation) -> None:
        for callback in self._callbacks:
            callback(observation)

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
