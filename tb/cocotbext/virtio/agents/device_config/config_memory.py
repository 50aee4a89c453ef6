"""The device's configuration space, behind the config_* ports."""

import random
from collections.abc import Callable

import cocotb
from cocotb.triggers import RisingEdge


class ConfigMemory:
    """A synchronous memory of CONFIG_BYTES bytes with byte lanes, and the generation counter.

    Read data is on the port for the one cycle after its access and random otherwise, so that a design
    which samples late is caught.

    Args:
        dut: the design.
        clocking: the bench's clock.
        size: CONFIG_BYTES.
        rng: source of randomness.

    Attributes:
        data: the bytes as the device sees them.
    """

    def __init__(self, dut, clocking, size: int, rng=random):
        self.data = bytearray(size)
        self._clocking = clocking
        self._rng = rng
        self._en, self._we = dut.config_en, dut.config_we
        self._addr, self._wdata, self._rdata = dut.config_addr, dut.config_wdata, dut.config_rdata
        self._generation_port = dut.config_generation
        self._generation = 0
        self._written_callbacks: list[Callable[[int, int, int], None]] = []
        self._rdata.value = 0
        self._generation_port.value = 0
        cocotb.start_soon(self._serve())

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
        """
        if offset + len(data) > len(self.data):
            raise ValueError(f"configuration space has {len(self.data)} bytes")
        self.data[offset : offset + len(data)] = data
        self.generation += 1

    def on_written(self, callback: Callable[[int, int, int], None]) -> None:
        """Call *callback* with (offset, data, lanes) when the driver has written."""
        self._written_callbacks.append(callback)

    def word(self, offset: int) -> int:
        """The aligned 32-bit word at *offset*; bytes beyond the end are 0."""
        return int.from_bytes(self.data[offset : offset + 4].ljust(4, b"\0"), "little")

    def _write(self, offset: int, data: int, lanes: int) -> None:
        for lane in range(4):
            if lanes >> lane & 1 and offset + lane < len(self.data):
                self.data[offset + lane] = data >> 8 * lane & 0xFF
        for callback in self._written_callbacks:
            callback(offset, data, lanes)

    async def _serve(self) -> None:
        clocking, rises = self._clocking, RisingEdge(self._en)
        while True:
            if str(self._en.value) != "1":
                await rises
            await clocking.edge
            if clocking.in_reset or not self._en.value:
                self._rdata.value = self._rng.getrandbits(32)
                if clocking.in_reset:
                    await clocking.released.wait()
                continue
            offset, lanes = int(self._addr.value), int(self._we.value)
            if lanes:
                self._write(offset, int(self._wdata.value), lanes)
                self._rdata.value = self._rng.getrandbits(32)
            else:
                self._rdata.value = self.word(offset)
