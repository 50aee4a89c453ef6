# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A driver written from the virtio text and the MSI proposal."""

from collections.abc import Iterable

from cocotbext.virtio.config import EVENT_CONFIG, NO_VECTOR, EndpointConfig, used_event
from cocotbext.virtio.driver.driver_api import message_of
from cocotbext.virtio.registers import FeatureBit, Register
from cocotbext.virtio.rings import DriverQueue, QueueLayout
from cocotbext.virtio.uvm.sequences.register_sequence import MsiSequence

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
    """

    def __init__(
        self,
        config: EndpointConfig,
        msi: bool = True,
        messages: dict[int, tuple[int, int]] | None = None,
        mapping: dict[int, int] | None = None,
        queues: Iterable[int] | None = None,
        queue_size: int | None = None,
    ) -> None:
        super().__init__(config)
        self.msi_wanted = bool(msi and config.msi_support)
        self.queues = list(range(config.num_queues)) if queues is None else list(queues)
        events = (EVENT_CONFIG, *map(used_event, self.queues))
        self.mapping = {event: event % config.num_vectors for event in events} if mapping is None else mapping
        vectors = sorted({*range(min(config.num_vectors, SPARE_VECTORS)), *self.mapping.values()} - {NO_VECTOR})
        self.messages = {vector: message_of(vector) for vector in vectors} if messages is None else messages
        self.queue_size = queue_size or config.queue_num_max

    async def body(self) -> None:
        await self.prepare()
        await self.driver_ok()

    async def prepare(self) -> None:
        """Everything before DRIVER_OK.

        Raises:
            AssertionError: the device refused, or offers something else than it was built with.
        """
        await self.negotiate()
        assert self.offered == self.config.offered_features, f"offered features {self.offered:#x}"
        if self.msi:
            await self.set_up_vectors()
            await self.enable_msi()
        for queue in self.queues:
            await self.set_up_queue(queue)

    def message_of(self, vector: int) -> tuple[int, int]:
        """(address, data) of the message of a vector."""
        return self.messages[vector]

    async def set_up_vectors(self) -> None:
        """Give every vector its message; in sharing mode map the events."""
        for vector in self.messages:
            await self.configure(vector)
        if self.config.msi_sharing:
            for event, vector in self.mapping.items():
                await self.map(event, vector)

    async def set_up_queue(self, number: int, queue: DriverQueue | QueueLayout | None = None) -> None:
        """Announce a queue and make it ready; default: rings at made-up addresses."""
        area = 0x12_0000_0000 + (number << 20)
        made_up = QueueLayout(self.queue_size, area, area + 0x80000, area + 0xC0000)
        await super().set_up_queue(number, queue or made_up)

    async def stop_queue(self, number: int) -> None:
        """Take a queue out of use, and do not look again: another sequence may have selected another one."""
        await self.write_together((Register.QUEUE_SEL, number), (Register.QUEUE_READY, 0))

    async def kick(self, number: int, position: int | None = 0) -> None:
        """Notify the device of available buffers; *position* goes along if NOTIFICATION_DATA was accepted."""
        data = self.accepted(FeatureBit.NOTIFICATION_DATA)
        await super().kick(number, number | (position or 0) << 16 if data else number)
