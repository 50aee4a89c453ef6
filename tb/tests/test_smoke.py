# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The shortest tests: is anybody there? One in each style."""

import cocotb
import pyuvm
from cocotbext.virtio.registers import MAGIC_VALUE, VERSION_VALUE, MsiCommand, Register, StatusBit
from cocotbext.virtio.uvm.items import RegisterItem
from cocotbext.virtio.uvm.sequences.raise_events import RaiseEvents
from pyuvm import uvm_sequence

from tb.tests.support.base import EndpointTest
from tb.tests.support.bench import Bench
from tb.tests.support.covers import covers


@cocotb.test(timeout_time=1, timeout_unit="ms")
@covers("MMIO-1", "MMIO-2", "MMIO-3")
async def identity(dut):
    """MMIO-1: the identity registers read what the endpoint was built with."""
    bench = Bench(dut)
    await bench.start()
    assert await bench.read(Register.MAGIC_VALUE) == MAGIC_VALUE
    assert await bench.read(Register.VERSION) == VERSION_VALUE
    assert await bench.read(Register.DEVICE_ID) == bench.config.device_id
    assert await bench.read(Register.VENDOR_ID) == bench.config.vendor_id
    await bench.finish("register reads")


@cocotb.test(timeout_time=5, timeout_unit="ms")  # 2048 vectors take a while to set up
@covers("MSI-27")
async def one_interrupt(dut):
    """A used buffer on queue 0 becomes one message with MSI, or raises the line without."""
    bench = Bench(dut)
    await bench.start()
    await bench.bring_up(msi=bool(bench.config.msi_support))
    accepted = await bench.event(1)
    await bench.cycles(20)
    if bench.config.msi_support:
        (message,) = bench.messages
        assert (message.address, message.data) == bench.message_of(1)
        assert message.presented - accepted <= 4
        await bench.finish("messages", "events")
    else:
        assert bench.interface.line_monitor.level == 1
        await bench.write(Register.INTERRUPT_ACK, await bench.read(Register.INTERRUPT_STATUS))
        await bench.finish("line changes", "events")


class BringUp(uvm_sequence):
    """Negotiate MSI, configure vector 0, enable."""

    def __init__(self, config):
        super().__init__("bring_up")
        self.config = config

    async def write(self, register, value):
        item = RegisterItem.write(register, value)
        await self.start_item(item)
        await self.finish_item(item)

    async def body(self):
        status = StatusBit.ACKNOWLEDGE | StatusBit.DRIVER
        await self.write(Register.STATUS, status)
        for word in (0, 1):
            await self.write(Register.DRIVER_FEATURES_SEL, word)
            await self.write(Register.DRIVER_FEATURES, self.config.offered_features >> 32 * word & 0xFFFFFFFF)
        await self.write(Register.STATUS, status | StatusBit.FEATURES_OK)
        for register, value in (
            (Register.MSI_VEC_SEL, 0),
            (Register.MSI_ADDR_LOW, 0xFEE00000),
            (Register.MSI_ADDR_HIGH, 0),
            (Register.MSI_DATA, 0x41),
            (Register.MSI_CMD, MsiCommand.CONFIGURE),
            (Register.MSI_CMD, MsiCommand.MAP_CONFIG),
            (Register.MSI_CMD, MsiCommand.ENABLE),
        ):
            await self.write(register, value)
        await self.write(Register.STATUS, status | StatusBit.FEATURES_OK | StatusBit.DRIVER_OK)


@pyuvm.test(timeout_time=1, timeout_unit="ms")
@covers("MSI-28")
class ConfigurationChange(EndpointTest):
    """A configuration change becomes a message of vector 0; the register model agrees with the endpoint."""

    expected = ("register reads", "events")

    async def body(self):
        await BringUp(self.config).start(self.env.registers.sequencer)
        await RaiseEvents(0, 0).start(self.env.events.sequencer)
        await self.interface.clock.cycles(20)
        _, status = await self.env.ral.status.read()
        assert status & StatusBit.DRIVER_OK and not status & StatusBit.DEVICE_NEEDS_RESET
        predicted = self.env.ral.msi_data.get_mirrored_value()
        _, data = await self.env.ral.msi_data.read()
        assert data == predicted == (0x41 if self.config.msi_support else 0)
        seen = self.env.scoreboard.compared["messages"]
        assert 1 <= seen <= 2 if self.config.msi_support else seen == 0
