"""Sequence item of the event agent."""

from pyuvm import uvm_sequence_item


class EventItem(uvm_sequence_item):
    """One or more events, raised in order.

    Attributes:
        indices: 0 for a configuration change, q+1 for a used buffer on queue q.
        gap: idle cycles before each, None to draw from the knobs.
        cycles: in which they were accepted, filled in by the driver.
    """

    def __init__(self, *indices: int, gap: int | None = None):
        super().__init__("event")
        self.indices = list(indices)
        self.gap = gap
        self.cycles: list[int | None] = []
