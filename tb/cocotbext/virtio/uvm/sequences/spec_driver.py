"""A driver written from the virtio text and the MSI proposal."""

from cocotbext.virtio.config import EVENT_CONFIG, NO_VECTOR, used_event
from cocotbext.virtio.registers import FeatureBit, Register, StatusBit
from cocotbext.virtio.uvm.sequences.messages import message_of
from cocotbext.virtio.uvm.sequences.msi_sequence import MsiSequence
from cocotbext.virtio.uvm.sequences.register_sequence import WORD

SPARE_VECTORS = 80


class SpecDriver(MsiSequence):
    """Brings the endpoint up as the text says, MSI in the order of the proposal: configure all vectors and
    map the events, enable, then the queues, then DRIVER_OK.

    Args:
        config: what the endpoint was built with.
        msi: accept MSI if it is offered; False leaves the interrupt line in use.
        messages: vector -> (address, data); default: one of its own for every vector that is mapped to and for the
            first SPARE_VECTORS.
        mapping: in sharing mode, event index -> vector; an event that is not in it stays unmapped. Default:
            event e of the queues on vector e modulo the number of vectors.
        queues: to make ready; default: all.
        queue_size: entries; default: the most the endpoint allows.

    Attributes:
        features: accepted bits; known after FEATURES_OK.
    """

    def __init__(self, config, msi: bool = True, messages=None, mapping=None, queues=None, queue_size=None):
        super().__init__(config)
        self.msi = bool(msi and config.msi_support)
        self.queues = list(range(config.num_queues)) if queues is None else list(queues)
        events = (EVENT_CONFIG, *map(used_event, self.queues))
        self.mapping = {event: event % config.num_vectors for event in events} if mapping is None else mapping
        vectors = sorted({*range(min(config.num_vectors, SPARE_VECTORS)), *self.mapping.values()} - {NO_VECTOR})
        self.messages = {vector: message_of(vector) for vector in vectors} if messages is None else messages
        self.queue_size = queue_size or config.queue_num_max
        self.features = 0

    async def body(self):
        await self.prepare()
        await self.add_status(StatusBit.DRIVER_OK)

    async def prepare(self) -> None:
        """Everything before DRIVER_OK."""
        await self.reset()
        await self.write(Register.STATUS, StatusBit.ACKNOWLEDGE)
        await self.add_status(StatusBit.DRIVER)
        await self.negotiate()
        if self.msi:
            await self.set_up_vectors()
            await self.enable_msi()
        for queue in self.queues:
            await self.set_up_queue(queue)

    async def reset(self) -> None:
        """Write Status = 0 and wait until it reads 0."""
        await self.write(Register.STATUS, 0)
        while await self.read(Register.STATUS):
            pass

    async def negotiate(self) -> None:
        """Accept every feature offered, but MSI only if wanted.

        Raises:
            AssertionError: the device refused.
        """
        offered = 0
        for word in (0, 1):
            await self.write(Register.DEVICE_FEATURES_SEL, word)
            offered |= await self.read(Register.DEVICE_FEATURES) << 32 * word
        assert offered == self.config.offered_features, f"offered features {offered:#x}"
        self.features = offered if self.msi else offered & ~(1 << self.config.msi_feature_bit)
        for word in (0, 1):
            await self.write(Register.DRIVER_FEATURES_SEL, word)
            await self.write(Register.DRIVER_FEATURES, self.features >> 32 * word & WORD)
        await self.add_status(StatusBit.FEATURES_OK)
        status = await self.read(Register.STATUS)
        assert status & StatusBit.FEATURES_OK, f"features {self.features:#x} refused: Status {status:#x}"

    async def set_up_vectors(self) -> None:
        """Give every vector its message; in sharing mode map the events."""
        for vector, (address, data) in self.messages.items():
            await self.configure(vector, address, data)
        if self.config.msi_sharing:
            for event, vector in self.mapping.items():
                if event:
                    await self.map_queue(event - 1, vector)
                else:
                    await self.map_config(vector)

    async def set_up_queue(self, queue: int) -> None:
        """Configure a queue, with rings at made-up addresses, and make it ready."""
        await self.write(Register.QUEUE_SEL, queue)
        assert not await self.read(Register.QUEUE_READY), f"queue {queue} is ready before its time"
        assert await self.read(Register.QUEUE_NUM_MAX) >= self.queue_size, f"queue {queue} is too small"
        # Again with the selector: another sequence may have used it since.
        area = 0x12_0000_0000 + (queue << 20)
        await self.write_together(
            (Register.QUEUE_SEL, queue),
            (Register.QUEUE_NUM, self.queue_size),
            (Register.QUEUE_DESC_LOW, area & WORD),
            (Register.QUEUE_DESC_HIGH, area >> 32),
            (Register.QUEUE_DRIVER_LOW, area + 0x80000 & WORD),
            (Register.QUEUE_DRIVER_HIGH, area >> 32),
            (Register.QUEUE_DEVICE_LOW, area + 0xC0000 & WORD),
            (Register.QUEUE_DEVICE_HIGH, area >> 32),
            (Register.QUEUE_READY, 1),
        )

    async def stop_queue(self, queue: int) -> None:
        """Take a queue out of use."""
        await self.write_together((Register.QUEUE_SEL, queue), (Register.QUEUE_READY, 0))

    async def kick(self, queue: int, position: int = 0) -> None:
        """Notify the device of available buffers; *position* goes along if NOTIFICATION_DATA was accepted."""
        value = queue | position << 16 if self.features >> FeatureBit.NOTIFICATION_DATA & 1 else queue
        if self.features >> FeatureBit.MMIO_NOTIFICATION & 1:
            await self.ring_doorbell(queue, value)
        else:
            await self.write(Register.QUEUE_NOTIFY, value)
