# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Which of some tests fail on a design: tests of many modules in one simulation, for starting one costs a second."""

import re
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from sim.flow import modules, tools
from sim.flow.errors import FlowError
from sim.flow.modules import PACKAGE
from sim.flow.run import Result, Simulation, simulate

_RUNNING = re.compile(r"cocotb\.regression +running (\S+) \(\d+/\d+\)$", re.MULTILINE)
HUNG = " (no end)"  # behind a configuration: the simulation was ended at its time limit, in this test


def simulator_of(module: str) -> str:
    """The first simulator that a module of tests runs on and that is there."""
    return next(name for name in modules.registered()[module].simulators if not tools.missing(name))


def red(
    tests: Iterable[str], configuration: str, rtl: Path, place: Path, timeout: float, simulator: str = "icarus"
) -> dict[str, str]:
    """Run tests; returns those that failed, each with the configuration, and HUNG behind it where that is how.

    A test that ends the simulation, or does not end, has failed; those behind it run in another simulation.

    Args:
        tests: as "module:test", each with all of its parameters.
        place: folder for the files of the run.
        timeout: seconds for one simulation.

    Raises:
        FlowError: the design cannot be built.
    """
    found: dict[str, str] = {}
    left = list(dict.fromkeys(tests))
    while left:
        names = dict.fromkeys(f"{PACKAGE}.{test.partition(':')[0]}" for test in left)
        result = simulate(
            Simulation(
                simulator, configuration, ",".join(names), 1, tests=tuple(left), rtl=rtl, place=place, timeout=timeout
            )
        )
        if result.log is None:  # it was not built
            raise FlowError(f"{place.name}: {result.failures[0].message}")
        ran, failed = _verdicts(result)
        started = [_plain(name) for name in _RUNNING.findall(result.log.read_text(errors="replace"))]
        ended = "did not end" in " ".join(failure.message for failure in result.failures)
        last = started[-1] if started else left[0]
        if ended and (last in failed or last not in ran):
            found[last] = configuration + HUNG
            failed.discard(last)
        elif result.failures and not failed:  # the simulator crashed
            failed.add(last)
        found |= dict.fromkeys(sorted(failed & set(left)), configuration)
        behind = [test for test in left if test not in found and test not in ran]
        if not result.failures or len(behind) == len(left):
            break
        left = behind
    return found


def _verdicts(result: Result) -> tuple[set[str], set[str]]:
    """The tests that ran or were skipped, and those that failed."""
    file = result.simulation.directory / "results.xml"
    ran, failed = set(), set()
    try:
        cases = ElementTree.parse(file).iter("testcase")
    except (OSError, ElementTree.ParseError):
        return ran, failed
    for case in cases:
        name = _plain(f"{case.get('classname')}.{case.get('name')}")
        ran.add(name)
        if case.find("failure") is not None or case.find("error") is not None:
            failed.add(name)
    return ran, failed


def _plain(name: str) -> str:
    """ "module:test" of a name as cocotb gives it, without parameters."""
    module, _, test = name.partition("/")[0].rpartition(".")
    return f"{module.removeprefix(PACKAGE + '.')}:{test}"
