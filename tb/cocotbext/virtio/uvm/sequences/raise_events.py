# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Given events, back to back."""

from cocotbext.virtio.uvm.items import EventItem
from pyuvm import uvm_sequence


class RaiseEvents(uvm_sequence):
    """The device raises events in order.

    Args:
        indices: 0 for a configuration change, q+1 for a used buffer on queue q.

    Attributes:
        cycles: in which they were accepted.
    """

    def __init__(self, *indices: int) -> None:
        super().__init__("RaiseEvents")
        self.indices = indices
        self.cycles: list[int | None] = []

    async def body(self) -> None:
        item = EventItem(*self.indices, gap=0)
        await self.start_item(item)
        await self.finish_item(item)
        self.cycles = item.cycles
