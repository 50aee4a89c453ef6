"""Reference model of the virtio-mmio endpoint: plain Python, knows no simulator."""

from tb.model.account import Account
from tb.model.endpoint import EndpointModel
from tb.model.mismatch import Mismatch
from tb.model.queues import QueueRow
from tb.model.timing import Timing

__all__ = ["Account", "EndpointModel", "Mismatch", "QueueRow", "Timing"]
