# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The picture: look-up tables, flip-flops and clock against the number of vectors, in both modes."""

from pathlib import Path
from typing import NamedTuple

from sim.syn.cells import Cells
from sim.syn.row import Row
from sim.syn.subject import Subject

PICTURE = "endpoint.svg"
_MODES = {0: ("without sharing", "-"), 1: ("sharing", "--")}


class _Point(NamedTuple):
    """A row that has everything that is drawn."""

    subject: Subject
    vectors: int
    cells: Cells
    mhz: float
    clocks: list[float]


def draw(rows: list[Row], folder: Path) -> list[Path]:
    """Write the picture of the endpoint on ECP5; nothing if there are fewer than two sizes. Returns what was
    written."""
    drawn = [
        _Point(row.subject, row.subject.vectors, row.cells, row.mhz, row.clocks)
        for row in rows
        if row.subject.device == "ecp5" and row.cells and row.mhz and row.subject.vectors
    ]
    own = [point for point in drawn if not point.subject.peer]
    if len({point.vectors for point in own}) < 2:
        return []
    import matplotlib  # here: it takes a while to load

    matplotlib.use("svg")
    from matplotlib import pyplot
    from matplotlib.ticker import FixedLocator, NullLocator

    pyplot.rcParams.update(
        {"svg.hashsalt": "syn", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10}
    )
    figure, (area, clock) = pyplot.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for sharing, (mode, dash) in _MODES.items():
        line = sorted((each for each in own if each.subject.sharing == sharing), key=lambda each: each.vectors)
        vectors = [point.vectors for point in line]
        area.plot(vectors, [point.cells.lut4 for point in line], f"o{dash}", color="#0b7a4b", label=f"LUT4, {mode}")
        area.plot(vectors, [point.cells.ff for point in line], f"s{dash}", color="#b4540a", label=f"flip-flops, {mode}")
        middle = [point.mhz for point in line]
        spread = [[point.mhz - point.clocks[0] for point in line], [point.clocks[-1] - point.mhz for point in line]]
        clock.errorbar(vectors, middle, spread, fmt=f"o{dash}", color="#0b7a4b", capsize=3, label=mode)
    targets = {(point.vectors, point.subject.target.mhz) for point in own if point.subject.target.mhz}
    if targets:
        clock.plot(*zip(*sorted(targets)), "_", color="#b4540a", markersize=22, markeredgewidth=2, label="target")
    for point in drawn:
        if point.subject.peer:
            clock.plot(point.vectors, point.mhz, "x", color="#52606d")
            clock.annotate(f" {point.subject.peer}", (point.vectors, point.mhz), color="#52606d")
            area.plot(point.vectors, point.cells.lut4, "x", color="#52606d")
            area.annotate(f" {point.subject.peer}", (point.vectors, point.cells.lut4), color="#52606d")
    ticks = sorted({point.vectors for point in own})
    for axes, title in ((area, "cells"), (clock, "MHz: median, min and max of the seeds")):
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(lambda value, position: f"{value:g}")
        axes.tick_params(axis="x", rotation=45)
        axes.set_xlabel("vectors")
        axes.set_title(title)
        axes.set_ylim(bottom=0)
        axes.grid(color="#e4e7eb")
        axes.legend(frameon=False)
    file = folder / PICTURE
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
    return [file]
