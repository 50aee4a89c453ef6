# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The command line: `python -m sim cosim`. `make cosim` and `make driver` call it."""

import os
import shlex
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from sim.cosim import foreign, report
from sim.cosim.driver import driver
from sim.cosim.errors import Unavailable
from sim.cosim.foreign_packages import ARCHITECTURES, ARM64, SUITE, SUITES, ForeignPackages
from sim.cosim.guests import GUESTS, prepare
from sim.cosim.machine import Machine, Outcome
from sim.cosim.plans import plans
from sim.cosim.run_plan import RunPlan
from sim.cosim.verdict import Verdict
from sim.flow import artifact, selection, tools
from sim.flow.command import Parser, guarded
from sim.flow.console import console as make_console
from sim.flow.errors import FlowError
from sim.flow.paths import ROOT


@dataclass(frozen=True)
class _Options:
    """What the user chose, checked."""

    simulator: str
    seed: int
    waves: bool
    record: Path | None
    kernel: str


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 for success, 1 for a failure, 2 for bad input, 130 when
    interrupted."""

    def run() -> int:
        options = _parser().parse_args(arguments)
        return options.run(options)

    return guarded("cosim", run)


def _run(options: Namespace) -> int:
    if options.dut:
        return foreign.run(options)
    console = make_console(width=170)
    chosen = _Options(
        tools.select(options.sim or "verilator")[0],
        selection.seed(options.seed),
        options.waves,
        selection.recording(options.record) if options.record else None,
        options.kernel,
    )
    todo = plans(options.guest, options.config)
    if options.record:
        todo = todo[:1]
    if options.waves and tools.missing_for_waves(chosen.simulator):
        raise FlowError(tools.missing_for_waves(chosen.simulator))
    packages = {name: ForeignPackages(name, suite=options.kernel) for name in ARCHITECTURES}
    runs = "1 run" if len(todo) == 1 else f"{len(todo)} runs"
    console.print(f"{runs}, {chosen.simulator}, seed {chosen.seed}", highlight=False)
    failed, left_out = 0, set[str]()
    table: list[report.Row] = []
    for number, plan in enumerate(todo, 1):
        if plan.guest in left_out:
            continue
        try:
            boot = prepare(plan, packages[plan.machine.architecture])
        except Unavailable as error:
            console.print(f"Without {plan.guest}: {escape(str(error))}", highlight=False, soft_wrap=True)
            left_out.add(plan.guest)
            continue
        outcome = Machine(plan, boot, chosen.simulator, chosen.seed, chosen.waves, chosen.record).run()
        verdict = Verdict(outcome, chosen.seed)
        failed += bool(verdict.problems)
        table += report.rows(outcome, verdict)
        word = "[red]FAILED[/red]" if verdict.problems else "[green]passed[/green]"
        devices = ", ".join(plan.configurations)
        console.print(
            f"\\[{number}/{len(todo)}] {word} {plan.name:25} {devices} ({outcome.seconds:.1f} s)",
            highlight=False,
            soft_wrap=True,
        )
        _explain(outcome, verdict, chosen, console)
    if table:
        report.show(table, console)
        report.save(
            table,
            {
                **artifact.head(),
                "simulator": chosen.simulator,
                "seed": chosen.seed,
                "failed": failed,
            },
        )
    if left_out == {plan.guest for plan in todo}:
        return 2
    passed = f"passed; without {', '.join(sorted(left_out))}" if left_out else "all passed"
    console.print("FAILED" if failed else passed, highlight=False)
    return 1 if failed else 0


def _explain(outcome: Outcome, verdict: Verdict, chosen: _Options, console: Console) -> None:
    for problem in verdict.problems:
        console.print(f"  {escape(problem)}", highlight=False, soft_wrap=True)
    if verdict.problems:
        console.print(f"  logs:   {outcome.directory}", highlight=False, soft_wrap=True)
        console.print(
            f"  replay: {replay(outcome.plan, chosen.simulator, chosen.seed, chosen.kernel)}",
            highlight=False,
            soft_wrap=True,
        )


def replay(plan: RunPlan, simulator: str, seed: int, kernel: str = SUITE) -> str:
    """The command that runs it again with waves."""
    suite = "" if kernel == SUITE else f"KERNEL={kernel} "
    rtl = f"RTL={shlex.quote(os.environ['RTL'])} " if os.environ.get("RTL") else ""
    devices = ",".join(plan.configurations)
    return f"make cosim {rtl}GUEST={plan.name} CONFIG={devices} {suite}SIM={simulator} SEED={seed} WAVES=1"


def _driver(options: Namespace) -> int:
    packages = ForeignPackages(options.architecture, suite=options.kernel)
    release = packages.kernel_release()
    print(f"{os.path.relpath(driver(release, packages), ROOT)} for {release}")
    return 0


def _parser() -> Parser:
    parser = Parser(prog="python -m sim cosim", description="Run the endpoint as a device of a machine that QEMU runs.")
    commands = parser.add_subparsers(required=True, metavar="command")
    run = commands.add_parser("run", help="run guests; without options all of them", description="Run guests.")
    run.add_argument(
        "--guest",
        metavar="NAME",
        help=f"{', '.join(GUESTS)}, or one run as the table calls it (default: all)",
    )
    run.add_argument(
        "--config", metavar="NAME", help="configurations of sim/configs.toml, a device of the machine each"
    )
    run.add_argument(
        "--dut", metavar="FILE", help="the description of any device, as make conformance takes it: that one alone"
    )
    run.add_argument("--sim", metavar="NAME", help="icarus or verilator (default)")
    run.add_argument("--seed", metavar="N", help="of everything random; 'random' chooses one (default: 1)")
    run.add_argument("--kernel", choices=SUITES, default=SUITE, help=f"Debian's suite that Linux is from [{SUITE}]")
    run.add_argument("--waves", action="store_true", help="dump FST waves")
    run.add_argument("--record", metavar="FILE", help="write the register accesses of the first device as CSV")
    run.set_defaults(run=_run)
    build = commands.add_parser("driver", help="build the MSI driver for Debian 12's kernel")
    build.add_argument("--architecture", choices=ARCHITECTURES, default=ARM64, help="of the kernel (default: arm64)")
    build.add_argument("--kernel", choices=SUITES, default=SUITE, help=f"Debian's suite that it is from [{SUITE}]")
    build.set_defaults(run=_driver)
    return parser
