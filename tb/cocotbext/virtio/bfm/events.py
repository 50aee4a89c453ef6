# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Event port: the device that owes its driver notifications, and the passive monitor."""

import random
from collections.abc import Callable

from cocotb.triggers import Event
from cocotbext.virtio.bfm.handshake import ChannelMaker, ChannelMonitor, SendChannel
from cocotbext.virtio.bfm.monitor import Monitor
from cocotbext.virtio.channel import Channel, Transfer
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.randomness import Rng, draw
from cocotbext.virtio.transactions import EventAccepted


class EventSource:
    """Raises events, each held until the endpoint accepts it.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``valid`` and its like.
        clock: the design's clock and reset.
        gap: (least, most) idle cycles before an event whose gap is not given.
        rng: source of randomness.
    """

    def __init__(
        self, dut: Dut, prefix: str, clock: ClockReset, gap: tuple[int, int] = (0, 0), rng: Rng = random
    ) -> None:
        self.gap = gap
        self._rng = rng
        self._clock = clock
        self._waiting: list[Event] = []
        valid, ready, index = (getattr(dut, f"{prefix}_{name}") for name in ("valid", "ready", "index"))
        self._channel = SendChannel(clock, valid, ready, (index,))
        clock.on_reset(self._abort)

    @classmethod
    def from_prefix(
        cls, dut: Dut, prefix: str, clock: ClockReset, gap: tuple[int, int] = (0, 0), rng: Rng = random
    ) -> "EventSource":
        """Source of the ports ``<prefix>_valid`` and so on of *dut*; further arguments as above."""
        return cls(dut, prefix, clock, gap, rng)

    @property
    def idle(self) -> bool:
        """True when no event is queued or waiting for event_ready."""
        return self._channel.idle

    def submit(self, index: int, gap: int | None = None, accepted: Callable[[int], None] | None = None) -> None:
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

        def accepted(position: int) -> Callable[[int], None]:
            def at(cycle: int) -> None:
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


class EventMonitor(Monitor):
    """Publishes EventAccepted.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``valid`` and its like.
        clock: the design's clock and reset.
        channel: makes the monitor of a channel.

    Attributes:
        channel: the channel monitor.
    """

    def __init__(self, dut: Dut, prefix: str, clock: ClockReset, channel: ChannelMaker = ChannelMonitor) -> None:
        super().__init__()
        self.channel: Channel = channel(dut, f"{prefix}_", ("index",), clock)
        self.channel.add_callback(self._taken)

    @classmethod
    def from_prefix(
        cls, dut: Dut, prefix: str, clock: ClockReset, channel: ChannelMaker = ChannelMonitor
    ) -> "EventMonitor":
        """Monitor of the ports ``<prefix>_valid`` and so on of *dut*."""
        return cls(dut, prefix, clock, channel)

    def _taken(self, transfer: Transfer) -> None:
        self._publish(EventAccepted(cycle=transfer.taken, index=transfer.payload[0]))
