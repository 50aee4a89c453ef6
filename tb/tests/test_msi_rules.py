# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The interrupt semantics, rule by rule, in pyuvm style."""

import random

import cocotb
import pyuvm
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.bfm.msi_sink import MsiSinkTiming
from cocotbext.virtio.config import EVENT_CONFIG, NO_VECTOR, used_event
from cocotbext.virtio.registers import MsiCommand, MsiVecStateBit, Register, StatusBit
from cocotbext.virtio.uvm.agents import RegisterDriver
from pyuvm import uvm_factory

from tb.tests.support.covers import covers
from tb.tests.support.directed import CHANGED, CONFIG, SHARING, TIMEOUT, USED
from tb.tests.support.directed_uvm_test import DirectedUvmTest

QUEUES, VECTORS = CONFIG.num_queues, CONFIG.num_vectors
FEW = range(min(QUEUES, 6))  # queues that a test works on; each has a vector of its own: queue + 1


class MsiRule(DirectedUvmTest):
    """A rule looked at with MSI on; every event has its own vector."""

    expected = ("register writes", "messages", "events")

    async def body(self):
        await self.bring_up()
        await self.settle()
        await self.rule()

    async def rule(self):
        """What the test does."""
        raise NotImplementedError


@pyuvm.test(**TIMEOUT)
@covers("rule 1", "MSI-32")
class Rule1NothingWithoutAddress(MsiRule):
    """Vectors start unmasked and unconfigured; pending waits for an address, and goes out when there is one."""

    async def rule(self):
        await self.negotiate()
        await self.enable_queue(0)
        await self.map_queue(0, 1)
        await self.command(MsiCommand.ENABLE)
        await self.driver_ok()
        await self.events(used_event(0), used_event(0))
        await self.expect_messages()
        assert await self.vector_state(1) == MsiVecStateBit.PENDING
        await self.configure(1, *self.message_of(1))
        await self.expect_messages(1)
        assert await self.vector_state(1) == MsiVecStateBit.CONFIGURED


@pyuvm.test(**TIMEOUT)
@covers("rule 2", "MSI-14", "MMIO-50")
class Rule2LineWhileDisabled(MsiRule):
    """With MSI off no message is ever sent, whatever is configured; events are bits and the line."""

    async def rule(self):
        await self.command(MsiCommand.DISABLE)
        for queue in FEW:
            await self.event(used_event(queue))
            await self.expect_line(USED)
            await self.unmask(queue + 1)
            await self.acknowledge()
            await self.expect_line(0)
        await self.expect_messages()
        await self.command(MsiCommand.ENABLE)
        await self.event(EVENT_CONFIG)
        await self.expect_messages(0)


@pyuvm.test(**TIMEOUT)
@covers("rule 3", "MSI-11", "MSI-12", "MSI-13", "L13")
class Rule3NoStatusWhileEnabled(MsiRule):
    """With MSI on InterruptStatus reads 0 and InterruptACK does nothing, even to a masked vector's event."""

    async def rule(self):
        await self.mask(1)
        await self.events(used_event(0), EVENT_CONFIG)
        await self.expect_messages(0)
        await self.expect_line(0)
        await self.acknowledge(0xFFFFFFFF)
        assert await self.vector_state(1) & MsiVecStateBit.PENDING
        await self.unmask(1)
        await self.expect_messages(1)
        await self.map_config(NO_VECTOR)
        await self.event(EVENT_CONFIG)
        await self.expect_messages()
        await self.expect_line(0)


@pyuvm.test(**TIMEOUT)
@covers("rule 4", "MSI-23", "MSI-27", "MSI-28")
class Rule4EachEventItsMessage(MsiRule):
    """One event, one message, of the event's own vector, each by itself and all at once."""

    async def rule(self):
        for queue in FEW:
            await self.event(used_event(queue))
            await self.expect_messages(queue + 1)
        await self.event(EVENT_CONFIG)
        await self.expect_messages(0)
        order = random.sample([0, *(queue + 1 for queue in FEW)], len(FEW) + 1)
        await self.events(*order)
        await self.expect_messages(*order)


class SlowDriver(RegisterDriver):
    """Replaces the register driver: leaves a random pause before each item."""

    async def run_phase(self):
        while True:
            item = await self.seq_item_port.get_next_item()
            for access in item.accesses:
                access.address_delay = random.randint(0, 9)
                access.data_delay = random.randint(0, 9)
                self.master.submit(access)
            await item.wait()
            self.seq_item_port.item_done()


