# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The results as a table on the screen."""

from rich.console import Console
from rich.table import Table

from sim.bench.subjects import SECONDS


def show(results: dict, console: Console) -> None:
    """Print a table for each simulator."""
    for simulator in dict.fromkeys(row["simulator"] for row in results["rates"]):
        table = Table(title=simulator, title_justify="left")
        table.add_column("")
        for title in ("median", "min", "max", "to (a)", "cycles"):
            table.add_column(title, justify="right")
        table.add_column("")
        for row in results["rates"]:
            if row["simulator"] == simulator:
                ratio = "" if row["ratio"] is None else f"{row['ratio']:.1f}"
                digits = 1 if row["unit"] == SECONDS else 0
                rates = (f"{row[name]:,.{digits}f}" for name in ("median", "min", "max"))
                cycles = f"{row['cycles_per_item']:.1f}" if row["cycles_per_item"] else ""
                unit = f"s; of a processor {row['processor']} s" if row["unit"] == SECONDS else row["unit"]
                table.add_row(row["title"], *rates, ratio, cycles, unit)
        console.print(table)
    machine = results["machine"]
    console.print(
        f"{results['rounds']} rounds of {results['seconds']:g} s of processor time each; {machine['cores']} cores, "
        f"load {machine['load_before']} before, {machine['load_after']} after",
        highlight=False,
    )
