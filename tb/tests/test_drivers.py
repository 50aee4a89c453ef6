# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Real drivers' register sequences, and the litmus scenarios as far as a driver sees them."""

import contextlib
import random

import cocotb
import pyuvm
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.bfm.msi_sink import MsiSinkTiming
from cocotbext.virtio.config import EVENT_CONFIG, NO_VECTOR, used_event
from cocotbext.virtio.registers import InterruptBit, MsiCommand, MsiStateBit, MsiVecStateBit, Register, StatusBit
from cocotbext.virtio.transactions import MessagePresented
from cocotbext.virtio.uvm.sequences.line_isr_loop import LineIsrLoop
from cocotbext.virtio.uvm.sequences.linux_2020 import Linux2020
from cocotbext.virtio.uvm.sequences.linux_stock import LinuxStock
from cocotbext.virtio.uvm.sequences.messages import random_message
from cocotbext.virtio.uvm.sequences.raise_events import RaiseEvents
from cocotbext.virtio.uvm.sequences.spec_driver import SpecDriver

from tb.tests.support.base import EndpointTest
from tb.tests.support.covers import covers
from tb.tests.support.settings import CONFIG

NO_MSI = not CONFIG.msi_support
SHARING = bool(CONFIG.msi_sharing)
SETTLED = 20  # cycles after which whatever can be sent has been sent


class DriverTest(EndpointTest):
    """Helpers around one driver."""

    def build_knobs(self):
        return Knobs(messages=MsiSinkTiming(awready=0.6, wready=0.6, response_delay=(0, 3)))

    def connect_phase(self):
        self.arrived: list[tuple[int, int]] = []
        self.interface.message_monitor.add_callback(self._message)

    def _message(self, transaction) -> None:
        if isinstance(transaction, MessagePresented):
            self.arrived.append((transaction.address, transaction.data))

    async def bring_up(self, driver):
        """Start a driver on the register agent; returns it."""
        await driver.start(self.env.registers.sequencer)
        return driver

    async def events(self, *indices: int) -> list[tuple[int, int]]:
        """Raise events back to back; returns the messages that came."""
        return await self.messages(RaiseEvents(*indices).start(self.env.events.sequencer))

    async def messages(self, action=None) -> list[tuple[int, int]]:
        """Do something; returns the messages that came of it."""
        before = len(self.arrived)
        if action is not None:
            await action
        await self.interface.clock.cycles(SETTLED)
        while self.interface.message_monitor.address.current or self.interface.message_monitor.data.current:
            await self.interface.clock.cycles(SETTLED)
        return self.arrived[before:]

    async def serve_line(self, driver, bits: InterruptBit) -> None:
        """The line is up for exactly these bits; acknowledge them."""
        assert self.interface.line_monitor.level == bool(bits), f"irq is {self.interface.line_monitor.level}"
        status = await driver.read(Register.INTERRUPT_STATUS)
        assert status == bits, f"InterruptStatus reads {status:#x}, expected {int(bits):#x}"
        await driver.write(Register.INTERRUPT_ACK, status)
        await self.interface.clock.cycles(SETTLED)
        assert not self.interface.line_monitor.level, "irq is still high after the acknowledge"


# The drivers


