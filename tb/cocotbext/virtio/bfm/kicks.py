# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Kick port: the device that takes available-buffer notifications, and the passive monitor."""

import random

from cocotbext.virtio.bfm.handshake import ChannelMaker, ChannelMonitor, ReadyDriver
from cocotbext.virtio.bfm.monitor import Monitor
from cocotbext.virtio.channel import Channel, Transfer
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.randomness import Rng
from cocotbext.virtio.transactions import KickTaken


class KickSink(ReadyDriver):
    """A device that takes kicks: always (probability 1), at random, or never (:meth:`hold`).

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``valid`` and its like.
        clock: the design's clock and reset.
        probability: of ready being high in a cycle, 0.0 to 1.0.
        rng: source of randomness.
    """

    def __init__(self, dut: Dut, prefix: str, clock: ClockReset, probability: float = 1.0, rng: Rng = random) -> None:
        valid, ready = getattr(dut, f"{prefix}_valid"), getattr(dut, f"{prefix}_ready")
        super().__init__(clock, valid, ready, probability, rng)

    @classmethod
    def from_prefix(
        cls, dut: Dut, prefix: str, clock: ClockReset, probability: float = 1.0, rng: Rng = random
    ) -> "KickSink":
        """Sink of the ports ``<prefix>_valid`` and ``<prefix>_ready`` of *dut*; further arguments as above."""
        return cls(dut, prefix, clock, probability, rng)


class KickMonitor(Monitor):
    """Publishes KickTaken; a device function hooks in with :meth:`add_callback`.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``valid`` and its like.
        clock: the design's clock and reset.
        channel: makes the monitor of a channel.

    Attributes:
        channel: the channel monitor.
    """

    def __init__(self, dut: Dut, prefix: str, clock: ClockReset, channel: ChannelMaker = ChannelMonitor) -> None:
        super().__init__()
        self.channel: Channel = channel(dut, f"{prefix}_", ("queue", "data"), clock)
        self.channel.add_callback(self._taken)

    @classmethod
    def from_prefix(
        cls, dut: Dut, prefix: str, clock: ClockReset, channel: ChannelMaker = ChannelMonitor
    ) -> "KickMonitor":
        """Monitor of the ports ``<prefix>_valid`` and so on of *dut*."""
        return cls(dut, prefix, clock, channel)

    def _taken(self, transfer: Transfer) -> None:
        queue, data = transfer.payload
        self._publish(KickTaken(cycle=transfer.taken, queue=queue, data=data))
