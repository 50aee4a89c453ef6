"""Passive monitor of resets, the needs_reset input and message faults."""

from collections.abc import Callable

import cocotb
from cocotb.triggers import FallingEdge, RisingEdge, ValueChange
from cocotbext.virtio.transactions import DeviceReset, FaultReported, HardReset, NeedsResetInput


class DeviceStateMonitor:
    """Publishes HardReset, DeviceReset, FaultReported (each in every cycle of its pulse but HardReset,
    which comes once per reset) and NeedsResetInput on change; new values of driver_features and
    device_status by :meth:`on_features` and :meth:`on_status`."""

    def __init__(self, dut, clocking):
        self._clocking = clocking
        self._callbacks: list[Callable] = []
        self._features_callbacks: list[Callable[[int], None]] = []
        self._status_callbacks: list[Callable[[int], None]] = []
        self._begin(dut)

    def _begin(self, dut) -> None:
        cocotb.start_soon(self._watch_value(dut.driver_features, self._features_callbacks))
        cocotb.start_soon(self._watch_value(dut.device_status, self._status_callbacks))
        cocotb.start_soon(self._watch_hard_reset())
        cocotb.start_soon(self._watch_pulse(dut.device_reset, lambda cycle: DeviceReset(cycle=cycle)))
        cocotb.start_soon(
            self._watch_pulse(
                dut.msi_error_valid, lambda cycle: FaultReported(cycle=cycle, vector=int(dut.msi_error_vector.value))
            )
        )
        cocotb.start_soon(self._watch_needs_reset(dut.needs_reset))

    def add_callback(self, callback: Callable) -> None:
        """Call *callback* with every observation of the four kinds."""
        self._callbacks.append(callback)

    def on_features(self, callback: Callable[[int], None]) -> None:
        """Call *callback* with driver_features in the first cycle sampled with a new value."""
        self._features_callbacks.append(callback)

    def on_status(self, callback: Callable[[int], None]) -> None:
        """Call *callback* with device_status in the first cycle sampled with a new value."""
        self._status_callbacks.append(callback)

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

    async def _watch_value(self, signal, callbacks) -> None:
        clocking, change = self._clocking, ValueChange(signal)
        while True:
            await change
            await clocking.edge
            value = signal.value
            if not clocking.in_reset and value.is_resolvable:
                for callback in callbacks:
                    callback(int(value))
