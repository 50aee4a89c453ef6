# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Failing runs of rings: ever smaller bounds on what the random driver does, with a few seeds each.

The driver's actions depend on the cycles in which the device answers. So steps of one run cannot be left out one by
one; a run with fewer and smaller buffers is another run, and has to fail in the same way by itself.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sim.debug.shrink.names import words
from sim.debug.timeline.data import RunLogError, TimelineData, build, read
from sim.flow.errors import FlowError
from sim.flow.run import RUN_LOG, Result, Simulation, simulate
from sim.flow.selection import LIMITS

# What is bounded, in this order, and the bounds that are tried: tb/tests/support/settings.py, limited().
BOUNDS = tuple(zip(LIMITS, ((1, 2, 3, 4, 6, 8, 12), (1,), (1, 2), (1, 16, 64, 512), (1, 4, 12)), strict=True))
SEEDS = 4  # of each bound: that of the smallest run so far, and the next ones


@dataclass
class ShrunkRings:
    """What is left of a failure.

    Attributes:
        run: the smallest run that fails in the same way; message: what it says; data: what it did.
        before: chains of the whole run; tries: runs that were made.
    """

    run: Simulation
    message: str
    data: TimelineData
    before: int
    tries: int


def kind(message: str) -> str:
    """What is the same in the messages of one failure: the rule, or the words up to the first figure of another one."""
    rule = re.match(r"V-\d+\b", message)
    return rule[0] if rule else words(message).partition(";")[0]


def shrink_rings(simulation: Simulation, first: Result, seconds: float) -> ShrunkRings:
    """Reduce a failure of a bench with rings.

    Args:
        simulation: the run, with its run log; first: what came of it; seconds: after which no run begins.

    Raises:
        FlowError: its run log has no rings.
    """
    before = _data(simulation)
    failure = first.failures[0]
    wanted, end, tries = kind(failure.message), time.monotonic() + seconds, 0
    best = replace(simulation, test=failure.test or simulation.test)
    message, bounds = failure.message, dict[str, int]()
    for name, values in BOUNDS:
        for value, seed in _candidates(values, best.seed):
            if time.monotonic() > end:
                break
            limits = ",".join(f"{one}={most}" for one, most in {**bounds, name: value}.items())
            candidate = replace(best, seed=seed, limits=limits)
            tries += 1
            failures = simulate(candidate).failures
            if tries == 1 and len(_data(candidate).rings.chains) >= len(before.rings.chains) > 1:
                raise FlowError(f"{simulation.label} draws nothing of what can be bounded: {', '.join(LIMITS)}")
            if failures and kind(failures[0].message) == wanted:
                best, message, bounds[name] = candidate, failures[0].message, value
                break
    return ShrunkRings(best, message, _data(best), len(before.rings.chains), tries)


def _candidates(values: tuple[int, ...], seed: int) -> Iterator[tuple[int, int]]:
    for value in values:
        for further in range(SEEDS):
            yield value, seed + further


def _data(simulation: Simulation) -> TimelineData:
    try:
        return build(read(simulation.directory / RUN_LOG))
    except RunLogError as error:
        raise FlowError(f"nothing to reduce: {error}") from None


def report(shrunk: ShrunkRings) -> list[str]:
    """What is printed: the failure, what the driver did, and how to see it again."""
    rings = shrunk.data.rings
    steps = [
        *((chain["cycle"], _chain(chain)) for chain in rings.chains),
        *((kick["cycle"], f"kick of queue {kick['queue']}") for kick in rings.kicks),
        *(
            (wish["from"], f"queue {wish['queue']}: the driver wants {wish['text']}")
            for wish in rings.wishes
            if wish["by"] == "driver"
        ),
    ]
    steps.sort(key=lambda step: step[0])
    return [
        shrunk.message,
        f"{shrunk.before:,} buffers, reduced to {len(rings.chains):,} in {shrunk.tries} runs:",
        *(f"  {cycle:8}  {text}" for cycle, text in steps),
        f"replay: {shrunk.run.replay(None)}",
        f"draw:   {shrunk.run.command('timeline')}",
    ]


def _chain(chain: dict) -> str:
    parts = " ".join(f"{'w' if writable else 'r'}{length}" for length, writable in chain["parts"])
    table = " in a table" if chain["tables"] else ""
    used = f"used in {chain['visible']}" if chain["visible"] >= 0 else "not used"
    return f"queue {chain['queue']}: buffer {chain['number']}: {parts}{table}, {used}"
