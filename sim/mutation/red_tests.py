# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Which of some tests fail on a design: tests of many modules in one simulation, for starting one costs a second."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from sim.flow import modules, tools
from sim.flow.errors import FlowError
from sim.flow.modules import PACKAGE
from sim.flow.results import NO_TEST
from sim.flow.run import Result, Simulation, simulate
from sim.mutation import impatient

_RUNNING = re.compile(r"cocotb\.regression +running (\S+) \(\d+/\d+\)$", re.MULTILINE)
HUNG = " (no end)"  # behind a configuration: the simulation was ended at its time limit, in this test


@cache
def simulator_of(module: str) -> str:
    """The first simulator that a module of tests runs on and that is there."""
    return next(name for name in modules.registered()[module].simulators if not tools.missing(name))


def red(
    tests: Iterable[str],
    configuration: str,
    rtl: Path,
    place: Path,
    timeout: float,
    simulator: str = "icarus",
    durations: dict[str, float] | None = None,
) -> dict[str, str]:
    """Run tests; returns those that failed, each with the configuration, and HUNG behind it where that is how.

    A test that ends the simulation, or does not end, has failed; those behind it run in another simulation.

    Args:
        tests: as "module:test", each with all of its parameters until one fails.
        place: folder for the files of the run.
        timeout: seconds for one simulation.
        durations: what each test takes on the right design, from `control`: a test that takes much longer has failed.

    Raises:
        FlowError: the design cannot be built.
    """
    found: dict[str, str] = {}
    left = list(dict.fromkeys(tests))
    place.mkdir(parents=True, exist_ok=True)
    (place / impatient.FILE).write_text(json.dumps(durations or {}))
    while left:
        result = _simulate(left, configuration, rtl, place, timeout, simulator)
        cases = _cases(result)
        ran = {_plain(case.name) for case in cases}
        failed = {_plain(case.name): case.failure for case in cases if case.failure is not None}
        text = result.log.read_text(errors="replace") if result.log else ""
        started = [_plain(name) for name in _RUNNING.findall(text)]
        ended = "did not end" in " ".join(failure.message for failure in result.failures)
        last = started[-1] if started else left[0]
        if ended and (last in failed or last not in ran):
            failed[last] = impatient.TIME_OUT
        elif result.failures and not failed and (last not in ran if started else not cases):  # it crashed
            failed[last] = ""
        for test in left:
            if test in failed:
                found[test] = configuration + (HUNG if impatient.TIME_OUT in failed[test] else "")
        behind = [test for test in left if test not in found and test not in ran]
        if not result.failures or len(behind) == len(left):
            break
        left = behind
    return found


def control(
    tests: Iterable[str], configuration: str, rtl: Path, place: Path, timeout: float, simulator: str = "icarus"
) -> dict[str, float]:
    """Run tests on the right design; returns the simulated time of each, with its parameters, in ns.

    Raises:
        FlowError: a test fails there, so its failing on another design shows nothing.
    """
    result = _simulate(list(tests), configuration, rtl, place, timeout, simulator)
    failures = [failure for failure in result.failures if failure.message != NO_TEST]
    if failures:
        failure = failures[0]
        raise FlowError(f"without a fault, {failure.test or result.simulation.label} fails: {failure.message}")
    return simulated(result)


def simulated(result: Result) -> dict[str, float]:
    """The simulated time of each test of a simulation, with its parameters, in ns."""
    return {case.name: case.duration for case in _cases(result)}


@dataclass(frozen=True)
class _Case:
    name: str  # as cocotb names it
    failure: str | None  # its message
    duration: float  # ns of simulated time


def _simulate(tests: list[str], configuration: str, rtl: Path, place: Path, timeout: float, simulator: str) -> Result:
    names = dict.fromkeys(f"{PACKAGE}.{test.partition(':')[0]}" for test in tests)
    result = simulate(
        Simulation(
            simulator,
            configuration,
            ",".join(names),
            1,
            tests=tuple(tests),
            rtl=rtl,
            place=place,
            timeout=timeout,
            users=(impatient.ENTRY,),
        )
    )
    if result.log is None:  # it was not built
        raise FlowError(f"{place.name}: {result.failures[0].message}")
    return result


def _cases(result: Result) -> list[_Case]:
    try:
        cases = list(ElementTree.parse(result.simulation.directory / "results.xml").iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return []
    found = []
    for case in cases:
        failure = next((each for each in case if each.tag in ("failure", "error")), None)
        message = None if failure is None else " ".join(map(str, failure.attrib.values()))
        properties = {each.get("name"): each.get("value") for each in case.iter("property")}
        duration = float(properties.get("sim_time_duration") or 0)
        found.append(_Case(f"{case.get('classname')}.{case.get('name')}", message, duration))
    return found


def _plain(name: str) -> str:
    """ "module:test" of a name as cocotb gives it, without parameters."""
    module, _, test = name.partition("/")[0].rpartition(".")
    return f"{module.removeprefix(PACKAGE + '.')}:{test}"
