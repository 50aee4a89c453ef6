# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a regression is asked for, and the simulations that follow from it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from sim.flow import modules, selection, tools
from sim.flow.configs import configurations
from sim.flow.errors import FlowError
from sim.flow.modules import Module
from sim.flow.run import Simulation
from sim.regress.collect import skipped

_SHOWN = 5  # names in the message about a filter that matches none


@dataclass(frozen=True)
class Request:
    """The user's choices as typed; None where there is none. Two commands with equal requests mean the same
    regression."""

    simulator: str | None = None
    configuration: str | None = None
    test: str | None = None
    filter: str | None = None
    seed: str | None = None
    seeds: int | None = None
    timeout: float | None = None
    until_fail: bool = False
    rerun_failed: bool = False
    rtl: str | None = None  # the folder of another design


def first_round(request: Request, seed: int) -> list[Simulation]:
    """The simulations of one seed.

    Without a filter each is a whole module. A filter is a regular expression that is looked for in names such as
    "icarus sharing test_smoke:identity"; where it picks only some tests of a module, each is a simulation of its own,
    unless the configuration skips it.

    Raises:
        FlowError: an unknown name, a filter that is no regular expression, or nothing is left to run.
    """
    simulators = tools.select(request.simulator)
    chosen = configurations().select(request.configuration) if request.configuration else None
    try:
        pattern = re.compile(request.filter or "")
    except re.error as error:
        raise FlowError(f"filter '{request.filter}' is not a regular expression: {error}") from None
    found: list[Simulation] = []
    names: list[str] = []
    for module, test in _modules(request.test):
        for configuration in _configurations(module, chosen, request.test):
            for simulator in simulators:
                if simulator not in module.simulators and not request.simulator:
                    continue
                whole = Simulation(
                    simulator, configuration, module.name, seed, test, timeout=request.timeout or module.timeout
                )
                by_name = {f"{simulator} {configuration} {single.label}": single for single in _singles(whole)}
                matching = [single for name, single in by_name.items() if pattern.search(name)]
                found += [whole] if len(matching) == len(by_name) else matching
                names += by_name
    if not names:
        raise FlowError(f"sim/tests.toml has nothing for {request.configuration} on {' and '.join(simulators)}")
    selection.check(found)
    if not found:
        raise FlowError(
            f"filter '{request.filter}' matches none of {len(names)} names such as: {', '.join(names[:_SHOWN])}"
        )
    return _without_skipped(found)


def rounds(first: list[Simulation], number: int | None) -> Iterator[Simulation]:
    """The simulations of one seed after the other, each round with the next number; without an end for None."""
    for step in range(number) if number else count():
        yield from (replace(simulation, seed=simulation.seed + step) for simulation in first)


def _without_skipped(simulations: list[Simulation]) -> list[Simulation]:
    wanted: dict[tuple[str, str], set[str]] = {}
    for each in simulations:
        if each.test:
            wanted.setdefault((each.configuration, each.simulator), set()).add(each.module)
    skips = {place: skipped(modules, *place) for place, modules in wanted.items()}
    found = [
        each
        for each in simulations
        if not each.test or (each.module, each.test.partition("/")[0]) not in skips[each.configuration, each.simulator]
    ]
    if not found:
        raise FlowError(
            f"nothing to run: {simulations[0].label} is skipped on {', '.join(sorted({place[0] for place in skips}))}"
        )
    return found


def _configurations(module: Module, chosen: list[str] | None, named: str | None) -> list[str]:
    """Where a module runs. A choice narrows what sim/tests.toml says, but for a test that was named it counts alone."""
    if named:
        return chosen or module.configurations
    return [name for name in module.configurations if chosen is None or name in chosen]


def _modules(text: str | None) -> list[tuple[Module, str | None]]:
    """The modules that TEST names, several with commas, each with its one test or None; all that are registered for
    None."""
    if text is None:
        return [(module, None) for module in modules.registered().values()]
    return [modules.find(word) for word in text.split(",")]


def _singles(simulation: Simulation) -> list[Simulation]:
    tests = [] if simulation.test else modules.tests(simulation.module)
    return [replace(simulation, test=test) for test in tests] or [simulation]
