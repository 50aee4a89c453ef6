# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The command line: `python -m sim syn`. `make syn` calls the same."""

from argparse import Namespace
from pathlib import Path

from sim.flow import cpus
from sim.flow.arguments import count
from sim.flow.command import Parser, guarded
from sim.flow.console import console as make_console
from sim.flow.errors import FlowError, unknown
from sim.syn import jobs, peers, plot, report, results, run
from sim.syn.devices import DEVICES
from sim.syn.matrix import Other, Size, matrix, other, subject

MODES = ("0", "1")


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for.

    Returns:
        The exit status: 0 when every design could be built and every target is reached, 1 when not, 2 for bad input,
        130 when interrupted.
    """
    return guarded(
        "syn",
        lambda: _run(_parser().parse_args(arguments)),
        "what is finished is kept, and the same command goes on from there",
    )


def _run(options: Namespace) -> int:
    console = make_console()
    seeds = options.seeds or matrix().seeds
    chosen = matrix().select(options.sizes, options.devices)
    sizes = [entry for entry in chosen if isinstance(entry, Size)]
    subjects = [subject(size, sharing) for sharing in _modes(options.modes) for size in sizes]
    subjects += [other(entry) for entry in chosen if isinstance(entry, Other)]
    if options.peers:
        subjects += peers.read(Path(options.peers), matrix().aims)
    if not subjects:
        raise FlowError("nothing to measure: no size on these devices, and no PEERS")
    output = Path(options.output)
    console.print(f"designs: {len(subjects)}, seeds of each: {seeds}, at a time: {options.jobs}", highlight=False)
    rows = jobs.run_all(subjects, seeds, options.jobs, console)
    report.show(rows, console)
    for file in (results.write(rows, seeds, output), *plot.draw(rows, output)):
        console.print(f"written: {file}", highlight=False, markup=False, soft_wrap=True)
    console.print(report.verdict(rows), highlight=False, markup=False, soft_wrap=True)
    return int(any(row.failure or (row.missed() and not options.no_targets) for row in rows))


def _modes(text: str | None) -> list[int]:
    names = text.split(",") if text else list(MODES)
    for name in names:
        if name not in MODES:
            raise unknown("mode", name, MODES)
    return [int(name) for name in MODES if name in names]


def _parser() -> Parser:
    parser = Parser(
        prog="python -m sim syn",
        description="Synthesise, place and route the RTL; table, picture and figures.",
    )
    parser.add_argument(
        "--sizes",
        metavar="Q/V",
        help="queues/vectors or names of designs, several with commas, or none (default: all of sim/syn/matrix.toml)",
    )
    parser.add_argument("--devices", metavar="NAME", help=f"{', '.join(DEVICES)}; several with commas (default: all)")
    parser.add_argument("--modes", metavar="0|1", help="MSI_SHARING; both with a comma (default: both)")
    parser.add_argument(
        "--seeds", metavar="N", type=count, help="placements of each design (default: as in sim/syn/matrix.toml)"
    )
    parser.add_argument("--peers", metavar="FOLDER", help="other designs to measure too, see docs/results/synthesis.md")
    parser.add_argument(
        "--jobs", metavar="N", type=count, default=cpus.jobs(), help="tools at a time (default: one a core)"
    )
    parser.add_argument(
        "--output", metavar="FOLDER", default=run.DIRECTORY, help="for figures and picture (default: build/syn)"
    )
    parser.add_argument("--no-targets", action="store_true", help="a missed target is shown, but is no failure")
    return parser
