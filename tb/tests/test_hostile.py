# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A driver that keeps no rule must hurt nobody but itself."""

import itertools
import random

import cocotb
import pyuvm
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.bfm.disturbance import RandomBackpressure
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.config import NO_VECTOR
from cocotbext.virtio.registers import Register
from cocotbext.virtio.uvm.items import RegisterItem
from cocotbext.virtio.uvm.sequences.event_storm import EventStorm
from cocotbext.virtio.uvm.sequences.hostile_driver import HostileDriver
from cocotbext.virtio.uvm.sequences.spec_driver import SpecDriver

from tb.tests.support.base import EndpointTest
from tb.tests.support.covers import covers
from tb.tests.support.settings import CONFIG

NO_MSI = not CONFIG.msi_support
BEYOND = 3  # events of queues that do not exist


class HostileTest(EndpointTest):
    """A hostile driver, with events meanwhile; the model says what each access may have done."""

    def build_knobs(self):
        return Knobs.light()

    def size(self, count: int) -> int:
        """As many, or half of it for Icarus, which is an order of magnitude slower."""
        return count if "verilator" in cocotb.SIM_NAME.lower() else count // 2

    async def attack(self, count: int, resets: bool) -> None:
        """Hostile accesses and a storm of events until the accesses are over."""
        driver = HostileDriver(self.config, random, self.size(count), resets)
        attacking = cocotb.start_soon(driver.start(self.env.registers.sequencer))
        indices = range(min(self.config.num_queues, 40) + BEYOND)
        while not attacking.done():
            await EventStorm(self.interface.clock, random, 20, indices).start(self.env.events.sequencer)
        await attacking


@pyuvm.test(timeout_time=100, timeout_unit="ms")
@covers("whole hostile", "MMIO-5", "MMIO-34", "MSI-7")
class FromReset(HostileTest):
    """Straight after reset, nothing negotiated (MMIO-5, MMIO-34, MSI-7, MSI-8)."""

    expected = ("register reads", "register writes", "events")

    async def body(self):
        await self.attack(300, resets=True)


@pyuvm.test(timeout_time=100, timeout_unit="ms")
@covers("whole hostile", "MSI-35", "MSI-36", "MSI-37")
class AfterBringUp(HostileTest):
    """With everything negotiated and running, so that each access could do harm; random backpressure and
    message errors around it (MSI-35, MSI-36, MSI-37)."""

    expected = ("register reads", "register writes", "events")
    rounds = 4

    async def body(self):
        queues = range(min(self.config.num_queues, 40))
        disturbance = RandomBackpressure(self.interface, random)
        for number in range(self.rounds):
            await SpecDriver(self.config, msi=number != 1, queues=queues).start(self.env.registers.sequencer)
            await self.attack(200, resets=number == self.rounds - 1)
        await disturbance.stop()


@pyuvm.test(timeout_time=100, timeout_unit="ms")
@covers("whole hostile")
class StillUsable(HostileTest):
    """After an attack a well-behaved driver brings the endpoint up and every vector works."""

    expected = ("register reads", "register writes", "events", "line changes" if NO_MSI else "messages")

    async def body(self):
        await self.attack(150, resets=True)
        await self.interface.quiet()
        queues = range(min(self.config.num_queues, 40))
        await SpecDriver(self.config, queues=queues).start(self.env.registers.sequencer)
        statistics = self.env.scoreboard.statistics
        for index in range(len(queues) + 1):
            before = len(statistics.message_cycles)
            await self.interface.event_source.send(index)
            await self.interface.clock.cycles(20)
            sent = len(statistics.message_cycles) - before
            assert sent == (0 if NO_MSI else 1), f"event {index} caused {sent} messages"


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=NO_MSI)
@covers("choice 3", "choice 5")
class ReadWhileSelecting(HostileTest):
    """MsiVecState is read in every cycle around the write that selects another vector or queue: what it shows is
    of the old selection or of the new one, never of vector 0 or queue 0 in between (choices 3 and 5)."""

    expected = ("register reads", "register writes")

    def build_knobs(self):
        return Knobs()

    async def body(self):
        driver = SpecDriver(self.config, queues=range(min(self.config.num_queues, 4)))
        await driver.start(self.env.registers.sequencer)
        await driver.mask(0)
        vectors, queues = self.config.num_vectors, self.config.num_queues
        for selector, others in (
            (Register.MSI_VEC_SEL, (1, vectors, NO_VECTOR)),
            (Register.QUEUE_SEL, (0, queues, queues - 1)),
        ):
            for before, after in itertools.permutations(others, 2):
                for delay in range(6):
                    await driver.write_together((Register.MSI_VEC_SEL, 1), (selector, before))
                    await driver.carry(
                        RegisterItem.burst(
                            [Access(True, selector, after), Access(False, Register.MSI_VEC_STATE, address_delay=delay)]
                        )
                    )
