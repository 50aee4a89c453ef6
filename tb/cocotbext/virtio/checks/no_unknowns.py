# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""No output is unknown after reset."""

import random
from collections.abc import Iterable

import cocotb
from cocotb.triggers import ValueChange
from cocotbext.virtio.checks.violation import Report, fail
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Dut, Signal
from cocotbext.virtio.randomness import Rng

OUTPUTS = (
    "s_axil_awready s_axil_wready s_axil_bresp s_axil_bvalid s_axil_arready s_axil_rdata s_axil_rresp "
    "s_axil_rvalid m_axil_awaddr m_axil_awprot m_axil_awvalid m_axil_wdata m_axil_wstrb m_axil_wvalid "
    "m_axil_bready irq event_ready notify_valid notify_queue notify_data queue_ready queue_num queue_desc "
    "queue_driver queue_device queue_start_valid queue_start_index queue_stop_valid queue_stop_index config_en "
    "config_we config_addr config_wdata driver_features device_status "
    "device_reset msi_error_valid msi_error_vector"
).split()

CONTROLS = tuple(
    name for name in OUTPUTS if name.endswith(("valid", "ready", "_reset", "_en")) and name != "queue_ready"
) + ("irq",)


class NoUnknowns:
    """Every output is known from the second cycle after reset on.

    Control outputs are looked at whenever they change, all outputs in the first cycles after reset and
    then in random cycles. Only a four-state simulator can fail this.

    Args:
        dut: the design.
        clock: the bench's clock.
        outputs: names of all outputs; controls: those to watch at every change.
        spacing: mean distance in cycles of the random looks.
        rng: source of randomness.
        report: called with (cycle, text) on a violation.
    """

    def __init__(
        self,
        dut: Dut,
        clock: ClockReset,
        outputs: Iterable[str] = OUTPUTS,
        controls: Iterable[str] = CONTROLS,
        spacing: int = 100,
        rng: Rng = random,
        report: Report = fail,
    ) -> None:
        self._clock = clock
        self._outputs = [(name, getattr(dut, name)) for name in outputs]
        self._spacing, self._rng, self._report = spacing, rng, report
        for name in controls:
            cocotb.start_soon(self._watch(name, getattr(dut, name)))
        cocotb.start_soon(self._look_around())

    def _check(self, name: str, handle: Signal) -> None:
        value = handle.value
        if not self._clock.in_reset and not value.is_resolvable:
            self._report(self._clock.cycle, f"{name} is unknown: {value}")

    async def _watch(self, name: str, handle: Signal) -> None:
        change = ValueChange(handle)
        while True:
            await change
            # A clock edge later the zero-time steps on the way to the new value are over.
            if str(handle.value) not in "01":
                await self._clock.edge
                self._check(name, handle)

    async def _look_around(self) -> None:
        clock = self._clock
        while True:
            await clock.released.wait()
            await clock.cycles(2)
            looks = 0
            while not clock.in_reset:
                for name, handle in self._outputs:
                    self._check(name, handle)
                looks += 1
                await clock.cycles(1 if looks < 4 else self._rng.randint(1, 2 * self._spacing - 1))
