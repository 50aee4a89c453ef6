"""Base of the pyuvm tests."""

import os

import cocotb
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.env import early_end
from cocotbext.virtio.env.endpoint_interface import EndpointInterface
from cocotbext.virtio.env.environment import Environment
from cocotbext.virtio.env.knobs import Knobs
from cocotbext.virtio.trace.recorder import Recorder
from pyuvm import ConfigDB, uvm_test


class EndpointTest(uvm_test):
    """Builds the environment, resets the design, runs :meth:`body`, drains and lets the scoreboard judge.

    A test overrides :meth:`body`, and :meth:`build_knobs` or :meth:`override` where it needs to. Decorate it
    with ``@pyuvm.test(timeout_time=..., timeout_unit="ms")``: every test needs a timeout.

    Attributes:
        expected: kinds of observation of which at least one must have been compared, such as "messages".
        env, interface, config, knobs: the environment and what it is made of.
    """

    expected: tuple[str, ...] = ("register reads",)

    def build_knobs(self) -> Knobs:
        """Behaviour of the design's partners; the default stalls nothing."""
        return Knobs()

    def override(self) -> None:
        """Set factory overrides here: it runs before anything is created."""

    def build_phase(self):
        self.config = EndpointConfig.from_environment()
        self.logger.info("seed %s, %s", os.environ.get("COCOTB_RANDOM_SEED"), self.config)
        self.knobs = self.build_knobs()
        self.override()
        self.interface = EndpointInterface.bind(cocotb.top, self.config, self.knobs)
        ConfigDB().set(None, "*", "INTERFACE", self.interface)
        ConfigDB().set(None, "*", "CONFIG", self.config)
        ConfigDB().set(None, "*", "KNOBS", self.knobs)
        self.env = Environment.create("env", self)

    def end_of_elaboration_phase(self):
        self.env.scoreboard.expected = self.expected

    async def run_phase(self):
        self.raise_objection()
        early_end.tell(self.env.scoreboard.core)
        await self.interface.clocking.reset()
        await self.body()
        await self.env.drain()
        Recorder.save_if_asked()
        await self.interface.clocking.edge  # a simulation must not end in the time step of a write
        self.drop_objection()

    async def body(self) -> None:
        """What the test does."""
        raise NotImplementedError
