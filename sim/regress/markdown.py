# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A regression as Markdown, for the summary page of a CI job."""

from pathlib import Path

from sim.flow import results
from sim.flow.text import fenced, plain_markdown
from sim.plan import verdict
from sim.regress import testplan
from sim.regress.run import Regression
from sim.regress.summary import where
from sim.regress.totals import Totals

_LINES = 30  # of a log


def append(regression: Regression, file: Path) -> None:
    """Add the summary at the end of the file, as GitHub's $GITHUB_STEP_SUMMARY wants it."""
    with file.open("a", encoding="utf-8") as output:
        output.write(text(regression))


def text(regression: Regression) -> str:
    """The summary: the numbers by configuration and simulator, then each bucket with its replay line and the log's
    end."""
    totals = Totals.of(regression)
    lines = [
        f"## Regression {'passed' if totals.good else 'failed'}",
        "",
        f"{totals}; first seed {regression.header['seed']}.",
        "",
        "| configuration | simulator | simulations | tests passed | failures |",
        "|---|---|--:|--:|--:|",
    ]
    rows: dict[tuple[str, str], list[int]] = {}
    for result in regression.results:
        row = rows.setdefault((result.simulation.configuration, result.simulation.simulator), [0, 0, 0])
        row[0] += 1
        row[1] += sum(case.verdict == "passed" for case in result.cases)
        row[2] += len(result.failures)
    lines += [
        f"| {configuration} | {simulator} | {' | '.join(map(str, row))} |"
        for (configuration, simulator), row in rows.items()
    ]
    plan = testplan.judge(regression)
    lines += ["", verdict.tally(plan).capitalize() + "."]
    if testplan.complete(regression):
        lines += [f"- {plain_markdown(line)}" for line in verdict.open_entries(plan)]
    for bucket in regression.buckets():
        result, failure = bucket.shortest
        lines += [
            "",
            f"### {len(bucket.failures)} x {plain_markdown(bucket.words)}",
            "",
            plain_markdown(f"{where(result, failure)}, seed {result.simulation.seed}: {failure.message}"),
            "",
            *fenced([bucket.replay]),
        ]
        if result.log:
            tail = results.tail(result.log, failure.test)[-_LINES:]
            lines += ["<details><summary>end of the log</summary>", "", *fenced(tail), "", "</details>"]
    return "\n".join(lines) + "\n"
