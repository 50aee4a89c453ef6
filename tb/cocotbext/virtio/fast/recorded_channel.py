# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A channel as recorded: what ChannelMonitor is to one whose signals are sampled."""

from collections.abc import Callable

from cocotbext.virtio.channel import ChannelStats, Transfer
from cocotbext.virtio.fast.record_stream import RecordStream
from cocotbext.virtio.handles import Signal


class RecordedChannel:
    """Publishes a Transfer when it is taken, and on request when it is first presented; see ChannelMonitor.

    Args:
        prefix: port name up to ``valid``/``ready``.
        stream: the RecordStream, which is read before anybody looks at :attr:`current`.
        limit: handle to which :attr:`waiting_limit` is written, for a channel that has one.
    """

    def __init__(self, prefix: str, stream: RecordStream, limit: Signal | None = None) -> None:
        self.prefix = prefix
        self.stats = ChannelStats()
        self._stream = stream
        self._limit = limit
        self._current: Transfer | None = None
        self._callbacks: list[Callable[[Transfer], None]] = []
        self._presented_callbacks: list[Callable[[Transfer], None]] = []
        self._violation_callbacks: list[Callable[[int, str], None]] = []

    @property
    def current(self) -> Transfer | None:
        """What is offered and not taken yet. Of channels that the bench drives itself only what was taken is
        recorded."""
        self._stream.drain()
        return self._current

    @property
    def offered(self) -> tuple[int, ...] | None:
        """The payload on the wires in this cycle, None without valid."""
        return self._current.payload if self._current else None

    @property
    def waiting_limit(self) -> int:
        """Cycles that an offer may wait."""
        assert self._limit is not None, f"{self.prefix} has no limit"
        return int(self._limit.value)

    @waiting_limit.setter
    def waiting_limit(self, cycles: int) -> None:
        assert self._limit is not None, f"{self.prefix} has no limit"
        self._limit.value = cycles

    def add_callback(self, callback: Callable[[Transfer], None]) -> None:
        """Call *callback* with every transfer that is taken."""
        self._callbacks.append(callback)

    def on_presented(self, callback: Callable[[Transfer], None]) -> None:
        """Call *callback* with every transfer when it is first presented."""
        self._presented_callbacks.append(callback)

    def on_violation(self, callback: Callable[[int, str], None]) -> None:
        """Call *callback* with (cycle, text) when the channel breaks a valid/ready rule."""
        self._violation_callbacks.append(callback)

    def present(self, cycle: int, payload: tuple[int, ...]) -> None:
        """The recorder saw an offer begin."""
        self._current = transfer = Transfer(cycle, payload)
        for callback in self._presented_callbacks:
            callback(transfer)

    def take(self, cycle: int) -> None:
        """The recorder saw the offer taken."""
        transfer, self._current = self._current, None
        if transfer is not None:
            transfer.taken = cycle
            self.stats.received_transactions += 1
            for callback in self._callbacks:
                callback(transfer)

    def forget(self) -> None:
        """Reset."""
        self._current = None

    def violate(self, cycle: int, text: str) -> None:
        """The recorder saw a rule broken."""
        for callback in self._violation_callbacks:
            callback(cycle, f"{self.prefix}: {text}")
