# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What came of one subject: a line of the table."""

import statistics
from dataclasses import dataclass, field

from sim.syn.cells import Cells
from sim.syn.critical_path import CriticalPath
from sim.syn.placement import Placement
from sim.syn.subject import Subject


@dataclass
class Row:
    """Cells, and the placements by seed.

    around: flip-flops of the wrapper, which cells leave out; failure: why there are no placements, or not all; one
    line.
    """

    subject: Subject
    cells: Cells | None = None
    around: int = 0
    placements: dict[int, Placement] = field(default_factory=dict)
    failure: str | None = None

    @property
    def clocks(self) -> list[float]:
        """MHz of every seed, lowest first."""
        return sorted(placement.mhz for placement in self.placements.values())

    @property
    def mhz(self) -> float | None:
        """The median of the seeds."""
        return statistics.median(self.clocks) if self.placements else None

    @property
    def path(self) -> CriticalPath | None:
        """The critical path of the seed in the middle (of two, the slower)."""
        middle = statistics.median_low(self.clocks) if self.placements else None
        return next((placement.path for placement in self.placements.values() if placement.mhz == middle), None)

    def missed(self) -> list[str]:
        """Each target that is not reached, in words."""
        target, result = self.subject.target, []
        if target.mhz and self.mhz and self.mhz < target.mhz:
            result.append(f"{self.mhz:.1f} MHz instead of {target.mhz:g}")
        if target.lut4 and self.cells and self.cells.lut4 >= target.lut4:
            result.append(f"{self.cells.lut4:,} LUT4 instead of less than {target.lut4:,}")
        if target.ff and self.cells and self.cells.ff > target.ff:
            result.append(f"{self.cells.ff:,} FF instead of at most {target.ff:,}")
        if target.block_ram and self.cells and self.cells.block_ram > target.block_ram:
            result.append(f"{self.cells.block_ram} block RAM instead of at most {target.block_ram}")
        return result
