# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a device does with buffers and configuration, apart from rings and ports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from cocotbext.virtio.rings.chain import DescriptorChain


class Server(Protocol):
    """What a device function needs of whoever serves its queues: a QueueServer is one."""

    features: int

    def give_back(self, queue: int, *done: tuple[DescriptorChain, int]) -> None:
        """Return buffers that the function kept, as (chain, bytes written)."""


class DeviceFunction:
    """Base of device functions. A subclass says what becomes of a buffer; a QueueServer brings and returns buffers.

    Args:
        configuration: first content of the device configuration.

    Attributes:
        configuration: bytes of the device configuration, as the driver reads them from offset 0 on.
        requests: buffers given back to the driver.
        error: what the driver did wrong, in words; None while it behaves.
        server: the QueueServer, once there is one.
    """

    DEVICE_ID: int  # of the subclass, as the register reads
    LEAST_CONFIGURATION = 0  # bytes without which no driver can use the device

    def __init__(self, configuration: bytes = b"") -> None:
        self.configuration = bytearray(configuration)
        self.requests = 0
        self.error: str | None = None
        self.server: Server | None = None
        self._configuration_callbacks: list[Callable[[int, bytes], None]] = []

    @property
    def features(self) -> int:
        """Feature bits that the driver has accepted."""
        return self.server.features if self.server is not None else 0

    def serve(self, queue: int, chain: DescriptorChain) -> int | None:
        """Do what a buffer asks for.

        Returns:
            The bytes written into it, or None to keep it; :meth:`give_back` returns it later.

        Raises:
            MemoryFault: the buffer is not in memory, and the function has no way to say so to the driver.
        """
        raise NotImplementedError

    def forget(self) -> None:
        """Called at every reset of the device: drop the buffers kept."""

    def forget_queue(self, queue: int) -> None:
        """Called when a queue is not ready any more: drop the buffers kept of it."""

    def driver_wrote(self, offset: int, data: bytes) -> None:
        """Called when the driver has written *data* to the configuration at byte *offset*, at any time."""

    def give_back(self, queue: int, *done: tuple[DescriptorChain, int]) -> None:
        """Return buffers that :meth:`serve` kept, as (chain, bytes written), all at once, and tell the driver."""
        assert self.server is not None, "no QueueServer serves this function"
        self.server.give_back(queue, *done)

    def on_configuration(self, callback: Callable[[int, bytes], None]) -> None:
        """Call *callback* with (offset, data) when the device changes its configuration."""
        self._configuration_callbacks.append(callback)

    def change_configuration(self, offset: int, data: bytes) -> None:
        """Change the configuration at byte *offset* and tell the driver (MMIO-57)."""
        self.configuration[offset : offset + len(data)] = data
        for callback in self._configuration_callbacks:
            callback(offset, data)