@pyuvm.test(**TIMEOUT)
@covers("rule 4", "rule 6", "MSI-31", "MSI-35")
class Rule4UnderBackpressure(MsiRule):
    """A stalling bus, a slow driver that masks and unmasks, and events all the time: each is followed by a message."""

    def build_knobs(self):
        return Knobs.heavy()

    def override(self):
        uvm_factory().set_type_override_by_type(RegisterDriver, SlowDriver)

    async def rule(self):
        last = {}

        async def storm():
            for _ in range(80):
                queue = random.choice(FEW)
                last[queue] = await self.event(used_event(queue))
                await self.cycles(random.randint(0, 30))

        storming = cocotb.start_soon(storm())
        while not storming.done():
            vector = random.choice(FEW) + 1
            await self.mask(vector)
            await self.cycles(random.randint(0, 20))
            await self.unmask(vector)
        await self.settle()
        for queue, event in last.items():
            address, _ = self.message_of(queue + 1)
            assert any(message.presented > event for message in self.messages if message.address == address)
        assert len(self.messages) <= 80, "messages without a cause"


@pyuvm.test(**TIMEOUT)
@covers("rule 5", "rule 6", "MSI-35", "L14", "L15")
class Rule5MaskedBlocksNobody(MsiRule):
    """A masked pending vector, low or high, does not keep any other from sending."""

    async def rule(self):
        vectors = [0, *(queue + 1 for queue in FEW)]
        for masked in vectors:
            await self.mask(masked)
            await self.event(masked)
            others = [vector for vector in vectors if vector != masked]
            await self.events(*others)
            await self.expect_messages(*others)
            await self.unmask(masked)
            await self.expect_messages(masked)


@pyuvm.test(**TIMEOUT)
@covers("rule 5")
class Rule5Fair(MsiRule):
    """All vectors pending behind a bus that is stuck, one of them again and again: each is served in the first
    round."""

    async def rule(self):
        vectors = [0, *(queue + 1 for queue in FEW)]
        target = self.interface.msi_sink
        for greedy in vectors:
            target.hold()
            await self.events(*vectors)
            await self.cycles(8)
            start = len(self.messages) + 1  # one is on the bus already
            storm = cocotb.start_soon(self.events(*[greedy] * 40))
            await self.cycles(4)
            target.release()
            await storm
            await self.settle()
            first = {message.address for message in self.messages[start - 1 : start + len(vectors)]}
            assert first == {self.message_of(vector)[0] for vector in vectors}, "one was passed over"
        await self.new_messages()


@pyuvm.test(**TIMEOUT)
@covers("rule 6", "MSI-31", "L1")
class Rule6UnmaskSendsOne(MsiRule):
    """Any number of events on a masked vector is one message at UNMASK: the high one while the low one stays masked."""

    async def rule(self):
        low, high = 1, len(FEW)
        if low == high:
            low = 0
        for first, second in ((high, low), (low, high)):
            await self.mask(low)
            await self.mask(high)
            await self.events(*[low, high] * 5)
            await self.expect_messages()
            await self.unmask(first)
            await self.expect_messages(first)
            await self.event(first)
            await self.expect_messages(first)
            await self.unmask(second)
            await self.expect_messages(second)


@pyuvm.test(**TIMEOUT)
@covers("rule 6", "MSI-34")
class Rule6MaskIsInForceWhenAnswered(MsiRule):
    """With the bus stuck, what MASK finds on it may complete; nothing of the vector is presented after its answer."""

    async def rule(self):
        target = self.interface.msi_sink
        for queue in FEW:
            target.hold()
            await self.events(EVENT_CONFIG, used_event(queue))  # vector 0 is on the bus, queue's waits inside
            await self.cycles(10)
            await self.mask(queue + 1)
            target.release()
            await self.expect_messages(0)
            await self.unmask(queue + 1)
            await self.expect_messages(queue + 1)


@pyuvm.test(**TIMEOUT)
@covers("rule 7", "MSI-17", "L11")
class Rule7NeverMixed(MsiRule):
    """CONFIGURE at full speed against an event storm on the same vector: each message is one CONFIGURE's pair."""

    def build_knobs(self):
        return Knobs(messages=MsiSinkTiming(awready=0.5, wready=0.5))

    async def rule(self):
        pairs = [(turn << 32 | (turn ^ 0xFFFF0) << 2, turn) for turn in range(1, 60)]
        storm = cocotb.start_soon(self.events(*[used_event(0)] * 600))
        for address, data in pairs:
            await self.configure(1, address, data)
        await storm
        seen = await self.new_messages()
        assert set(seen) <= {self.message_of(1), *pairs}
        assert len(set(seen)) > 10
        turns = [data for _, data in seen if data < 60]
        assert turns == sorted(turns), "an old pair came after a newer one"
        await self.configure(1, *self.message_of(1))