@pyuvm.test(timeout_time=20, timeout_unit="ms")
@covers("driver stock", "MSI-14", "MMIO-50", "MMIO-51", "MMIO-52", "MMIO-59")
class StockLinux(DriverTest):
    """Set-up, kicks, interrupts by line, shared memory, teardown, and once more (MSI-14, MMIO-47..53, 59)."""

    expected = ("register reads", "events", "kicks", "line changes")

    async def body(self):
        for _ in range(2):
            driver = await self.bring_up(LinuxStock(self.config))
            assert not await driver.look_for_shared_memory(0), "a memory region that is not there"
            isr_loop = LineIsrLoop(self.env)
            for queue in range(self.config.num_queues):
                await driver.kick(queue, random.getrandbits(16))
                await self.events(used_event(queue))
            await self.events(EVENT_CONFIG, *(used_event(queue) for queue in range(self.config.num_queues)))
            await isr_loop.stop()
            assert isr_loop.interrupts, "the line was never up"
            await driver.tear_down()
        assert not self.arrived, "a message without MSI"


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=NO_MSI)
@covers("driver text", "MSI-17", "MSI-20", "MSI-23", "MSI-27", "MSI-28")
class SpecLiteralDriver(DriverTest):
    """P4 order: vectors, ENABLE, queues, DRIVER_OK; every event on the vector it is mapped to (MSI-17, 20, 23, 27,
    28)."""

    expected = ("register reads", "events", "messages", "kicks")

    async def body(self):
        driver = await self.bring_up(SpecDriver(self.config))
        for event, vector in driver.mapping.items():
            assert await self.events(event) == [driver.messages[vector]], f"event {event}"
        for queue in driver.queues:
            await driver.kick(queue)
        assert not self.interface.line_monitor.level


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=NO_MSI)
@covers("driver 2020", "L14", "MSI-5", "MSI-18", "MSI-25", "MSI-26", "MSI-32")
class Linux2020SetUp(DriverTest):
    """Per-queue vectors or shared ones, whichever the device asks for; L14: only vector 0 is ever unmasked, and all
    of them work
    (MSI-5, 18, 25, 26, 32)."""

    expected = ("register reads", "events", "messages", "kicks")

    async def body(self):
        driver = await self.bring_up(Linux2020(self.config))
        assert driver.mode == ("shared" if SHARING else "per queue")
        assert (await driver.read(Register.MSI_STATE)) & MsiStateBit.ENABLED_ALT
        assert await self.events(EVENT_CONFIG) == [driver.messages[0]]
        for queue, vector in driver.vectors.items():
            assert await self.events(used_event(queue)) == [driver.messages[vector]], f"queue {queue}"
            await driver.kick(queue)
        if SHARING:
            assert set(driver.vectors.values()) == {1}
        await driver.tear_down()
        assert not await self.events(EVENT_CONFIG, used_event(0)), "a message after teardown"


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=NO_MSI)
@covers("driver 2020", "MSI-25")
class Linux2020WithoutCallbacks(DriverTest):
    """A queue without a callback: never mapped in sharing mode (MSI-25), shifts the driver's numbering without sharing:
    its event goes to a vector of its own number, whatever the driver thinks."""

    expected = ("register reads", "events", "messages")

    async def body(self):
        count = self.config.num_queues
        callbacks = [queue != 0 for queue in range(count)]
        driver = await self.bring_up(Linux2020(self.config, callbacks))
        for queue in range(count):
            arrived = await self.events(used_event(queue))
            if SHARING:
                assert arrived == ([driver.messages[1]] if callbacks[queue] else []), f"queue {queue}"
            elif queue + 1 in driver.messages:
                assert arrived == [driver.messages[queue + 1]], f"queue {queue}"
            else:  # the vector was never configured: pending
                assert not arrived, f"queue {queue}"
                await driver.write(Register.MSI_VEC_SEL, queue + 1)
                assert await driver.read(Register.MSI_VEC_STATE) & MsiVecStateBit.PENDING
        assert await self.events(EVENT_CONFIG) == [driver.messages[0]]


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=NO_MSI)
@covers("driver 2020", "L15", "MSI-18", "MSI-30", "MSI-31")
class Linux2020RunTime(DriverTest):
    """Affinity changes while unmasked and in the ack path, MASK and UNMASK that always hit vector 0;
    L15: configuration changes are held meanwhile and come as one message (MSI-18, 30, 31)."""

    expected = ("register reads", "events", "messages")

    async def body(self):
        driver = await self.bring_up(Linux2020(self.config))
        vectors = list(driver.messages)
        for number in range(20):
            vector = random.choice(vectors)
            await driver.set_affinity(vector, random_message(random), acking=bool(number % 2))
            queue = random.choice(list(driver.vectors))
            assert await self.events(used_event(queue)) == [driver.messages[driver.vectors[queue]]]
        await driver.mask(vectors[-1])  # meant for a queue, hits the configuration vector
        queue = next(iter(driver.vectors))
        assert await self.events(used_event(queue)) == [driver.messages[driver.vectors[queue]]]
        assert not await self.events(EVENT_CONFIG, EVENT_CONFIG)
        assert await self.messages(driver.unmask(vectors[-1])) == [driver.messages[0]]


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=NO_MSI)
@covers("driver 2020", "L10", "MSI-4", "MSI-7", "MSI-38")
class Linux2020TearDown(DriverTest):
    """Teardown: everything after the reset is ignored, the ENABLE that should be DISABLE too; L10: the next driver,
    stock Linux, works by line (MSI-4, 7, 38)."""

    expected = ("register reads", "events", "messages", "line changes")

    async def body(self):
        driver = await self.bring_up(Linux2020(self.config))
        await self.events(EVENT_CONFIG)
        await driver.tear_down()
        assert await driver.read(Register.MSI_STATE) == 0
        stock = await self.bring_up(LinuxStock(self.config))
        assert not await self.events(used_event(0))
        await self.serve_line(stock, InterruptBit.USED_BUFFER)
        await self.events(EVENT_CONFIG)
        await self.serve_line(stock, InterruptBit.CONFIG_CHANGE)


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=NO_MSI)
@covers("driver 2020", "MSI-15")
class Linux2020Fallback(DriverTest):
    """Fallback: the interrupt of the second vector cannot be had; the driver goes on with the line but has left MSI
    enabled: its vectors hold the addresses 0, so nothing is sent anywhere. DISABLE brings all of it back (MSI-15,
    19)."""

    expected = ("register reads", "events", "line changes")

    async def body(self):
        driver = await self.bring_up(Linux2020(self.config, lines_fail=1))
        assert driver.mode == "line"
        zeroed = not await self.events(EVENT_CONFIG)
        assert zeroed, "vector 0 has the address 0 and sent"
        assert not self.interface.line_monitor.level, "the line is up while MSI is enabled"
        await driver.write(Register.MSI_CMD, MsiCommand.DISABLE)
        await self.interface.clock.cycles(SETTLED)
        await self.serve_line(driver, InterruptBit.CONFIG_CHANGE)
        await self.events(used_event(0))
        await self.serve_line(driver, InterruptBit.USED_BUFFER)


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=NO_MSI or SHARING)
@covers("driver 2020")
class Linux2020TooFewVectors(DriverTest):
    """A driver that wants more vectors than there are uses the line without having touched MSI."""

    expected = ("register reads", "events", "line changes")

    async def body(self):
        driver = Linux2020(self.config, callbacks=[True] * self.config.num_vectors)
        with contextlib.suppress(LookupError):  # nor are there so many queues
            await self.bring_up(driver)
        assert driver.mode == "line"
        assert not await driver.read(Register.MSI_STATE) & MsiStateBit.ENABLED
        await driver.add_status(StatusBit.DRIVER_OK)
        await self.events(used_event(0))
        await self.serve_line(driver, InterruptBit.USED_BUFFER)


