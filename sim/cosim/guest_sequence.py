# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The guest's driver as a sequence."""

from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.devices.device_service import DeviceService
from cocotbext.virtio.uvm.items import RegisterItem
from cocotbext.virtio.uvm.sequences.register_sequence import RegisterSequence

from sim.cosim.link import Link, Request

SETTLE = 8  # cycles that an access may take to show at the ports, before the guest goes on
STEP = 16  # cycles between two looks at the link


class GuestSequence(RegisterSequence):
    """Carries the guest's register accesses to the register agent until QEMU ends.

    The clock runs while the guest has an access under way or the device is busy, and as long again as the endpoint
    may think at most; then simulated time stands still until the guest's next access.

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
        clock = self._interface.clock
        idle, patience = 0, self.config.num_queues + self.config.num_vectors + 64
        while not self._link.ended:
            request = self._link.request(wait=idle >= patience)
            if request:
                value = await self._access(request)
                await clock.cycles(SETTLE)
                self._link.answer(value)
                idle = 0
            elif not self._link.ended:
                await clock.cycles(STEP)
                idle = 0 if self._interface.busy or self._device.busy else idle + STEP

    async def _access(self, request: Request) -> int:
        """The access as the bus has it: a narrow one has its own byte lanes."""
        lane = request.offset % 4
        if not request.write:
            word = (await self.carry(RegisterItem.read(request.offset))).data
            return word >> 8 * lane & (1 << 8 * request.size) - 1
        data = (request.value & (1 << 8 * request.size) - 1) << 8 * lane
        strobe = (1 << request.size) - 1 << lane & 0xF
        await self.carry(RegisterItem.write(request.offset, data, strobe))
        return 0
