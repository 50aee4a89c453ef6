# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The interrupt handler of stock Linux."""

from cocotbext.virtio.registers import Register
from cocotbext.virtio.uvm.sequences.register_sequence import RegisterSequence


class LineInterrupt(RegisterSequence):
    """Serves one interrupt by line: acknowledges before anything is handled, even when it was not ours.

    Attributes:
        status: what InterruptStatus read.
    """

    status = 0

    async def body(self) -> None:
        self.status = await self.read(Register.INTERRUPT_STATUS)
        await self.write(Register.INTERRUPT_ACK, self.status)
