# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a netlist is made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cells:
    """Counts of cells after synthesis.

    lut4: look-up tables with four inputs, those that carry chains take among them; ff: flip-flops; lut_ram: RAMs of 16
    words by 4 bits made of look-up tables, which lut4 leaves out; block_ram: block RAMs of the device's own size.
    """

    lut4: int
    ff: int
    lut_ram: int
    block_ram: int
