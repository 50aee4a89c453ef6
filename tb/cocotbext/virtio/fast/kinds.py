# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The kinds of entries that tb/cocotbext/virtio/fast/harness/recorder.v makes; what their payloads hold is said
there."""

from enum import IntEnum


class Kind(IntEnum):
    """The lowest five bits of an entry."""

    TIME = 0
    WRITE = 1
    AW = 2
    W = 3
    B = 4
    B_TAKEN = 5
    AR = 6
    R = 7
    R_TAKEN = 8
    EVENT = 9
    KICK = 10
    MESSAGE_HIGH = 11
    MESSAGE_W = 12
    MESSAGE_AW = 13
    MESSAGE_TAKEN = 14
    MESSAGE_B = 15
    LINE = 16
    STATUS = 17
    FEATURES_LOW = 18
    FEATURES_HIGH = 19
    DEVICE_RESET = 20
    FAULT = 21
    HARD_RESET = 22
    NEEDS_RESET = 23
    GENERATION = 24
    CONFIG_WRITE = 25
    CONFIG_READ = 26
    KICK_OFFERED = 27
    WRONG = 28
