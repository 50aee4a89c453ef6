# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m sim bench`: how fast accesses, events and the whole environment are, beside what others use."""

import argparse
from collections.abc import Callable
from pathlib import Path

from sim.bench import plot, results, rounds, subjects, table
from sim.flow import tools
from sim.flow.command import Parser, guarded
from sim.flow.console import console as make_console


def _number(kind: Callable[[str], float]) -> Callable[[str], float]:
    def convert(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = 0
        if not value > 0:
            raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0")
        return value

    return convert


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(prog="python -m sim bench", description="Measure accesses, events and the environment per second.")
    parser.add_argument("--sim", metavar="NAME", help="icarus, verilator or all (default: all that are installed)")
    parser.add_argument("--only", metavar="NAMES", help=f"with commas, of: {', '.join(subjects.SUBJECTS)}")
    parser.add_argument("--rounds", metavar="N", type=_number(int), default=5, help="default: 5")
    parser.add_argument(
        "--seconds", metavar="S", type=_number(float), default=1.0, help="for each measurement (default: 1)"
    )
    parser.add_argument("--output", metavar="FOLDER", type=Path, default=results.FOLDER, help="default: build/bench")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Measure, show, write; returns the exit status."""
    return guarded("bench", lambda: _run(_options(arguments)))


def _run(options: argparse.Namespace) -> int:
    console = make_console()

    def progress(number: int, simulator: str, subject: subjects.Subject, figure: float) -> None:
        value = f"{figure:,.1f}" if subject.duration else f"{figure:,.0f}"
        console.print(
            f"[{number}/{options.rounds}] {simulator:9} {subject.title:47} {value:>12} {subject.unit}",
            highlight=False,
            markup=False,
        )

    simulators = tools.select(options.sim)
    chosen = subjects.select(options.only)
    before = results.load()
    samples = rounds.measure(simulators, chosen, options.rounds, options.seconds, progress)
    found = results.summary(samples, options.rounds, options.seconds, before)
    table.show(found, console)
    file = results.write(found, options.output)
    picture = file.with_suffix(".svg")
    plot.draw(found, picture)
    console.print(f"results: {file}, picture: {picture}", highlight=False, soft_wrap=True)
    return 0
