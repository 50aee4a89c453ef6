# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a run measures: the endpoint in one size and mode, another design, or a peer, on one device."""

from dataclasses import dataclass

from sim.syn.unit import Unit


@dataclass(frozen=True)
class Target:
    """What is to be reached: a clock of at least mhz MHz, fewer than lut4 look-up tables, at most ff flip-flops and
    block_ram block RAMs. None: nothing promised."""

    mhz: float | None = None
    lut4: int | None = None
    ff: int | None = None
    block_ram: int | None = None


@dataclass(frozen=True)
class Subject:
    """One line of the table. peer is the peer's name, None for the project's own; aim is the clock in MHz asked of the
    placer; options: of Yosys, None for those of the device."""

    device: str
    label: str
    unit: Unit
    aim: float
    target: Target = Target()
    queues: int | None = None
    vectors: int | None = None
    sharing: int | None = None
    peer: str | None = None
    options: str | None = None

    @property
    def name(self) -> str:
        """What it is called in messages and file names."""
        return f"{self.device} {self.peer + ' ' if self.peer else ''}{self.label}"
