# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A long random run: as many register accesses and events as $LONG_RUN asks for, and a part of hostile ones."""

import os
import random

import cocotb
import pyuvm
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.bfm.disturbance import RandomBackpressure, RandomDeviceFaults
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.randomness import fork
from cocotbext.virtio.registers import InterruptBit, MsiCommand, Register, StatusBit
from cocotbext.virtio.scoreboard.end_of_test import check_port_state
from cocotbext.virtio.uvm.sequences.event_storm import EventStorm
from cocotbext.virtio.uvm.sequences.hostile_driver import HostileDriver
from cocotbext.virtio.uvm.sequences.line_isr_loop import LineIsrLoop
from cocotbext.virtio.uvm.sequences.messages import random_message
from cocotbext.virtio.uvm.sequences.random_vector_ops import RandomVectorOps

from tb.tests import test_random

SIZE = int(os.environ.get("LONG_RUN", "10000"))  # register accesses, and events, of the whole simulation
HOSTILE = SIZE // 5  # register accesses in the hostile part; they count as accesses, too
ROUNDS = max(1, SIZE // 5000)  # every corner cycle, so often
RESETS = max(1, SIZE // 1000)  # of each kind in mid-transaction
LIMITS = {"timeout_time": 5 + SIZE // 1000, "timeout_unit": "ms"}  # 20 times what is needed
_LEAD = 12  # cycles before the write of a corner, so that the event can come first
_WORKING = StatusBit.ACKNOWLEDGE | StatusBit.DRIVER | StatusBit.FEATURES_OK | StatusBit.DRIVER_OK


class LongTest(test_random.RandomTest):
    """Helpers of the parts."""

    expected = ("register reads", "register writes", "events")

    @property
    def accesses(self) -> int:
        """Register accesses so far."""
        return self.env.scoreboard.statistics.register_accesses

    @property
    def events_accepted(self) -> int:
        """Events so far."""
        return sum(self.env.scoreboard.reference.counts.events.values())


@pyuvm.test(**LIMITS)
class Churn(LongTest):
    """A driver that masks, moves, remaps, changes between line and messages, stops queues and resets, while the device
    raises events, is slow or fails, and the message bus stalls and answers errors."""

    async def body(self):
        sequencer = self.env.registers.sequencer
        disturbances = (RandomBackpressure(self.interface, fork()), RandomDeviceFaults(self.interface, fork()))
        delays = fork()
        isr_loop = LineIsrLoop(self.env, lambda: delays.choice((0, 5, 50)))
        while self.accesses < SIZE - HOSTILE or self.events_accepted < SIZE:
            driver = self.driver()
            await driver.start(sequencer)
            vector_ops = RandomVectorOps(driver, fork(), self.interface.clock)
            churning = cocotb.start_soon(vector_ops.start(sequencer))
            storm = EventStorm(self.interface.clock, fork(), 300, self.events(driver), rest=30)
            await storm.start(self.env.events.sequencer)
            vector_ops.stop()
            await churning
        for disturbance in disturbances:
            await disturbance.stop()
        await driver.reset()
        await isr_loop.stop()


@pyuvm.test(**LIMITS)
class Corners(LongTest):
    """An event in the very cycle of each write that concerns it, and in the ones before and after; random vectors and
    queues, random backpressure and message errors."""

    async def body(self):
        disturbance = RandomBackpressure(self.interface, fork())
        for _ in range(ROUNDS):
            for offset in random.sample((-1, 0, 1), 3):
                await self._round(offset)
        await disturbance.stop()

    async def _round(self, offset: int) -> None:
        driver = self.driver()
        driver.sequencer = self.env.registers.sequencer
        await driver.prepare()
        queue = random.choice(driver.queues)
        event = used_event(queue)
        vector = driver.mapping[event] if self.config.msi_sharing else event
        await self._race(Register.STATUS, _WORKING, event, offset)
        await driver.write_together((Register.QUEUE_SEL, queue), (Register.MSI_VEC_SEL, vector))
        for command in random.sample((MsiCommand.MASK, MsiCommand.UNMASK, MsiCommand.MAP_QUEUE), 3):
            await self._race(Register.MSI_CMD, command, event, offset)
        for address, data in (random_message(random), (0, 0), random_message(random)):
            await driver.write_together(
                (Register.MSI_ADDR_LOW, address), (Register.MSI_ADDR_HIGH, address >> 32), (Register.MSI_DATA, data)
            )
            await self._race(Register.MSI_CMD, MsiCommand.CONFIGURE, event, offset)
        await driver.unmask(vector)
        if not self.config.msi_sharing:
            await driver.write(Register.MSI_VEC_SEL, EVENT_CONFIG)
        await self._race(Register.MSI_CMD, MsiCommand.MAP_CONFIG, EVENT_CONFIG, offset)
        either = random.choice((event, EVENT_CONFIG))
        await self._race(Register.MSI_CMD, MsiCommand.DISABLE, either, offset)
        await self._race(Register.INTERRUPT_ACK, InterruptBit.USED_BUFFER | InterruptBit.CONFIG_CHANGE, either, offset)
        await self._race(Register.MSI_CMD, MsiCommand.ENABLE, either, offset)
        await self._race(Register.QUEUE_READY, 0, event, offset)
        await self._race(Register.QUEUE_READY, 1, event, offset)
        await self._race(Register.STATUS, 0, either, offset)

    async def _race(self, register: Register, value: int, event: int, offset: int) -> None:
        """Write a register, and raise an event that is accepted *offset* cycles after the write."""
        write = self.interface.registers.submit(Access(True, register, value, address_delay=_LEAD, data_delay=_LEAD))
        self.interface.event_source.submit(event, _LEAD + offset)
        await write.wait()
        await self.interface.clock.cycles(random.choice((2, 8, 30)))


@pyuvm.test(**LIMITS)
class Resets(test_random.ResetWithMessagesInFlight):
    """Status = 0 while messages wait on the bus and the device is not at rest."""

    rounds = RESETS


@pyuvm.test(**LIMITS)
class HardResets(test_random.HardResetInMidTransaction):
    """aresetn at any moment."""

    rounds = RESETS


@pyuvm.test(**LIMITS)
class Hostile(LongTest):
    """A driver that keeps no rule, in bursts; after each, the state of every vector and of every queue is read and
    compared
    with the model, which knows what each access may have changed."""

    async def body(self):
        sequencer, statistics = self.env.registers.sequencer, self.env.scoreboard.statistics
        disturbance = RandomBackpressure(self.interface, fork())
        while statistics.hostile_accesses < HOSTILE:
            driver = self.driver(msi=random.random() < 0.8)
            await driver.start(sequencer)
            for _ in range(5):
                before = self.accesses
                attack = cocotb.start_soon(
                    HostileDriver(self.config, fork(), 60, resets=random.random() < 0.2).start(sequencer)
                )
                storm = EventStorm(self.interface.clock, fork(), 40, range(self.config.num_queues + 3))
                await storm.start(self.env.events.sequencer)
                await attack
                statistics.hostile_accesses += self.accesses - before
                await self._look_at_everything(driver)
        await disturbance.stop()
        await driver.reset()

    async def _look_at_everything(self, driver) -> None:
        for vector in range(self.config.num_vectors):
            for queue in range(self.config.num_queues):
                await driver.write_together((Register.MSI_VEC_SEL, vector), (Register.QUEUE_SEL, queue))
                await driver.read(Register.MSI_VEC_STATE)
        await self.interface.quiet()
        await check_port_state(self.interface, self.env.scoreboard.core)
