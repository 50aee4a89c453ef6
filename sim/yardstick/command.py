# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The command line: `python -m sim yardstick`. `make yardstick` calls it."""

import asyncio
import json
import os
import shlex
from argparse import Namespace
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from sim.flow import artifact, environment, processes, selection, tools
from sim.flow.arguments import count
from sim.flow.command import Parser, guarded
from sim.flow.console import console as make_console
from sim.flow.console import say
from sim.flow.locks import exclusive
from sim.flow.run import Result, Simulation, simulate
from sim.yardstick import qemu, qemu_mmio, qemu_msix, report
from sim.yardstick.comparison import QEMU, Compared, Differential, Failure
from sim.yardstick.random_sequences import sequence
from sim.yardstick.scenarios import INTERRUPTS, KNOWN, REGISTERS, Difference, Scenario, rules, scenarios
from sim.yardstick.shrink import shrink
from sim.yardstick.steps import Observation, Sequence

_MODULE = "sim.yardstick.endpoint_side"
_RESULT = "observations.json"
_CONFIGURATIONS = {INTERRUPTS: "yardstick", REGISTERS: "blk_line"}
_SIDES: dict[str, tuple[list[str], type[qemu_msix.QemuMsix] | type[qemu_mmio.QemuMmio]]] = {
    INTERRUPTS: (qemu_msix.MACHINE, qemu_msix.QemuMsix),
    REGISTERS: (qemu_mmio.MACHINE, qemu_mmio.QemuMmio),
}
_SEQUENCES = 40
_TIMEOUT = 600  # seconds for a simulation, and one more for every so many sequences
_SEQUENCES_A_SECOND = 2
_SHOWN = 5  # sequences that failed
_TRIES = 100  # of parts of a sequence, about

Measured = dict[str, list[list[Observation]]]  # family -> an observation for each step of each sequence


class _EndpointFailed(Exception):
    """The simulation of the endpoint failed; the text says how."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status: 0 if all is as known, 1 if not, 2 without QEMU or for bad input, 130
    when interrupted."""
    return guarded("yardstick", lambda: _run(_parser().parse_args(arguments)))


def _run(options: Namespace) -> int:
    console = make_console(width=170)
    seed = selection.seed(options.seed)
    simulator = tools.select(options.sim)[0]
    known = rules(Path(options.known) if options.known else KNOWN)
    todo = scenarios(known)
    major, version = qemu.version()
    say(console, f"QEMU {version}, {simulator}, seed {seed}, {options.n} random sequences")
    if major not in qemu.MEASURED:
        tried = " and ".join(map(str, qemu.MEASURED))
        say(console, f"The known differences are those of QEMU {tried}: another version may differ by itself.")
    drawn = [sequence(seed, number) for number in range(1, options.n + 1)]
    plan = {family: _steps(todo, family) for family in _SIDES}
    plan[INTERRUPTS] += drawn
    replay = _replay(options, simulator, seed)
    try:
        there, here = measure(plan, simulator, seed)
    except (qemu.QemuEnded, _EndpointFailed) as error:
        say(console, f"FAILED {error}")
        say(console, f"  replay: {replay}")
        return 1
    compared = [
        Compared.of(scenario, there[scenario.family][index], here[scenario.family][index])
        for family in _SIDES
        for index, scenario in enumerate(each for each in todo if each.family == family)
    ]
    found = Differential()
    first = len(plan[INTERRUPTS]) - len(drawn)
    for number, steps in enumerate(drawn, 1):
        index = first + number - 1
        found.add(number, steps, there[INTERRUPTS][index], here[INTERRUPTS][index], known)
    report.show(compared, known, console)
    report.show_random(found, known, console)
    for failure in found.failures[:1]:
        try:
            found.shrunk = shrunk(failure, list(known), simulator, seed)
        except (qemu.QemuEnded, _EndpointFailed) as error:
            say(console, f"The sequence cannot be made shorter: {error}")
    head = {**artifact.head(), "qemu": version, "simulator": simulator, "seed": seed}
    report.save(compared, known, found, head)
    return _verdict(compared, found, replay, console)


def _steps(todo: list[Scenario], family: str) -> list[Sequence]:
    """What is made after the first step, which both sides know."""
    return [list(each.steps[1:]) for each in todo if each.family == family]


def measure(plan: dict[str, list[Sequence]], simulator: str, seed: int) -> tuple[Measured, Measured]:
    """Both sides at once: QEMU and the endpoint.

    Raises:
        QemuEnded: QEMU ended early.
        _EndpointFailed: a simulation failed.
    """
    with exclusive(report.OUTPUT / "measure.lock"):
        return _measure(plan, simulator, seed)


