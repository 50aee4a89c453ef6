# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the directed tests share: driver's shortcuts, exact expectations and events placed to the cycle."""

from collections import Counter
from dataclasses import replace

import cocotb
from cocotb.triggers import Event
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.config import NO_VECTOR
from cocotbext.virtio.registers import InterruptBit, MsiCommand, MsiVecStateBit, Register, StatusBit

from tb.tests.support.bench import Bench
from tb.tests.support.settings import CONFIG

# what a test needs to know when it is collected
MSI = bool(CONFIG.msi_support)
SHARING = MSI and bool(CONFIG.msi_sharing)

TIMEOUT = {"timeout_time": 3, "timeout_unit": "ms"}  # 300,000 cycles: a deadlock ends here

USED = InterruptBit.USED_BUFFER
CHANGED = InterruptBit.CONFIG_CHANGE
WORKING = StatusBit.ACKNOWLEDGE | StatusBit.DRIVER | StatusBit.FEATURES_OK

LEAD = 12  # cycles before the write of a race, so that the event can come first


class Race:
    """A register write and an event that were raced: in which cycles they were accepted, and the write's answer."""

    def __init__(self, write: Access, event: int):
        self.written = write.accepted
        self.answered = write.completed
        self.event = event


class Steps:
    """Steps of directed tests, on top of a bench with ``config``, ``interface``, ``driver``, ``messages``, ``read``,
    ``write``, ``event`` and ``cycles``."""

    _checked = 0  # messages that an expectation has consumed

    async def mask(self, vector: int) -> None:
        """MASK a vector."""
        await self.driver.mask(vector)

    async def unmask(self, vector: int) -> None:
        """UNMASK a vector."""
        await self.driver.unmask(vector)

    async def map_queue(self, queue: int, vector: int = NO_VECTOR) -> None:
        """MAP_QUEUE."""
        await self.driver.map_queue(queue, vector)

    async def map_config(self, vector: int = NO_VECTOR) -> None:
        """MAP_CONFIG."""
        await self.driver.map_config(vector)

    async def accept_features(self) -> None:
        """Accept all features, without the reset that ``negotiate`` begins with."""
        for word in (1, 0):
            await self.write(Register.DRIVER_FEATURES_SEL, word)
            await self.write(Register.DRIVER_FEATURES, self.config.offered_features >> 32 * word & 0xFFFFFFFF)
        await self.write(Register.STATUS, WORKING)

    async def interrupt_status(self) -> int:
        """Read InterruptStatus."""
        return await self.read(Register.INTERRUPT_STATUS)

    async def acknowledge(self, bits: int = USED | CHANGED) -> None:
        """Write InterruptACK."""
        await self.write(Register.INTERRUPT_ACK, bits)

    async def vector_state(self, vector: int) -> MsiVecStateBit:
        """The state bits of MsiVecState for a vector."""
        await self.write(Register.MSI_VEC_SEL, vector)
        return MsiVecStateBit(await self.read(Register.MSI_VEC_STATE) & 7)

    async def mapping(self, queue: int) -> int:
        """The vector a queue is mapped to, as MsiVecState shows it."""
        await self.write(Register.QUEUE_SEL, queue)
        return await self.read(Register.MSI_VEC_STATE) >> 16

    async def events(self, *indices: int) -> None:
        """The device raises events, back to back."""
        await self.interface.event_source.burst(list(indices))

    async def settle(self) -> None:
        """Wait until whatever is inside the endpoint has come out, as far as it may."""
        while True:
            await self.cycles(self.config.num_queues + 16)
            if not self.interface.busy:
                return
            while self.interface.busy:
                await self.cycles(4)

    async def new_messages(self) -> list[tuple[int, int]]:
        """Address and data of the messages since the last call, once everything has come out."""
        await self.settle()
        fresh = self.messages[self._checked :]
        self._checked = len(self.messages)
        return [(message.address, message.data) for message in fresh]

    async def expect_messages(self, *vectors: int) -> None:
        """Exactly one message of each vector named has come since the last expectation, in any order."""
        seen = Counter(await self.new_messages())
        expected = Counter(self.message_of(vector) for vector in vectors)
        assert seen == expected, f"messages {_text(seen)}, expected {_text(expected)}"

    async def expect_line(self, status: int) -> None:
        """InterruptStatus reads *status*, and the line is the OR of its bits."""
        await self.settle()
        seen = await self.interrupt_status()
        assert seen == status, f"InterruptStatus {seen}, expected {status:d}"
        level = self.interface.line_monitor.level
        assert level == (status != 0), f"the line is {level} with InterruptStatus {status:d}"

    async def race(self, register: int, value: int, index: int, offset: int) -> Race:
        """Write a register and raise an event so that the event is accepted *offset* cycles after the write, or
        before it when negative."""
        accepted, done = [], Event()

        def taken(cycle):
            accepted.append(cycle)
            done.set()

        write = Access(True, register, value, address_delay=LEAD, data_delay=LEAD)
        self.interface.registers.submit(write)
        self.interface.event_source.submit(index, LEAD + offset, taken)
        await write.wait()
        await done.wait()
        return Race(write, accepted[0])


