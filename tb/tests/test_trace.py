# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Replays of captured register accesses."""

import os
from pathlib import Path

import pyuvm
from cocotbext.virtio.devices.blk_stub import BlkStub
from cocotbext.virtio.devices.recorded_device import RecordedDevice
from cocotbext.virtio.trace.player import play
from cocotbext.virtio.trace.steps import steps_of
from cocotbext.virtio.trace.trace_file import TraceFile
from cocotbext.virtio.uvm.sequences.replay import Replay

from tb.tests.support.base import EndpointTest
from tb.tests.support.covers import covers

CAPTURES = Path(__file__).resolve().parents[1] / "traces"


@pyuvm.test(timeout_time=1000, timeout_unit="ms")
@covers("driver capture")
class ReplayTrace(EndpointTest):
    """The file $TRACE, or every capture of tb/traces/, one after the other; a timed one to the cycle.

    Every read returns what the driver saw, and every interrupt that it served comes.
    """

    expected = ()  # each trace says what it has

    async def body(self):
        chosen = os.environ.get("TRACE")
        files = [Path(chosen)] if chosen else sorted(CAPTURES.glob("*.csv"))
        assert files, f"no traces in {CAPTURES}"
        traces = [TraceFile.read(file) for file in files]
        for trace in traces:
            trace.check(self.config)
        self.env.scoreboard.expected = tuple(dict.fromkeys(kind for trace in traces for kind in trace.compared))
        device = (RecordedDevice if traces[0].recorded else BlkStub)(self.interface)
        for trace in traces:
            if trace.timed:
                steps = steps_of(trace.rows)
                await play(self.interface, steps)
                self.logger.info("%s: %d steps", trace.path.name, len(steps))
                await self.env.drain()
                continue
            replay = Replay(self.config, trace, self.interface, device)
            await replay.start(self.env.registers.sequencer)
            self.logger.info(
                "%s: %d accesses, %d reads compared, %d interrupts",
                trace.path.name,
                replay.accesses,
                replay.reads,
                replay.interrupts,
            )
            await self.env.drain()
