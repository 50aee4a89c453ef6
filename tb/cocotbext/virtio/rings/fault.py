# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a driver can do wrong in a virtqueue, by number, and the exception with which a device's side stops."""

from enum import IntEnum


class FaultCode(IntEnum):
    """Reasons to stop a device; the numbers are those that hardware reports at its ``fault_code`` port."""

    AVAILABLE_INDEX = 1  # available index more than the queue size ahead (SPLIT-9)
    HEAD = 2  # head not below the queue size (SPLIT-22)
    NEXT = 3  # next not below the queue size, or the entries of its table (SPLIT-22)
    CHAIN_LENGTH = 4  # more descriptors than the queue size or the device's limit; loops end here (SPLIT-21)
    INDIRECT_REFUSED = 5  # an indirect descriptor without the feature (SPLIT-23)
    INDIRECT_NESTED = 6  # INDIRECT together with NEXT, or in an indirect table (SPLIT-20)
    TABLE_LENGTH = 7  # a table of no descriptors, or of a part of one (SPLIT-20)
    ORDER = 8  # a readable part behind a writable one (SPLIT-24)
    ADDRESS = 9  # address + length beyond the address width, or 2^32 bytes and more in one buffer
    RING_ACCESS = 10  # the memory answered an access to the rings, or to a table, with an error
    ALIGNMENT = 11  # an area not aligned to 16, 2, 4 bytes (packed: 16, 4, 4), or an impossible size
    NOT_AVAILABLE = 12  # packed: a descriptor in the middle of a chain is not available


class RingFault(Exception):
    """The driver broke a rule of the queue; the device cannot go on.

    Args:
        code: which rule.
        text: what was found, with its numbers.
        head: of the chain concerned, -1 where there is none.
    """

    def __init__(self, code: FaultCode, text: str, head: int = -1) -> None:
        super().__init__(f"fault {int(code)}: {text}")
        self.code = code
        self.text = text
        self.head = head
