"""Passive monitor of the device configuration port."""

from collections.abc import Callable

import cocotb
from cocotb.triggers import RisingEdge, ValueChange
from cocotbext.virtio.transactions import ConfigAccess, GenerationInput


class ConfigMonitor:
    """Publishes ConfigAccess (a write in its cycle, a read one cycle later with its data) and
    GenerationInput, at the start and on change."""

    def __init__(self, dut, clocking):
        self._clocking = clocking
        self._callbacks: list[Callable] = []
        self._begin(dut)

    def _begin(self, dut) -> None:
        self._dut_en, self._we = dut.config_en, dut.config_we
        self._addr, self._wdata, self._rdata = dut.config_addr, dut.config_wdata, dut.config_rdata
        self._generation = dut.config_generation
        cocotb.start_soon(self._watch())
        cocotb.start_soon(self._watch_generation())

    def add_callback(self, callback: Callable) -> None:
        """Call *callback* with every access and every change of the generation."""
        self._callbacks.append(callback)

    def _publish(self, observation) -> None:
        for callback in self._callbacks:
            callback(observation)

    async def _watch_generation(self) -> None:
        change = ValueChange(self._generation)
        seen = None
        while True:
            await self._clocking.edge
            value = int(self._generation.value)
            if value != seen:
                seen = value
                self._publish(GenerationInput(cycle=self._clocking.cycle, value=value))
            await change

    async def _watch(self) -> None:
        clocking, rises = self._clocking, RisingEdge(self._dut_en)
        read = None
        while True:
            if read is None and str(self._dut_en.value) != "1":
                await rises
            await clocking.edge
            if read is not None:
                cycle, address = read
                read = None
                self._publish(ConfigAccess(cycle=cycle, address=address, strobe=0, data=int(self._rdata.value)))
            if clocking.in_reset:
                await clocking.released.wait()
            elif self._dut_en.value:
                address, strobe = int(self._addr.value), int(self._we.value)
                if strobe:
                    self._publish(
                        ConfigAccess(cycle=clocking.cycle, address=address, strobe=strobe, data=int(self._wdata.value))
                    )
                else:
                    read = clocking.cycle, address
