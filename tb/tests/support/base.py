# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Base of the pyuvm tests."""

from typing import cast

import cocotb
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.binding import bind
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.scoreboard.end_of_test import dump_on_failure
from cocotbext.virtio.trace.recorder import Recorder
from cocotbext.virtio.uvm.environment import Environment
from pyuvm import ConfigDB, uvm_test

from tb.tests.support.settings import CONFIG, FAST, RUN


class EndpointTest(uvm_test):
    """Builds the environment, resets the design, runs :meth:`body`, drains and lets the scoreboard judge.

    A test overrides :meth:`body`, and :meth:`build_knobs` or :meth:`override` where it needs to. Decorate it
    with ``@pyuvm.test(timeout_time=..., timeout_unit="ms")``: every test needs a timeout.

    Attributes:
        expected: kinds of transaction of which at least one must have been compared, such as "messages".
        env, interface, config, knobs: the environment and what it is made of.
    """

    expected: tuple[str, ...] = ("register reads",)

    def build_knobs(self) -> Knobs:
        """Behaviour of the design's partners; the default stalls nothing."""
        return Knobs()

    def override(self) -> None:
        """Set factory overrides here: it runs before anything is created."""

    def build_phase(self) -> None:
        self.config = CONFIG
        self.logger.info("seed %s, %s", RUN.seed, self.config)
        self.knobs = self.build_knobs()
        self.override()
        self.interface = bind(cast(Dut, cocotb.top), self.config, self.knobs, FAST)
        Recorder.attach_if_asked(self.interface, RUN)
        ConfigDB().set(None, "*", "INTERFACE", self.interface)
        ConfigDB().set(None, "*", "RUN_SETTINGS", RUN)
        self.env = Environment.create("env", self)

    def end_of_elaboration_phase(self) -> None:
        self.env.scoreboard.expected = self.expected

    async def run_phase(self) -> None:
        self.raise_objection()
        dump_on_failure(self.env.scoreboard.core)
        await self.interface.clock.reset()
        await self.body()
        await self.env.drain()
        Recorder.save_if_asked()
        await self.interface.clock.edge  # a simulation must not end in the time step of a write
        self.drop_objection()

    async def body(self) -> None:
        """What the test does."""
        raise NotImplementedError
