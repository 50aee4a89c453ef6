"""Every driver and monitor of the harness, bound once."""

from tb.agents.device_config import ConfigMemory
from tb.agents.device_state import DeviceStateDriver
from tb.agents.events import EventMonitor
from tb.agents.kicks import KickMonitor
from tb.agents.messages import MessageMonitor
from tb.agents.queue_table import QueueTableReader
from tb.agents.randomness import fork
from tb.agents.registers import ReadMonitor, WriteMonitor
from tb.env.endpoint_interface import EndpointInterface
from tb.env.knobs import Knobs
from tb.fast.fast_clocking import FastClocking
from tb.fast.fast_events import FastEventSource
from tb.fast.fast_master import FastMaster
from tb.fast.fast_messages import FastMessageTarget
from tb.fast.fast_ready import FastReady
from tb.fast.record_stream import RecordStream
from tb.fast.recorded_channels import RecordedChannels
from tb.fast.recorded_monitors import RecordedConfig, RecordedLine, RecordedState
from tb.spec.virtio import EndpointConfig
from tb.trace.recorder import Recorder


class FastInterface(EndpointInterface):
    """An EndpointInterface whose partners and monitors are in Verilog: tests see the same.

    Args:
        dut: the harness (tb/harness/endpoint_harness.v).
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
