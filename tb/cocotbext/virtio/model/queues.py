# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps the queue table: what the driver configured for each queue."""

from dataclasses import dataclass, replace

from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.register_states import History, StateSpan
from cocotbext.virtio.registers import Register


@dataclass(frozen=True)
class QueueRow:
    """What the look-up port shows of one queue. The defaults are the values after reset."""

    ready: bool = False
    num: int = 0  # as written, 32 bits
    desc: int = 0
    driver: int = 0
    device: int = 0


ADDRESS_FIELDS = {  # register -> field, first bit
    Register.QUEUE_DESC_LOW: ("desc", 0),
    Register.QUEUE_DESC_HIGH: ("desc", 32),
    Register.QUEUE_DRIVER_LOW: ("driver", 0),
    Register.QUEUE_DRIVER_HIGH: ("driver", 32),
    Register.QUEUE_DEVICE_LOW: ("device", 0),
    Register.QUEUE_DEVICE_HIGH: ("device", 32),
}


class QueueTable:
    """Rows of all queues; only those ever written take space."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rows: dict[int, History[QueueRow]] = {}

    def exists(self, queue: int) -> bool:
        """Whether there is such a queue."""
        return 0 <= queue < self._context.config.num_queues

    def at(self, queue: int, span: StateSpan) -> QueueRow:
        """The row in `span`; that of a queue that does not exist is all zero."""
        history = self._rows.get(queue)
        return QueueRow() if history is None else history.at(span.number)

    def latest(self, queue: int) -> QueueRow:
        """The row after the newest write."""
        history = self._rows.get(queue)
        return QueueRow() if history is None else history.latest

    def set(self, queue: int, number: int, row: QueueRow) -> None:
        """The row from span `number` on."""
        history = self._rows.get(queue)
        if history is None:
            history = self._rows[queue] = History(QueueRow())
        history.set(number, row, self._context.states.oldest)

    def reset(self, number: int) -> None:
        """All rows are zero from span `number` on."""
        for queue, history in self._rows.items():
            if history.latest != QueueRow():
                self.set(queue, number, QueueRow())

    def ready_queues(self, span: StateSpan) -> list[int]:
        """Queues that are ready in `span`."""
        return sorted(queue for queue, history in self._rows.items() if history.at(span.number).ready)

    def write_field(self, queue: int, number: int, register: Register, value: int) -> None:
        """QueueNum or a ring address; frozen while the queue is ready (MMIO-39)."""
        row = self.latest(queue)
        if row.ready:
            return
        if register == Register.QUEUE_NUM:
            self.set(queue, number, replace(row, num=value))
        else:
            field, shift = ADDRESS_FIELDS[register]
            kept = getattr(row, field) & ~(0xFFFFFFFF << shift)
            self.set(queue, number, replace(row, **{field: kept | value << shift}))

    def usable(self, row: QueueRow, packed: bool) -> bool:
        """Whether QueueReady may be set with this QueueNum (choice 7)."""
        num = row.num
        return 0 < num <= self._context.config.queue_num_max and (packed or num & num - 1 == 0)