def _measure(plan: dict[str, list[Sequence]], simulator: str, seed: int) -> tuple[Measured, Measured]:
    there: Measured = {}
    files = {
        family: str(artifact.write_json(report.OUTPUT / f"{family}.json", steps, None))
        for family, steps in plan.items()
    }
    with environment.given("YARDSTICK", json.dumps(files)), processes.pool(len(_SIDES)) as pool:
        running = {
            family: pool.submit(simulate, _simulation(family, family, len(plan[family]), simulator, seed))
            for family in _SIDES
        }
        for family, (machine, side) in _SIDES.items():
            with qemu.running(machine, report.OUTPUT / f"qemu-{family}") as machine_of:
                made = side(machine_of)
                there[family] = [made.run(steps) for steps in plan[family]]
        here = {family: _observations(future) for family, future in running.items()}
    return there, here


def _simulation(family: str, test: str, sequences: int, simulator: str, seed: int) -> Simulation:
    timeout = _TIMEOUT + sequences / _SEQUENCES_A_SECOND
    place = report.OUTPUT / "runs"
    return Simulation(simulator, _CONFIGURATIONS[family], _MODULE, seed, test=test, timeout=timeout, place=place)


def shrunk(failure: Failure, known: list[str], simulator: str, seed: int) -> Failure | None:
    """The same failure with the few steps that it takes; None if it does not happen by itself.

    Raises:
        QemuEnded: QEMU ended early.
        _EndpointFailed: the simulation failed.
    """
    if failure.side == QEMU:
        with qemu.running(qemu_msix.MACHINE, report.OUTPUT / "qemu-shrunk") as machine_of:
            side = qemu_msix.QemuMsix(machine_of)

            async def run(steps: Sequence) -> list[Observation]:
                return side.run(steps)

            return asyncio.run(shrink(failure, known, run))
    file = artifact.write_json(report.OUTPUT / "shrunk.json", asdict(failure), None)
    with environment.given("YARDSTICK", json.dumps({"shrunk": str(file)})):
        found = _found(simulate(_simulation(INTERRUPTS, "shrunk", _TRIES, simulator, seed)))
    return found and Failure(**found | {"wrong": Difference(*found["wrong"])})


def _observations(future: "Future[Result]") -> list[list[Observation]]:
    return _found(future.result())


def _found(result: Result) -> Any:
    if result.failures:
        raise _EndpointFailed(f"the endpoint cannot be measured: {result.failures[0].message}; log: {result.log}")
    return json.loads((result.simulation.directory / _RESULT).read_text())


def _verdict(compared: list[Compared], found: Differential, replay: str, console: Console) -> int:
    wrong = [line for each in compared for line in each.problems()]
    for line in [*wrong, *found.problems[:_SHOWN]]:
        say(console, f"FAILED {line}")
    if found.shrunk:
        say(console, f"  it takes no more than: {found.shrunk}")
    if len(found.problems) > _SHOWN:
        say(console, f"... and {len(found.problems) - _SHOWN} more sequences")
    same = sum(not each.found for each in compared)
    if not wrong and not found.problems:
        say(console, f"all as known: {same} scenarios are the same, {len(compared) - same} differ for a known reason")
        return 0
    say(console, f"  replay: {replay}")
    say(console, f"FAILED: {len(wrong)} differences and {len(found.problems)} sequences are not as known")
    return 1


def _replay(options: Namespace, simulator: str, seed: int) -> str:
    rtl = f"RTL={shlex.quote(os.environ['RTL'])} " if os.environ.get("RTL") else ""
    return f"make yardstick {rtl}SIM={simulator} SEED={seed} N={options.n}"


def _parser() -> Parser:
    parser = Parser(
        prog="python -m sim yardstick",
        description="The same steps on stock QEMU's own virtio devices and on the endpoint: what differs, and why.",
    )
    parser.add_argument("--sim", metavar="NAME", help="icarus (default, where it is there) or verilator")
    parser.add_argument("--seed", metavar="N", help="of the random sequences; 'random' chooses one (default: 1)")
    parser.add_argument("-n", type=count, default=_SEQUENCES, metavar="N", help=f"random sequences [{_SEQUENCES}]")
    parser.add_argument("--known", metavar="FILE", help=f"the known differences (default: {KNOWN.name})")
    return parser
