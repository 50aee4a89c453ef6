"""A device that does what the #! lines of a recording say."""

from tb.spec.registers import InterruptBit
from tb.spec.virtio import EVENT_CONFIG, used_event
from tb.trace.rows import DeviceRow

EFFECT = 8  # cycles after which an accepted event shows


class RecordedDevice:
    """Raises recorded events in their place between the driver's accesses.

    When a message goes is the interrupt controller's business and is not recorded, nor is therefore what
    DISABLE finds unsent and hands over to InterruptStatus. So before a read of InterruptStatus this device
    raises what the driver saw there, from the recorded events as far as there are any; events
    that the driver did not see yet stay back until after the read.

    Args:
        interface: the EndpointInterface.
    """

    def __init__(self, interface):
        self._interface = interface
        self._due: list[int] = []

    async def perform(self, row: DeviceRow) -> None:
        """Do what a #! line says; events wait for the next access."""
        interface = self._interface
        if row.kind == "event":
            self._due.append(int(row.words[1], 0))
            return
        await self.catch_up()
        if row.kind == "generation":
            interface.device_config.generation = int(row.words[1], 0)
        elif row.kind == "config":
            offset, data = int(row.words[1], 0), bytes.fromhex(row.words[2])
            interface.device_config.data[offset:offset + len(data)] = data
        elif row.kind == "needs_reset":
            interface.device_state.needs_reset = True
            await interface.clocking.cycles(1)
            interface.device_state.needs_reset = False
        elif row.kind == "reset":
            await interface.clocking.reset()
        await interface.clocking.cycles(EFFECT)

    async def catch_up(self) -> None:
        """Raise every event that is due and wait until it shows."""
        await self._raise(self._due)
        self._due = []

    async def before_interrupt_status(self, expected: int) -> None:
        """Make InterruptStatus show *expected*, as far as the device has a say in it."""
        seen = [event for event in self._due if _bit(event) & expected]
        await self._raise(seen)
        self._due = [event for event in self._due if not _bit(event) & expected]
        missing = InterruptBit(expected & 3)
        if self._interface.line.level or not missing:
            for event in seen:
                missing &= ~_bit(event)
        if missing & InterruptBit.CONFIG_CHANGE:
            await self._raise([EVENT_CONFIG])
        if missing & InterruptBit.USED_BUFFER:
            await self._raise([used_event(await self._ready_queue())])

    async def _ready_queue(self) -> int:
        for queue in range(self._interface.config.num_queues):
            if (await self._interface.queue_table.row(queue)).ready:
                return queue
        return 0

    async def _raise(self, events: list[int]) -> None:
        if events:
            await self._interface.events.burst(events)
            await self._interface.clocking.cycles(EFFECT)


def _bit(event: int) -> InterruptBit:
    return InterruptBit.CONFIG_CHANGE if event == EVENT_CONFIG else InterruptBit.USED_BUFFER
