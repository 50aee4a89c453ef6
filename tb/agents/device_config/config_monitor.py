"""Passive monitor of the device configuration port."""

from collections.abc import Callable

import cocotb
from cocotb.triggers import RisingEdge

from tb.observations import ConfigAccess


class ConfigMonitor:
    """Publishes ConfigAccess: a write in its cycle, a read one cycle later with its data."""

    def __init__(self, dut, clocking):
        self._clocking = clocking
        self._dut_en, self._we = dut.config_en, dut.config_we
        self._addr, self._wdata, self._rdata = dut.config_addr, dut.config_wdata, dut.config_rdata
        self._callbacks: list[Callable[[ConfigAccess], None]] = []
        cocotb.start_soon(self._watch())

    def add_callback(self, callback: Callable[[ConfigAccess], None]) -> None:
        """Call *callback* with every access."""
        self._callbacks.append(callback)

    def _publish(self, access: ConfigAccess) -> None:
        for callback in self._callbacks:
            callback(access)

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
                self._publish(ConfigAccess(cycle=cycle, address=address, strobe=0,
                                           data=int(self._rdata.value)))
            if clocking.in_reset:
                await clocking.released.wait()
            elif self._dut_en.value:
                address, strobe = int(self._addr.value), int(self._we.value)
                if strobe:
                    self._publish(ConfigAccess(cycle=clocking.cycle, address=address, strobe=strobe,
                                               data=int(self._wdata.value)))
                else:
                    read = clocking.cycle, address
