# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A valid/ready channel as its monitors show it, whoever samples the signals. Knows no simulator."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Transfer:
    """A payload offered, and later taken, on a valid/ready channel; times are clock cycles.

    Args:
        presented: first cycle in which it was offered.
        payload: one number for each payload signal.

    Attributes:
        taken: cycle of the handshake, -1 before it.
    """

    __slots__ = ("payload", "presented", "taken")

    def __init__(self, presented: int, payload: tuple[int, ...]) -> None:
        self.presented = presented
        self.payload = payload
        self.taken = -1


@dataclass
class ChannelStats:
    """Counts of a channel, as a cocotb-bus monitor has them.

    Attributes:
        received_transactions: transfers taken so far.
    """

    received_transactions: int = 0


class Channel(Protocol):
    """What ChannelMonitor and RecordedChannel have in common.

    Attributes:
        prefix: port name up to ``valid``/``ready``.
    """

    prefix: str

    @property
    def stats(self) -> ChannelStats:
        """How many transfers were taken."""

    @property
    def waiting_limit(self) -> int | None:
        """Cycles that an offer may wait; None for any number."""

    @waiting_limit.setter
    def waiting_limit(self, cycles: int) -> None: ...

    @property
    def current(self) -> Transfer | None:
        """What is offered and not taken yet."""

    @property
    def offered(self) -> tuple[int, ...] | None:
        """The payload on the wires in this cycle, None without valid."""

    def add_callback(self, callback: Callable[[Transfer], None]) -> None:
        """Call *callback* with every transfer that is taken."""

    def on_presented(self, callback: Callable[[Transfer], None]) -> None:
        """Call *callback* with every transfer when it is first presented."""

    def on_violation(self, callback: Callable[[int, str], None]) -> None:
        """Call *callback* with (cycle, text) when the channel breaks a valid/ready rule."""
