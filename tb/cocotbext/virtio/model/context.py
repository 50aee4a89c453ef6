# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Holds what all parts of the model share."""

from dataclasses import dataclass

from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.model.end_of_cycle_queue import EndOfCycleQueue
from cocotbext.virtio.model.event_counts import EventCounts
from cocotbext.virtio.model.listener import ModelListener
from cocotbext.virtio.model.register_states import RegisterStates
from cocotbext.virtio.model.timing import Timing


@dataclass
class Context:
    """The endpoint's configuration, its assumed speed, the present, the past, the counters and who listens."""

    config: EndpointConfig
    timing: Timing
    end_of_cycle: EndOfCycleQueue
    states: RegisterStates
    counts: EventCounts
    listener: ModelListener

    @property
    def now(self) -> int:
        """The cycle that is being looked at."""
        return self.end_of_cycle.now
