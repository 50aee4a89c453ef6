# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The register bus is never stuck."""

from collections.abc import Callable, Collection, Sequence

import cocotb
from cocotb.triggers import Event
from cocotbext.virtio.channel import Channel, Transfer
from cocotbext.virtio.checks.violation import Report, fail
from cocotbext.virtio.clock_reset import ClockReset


class ProgressBound:
    """Whenever the design owes a handshake on one direction of the register bus, one comes in bounded time.

    Args:
        clock: the bench's clock.
        requests: channel monitors of the request (AW and W, or AR).
        responses: channel monitor of the response.
        outstanding: the requests accepted and not yet answered.
        excused: called to ask whether waiting is allowed now (a reset is being drained).
        limit: cycles without progress.
        report: called with (cycle, text) on a violation.
    """

    def __init__(
        self,
        clock: ClockReset,
        requests: Sequence[Channel],
        responses: Channel,
        outstanding: Collection[object],
        excused: Callable[[], bool],
        limit: int,
        report: Report = fail,
    ) -> None:
        self._clock = clock
        self._requests, self._responses, self._outstanding = requests, responses, outstanding
        self._excused, self._limit, self._report = excused, limit, report
        self._progress = 0
        self._wake = Event()
        for channel in (*requests, responses):
            channel.on_presented(self._begin)
            channel.add_callback(self._advance)
        cocotb.start_soon(self._watch())

    def _begin(self, _: Transfer) -> None:
        if not self._wake.is_set():
            self._progress = self._clock.cycle
            self._wake.set()

    def _advance(self, _: Transfer) -> None:
        self._progress = self._clock.cycle
        self._wake.set()

    def _owed(self) -> str | None:
        """What the design owes, in words."""
        if self._responses.current is not None or self._excused():
            return None  # the bench's turn, or an allowed wait
        if self._outstanding:
            return "response"
        # Taking an address may wait for its data and the other way round, so both must be offered.
        if all(channel.current is not None for channel in self._requests):
            return "ready"
        return None

    async def _watch(self) -> None:
        clock = self._clock
        while True:
            self._wake.clear()
            await self._wake.wait()
            while any(channel.current for channel in self._requests) or self._outstanding:
                if self._owed() is None:
                    self._progress = clock.cycle
                waited = clock.cycle - self._progress
                if waited > self._limit:
                    self._report(clock.cycle, f"{self._requests[0].prefix}: no {self._owed()} for {waited} cycles")
                    self._progress = clock.cycle
                await clock.cycles(min(16, self._limit))
