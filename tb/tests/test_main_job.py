# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The main job: a driver brings the endpoint up, thousands of events become interrupts while it never leaves the
vectors alone, and the scoreboard accounts for every one."""

import random

import cocotb
import pyuvm
from cocotbext.virtio.bfm.disturbance import RandomBackpressure
from cocotbext.virtio.config import EVENT_CONFIG, EndpointConfig, used_event
from cocotbext.virtio.uvm.sequences.event_storm import EventStorm
from cocotbext.virtio.uvm.sequences.line_isr_loop import LineInterrupt, LineIsrLoop
from cocotbext.virtio.uvm.sequences.linux_stock import LinuxStock
from cocotbext.virtio.uvm.sequences.raise_events import RaiseEvents
from cocotbext.virtio.uvm.sequences.random_vector_ops import RandomVectorOps
from cocotbext.virtio.uvm.sequences.spec_driver import SpecDriver

from tb.tests.support.base import EndpointTest
from tb.tests.support.covers import covers
from tb.tests.support.settings import CONFIG

HAS_MSI = bool(CONFIG.msi_support)
QUEUES = 96  # in use at most: setting up a thousand takes longer than all the rest
SMALL = 16  # vectors, up to which a message is out within 2 cycles of its event


def some_queues(config: EndpointConfig) -> list[int]:
    """The queues in use: all, or the first, the last and some in between."""
    if config.num_queues <= QUEUES:
        return list(range(config.num_queues))
    ends = QUEUES // 3
    middle = random.sample(range(ends, config.num_queues - ends), ends)
    return [*range(ends), *sorted(middle), *range(config.num_queues - ends, config.num_queues)]


def driver_of(config: EndpointConfig, msi: bool = True) -> SpecDriver:
    """A driver that uses these queues, each on a vector of its own as far as there are enough."""
    queues = some_queues(config)
    events = [EVENT_CONFIG, *map(used_event, queues)]
    vectors = events
    if config.msi_sharing:  # the last vectors, too
        vectors = [event * config.num_vectors // (config.num_queues + 1) for event in events]
    vectors = [vector for vector in vectors if vector < config.num_vectors]
    messages = {vector: (0xFEE0_0000 + 0x1000 * vector, 0x4000 + vector) for vector in vectors}
    mapping = {event: vectors[number % len(vectors)] for number, event in enumerate(events)}
    return SpecDriver(config, msi, messages=messages, mapping=mapping, queues=queues)


def events_of(driver: SpecDriver) -> list[int]:
    """Events of the driver's queues, with a configuration change now and then."""
    queues = [used_event(queue) for queue in driver.queues]
    return [EVENT_CONFIG] * (1 + len(queues) // 8) + queues


@pyuvm.test(timeout_time=20, timeout_unit="ms")
@covers("driver stock")
class InterruptByLine(EndpointTest):
    """Stock Linux serves interrupts by line, one at a time: how many register accesses does one take?"""

    expected = ("register reads", "events", "line changes")
    interrupts = 100

    async def body(self):
        driver = LinuxStock(self.config)
        driver.callbacks = driver.callbacks[:QUEUES]
        await driver.start(self.env.registers.sequencer)
        await self.env.drain()
        core, line = self.env.scoreboard.core, self.interface.line_monitor
        for _ in range(self.interrupts):
            before = core.statistics.register_accesses
            await RaiseEvents(random.randrange(len(driver.callbacks) + 1)).start(self.env.events.sequencer)
            await line.wait_for(1)
            handler = LineInterrupt(self.config)
            await handler.start(self.env.registers.sequencer)
            assert handler.status, "the line was up without a bit in InterruptStatus"
            await line.wait_for(0)
            await self.interface.clock.cycles(2)  # the monitors publish an access a cycle late
            core.statistics.interrupt_handled("line", core.statistics.register_accesses - before)
        await driver.tear_down()


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=not HAS_MSI)
@covers("figure event", "figure rate")
class InterruptByMessage(EndpointTest):
    """Nothing in the way: latency of single events, messages per cycle, register accesses per interrupt."""

    expected = ("register reads", "events", "messages")
    interrupts = 200

    async def body(self):
        driver = driver_of(self.config)
        await driver.start(self.env.registers.sequencer)
        await self.env.drain()
        events = events_of(driver)
        await self._one_by_one(events)
        await self._saturated(sorted(set(events)))

    async def _one_by_one(self, events: list[int]) -> None:
        statistics = self.env.scoreboard.statistics
        limit = 2 if self.config.num_vectors <= SMALL else 4
        for _ in range(self.interrupts):
            accesses, messages = statistics.register_accesses, len(statistics.message_cycles)
            event = RaiseEvents(random.choice(events))
            await event.start(self.env.events.sequencer)
            await self.interface.clock.cycles(random.randint(10, 14))
            arrived = statistics.message_cycles[messages:]
            assert len(arrived) == 1, f"event {event.indices[0]} caused {len(arrived)} messages"
            latency = arrived[0] - event.cycles[0]
            assert latency <= limit, (
                f"event {event.indices[0]}: {latency} cycles to its message, at most {limit} allowed"
            )
            statistics.latencies.append(latency)
            statistics.interrupt_handled("message", statistics.register_accesses - accesses)

    async def _saturated(self, events: list[int]) -> None:
        """Every vector is pending behind a stuck bus, and events go on while it runs again."""
        statistics = self.env.scoreboard.statistics
        self.interface.msi_sink.hold()
        await RaiseEvents(*events).start(self.env.events.sequencer)
        await self.interface.clock.cycles(10)
        before = len(statistics.message_cycles)
        more = cocotb.start_soon(RaiseEvents(*(events * (1 + 64 // len(events)))).start(self.env.events.sequencer))
        self.interface.msi_sink.release()
        await more
        await self.interface.quiet()
        assert len(statistics.message_cycles) - before >= len(events), (
            "vectors pending behind the stuck bus sent nothing"
        )
        rate = statistics.rate()
        assert rate >= 0.99, f"{rate:.2f} messages per cycle at best, 1 was promised"


@pyuvm.test(timeout_time=200, timeout_unit="ms")
@covers("whole account")
class Churn(EndpointTest):
    """Thousands of events under random backpressure and message errors, while the driver masks, unmasks, moves
    and remaps vectors, falls back to the line and returns, stops queues and resets."""

    expected = ("register reads", "events", "kicks", *(("messages",) if HAS_MSI else ("line changes",)))
    storms = 12

    def storm_size(self) -> int:
        """Events in each storm; Icarus is an order of magnitude slower."""
        return 400 if "verilator" in cocotb.SIM_NAME.lower() else 200

    async def body(self):
        driver = driver_of(self.config)
        sequencer = self.env.registers.sequencer
        await driver.start(sequencer)
        isr_loop = LineIsrLoop(self.env, lambda: random.choice((0, 5, 50)))
        disturbance = RandomBackpressure(self.interface, random)
        vector_ops = RandomVectorOps(driver, random, self.interface.clock)
        events = events_of(driver)
        for _ in range(self.storms):
            churning = cocotb.start_soon(vector_ops.start(sequencer))
            storm = EventStorm(self.interface.clock, random, self.storm_size(), events)
            await storm.start(self.env.events.sequencer)
            vector_ops.stop()
            await churning
        await disturbance.stop()
        await vector_ops.settle()
        await self.interface.quiet()
        await isr_loop.stop()
