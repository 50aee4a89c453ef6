# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The command line: `python -m sim`. `make` calls the same."""

import argparse
import importlib
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim import bootstrap, make
from sim.flow import cpus, environment
from sim.flow.arguments import count
from sim.flow.command import Parser, guarded
from sim.flow.console import console as make_console
from sim.flow.errors import FlowError
from sim.flow.paths import BUILD, ROOT, WAVE_RUNS, rtl_directory

if TYPE_CHECKING:
    from sim.flow.run import Simulation

# Commands with a parser of their own: the module whose main() takes the rest of the line, and what `--help` says.
_COMMANDS = {
    "bench": ("sim.bench.command", "measure how fast the testbench is, beside others"),
    "formal": ("sim.formal.command", "prove the RTL"),
    "syn": ("sim.syn.command", "size and clock in FPGAs"),
    "quick": ("sim.flow.quick", "check a change of the RTL in two minutes"),
    "coverage": ("sim.coverage.command", "functional and code coverage of the tests"),
    "reliability": ("sim.flow.reliability", "long random runs, added up"),
    "rings": ("sim.regress.ring_reliability", "Linux's ring code against the disk in RTL, long runs added up"),
    "mutation": ("sim.mutation.command", "change the RTL and list what the tests do not notice"),
    "conformance": ("cocotbext.virtio.conformance.__main__", "which rules of virtio does a device in RTL break?"),
    "cosim": ("sim.cosim.command", "run guests on QEMU with the RTL as their device"),
    "yardstick": ("sim.yardstick.command", "compare the endpoint with stock QEMU's own virtio devices"),
    "regs": ("sim.registers.command", "generate everything made from the register description"),
    "report": ("sim.report.command", "one page of everything known"),
    "docs": ("sim.docs.command", "build the documents as a site, with an API reference"),
    "dependencies": ("sim.dependencies.command", "compile the locks of the packages that the commands need"),
    "plan": ("sim.plan.command", "show the test plan"),
    "pictures": ("sim.pictures.command", "draw the pictures of the documentation"),
}


# What knows nothing of this flow and takes --jobs itself.
_WITH_JOBS = ("conformance",)
# What needs no design.
_WITHOUT_DESIGN = ("clean", "cluster", "dependencies", "list", "plan", "report")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status, see sim/flow/command.py."""
    return guarded("sim", lambda: _dispatch(sys.argv[1:] if arguments is None else arguments))


def _dispatch(arguments: list[str]) -> int:
    if arguments[:1] == ["make"]:
        arguments = make.arguments(arguments[1])
    arguments = _take_jobs(arguments)
    if not {"-h", "--help"} & set(arguments) and arguments[:1] and arguments[0] not in _WITHOUT_DESIGN:
        rtl_directory()  # says it in one line when RTL is wrong
    _install(arguments)
    if arguments and arguments[0] in _COMMANDS:
        return importlib.import_module(_COMMANDS[arguments[0]][0]).main(arguments[1:])
    options = _parser().parse_args(arguments)
    return options.run(options)


def _install(arguments: list[str]) -> None:
    """Install what the command needs beyond a simulation."""
    if not arguments or {"-h", "--help"} & set(arguments):
        return
    options = [name for name in ("cluster", "gates") if any(word.startswith(f"--{name}") for word in arguments)]
    try:
        bootstrap.ensure(arguments[0], *options)
    except bootstrap.SetupError as error:
        raise FlowError(str(error)) from None


def _take_jobs(arguments: list[str]) -> list[str]:
    """Every command takes --jobs N; returns the other arguments."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    parser = Parser(prog="python -m sim", add_help=False, allow_abbrev=False)
    parser.add_argument("--jobs", type=count)
    options, rest = parser.parse_known_args(arguments[:end])
    cpus.choose(options.jobs)
    if options.jobs and arguments[0] in _WITH_JOBS:
        rest.append(f"--jobs={options.jobs}")
    return rest + arguments[end:]


def _run(options: argparse.Namespace) -> int:
    from sim.flow import gates, jobs, results_table, selection, tools

    console = make_console()
    seed = selection.seed(options.seed)
    request = selection.Request(
        options.sim,
        options.config,
        options.test,
        options.seed,
        options.waves,
        options.trace,
        options.record,
        options.timeout,
        options.bus,
        options.limits,
    )
    simulations = selection.select(request, seed)
    if options.gates:
        simulations = [
            replace(simulation, rtl=gates.folder(simulation.configuration, simulation.rtl))
            for simulation in simulations
        ]
    if options.sim in (None, "all"):
        for simulator in tools.SIMULATORS:
            if tools.missing(simulator):
                console.print(f"{tools.missing(simulator)}. Running without it.", highlight=False, soft_wrap=True)
    at_once = min(cpus.jobs(), len(simulations))
    number = "1 simulation" if len(simulations) == 1 else f"{len(simulations)} simulations, {at_once} at a time"
    console.print(f"{number}, seed {seed}", highlight=False)
    results = jobs.run_all(simulations, console)
    results_table.show(results, console)
    if options.record and Path(options.record).is_file():
        console.print(f"recorded: {options.record}", highlight=False, soft_wrap=True)
    return 1 if any(result.failures for result in results) else 0


