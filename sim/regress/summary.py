# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a regression says at its end, on the screen."""

from collections import Counter

from rich.console import Console

from sim.flow import results
from sim.flow.results import Failure
from sim.flow.run import Result
from sim.plan import verdict
from sim.regress import testplan
from sim.regress.buckets import Bucket
from sim.regress.run import Regression
from sim.regress.second_runs import LIMIT
from sim.regress.totals import Totals

_PLACES = 6  # of a bucket, by name; the rest is in the reports


def show(regression: Regression, console: Console) -> bool:
    """Every bucket with one failure, the first ones with the end of its log; then the numbers and the verdict.

    Returns:
        true when tests ran, none failed and, if everything was run, each entry of the test plan has a test that passed.
    """
    for number, bucket in enumerate(regression.buckets()):
        for line in _bucket(bucket, number < LIMIT):
            console.print(line, highlight=False, markup=False, soft_wrap=True)
    plan = testplan.judge(regression)
    missing = verdict.open_entries(plan) if testplan.complete(regression) else []
    for line in missing:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if any(entry.status in (verdict.PASSED, verdict.FAILED) for entry in plan):
        console.print(verdict.tally(plan), highlight=False, soft_wrap=True)
    totals = Totals.of(regression)
    good = totals.good and not missing
    word = "[bold green]passed[/bold green]" if good else "[bold red]failed[/bold red]"
    buckets = len({bucket.words for bucket in regression.buckets()})
    kinds = f", {buckets} {'kind' if buckets == 1 else 'kinds'} of failure" if buckets else ""
    console.print(f"regression {word}: {totals}{kinds}", highlight=False, soft_wrap=True)
    return good


def _bucket(bucket: Bucket, full: bool) -> list[str]:
    result, failure = bucket.shortest
    number = "once" if len(bucket.failures) == 1 else f"{len(bucket.failures)} times"
    lines = [f"FAILED {number}: {bucket.words}"]
    places = Counter(where(each, failed) for each, failed in bucket.failures)
    lines += [f"  {place}{f' ({count} seeds)' if count > 1 else ''}" for place, count in list(places.items())[:_PLACES]]
    if len(places) > _PLACES:
        lines.append(f"  and {len(places) - _PLACES} more")
    lines.append(f"  shortest: {where(result, failure)}, seed {result.simulation.seed}: {failure.message}")
    if result.log and full:
        lines += ["  | " + line for line in results.tail(result.log, failure.test)]
    if result.log:
        lines.append(f"  log:    {result.log}")
    if bucket.second:
        waves = bucket.second.waves
        lines.append(f"  waves:  {waves}" if waves and waves.is_file() else f"  again:  {bucket.second.log}")
        if not bucket.reproduced:
            lines.append("  the second run did not fail in these words")
    lines.append(f"  replay: {bucket.replay}")
    return lines


def where(result: Result, failure: Failure) -> str:
    """Simulator, configuration and test of a failure."""
    simulation = result.simulation
    label = simulation.label if simulation.test or not failure.test else f"{simulation.label}:{failure.test}"
    return f"{simulation.simulator} {simulation.configuration} {label}"
