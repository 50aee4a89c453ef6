# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Reliability figures: long random runs, many of them, added up.

    python -m sim reliability                      10^6 register accesses and 10^6 events in each mode, under Verilator
    python -m sim reliability --size 100000 --sim icarus

Under Verilator the runs are on the fast path, under Icarus, where that gains little, over signals; --bus says
otherwise. Every
run has its own seed and is judged by the scoreboard to the last event. What has been run is kept as long as design
and testbench
are the same: interrupted, the same command goes on. Writes build/reliability/reliability.json:

    made, git     date (UTC), and `git describe` of the project
    wanted        register accesses, and events, in each mode
    key           digest of rtl/ and tb/: runs of others do not count
    modes         "<configuration> <simulator> <bus>": {"runs", "register_accesses", "hostile_accesses", "events",
                  "messages", "faults",
                  "resets", "coalesced", "held_by_mask", "converted", "wiped", "lost", "without_cause", "seconds" of
                  computing,
                  "corners": hits of each corner cycle, "rarest_corner": the fewest of them}
    failures      reports of runs that failed, each with the line that replays it

Exit status 1 when a run failed, anything was lost or without a cause.
"""

import hashlib
import json
from argparse import Namespace

from cocotbext.virtio.coverage.bins import declared
from rich.console import Console
from rich.table import Table

from sim.flow import artifact, cpus, environment, processes, tools
from sim.flow.arguments import count
from sim.flow.command import Parser, guarded
from sim.flow.console import console as make_console
from sim.flow.errors import FlowError
from sim.flow.paths import BUILD, HARNESS, ROOT, rtl_directory
from sim.flow.run import Result, Simulation, simulate

CONFIGURATIONS = ("nonsharing", "sharing")
MODULE = "tb.tests.long_run"
FILE = BUILD / "reliability" / "reliability.json"
# accesses and events of one run: what tb/tests/long_run.py does without $LONG_RUN, too, so that a run replays
PART = 10_000
BUSES = {"verilator": "fast", "icarus": "signals"}
CORNERS = "corner cycles"  # the group of functional coverage
_SUMS = (
    "register_accesses",
    "hostile_accesses",
    "messages",
    "faults",
    "resets",
    "coalesced",
    "held_by_mask",
    "converted",
    "wiped",
    "lost",
    "without_cause",
)


def main(arguments: list[str] | None = None) -> int:
    """Run what is missing; the exit status."""
    parser = Parser(prog="python -m sim reliability", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--size", type=count, default=1_000_000, metavar="N", help="register accesses, and events, in each mode [10^6]"
    )
    parser.add_argument("--sim", default="verilator", choices=tools.SIMULATORS, help="[verilator]")
    parser.add_argument("--bus", choices=("fast", "signals"), help="[verilator: fast, icarus: signals]")
    parser.add_argument("--jobs", type=count, default=cpus.jobs(), metavar="N", help="runs at a time")
    options = parser.parse_args(arguments)
    options.bus = options.bus or BUSES[options.sim]
    return guarded("reliability", lambda: _run(options), "the same command goes on")


def add(mode: dict, result: Result) -> None:
    """Add the figures of one run."""
    mode["runs"] = mode.get("runs", 0) + 1
    for name in _SUMS:
        mode[name] = mode.get(name, 0) + result.statistics.get(name, 0)
    mode["events"] = mode.get("events", 0) + sum(result.statistics.get("events_by_kind", {}).values())
    mode["seconds"] = round(mode.get("seconds", 0) + result.seconds)
    file = result.simulation.directory / "coverage.json"
    hits = json.loads(file.read_text()).get(CORNERS, {}) if file.is_file() else {}
    before = mode.get("corners", {})
    mode["corners"] = {corner: before.get(corner, 0) + hits.get(corner, 0) for corner in declared()[CORNERS]}
    mode["rarest_corner"] = min(mode["corners"].values())


def reached(mode: dict, size: int) -> bool:
    """Are there enough accesses, hostile ones (a tenth) and events?"""
    return (
        mode.get("register_accesses", 0) >= size
        and mode.get("events", 0) >= size
        and mode.get("hostile_accesses", 0) >= size // 10
    )


def key() -> str:
    """Changes with design and testbench."""
    digest = hashlib.sha256()
    for file in sorted([*rtl_directory().rglob("*.v*"), *(ROOT / "tb").rglob("*.py"), *HARNESS.glob("*.*")]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _run(options: Namespace) -> int:
    if tools.missing(options.sim):
        raise FlowError(tools.missing(options.sim))
    mark = key()
    state = json.loads(FILE.read_text()) if FILE.is_file() else {}
    if state.get("key") != mark:
        state = {"key": mark, "modes": {}, "failures": []}
    state["wanted"] = options.size
    console = make_console()
    part = str(min(PART, options.size))
    with environment.given("LONG_RUN", part), processes.pool(options.jobs) as pool:
        while simulations := _missing(state, options):
            for result in pool.map(simulate, simulations):
                _keep(state, result, console)
    return _report(state, console)


def _missing(state: dict, options: Namespace) -> list[Simulation]:
    """The next runs of every mode that has not enough."""
    simulations = []
    for configuration in CONFIGURATIONS:
        mode = state["modes"].setdefault(f"{configuration} {options.sim} {options.bus}", {})
        if not reached(mode, options.size) and not state["failures"]:
            first = 1 + mode.get("runs", 0)
            simulations += [
                Simulation(options.sim, configuration, MODULE, seed, timeout=7200, bus=options.bus)
                for seed in range(first, first + max(1, options.jobs // len(CONFIGURATIONS)))
            ]
    return simulations


def _keep(state: dict, result: Result, console: Console) -> None:
    name = f"{result.simulation.configuration} {result.simulation.simulator} {result.simulation.bus}"
    add(state["modes"][name], result)
    if result.failures:
        state["failures"].append(result.report())
    artifact.write_json(FILE, state | artifact.head())
    mode = state["modes"][name]
    console.print(
        f"{name}: {mode['runs']} runs, {mode['register_accesses']:,} accesses, {mode['events']:,} events, "
        f"{mode['lost']} lost, {mode['without_cause']} without cause",
        highlight=False,
        soft_wrap=True,
    )


def _report(state: dict, console: Console) -> int:
    table = Table()
    table.add_column("")
    for name in state["modes"]:
        table.add_column(name, justify="right")
    for row in ("runs", "events", *_SUMS, "rarest_corner", "seconds"):
        table.add_row(row.replace("_", " "), *(f"{mode.get(row, 0):,}" for mode in state["modes"].values()))
    console.print(table)
    for failure in state["failures"]:
        console.print(failure, markup=False, highlight=False, soft_wrap=True)
    bad = state["failures"] or any(mode.get("lost") or mode.get("without_cause") for mode in state["modes"].values())
    return 1 if bad else 0
