# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Change the design in one place, run the tests and the proof tasks, count what they do not notice.

    python -m sim mutation                     50 mutants of all modules
    python -m sim mutation --count 500 --seed 2
    python -m sim mutation --module virtio_msi_commands --count 1000
    python -m sim mutation --engine            50 mutants of the virtqueue engine instead of the endpoint
    python -m sim mutation --module virtio_vq_publish,virtio_vq_completion     of these two of its modules
    python -m sim mutation --plan              each claim of a test on the test plan: its fault must turn the test red
    python -m sim mutation --plan MMIO-53      of this entry
    python -m sim mutation --plan --ci         the sample that CI runs
    python -m sim mutation --seeded            each seeded fault of seeded.toml: the test named there must turn red
    python -m sim mutation --seeded --quick    each seeded fault, those of the proofs, too: `make quick` must turn red
    python -m sim mutation --extract 17 --to build/broken      the design with mutant 17 of that sample, for make sim
    RTL=build/broken

What is known of the present design is kept: a second call goes on where the first was interrupted, and tries again only
what survived under other tests. Exit status 1 if a mutant survives.
"""

import shutil
from argparse import Namespace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.flow import cpus, environment, tools
from sim.flow.arguments import count
from sim.flow.command import Parser, guarded
from sim.flow.console import console as make_console
from sim.flow.errors import FlowError, unknown
from sim.flow.paths import rtl_directory
from sim.flow.rtl_files import find
from sim.mutation import plan, plan_faults, quick_faults, seeded
from sim.mutation.campaign import OUTCOMES, Campaign
from sim.mutation.mutants import Mutant, all_mutants
from sim.plan import entry


def main(arguments: list[str] | None = None) -> int:
    """Run a campaign; the exit status: 0, 1 for survivors, 2 for bad input, 130 when interrupted."""
    return guarded("mutation", lambda: _run(_options(arguments)), "the same command goes on")


def _options(arguments: list[str] | None) -> Namespace:
    parser = Parser(prog="python -m sim mutation", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=count, default=50, metavar="N", help="how many mutants [50]")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of their choice [1]")
    parser.add_argument(
        "--module", default="", metavar="NAMES", help="only of these Verilog modules, with commas between them"
    )
    parser.add_argument("--engine", action="store_true", help="of the virtqueue engine, not of the endpoint")
    parser.add_argument("--jobs", type=count, default=cpus.jobs(most=2), metavar="N", help="how many at a time [2]")
    parser.add_argument(
        "--plan",
        nargs="*",
        metavar="ENTRY",
        help="show the tests of these entries of the test plan, or of all, a fault",
    )
    parser.add_argument("--ci", action="store_true", help="with --plan: the faults marked ci only")
    parser.add_argument(
        "--seeded", nargs="*", metavar="FAULT", help="seed these faults, or all: their test must turn red"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="skip the tests that few mutants need; with --seeded: `make quick` must turn red",
    )
    parser.add_argument(
        "--extract", type=int, metavar="NUMBER", help="write the design with this mutant and do no more"
    )
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where to")
    return parser.parse_args(arguments)


def _run(options: Namespace) -> int:
    if tools.missing("icarus"):
        raise FlowError(tools.missing("icarus"))
    if options.plan is not None:
        return _plan(options)
    if options.seeded is not None:
        return _quick(options) if options.quick else seeded.run_all(options.seeded)
    rtl = rtl_directory()
    names = options.module.split(",") if options.module else []
    engine = options.engine or any(map(plan.of_engine, names))
    modules = sorted({mutant.module for mutant in all_mutants(rtl, engine)})
    for name in names:
        if name not in modules:
            raise unknown("module", name, modules)
    campaign = Campaign(rtl, options.count, options.seed, options.module, not options.quick, engine)
    if options.extract is not None:
        return _extract(campaign, rtl, options)
    console = make_console()
    console.print(f"{len(campaign.mutants)} of {campaign.available} mutants, seed {options.seed}", highlight=False)

    def tell(done: int, of: int, mutant: Mutant, record: dict) -> None:
        console.print(
            f"[{done}/{of}] {record['outcome']:10} {mutant.name}  {record['by']}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )

    with environment.given("COCOTB_MAX_FAILURES", "1"):  # the first failure is enough
        campaign.run(options.jobs, tell)
    return _report(campaign, console)


def _plan(options: Namespace) -> int:
    console = make_console()
    faults = plan_faults.read()
    every = entry.read()
    for name in options.plan:
        if name not in every:
            raise unknown("entry of the plan", name, every)
    missing = plan_faults.without_fault(faults)
    chosen = [fault for fault in faults if fault.ci or not options.ci]
    only = options.plan or (plan_faults.entries_of(chosen) if options.ci else None)
    campaign = plan_faults.PlanCampaign(chosen, only)

    def tell(step: plan_faults.Step) -> None:
        console.print(
            f"round {step.round}, {step.fault.name} on {step.configuration}: "
            f"{len(step.red)} of {len(step.tests)} tests red",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )

    judged = campaign.run(options.jobs, tell)
    green = [each for each in judged if each.green]
    for each in green:
        console.print(
            f"no claim of {each.name}: {', '.join(each.green)} stay green on its fault",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    claims = sum(len(each.red) + len(each.green) for each in judged)
    console.print(
        f"{len(judged)} entries with a fault: {claims - sum(len(each.green) for each in green)} of {claims} claims "
        f"go red. {len(missing)} entries have neither fault nor reason"
        + (f": {', '.join(missing)}" if missing else ""),
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    return 1 if green else 0


def _quick(options: Namespace) -> int:
    console = make_console()

    def tell(found: quick_faults.Found) -> None:
        words = found.by or "`make quick` STAYS GREEN"
        console.print(f"{found.fault.name}: {words}", markup=False, highlight=False, soft_wrap=True)

    done = quick_faults.run(options.seeded, options.jobs, tell)
    green = [found.fault.name for found in done if not found.by]
    hidden = [fault for fault in quick_faults.faults().values() if fault.no_simulation]
    console.print(
        f"`make quick` is red on {len(done) - len(green)} of {len(done)} seeded faults"
        + (f", not on {', '.join(green)}" if green else "")
        + f"; {len(hidden)} more are not visible to a simulation",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    return 1 if green else 0


def _extract(campaign: Campaign, rtl: Path, options: Namespace) -> int:
    if not options.to or options.to.exists():
        raise FlowError("--extract needs --to FOLDER, a new one")
    if not 0 <= options.extract < len(campaign.mutants):
        raise FlowError(f"--extract {options.extract}: the sample has mutants 0 to {len(campaign.mutants) - 1}")
    mutant = campaign.mutants[options.extract]
    shutil.copytree(rtl, options.to)
    mutant.apply(options.to)
    print(mutant.name)
    return 0


def _report(campaign: Campaign, console: Console) -> int:
    summary = campaign.summary()
    table = Table()
    table.add_column("module")
    for outcome in OUTCOMES[:-1]:
        table.add_column(outcome, justify="right")
    for name, outcomes in [*summary["modules"].items(), ("all", summary["outcomes"])]:
        table.add_row(name, *(str(outcomes[outcome] or "") for outcome in OUTCOMES[:-1]))
    console.print(table)
    for survivor in summary["survivors"]:
        place = find(rtl_directory(), f"{survivor['module']}.v").relative_to(rtl_directory().parent)
        console.print(
            f"survived: number {survivor['number']}, {place}:{survivor['line']}, "
            f"{survivor['operator']}: {survivor['original']!r} -> {survivor['mutated']!r}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    score = summary["score"]
    proofs = f", {summary['by_proofs']} of them by proof tasks alone" if summary["by_proofs"] else ""
    console.print(
        f"killed: {'none to kill' if score is None else f'{score:.1%} of those not proved equivalent{proofs}'}; "
        f"{campaign.write()}",
        highlight=False,
        soft_wrap=True,
    )
    return 1 if summary["survivors"] else 0
