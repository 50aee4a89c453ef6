# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The Linux driver of the 2020 MSI series, its bugs included."""

from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.driver.driver_api import message_of
from cocotbext.virtio.registers import FeatureBit, MsiCommand, MsiStateBit, Register
from cocotbext.virtio.uvm.sequences.linux_driver import LinuxDriver
from cocotbext.virtio.uvm.sequences.register_sequence import WORD


class Linux2020(LinuxDriver):
    """Sharing and non-sharing set-up, run time, teardown and fallback, access by access.

    Its bugs are part of it: MASK and UNMASK always select vector 0, "disable" sends ENABLE, and without
    sharing vectors are handed out to queues with a callback only.

    Args:
        config, callbacks: see LinuxDriver.
        lines_fail: requesting the interrupt of a vector fails after that many, so that it falls back to the
            line; None: never.

    Attributes:
        mode: "line", "per queue" or "shared"; known after find_vqs.
        vectors: queue -> the vector that it uses.
        messages: vector -> (address, data) that it has now.
        doorbells: (base, multiplier) of the doorbells, None without.
    """

    def __init__(
        self, config: EndpointConfig, callbacks: list[bool] | None = None, lines_fail: int | None = None
    ) -> None:
        super().__init__(config, callbacks)
        self.wanted = LinuxDriver.wanted | 1 << FeatureBit.MMIO_NOTIFICATION | 1 << config.msi_feature_bit
        self.lines_fail = lines_fail
        self.mode = "line"
        self.vectors: dict[int, int] = {}
        self.messages: dict[int, tuple[int, int]] = {}
        self.doorbells: tuple[int, int] | None = None

    async def find_vqs(self) -> None:
        """Doorbells, MSI or the line, and all queues."""
        if self.features >> FeatureBit.MMIO_NOTIFICATION & 1:
            where = await self.read(Register.QUEUE_NOTIFY)
            self.doorbells = where & 0xFFFF, where >> 16
        if self.features >> self.config.msi_feature_bit & 1 and await self._find_vqs_msi():
            return
        self.mode = "line"
        for queue in range(len(self.callbacks)):
            await self.set_up_queue(queue)

    async def _find_vqs_msi(self) -> bool:
        """vm_find_vqs_msi; False: use the line."""
        sharing = await self.read(Register.MSI_STATE) & MsiStateBit.SHARING_ALT
        number = await self.read(Register.MSI_VEC_NUM)
        if not sharing and number < len(self.callbacks) + 1:
            return False
        self.mode = "shared" if sharing else "per queue"
        self.messages = {vector: message_of(vector) for vector in range(2 if sharing else 1 + sum(self.callbacks))}
        for vector in self.messages:  # early activation, at allocation
            await self.write_message(vector)
        if not await self.read(Register.MSI_STATE) & MsiStateBit.ENABLED_ALT:
            await self.write(Register.MSI_CMD, MsiCommand.ENABLE)
        granted = len(self.messages) if self.lines_fail is None else self.lines_fail
        if not granted:
            await self._give_up_msi()
            return False
        await self.request_irq(0)
        if sharing:
            await self.write(Register.MSI_VEC_SEL, 0)
            await self.write(Register.MSI_CMD, MsiCommand.MAP_CONFIG)
            if granted < 2:
                await self._give_up_msi()
                return False
            await self.request_irq(1)
        vector = 0
        for queue, callback in enumerate(self.callbacks):
            await self.set_up_queue(queue)
            if not callback:
                continue
            vector = 1 if sharing else vector + 1
            if sharing:
                await self.write(Register.MSI_VEC_SEL, 1)
                await self.write(Register.MSI_CMD, MsiCommand.MAP_QUEUE)
            elif vector < granted:
                await self.request_irq(vector)
            else:
                await self._give_up_msi()
                return False
            self.vectors[queue] = vector
        return True

    async def _give_up_msi(self) -> None:
        """The steps of teardown without the reset, ending in another ENABLE."""
        await self._undo_msi()
        self.mode = "line"
        self.vectors.clear()

    async def write_message(self, vector: int, message: tuple[int, int] | None = None) -> None:
        """mmio_write_msi_msg: CONFIGURE, with the right index."""
        if message is not None:
            self.messages[vector] = message
        address, data = self.messages[vector]
        await self.write(Register.MSI_VEC_SEL, vector)
        await self.write(Register.MSI_ADDR_LOW, address & WORD)
        await self.write(Register.MSI_ADDR_HIGH, address >> 32)
        await self.write(Register.MSI_DATA, data)
        await self.write(Register.MSI_CMD, MsiCommand.CONFIGURE)

    async def request_irq(self, vector: int) -> None:
        """Start-up: UNMASK, then the affinity is set."""
        await self.unmask(vector)
        await self.write_message(vector)

    async def free_irq(self, vector: int) -> None:
        """Shutdown: MASK, then deactivation writes zeros."""
        await self.mask(vector)
        await self.write_message(vector, (0, 0))

    async def mask(self, vector: int) -> None:
        """mmio_msi_mask_irq: whatever *vector* is, vector 0 is selected."""
        await self.write(Register.MSI_VEC_SEL, 0)
        await self.write(Register.MSI_CMD, MsiCommand.MASK)

    async def unmask(self, vector: int) -> None:
        """mmio_msi_unmask_irq: whatever *vector* is, vector 0 is selected."""
        await self.write(Register.MSI_VEC_SEL, 0)
        await self.write(Register.MSI_CMD, MsiCommand.UNMASK)

    async def set_affinity(self, vector: int, message: tuple[int, int], acking: bool = False) -> None:
        """Another CPU takes the vector: CONFIGURE while unmasked, between MASK and UNMASK in the x86 ack path."""
        if acking:
            await self.mask(vector)
        await self.write_message(vector, message)
        if acking:
            await self.unmask(vector)

    async def kick(self, queue: int, position: int = 0) -> None:
        """The doorbell of the queue, with bit 39; it writes the index whatever else was accepted."""
        if self.doorbells is None:
            await super().kick(queue, position)
        else:
            base, multiplier = self.doorbells
            assert base + queue * multiplier == self.config.doorbell(queue), f"doorbells at {self.doorbells}"
            await self.ring_doorbell(queue, self.notification(queue, position))

    async def tear_down(self) -> None:
        """Remove: reset by the device driver first, so that nothing is negotiated any more."""
        await self.write(Register.STATUS, 0)
        if self.mode == "line":
            for queue in range(len(self.callbacks)):
                await self.delete_queue(queue)
        else:
            await self._undo_msi()

    async def _undo_msi(self) -> None:
        for queue in range(len(self.callbacks)):
            if self.mode == "per queue" and queue in self.vectors:
                await self.free_irq(self.vectors[queue])
            await self.delete_queue(queue)
        await self.read(Register.MSI_STATE)
        await self.write(Register.MSI_CMD, MsiCommand.ENABLE)  # meant to be DISABLE
        for vector in (0, 1) if self.mode == "shared" else (0,):
            await self.free_irq(vector)
