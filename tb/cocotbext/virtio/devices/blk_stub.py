# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A virtio-blk device, as far as its driver's register accesses show it."""

from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.config import used_event
from cocotbext.virtio.registers import Register
from cocotbext.virtio.transactions import DeviceReset, HardReset, KickTaken, RegisterWrite, Transaction


class BlkStub:
    """Serves one queue: at a kick it completes every available buffer and raises one used-buffer event.

    There is no memory to hold a ring in: the number of notifications that the driver has written and the
    device has not served yet stands for the buffers in it. So the kick that DRIVER_OK causes finds
    an empty ring, and completes nothing.

    Args:
        interface: the EndpointInterface.
        sectors: capacity, in units of 512 bytes.

    Attributes:
        completed: used-buffer events raised.
    """

    QUEUE = 0

    def __init__(self, interface: EndpointInterface, sectors: int = 2048) -> None:
        self._interface = interface
        self._available = 0
        self.completed = 0
        interface.device_config.data[0:8] = sectors.to_bytes(8, "little")
        interface.write_monitor.on_accepted(self._written)
        interface.kick_monitor.add_callback(self._kicked)
        interface.state_monitor.add_callback(self._state)

    @property
    def busy(self) -> bool:
        """Whether a buffer is waiting for its kick, or an event for its acceptance."""
        return bool(self._available) or not self._interface.event_source.idle

    def _written(self, write: RegisterWrite) -> None:
        if write.address == Register.QUEUE_NOTIFY:
            self._available += 1

    def _kicked(self, kick: KickTaken) -> None:
        if kick.queue == self.QUEUE and self._available:
            self._available = 0
            self.completed += 1
            self._interface.event_source.submit(used_event(self.QUEUE))

    def _state(self, transaction: Transaction) -> None:
        if isinstance(transaction, (DeviceReset, HardReset)):
            self._available = 0
