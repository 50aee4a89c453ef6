# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The first cycle is a reset."""

import cocotb
from cocotbext.virtio.checks.violation import fail


class FirstReset:
    """``aresetn`` is low at the first rising edge; before that nothing is known. The proofs assume it
    (``formal/README.md``).

    Attach before the first edge; ``report`` is called with (cycle, text) on a violation.
    """

    def __init__(self, clock, report=fail) -> None:
        self._clock = clock
        self._report = report
        if clock.cycle == 0:
            cocotb.start_soon(self._look())

    async def _look(self) -> None:
        await self._clock.edge
        if self._clock.reset_n.value != 0:
            self._report(self._clock.cycle, "aresetn is not low in the first cycle")
