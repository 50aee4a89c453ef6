"""The command line: `python -m sim syn`. `make syn` calls the same."""

import argparse
import os
import signal
import sys
from pathlib import Path

from rich.console import Console

from sim.flow.arguments import count
from sim.flow.errors import FlowError, Interrupted, unknown
from sim.syn import jobs, peers, plot, report, results, run
from sim.syn.devices import DEVICES
from sim.syn.matrix import matrix, subject

MODES = ("0", "1")


class _Parser(argparse.ArgumentParser):
    """One line for a wrong option, like every other error."""

    def error(self, message):
        raise FlowError(f"{message}; see {self.prog} --help")


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for.

    Returns:
        The exit status: 0 when every design could be built and every target is reached, 1 when not, 2 for bad input,
        130 when interrupted.
    """
    signal.signal(signal.SIGTERM, _terminate)
    try:
        return _run(_parser().parse_args(arguments))
    except FlowError as error:
        print(f"syn: {error}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, Interrupted):
        print("syn: interrupted; what is finished is kept, and the same command goes on from there", file=sys.stderr)
        return 130


def _run(options) -> int:
    console = Console() if sys.stdout.isatty() else Console(width=140)  # a log file has no width of its own
    seeds = options.seeds or matrix().seeds
    subjects = [
        subject(size, sharing)
        for sharing in _modes(options.modes)
        for size in matrix().select(options.sizes, options.devices)
    ]
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


def _terminate(number, frame):
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m sim syn", description="Synthesise, place and route the endpoint; table, picture and figures."
    )
    parser.add_argument(
        "--sizes",
        metavar="Q/V",
        help="queues/vectors of sim/syn/matrix.toml, several with commas, or none (default: all)",
    )
    parser.add_argument("--devices", metavar="NAME", help=f"{', '.join(DEVICES)}; several with commas (default: all)")
    parser.add_argument("--modes", metavar="0|1", help="MSI_SHARING; both with a comma (default: both)")
    parser.add_argument(
        "--seeds", metavar="N", type=count, help="placements of each design (default: as in sim/syn/matrix.toml)"
    )
    parser.add_argument("--peers", metavar="FOLDER", help="other designs to measure too, see docs/results/synthesis.md")
    parser.add_argument(
        "--jobs", metavar="N", type=count, default=os.cpu_count(), help="tools at a time (default: one a core)"
    )
    parser.add_argument(
        "--output", metavar="FOLDER", default=run.DIRECTORY, help="for figures and picture (default: build/syn)"
    )
    parser.add_argument("--no-targets", action="store_true", help="a missed target is shown, but is no failure")
    return parser
