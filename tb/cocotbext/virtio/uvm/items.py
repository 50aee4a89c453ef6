# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Sequence items: what sequences hand to the drivers."""

from cocotbext.virtio.bfm.axil_registers import Access
from pyuvm import uvm_sequence_item


class RegisterItem(uvm_sequence_item):
    """One access, or a burst of them issued back to back; see :class:`Access` for timing and results.

    With *posted* the driver goes on as soon as the access has been handed to the bus, and the sequence
    awaits :meth:`wait` when it wants the result: this is how accesses overlap.
    """

    def __init__(self, name: str, accesses: list[Access], posted: bool = False) -> None:
        super().__init__(name)
        self.accesses = accesses
        self.posted = posted

    @classmethod
    def write(
        cls,
        address: int,
        data: int,
        strobe: int = 0xF,
        posted: bool = False,
        address_delay: int | None = None,
        data_delay: int | None = None,
    ) -> "RegisterItem":
        """A write; for the delays see :class:`Access`."""
        return cls("write", [Access(True, address, data, strobe, address_delay, data_delay)], posted)

    @classmethod
    def read(cls, address: int, posted: bool = False, address_delay: int | None = None) -> "RegisterItem":
        """A read; its value is in :attr:`data` afterwards."""
        return cls("read", [Access(False, address, address_delay=address_delay)], posted)

    @classmethod
    def burst(cls, accesses: list[Access], posted: bool = False) -> "RegisterItem":
        """Several accesses back to back, reads beside writes."""
        return cls("burst", accesses, posted)

    @property
    def access(self) -> Access:
        """The (first) access."""
        return self.accesses[0]

    @property
    def data(self) -> int:
        """Data written or read by the (first) access."""
        return self.accesses[0].data

    async def wait(self) -> "RegisterItem":
        """Wait until every access has completed or was aborted by a reset."""
        for access in self.accesses:
            await access.wait()
        return self


class EventItem(uvm_sequence_item):
    """One or more events, raised in order.

    Attributes:
        indices: 0 for a configuration change, q+1 for a used buffer on queue q.
        gap: idle cycles before each, None to draw from the knobs.
        cycles: in which they were accepted, filled in by the driver.
    """

    def __init__(self, *indices: int, gap: int | None = None) -> None:
        super().__init__("event")
        self.indices = list(indices)
        self.gap = gap
        self.cycles: list[int | None] = []
