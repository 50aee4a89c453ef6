# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Tasks that answer the harness."""

from collections.abc import Callable

import cocotb
from cocotb.triggers import ReadWrite
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.verilator_native import watched
from cocotbext.virtio.handles import Bit


def serve(clock: ClockReset, handle: Bit, call: Callable[[], None]) -> None:
    """Call *call* whenever a signal of the harness changes, from the first clock edge on.

    Before it the signal may change because the simulation begins.
    """
    change = watched(handle)

    async def run() -> None:
        await clock.edge
        while True:
            await change
            call()

    cocotb.start_soon(run())


class Later:
    """Calls a function once at the end of the present time step, however often it is asked to.

    A change made at a clock edge concerns the time after it; what the harness has done at the edge itself is known only
    when it has been simulated.

    Args:
        call: the function.
    """

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call
        self._asked = False

    def ask(self) -> None:
        """Call it in this time step."""
        if not self._asked:
            self._asked = True
            cocotb.start_soon(self._run())

    async def _run(self) -> None:
        await ReadWrite()
        self._asked = False
        self._call()
