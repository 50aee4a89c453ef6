# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Every driver and monitor of an endpoint's ports, bound once."""

from collections.abc import Callable
from typing import Any

from cocotbext.virtio.bfm.axil_registers import AxilRegisters, ReadMonitor, WriteMonitor
from cocotbext.virtio.bfm.device_config import ConfigMemory, ConfigMonitor
from cocotbext.virtio.bfm.device_state import DeviceStateDriver, DeviceStateMonitor
from cocotbext.virtio.bfm.events import EventMonitor, EventSource
from cocotbext.virtio.bfm.irq_line import IrqLine
from cocotbext.virtio.bfm.kicks import KickMonitor, KickSink
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.bfm.msi_sink import MessageMonitor, MsiSink
from cocotbext.virtio.bfm.queue_table import QueueTableReader
from cocotbext.virtio.channel import Channel
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.randomness import fork


class EndpointInterface:
    """The virtual interface: what agents, checks and the plain bench use to reach the ports.

    Another virtio-mmio endpoint takes part by having these ports, or by a thin wrapper that gives them
    to it. Constructing it drives every input to its idle level and starts the clock in reset.

    Args:
        dut: the design, or its wrapper.
        config: what it was built with.
        knobs: behaviour of its partners.

    Attributes:
        clock: the ClockReset.
        registers: master of the register bus; write_monitor, read_monitor: of that bus.
        event_source, event_monitor: of the event port.
        msi_sink, message_monitor: of the message bus.
        kick_sink, kick_monitor: of the kick port.
        line_monitor: the IrqLine.
        device_config (memory), config_monitor: of the device configuration port.
        device_state (driver), state_monitor: of the state and fault ports.
        queue_table: reader of the queue table.
        recorded: the RecordedChannels on the fast path, else None.
    """

    recorded: Any = None

    def __init__(self, dut: Dut, config: EndpointConfig, knobs: Knobs = Knobs()) -> None:
        self.dut = dut
        self.config = config
        self.clock = clock = ClockReset(dut.aclk, dut.aresetn)
        clock.start()
        # Everything that draws does so in this order, on the fast path too: one seed is one stimulus.
        self.registers = AxilRegisters(dut, "s_axil", clock, knobs.registers, fork())
        self.write_monitor = WriteMonitor(dut, "s_axil", clock)
        self.read_monitor = ReadMonitor(dut, "s_axil", clock)
        self.event_source = EventSource(dut, "event", clock, knobs.event_gap, fork())
        self.event_monitor = EventMonitor(dut, "event", clock)
        self.msi_sink = MsiSink(dut, "m_axil", clock, knobs.messages, fork())
        self.message_monitor = MessageMonitor(dut, "m_axil", clock)
        self.kick_sink = KickSink(dut, "notify", clock, knobs.kick_ready, rng=fork())
        self.kick_monitor = KickMonitor(dut, "notify", clock)
        self.line_monitor = IrqLine(dut.irq, clock)
        self.device_config = ConfigMemory(dut, "config", clock, config.config_bytes, fork())
        self.config_monitor = ConfigMonitor(dut, "config", clock)
        self.device_state = DeviceStateDriver(dut)
        self.state_monitor = DeviceStateMonitor(dut, clock)
        self.queue_table = QueueTableReader(dut, "queue", clock)

    def behave(self, knobs: Knobs) -> None:
        """Change the partners' behaviour from the next cycle on."""
        self.registers.timing = knobs.registers
        self.msi_sink.behave(knobs.messages)
        self.event_source.gap = knobs.event_gap
        self.kick_sink.probability = knobs.kick_ready

    def observe(self, callback: Callable[[Any], None]) -> None:
        """Call *callback* with every transaction but register accesses, as its monitor sees it.

        The order within a cycle is undefined. Register accesses have two moments each, of acceptance and of
        response: connect to ``write_monitor`` and ``read_monitor`` for them.
        """
        for monitor in (
            self.event_monitor,
            self.message_monitor,
            self.kick_monitor,
            self.line_monitor,
            self.config_monitor,
            self.state_monitor,
        ):
            monitor.add_callback(callback)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """All channel monitors."""
        return (
            self.write_monitor.address,
            self.write_monitor.data,
            self.write_monitor.response,
            self.read_monitor.address,
            self.read_monitor.data,
            self.event_monitor.channel,
            self.kick_monitor.channel,
            self.message_monitor.address,
            self.message_monitor.data,
            self.message_monitor.response,
        )

    @property
    def busy(self) -> str | None:
        """What is under way at the ports, in words; None when nothing is."""
        if not self.registers.idle or self.write_monitor.outstanding or self.read_monitor.outstanding:
            return "register accesses"
        if not self.event_source.idle:
            return "events not accepted"
        if self.message_monitor.address.current or self.message_monitor.data.current:
            return "a message not taken"
        if not self.msi_sink.idle or self.message_monitor.outstanding:
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
        clock = self.clock
        limit = clock.cycle + timeout
        quiet_since = clock.cycle
        transfers = None
        while clock.cycle - quiet_since < patience:
            await clock.cycles(16)
            now = [channel.stats.received_transactions for channel in self.channels]
            busy = self.busy
            if busy or now != transfers:
                transfers = now
                quiet_since = clock.cycle
            if clock.cycle > limit:
                raise TimeoutError(f"not quiet after {timeout} cycles: {busy or 'transfers go on'}")
