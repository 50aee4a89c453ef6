# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The plain bench with a device function behind the endpoint, and memory for its rings."""

from cocotbext.virtio.registers import MsiCommand, Register, StatusBit
from cocotbext.virtio.rings import DriverQueue, Memory, Placement, driver_queue

from tb.tests.support.bench import Bench

BASE = 0x4000_0000
QUEUE_SPACE = 1 << 16  # bytes of memory for each queue and its buffers


class DeviceBench(Bench):
    """A driver in Python, over the endpoint's registers and a memory.

    Attributes:
        memory: a Memory, for the device as well.
        queues: a driver_queue() for each queue, once :meth:`set_up` has run.
    """

    ENTRIES = 16

    def __init__(self, dut, **options):
        super().__init__(dut, **options)
        self.memory = Memory((BASE, QUEUE_SPACE * self.config.num_queues))
        self.queues: list[DriverQueue] = []

    async def set_up(self, msi: bool, without: int = 0, driver_ok: bool = True) -> None:
        """From reset to DRIVER_OK.

        Args:
            msi: interrupts by message rather than by line.
            without: feature bits not to accept.
            driver_ok: False to stop before it.
        """
        features = self.config.offered_features & ~without
        status = await self.negotiate(features)
        assert status & StatusBit.FEATURES_OK
        self.queues = []
        self.memory.clear()
        for index in range(self.config.num_queues):
            place = Placement(self.memory, BASE + QUEUE_SPACE * index, QUEUE_SPACE, alignment=16)
            queue = driver_queue(self.memory, self.ENTRIES, features, placement=place)
            self.queues.append(queue)
            await self.write(Register.QUEUE_SEL, index)
            await self.write(Register.QUEUE_NUM, self.ENTRIES)
            for register, address in (
                (Register.QUEUE_DESC_LOW, queue.layout.descriptor_area),
                (Register.QUEUE_DRIVER_LOW, queue.layout.driver_area),
                (Register.QUEUE_DEVICE_LOW, queue.layout.device_area),
            ):
                await self.write(register, address & 0xFFFFFFFF)
                await self.write(register + 4, address >> 32)
            await self.write(Register.QUEUE_READY, 1)
        if msi:
            for vector in range(self.config.num_vectors):
                await self.configure(vector, *self.message_of(vector))
            if self.config.msi_sharing:
                await self.command(MsiCommand.MAP_CONFIG, 0)
                for index in range(self.config.num_queues):
                    await self.write(Register.QUEUE_SEL, index)
                    await self.command(MsiCommand.MAP_QUEUE, 1)
            await self.command(MsiCommand.ENABLE)
        if driver_ok:
            await self.driver_ok()

    async def kick(self, queue: int = 0) -> None:
        """Tell the device of new buffers, and wait until it has done with them."""
        await self.write(Register.QUEUE_NOTIFY, queue)
        await self.cycles(400)

    async def interrupts(self, msi: bool) -> int:
        """How many messages came since the last call, or whether the line is high; it is acknowledged then."""
        if msi:
            count = len(self.messages)
            self.messages.clear()
            return count
        status = await self.read(Register.INTERRUPT_STATUS)
        await self.write(Register.INTERRUPT_ACK, status)
        return int(status != 0)
