# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The driver of a virtio-mmio device over anybody's bus master."""

from collections.abc import Callable, Mapping
from typing import Any

from cocotbext.virtio.driver.driver_api import DeviceRefused, DriverApi, message_of
from cocotbext.virtio.driver.register_access import Registers
from cocotbext.virtio.registers import FeatureBit

__all__ = ["DeviceRefused", "MmioDriver"]


class MmioDriver(DriverApi):
    """Brings a device up and works with it; see DriverApi for what it can do.

    ::

        driver = MmioDriver(AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), dut.aclk, dut.aresetn, False))
        queue = driver_queue(memory, 64, await driver.negotiate())
        await driver.bring_up([queue])
        queue.add(...)
        await driver.kick(0)

    Args:
        master: of the register bus; see RegisterAccess and Registers.
        base: byte address of the first register on that bus.
        msi: accept MSI if it is offered; False: use the interrupt line.
        msi_feature_bit: feature bit of MSI in this device.
        messages: vector -> (address, data), a function or a mapping; default: message_of() of this package.
        patience: reads of Status until a reset counts as failed.
    """

    def __init__(
        self,
        master: Any,
        base: int = 0,
        msi: bool = True,
        msi_feature_bit: int = FeatureBit.MMIO_MSI,
        messages: Callable[[int], tuple[int, int]] | Mapping[int, tuple[int, int]] | None = None,
        patience: int = 1000,
    ) -> None:
        super().__init__()
        self.registers = Registers(master, base)
        self.msi_wanted = msi
        self.msi_feature_bit = int(msi_feature_bit)
        self.patience = patience
        self._message_of = messages.__getitem__ if isinstance(messages, Mapping) else messages or message_of

    async def read(self, register: int) -> int:
        """Read a register."""
        return await self.registers.read(register)

    async def write(self, register: int, value: int) -> None:
        """Write a register."""
        await self.registers.write(register, value)

    async def write_together(self, *pairs: tuple[int, int]) -> None:
        """Write (register, value) in this order, in one piece where the master can do that."""
        await self.registers.write_together(*pairs)

    async def read_bytes(self, offset: int, size: int) -> int:
        """*size* bytes (1, 2 or 4) at *offset*, which is a multiple of *size*."""
        return await self.registers.read_bytes(offset, size)

    async def write_bytes(self, offset: int, value: int, size: int) -> None:
        """Write *size* bytes (1, 2 or 4) at *offset*, which is a multiple of *size*."""
        await self.registers.write_bytes(offset, value, size)

    def message_of(self, vector: int) -> tuple[int, int]:
        """(address, data) of the message of a vector."""
        return self._message_of(vector)