def _one(options: argparse.Namespace, waves: bool = False) -> "Simulation":
    """The simulation that is to be looked at; says what runs."""
    from sim.flow import selection

    seed = selection.seed(options.seed)
    request = selection.Request(
        options.sim,
        options.config,
        options.test,
        options.seed,
        waves,
        options.trace,
        timeout=options.timeout,
        bus=options.bus,
        limits=options.limits,
    )
    return selection.one(request, seed)


def _timeline(options: argparse.Namespace) -> int:
    from sim.debug.timeline.draw import draw, draw_log

    if options.log:
        return draw_log(Path(options.log), make_console())
    return draw(_one(options), make_console())


def _waves(options: argparse.Namespace) -> int:
    from sim.flow import jobs, results_table

    console = make_console()
    results = jobs.run_all([replace(_one(options, waves=True), place=WAVE_RUNS)], console)
    results_table.show(results, console)
    return 1 if results[0].failures else 0


def _regress(options: argparse.Namespace) -> int:
    from sim.regress.command import regress
    from sim.regress.request import Request

    request = Request(
        options.sim,
        options.config,
        options.test,
        options.filter,
        options.seed,
        options.seeds,
        options.timeout,
        options.until_fail,
        options.rerun_failed,
        str(rtl_directory()) if os.environ.get("RTL") else None,
    )
    good = regress(
        request,
        make_console(),
        resume=options.resume,
        new=options.new,
        cluster=options.cluster,
        place=options.directory and Path(options.directory),
        summary_file=options.summary and Path(options.summary),
    )
    return 0 if good else 1


def _shrink(options: argparse.Namespace) -> int:
    from sim.debug.shrink.shrink import show

    return show(_one(options), make_console(), options.timeout)


def _test(options: argparse.Namespace) -> int:
    arguments = [f"--seed={options.seed}"] if options.seed else []
    parallel = ["-n", str(cpus.jobs()), "--dist", "worksteal"]
    variables = environment.environment() | {name: os.environ[name] for name in ("TERM",) if name in os.environ}
    if os.environ.get("RTL"):
        variables["RTL"] = str(rtl_directory())
    command = [sys.executable, "-m", "pytest", *parallel, *arguments, *options.pytest]
    process = subprocess.Popen(command, cwd=ROOT, env=variables)
    try:
        return process.wait()
    except KeyboardInterrupt:  # pytest got the signal, too, and says how far it came
        process.wait()
        raise


def _cluster(options: argparse.Namespace) -> int:
    """Becomes Dask's own program, which finds this project."""
    from sim.flow.paths import PYTHON_PATH

    variables = environment.environment() | {"PYTHONPATH": os.pathsep.join(map(str, PYTHON_PATH))}
    variables |= {name: value for name, value in os.environ.items() if name.startswith("DASK_")}
    os.chdir(ROOT)
    os.execve(sys.executable, [sys.executable, "-m", "dask", options.part, *options.dask], variables)


def _lint(options: argparse.Namespace) -> int:
    from sim.flow import lint

    return 0 if lint.run(make_console()) else 1


def _clean(options: argparse.Namespace) -> int:
    shutil.rmtree(BUILD, ignore_errors=True)
    return 0


def _list(options: argparse.Namespace) -> int:
    from sim.flow import modules
    from sim.flow.configs import configurations

    console = make_console()
    console.print("configurations: " + ", ".join(configurations().by_name), highlight=False, soft_wrap=True)
    for module in modules.registered().values():
        console.print(f"{module.short_name} on {', '.join(module.configurations)}", highlight=False, soft_wrap=True)
        for test in modules.tests(module.name):
            console.print(f"  {module.short_name}:{test}", highlight=False, soft_wrap=True)
    return 0


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not value > 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds above 0")
    return value


def _add_choices(parser: argparse.ArgumentParser, simulators: str) -> None:
    parser.add_argument("--sim", metavar="NAME", help=simulators)
    parser.add_argument(
        "--config", metavar="NAME", help="a configuration of sim/configs.toml, several with commas, or all"
    )
    parser.add_argument("--test", metavar="MODULE[:TEST]", help="a module of tb/tests, or one test in it")
    parser.add_argument("--seed", metavar="N", help="of everything random; 'random' chooses one (default: 1)")
    parser.add_argument(
        "--bus", metavar="NAME", help="who drives the ports: signals (Python, the default) or fast (Verilog)"
    )
    parser.add_argument(
        "--limits", metavar="NAME=N,...", help="the most that random drivers of rings do, as `make shrink` prints it"
    )
    parser.add_argument("--trace", metavar="FILE", help="replay captured register accesses (CSV)")
    parser.add_argument(
        "--timeout", metavar="S", type=_positive, help="seconds for one simulation (default: as in sim/tests.toml)"
    )


