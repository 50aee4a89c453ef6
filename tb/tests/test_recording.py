# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Recordings replay, and a replay notices what is different."""

import random
from dataclasses import replace
from pathlib import Path

import cocotb
import pyuvm
from cocotbext.virtio.bfm.disturbance import RandomBackpressure
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.devices.blk_stub import BlkStub
from cocotbext.virtio.devices.recorded_device import RecordedDevice
from cocotbext.virtio.registers import Register
from cocotbext.virtio.trace.recorder import Recorder
from cocotbext.virtio.trace.rows import AccessRow
from cocotbext.virtio.trace.trace_file import TraceFile
from cocotbext.virtio.uvm.sequences.event_storm import EventStorm
from cocotbext.virtio.uvm.sequences.line_isr_loop import LineIsrLoop
from cocotbext.virtio.uvm.sequences.random_vector_ops import RandomVectorOps
from cocotbext.virtio.uvm.sequences.replay import Difference, Replay
from cocotbext.virtio.uvm.sequences.spec_driver import SpecDriver

from tb.tests.support.base import EndpointTest
from tb.tests.support.covers import covers
from tb.tests.support.settings import CONFIG, RUN

CAPTURE = Path(__file__).resolve().parents[1] / "traces" / "linux61_virtio_blk.csv"
BLOCK, NETWORK_CARD = 2, 1
IS_BLOCK = CONFIG.device_id == BLOCK


def accesses(trace: TraceFile) -> list[str]:
    """The register accesses of a trace, without their lines."""
    return [str(row) for row in trace.rows if isinstance(row, AccessRow)]


@pyuvm.test(timeout_time=50, timeout_unit="ms", skip=IS_BLOCK)
@covers("bench replays")
class RecordingReplays(EndpointTest):
    """A driver at work under random conditions, with configuration changes of the device, is recorded; the
    endpoint then answers the same accesses, one by one, with the same values."""

    expected = ("register reads", "register writes", "events", "kicks", "config accesses")

    def build_knobs(self):
        return Knobs.light()

    async def body(self):
        recorder = Recorder(self.interface, RUN)
        await self._work()
        recording = Path("recording.csv").resolve()
        recorder.save(recording)
        trace = TraceFile.read(recording)
        assert trace.recorded and len(accesses(trace)) > 500
        self.interface.behave(Knobs())
        self.interface.device_config.data[:] = bytes(self.config.config_bytes)
        self.interface.device_config.generation = 0
        await self.interface.clock.reset()
        replay = Replay(self.config, trace, self.interface, RecordedDevice(self.interface))
        await replay.start(self.env.registers.sequencer)
        assert replay.accesses == len(accesses(trace))

    async def _work(self) -> None:
        sequencer, memory = self.env.registers.sequencer, self.interface.device_config
        disturbance = RandomBackpressure(self.interface, random)
        for msi in (True, False):
            driver = SpecDriver(self.config, msi)
            await driver.start(sequencer)
            isr_loop = LineIsrLoop(self.env)
            vector_ops = RandomVectorOps(driver, random, self.interface.clock)
            churning = cocotb.start_soon(vector_ops.start(sequencer))
            for _ in range(6):
                await EventStorm(self.interface.clock, random, 30, range(self.config.num_queues + 1)).start(
                    self.env.events.sequencer
                )
                memory.change(random.randrange(32), random.randbytes(8))
                await driver.write_config(random.randrange(40), random.getrandbits(8), 1)
                await driver.read(Register.CONFIG_GENERATION)
                await driver.read_config(random.randrange(40), 1)
            vector_ops.stop()
            await churning
            await self.interface.quiet()
            await isr_loop.stop()
        await disturbance.stop()


class BlockTest(EndpointTest):
    """Replays the Linux capture, in one way or another."""

    async def replay(self, trace: TraceFile, device=None) -> Replay:
        """Replay a trace in front of a device."""
        replay = Replay(self.config, trace, self.interface, device or BlkStub(self.interface))
        await replay.start(self.env.registers.sequencer)
        return replay

    async def difference(self, trace: TraceFile, device=None) -> str:
        """What is reported about a trace that differs."""
        try:
            await self.replay(trace, device)
        except Difference as difference:
            return str(difference)
        raise AssertionError("the difference was not noticed")


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=not IS_BLOCK)
@covers("bench replays", "driver capture")
class RecordingOfACapture(BlockTest):
    """A capture that is replayed and recorded meanwhile gives the same accesses again."""

    async def body(self):
        capture = TraceFile.read(CAPTURE)
        recorder = Recorder(self.interface, RUN)
        replay = await self.replay(capture)
        assert replay.interrupts == sum(row.offset == Register.INTERRUPT_STATUS for row in capture.rows)
        copy = Path("copy.csv").resolve()
        recorder.save(copy)
        assert accesses(TraceFile.read(copy)) == accesses(capture)


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=not IS_BLOCK)
@covers("bench replays")
class DifferenceIsShown(BlockTest):
    """A read that returns another value: the file, its line and the register's name, and both values."""

    async def body(self):
        capture = TraceFile.read(CAPTURE)
        number = next(n for n, row in enumerate(capture.rows) if row.offset == Register.QUEUE_NUM_MAX)
        row = capture.rows[number]
        capture.rows[number] = replace(row, value=0x100)
        text = await self.difference(capture)
        assert text.startswith(f"{CAPTURE.name}:{row.line}: QueueNumMax: read 0x00000080, the driver saw 0x00000100"), (
            text
        )
        assert "CONFIG" in text, text


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=not IS_BLOCK)
@covers("bench replays")
class OtherDeviceIsShown(BlockTest):
    """A trace of another device: told at its first register, with a hint at the configuration."""

    async def body(self):
        capture = TraceFile.read(CAPTURE)
        rows = [replace(row, value=NETWORK_CARD) if row.offset == Register.DEVICE_ID else row for row in capture.rows]
        text = await self.difference(replace(capture, rows=rows))
        assert "DeviceID" in text and "CONFIG" in text, text


@pyuvm.test(timeout_time=20, timeout_unit="ms", skip=not IS_BLOCK)
@covers("bench replays")
class MissingInterruptIsShown(BlockTest):
    """A device that never completes a request: the driver's interrupt does not come."""

    class _Lazy(BlkStub):
        def _kicked(self, kick):
            pass

    async def body(self):
        text = await self.difference(TraceFile.read(CAPTURE), self._Lazy(self.interface))
        assert "InterruptStatus: no interrupt came" in text, text
