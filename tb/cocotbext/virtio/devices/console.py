# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""virtio-console with one port (virtio 1.2, 5.3)."""

from collections import deque
from collections.abc import Callable

from cocotbext.virtio.devices.function import DeviceFunction
from cocotbext.virtio.rings.chain import DescriptorChain

RECEIVE, TRANSMIT = 0, 1  # queues, as the driver sees them


class ConsoleDevice(DeviceFunction):
    """A terminal: what the driver sends is its output, :meth:`type` is its keyboard.

    Args:
        columns, rows: size of the terminal, for drivers that accept SIZE (0).

    Attributes:
        output: all bytes that the driver has sent.
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
