# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Base of all sequences that access registers."""

from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.driver.driver_api import DriverApi
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, Register, StatusBit
from cocotbext.virtio.uvm.items import RegisterItem
from pyuvm import uvm_sequence

WORD = 0xFFFFFFFF


class RegisterSequence(uvm_sequence):
    """Register accesses by name, over the sequencer of the register agent.

    :meth:`start` runs :meth:`body`; afterwards every other method may be called, too, so that a driver is
    brought up by starting it and then goes on working.

    Args:
        config: what the endpoint was built with.
        name: of the sequence; None for that of its class.

    Attributes:
        accesses: register accesses made so far.
    """

    def __init__(self, config: EndpointConfig, name: str | None = None) -> None:
        super().__init__(name or type(self).__name__)
        self.config = config
        self.accesses = 0

    async def carry(self, item: RegisterItem) -> RegisterItem:
        """Give an item to the register agent; returns it when it is done."""
        self.accesses += len(item.accesses)
        await self.start_item(item)
        await self.finish_item(item)
        return item

    async def write(self, register: int, value: int) -> None:
        """Write a register and wait for the response."""
        await self.carry(RegisterItem.write(register, value & WORD))

    async def read(self, register: int) -> int:
        """Read a register."""
        return (await self.carry(RegisterItem.read(register))).data

    async def write_together(self, *writes: tuple[int, int]) -> None:
        """Write registers in order and back to back; no other sequence's access comes in between."""
        await self.carry(RegisterItem.burst([Access(True, register, value & WORD) for register, value in writes]))

    async def write_config(self, offset: int, value: int, size: int) -> None:
        """Write *size* bytes (1, 2 or 4) at byte *offset* of the device configuration."""
        lane = offset % 4
        await self.carry(
            RegisterItem.write(CONFIG_WINDOW_OFFSET + offset, value << 8 * lane, ((1 << size) - 1) << lane)
        )

    async def read_config(self, offset: int, size: int) -> int:
        """Read *size* bytes (1, 2 or 4) at byte *offset* of the device configuration."""
        word = (await self.carry(RegisterItem.read(CONFIG_WINDOW_OFFSET + offset))).data
        return word >> 8 * (offset % 4) & (1 << 8 * size) - 1

    async def ring_doorbell(self, queue: int, value: int) -> None:
        """Write to the doorbell of a queue."""
        await self.carry(RegisterItem.write(self.config.doorbell(queue), value & WORD))

    async def add_status(self, bits: StatusBit) -> int:
        """Set bits on top of what Status reads; returns what was written."""
        status = await self.read(Register.STATUS) | bits
        await self.write(Register.STATUS, status)
        return status


class MsiSequence(RegisterSequence, DriverApi):
    """The steps of a driver over the register agent. An MSI command is one burst, selectors included, so that
    concurrent sequences cannot spoil it.

    Args:
        config: what the endpoint was built with.
        name: of the sequence; None for that of its class.
    """

    def __init__(self, config: EndpointConfig, name: str | None = None) -> None:
        RegisterSequence.__init__(self, config, name)
        DriverApi.__init__(self)
        self.msi_feature_bit = config.msi_feature_bit

    async def vector_state(self, vector: int) -> int:
        """MsiVecState of a vector."""
        await self.write(Register.MSI_VEC_SEL, vector)
        return await self.read(Register.MSI_VEC_STATE)
