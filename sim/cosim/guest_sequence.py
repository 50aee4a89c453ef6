# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The guest's driver as a sequence."""

from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.devices.device_service import DeviceService
from cocotbext.virtio.uvm.items import RegisterItem
from cocotbext.virtio.uvm.sequences.register_sequence import RegisterSequence

from sim.cosim.guest_accesses import serve
from sim.cosim.link import Link


class GuestSequence(RegisterSequence):
    """Carries the guest's register accesses to the register agent until QEMU ends.

    Args:
        config: what the endpoint was built with.
        interface: the EndpointInterface.
        device: the device function, with ``busy``.
        link: to QEMU.
    """

    def __init__(self, config: EndpointConfig, interface: EndpointInterface, device: DeviceService, link: Link) -> None:
        super().__init__(config)
        self._interface = interface
        self._device = device
        self._link = link

    async def body(self) -> None:
        patience = self.config.num_queues + self.config.num_vectors + 64
        await serve(
            self._link,
            self._interface.clock,
            self._access,
            lambda: self._interface.busy or self._device.busy,
            patience,
        )

    async def _access(self, write: bool, address: int, data: int, strobe: int) -> int:
        item = RegisterItem.write(address, data, strobe) if write else RegisterItem.read(address)
        return (await self.carry(item)).data
