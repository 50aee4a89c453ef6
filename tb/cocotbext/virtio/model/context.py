"""What all parts of the model share."""

from dataclasses import dataclass

from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.model.account import Account
from cocotbext.virtio.model.agenda import Agenda
from cocotbext.virtio.model.journal import Journal
from cocotbext.virtio.model.timeline import Timeline
from cocotbext.virtio.model.timing import Timing


@dataclass
class Context:
    """The endpoint's configuration, its assumed speed, the present, the past, the counters and who listens."""

    config: EndpointConfig
    timing: Timing
    agenda: Agenda
    timeline: Timeline
    account: Account
    journal: Journal

    @property
    def now(self) -> int:
        """The cycle that is being looked at."""
        return self.agenda.now