def _text(messages: Counter) -> str:
    return ", ".join(f"{count} x {address:#x}/{data:#x}" for (address, data), count in messages.items()) or "none"


class DirectedTest(Steps, Bench):
    """The plain bench with the steps of directed tests."""

    async def burst(self, *writes: tuple[int, int]) -> None:
        """Write registers back to back."""
        await self.interface.registers.burst([Access(True, register, value) for register, value in writes])

    async def bring_up(self, msi: bool = MSI, reset: bool = True) -> None:
        """What Bench.bring_up does, without rings, at full bus speed: tests do it often, and on large endpoints.

        Without *reset* it does not write Status = 0 first, which would hide what aresetn has left.
        """
        config = self.config
        await (self.negotiate() if reset else self.accept_features())
        assert await self.read(Register.STATUS) & StatusBit.FEATURES_OK
        writes = []
        for queue in range(config.num_queues):
            writes += (Register.QUEUE_SEL, queue), (Register.QUEUE_NUM, config.queue_num_max), (Register.QUEUE_READY, 1)
            if msi and config.msi_sharing:
                vector = (queue + 1) % config.num_vectors
                writes += (Register.MSI_VEC_SEL, vector), (Register.MSI_CMD, MsiCommand.MAP_QUEUE)
        await self.burst(*writes)
        if msi:
            await self.configure_all(range(config.num_vectors))
            if config.msi_sharing:
                await self.map_config(0)
            await self.command(MsiCommand.ENABLE)
        await self.driver_ok()

    async def configure_all(self, vectors) -> None:
        """Give vectors the messages of :meth:`message_of`, back to back."""
        high = self.message_of(0)[0] >> 32
        writes = [(Register.MSI_ADDR_HIGH, high)]
        for vector in vectors:
            address, data = self.message_of(vector)
            assert address >> 32 == high
            writes += (Register.MSI_VEC_SEL, vector), (Register.MSI_ADDR_LOW, address & 0xFFFFFFFF)
            writes += (Register.MSI_DATA, data), (Register.MSI_CMD, MsiCommand.CONFIGURE)
        await self.burst(*writes)


async def started(dut, knobs: Knobs = Knobs()) -> DirectedTest:
    """A bench whose endpoint has just come out of aresetn."""
    bench = DirectedTest(dut, knobs)
    await bench.start()
    return bench


async def working(dut, msi: bool = MSI, knobs: Knobs = Knobs()) -> DirectedTest:
    """A bench whose endpoint is set up: all queues ready, every vector configured and mapped in order, DRIVER_OK.

    The kicks that DRIVER_OK causes have been taken.
    """
    bench = await started(dut)
    await bench.bring_up(msi)
    await bench.settle()
    bench.interface.behave(knobs)
    return bench


def stalling(knobs: Knobs = Knobs()) -> Knobs:
    """Knobs of a message bus that mostly waits, with AW, W and B out of step, and a slow register master."""
    heavy = Knobs.heavy()
    return replace(knobs, messages=heavy.messages, registers=replace(knobs.registers, bready=0.3, rready=0.3))


def both(coroutine_a, coroutine_b):
    """Start two coroutines in the same time step; returns their tasks."""
    return cocotb.start_soon(coroutine_a), cocotb.start_soon(coroutine_b)
