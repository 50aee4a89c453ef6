# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The second run of a failure: the same test with the same seed, with waves."""

from collections.abc import Iterator
from dataclasses import replace

from rich.console import Console

from sim.flow import tools
from sim.flow.jobs import Pool, completed
from sim.flow.run import Simulation
from sim.regress.buckets import Bucket
from sim.regress.run import Regression

LIMIT = 10  # buckets; who has more will repair the first ones first


def run(regression: Regression, pool: Pool, console: Console) -> None:
    """Repeat one failure of each bucket, the shortest, alone; where that passes, the whole simulation that failed."""
    for alone in (True, False):
        waiting = [
            bucket for bucket in _repeatable(regression) if not bucket.reproduced and (bucket.second is None) == alone
        ]
        simulations = {simulation: None for bucket in waiting for simulation in _again(bucket, alone, regression)}
        if simulations:
            number = "1 failure" if len(simulations) == 1 else f"{len(simulations)} failures"
            console.print(
                f"again with waves: {number}, one of each kind"
                if alone
                else f"these passed alone; again with the whole module: {number}",
                highlight=False,
            )
        for result in completed(simulations, pool):
            regression.add_second(result)


def _repeatable(regression: Regression) -> list[Bucket]:
    """The first buckets; a build that failed would only fail again."""
    return [bucket for bucket in regression.buckets()[:LIMIT] if bucket.shortest[0].log]


def _again(bucket: Bucket, alone: bool, regression: Regression) -> Iterator[Simulation]:
    result, failure = bucket.shortest
    test = (failure.test if alone else None) or result.simulation.test
    again = replace(
        result.simulation,
        test=test,
        place=regression.directory / "waves",
        waves=not tools.missing_for_waves(result.simulation.simulator),
    )
    if bucket.second is None or bucket.second.simulation != again:
        yield again
