"""What all parts of the model share."""

from dataclasses import dataclass

from tb.model.account import Account
from tb.model.agenda import Agenda
from tb.model.journal import Journal
from tb.model.timeline import Timeline
from tb.model.timing import Timing
from tb.spec.virtio import EndpointConfig


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
