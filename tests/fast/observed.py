# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Random tests that write down everything they observe, to compare the two paths.

In each a single sequence uses the register bus: of two that want it in the same cycle one is first, and which one
depends on
the order in which tasks wake in that cycle, which is not the same on both paths.
"""

from pathlib import Path

import cocotb
import pyuvm
from cocotbext.virtio.bfm.disturbance import RandomBackpressure
from cocotbext.virtio.randomness import fork
from cocotbext.virtio.uvm.sequences.event_storm import EventStorm
from cocotbext.virtio.uvm.sequences.hostile_driver import HostileDriver
from cocotbext.virtio.uvm.sequences.random_vector_ops import RandomVectorOps

from tb.tests.test_random import HardResetInMidTransaction, RandomTest, ResetWithMessagesInFlight

FILE = "observed.txt"  # in the folder of the run


def changes(call):
    """Call it with values that differ from the one before: a sampled signal may change for no time and back."""
    last = None

    def changed(value) -> None:
        nonlocal last
        if value != last:
            last = value
            call(value)

    return changed


class Observed:
    """Mixed into a test that has :meth:`work`: all transactions in a file, one a line, those of a cycle in
    alphabetical order."""

    async def body(self):
        interface, lines = self.interface, []

        def note(transaction) -> None:
            lines.append((interface.clock.cycle, str(transaction)))

        interface.observe(note)
        interface.write_monitor.on_accepted(note)
        interface.write_monitor.on_responded(lambda write: note(f"answered {write.address:#x}"))
        interface.read_monitor.on_accepted(note)
        interface.read_monitor.on_responded(note)
        interface.state_monitor.on_status(changes(lambda value: note(f"status {value:#x}")))
        interface.state_monitor.on_features(changes(lambda value: note(f"features {value:#x}")))
        await self.work()
        await interface.quiet()
        lines.sort()
        Path(FILE).write_text("".join(f"{cycle} {text}\n" for cycle, text in lines))


LIMITS = {"timeout_time": 20, "timeout_unit": "ms"}


@pyuvm.test(**LIMITS)
class Churning(Observed, RandomTest):
    """RandomVectorOps, with restarts, under events and changing backpressure."""

    async def work(self):
        clock, sequencer = self.interface.clock, self.env.registers.sequencer
        disturbance = RandomBackpressure(self.interface, fork())
        for msi in (True, False):
            driver = self.driver(msi)
            await driver.start(sequencer)
            vector_ops = RandomVectorOps(driver, fork(), clock)
            churning = cocotb.start_soon(vector_ops.start(sequencer))
            await EventStorm(clock, fork(), 150, self.events(driver)).start(self.env.events.sequencer)
            vector_ops.stop()
            await churning
        await disturbance.stop()


@pyuvm.test(**LIMITS)
class Hostile(Observed, RandomTest):
    """HostileDriver."""

    async def work(self):
        clock, sequencer = self.interface.clock, self.env.registers.sequencer
        disturbance = RandomBackpressure(self.interface, fork())
        driver = self.driver()
        await driver.start(sequencer)
        storming = cocotb.start_soon(
            EventStorm(clock, fork(), 150, self.events(driver)).start(self.env.events.sequencer)
        )
        await HostileDriver(self.config, fork(), 150, resets=True).start(sequencer)
        await storming
        await disturbance.stop()
        await driver.reset()


@pyuvm.test(**LIMITS)
class Resetting(Observed, ResetWithMessagesInFlight):
    """ResetWithMessagesInFlight."""

    async def work(self):
        await ResetWithMessagesInFlight.body(self)


@pyuvm.test(**LIMITS)
class HardResetting(Observed, HardResetInMidTransaction):
    """HardResetInMidTransaction."""

    async def work(self):
        await HardResetInMidTransaction.body(self)