def _parser() -> Parser:
    parser = Parser(
        prog="python -m sim",
        description="Build and simulate the endpoint, and check the project.",
        epilog="Every command takes --jobs N: how much it does at a time (default: one a processor that it may use).",
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    run = commands.add_parser(
        "run",
        help="simulate; without options the main job",
        description="Simulate. Without options: the main job on its configurations and the replays "
        "of all captures, on both simulators.",
    )
    _add_choices(run, "icarus, verilator or all (default: all that are installed)")
    run.add_argument("--waves", action="store_true", help="dump FST waves")
    run.add_argument("--gates", action="store_true", help="simulate the netlist that Yosys makes of the design")
    run.add_argument("--record", metavar="FILE", help="write the register accesses of the first simulation as CSV")
    run.set_defaults(run=_run)

    timeline = commands.add_parser(
        "timeline",
        help="draw one run as a page",
        description="Run one test and draw it: accesses, events, messages, masks on a time axis, "
        "and which message served which event.",
    )
    _add_choices(timeline, "icarus or verilator (default)")
    timeline.add_argument(
        "--log", metavar="FILE", help="draw this run log, which a check of the conformance suite left"
    )
    timeline.set_defaults(run=_timeline)

    waves = commands.add_parser(
        "waves",
        help="dump the waves of one run",
        description="Run one test with FST waves, and say how to open them with everything arranged and named.",
    )
    _add_choices(waves, "icarus or verilator (default)")
    waves.set_defaults(run=_waves)

    regress = commands.add_parser(
        "regress",
        help="simulate everything with many seeds, recorded and resumed",
        description="Simulate configurations x simulators x tests x seeds. The same command "
        "continues what was interrupted.",
    )
    regress.add_argument("--sim", metavar="NAME", help="as for run")
    regress.add_argument(
        "--config", metavar="NAME", help="only on these, of those in sim/tests.toml unless --test names the tests"
    )
    regress.add_argument(
        "--test", metavar="MODULE[:TEST]", help="these, several with commas, instead of all in sim/tests.toml"
    )
    regress.add_argument(
        "--filter", metavar="REGEX", help="only tests whose name, such as 'icarus sharing test_smoke:identity', has it"
    )
    regress.add_argument("--seed", metavar="N", help="the first one; 'random' chooses it (default: 1)")
    regress.add_argument("--seeds", metavar="N", type=count, help="how many, one after the other (default: 1)")
    regress.add_argument(
        "--timeout", metavar="S", type=_positive, help="seconds for one simulation (default: as in sim/tests.toml)"
    )
    regress.add_argument(
        "--until-fail", action="store_true", help="seed after seed until a failure or --seeds are done"
    )
    regress.add_argument(
        "--rerun-failed", action="store_true", help="each test that failed in the last regression, with its seed"
    )
    regress.add_argument("--resume", action="store_true", help="continue the last regression that was interrupted")
    regress.add_argument("--new", action="store_true", help="begin anew even if the same command was interrupted")
    regress.add_argument(
        "--cluster", metavar="ADDRESS", help="of a Dask scheduler, such as tcp://host:8786, whose workers simulate"
    )
    regress.add_argument("--directory", metavar="DIR", help="where everything goes (default: build/regress)")
    regress.add_argument("--summary", metavar="FILE", help="add a summary in Markdown to this file")
    regress.set_defaults(run=_regress)

    shrink = commands.add_parser(
        "shrink",
        help="reduce a failing run to the few accesses and events that it takes",
        description="Run one failing test, and play ever fewer of its accesses and events until "
        "none can be left out. Writes a trace and a test.",
    )
    _add_choices(shrink, "icarus or verilator (default)")
    shrink.set_defaults(run=_shrink)

    test = commands.add_parser("test", help="run all tests with pytest", description="Run all tests with pytest.")
    test.add_argument("--seed", metavar="N", help="for the simulations (default: 1)")
    test.add_argument("pytest", nargs="*", metavar="ARGUMENT", help="for pytest, after --")
    test.set_defaults(run=_test)

    cluster = commands.add_parser(
        "cluster",
        help="start a part of a Dask cluster: scheduler, or worker ADDRESS",
        description="Start Dask's scheduler, or a worker for it, for: regress --cluster ADDRESS.",
    )
    cluster.add_argument("part", choices=("scheduler", "worker"))
    cluster.add_argument("dask", nargs=argparse.REMAINDER, metavar="...", help="for Dask: the address, its options")
    cluster.set_defaults(run=_cluster)

    lint = commands.add_parser("lint", help="check the RTL, the generated files and the Python code")
    lint.set_defaults(run=_lint)

    for name, (_, text) in _COMMANDS.items():
        commands.add_parser(name, help=text, add_help=False)
    commands.add_parser("list", help="show the configurations and the tests").set_defaults(run=_list)
    commands.add_parser("clean", help="remove everything that was built").set_defaults(run=_clean)
    return parser
