# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Names why a vector may be pending (possible causes), and why a vector must send (obligations)."""

from dataclasses import dataclass
from enum import IntEnum

from cocotbext.virtio.config import EVENT_CONFIG
from cocotbext.virtio.registers import InterruptBit

UNKNOWN = 1 << 62  # a cycle that is still to come


class Kind(IntEnum):
    """The two kinds of notification; the value is the bit number in InterruptStatus."""

    USED = InterruptBit.USED_BUFFER.bit_length() - 1
    CONFIG = InterruptBit.CONFIG_CHANGE.bit_length() - 1


def kind_of(source: int) -> Kind:
    """What an event of this index notifies of."""
    return Kind.CONFIG if source == EVENT_CONFIG else Kind.USED


class PossibleCause:
    """A write or event that sets a pending bit once, in one of the cycles `first`+1 to `last`."""

    __slots__ = ("kinds", "first", "last")

    def __init__(self, kind: Kind, first: int, last: int) -> None:
        self.kinds = {kind}  # more than one if it is not known which of several causes a message has used up
        self.first = first
        self.last = last


@dataclass
class Obligation:
    """A message that the DUT owes, because an event has certainly set the pending bit. One obligation stands for all of
    its kind."""

    first: int  # cycle of the oldest event that is not yet followed by a message
    last: int  # and of the newest


@dataclass
class MovedObligation:
    """A message owed because MAP moved a pending one, unless the old vector's message had been taken before that."""

    kind: Kind
    cycle: int
    rival: int  # the old vector
    until: int  # a message of it that was taken later came too late to be that one
