# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Counts what became of every event."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class EventCounts:
    """Counters of one run. Every accepted event ends in exactly one of the counters of `outcomes`."""

    events: Counter[str] = field(default_factory=Counter)  # "config", "used", "needs_reset"
    delivered: int = 0  # events followed by a message, `coalesced` ones included
    coalesced: int = 0  # events that shared their message with an earlier one
    line_acknowledged: int = 0  # shown in InterruptStatus and acknowledged
    dropped_no_vector: int = 0
    dropped_queue: int = 0  # queue not ready or not existing
    converted: int = 0  # carried over between line and messages by ENABLE or DISABLE
    wiped: int = 0  # by reset
    still_pending: int = 0  # at the end: masked, unconfigured, before DRIVER_OK, or not acknowledged

    held_by_mask: int = 0  # events that met a masked vector, whatever came after
    messages: int = 0
    kicks: int = 0
    kicks_written: int = 0
    faults: int = 0
    lost: int = 0
    without_cause: int = 0
    resets: int = 0

    @property
    def outcomes(self) -> dict[str, int]:
        """Where the accepted events ended; the sum is the number of events."""
        names = (
            "delivered",
            "line_acknowledged",
            "dropped_no_vector",
            "dropped_queue",
            "converted",
            "wiped",
            "still_pending",
        )
        return {name: getattr(self, name) for name in names}

    @property
    def accepted(self) -> int:
        """Events accepted, with those that DEVICE_NEEDS_RESET caused."""
        return sum(self.events.values())
