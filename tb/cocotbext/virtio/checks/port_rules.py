# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Rules that hold at every port: valid/ready of a channel, and a reset in the first cycle."""

from collections.abc import Callable

import cocotb
from cocotbext.virtio.channel import Channel
from cocotbext.virtio.checks.violation import Report, fail
from cocotbext.virtio.clock_reset import ClockReset


class ChannelRules:
    """VALID stays until READY, the payload is stable meanwhile, and nothing of it is unknown.

    Args:
        channel: the channel's monitor, which sees all this on its way.
        report: called with (cycle, text) on a violation.
        excused: called to ask whether an offer may be withdrawn now.
    """

    def __init__(self, channel: Channel, report: Report = fail, excused: Callable[[], bool] | None = None) -> None:
        def violated(cycle: int, text: str) -> None:
            if excused is None or not excused():
                report(cycle, text)

        channel.on_violation(violated)


class FirstReset:
    """``aresetn`` is low at the first rising edge; before that nothing is known. The proofs assume it
    (``formal/README.md``).

    Attach before the first edge.

    Args:
        clock: the bench's clock and reset.
        report: called with (cycle, text) on a violation.
    """

    def __init__(self, clock: ClockReset, report: Report = fail) -> None:
        self._clock = clock
        self._report = report
        if clock.cycle == 0:
            cocotb.start_soon(self._look())

    async def _look(self) -> None:
        await self._clock.edge
        if self._clock.reset_n.value != 0:
            self._report(self._clock.cycle, "aresetn is not low in the first cycle")
