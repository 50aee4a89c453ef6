"""Random tests that write down everything they observe, to compare the two paths.

In each a single sequence uses the register bus: of two that want it in the same cycle one is first, and which one
depends on
the order in which tasks wake in that cycle, which is not the same on both paths.
"""

from pathlib import Path

import cocotb
import pyuvm
from cocotbext.virtio.agents.randomness import fork
from cocotbext.virtio.sequences.event_storm import EventStorm
from cocotbext.virtio.sequences.hostile_driver import HostileDriver
from cocotbext.virtio.sequences.message_bus_weather import MessageBusWeather
from cocotbext.virtio.sequences.vector_churn import VectorChurn

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
    """Mixed into a test that has :meth:`work`: all observations in a file, one a line, those of a cycle in
    alphabetical order."""

    async def body(self):
        interface, lines = self.interface, []

        def note(observation) -> None:
            lines.append((interface.clocking.cycle, str(observation)))

        interface.observe(note)
        interface.writes.on_accepted(note)
        interface.writes.on_responded(lambda write: note(f"answered {write.address:#x}"))
        interface.reads.on_accepted(note)
        interface.reads.on_responded(note)
        interface.state_monitor.on_status(changes(lambda value: note(f"status {value:#x}")))
        interface.state_monitor.on_features(changes(lambda value: note(f"features {value:#x}")))
        await self.work()
        await interface.quiet()
        lines.sort()
        Path(FILE).write_text("".join(f"{cycle} {text}\n" for cycle, text in lines))


LIMITS = {"timeout_time": 20, "timeout_unit": "ms"}


@pyuvm.test(**LIMITS)
class Churning(Observed, RandomTest):
    """VectorChurn, with restarts, under events and changing backpressure."""

    async def work(self):
        clocking, sequencer = self.interface.clocking, self.env.registers.sequencer
        weather = MessageBusWeather(self.interface, fork())
        for msi in (True, False):
            driver = self.driver(msi)
            await driver.start(sequencer)
            churn = VectorChurn(driver, fork(), clocking)
            churning = cocotb.start_soon(churn.start(sequencer))
            await EventStorm(clocking, fork(), 150, self.events(driver)).start(self.env.events.sequencer)
            churn.stop()
            await churning
        await weather.clear()


@pyuvm.test(**LIMITS)
class Hostile(Observed, RandomTest):
    """HostileDriver."""

    async def work(self):
        clocking, sequencer = self.interface.clocking, self.env.registers.sequencer
        weather = MessageBusWeather(self.interface, fork())
        driver = self.driver()
        await driver.start(sequencer)
        storming = cocotb.start_soon(
            EventStorm(clocking, fork(), 150, self.events(driver)).start(self.env.events.sequencer)
        )
        await HostileDriver(self.config, fork(), 150, resets=True).start(sequencer)
        await storming
        await weather.clear()
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
