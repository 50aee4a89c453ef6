# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Base of the directed tests in pyuvm style."""

from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.driver.mmio_driver import MmioDriver
from cocotbext.virtio.transactions import ConfigAccess, KickTaken, MessagePresented
from cocotbext.virtio.uvm.items import EventItem, RegisterItem
from pyuvm import uvm_sequence

from tb.tests.support.base import EndpointTest
from tb.tests.support.bench import Bench
from tb.tests.support.directed import Steps


class OneItem(uvm_sequence):
    """Carries a single item to a sequencer."""

    def __init__(self, item):
        super().__init__("one_item")
        self._item = item

    async def body(self):
        await self.start_item(self._item)
        await self.finish_item(self._item)


class DirectedUvmTest(Steps, EndpointTest):
    """Every access goes through the sequencers; what a driver does with them is that of the plain bench.

    Attributes:
        messages, kicks, config_accesses: everything observed of these kinds.
    """

    expected = ("register writes",)

    command, configure, negotiate = Bench.command, Bench.configure, Bench.negotiate
    enable_queue, driver_ok, bring_up = Bench.enable_queue, Bench.driver_ok, Bench.bring_up
    message_of = staticmethod(Bench.message_of)

    def end_of_elaboration_phase(self):
        super().end_of_elaboration_phase()
        config = self.config
        self.driver = MmioDriver(self, msi_feature_bit=config.msi_feature_bit, messages=self.message_of)
        self.messages, self.kicks, self.config_accesses = [], [], []
        kept = {MessagePresented: self.messages, KickTaken: self.kicks, ConfigAccess: self.config_accesses}

        def keep(transaction):
            if type(transaction) in kept:
                kept[type(transaction)].append(transaction)

        self.interface.observe(keep)

    async def read(self, register: int) -> int:
        """Read a register through the register agent."""
        item = RegisterItem.read(register)
        await OneItem(item).start(self.env.registers.sequencer)
        return item.data

    async def write(self, register: int, value: int, strobe: int = 0xF) -> None:
        """Write a register through the register agent."""
        await OneItem(RegisterItem.write(register, value, strobe)).start(self.env.registers.sequencer)

    async def burst(self, accesses: list[Access]) -> None:
        """Make accesses back to back, reads beside writes."""
        await OneItem(RegisterItem.burst(accesses)).start(self.env.registers.sequencer)

    async def event(self, index: int) -> int:
        """The device raises an event; returns the cycle of its acceptance."""
        item = EventItem(index, gap=0)
        await OneItem(item).start(self.env.events.sequencer)
        return item.cycles[0]

    async def events(self, *indices: int) -> None:
        """The device raises events, back to back."""
        await OneItem(EventItem(*indices, gap=0)).start(self.env.events.sequencer)

    async def cycles(self, count: int) -> None:
        """Wait for clock cycles."""
        await self.interface.clock.cycles(count)