# The litmus scenarios


class Litmus(DriverTest):
    """A spec-literal driver is up; V is the vector of queue 0."""

    async def scenario(self, driver: SpecDriver) -> None:
        """The scenario."""
        raise NotImplementedError

    async def body(self):
        driver = SpecDriver(self.config)
        self.vector = driver.mapping[used_event(0)]
        self.message = driver.messages[self.vector]
        await self.bring_up(driver)
        await self.scenario(driver)


@pyuvm.test(timeout_time=5, timeout_unit="ms", skip=NO_MSI)
@covers("L1", "MSI-31")
class L1HeldByMask(Litmus):
    """L1: MASK, 3 used buffers, UNMASK: none before, exactly one after (MSI-31)."""

    async def scenario(self, driver):
        await driver.mask(self.vector)
        assert not await self.events(*[used_event(0)] * 3)
        assert await self.messages(driver.unmask(self.vector)) == [self.message]


@pyuvm.test(timeout_time=5, timeout_unit="ms", skip=NO_MSI)
@covers("L2", "MSI-17", "MSI-31")
class L2MovedWhileMasked(Litmus):
    """L2: MASK, event, CONFIGURE, UNMASK: one message, at the new address (MSI-17, 31)."""

    async def scenario(self, driver):
        await driver.mask(self.vector)
        assert not await self.events(used_event(0))
        new = random_message(random)
        assert not await self.messages(driver.configure(self.vector, *new))
        assert await self.messages(driver.unmask(self.vector)) == [new]


