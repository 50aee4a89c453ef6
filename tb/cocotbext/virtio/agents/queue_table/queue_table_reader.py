"""Driver of queue_index."""

from cocotb.triggers import Lock
from cocotbext.virtio.agents.queue_table.queue_row import QueueRow


class QueueTableReader:
    """Reads rows of the queue table through the lookup port."""

    def __init__(self, dut, clocking):
        self._clocking = clocking
        self._index = dut.queue_index
        self._outputs = (dut.queue_ready, dut.queue_num, dut.queue_desc, dut.queue_driver, dut.queue_device)
        self._lock = Lock()
        self._index.value = 0

    async def row(self, queue: int) -> QueueRow:
        """Look up *queue*: the index is sampled in one cycle, the row is valid in the next."""
        async with self._lock:
            if not self._clocking.at_edge():
                await self._clocking.edge
            self._index.value = queue
            await self._clocking.cycles(2)
            return QueueRow(*(int(handle.value) for handle in self._outputs))
