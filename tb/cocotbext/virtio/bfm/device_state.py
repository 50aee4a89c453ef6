# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Device state and fault ports: reset handshake, needs_reset, negotiated features, message errors."""

from collections.abc import Callable

import cocotb
from cocotb.triggers import FallingEdge, RisingEdge, ValueChange
from cocotbext.virtio.bfm.handshake import optional
from cocotbext.virtio.bfm.monitor import Monitor
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Bit, Dut, Signal
from cocotbext.virtio.transactions import DeviceReset, FaultReported, HardReset, NeedsResetInput


class DeviceStateDriver:
    """The device's own state inputs, and what the endpoint shows the device.

    Args:
        dut: the design, with ``device_idle``, ``queue_stop_done``, ``needs_reset``, ``driver_features`` and
            ``device_status``; an input that it does not have is not driven.

    Attributes:
        idle, stop_done, needs_reset: write True or False; takes effect in the next cycle.
    """

    def __init__(self, dut: Dut) -> None:
        self._idle_port, self._needs_reset_port = optional(dut, "device_idle"), optional(dut, "needs_reset")
        self._stop_done_port = optional(dut, "queue_stop_done")
        self._features_port, self._status_port = optional(dut, "driver_features"), optional(dut, "device_status")
        self.idle = True
        self.stop_done = True
        self.needs_reset = False

    @property
    def idle(self) -> bool:
        """The device has nothing under way: a reset may finish."""
        return self._idle

    @idle.setter
    def idle(self, value: bool) -> None:
        self._idle = value
        if self._idle_port is not None:
            self._idle_port.value = int(value)

    @property
    def stop_done(self) -> bool:
        """The device has nothing outstanding on any queue that was stopped: the stop may finish."""
        return self._stop_done

    @stop_done.setter
    def stop_done(self, value: bool) -> None:
        self._stop_done = value
        if self._stop_done_port is not None:
            self._stop_done_port.value = int(value)

    @property
    def needs_reset(self) -> bool:
        """The device cannot go on."""
        return self._needs_reset

    @needs_reset.setter
    def needs_reset(self, value: bool) -> None:
        self._needs_reset = value
        if self._needs_reset_port is not None:
            self._needs_reset_port.value = int(value)

    @property
    def driver_features(self) -> int:
        """The accepted feature bits as the device sees them now; 0 without the port."""
        return 0 if self._features_port is None else int(self._features_port.value)

    @property
    def device_status(self) -> int:
        """Status as the device sees it now; 0 without the port."""
        return 0 if self._status_port is None else int(self._status_port.value)


class DeviceStateMonitor(Monitor):
    """Publishes HardReset, DeviceReset, FaultReported (each in every cycle of its pulse but HardReset,
    which comes once per reset) and NeedsResetInput on change; new values of driver_features and
    device_status by :meth:`on_features` and :meth:`on_status`. A port that the design does not have is not watched.

    Args:
        dut: the design, with ``device_reset``, ``msi_error_valid``, ``msi_error_vector`` and the ports of
            DeviceStateDriver.
        clock: the design's clock and reset.
    """

    def __init__(self, dut: Dut, clock: ClockReset) -> None:
        super().__init__()
        self._clock = clock
        self._features_callbacks: list[Callable[[int], None]] = []
        self._status_callbacks: list[Callable[[int], None]] = []
        self._begin(dut)

    def _begin(self, dut: Dut) -> None:
        def error(cycle: int) -> FaultReported:
            return FaultReported(cycle=cycle, vector=int(dut.msi_error_vector.value))

        for name, watch in (
            ("driver_features", lambda signal: self._watch_value(signal, self._features_callbacks)),
            ("device_status", lambda signal: self._watch_value(signal, self._status_callbacks)),
            ("device_reset", lambda signal: self._watch_pulse(signal, DeviceReset)),
            ("msi_error_valid", lambda signal: self._watch_pulse(signal, error)),
            ("needs_reset", self._watch_needs_reset),
        ):
            signal = optional(dut, name)
            if signal is not None:
                cocotb.start_soon(watch(signal))
        cocotb.start_soon(self._watch_hard_reset())

    def on_features(self, callback: Callable[[int], None]) -> None:
        """Call *callback* with driver_features in the first cycle sampled with a new value."""
        self._features_callbacks.append(callback)

    def on_status(self, callback: Callable[[int], None]) -> None:
        """Call *callback* with device_status in the first cycle sampled with a new value."""
        self._status_callbacks.append(callback)

    async def _watch_hard_reset(self) -> None:
        clock = self._clock
        falls = FallingEdge(clock.reset_n)
        if not clock.in_reset:
            await falls
        while True:
            await clock.edge
            self._publish(HardReset(cycle=clock.cycle))
            await falls

    async def _watch_pulse(self, signal: Bit, transaction: Callable[[int], DeviceReset | FaultReported]) -> None:
        clock, rises = self._clock, RisingEdge(signal)
        while True:
            if str(signal.value) != "1":
                await rises
            await clock.edge
            if clock.in_reset:
                await clock.released.wait()
            elif str(signal.value) == "1":
                self._publish(transaction(clock.cycle))

    async def _watch_needs_reset(self, signal: Bit) -> None:
        change = ValueChange(signal)
        level = 0
        while True:
            if str(signal.value) != str(level):
                await self._clock.edge
                value = str(signal.value)
                if value in "01" and int(value) != level:
                    level = int(value)
                    self._publish(NeedsResetInput(cycle=self._clock.cycle, level=level))
                    continue
            await change

    async def _watch_value(self, signal: Signal, callbacks: list[Callable[[int], None]]) -> None:
        clock, change = self._clock, ValueChange(signal)
        while True:
            await change
            await clock.edge
            value = signal.value
            if not clock.in_reset and value.is_resolvable:
                for callback in callbacks:
                    callback(int(value))
