# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""virtio-console with one port (virtio 1.2, 5.3)."""

from collections import deque
from collections.abc import Callable

from cocotbext.virtio.devices.function import DeviceFunction
from cocotbext.virtio.rings.chain import DescriptorChain

RECEIVE, TRANSMIT = 0, 1  # queues, as the driver sees them
EMERG_WR = 8  # offset of emerg_wr in the configuration, for drivers that know of EMERG_WRITE (2)


class ConsoleDevice(DeviceFunction):
    """A terminal: what the driver sends is its output, :meth:`type` is its keyboard.

    Args:
        columns, rows: size of the terminal, for drivers that accept SIZE (0).

    Attributes:
        output: all bytes that the driver has sent, over its queue or by emerg_wr.
    """

    DEVICE_ID = 3

    def __init__(self, columns: int = 80, rows: int = 25) -> None:
        super().__init__(_size(columns, rows))
        self.output = bytearray()
        self._input = bytearray()
        self._posted: deque[DescriptorChain] = deque()
        self._output_callbacks: list[Callable[[bytes], None]] = []

    def on_output(self, callback: Callable[[bytes], None]) -> None:
        """Call *callback* with what the driver sends."""
        self._output_callbacks.append(callback)

    def type(self, data: bytes) -> None:
        """Send *data* to the driver, as soon as it has a buffer for it."""
        self._input += data
        self._deliver()

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal and tell the driver (DEV-24)."""
        self.change_configuration(0, _size(columns, rows))

    def serve(self, queue: int, chain: DescriptorChain) -> int | None:
        """Print a buffer of the transmit queue; keep one of the receive queue until there is input."""
        if queue == TRANSMIT:
            self._print(chain.read())
            return 0
        if queue == RECEIVE:
            self._posted.append(chain)
            self._deliver()
            return None
        return 0

    def driver_wrote(self, offset: int, data: bytes) -> None:
        """Print the low byte of emerg_wr, whatever the state of the device (DEV-23)."""
        if offset <= EMERG_WR < offset + len(data):
            self._print(data[EMERG_WR - offset :][:1])

    def _print(self, data: bytes) -> None:
        self.output += data
        for callback in self._output_callbacks:
            callback(data)

    def forget(self) -> None:
        """The buffers are gone, and so is what nobody has read."""
        self._posted.clear()
        self._input.clear()

    def forget_queue(self, queue: int) -> None:
        """The buffers of that queue are gone; what was typed waits for new ones."""
        if queue == RECEIVE:
            self._posted.clear()

    def _deliver(self) -> None:
        while self._input and self._posted:
            chain = self._posted.popleft()
            written = chain.write(0, bytes(self._input[: chain.writable_size]))
            del self._input[:written]
            self.give_back(RECEIVE, (chain, written))


def _size(columns: int, rows: int) -> bytes:
    return columns.to_bytes(2, "little") + rows.to_bytes(2, "little")
