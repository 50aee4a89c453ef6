# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The pyuvm environment."""

from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.checks import AlwaysOn
from cocotbext.virtio.register_model import RegisterModel
from cocotbext.virtio.scoreboard.end_of_test import check_port_state
from cocotbext.virtio.uvm.agents import EventDriver, RegisterDriver, Subscribe, UvmAgent
from cocotbext.virtio.uvm.ral import RegisterAdapter, RegisterPredictor
from cocotbext.virtio.uvm.scoreboard import MessagePath, UvmScoreboard
from pyuvm import uvm_driver, uvm_env


class Environment(uvm_env):
    """All agents, the register model with its front door, the always-on checks and the scoreboard.

    Expects "INTERFACE" (an EndpointInterface) and "RUN_SETTINGS" (a RunSettings) in the ConfigDB.

    Attributes:
        registers, events, messages, kicks, line, device_config, device_state: the agents.
        ral: the register model; ``await env.ral.status.read()`` goes through the register agent.
        scoreboard: the UvmScoreboard, with ``reference`` (the reference model) and ``statistics``.
        interface: the EndpointInterface.
    """

    interface: EndpointInterface

    def build_phase(self) -> None:
        super().build_phase()
        self.interface = interface = self.cdb_get("INTERFACE")
        writes, reads, state = interface.write_monitor, interface.read_monitor, interface.state_monitor
        self.registers = self._agent(
            "registers",
            {"accepted": writes.on_accepted, "responded": writes.on_responded, "read": reads.on_responded},
            RegisterDriver,
        )
        self.events = self._agent("events", {"ap": interface.event_monitor.add_callback}, EventDriver)
        self.messages = self._agent("messages", {"ap": interface.message_monitor.add_callback})
        self.kicks = self._agent("kicks", {"ap": interface.kick_monitor.add_callback})
        self.line = self._agent("line", {"ap": interface.line_monitor.add_callback})
        self.device_config = self._agent("device_config", {"ap": interface.config_monitor.add_callback})
        self.device_state = self._agent(
            "device_state",
            {"ap": state.add_callback, "features": state.on_features, "status": state.on_status},
        )
        self.message_path = MessagePath.create("message_path", self)
        self.scoreboard = UvmScoreboard.create("scoreboard", self)
        self.predictor = RegisterPredictor.create("predictor", self)
        self.ral = RegisterModel("ral", interface.config)
        self.checks = AlwaysOn(interface)

    def _agent(self, name: str, sources: dict[str, Subscribe], driver: type[uvm_driver] | None = None) -> UvmAgent:
        agent = UvmAgent.create(name, self)
        agent.sources, agent.driver_class = sources, driver
        return agent

    def connect_phase(self) -> None:
        scoreboard, registers = self.scoreboard, self.registers.monitor
        scoreboard.core.coverage.attach(self.interface)
        registers.accepted.connect(scoreboard.writes_accepted)
        registers.responded.connect(scoreboard.writes_responded)
        registers.read.connect(scoreboard.reads)
        self.messages.monitor.ap.connect(self.message_path.analysis_export)
        self.message_path.ap.connect(scoreboard.transactions)
        for agent in (self.events, self.kicks, self.line, self.device_config, self.device_state):
            agent.monitor.ap.connect(scoreboard.transactions)
        self.device_state.monitor.features.connect(scoreboard.features)
        self.device_state.monitor.status.connect(scoreboard.status)
        self.ral.bus.set_sequencer(self.registers.sequencer, RegisterAdapter())
        registers.responded.connect(self.predictor.writes)
        registers.read.connect(self.predictor.reads)
        self.predictor.follow(self.ral)

    async def drain(self) -> None:
        """Wait until the ports are quiet, then compare what the device sees with the model."""
        await self.interface.quiet()
        await check_port_state(self.interface, self.scoreboard.core)