@pyuvm.test(timeout_time=5, timeout_unit="ms", skip=NO_MSI or not SHARING)
@covers("L3", "MSI-20", "MSI-31")
class L3OneForTwoQueues(Litmus):
    """L3: two queues on one masked vector, an event of each, UNMASK: one message (MSI-20, 31)."""

    async def scenario(self, driver):
        for queue in (0, 1):
            await driver.map_queue(queue, 1)
        await driver.mask(1)
        assert not await self.events(used_event(0), used_event(1))
        assert await self.messages(driver.unmask(1)) == [driver.messages[1]]


@pyuvm.test(timeout_time=5, timeout_unit="ms", skip=NO_MSI or not SHARING)
@covers("L4", "MSI-20")
class L4RemappedWhilePending(Litmus):
    """L4: the mapping moves away from a masked vector that is pending: the new one sends, nothing is lost (MSI-20)."""

    async def scenario(self, driver):
        other = (self.vector + 1) % self.config.num_vectors
        await driver.mask(self.vector)
        assert not await self.events(used_event(0))
        assert await self.messages(driver.map_queue(0, other)) == [driver.messages[other]]
        assert await self.messages(driver.unmask(self.vector)) == [self.message]


@pyuvm.test(timeout_time=5, timeout_unit="ms", skip=NO_MSI)
@covers("L5", "MSI-21", "MSI-29")
class L5NoVector(Litmus):
    """L5: unmapped event: no message, no line, InterruptStatus 0 (MSI-21, 29)."""

    async def scenario(self, driver):
        await driver.map_queue(0, NO_VECTOR)
        assert not await self.events(used_event(0))
        assert not self.interface.line_monitor.level
        assert await driver.read(Register.INTERRUPT_STATUS) == 0
        assert not await self.messages(driver.map_queue(0, self.vector)), "a dropped event came back"
        assert await self.events(used_event(0)) == [self.message]


@pyuvm.test(timeout_time=5, timeout_unit="ms", skip=NO_MSI)
@covers("L6", "MSI-10", "MSI-14", "MSI-15")
class L6BackToTheLine(Litmus):
    """L6: ENABLE, event, DISABLE, event: one message, then the line with InterruptStatus bit 0 (MSI-10, 14, 15)."""

    async def scenario(self, driver):
        assert await self.events(used_event(0)) == [self.message]
        await driver.disable_msi()
        assert await driver.read(Register.INTERRUPT_STATUS) == 0
        assert not await self.events(used_event(0))
        await self.serve_line(driver, InterruptBit.USED_BUFFER)


@pyuvm.test(timeout_time=5, timeout_unit="ms", skip=NO_MSI)
@covers("L7", "MSI-13")
class L7EnabledWithStatusSet(Litmus):
    """L7: an event by line that nobody acknowledged, ENABLE: the line drops, the event becomes a message (MSI-13)."""

    async def scenario(self, driver):
        await driver.disable_msi()
        assert not await self.events(EVENT_CONFIG)
        assert self.interface.line_monitor.level
        arrived = await self.messages(driver.enable_msi())
        assert arrived == [driver.messages[driver.mapping[EVENT_CONFIG]]]
        assert not self.interface.line_monitor.level
        assert await driver.read(Register.INTERRUPT_STATUS) == 0


@pyuvm.test(timeout_time=5, timeout_unit="ms", skip=NO_MSI)
@covers("L8", "MSI-36")
class L8NoSuchVector(Litmus):
    """L8: commands for a vector that does not exist change none (MSI-36)."""

    async def scenario(self, driver):
        for beyond in (self.config.num_vectors, self.config.num_vectors | 1 << 16, 1 << 31, NO_VECTOR):
            for command in (MsiCommand.MASK, MsiCommand.CONFIGURE, MsiCommand.UNMASK):
                await driver.command(command, beyond)
            if beyond != NO_VECTOR:
                await driver.map_queue(0, beyond)
                await driver.map_config(beyond)
        assert await self.events(used_event(0)) == [self.message]
        assert await self.events(EVENT_CONFIG) == [driver.messages[driver.mapping[EVENT_CONFIG]]]


