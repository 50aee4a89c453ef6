# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The figures of a run as a file for other programs.

build/syn/results.json is one object:

    made      when, as in 2026-01-31T12:00:00+00:00
    git       `git describe --always --dirty` of the project, null without git
    rtl       the folder of the design
    tools     package -> version
    seeds     placements of each design
    rows      list of objects, in the order of the table:
        device    "ecp5" or "ice40"
        peer      name of the peer's folder, null for the project's own
        label     its name in the table
        queues, vectors, sharing    of the endpoint; null of another design and where a peer does not say
        options   of Yosys; null: those of the device
        parameters                  Verilog name -> expression
        lut4, ff, lut_ram, block_ram    counts of cells, see cells.py; null when synthesis failed
        around    flip-flops put around the ports for placing, see wrapper.py; not in ff
        mhz       null, or an object: median, min, max, and seeds: seed -> MHz
        used      of the placed design, with what is around it: cell type -> [used, there are]
        target    mhz, lut4, ff and block_ram, null where nothing is promised
        missed    list of lines, one for each target that is not reached
        path      of the median seed: list of lines, the slowest path between registers
        failure   null, or why there are no figures
"""

import dataclasses
from pathlib import Path

from sim.flow import artifact
from sim.flow.paths import rtl_directory
from sim.syn.row import Row
from sim.syn.run import tool_versions

FILE = "results.json"


def write(rows: list[Row], seeds: int, folder: Path) -> Path:
    """Write the file into the folder, which is made if need be; it replaces the one of the last run. Returns its
    path."""
    content = {
        **artifact.head(),
        "rtl": str(rtl_directory()),
        "tools": tool_versions(),
        "seeds": seeds,
        "rows": [_row(row) for row in rows],
    }
    return artifact.write_json(folder / FILE, content)


def _row(row: Row) -> dict:
    subject = row.subject
    cells = dataclasses.asdict(row.cells) if row.cells else dict.fromkeys(("lut4", "ff", "lut_ram", "block_ram"))
    clock = (
        {
            "median": row.mhz,
            "min": row.clocks[0],
            "max": row.clocks[-1],
            "seeds": {str(seed): placement.mhz for seed, placement in sorted(row.placements.items())},
        }
        if row.placements
        else None
    )
    return {
        "device": subject.device,
        "peer": subject.peer,
        "label": subject.label,
        "queues": subject.queues,
        "vectors": subject.vectors,
        "sharing": subject.sharing,
        "options": subject.options,
        "parameters": subject.unit.parameters,
        **cells,
        "around": row.around,
        "mhz": clock,
        "used": next((placement.utilization for placement in row.placements.values()), None),
        "target": dataclasses.asdict(subject.target),
        "missed": row.missed(),
        "path": row.path.lines() if row.path else None,
        "failure": row.failure,
    }
