"""Queue-table port: the device looks up what the driver configured."""

from cocotbext.virtio.agents.queue_table.queue_row import QueueRow
from cocotbext.virtio.agents.queue_table.queue_table_reader import QueueTableReader

__all__ = ["QueueRow", "QueueTableReader"]
