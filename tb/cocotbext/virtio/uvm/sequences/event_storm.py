# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Events from a busy device."""

import random
from collections.abc import Sequence

from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.uvm.items import EventItem
from pyuvm import uvm_sequence


class EventStorm(uvm_sequence):
    """Raises events in bursts of random length, back to back or with gaps drawn from the knobs, and rests
    in between.

    Args:
        clock: the bench's clock.
        rng: source of randomness.
        count: how many events.
        indices: to choose from; those that occur more often are chosen more often.
        longest: most events in a burst; rest: most cycles between bursts.
    """

    def __init__(
        self,
        clock: ClockReset,
        rng: random.Random,
        count: int,
        indices: Sequence[int],
        longest: int = 12,
        rest: int = 100,
    ) -> None:
        super().__init__("EventStorm")
        self.clock = clock
        self.rng = rng
        self.count = count
        self.indices = indices
        self.longest = longest
        self.rest = rest

    async def body(self) -> None:
        left = self.count
        while left:
            length = min(left, self.rng.randint(1, self.longest))
            left -= length
            gap = self.rng.choice((0, None))
            item = EventItem(*self.rng.choices(self.indices, k=length), gap=gap)
            await self.start_item(item)
            await self.finish_item(item)
            await self.clock.cycles(self.rng.randint(0, self.rest))