@pyuvm.test(skip=not SHARING, **TIMEOUT)
@covers("rule 8", "MSI-20", "L4")
class Rule8RemapWhileEventsCome(MsiRule):
    """A queue's mapping moves between vectors that are masked and unmasked during a storm: no event is lost."""

    def build_knobs(self):
        return Knobs.light()

    async def rule(self):
        last = None

        async def storm():
            nonlocal last
            for _ in range(60):
                last = await self.event(used_event(0))
                await self.cycles(random.randint(0, 25))

        storming = cocotb.start_soon(storm())
        vectors = list(range(min(VECTORS, 4)))
        while not storming.done():
            await self.map_queue(0, random.choice(vectors))
            await random.choice((self.mask, self.unmask))(random.choice(vectors))
        for vector in vectors:
            await self.unmask(vector)
        await self.settle()
        assert any(message.presented > last for message in self.messages), f"no message after the event of cycle {last}"
        await self.new_messages()


@pyuvm.test(**TIMEOUT)
@covers("rule 9", "MSI-13", "L7")
class Rule9EnableConverts(MsiRule):
    """Bit 1 becomes a message of the configuration vector, bit 0 one of every ready queue's; the line drops."""

    async def rule(self):
        stopped = QUEUES - 1 if QUEUES > 1 else None
        if stopped is not None:
            await self.write(Register.QUEUE_SEL, stopped)
            await self.write(Register.QUEUE_READY, 0)
        ready = [queue for queue in range(QUEUES) if queue != stopped]
        for events, vectors in (
            ((used_event(0),), [queue + 1 for queue in ready]),
            ((EVENT_CONFIG,), [0]),
            ((EVENT_CONFIG, used_event(0)), [0, *(queue + 1 for queue in ready)]),
            ((), []),
        ):
            await self.command(MsiCommand.DISABLE)
            await self.events(*events)
            await self.settle()
            assert self.interface.line_monitor.level == bool(events)
            start = self.interface.clock.cycle
            await self.command(MsiCommand.ENABLE)
            await self.cycles(2)
            assert self.interface.line_monitor.level == 0
            await self.expect_messages(*vectors)
            await self.expect_line(0)
            if events:
                assert self.messages[-1].presented - start <= QUEUES + 12


@pyuvm.test(**TIMEOUT)
@covers("rule 9", "MSI-31")
class Rule9EnableWithMaskedVectors(MsiRule):
    """The conversion makes a masked vector pending; it is sent at UNMASK."""

    async def rule(self):
        await self.command(MsiCommand.DISABLE)
        for vector in (0, 1):
            await self.mask(vector)
        await self.events(EVENT_CONFIG, used_event(0))
        await self.settle()
        await self.command(MsiCommand.ENABLE)
        await self.expect_messages(*(queue + 1 for queue in range(1, QUEUES)))
        for vector in (1, 0):
            await self.unmask(vector)
            await self.expect_messages(vector)


@pyuvm.test(**TIMEOUT)
@covers("rule 9", "MSI-15", "L6")
class Rule9DisableConverts(MsiRule):
    """Pending vectors become the bits of their causes, and only those; nothing is sent later."""

    async def rule(self):
        for events, bits in (
            ((), 0),
            ((used_event(0),), USED),
            ((EVENT_CONFIG,), CHANGED),
            ((EVENT_CONFIG, used_event(0)), USED | CHANGED),
        ):
            for vector in (0, 1):
                await self.mask(vector)
            await self.events(*events)
            await self.settle()
            await self.command(MsiCommand.DISABLE)
            await self.expect_line(bits)
            for vector in (0, 1):
                await self.unmask(vector)
                assert not await self.vector_state(vector) & MsiVecStateBit.PENDING
            await self.acknowledge()
            await self.command(MsiCommand.ENABLE)
            await self.expect_messages()
        await self.event(EVENT_CONFIG)
        await self.expect_messages(0)


