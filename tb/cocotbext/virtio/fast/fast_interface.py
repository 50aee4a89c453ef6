"""Every driver and monitor of the harness, bound once."""

from cocotbext.virtio.agents.device_config import ConfigMemory
from cocotbext.virtio.agents.device_state import DeviceStateDriver
from cocotbext.virtio.agents.events import EventMonitor
from cocotbext.virtio.agents.kicks import KickMonitor
from cocotbext.virtio.agents.messages import MessageMonitor
from cocotbext.virtio.agents.queue_table import QueueTableReader
from cocotbext.virtio.agents.randomness import fork
from cocotbext.virtio.agents.registers import ReadMonitor, WriteMonitor
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.env.endpoint_interface import EndpointInterface
from cocotbext.virtio.env.knobs import Knobs
from cocotbext.virtio.fast.fast_clocking import FastClocking
from cocotbext.virtio.fast.fast_events import FastEventSource
from cocotbext.virtio.fast.fast_master import FastMaster
from cocotbext.virtio.fast.fast_messages import FastMessageTarget
from cocotbext.virtio.fast.fast_ready import FastReady
from cocotbext.virtio.fast.record_stream import RecordStream
from cocotbext.virtio.fast.recorded_channels import RecordedChannels
from cocotbext.virtio.fast.recorded_monitors import RecordedConfig, RecordedLine, RecordedState
from cocotbext.virtio.trace.recorder import Recorder


class FastInterface(EndpointInterface):
    """An EndpointInterface whose partners and monitors are in Verilog: tests see the same.

    Args:
        dut: the harness (tb/cocotbext/virtio/fast/harness/endpoint_harness.v).
        config: what it was built with.
        knobs: behaviour of its partners.
    """

    def __init__(self, dut, config: EndpointConfig, knobs: Knobs = Knobs()):
        self.dut = dut
        self.config = config
        self.clocking = clocking = FastClocking(dut)
        dut.fast_event_limit.value = 0
        dut.fast_bus_limit.value = 0
        self.stream = stream = RecordStream(dut, clocking)
        clocking.start()
        self.recorded = channels = RecordedChannels(stream, dut)
        channel = channels.channel
        # Everything that draws does so in the order of the base class: one seed is one stimulus.
        self.registers = FastMaster(dut, stream, clocking, knobs.registers, fork())
        self.writes = WriteMonitor(dut, "s_axil", clocking, channel)
        self.reads = ReadMonitor(dut, "s_axil", clocking, channel)
        self.events = FastEventSource(dut, stream, clocking, knobs.event_gap, fork())
        self.event_monitor = EventMonitor(dut, clocking, channel)
        self.messages = FastMessageTarget(dut, stream, clocking, knobs.messages, fork())
        self.message_monitor = MessageMonitor(dut, "m_axil", clocking, channel)
        self.kicks = FastReady(dut, clocking, "kick", knobs.kick_ready, fork())
        self.kick_monitor = KickMonitor(dut, clocking, channel)
        self.line = RecordedLine(stream, dut, clocking)
        self.device_config = ConfigMemory(dut, clocking, config.config_bytes, fork())
        self.config_monitor = RecordedConfig(stream, dut, clocking)
        self.device_state = DeviceStateDriver(dut)
        self.state_monitor = RecordedState(stream, dut, clocking)
        self.queue_table = QueueTableReader(dut, clocking)
        clocking.stream = stream
        Recorder.attach_if_asked(self)
