# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Base of sequences that do what a driver does."""

from cocotbext.virtio.driver.driver_api import DriverApi
from cocotbext.virtio.registers import Register
from cocotbext.virtio.uvm.sequences.register_sequence import RegisterSequence


class MsiSequence(RegisterSequence, DriverApi):
    """The steps of a driver over the register agent. An MSI command is one burst, selectors included, so that
    concurrent sequences cannot spoil it."""

    def __init__(self, config, name: str | None = None) -> None:
        RegisterSequence.__init__(self, config, name)
        DriverApi.__init__(self)
        self.msi_feature_bit = config.msi_feature_bit

    async def vector_state(self, vector: int) -> int:
        """MsiVecState of a vector."""
        await self.write(Register.MSI_VEC_SEL, vector)
        return await self.read(Register.MSI_VEC_STATE)
