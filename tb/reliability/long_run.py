"""A long random run: as many register accesses and events as $LONG_RUN asks for, and a part of hostile ones."""

import os
import random

import cocotb
import pyuvm

from tb.env.port_state import check_port_state
from tb.sequences.event_storm import EventStorm
from tb.sequences.hostile_driver import HostileDriver
from tb.sequences.line_service import LineService
from tb.sequences.message_bus_weather import MessageBusWeather
from tb.sequences.vector_churn import VectorChurn
from tb.spec.registers import Register
from tb.tests.test_random import RandomTest

SIZE = int(os.environ.get("LONG_RUN", "2000"))      # register accesses, and events, of the whole simulation
HOSTILE = SIZE // 5                                 # register accesses in the hostile part; they count as accesses, too


class LongTest(RandomTest):
    """Helpers of the two parts."""

    expected = ("register reads", "register writes", "events")

    @property
    def accesses(self) -> int:
        """Register accesses so far."""
        return self.env.scoreboard.core.statistics.register_accesses

    @property
    def events_accepted(self) -> int:
        """Events so far."""
        return sum(self.env.scoreboard.core.model.account.events.values())


@pyuvm.test(timeout_time=100_000, timeout_unit="ms")
class Churn(LongTest):
    """A driver that masks, moves, remaps, changes between line and messages, stops queues and resets, while the device
    raises events, the message bus stalls and answers errors."""

    async def body(self):
        sequencer = self.env.registers.sequencer
        weather = MessageBusWeather(self.interface, random)
        service = LineService(self.env, lambda: random.choice((0, 5, 50)))
        while self.accesses < SIZE - HOSTILE or self.events_accepted < SIZE:
            driver = self.driver()
            await driver.start(sequencer)
            churn = VectorChurn(driver, random, self.interface.clocking)
            churning = cocotb.start_soon(churn.start(sequencer))
            storm = EventStorm(self.interface.clocking, random, 300, self.events(driver), rest=30)
            await storm.start(self.env.events.sequencer)
            churn.stop()
            await churning
        await weather.clear()
        await driver.reset()
        await service.stop()


@pyuvm.test(timeout_time=100_000, timeout_unit="ms")
class Hostile(LongTest):
    """A driver that keeps no rule, in bursts; after each, the state of every vector and of every queue is read and compared
    with the model, which knows what each access may have changed."""

    async def body(self):
        sequencer, statistics = self.env.registers.sequencer, self.env.scoreboard.core.statistics
        weather = MessageBusWeather(self.interface, random)
        while statistics.hostile_accesses < HOSTILE:
            driver = self.driver(msi=random.random() < 0.8)
            await driver.start(sequencer)
            for _ in range(5):
                before = self.accesses
                attack = cocotb.start_soon(HostileDriver(self.config, random, 60, resets=random.random() < 0.2).start(sequencer))
                storm = EventStorm(self.interface.clocking, random, 40, range(self.config.num_queues + 3))
                await storm.start(self.env.events.sequencer)
                await attack
                statistics.hostile_accesses += self.accesses - before
                await self._look_at_everything(driver)
        await weather.clear()
        await driver.reset()

    async def _look_at_everything(self, driver) -> None:
        for vector in range(self.config.num_vectors):
            for queue in range(self.config.num_queues):
                await driver.write_together((Register.MSI_VEC_SEL, vector), (Register.QUEUE_SEL, queue))
                await driver.read(Register.MSI_VEC_STATE)
        await self.interface.quiet()
        await check_port_state(self.interface, self.env.scoreboard.core)
