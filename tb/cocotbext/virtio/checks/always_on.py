# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""All always-on checks of the endpoint's ports."""

from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import cocotb
from cocotbext.virtio.channel import Channel
from cocotbext.virtio.checks.no_unknowns import NoUnknowns
from cocotbext.virtio.checks.port_rules import ChannelRules, FirstReset
from cocotbext.virtio.checks.progress_bound import ProgressBound
from cocotbext.virtio.checks.response_rules import ResponseRules
from cocotbext.virtio.checks.violation import Report, fail
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.randomness import fork
from cocotbext.virtio.registers import Register
from cocotbext.virtio.transactions import RegisterRead, RegisterWrite


class _RecordedChannels(Protocol):
    """Where the harness tells of what it has checked itself; see RecordedChannels."""

    on_stuck: list[Callable[[int, str], None]]
    on_unknown: list[Report]


class _HasChannel(Protocol):
    channel: Channel


class _Messages(Protocol):
    address: Channel
    data: Channel
    response: Channel


class _Writes(_Messages, Protocol):
    outstanding: deque[RegisterWrite]


class _Reads(Protocol):
    address: Channel
    data: Channel
    outstanding: deque[RegisterRead]


class _Size(Protocol):
    @property
    def num_queues(self) -> int: ...


class _Ports(Protocol):
    """What the checks ask of an EndpointInterface."""

    dut: Dut
    recorded: Any

    @property
    def clock(self) -> ClockReset: ...

    @property
    def config(self) -> _Size: ...

    @property
    def channels(self) -> tuple[Channel, ...]: ...

    @property
    def write_monitor(self) -> _Writes: ...

    @property
    def read_monitor(self) -> _Reads: ...

    @property
    def message_monitor(self) -> _Messages: ...

    @property
    def event_monitor(self) -> _HasChannel: ...

    @property
    def kick_monitor(self) -> _HasChannel: ...


class RecordedRules:
    """The register bus makes progress, and no output is unknown; see ProgressBound and NoUnknowns.

    Args:
        dut: the harness.
        channels: the RecordedChannels.
        excused: called to ask whether waiting is allowed now (a reset is being drained).
        limit: cycles without progress.
        report: called with (cycle, text) on a violation.
    """

    def __init__(
        self, dut: Dut, channels: _RecordedChannels, excused: Callable[[], bool], limit: int, report: Report
    ) -> None:
        dut.fast_bus_limit.value = limit

        def stuck(cycle: int, prefix: str) -> None:
            if not excused():
                report(cycle, f"{prefix}: no ready or response for more than {limit} cycles")

        channels.on_stuck.append(stuck)
        channels.on_unknown.append(report)


REGISTER_LIMIT = 64  # cycles in which the register bus must get on
EVENT_SLACK = 32  # cycles for event_ready beyond one per queue


class AlwaysOn:
    """Attaches every check to an EndpointInterface; a violation fails the test where it shows.

    Args:
        interface: the bench's EndpointInterface.
        report: called with (cycle, text) on a violation.
    """

    def __init__(self, interface: _Ports, report: Report = fail) -> None:
        clock = interface.clock
        writes, reads, messages = interface.write_monitor, interface.read_monitor, interface.message_monitor

        def draining() -> bool:
            """A reset is finished inside its write: responses wait for the device and the message bus."""
            return any(write.address == Register.STATUS and not write.data & 0xFF for write in writes.outstanding)

        def withdrawing() -> bool:
            """A reset, or the stop of its queue, may take a kick back that is on offer."""
            stops = (write.address == Register.QUEUE_READY and not write.data for write in writes.outstanding)
            return draining() or any(stops)

        FirstReset(clock, report)
        for channel in interface.channels:
            kicks = channel is interface.kick_monitor.channel
            ChannelRules(channel, report, excused=withdrawing if kicks else None)
        ResponseRules((writes.address, writes.data), writes.response, 0, True, clock, report)
        ResponseRules((reads.address,), reads.data, 1, True, clock, report)
        ResponseRules((messages.address, messages.data), messages.response, 0, False, clock, report)
        # event_ready never waits for the message bus: bounded whatever the interrupt controller does.
        interface.event_monitor.channel.waiting_limit = interface.config.num_queues + EVENT_SLACK

        # Drawn under every simulator, so that one seed gives the same stimulus under all of them.
        rng = fork()
        if interface.recorded is not None:
            RecordedRules(interface.dut, interface.recorded, draining, REGISTER_LIMIT, report)
            return
        ProgressBound(
            clock,
            (writes.address, writes.data),
            writes.response,
            writes.outstanding,
            draining,
            REGISTER_LIMIT,
            report,
        )
        ProgressBound(clock, (reads.address,), reads.data, reads.outstanding, draining, REGISTER_LIMIT, report)
        if "icarus" in cocotb.SIM_NAME.lower():  # the only simulator here with unknown values
            NoUnknowns(interface.dut, clock, rng=rng, report=report)
