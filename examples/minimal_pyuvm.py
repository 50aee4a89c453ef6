# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The same as minimal_cocotb.py with pyuvm: sequences drive the agents, the environment's scoreboard judges."""

import cocotb
import pyuvm
from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.config import EndpointConfig, used_event
from cocotbext.virtio.run_settings import RunSettings
from cocotbext.virtio.transactions import MessagePresented
from cocotbext.virtio.uvm.environment import Environment
from cocotbext.virtio.uvm.sequences.raise_events import RaiseEvents
from cocotbext.virtio.uvm.sequences.spec_driver import SpecDriver
from pyuvm import ConfigDB, uvm_test


@pyuvm.test(timeout_time=1, timeout_unit="ms")
class HeldWhileMasked(uvm_test):
    """MSI-22: a masked vector keeps its event; UNMASK sends exactly one message."""

    def build_phase(self):
        self.interface = EndpointInterface(cocotb.top, EndpointConfig())
        ConfigDB().set(None, "*", "INTERFACE", self.interface)
        ConfigDB().set(None, "*", "RUN_SETTINGS", RunSettings())
        self.env = Environment.create("env", self)

    def end_of_elaboration_phase(self):
        self.env.scoreboard.expected = ("messages", "events")  # at least one of each must have been compared

    async def run_phase(self):
        self.raise_objection()
        messages = []  # each is told of when it starts, when it is presented and when it is answered
        self.interface.message_monitor.add_callback(messages.append)
        await self.interface.clock.reset()
        driver = SpecDriver(self.interface.config)
        await driver.start(self.env.registers.sequencer)  # negotiate, vectors, ENABLE, queues, DRIVER_OK
        await driver.mask(1)
        await RaiseEvents(used_event(0)).start(self.env.events.sequencer)
        await self.interface.clock.cycles(20)
        assert not messages
        await driver.unmask(1)
        await self.env.drain()
        assert sum(isinstance(message, MessagePresented) for message in messages) == 1
        self.drop_objection()
