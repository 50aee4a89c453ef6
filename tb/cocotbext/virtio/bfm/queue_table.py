# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Queue-table port: the device looks up what the driver configured."""

from typing import NamedTuple

from cocotb.triggers import Lock
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Dut


class QueueRow(NamedTuple):
    """What the driver configured for a queue: ready bit, size in entries, and the 64-bit addresses of its areas."""

    ready: int
    num: int
    desc: int
    driver: int
    device: int


class QueueTableReader:
    """Reads rows of the queue table through the lookup port.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``index`` and its like.
        clock: the design's clock and reset.
    """

    def __init__(self, dut: Dut, prefix: str, clock: ClockReset) -> None:
        self._clock = clock
        self._index = getattr(dut, f"{prefix}_index")
        self._outputs = [getattr(dut, f"{prefix}_{name}") for name in QueueRow._fields]
        self._lock = Lock()
        self._index.value = 0

    @classmethod
    def from_prefix(cls, dut: Dut, prefix: str, clock: ClockReset) -> "QueueTableReader":
        """Reader over the ports ``<prefix>_index`` and so on of *dut*."""
        return cls(dut, prefix, clock)

    async def row(self, queue: int) -> QueueRow:
        """Look up *queue*: the index is sampled in one cycle, the row is valid in the next."""
        async with self._lock:
            if not self._clock.at_edge():
                await self._clock.edge
            self._index.value = queue
            await self._clock.cycles(2)
            return QueueRow(*(int(handle.value) for handle in self._outputs))
