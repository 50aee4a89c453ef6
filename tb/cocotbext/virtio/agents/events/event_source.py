"""Driver of the event port."""

import random

from cocotb.triggers import Event
from cocotbext.virtio.agents.handshake import SendChannel
from cocotbext.virtio.agents.randomness import draw


class EventSource:
    """Raises events, each held until the endpoint accepts it.

    Args:
        dut: the design.
        clocking: the bench's clock.
        gap: (least, most) idle cycles before an event whose gap is not given.
        rng: source of randomness.
    """

    def __init__(self, dut, clocking, gap: tuple[int, int] = (0, 0), rng=random):
        self.gap = gap
        self._rng = rng
        self._clocking = clocking
        self._waiting: list[Event] = []
        self._channel = SendChannel(clocking, dut.event_valid, dut.event_ready, (dut.event_index,))
        clocking.on_reset(self._abort)

    @property
    def idle(self) -> bool:
        """True when no event is queued or waiting for event_ready."""
        return self._channel.idle

    def submit(self, index: int, gap: int | None = None, accepted=None) -> None:
        """Queue an event and return at once.

        Args:
            index: 0 for a configuration change, q+1 for a used buffer on queue q.
            gap: idle cycles before it, None to draw from :attr:`gap`.
            accepted: called with the cycle of acceptance.
        """
        delay = draw(self.gap, self._rng) if gap is None else gap
        self._channel.send((index,), delay, accepted)

    async def send(self, index: int, gap: int | None = None) -> int | None:
        """Raise one event; returns the cycle of its acceptance, None when a reset cut it off."""
        return (await self.burst([index], gap))[0]

    async def burst(self, indices: list[int], gap: int | None = 0) -> list[int | None]:
        """Raise events in order, back to back unless a gap is given; returns their cycles of acceptance."""
        cycles: list[int | None] = [None] * len(indices)
        done = Event()
        left = len(indices)

        def accepted(position):
            def at(cycle):
                nonlocal left
                cycles[position] = cycle
                left -= 1
                if not left:
                    done.set()

            return at

        for position, index in enumerate(indices):
            self.submit(index, gap, accepted(position))
        if indices:
            self._waiting.append(done)
            await done.wait()
            self._waiting.remove(done)
        return cycles

    def _abort(self) -> None:
        for done in self._waiting:
            done.set()
