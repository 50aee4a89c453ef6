"""virtio-console with one port (virtio 1.2, 5.3)."""

from collections import deque
from collections.abc import Callable

from cocotbext.virtio.devices.virtio_device import VirtioDevice

RECEIVE, TRANSMIT = 0, 1  # queues, as the driver sees them


class VirtioConsole(VirtioDevice):
    """A terminal: what the driver sends is its output, :meth:`type` is its keyboard.

    Args:
        arguments: see VirtioDevice.

    Attributes:
        output: all bytes that the driver has sent.
    """

    DEVICE_ID = 3

    def __init__(self, interface, memory, **arguments):
        super().__init__(interface, memory, **arguments)
        self.output = bytearray()
        self._input = bytearray()
        self._posted: deque = deque()
        self._output_callbacks: list[Callable[[bytes], None]] = []

    def on_output(self, callback: Callable[[bytes], None]) -> None:
        """Call *callback* with what the driver sends."""
        self._output_callbacks.append(callback)

    def type(self, data: bytes) -> None:
        """Send *data* to the driver, as soon as it has a buffer for it."""
        self._input += data
        self._deliver()

    def serve(self, queue: int, chain) -> int | None:
        """Print a buffer of the transmit queue; keep one of the receive queue until there is input."""
        if queue == TRANSMIT:
            data = chain.read()
            self.output += data
            for callback in self._output_callbacks:
                callback(data)
            return 0
        if queue == RECEIVE:
            self._posted.append(chain)
            self._deliver()
            return None
        return 0

    def forget(self) -> None:
        """The buffers are gone, and so is what nobody has read."""
        self._posted.clear()
        self._input.clear()

    def _deliver(self) -> None:
        while self._input and self._posted:
            chain = self._posted.popleft()
            written = chain.write(0, bytes(self._input[: chain.writable_size]))
            del self._input[:written]
            self.give_back(RECEIVE, chain, written)
