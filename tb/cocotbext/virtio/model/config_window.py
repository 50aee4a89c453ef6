# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Checks the device configuration window: what the driver reads and writes passes the device's port."""

from collections import deque

from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.effects import ConfigWrite
from cocotbext.virtio.model.mismatch import Mismatch
from cocotbext.virtio.model.register_states import StateSpan
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET


class ConfigWindow:
    """Pairs register accesses at 0x100 and above with accesses of the device configuration port."""

    REMEMBERED = 4096  # read accesses that may wait for their register read

    def __init__(self, context: Context) -> None:
        self._context = context
        self._writes: deque[StateSpan] = deque()  # not yet seen at the port
        self._reads: deque[tuple[int, int, int]] = deque(maxlen=self.REMEMBERED)  # cycle, address, data

    # ------------------------------------------------------------------ writes
    def accepted(self, span: StateSpan) -> None:
        """A register write was accepted."""
        if isinstance(span.effect, ConfigWrite):
            self._writes.append(span)

    def committed(self, span: StateSpan) -> None:
        """The write was answered."""
        if isinstance(span.effect, ConfigWrite):
            last = self._context.now + self._context.timing.config_access
            self._context.end_of_cycle.at_end_of(last, self._overdue, span)

    def _overdue(self, span: StateSpan) -> None:
        if span in self._writes and isinstance(span.effect, ConfigWrite):
            raise Mismatch(
                "MMIO-7",
                f"the write of Config+0x{span.effect.address:02x} accepted in cycle "
                f"{span.accepted} did not reach the device by cycle {self._context.now}",
            )

    # ------------------------------------------------------------------ the port
    def access(self, cycle: int, address: int, strobe: int, data: int) -> None:
        """The endpoint accessed the device. Raises Mismatch."""
        if not strobe:
            self._reads.append((cycle, address, data))
            return
        text = f"device configuration write to 0x{address:03x} in cycle {cycle}"
        if not self._writes:
            raise Mismatch("MMIO-7", f"{text}: the driver wrote nothing")
        span = self._writes.popleft()
        expected = span.effect
        assert isinstance(expected, ConfigWrite)
        lanes = sum(0xFF << 8 * lane for lane in range(4) if expected.strobe >> lane & 1)
        if (address, strobe, data & lanes) != (expected.address, expected.strobe, expected.data & lanes):
            raise Mismatch(
                "MMIO-7",
                f"{text} is 0x{data:08x} with strobe {strobe:04b}; the driver wrote "
                f"0x{expected.data:08x} with strobe {expected.strobe:04b} to "
                f"0x{expected.address:03x}",
            )

    def expected(self, address: int, first: int, last: int) -> int | None:
        """What a register read that was under way in these cycles returns; None if the device was not asked."""
        offset = (address & ~3) - CONFIG_WINDOW_OFFSET
        lanes = sum(0xFF << 8 * lane for lane in range(4) if offset + lane < self._context.config.config_bytes)
        if not lanes:
            return 0
        for i, (cycle, asked, data) in enumerate(self._reads):
            if first <= cycle <= last and asked == offset:
                for _ in range(i + 1):
                    self._reads.popleft()
                return data & lanes
        return None
