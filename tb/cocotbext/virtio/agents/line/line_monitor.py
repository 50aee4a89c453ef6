"""Passive monitor of the interrupt line."""

from collections.abc import Callable

import cocotb
from cocotb.triggers import Event, ValueChange
from cocotbext.virtio.transactions import LineLevel


class LineMonitor:
    """Publishes LineLevel on every change of irq, in the first cycle sampled at the new level.

    Until the first rising edge in a reset irq is whatever it was before (at power-up a register's random value), so
    a rise that is
    sampled in a reset has to last for another cycle.

    Attributes:
        level: the last level sampled.
    """

    def __init__(self, dut, clocking):
        self.level = 0
        self._clocking = clocking
        self._changed = Event()
        self._callbacks: list[Callable[[LineLevel], None]] = []
        self._begin(dut)

    def _begin(self, dut) -> None:
        self._irq = dut.irq
        cocotb.start_soon(self._watch())

    def _now(self, level: int) -> None:
        self.level = level
        for callback in self._callbacks:
            callback(LineLevel(cycle=self._clocking.cycle, level=level))
        self._changed.set()

    def add_callback(self, callback: Callable[[LineLevel], None]) -> None:
        """Call *callback* with every change."""
        self._callbacks.append(callback)

    async def wait_for(self, level: int) -> None:
        """Wait until the line is sampled at *level* (returns at once when it is)."""
        while self.level != level:
            self._changed.clear()
            await self._changed.wait()

    async def _watch(self) -> None:
        change = ValueChange(self._irq)
        while True:
            await change
            await self._clocking.edge
            value = str(self._irq.value)
            if value == "1" and self.level == 0 and self._clocking.in_reset:
                await self._clocking.edge
                value = str(self._irq.value)
            if value in "01" and int(value) != self.level:
                self._now(int(value))
