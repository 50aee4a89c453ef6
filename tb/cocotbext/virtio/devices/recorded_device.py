# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A device that does what the #! lines of a recording say."""

from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.registers import InterruptBit, MsiCommand, Register
from cocotbext.virtio.trace.rows import AccessRow, DeviceRow

EFFECT = 8  # cycles after which an accepted event shows


class RecordedDevice:
    """Raises recorded events between the driver's accesses.

    A recording tells the order of events and accesses, but not on which side of a write an event took effect
    that was accepted while the write was under way, nor when a message went, and so what DISABLE found
    unsent. Therefore, while the line is in use, events wait until the driver looks at InterruptStatus and
    are raised as far as it saw them there; what it saw without a recorded event is raised, too.

    Args:
        interface: the EndpointInterface.
    """

    def __init__(self, interface: EndpointInterface) -> None:
        self._interface = interface
        self._due: list[int] = []
        self._by_message = False

    async def perform(self, row: DeviceRow) -> None:
        """Do what a #! line says; events wait for the next access."""
        interface = self._interface
        if row.kind == "event":
            self._due.append(int(row.words[1], 0))
            return
        await self._catch_up()
        if row.kind == "generation":
            interface.device_config.generation = int(row.words[1], 0)
        elif row.kind == "config":
            offset, data = int(row.words[1], 0), bytes.fromhex(row.words[2])
            interface.device_config.data[offset : offset + len(data)] = data
        elif row.kind == "needs_reset":
            interface.device_state.needs_reset = True
            await interface.clock.cycles(1)
            interface.device_state.needs_reset = False
        elif row.kind == "reset":
            await interface.clock.reset()
            self._by_message = False
        await interface.clock.cycles(EFFECT)

    async def before(self, row: AccessRow) -> None:
        """What is due before an access of the driver."""
        if not row.write and row.offset == Register.INTERRUPT_STATUS and not self._by_message:
            await self._show(InterruptBit(row.value & 3))
        else:
            await self._catch_up()
        if row.write and row.offset == Register.MSI_CMD and row.value in (MsiCommand.ENABLE, MsiCommand.DISABLE):
            self._by_message = row.value == MsiCommand.ENABLE
        elif row.write and row.offset == Register.STATUS and not row.value & 0xFF:
            self._by_message = False

    async def finish(self) -> None:
        """Raise what is left."""
        await self._raise(self._due)

    async def _catch_up(self) -> None:
        if self._by_message:
            due, self._due = self._due, []
            await self._raise(due)

    async def _show(self, expected: InterruptBit) -> None:
        """Make InterruptStatus show what the driver saw, as far as the device has a say in it. What it did not
        see went nowhere: to a queue that was not ready."""
        shown = [event for event in self._due if _bit(event) & expected]
        self._due = []
        await self._raise(shown)
        missing = expected
        for event in shown:
            if await self._arrives(event):
                missing &= ~_bit(event)
        if missing & InterruptBit.CONFIG_CHANGE:
            await self._raise([EVENT_CONFIG])
        if missing & InterruptBit.USED_BUFFER:
            await self._raise([used_event(await self._ready_queue())])

    async def _arrives(self, event: int) -> bool:
        return event == EVENT_CONFIG or bool((await self._interface.queue_table.row(event - used_event(0))).ready)

    async def _ready_queue(self) -> int:
        for queue in range(self._interface.config.num_queues):
            if (await self._interface.queue_table.row(queue)).ready:
                return queue
        return 0

    async def _raise(self, events: list[int]) -> None:
        if events:
            await self._interface.event_source.burst(events)
            await self._interface.clock.cycles(EFFECT)


def _bit(event: int) -> InterruptBit:
    return InterruptBit.CONFIG_CHANGE if event == EVENT_CONFIG else InterruptBit.USED_BUFFER
