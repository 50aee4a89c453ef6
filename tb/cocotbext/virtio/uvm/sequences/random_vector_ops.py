# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A driver that never leaves its vectors alone."""

import random
from collections.abc import Awaitable, Callable

from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.config import NO_VECTOR
from cocotbext.virtio.registers import Register
from cocotbext.virtio.uvm.sequences.messages import random_message
from cocotbext.virtio.uvm.sequences.register_sequence import MsiSequence
from cocotbext.virtio.uvm.sequences.spec_driver import SpecDriver


class RandomVectorOps(MsiSequence):
    """Masks, unmasks, moves and remaps at random until told to stop; then :meth:`settle` lets everything go
    that is held.

    Args:
        driver: has brought the endpoint up; brings it up again after a reset.
        rng: source of randomness.
        clock: the bench's clock, for pauses.
        restarts: whether now and then a queue, or everything, is reset and brought up again.
    """

    def __init__(self, driver: SpecDriver, rng: random.Random, clock: ClockReset, restarts: bool = True) -> None:
        super().__init__(driver.config)
        self._driver = driver
        self._rng = rng
        self._clock = clock
        self._stopped = False
        self._vectors = list(driver.messages)
        self._events = [0, *(queue + 1 for queue in driver.queues)]
        self._masked: set[int] = set()
        self._silent: set[int] = set()  # vectors without a message
        self._unmapped: set[int] = set()  # events without a vector
        self._weights: dict[Callable[[], Awaitable[None]], float] = {self._pause: 4, self._kick: 3, self._look: 3}
        if driver.msi_wanted:
            self._weights |= {
                self._mask: 6,
                self._unmask: 9,
                self._move: 5,
                self._migrate: 3,
                self._remap: 4,
                self._unmap: 1,
                self._map_again: 2,
                self._silence: 0.5,
                self._speak: 1.5,
                self._use_line: 0.4,
            }
        if restarts:
            self._weights |= {self._restart_queue: 0.5, self._restart: 0.15}

    def stop(self) -> None:
        """End after the step under way."""
        self._stopped = True

    async def body(self) -> None:
        self._stopped = False
        steps, weights = list(self._weights), list(self._weights.values())
        while not self._stopped:
            (step,) = self._rng.choices(steps, weights)
            await step()

    async def settle(self) -> None:
        """Undo every mask, every missing message and every missing mapping."""
        for event in sorted(self._unmapped):
            await self._map(event, self._home(event))
        for vector in sorted(self._silent):
            await self.configure(vector, *random_message(self._rng))
        for vector in sorted(self._masked):
            await self.unmask(vector)
        self._forget()

    def _forget(self) -> None:
        for state in (self._masked, self._silent, self._unmapped):
            state.clear()

    def _home(self, event: int) -> int:
        """A vector that the event may have."""
        if not self.config.msi_sharing:
            return event
        return self._rng.choice(self._vectors)

    async def _map(self, event: int, vector: int) -> None:
        if vector == NO_VECTOR:
            self._unmapped.add(event)
        else:
            self._unmapped.discard(event)
        await self.map(event, vector)

    async def _pause(self) -> None:
        await self._clock.cycles(self._rng.choice((2, 10, 40)))

    async def _kick(self) -> None:
        await self._driver.kick(self._rng.choice(self._driver.queues), self._rng.getrandbits(16))

    async def _look(self) -> None:
        register = self._rng.choice(
            (Register.STATUS, Register.INTERRUPT_STATUS, Register.MSI_STATE, Register.MSI_VEC_STATE)
        )
        if register is Register.MSI_VEC_STATE:
            await self.write_together(
                (Register.QUEUE_SEL, self._rng.choice(self._driver.queues)),
                (Register.MSI_VEC_SEL, self._rng.choice(self._vectors)),
            )
        await self.read(register)

    async def _mask(self) -> None:
        vector = self._rng.choice(self._vectors)
        self._masked.add(vector)
        await self.mask(vector)

    async def _unmask(self) -> None:
        vector = self._rng.choice(sorted(self._masked) or self._vectors)
        self._masked.discard(vector)
        await self.unmask(vector)

    async def _move(self) -> None:
        vector = self._rng.choice(self._vectors)
        self._silent.discard(vector)
        await self.configure(vector, *random_message(self._rng))

    async def _migrate(self) -> None:
        """The way of Linux on x86: MASK, CONFIGURE, UNMASK."""
        vector = self._rng.choice(self._vectors)
        await self.mask(vector)
        await self._pause()
        self._silent.discard(vector)
        await self.configure(vector, *random_message(self._rng))
        self._masked.discard(vector)
        await self.unmask(vector)

    async def _remap(self) -> None:
        event = self._rng.choice(self._events)
        await self._map(event, self._home(event))

    async def _unmap(self) -> None:
        await self._map(self._rng.choice(self._events), NO_VECTOR)

    async def _map_again(self) -> None:
        if self._unmapped:
            event = self._rng.choice(sorted(self._unmapped))
            await self._map(event, self._home(event))

    async def _silence(self) -> None:
        vector = self._rng.choice(self._vectors)
        self._silent.add(vector)
        await self.configure(vector, 0, 0)

    async def _speak(self) -> None:
        if self._silent:
            vector = self._rng.choice(sorted(self._silent))
            self._silent.discard(vector)
            await self.configure(vector, *random_message(self._rng))

    async def _use_line(self) -> None:
        """DISABLE, some time with the line, ENABLE."""
        await self.disable_msi()
        for _ in range(self._rng.randint(0, 3)):
            await self._pause()
        await self.enable_msi()

    async def _restart_queue(self) -> None:
        queue = self._rng.choice(self._driver.queues)
        await self._driver.stop_queue(queue)
        await self._pause()
        await self._driver.set_up_queue(queue)

    async def _restart(self) -> None:
        """Reset, with whatever is under way, and bring-up."""
        self._forget()
        await self._driver.start(self.sequencer)
