# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Run the tests under Verilator with counters in the design, and say what they covered.

    python -m sim coverage                              every test on its configurations
    python -m sim coverage --test test_msi_rules,test_reset --config sharing
    python -m sim coverage --seeds 3                    more of the random tests
    python -m sim coverage --merge                      run nothing: what lies in build/coverage/runs

A simulation that has passed with the same design and testbench is not run again. In build/coverage/: coverage.json
(its shape is in this module's `summary`), coverage.info for lcov, index.html with everything that is open. Exit status
1 below the goals, for an exclusion that is not needed, or when a test failed.

With --config or --test the figures are those of the part alone, in build/coverage/part/. The goals are for the whole,
so a part misses none: the status is 1 only when a test failed.
"""

import re
from argparse import Namespace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.coverage import code, exclusions, functional, html
from sim.flow import artifact, jobs, modules, tools
from sim.flow.command import Parser, guarded
from sim.flow.configs import configurations
from sim.flow.console import console as make_console
from sim.flow.errors import FlowError, unknown
from sim.flow.paths import BUILD, rtl_directory
from sim.flow.percent import percent, written
from sim.flow.reliability import key
from sim.flow.run import Simulation
from sim.flow.verilator_coverage import DATA, NAME

FOLDER = BUILD / "coverage"
RUNS = FOLDER / "runs"


def main(arguments: list[str] | None = None) -> int:
    """Run and judge; the exit status."""
    return guarded("coverage", lambda: _run(_options(arguments)), "the same command goes on")


def _options(arguments: list[str] | None) -> Namespace:
    parser = Parser(prog="python -m sim coverage", description=__doc__.splitlines()[0])
    parser.add_argument("--config", metavar="NAMES", help="only these configurations, with commas")
    parser.add_argument("--test", metavar="MODULES", help="only these modules of tb/tests, with commas")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="seeds 1 to N [1]")
    parser.add_argument("--merge", action="store_true", help="run nothing")
    return parser.parse_args(arguments)


def simulations(config: str | None, test: str | None, seeds: int) -> list[Simulation]:
    """Every module of sim/tests.toml on its configurations of the endpoint, or on those that are asked for. A test and
    a configuration that are both named run together, whether the table has the pair or not."""
    entries = modules.registered()
    for name in (test or "").split(","):
        if name and name not in entries:
            raise unknown("test", name, entries)
    wanted = configurations().select(config) if config else None
    return [
        Simulation(NAME, name, entry.name, seed, timeout=4 * entry.timeout, place=RUNS)
        for entry in entries.values()
        if not test or entry.short_name in test.split(",")
        for name in _places(entry, wanted, bool(test))
        for seed in range(1, seeds + 1)
    ]


def _places(entry: modules.Module, wanted: list[str] | None, named: bool) -> list[str]:
    if wanted is None:
        return entry.of_endpoint
    return wanted if named else [name for name in wanted if name in entry.configurations]


def summary(folders: list[Path], rules: exclusions.Rules, rtl: Path, part: bool = False) -> tuple[dict, dict]:
    """The content of coverage.json, and the counters of the code.

    made, git     date (UTC), and `git describe` of the project
    runs          number of simulations merged
    functional    see functional.judge
    code          see code.judge
    tests         what was merged: "<configuration> <module>", each once
    part          whether it is a part, for which no goal holds
    goals         percent, by kind of code coverage
    unused        exclusions that are not needed
    missed        the goals that are not reached, in words
    """
    files = [
        file for folder in folders if (file := folder / "coverage.json").is_file()
    ]  # a test meant to fail leaves none
    found = functional.judge(functional.merge(files), rules.functional)
    counts = code.merge(file for folder in folders if (file := folder / DATA).is_file())
    lines = code.judge(counts, rtl, rules.code)
    missed = [f"functional: {found['covered']} of {found['bins']} bins"] if found["covered"] < found["bins"] else []
    for kind, goal in rules.goals.items():
        reached = percent(lines["kinds"][kind]["covered"], lines["kinds"][kind]["points"])
        if reached < goal:
            missed.append(f"{kind}: {reached:.2f} %, {goal} % wanted")
    return {
        **artifact.head(),
        "runs": len(folders),
        "tests": sorted({name for folder in folders if (name := _name(folder))}),
        "part": part,
        "functional": found,
        "code": lines,
        "goals": rules.goals,
        "unused": [] if part else [str(exclusion) for exclusion in rules.unused()],
        "missed": [] if part else missed,
    }, counts


def _name(folder: Path) -> str:
    """Configuration and module of a run, from the name of its folder."""
    found = re.fullmatch(rf"(\w+)-{NAME}-([\w.]+)-\d+(?:-.*)?", folder.name)
    return f"{found[1]} {found[2]}" if found else ""


def _run(options: Namespace) -> int:
    if tools.missing("verilator"):
        raise FlowError(tools.missing("verilator"))
    console = make_console()
    rules = exclusions.read()
    mark = key()
    failed = False
    part = bool(options.config or options.test)
    chosen: set[str] = set()
    if part:
        chosen = {each.directory.name for each in simulations(options.config, options.test, options.seeds)}
    if not options.merge:
        wanted = simulations(options.config, options.test, options.seeds)
        missing = [simulation for simulation in wanted if not _done(simulation.directory, mark)]
        console.print(f"{len(missing)} of {len(wanted)} simulations", highlight=False)
        for result in jobs.run_all(missing, console) if missing else []:
            if result.failures:
                failed = True
                console.print(result.report(), markup=False, highlight=False, soft_wrap=True)
            else:
                (result.simulation.directory / "passed").write_text(mark)
    folders = sorted(folder for folder in RUNS.glob("*/") if _done(folder, mark))
    if part:
        folders = [folder for folder in folders if folder.name in chosen]
    if not folders and failed:
        return 1
    if not folders:
        raise FlowError("no simulation of this design and testbench has passed; run without --merge")
    content, counts = summary(folders, rules, rtl_directory(), part)
    place = FOLDER / "part" if part else FOLDER
    artifact.write_json(place / "coverage.json", content)
    artifact.write_text(place / "coverage.info", code.lcov(counts, rtl_directory()))
    artifact.write_text(place / "index.html", html.page(content, counts, rtl_directory()))
    show(content, console, place / "index.html")
    return 1 if failed or content["missed"] or content["unused"] else 0


def _done(folder: Path, mark: str) -> bool:
    file = folder / "passed"
    return file.is_file() and file.read_text() == mark


def show(content: dict, console: Console, page: Path) -> None:
    """Print the tables, the beginning of what is open, and what is wrong."""
    table = Table()
    for title in ("", "of", "covered", "%", "excluded"):
        table.add_column(title, justify="left" if not title else "right")
    for name, group in content["functional"]["groups"].items():
        table.add_row(
            name,
            f"{group['bins']:,}",
            f"{group['covered']:,}",
            written(group["covered"], group["bins"]),
            str(group["excluded"]),
        )
    table.add_section()
    for kind, numbers in content["code"]["kinds"].items():
        table.add_row(
            f"code: {kind}",
            f"{numbers['points']:,}",
            f"{numbers['covered']:,}",
            written(numbers["covered"], numbers["points"]),
            str(numbers["excluded"]),
        )
    console.print(table)
    if not content["part"]:
        _show_open(content, console)
    for text in content["unused"]:
        console.print(f"exclusion that is not needed: {text}", markup=False, highlight=False, soft_wrap=True)
    for text in content["missed"]:
        console.print(f"below the goal: {text}", markup=False, highlight=False, soft_wrap=True)
    whose = "a part, for which no goal holds; " if content["part"] else ""
    console.print(f"{content['runs']} simulations; {whose}what is open: {page}", highlight=False, soft_wrap=True)


def _show_open(content: dict, console: Console) -> None:
    """A line for each group of bins and each file with something open: the first of it, and how many more there are."""
    found: dict[str, list[str]] = {}
    for name, group in content["functional"]["groups"].items():
        found[name] = [f"{text}: {hits} of {goal}" for text, hits, goal in group["open"]]
    for point in content["code"]["open"]:
        if point["kind"] in exclusions.KINDS[:2]:
            text = f"line {point['line']}: {point['point']}: {point['source']}"
            found.setdefault(f"{point['file']} {point['kind']}", []).append(text)
    for name, points in found.items():
        if points:
            more = f" (and {len(points) - 1} more, on the page)" if len(points) > 1 else ""
            console.print(f"open: {name}: {points[0]}{more}", markup=False, highlight=False, soft_wrap=True)
