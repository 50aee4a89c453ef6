# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The clock of the fast path."""

from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.record_stream import RecordStream
from cocotbext.virtio.fast.verilator_native import start_clock


class FastClockReset(ClockReset):
    """While recorded transactions are delivered, "now" is the cycle in which they were made; whoever has waited for
    cycles
    gets to know what happened in them.

    Attributes:
        stream: the RecordStream, once there is one.
    """

    stream: RecordStream | None = None

    def _run(self) -> None:
        if not start_clock(self._period // 2):
            super()._run()

    @property
    def cycle(self) -> int:
        """Number of the latest rising edge, or of the transaction that is being delivered."""
        if self.stream is not None and self.stream.delivering:
            return self.stream.cycle
        return super().cycle

    async def cycles(self, count: int) -> None:
        """Wait for *count* rising edges; everything recorded before the last of them has been delivered then."""
        await super().cycles(count)
        if self.stream is not None:
            self.stream.drain()
