# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Rules between requests and responses of an AXI4-Lite port."""

from collections.abc import Callable, Sequence

from cocotbext.virtio.channel import Channel, Transfer
from cocotbext.virtio.checks.violation import Report, fail
from cocotbext.virtio.clock_reset import ClockReset


def _noting(cycles: list[int]) -> Callable[[Transfer], None]:
    """A callback that adds the cycle in which a transfer is taken."""
    return lambda transfer: cycles.append(transfer.taken)


class ResponseRules:
    """No response without a request of an earlier cycle, and nothing but the codes allowed.

    Args:
        requests: channel monitors whose transfers together make one request (AW and W, or AR).
        responses: channel monitor of the response.
        code: index of the response code in its payload.
        okay_only: responses other than OKAY are violations.
        clock: to forget at a reset.
        report: called with (cycle, text) on a violation.
    """

    def __init__(
        self,
        requests: Sequence[Channel],
        responses: Channel,
        code: int,
        okay_only: bool,
        clock: ClockReset,
        report: Report = fail,
    ) -> None:
        self._taken: list[list[int]] = [[] for _ in requests]
        self._prefix = responses.prefix
        self._code = code
        self._okay_only = okay_only
        self._report = report
        for cycles, channel in zip(self._taken, requests):
            channel.add_callback(_noting(cycles))
        responses.on_presented(self._presented)
        clock.on_reset(self._forget)

    def _forget(self) -> None:
        for cycles in self._taken:
            cycles.clear()

    def _presented(self, transfer: Transfer) -> None:
        cycle = transfer.presented
        if not all(cycles and cycles[0] < cycle for cycles in self._taken):
            self._report(cycle, f"{self._prefix}: response without a request")
            return
        for cycles in self._taken:
            del cycles[0]
        if self._okay_only and transfer.payload is not None and transfer.payload[self._code]:
            self._report(cycle, f"{self._prefix}: response {transfer.payload[self._code]} is not OKAY")
