"""Passive monitor of resets, the needs_reset input and message faults."""

from collections.abc import Callable

import cocotb
from cocotb.triggers import FallingEdge, RisingEdge, ValueChange

from tb.observations import DeviceReset, FaultReported, HardReset, NeedsResetInput


class DeviceStateMonitor:
    """Publishes HardReset, DeviceReset, FaultReported (each in every cycle of its pulse but HardReset,
    which comes once per reset) and NeedsResetInput on change."""

    def __init__(self, dut, clocking):
        self._clocking = clocking
        self._callbacks: list[Callable] = []
        cocotb.start_soon(self._watch_hard_reset())
        cocotb.start_soon(self._watch_pulse(dut.device_reset, lambda cycle: DeviceReset(cycle=cycle)))
        cocotb.start_soon(self._watch_pulse(dut.msi_error_valid, lambda cycle: FaultReported(
            cycle=cycle, vector=int(dut.msi_error_vector.value))))
        cocotb.start_soon(self._watch_needs_reset(dut.needs_reset))

    def add_callback(self, callback: Callable) -> None:
        """Call *callback* with every observation of the four kinds."""
        self._callbacks.append(callback)

    def _publish(self, observation) -> None:
        for callback in self._callbacks:
            callback(observation)

    async def _watch_hard_reset(self) -> None:
        clocking = self._clocking
        falls = FallingEdge(clocking.reset_n)
        if not clocking.in_reset:
            await falls
        while True:
            await clocking.edge
            self._publish(HardReset(cycle=clocking.cycle))
            await falls

    async def _watch_pulse(self, signal, observation) -> None:
        clocking, rises = self._clocking, RisingEdge(signal)
        while True:
            if str(signal.value) != "1":
                await rises
            await clocking.edge
            if clocking.in_reset:
                await clocking.released.wait()
            elif str(signal.value) == "1":
                self._publish(observation(clocking.cycle))

    async def _watch_needs_reset(self, signal) -> None:
        change = ValueChange(signal)
        level = 0
        while True:
            if str(signal.value) != str(level):
                await self._clocking.edge
                value = str(signal.value)
                if value in "01" and int(value) != level:
                    level = int(value)
                    self._publish(NeedsResetInput(cycle=self._clocking.cycle, level=level))
                    continue
            await change
