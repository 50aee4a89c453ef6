# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The results as a picture."""

from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402 - after the choice of what it draws on

from sim.bench.subjects import ACCESSES  # noqa: E402

_COLOURS = {"icarus": "#d98e32", "verilator": "#3b6ea5"}


def draw(results: dict, file: Path) -> None:
    """Register accesses per second of every way, medians with the spread of the rounds, on a logarithmic scale."""
    rows = [row for row in results["rates"] if row["unit"] == ACCESSES]
    titles = list(dict.fromkeys(row["title"] for row in rows))
    figure, axes = pyplot.subplots(figsize=(9, 0.6 * len(titles) + 1.2), layout="constrained")
    for number, simulator in enumerate(dict.fromkeys(row["simulator"] for row in rows)):
        mine = [row for row in rows if row["simulator"] == simulator]
        places = [titles.index(row["title"]) + 0.36 * (number - 0.5) for row in mine]
        medians = [row["median"] for row in mine]
        spread = [[row["median"] - row["min"] for row in mine], [row["max"] - row["median"] for row in mine]]
        bars = axes.barh(
            places, medians, 0.34, xerr=spread, color=_COLOURS[simulator], label=simulator, ecolor="#333333"
        )
        axes.bar_label(bars, [f" {median:,.0f}" for median in medians], fontsize=8)
    axes.set_yticks(range(len(titles)), titles)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel(f"{ACCESSES}, logarithmic; bars: median, lines: least and most of {results['rounds']} rounds")
    axes.margins(x=0.12)
    if rows:
        axes.legend()
    figure.savefig(file)
    pyplot.close(figure)
