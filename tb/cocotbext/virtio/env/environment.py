"""The pyuvm environment."""

from cocotbext.virtio.agents.device_config.agent import ConfigAgent
from cocotbext.virtio.agents.device_state.agent import StateAgent
from cocotbext.virtio.agents.events.agent import EventAgent
from cocotbext.virtio.agents.kicks.agent import KickAgent
from cocotbext.virtio.agents.line.agent import LineAgent
from cocotbext.virtio.agents.messages.agent import MessageAgent
from cocotbext.virtio.agents.registers.adapter import RegisterAdapter
from cocotbext.virtio.agents.registers.agent import RegisterAgent
from cocotbext.virtio.agents.registers.predictor import RegisterPredictor
from cocotbext.virtio.checks import AlwaysOn
from cocotbext.virtio.env.message_path import MessagePath
from cocotbext.virtio.env.port_state import check_port_state
from cocotbext.virtio.env.scoreboard import Scoreboard
from cocotbext.virtio.register_model import RegisterModel
from pyuvm import uvm_env


class Environment(uvm_env):
    """All agents, the register model with its front door, the always-on checks and the scoreboard.

    Expects "INTERFACE" (an EndpointInterface) in the ConfigDB.

    Attributes:
        registers, events, messages, kicks, line, device_config, device_state: the agents.
        model: the register model; ``await env.model.status.read()`` goes through the register agent.
        scoreboard: with ``core.model`` (reference model) and ``core.statistics``.
        interface: the EndpointInterface.
    """

    def build_phase(self):
        super().build_phase()
        self.interface = self.cdb_get("INTERFACE")
        self.registers = RegisterAgent.create("registers", self)
        self.events = EventAgent.create("events", self)
        self.messages = MessageAgent.create("messages", self)
        self.kicks = KickAgent.create("kicks", self)
        self.line = LineAgent.create("line", self)
        self.device_config = ConfigAgent.create("device_config", self)
        self.device_state = StateAgent.create("device_state", self)
        self.message_path = MessagePath.create("message_path", self)
        self.scoreboard = Scoreboard.create("scoreboard", self)
        self.predictor = RegisterPredictor.create("predictor", self)
        self.model = RegisterModel("model", self.interface.config)
        self.checks = AlwaysOn(self.interface)

    def connect_phase(self):
        scoreboard, registers = self.scoreboard, self.registers.monitor
        scoreboard.core.coverage.attach(self.interface)
        registers.accepted.connect(scoreboard.writes_accepted)
        registers.responded.connect(scoreboard.writes_responded)
        registers.read.connect(scoreboard.reads)
        self.messages.monitor.ap.connect(self.message_path.analysis_export)
        self.message_path.ap.connect(scoreboard.observations)
        for agent in (self.events, self.kicks, self.line, self.device_config, self.device_state):
            agent.monitor.ap.connect(scoreboard.observations)
        for port, shown in (("features", scoreboard.features), ("status", scoreboard.status)):
            getattr(self.device_state.monitor, port).connect(shown)
        self.model.bus.set_sequencer(self.registers.sequencer, RegisterAdapter())
        registers.responded.connect(self.predictor.writes)
        registers.read.connect(self.predictor.reads)
        self.predictor.follow(self.model)

    async def drain(self) -> None:
        """Wait until the ports are quiet, then compare what the device sees with the model."""
        await self.interface.quiet()
        await check_port_state(self.interface, self.scoreboard.core)