@pyuvm.test(timeout_time=5, timeout_unit="ms", skip=NO_MSI)
@covers("L9", "MSI-38")
class L9NothingStale(Litmus):
    """L9: reset with a vector masked and pending; after a new bring-up and UNMASK nothing comes (MSI-38)."""

    async def scenario(self, driver):
        await driver.mask(self.vector)
        assert not await self.events(used_event(0))
        assert not await self.messages(self.bring_up(driver))
        assert not await self.messages(driver.unmask(self.vector)), "a message from before the reset"
        assert await self.events(used_event(0)) == [self.message]


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=NO_MSI)
@covers("L11", "MSI-17")
class L11NeverMixed(Litmus):
    """L11: CONFIGURE concurrent with events: every message is an old pair or a new one (MSI-17)."""

    expected = ("register reads", "events", "messages")

    async def scenario(self, driver):
        pairs = {self.message}
        for _ in range(60):
            new = random_message(random)
            pairs.add(new)
            raising = cocotb.start_soon(
                RaiseEvents(*[used_event(0)] * random.randint(1, 8)).start(self.env.events.sequencer)
            )
            await driver.configure(self.vector, *new)
            await raising
        await self.messages()
        mixed = set(self.arrived) - pairs
        assert not mixed, f"never configured: {[(hex(address), hex(data)) for address, data in mixed]}"


class _Hesitant(SpecDriver):
    """Stops before DRIVER_OK."""

    async def body(self):
        await self.prepare()


@pyuvm.test(timeout_time=5, timeout_unit="ms", skip=NO_MSI)
@covers("L12", "MMIO-18")
class L12NothingBeforeDriverOk(DriverTest):
    """L12: ENABLE before DRIVER_OK, queues ready and kicked: nothing until DRIVER_OK, then what was due (MMIO-18)."""

    async def body(self):
        driver = await self.bring_up(_Hesitant(self.config))
        await driver.kick(0)
        assert not await self.events(used_event(0), EVENT_CONFIG)
        arrived = await self.messages(driver.add_status(StatusBit.DRIVER_OK))
        vectors = {driver.mapping[used_event(0)], driver.mapping[EVENT_CONFIG]}
        assert sorted(arrived) == sorted(driver.messages[vector] for vector in vectors)


@pyuvm.test(timeout_time=5, timeout_unit="ms", skip=NO_MSI)
@covers("L13", "MSI-11", "MSI-12")
class L13StatusIsDead(Litmus):
    """L13: while MSI is enabled InterruptStatus reads 0 and InterruptACK does nothing (MSI-11, 12)."""

    async def scenario(self, driver):
        await driver.mask(self.vector)
        assert not await self.events(used_event(0))
        assert await driver.read(Register.INTERRUPT_STATUS) == 0
        await driver.write(Register.INTERRUPT_ACK, 3)
        assert await self.messages(driver.unmask(self.vector)) == [self.message]


# Corners that need a driver and a partner of a special kind


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=NO_MSI)
@covers("rule 13")
class ManyUnanswered(DriverTest):
    """An interrupt controller that answers late, and every message with an error: each error is reported for its
    vector, however many messages wait (rule 13)."""

    expected = ("register reads", "events", "messages", "faults")

    async def body(self):
        driver = await self.bring_up(SpecDriver(self.config))
        target = self.interface.msi_sink
        target.behave(MsiSinkTiming(error_rate=1.0))
        target.hold(address=False, data=False)
        queues = driver.queues[:8]
        for number in range(40):
            await RaiseEvents(used_event(queues[number % len(queues)])).start(self.env.events.sequencer)
            await self.interface.clock.cycles(8)
        target.release()


@pyuvm.test(timeout_time=50, timeout_unit="ms", skip=NO_MSI)
@covers("rule 9")
class DisabledDuringConversion(Litmus):
    """DISABLE while ENABLE is still turning InterruptStatus into pending vectors: the event is in InterruptStatus
    again (rule 9). Every queue is stopped but the last, which the conversion meets last."""

    expected = ("register reads", "events", "line changes")

    async def scenario(self, driver):
        last = driver.queues[-1]
        for queue in driver.queues[:-1]:
            await driver.stop_queue(queue)
        await driver.mask(driver.mapping[used_event(last)])
        await driver.disable_msi()
        nothing = (Register.MSI_CMD, 0)
        for distance in (*range(12), len(driver.queues) // 2, len(driver.queues)):
            await self.events(used_event(last))
            await driver.write_together(
                (Register.MSI_CMD, MsiCommand.ENABLE), *[nothing] * distance, (Register.MSI_CMD, MsiCommand.DISABLE)
            )
            await self.interface.clock.cycles(SETTLED)
            await self.serve_line(driver, InterruptBit.USED_BUFFER)
