# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What every Linux virtio_mmio driver does (stock and 2020)."""

from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.registers import FeatureBit, Register, StatusBit
from cocotbext.virtio.uvm.sequences.register_sequence import WORD, RegisterSequence


class LinuxDriver(RegisterSequence):
    """Probe, feature negotiation and queue set-up, access by access as Linux does them.

    Subclasses have ``find_vqs`` and ``wanted``, the feature bits that the driver accepts.

    Args:
        config: what the endpoint was built with.
        callbacks: for each queue in order, whether its driver wants to hear of used buffers; default: all do.

    Attributes:
        features: accepted bits; known after FEATURES_OK.
    """

    # Bits that the common filter of transport features keeps (28, 29, 32..36, 38); the low ones are the device's.
    wanted = 0xFF_FFFF | 1 << 28 | 1 << 29 | 0b1_1111 << 32 | 1 << 38

    def __init__(self, config: EndpointConfig, callbacks: list[bool] | None = None) -> None:
        super().__init__(config)
        self.callbacks = [True] * config.num_queues if callbacks is None else callbacks
        self.features = 0

    async def body(self) -> None:
        await self.probe()
        await self.negotiate()
        await self.device_config()
        await self.find_vqs()
        await self.read(Register.STATUS)
        await self.add_status(StatusBit.DRIVER_OK)

    async def probe(self) -> None:
        """Platform probe and registration: reset without reading back, ACKNOWLEDGE, DRIVER."""
        for register in (Register.MAGIC_VALUE, Register.VERSION, Register.DEVICE_ID, Register.VENDOR_ID):
            await self.read(register)
        await self.write(Register.STATUS, 0)
        await self.add_status(StatusBit.ACKNOWLEDGE)
        await self.add_status(StatusBit.DRIVER)

    async def negotiate(self) -> None:
        """High word first, in both directions."""
        offered = 0
        for word in (1, 0):
            await self.write(Register.DEVICE_FEATURES_SEL, word)
            offered |= await self.read(Register.DEVICE_FEATURES) << 32 * word
        assert offered >> FeatureBit.VERSION_1 & 1, "a version 2 device must offer VERSION_1"
        self.features = offered & self.wanted
        for word in (1, 0):
            await self.write(Register.DRIVER_FEATURES_SEL, word)
            await self.write(Register.DRIVER_FEATURES, self.features >> 32 * word & WORD)
        await self.add_status(StatusBit.FEATURES_OK)
        assert await self.read(Register.STATUS) & StatusBit.FEATURES_OK, f"features {self.features:#x} refused"

    async def device_config(self) -> int:
        """Read a 64-bit field as two words, low one first, between two looks at ConfigGeneration."""
        while True:
            generation = await self.read(Register.CONFIG_GENERATION)
            value = await self.read_config(0, 4) | await self.read_config(4, 4) << 32
            if await self.read(Register.CONFIG_GENERATION) == generation:
                return value

    async def set_up_queue(self, queue: int) -> None:
        """vm_setup_vq.

        Raises:
            LookupError: the queue does not exist or is in use (-ENOENT).
        """
        await self.write(Register.QUEUE_SEL, queue)
        if await self.read(Register.QUEUE_READY):
            raise LookupError(f"queue {queue} is in use")
        number = await self.read(Register.QUEUE_NUM_MAX)
        if not number:
            await self.write(Register.QUEUE_READY, 0)
            await self.read(Register.QUEUE_READY)
            raise LookupError(f"there is no queue {queue}")
        await self.write(Register.QUEUE_NUM, number)
        for low, high, area in (
            (Register.QUEUE_DESC_LOW, Register.QUEUE_DESC_HIGH, 0),
            (Register.QUEUE_DRIVER_LOW, Register.QUEUE_DRIVER_HIGH, 0x8_0000),
            (Register.QUEUE_DEVICE_LOW, Register.QUEUE_DEVICE_HIGH, 0xC_0000),
        ):
            address = 0x1_4000_0000 + (queue << 20) + area
            await self.write(low, address & WORD)
            await self.write(high, address >> 32)
        await self.write(Register.QUEUE_READY, 1)

    async def delete_queue(self, queue: int) -> None:
        """vm_del_vq, as far as both generations share it."""
        await self.write(Register.QUEUE_SEL, queue)
        await self.write(Register.QUEUE_READY, 0)
        assert not await self.read(Register.QUEUE_READY), f"queue {queue} does not stop"

    async def kick(self, queue: int, position: int = 0) -> None:
        """Notify the device; *position* goes along if NOTIFICATION_DATA was accepted."""
        await self.write(Register.QUEUE_NOTIFY, self.notification(queue, position))

    def notification(self, queue: int, position: int) -> int:
        """The value that notifies."""
        return queue | position << 16 if self.features >> FeatureBit.NOTIFICATION_DATA & 1 else queue
