# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a trace file is made of."""

from dataclasses import dataclass

HEADER = "op,offset,bytes,value"


@dataclass(frozen=True)
class AccessRow:
    """One register access of the driver; `value` is the one written or seen, in the low bytes."""

    line: int
    write: bool
    offset: int
    size: int
    value: int

    def __str__(self) -> str:
        return f"{'W' if self.write else 'R'},0x{self.offset:03x},{self.size},0x{self.value:0{2 * self.size}x}"


@dataclass(frozen=True)
class DeviceRow:
    """Something that the device or its surroundings did; `words` begin with one of KINDS."""

    line: int
    words: tuple[str, ...]

    # kind -> how many numbers follow
    KINDS = {"event": 1, "needs_reset": 0, "generation": 1, "config": 2, "reset": 0}
    # of these, only those of a timed trace, see steps.py
    KINDS |= {
        "timed": 0,
        "after": 1,
        "lanes": 1,
        "hold_address": 1,
        "hold_data": 1,
        "hold_answers": 1,
        "fault": 1,
        "needs_reset_is": 1,
    }
    # kind -> the least and the largest value of the first number
    RANGES = {
        "event": (0, 0xFFFF),  # 0 for a configuration change, q + 1 for queue q; what the port can say
        "generation": (0, 0xFFFFFFFF),
        "config": (0, 0xFFFFFFFF),
        "after": (0, 0xFFFFFFFF),
        "lanes": (0, 0xF),
        "hold_address": (0, 0xFFFFFFFF),
        "hold_data": (0, 0xFFFFFFFF),
        "hold_answers": (0, 0xFFFFFFFF),
        "fault": (2, 3),  # SLVERR, DECERR
        "needs_reset_is": (0, 1),
    }

    @property
    def kind(self) -> str:
        """What happened."""
        return self.words[0]

    def __str__(self) -> str:
        return "#! " + " ".join(self.words)
