# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Stock upstream Linux virtio_mmio."""

from cocotbext.virtio.registers import Register
from cocotbext.virtio.uvm.sequences.linux_driver import LinuxDriver


class LinuxStock(LinuxDriver):
    """The driver of today's kernels: the interrupt line only. It never touches 0xc0..0xdf.

    Interrupts are served by :class:`cocotbext.virtio.uvm.sequences.line_isr_loop.LineInterrupt`.
    """

    async def find_vqs(self) -> None:
        """Set up all queues."""
        for queue in range(len(self.callbacks)):
            await self.set_up_queue(queue)

    async def look_for_shared_memory(self, region: int) -> bool:
        """vm_get_shm_region; True if the device has it."""
        await self.write(Register.SHM_SEL, region)
        low, high = await self.read(Register.SHM_LEN_LOW), await self.read(Register.SHM_LEN_HIGH)
        if low & high == 0xFFFFFFFF:
            return False
        await self.read(Register.SHM_BASE_LOW)
        await self.read(Register.SHM_BASE_HIGH)
        return True

    async def tear_down(self) -> None:
        """Reset by the device driver, then the queues."""
        await self.write(Register.STATUS, 0)
        for queue in range(len(self.callbacks)):
            await self.delete_queue(queue)
