# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers of the virtqueue chapters (virtio 1.2, 2.7 and 2.8), and the layout that a driver announces.

Both sides of a queue use these names; how they compute with positions and addresses, each side decides by itself.
"""

from enum import IntEnum, IntFlag
from typing import NamedTuple

MAX_QUEUE_SIZE = 32768


class RingFeature(IntEnum):
    """Feature bit numbers that change how a queue works (virtio 1.2, chapter 6)."""

    INDIRECT_DESC = 28
    EVENT_IDX = 29
    RING_PACKED = 34
    IN_ORDER = 35
    NOTIFICATION_DATA = 38

    @property
    def mask(self) -> int:
        """The bit itself, to be combined into a set of features."""
        return 1 << self

    def within(self, features: int) -> bool:
        """Whether the bit is in a set of *features*."""
        return bool(features >> self & 1)


class DescriptorFlag(IntFlag):
    """Flags of a descriptor; AVAIL and USED exist in packed queues only."""

    NEXT = 1 << 0
    WRITE = 1 << 1
    INDIRECT = 1 << 2
    AVAIL = 1 << 7
    USED = 1 << 15


class SuppressionFlag(IntFlag):
    """Flags in front of the two rings of a split queue: the writer wants to be left alone (2.7.7, 2.7.10)."""

    NO_INTERRUPT = 1  # in the available ring
    NO_NOTIFY = 1  # in the used ring


class EventFlags(IntEnum):
    """Wish in the event suppression structures of a packed queue (2.8.10)."""

    ENABLE = 0
    DISABLE = 1
    DESCRIPTOR = 2  # at one position; only with EVENT_IDX
    RESERVED = 3


class QueueLayout(NamedTuple):
    """What the queue registers announce: entries and the three addresses, in bytes."""

    size: int
    descriptor_area: int
    driver_area: int
    device_area: int
