# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Check a change of the RTL in two minutes: the directed tests on two configurations and both simulators.

    python -m sim quick
    python -m sim quick --sim icarus

What runs is `quick = [configurations]` in sim/tests.toml. One of the two configurations of the endpoint keeps its
vectors in flip-flops and shares them, the other one has rows of vectors in RAM and fixed ones: between them they have
every branch of the interrupt path. The tests of kicks have a third one, with rows of queues. Each runs on one
simulator, the first one on Icarus, which shows unknown values; with one simulator all run on that. Of the virtqueue
engine, the tests that see its seeded faults run on Icarus. Exit status 1 when a test failed. `python -m sim mutation
--seeded --quick` shows that it is red on every seeded fault.
"""

import argparse
import time
from typing import Any

from sim.flow import cpus, jobs, modules, results_table, selection, tools
from sim.flow.arguments import count
from sim.flow.command import Parser, guarded
from sim.flow.configs import configurations
from sim.flow.console import console as make_console
from sim.flow.run import Simulation

# First, so that nothing long is left at the end.
LONG = ("test_corner_cycles", "test_coincidence", "test_virtqueue", "test_reset")


def main(arguments: list[str] | None = None) -> int:
    """Run it; the exit status."""
    return guarded("quick", lambda: _run(_parser().parse_args(arguments)))


def _run(options: argparse.Namespace) -> int:
    cpus.choose(options.jobs)
    console = make_console()
    seed = selection.seed(options.seed)
    chosen = simulations(tools.select(options.sim), seed)
    for simulator in tools.SIMULATORS:
        if options.sim in (None, "all") and tools.missing(simulator):
            console.print(f"{tools.missing(simulator)}. Running without it.", highlight=False, soft_wrap=True)
    console.print(f"{len(chosen)} simulations, seed {seed}", highlight=False)
    begin = time.monotonic()
    results = jobs.run_all(chosen, console)
    results_table.show_verdict(results, console)
    took = time.monotonic() - begin
    console.print(f"{took:.0f} s {cpus.jobs()} at a time; all tests: make test", highlight=False)
    return 1 if any(result.failures for result in results) else 0


def simulations(simulators: list[str], seed: int, **options: Any) -> list[Simulation]:
    """What `make quick` runs, the longest first: each configuration on one simulator, or all on the only one."""
    return [
        Simulation(
            simulator, configuration, module.name, seed, tests=module.quick_tests, timeout=module.timeout, **options
        )
        for module in sorted(modules.registered().values(), key=lambda module: module.short_name not in LONG)
        for number, configuration in enumerate(module.quick)
        for simulator in _simulators(module, number if configuration in configurations().by_name else 0, simulators)
    ]


def _simulators(module: modules.Module, number: int, simulators: list[str]) -> list[str]:
    """On which one the endpoint of this number runs; a module may have only one. What is more than an endpoint runs on
    the first, which has built it soonest."""
    own = [name for name in simulators if name in module.simulators]
    return [own[number % len(own)]] if own else []


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m sim quick", description=__doc__.splitlines()[0])
    parser.add_argument("--sim", metavar="NAME", help="icarus or verilator (default: both)")
    parser.add_argument("--jobs", metavar="N", type=count, help="simulations at a time (default: one a core)")
    parser.add_argument("--seed", metavar="N", help="a number, or 'random' (default: 1)")
    return parser
