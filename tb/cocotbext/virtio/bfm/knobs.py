# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a test may turn to shape the stimulus and the partners' behaviour."""

import random
from dataclasses import dataclass, replace

from cocotbext.virtio.bfm.axil_registers import BusTiming
from cocotbext.virtio.bfm.msi_sink import MsiSinkTiming
from cocotbext.virtio.randomness import Rng


@dataclass(frozen=True)
class Knobs:
    """Behaviour of everything around the design; the default stalls nothing and nobody.

    Attributes:
        registers: timing of the register bus master.
        messages: timing and error rate of the interrupt controller.
        event_gap: (least, most) idle cycles between random events.
        kick_ready: probability of notify_ready in a cycle.
    """

    registers: BusTiming = BusTiming()
    messages: MsiSinkTiming = MsiSinkTiming()
    event_gap: tuple[int, int] = (0, 0)
    kick_ready: float = 1.0

    @classmethod
    def light(cls) -> "Knobs":
        """Some waiting everywhere."""
        return cls(
            registers=BusTiming(gap=(0, 2), skew=(0, 1), bready=0.8, rready=0.8),
            messages=MsiSinkTiming(awready=0.8, wready=0.8, response_delay=(0, 3)),
            event_gap=(0, 12),
            kick_ready=0.8,
        )

    @classmethod
    def heavy(cls) -> "Knobs":
        """Partners that mostly wait, with AW, W and B far out of step."""
        return cls(
            registers=BusTiming(gap=(0, 6), skew=(0, 5), bready=0.3, rready=0.3),
            messages=MsiSinkTiming(awready=0.2, wready=0.25, response_delay=(0, 20)),
            event_gap=(0, 4),
            kick_ready=0.2,
        )

    @classmethod
    def draw(cls, rng: Rng = random) -> "Knobs":
        """Draw each partner's behaviour on its own, so that fast ones meet slow ones."""
        classes = (cls(), cls.light(), cls.heavy())
        return cls(
            registers=rng.choice(classes).registers,
            messages=rng.choice(classes).messages,
            event_gap=rng.choice(classes).event_gap,
            kick_ready=rng.choice(classes).kick_ready,
        )

    def with_errors(self, rate: float) -> "Knobs":
        """The same, with messages answered SLVERR or DECERR at *rate*."""
        return replace(self, messages=replace(self.messages, error_rate=rate))
