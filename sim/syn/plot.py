# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The picture: look-up tables, flip-flops and clock against the number of vectors, in both modes."""

from pathlib import Path

from sim.syn.row import Row

PICTURE = "endpoint.svg"
_MODES = {0: ("without sharing", "-"), 1: ("sharing", "--")}


def draw(rows: list[Row], folder: Path) -> list[Path]:
    """Write the picture of the endpoint on ECP5; nothing if there are fewer than two sizes. Returns what was
    written."""
    drawn = [row for row in rows if row.subject.device == "ecp5" and row.cells and row.mhz and row.subject.vectors]
    own = [row for row in drawn if not row.subject.peer]
    if len({row.subject.vectors for row in own}) < 2:
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
        line = sorted((row for row in own if row.subject.sharing == sharing), key=lambda row: row.subject.vectors)
        vectors = [row.subject.vectors for row in line]
        area.plot(vectors, [row.cells.lut4 for row in line], f"o{dash}", color="#0b7a4b", label=f"LUT4, {mode}")
        area.plot(vectors, [row.cells.ff for row in line], f"s{dash}", color="#b4540a", label=f"flip-flops, {mode}")
        middle = [row.mhz for row in line]
        spread = [[row.mhz - row.clocks[0] for row in line], [row.clocks[-1] - row.mhz for row in line]]
        clock.errorbar(vectors, middle, spread, fmt=f"o{dash}", color="#0b7a4b", capsize=3, label=mode)
    targets = {(row.subject.vectors, row.subject.target.mhz) for row in own if row.subject.target.mhz}
    if targets:
        clock.plot(*zip(*sorted(targets)), "_", color="#b4540a", markersize=22, markeredgewidth=2, label="target")
    for row in drawn:
        if row.subject.peer:
            clock.plot(row.subject.vectors, row.mhz, "x", color="#52606d")
            clock.annotate(f" {row.subject.peer}", (row.subject.vectors, row.mhz), color="#52606d")
            area.plot(row.subject.vectors, row.cells.lut4, "x", color="#52606d")
            area.annotate(f" {row.subject.peer}", (row.subject.vectors, row.cells.lut4), color="#52606d")
    ticks = sorted({row.subject.vectors for row in own})
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
