# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Monitors of what is no valid/ready channel, fed from the record."""

from collections.abc import Callable
from functools import partial

from cocotbext.virtio.bfm.device_config import ConfigMonitor
from cocotbext.virtio.bfm.device_state import DeviceStateMonitor
from cocotbext.virtio.bfm.irq_line import IrqLine
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.kinds import Kind
from cocotbext.virtio.fast.record_stream import RecordStream
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.transactions import (
    ConfigAccess,
    DeviceReset,
    FaultReported,
    GenerationInput,
    HardReset,
    NeedsResetInput,
)

_WORD = 0xFFFFFFFF


class RecordedIrqLine(IrqLine):
    """IrqLine; a change is published in its own cycle."""

    def __init__(self, stream: RecordStream, clock: ClockReset) -> None:
        self._stream = stream
        super().__init__(None, clock)  # type: ignore[arg-type]  # the record stands for the signal

    def _begin(self) -> None:
        self._stream.on(Kind.LINE, self._change, prompt=True)

    def _change(self, cycle: int, level: int) -> None:
        if level != self.level:  # equal when the line was high before this bench began
            self._now(level)


class RecordedConfig(ConfigMonitor):
    """ConfigMonitor."""

    def __init__(self, stream: RecordStream, dut: Dut, clock: ClockReset) -> None:
        self._stream = stream
        super().__init__(dut, "config", clock)

    def _begin(self, dut: Dut, prefix: str) -> None:
        self._stream.on(Kind.GENERATION, lambda cycle, value: self._publish(GenerationInput(cycle=cycle, value=value)))
        self._stream.on(Kind.CONFIG_WRITE, partial(self._access, 0))
        self._stream.on(Kind.CONFIG_READ, partial(self._access, 1))

    def _access(self, late: int, cycle: int, payload: int) -> None:
        self._publish(
            ConfigAccess(cycle=cycle - late, address=payload >> 32 & 0xFFF, strobe=payload >> 44, data=payload & _WORD)
        )


class RecordedState(DeviceStateMonitor):
    """DeviceStateMonitor; resets and faults are published in their own cycle."""

    def __init__(self, stream: RecordStream, dut: Dut, clock: ClockReset) -> None:
        self._stream = stream
        self._high = 0
        super().__init__(dut, clock)

    def _begin(self, dut: Dut) -> None:
        on = self._stream.on
        on(Kind.HARD_RESET, lambda cycle, _: self._publish(HardReset(cycle=cycle)), prompt=True)
        on(Kind.DEVICE_RESET, lambda cycle, _: self._publish(DeviceReset(cycle=cycle)), prompt=True)
        on(Kind.FAULT, lambda cycle, vector: self._publish(FaultReported(cycle=cycle, vector=vector)), prompt=True)
        on(Kind.NEEDS_RESET, lambda cycle, level: self._publish(NeedsResetInput(cycle=cycle, level=level)))
        on(Kind.STATUS, lambda cycle, value: self._show(self._status_callbacks, value))
        on(Kind.FEATURES_HIGH, self._upper)
        on(Kind.FEATURES_LOW, lambda cycle, value: self._show(self._features_callbacks, self._high | value & _WORD))

    def _upper(self, cycle: int, value: int) -> None:
        self._high = (value & _WORD) << 32

    def _show(self, callbacks: list[Callable[[int], None]], value: int) -> None:
        for callback in callbacks:
            callback(value)
