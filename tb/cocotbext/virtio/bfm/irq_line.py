# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Interrupt line: the CPU's passive view of it."""

import cocotb
from cocotb.triggers import Event, ValueChange
from cocotbext.virtio.bfm.monitor import Monitor
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Bit
from cocotbext.virtio.transactions import LineLevel


class IrqLine(Monitor):
    """Publishes LineLevel on every change of the line, in the first cycle sampled at the new level.

    Until the first rising edge in a reset the line is whatever it was before (at power-up a register's random
    value), so a rise that is sampled in a reset has to last for another cycle.

    Args:
        signal: handle of the line, active high.
        clock: the design's clock and reset.

    Attributes:
        level: the last level sampled.
    """

    def __init__(self, signal: Bit, clock: ClockReset) -> None:
        super().__init__()
        self.level = 0
        self._signal = signal
        self._clock = clock
        self._changed = Event()
        self._begin()

    def _begin(self) -> None:
        cocotb.start_soon(self._watch())

    def _now(self, level: int) -> None:
        self.level = level
        self._publish(LineLevel(cycle=self._clock.cycle, level=level))
        self._changed.set()

    async def wait_for(self, level: int) -> None:
        """Wait until the line is sampled at *level*; returns at once when the last level sampled was *level*."""
        while self.level != level:
            self._changed.clear()
            await self._changed.wait()

    async def _watch(self) -> None:
        change = ValueChange(self._signal)
        while True:
            await change
            await self._clock.edge
            value = str(self._signal.value)
            if value == "1" and self.level == 0 and self._clock.in_reset:
                await self._clock.edge
                value = str(self._signal.value)
            if value in "01" and int(value) != self.level:
                self._now(int(value))
