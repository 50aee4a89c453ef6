# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The scoreboard notices a dropped, a duplicated and a corrupted message, and a test that shows nothing."""

import cocotb
import pyuvm
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.registers import Register
from cocotbext.virtio.scoreboard.scoreboard import ScoreboardError
from cocotbext.virtio.uvm.scoreboard import MessagePath
from cocotbext.virtio.uvm.sequences.spec_driver import SpecDriver
from pyuvm import uvm_factory

from tb.tests.support.base import EndpointTest
from tb.tests.support.bench import Bench
from tb.tests.support.covers import covers
from tb.tests.support.message_faults import CorruptedAddress, CorruptedData, DroppedMessage, DuplicatedMessage


class SpacedEvents(EndpointTest):
    """Events far enough apart for each to be owed a message of its own. A fault hits one of these messages."""

    expected = ("messages", "events")
    fault: type[MessagePath] | None = None

    def override(self):
        if self.fault:
            uvm_factory().set_type_override_by_type(MessagePath, self.fault)

    async def body(self):
        await SpecDriver(self.config).start(self.env.registers.sequencer)
        for index in (EVENT_CONFIG, used_event(0), EVENT_CONFIG, used_event(0)):
            await self.interface.event_source.send(index, gap=40)


@pyuvm.test(timeout_time=1, timeout_unit="ms")
@covers("bench sees")
class NoFault(SpacedEvents):
    """The same without a fault passes: what the tests below catch is the fault."""


@pyuvm.test(timeout_time=1, timeout_unit="ms", expect_error=ScoreboardError)
@covers("bench sees")
class Dropped(SpacedEvents):
    """A message that never came."""

    fault = DroppedMessage


@pyuvm.test(timeout_time=1, timeout_unit="ms", expect_error=ScoreboardError)
@covers("bench sees")
class Duplicated(SpacedEvents):
    """A message without a cause of its own."""

    fault = DuplicatedMessage


@pyuvm.test(timeout_time=1, timeout_unit="ms", expect_error=ScoreboardError)
@covers("bench sees")
class WrongAddress(SpacedEvents):
    """An address that no vector has."""

    fault = CorruptedAddress


@pyuvm.test(timeout_time=1, timeout_unit="ms", expect_error=ScoreboardError)
@covers("bench sees")
class WrongData(SpacedEvents):
    """Data that does not belong to the address."""

    fault = CorruptedData


@cocotb.test(timeout_time=1, timeout_unit="ms")
@covers("bench shows")
async def nothing_shown(dut):
    """A test that expects messages and shows none fails, and the report names the last accesses."""
    bench = Bench(dut)
    await bench.start()
    await bench.write(Register.QUEUE_SEL, 1)
    try:
        await bench.finish("messages")
    except ScoreboardError as error:
        assert "no messages were compared" in str(error)
        assert "write QueueSel = 0x1" in str(error)
        await bench.cycles(1)
    else:
        raise AssertionError("the scoreboard passed a test that compared no message")
