# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Random everything, from one seed."""

import random

import cocotb
import pyuvm
from cocotbext.virtio.bfm.disturbance import RandomBackpressure
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.randomness import fork
from cocotbext.virtio.uvm.sequences.event_storm import EventStorm
from cocotbext.virtio.uvm.sequences.hostile_driver import HostileDriver
from cocotbext.virtio.uvm.sequences.line_isr_loop import LineIsrLoop
from cocotbext.virtio.uvm.sequences.messages import random_message
from cocotbext.virtio.uvm.sequences.random_vector_ops import RandomVectorOps
from cocotbext.virtio.uvm.sequences.spec_driver import SpecDriver

from tb.tests.support.base import EndpointTest
from tb.tests.support.covers import covers

QUEUES = 40  # in use at most
BEYOND = 2  # events of queues that do not exist


class RandomTest(EndpointTest):
    """Helpers of the random tests."""

    def build_knobs(self):
        return Knobs.draw()

    def size(self, count: int) -> int:
        """As many, or half of it for Icarus, which is an order of magnitude slower."""
        return count if "verilator" in cocotb.SIM_NAME.lower() else count // 2

    def driver(self, msi: bool = True) -> SpecDriver:
        """A driver that uses a random choice of queues."""
        count = self.config.num_queues
        queues = sorted(random.sample(range(count), min(count, QUEUES)))
        events = [0, *(queue + 1 for queue in queues)]
        vectors = events
        if self.config.msi_sharing:
            vectors = random.sample(range(self.config.num_vectors), min(self.config.num_vectors, QUEUES))
        messages = {vector: random_message(random) for vector in vectors}
        mapping = {event: random.choice(vectors) for event in events}
        return SpecDriver(self.config, msi, messages=messages, mapping=mapping, queues=queues, queue_size=1)

    def events(self, driver: SpecDriver) -> list[int]:
        """Events of the driver's queues, of one that is not ready, and of queues that do not exist."""
        return [
            0,
            0,
            *(queue + 1 for queue in driver.queues),
            random.randrange(self.config.num_queues + BEYOND),
            0xFFFF,
        ]


@pyuvm.test(timeout_time=200, timeout_unit="ms")
@covers("whole account")
class ChurnAndHostility(RandomTest):
    """A driver at work, and another one that spoils it; events, kicks not taken, message errors."""

    expected = ("register reads", "register writes", "events")
    rounds = 4

    async def body(self):
        sequencer = self.env.registers.sequencer
        disturbance = RandomBackpressure(self.interface, fork())
        delays = fork()
        isr_loop = LineIsrLoop(self.env, lambda: delays.choice((0, 30)))
        for _ in range(self.rounds):
            driver = self.driver(msi=random.random() < 0.8)
            await driver.start(sequencer)
            vector_ops = RandomVectorOps(driver, fork(), self.interface.clock, restarts=False)
            tasks = [
                cocotb.start_soon(vector_ops.start(sequencer)),
                cocotb.start_soon(HostileDriver(self.config, fork(), self.size(60), resets=False).start(sequencer)),
            ]
            storm = EventStorm(self.interface.clock, fork(), self.size(200), self.events(driver))
            await storm.start(self.env.events.sequencer)
            vector_ops.stop()
            for task in tasks:
                await task
        await disturbance.stop()
        await driver.reset()  # hostility may have left the line up for good
        await isr_loop.stop()


@pyuvm.test(timeout_time=200, timeout_unit="ms")
@covers("whole account", "rule 11", "MMIO-11", "MMIO-12", "MMIO-13")
class ResetWithMessagesInFlight(RandomTest):
    """Status = 0 while messages wait on the bus: they complete first, nothing follows (rule 11, MMIO-11..13)."""

    expected = ("register reads", "register writes", "events", "device resets")
    rounds = 12

    async def body(self):
        sequencer, clock = self.env.registers.sequencer, self.interface.clock
        for _ in range(self.size(self.rounds)):
            self.interface.behave(Knobs.draw())
            driver = self.driver()
            await driver.start(sequencer)
            self.interface.msi_sink.hold(
                *random.choice(
                    (
                        (True, True, True),
                        (True, False, False),
                        (False, True, False),
                        (False, False, True),
                        (False, False, False),
                    )
                )
            )
            storm = EventStorm(clock, fork(), 30, self.events(driver), rest=5)
            storming = cocotb.start_soon(storm.start(self.env.events.sequencer))
            self.interface.device_state.idle = random.random() < 0.5
            await clock.cycles(random.randint(0, 60))
            resetting = cocotb.start_soon(driver.reset())
            await clock.cycles(random.randint(0, 40))
            self.interface.msi_sink.release()
            await clock.cycles(random.randint(0, 40))
            self.interface.device_state.idle = True
            await resetting
            await storming
            await self.interface.quiet()


@pyuvm.test(timeout_time=200, timeout_unit="ms")
@covers("whole account", "rule 11")
class HardResetInMidTransaction(RandomTest):
    """aresetn at any moment: in a register access, between AW and W of a message, with an event on the wires.
    The endpoint comes back as new."""

    expected = ("register reads", "register writes", "events")
    rounds = 12

    async def body(self):
        sequencer, clock = self.env.registers.sequencer, self.interface.clock
        for _ in range(self.size(self.rounds)):
            self.interface.behave(Knobs.draw())
            driver = self.driver()
            await driver.start(sequencer)
            vector_ops = RandomVectorOps(driver, fork(), clock, restarts=False)
            churning = cocotb.start_soon(vector_ops.start(sequencer))
            storm = EventStorm(clock, fork(), 40, self.events(driver), rest=5)
            storming = cocotb.start_soon(storm.start(self.env.events.sequencer))
            await clock.cycles(random.randint(1, 300))
            vector_ops.stop()
            await clock.reset(random.randint(1, 5))
            await churning
            await storming
        await self.driver().start(sequencer)
        await self.interface.event_source.send(0)
