"""One row of the queue table."""

from typing import NamedTuple


class QueueRow(NamedTuple):
    """What the driver configured for a queue: ready bit, size in entries, and the 64-bit addresses."""

    ready: int
    num: int
    desc: int
    driver: int
    device: int