@pyuvm.test(skip=not SHARING, **TIMEOUT)
@covers("rule 9")
class Rule9CausesOnOneVector(MsiRule):
    """Queue and configuration change on one vector: DISABLE gives back the one that is pending, not the other; a cause
    that was sent does not come back, and one that moved with its mapping does."""

    async def rule(self):
        await self.map_queue(0, 1)
        await self.map_config(1)
        for events, bits in (
            ((used_event(0),), USED),
            ((EVENT_CONFIG,), CHANGED),
            ((EVENT_CONFIG, used_event(0)), USED | CHANGED),
            ((used_event(0), EVENT_CONFIG), USED | CHANGED),
        ):
            await self.mask(1)
            await self.events(*events)
            await self.command(MsiCommand.DISABLE)
            await self.expect_line(bits)
            await self.acknowledge()
            await self.command(MsiCommand.ENABLE)
            await self.unmask(1)
            await self.expect_messages()
        for event, bit, move in (
            (used_event(0), USED, lambda: self.map_queue(0, 0)),
            (EVENT_CONFIG, CHANGED, lambda: self.map_config(0)),
        ):
            await self.event(used_event(0) if event == EVENT_CONFIG else EVENT_CONFIG)  # sent: no cause any more
            await self.settle()
            await self.mask(1)
            await self.event(event)
            await self.mask(0)
            await move()
            await self.command(MsiCommand.DISABLE)
            await self.expect_line(bit)
            await self.acknowledge()
            await self.command(MsiCommand.ENABLE)
            for vector in (0, 1):
                await self.unmask(vector)
            await self.map_queue(0, 1)
            await self.map_config(1)
            await self.new_messages()


@pyuvm.test(**TIMEOUT)
@covers("rule 9", "rule 12")
class Rule9EnableWithoutQueues(MsiRule):
    """The queue of the bit has been stopped since: nobody is left to be told, and nothing is sent."""

    async def rule(self):
        await self.command(MsiCommand.DISABLE)
        await self.event(used_event(0))
        await self.settle()
        for queue in range(QUEUES):
            await self.write(Register.QUEUE_SEL, queue)
            await self.write(Register.QUEUE_READY, 0)
        await self.command(MsiCommand.ENABLE)
        await self.expect_messages()
        await self.expect_line(0)
        await self.event(EVENT_CONFIG)
        await self.expect_messages(0)


@pyuvm.test(**TIMEOUT)
@covers("rule 10", "MMIO-18", "L12")
class Rule10NothingBeforeDriverOk(MsiRule):
    """DRIVER_OK taken back holds messages; set again, each pending vector sends once."""

    async def rule(self):
        status = await self.read(Register.STATUS)
        await self.write(Register.STATUS, status & ~StatusBit.DRIVER_OK)
        await self.events(*range(len(FEW) + 1), *range(len(FEW) + 1))
        await self.expect_messages()
        await self.expect_line(0)
        await self.write(Register.STATUS, status)
        await self.expect_messages(*range(len(FEW) + 1))


@pyuvm.test(**TIMEOUT)
@covers("rule 11", "MSI-38", "MMIO-12", "L9")
class Rule11ResetForgetsAll(MsiRule):
    """Masks, pending, mapping, addresses, ENABLE: nothing survives, nothing stale is sent in the next life."""

    async def rule(self):
        await self.mask(1)
        await self.events(used_event(0), used_event(0))
        await self.bring_up()
        await self.expect_messages()
        assert await self.vector_state(1) == MsiVecStateBit.CONFIGURED
        await self.unmask(1)
        await self.expect_messages()
        await self.event(used_event(0))
        await self.expect_messages(1)


@pyuvm.test(**TIMEOUT)
@covers("rule 12", "MSI-39")
class Rule12StoppedQueue(MsiRule):
    """Stopping a queue withdraws nothing that is pending; its later events, and those of no queue, are dropped."""

    async def rule(self):
        await self.mask(1)
        await self.event(used_event(0))
        await self.write(Register.QUEUE_SEL, 0)
        await self.write(Register.QUEUE_READY, 0)
        await self.unmask(1)
        await self.expect_messages(1)
        last = QUEUES + 1
        await self.events(used_event(0), last, last + 1, 0x100, 0x8000, 0x8001, 0xFFFF)
        await self.expect_messages()
        await self.write(Register.QUEUE_READY, 1)
        await self.expect_messages()
        await self.event(used_event(0))
        await self.expect_messages(1)


@pyuvm.test(**TIMEOUT)
@covers("rule 13", "MMIO-20", "MMIO-21", "MSI-28")
class Rule13FaultIsReported(MsiRule):
    """Vector 1's message fails: the driver finds DEVICE_NEEDS_RESET and is told by vector 0, once; others go on."""

    expected = ("messages", "faults")

    async def rule(self):
        broken = MsiSinkTiming(response=lambda address: 2 if address & 0x10 else 0)  # SLVERR to every odd slot
        self.interface.msi_sink.behave(broken)
        await self.event(used_event(0))
        await self.expect_messages(1, 0)
        assert await self.read(Register.STATUS) & StatusBit.DEVICE_NEEDS_RESET
        await self.event(used_event(0))
        await self.expect_messages(1)
        await self.event(EVENT_CONFIG)
        await self.expect_messages(0)
