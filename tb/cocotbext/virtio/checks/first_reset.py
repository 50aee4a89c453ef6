"""The first cycle is a reset."""

import cocotb
from cocotbext.virtio.checks.violation import fail


class FirstReset:
    """``aresetn`` is low at the first rising edge; before that nothing is known. The proofs assume it
    (``formal/README.md``).

    Attach before the first edge; ``report`` is called with (cycle, text) on a violation.
    """

    def __init__(self, clocking, report=fail):
        self._clocking = clocking
        self._report = report
        if clocking.cycle == 0:
            cocotb.start_soon(self._look())

    async def _look(self) -> None:
        await self._clocking.edge
        if self._clocking.reset_n.value != 0:
            self._report(self._clocking.cycle, "aresetn is not low in the first cycle")
