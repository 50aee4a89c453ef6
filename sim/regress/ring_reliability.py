# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Long runs of Linux's own virtio_ring.c against the disk in RTL, added up.

    python -m sim rings                            10^5 buffers in each mode of the rings
    python -m sim rings --buffers 1000000 --modes split_both,packed_both

The driver is built from Debian's kernel sources. Rings and buffers lie in the simulated memory, whose latency, order,
stalls and visibility are drawn at random; simulated time passes in the barriers of the driver. Every buffer has to come
back once, with the right bytes on both sides, the driver waits for nothing but interrupts, and there are no more
interrupts than buffers. A part of a mode is a simulation with a seed of its own; the first life of a long one has more
buffers than a 16-bit index counts. Writes build/reliability/rings.json:

    made, git     date (UTC), and `git describe` of the project
    wanted        buffers in each mode
    key           digest of rtl/ and tb/: runs of others do not count
    modes         name: {"runs", "buffers", "kicks", "waits", "interrupts", "cycles", "seconds" of computing}
    failures      reports of runs that failed, each with the line that replays it

Exit status 1 when a run failed.
"""

import json
from argparse import Namespace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.flow import artifact, cpus, environment, modules, processes, tools
from sim.flow.arguments import count
from sim.flow.command import Parser, guarded
from sim.flow.console import console as make_console
from sim.flow.errors import FlowError, unknown
from sim.flow.paths import BUILD
from sim.flow.reliability import key
from sim.flow.run import Result, Simulation, simulate

DESIGN, MODULE = "rtl_disk_rings", "tb.tests.kernel_disk"
MODES = modules.tests(MODULE)  # a test each
PART = 100_000  # buffers of one simulation
FILE = BUILD / "reliability" / "rings.json"
LIBRARY = BUILD / "reliability" / "virtio_ring.so"
_FIGURES = ("buffers", "kicks", "waits", "interrupts", "cycles")


def main(arguments: list[str] | None = None) -> int:
    """Run what is missing; the exit status."""
    parser = Parser(prog="python -m sim rings", description=__doc__.splitlines()[0])
    parser.add_argument("--buffers", type=count, default=100_000, metavar="N", help="in each mode [10^5]")
    parser.add_argument("--modes", metavar="NAMES", help=f"with commas, of: {', '.join(MODES)} [all]")
    parser.add_argument("--jobs", type=count, default=cpus.jobs(), metavar="N", help="runs at a time")
    options = parser.parse_args(arguments)
    return guarded("rings", lambda: _run(options), "the same command goes on")


def library() -> Path:
    """The kernel's ring code as a library.

    Raises:
        FlowError: the sources cannot be had, or do not compile.
    """
    from cocotbext.virtio.rings.kernel.build import NEEDED, BuildFailed, build

    from sim.cosim.errors import Unavailable
    from sim.cosim.foreign_packages import ForeignPackages
    from sim.cosim.linux_source import linux_source

    try:
        return build(linux_source(ForeignPackages(), list(NEEDED)), LIBRARY)
    except (Unavailable, BuildFailed) as error:
        raise FlowError(f"Linux's virtio_ring.c cannot be had: {error}") from None


def _run(options: Namespace) -> int:
    if tools.missing("verilator"):
        raise FlowError(tools.missing("verilator"))
    modes = options.modes.split(",") if options.modes else MODES
    for mode in modes:
        if mode not in MODES:
            raise unknown("mode", mode, MODES)
    state = json.loads(FILE.read_text()) if FILE.is_file() else {}
    mark = key()
    if state.get("key") != mark:
        state = {"key": mark, "modes": {}, "failures": []}
    state["wanted"] = options.buffers
    console = make_console()
    part = min(PART, options.buffers)
    with (
        environment.given("TB_KERNEL_RINGS", str(library())),
        environment.given("TB_KERNEL_BUFFERS", str(part)),
        processes.pool(options.jobs) as pool,
    ):
        while simulations := _missing(state, modes, options.buffers):
            for result in pool.map(simulate, simulations):
                _keep(state, result, console)
    _show(state, console)
    return 1 if state["failures"] else 0


def _missing(state: dict, modes: list[str], wanted: int) -> list[Simulation]:
    """The next run of every mode that has not enough; none after a failure."""
    if state["failures"]:
        return []
    found = {mode: state["modes"].setdefault(mode, {}) for mode in modes}
    return [
        Simulation("verilator", DESIGN, MODULE, 1 + done.get("runs", 0), test=mode, timeout=24 * 3600)
        for mode, done in found.items()
        if done.get("buffers", 0) < wanted
    ]


def _keep(state: dict, result: Result, console: Console) -> None:
    mode = result.simulation.test or ""
    done = state["modes"][mode]
    done["runs"] = done.get("runs", 0) + 1
    for name in _FIGURES:
        done[name] = done.get(name, 0) + result.statistics.get(f"ring_{name}", {}).get(mode, 0)
    done["seconds"] = round(done.get("seconds", 0) + result.seconds, 1)
    if result.failures:
        state["failures"].append(result.report())
    artifact.write_json(FILE, state | artifact.head())
    console.print(f"{mode}: {done['runs']} runs, {done['buffers']:,} buffers", highlight=False)


def _show(state: dict, console: Console) -> None:
    table = Table()
    table.add_column("")
    for name in ("runs", *_FIGURES, "seconds", "buffers/s"):
        table.add_column(name, justify="right")
    for mode, done in state["modes"].items():
        if done:
            rate = done["buffers"] / max(done["seconds"], 0.1)
            figures = (done[name] for name in ("runs", *_FIGURES, "seconds"))
            table.add_row(mode, *(f"{figure:,}" for figure in figures), f"{rate:,.0f}")
    console.print(table)
    for failure in state["failures"]:
        console.print(failure, markup=False, highlight=False, soft_wrap=True)
