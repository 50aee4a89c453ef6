# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Every driver and monitor of the harness, bound once."""

from cocotbext.virtio.bfm.axil_registers import ReadMonitor, WriteMonitor
from cocotbext.virtio.bfm.device_config import ConfigMemory
from cocotbext.virtio.bfm.device_state import DeviceStateDriver
from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.bfm.events import EventMonitor
from cocotbext.virtio.bfm.kicks import KickMonitor
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.bfm.msi_sink import MessageMonitor
from cocotbext.virtio.bfm.queue_table import QueueTableReader
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.fast.fast_axil_registers import FastAxilRegisters
from cocotbext.virtio.fast.fast_clock_reset import FastClockReset
from cocotbext.virtio.fast.fast_events import FastEventSource
from cocotbext.virtio.fast.fast_msi_sink import FastMsiSink
from cocotbext.virtio.fast.fast_ready import FastReady
from cocotbext.virtio.fast.record_stream import RecordStream
from cocotbext.virtio.fast.recorded_channels import RecordedChannels
from cocotbext.virtio.fast.recorded_monitors import RecordedConfig, RecordedIrqLine, RecordedState
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.randomness import fork


class FastInterface(EndpointInterface):
    """An EndpointInterface whose partners and monitors are in Verilog: tests see the same.

    Args:
        dut: the harness (tb/cocotbext/virtio/fast/harness/endpoint_harness.v).
        config: what it was built with.
        knobs: behaviour of its partners.
    """

    def __init__(self, dut: Dut, config: EndpointConfig, knobs: Knobs = Knobs()) -> None:
        self.dut = dut
        self.config = config
        self.clock = clock = FastClockReset(dut.aclk, dut.aresetn)
        dut.fast_event_limit.value = 0
        dut.fast_bus_limit.value = 0
        self.stream = stream = RecordStream(dut, clock)
        clock.start()
        self.recorded = channels = RecordedChannels(stream, dut)
        channel = channels.channel
        # Everything that draws does so in the order of the base class: one seed is one stimulus.
        # The fast partners answer to the same calls, without being of the same class.
        self.registers = FastAxilRegisters(dut, stream, clock, knobs.registers, fork())  # type: ignore[assignment]
        self.write_monitor = WriteMonitor(dut, "s_axil", clock, channel)
        self.read_monitor = ReadMonitor(dut, "s_axil", clock, channel)
        self.event_source = FastEventSource(dut, stream, clock, knobs.event_gap, fork())
        self.event_monitor = EventMonitor(dut, "event", clock, channel)
        self.msi_sink = FastMsiSink(dut, stream, clock, knobs.messages, fork())  # type: ignore[assignment]
        self.message_monitor = MessageMonitor(dut, "m_axil", clock, channel)
        self.kick_sink = FastReady(dut, clock, "kick", knobs.kick_ready, fork())  # type: ignore[assignment]
        self.kick_monitor = KickMonitor(dut, "notify", clock, channel)
        self.line_monitor = RecordedIrqLine(stream, clock)
        self.device_config = ConfigMemory(dut, "config", clock, config.config_bytes, fork())
        self.config_monitor = RecordedConfig(stream, dut, clock)
        self.device_state = DeviceStateDriver(dut)
        self.state_monitor = RecordedState(stream, dut, clock)
        self.queue_table = QueueTableReader(dut, "queue", clock)
        clock.stream = stream
