"""Every driver and monitor of the design's ports, bound once."""

import os

from cocotbext.virtio.agents.device_config import ConfigMemory, ConfigMonitor
from cocotbext.virtio.agents.device_state import DeviceStateDriver, DeviceStateMonitor
from cocotbext.virtio.agents.events import EventMonitor, EventSource
from cocotbext.virtio.agents.kicks import KickMonitor, KickSink
from cocotbext.virtio.agents.line import LineMonitor
from cocotbext.virtio.agents.messages import MessageMonitor, MessageTarget
from cocotbext.virtio.agents.queue_table import QueueTableReader
from cocotbext.virtio.agents.randomness import fork
from cocotbext.virtio.agents.registers import ReadMonitor, RegisterMaster, WriteMonitor
from cocotbext.virtio.clock_reset import Clocking
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.env.knobs import Knobs
from cocotbext.virtio.trace.recorder import Recorder


class EndpointInterface:
    """The virtual interface: what agents, checks and the plain bench use to reach the ports.

    Another virtio-mmio endpoint takes part by having these ports, or by a thin wrapper that gives them
    to it. Constructing it drives every input to its idle level and starts the clock in reset.

    Args:
        dut: the design, or its wrapper.
        config: what it was built with.
        knobs: behaviour of its partners.

    Attributes:
        clocking, registers (master), writes, reads (monitors), events (source), event_monitor,
        messages (target), message_monitor, kicks (sink), kick_monitor, line (monitor), device_config
        (memory), config_monitor, device_state (driver), state_monitor, queue_table (reader).
        recorded: the RecordedChannels on the fast path, else None.
    """

    recorded = None

    @classmethod
    def bind(cls, dut, config: EndpointConfig, knobs: Knobs = Knobs()) -> "EndpointInterface":
        """The interface that belongs to the design: the fast path if $BUS says so."""
        if os.environ.get("BUS") == "fast":
            from cocotbext.virtio.fast.fast_interface import FastInterface  # derived from this class

            return FastInterface(dut, config, knobs)
        return cls(dut, config, knobs)

    def __init__(self, dut, config: EndpointConfig, knobs: Knobs = Knobs()):
        self.dut = dut
        self.config = config
        self.clocking = clocking = Clocking(dut)
        clocking.start()
        self.registers = RegisterMaster(dut, "s_axil", clocking, knobs.registers, fork())
        self.writes = WriteMonitor(dut, "s_axil", clocking)
        self.reads = ReadMonitor(dut, "s_axil", clocking)
        self.events = EventSource(dut, clocking, knobs.event_gap, fork())
        self.event_monitor = EventMonitor(dut, clocking)
        self.messages = MessageTarget(dut, "m_axil", clocking, knobs.messages, fork())
        self.message_monitor = MessageMonitor(dut, "m_axil", clocking)
        self.kicks = KickSink(dut, clocking, knobs.kick_ready, rng=fork())
        self.kick_monitor = KickMonitor(dut, clocking)
        self.line = LineMonitor(dut, clocking)
        self.device_config = ConfigMemory(dut, clocking, config.config_bytes, fork())
        self.config_monitor = ConfigMonitor(dut, clocking)
        self.device_state = DeviceStateDriver(dut)
        self.state_monitor = DeviceStateMonitor(dut, clocking)
        self.queue_table = QueueTableReader(dut, clocking)
        Recorder.attach_if_asked(self)

    def behave(self, knobs: Knobs) -> None:
        """Change the partners' behaviour from the next cycle on."""
        self.registers.timing = knobs.registers
        self.messages.behave(knobs.messages)
        self.events.gap = knobs.event_gap
        self.kicks.probability = knobs.kick_ready

    def observe(self, callback) -> None:
        """Call *callback* with every observation of every monitor, as it is made.

        Order within a cycle is undefined. A register write comes twice, see
        :class:`cocotbext.virtio.env.observed.Observed`, so writes and reads are not connected here.
        """
        for monitor in (
            self.event_monitor,
            self.message_monitor,
            self.kick_monitor,
            self.line,
            self.config_monitor,
            self.state_monitor,
        ):
            monitor.add_callback(callback)

    @property
    def channels(self):
        """All channel monitors."""
        return (
            self.writes.address,
            self.writes.data,
            self.writes.response,
            self.reads.address,
            self.reads.data,
            self.event_monitor.channel,
            self.kick_monitor.channel,
            self.message_monitor.address,
            self.message_monitor.data,
            self.message_monitor.response,
        )

    @property
    def busy(self) -> str | None:
        """What is under way at the ports, in words; None when nothing is."""
        if not self.registers.idle or self.writes.outstanding or self.reads.outstanding:
            return "register accesses"
        if not self.events.idle:
            return "events not accepted"
        if self.message_monitor.address.current or self.message_monitor.data.current:
            return "a message not taken"
        if not self.messages.idle or self.message_monitor.outstanding:
            return "messages not answered"
        if self.kick_monitor.channel.current:
            return "a kick not taken"
        return None

    async def quiet(self, timeout: int = 100_000) -> None:
        """Wait until nothing has happened at any port for as long as the design may think.

        Args:
            timeout: cycles to wait at most.

        Raises:
            TimeoutError: something is still under way; the text says what.
        """
        patience = self.config.num_queues + self.config.num_vectors + 64
        clocking = self.clocking
        limit = clocking.cycle + timeout
        quiet_since = clocking.cycle
        transfers = None
        while clocking.cycle - quiet_since < patience:
            await clocking.cycles(16)
            now = [channel.stats.received_transactions for channel in self.channels]
            busy = self.busy
            if busy or now != transfers:
                transfers = now
                quiet_since = clocking.cycle
            if clocking.cycle > limit:
                raise TimeoutError(f"not quiet after {timeout} cycles: {busy or 'transfers go on'}")
