# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Device configuration port: the memory behind the window at 0x100, and the passive monitor."""

import random
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge, ValueChange
from cocotbext.virtio.bfm.monitor import Monitor
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.randomness import Rng
from cocotbext.virtio.transactions import ConfigAccess, GenerationInput


def _ports(dut: Dut, prefix: str) -> list[Any]:
    """The handles of the port, in the order that both classes below use."""
    return [getattr(dut, f"{prefix}_{name}") for name in ("en", "we", "addr", "wdata", "rdata", "generation")]


class ConfigMemory:
    """A synchronous memory of CONFIG_BYTES bytes with byte lanes, and the generation counter.

    Read data is on the port for the one cycle after its access and random otherwise, so that a design
    which samples late is caught.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``en`` and its like.
        clock: the design's clock and reset.
        size: CONFIG_BYTES.
        rng: source of randomness.

    Attributes:
        data: the bytes as the device sees them.
    """

    def __init__(self, dut: Dut, prefix: str, clock: ClockReset, size: int, rng: Rng = random) -> None:
        self.data = bytearray(size)
        self._clock = clock
        self._rng = rng
        self._en, self._we, self._addr, self._wdata, self._rdata, self._generation_port = _ports(dut, prefix)
        self._generation = 0
        self._rdata.value = 0
        self._generation_port.value = 0
        cocotb.start_soon(self._serve())

    @classmethod
    def from_prefix(cls, dut: Dut, prefix: str, clock: ClockReset, size: int, rng: Rng = random) -> "ConfigMemory":
        """Memory behind the ports ``<prefix>_en`` and so on of *dut*."""
        return cls(dut, prefix, clock, size, rng)

    @property
    def generation(self) -> int:
        """What ConfigGeneration reads."""
        return self._generation

    @generation.setter
    def generation(self, value: int) -> None:
        self._generation = value & 0xFFFFFFFF
        self._generation_port.value = self._generation

    def change(self, offset: int, data: bytes) -> None:
        """The device changes its configuration at *offset* and counts the generation up.

        Telling the driver about it (event 0) is the caller's business.

        Args:
            offset: byte offset from register 0x100.
            data: the new bytes.

        Raises:
            ValueError: they do not fit into the configuration space.
        """
        if offset + len(data) > len(self.data):
            raise ValueError(f"configuration space has {len(self.data)} bytes")
        self.data[offset : offset + len(data)] = data
        self.generation += 1

    def word(self, offset: int) -> int:
        """The aligned 32-bit word at *offset*; bytes beyond the end are 0."""
        return int.from_bytes(self.data[offset : offset + 4].ljust(4, b"\0"), "little")

    def _write(self, offset: int, data: int, lanes: int) -> None:
        for lane in range(4):
            if lanes >> lane & 1 and offset + lane < len(self.data):
                self.data[offset + lane] = data >> 8 * lane & 0xFF

    async def _serve(self) -> None:
        clock, rises = self._clock, RisingEdge(self._en)
        while True:
            if str(self._en.value) != "1":
                await rises
            await clock.edge
            if clock.in_reset or not self._en.value:
                self._rdata.value = self._rng.getrandbits(32)
                if clock.in_reset:
                    await clock.released.wait()
                continue
            offset, lanes = int(self._addr.value), int(self._we.value)
            if lanes:
                self._write(offset, int(self._wdata.value), lanes)
                self._rdata.value = self._rng.getrandbits(32)
            else:
                self._rdata.value = self.word(offset)


class ConfigMonitor(Monitor):
    """Publishes ConfigAccess (a write in its cycle, a read one cycle later with its data) and
    GenerationInput, at the start and on change.

    Args:
        dut: the design.
        prefix: port name up to the underscore before ``en`` and its like.
        clock: the design's clock and reset.
    """

    def __init__(self, dut: Dut, prefix: str, clock: ClockReset) -> None:
        super().__init__()
        self._clock = clock
        self._begin(dut, prefix)

    @classmethod
    def from_prefix(cls, dut: Dut, prefix: str, clock: ClockReset) -> "ConfigMonitor":
        """Monitor of the ports ``<prefix>_en`` and so on of *dut*."""
        return cls(dut, prefix, clock)

    def _begin(self, dut: Dut, prefix: str) -> None:
        self._en, self._we, self._addr, self._wdata, self._rdata, self._generation = _ports(dut, prefix)
        cocotb.start_soon(self._watch())
        cocotb.start_soon(self._watch_generation())

    async def _watch_generation(self) -> None:
        change = ValueChange(self._generation)
        seen = None
        while True:
            await self._clock.edge
            value = int(self._generation.value)
            if value != seen:
                seen = value
                self._publish(GenerationInput(cycle=self._clock.cycle, value=value))
            await change

    async def _watch(self) -> None:
        clock, rises = self._clock, RisingEdge(self._en)
        read = None
        while True:
            if read is None and str(self._en.value) != "1":
                await rises
            await clock.edge
            if read is not None:
                cycle, address = read
                read = None
                self._publish(ConfigAccess(cycle=cycle, address=address, strobe=0, data=int(self._rdata.value)))
            if clock.in_reset:
                await clock.released.wait()
            elif self._en.value:
                address, strobe = int(self._addr.value), int(self._we.value)
                if strobe:
                    self._publish(
                        ConfigAccess(cycle=clock.cycle, address=address, strobe=strobe, data=int(self._wdata.value))
                    )
                else:
                    read = clock.cycle, address
