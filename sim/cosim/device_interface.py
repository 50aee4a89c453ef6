# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Drivers and monitors of the ports that every device of rtl/devices has."""

import random
from collections.abc import Callable
from typing import Any

from cocotbext.virtio.bfm.axil_registers import Access, AxilRegisters, ReadMonitor, WriteMonitor, check_response
from cocotbext.virtio.bfm.irq_line import IrqLine
from cocotbext.virtio.bfm.msi_sink import MessageMonitor, MsiSink
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.rings.memory import MemoryAccess

from sim.cosim.burst_memory import BurstMemory


class DeviceInterface:
    """Register bus, messages, line and memory port of one device, with the clock that it starts.

    Args:
        dut: one of virtio_mmio_rng, _blk, _blk_axi, _console, _net, in a BurstDesign.
        memory: what is behind ``m_axi``.
        word: bytes of a word of its memory buses.
        rng: source of randomness.

    Attributes:
        clock, registers, write_monitor, read_monitor, msi_sink, message_monitor, line_monitor: what they say.
        memory: the BurstMemory; word: bytes of a word of the memory buses.
    """

    def __init__(self, dut: Any, memory: MemoryAccess, word: int, rng: random.Random) -> None:
        self.clock = clock = ClockReset(dut.aclk, dut.aresetn)
        clock.start()
        self.registers = AxilRegisters.from_prefix(dut, "s_axil", clock)
        self.write_monitor = WriteMonitor.from_prefix(dut, "s_axil", clock)
        self.read_monitor = ReadMonitor.from_prefix(dut, "s_axil", clock)
        self.msi_sink = MsiSink.from_prefix(dut, "m_axil", clock)
        self.message_monitor = MessageMonitor.from_prefix(dut, "m_axil", clock)
        self.line_monitor = IrqLine(dut.irq, clock)
        self.word = word
        self.memory = BurstMemory(dut, "m_axi", clock, memory, word, rng)
        self._seen: tuple = ()
        self._callbacks: list[Callable] = []

    def observe(self, callback: Callable[[object], None]) -> None:
        """Call *callback* with every message, every change of the line, and what is :meth:`publish`-ed."""
        self.message_monitor.add_callback(callback)
        self.line_monitor.add_callback(callback)
        self._callbacks.append(callback)

    def publish(self, transaction: object) -> None:
        """Tell all observers of something that was concluded from what passed."""
        for callback in self._callbacks:
            callback(transaction)

    async def access(self, write: bool, address: int, data: int, strobe: int) -> int:
        """One register access; returns the word that was read."""
        access = Access(True, address, data, strobe) if write else Access(False, address)
        return check_response(await self.registers.submit(access).wait()).data

    @property
    def busy(self) -> bool:
        """Whether anything is under way at these ports, or has passed since the last look."""
        seen, self._seen = self._seen, (self.memory.beats, self.msi_sink.taken, self.line_monitor.level)
        return (
            seen != self._seen
            or not self.registers.idle
            or self.memory.outstanding
            or not self.msi_sink.idle
            or bool(self.message_monitor.outstanding)
        )
