# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A page with the source, what of it was executed, and every bin."""

from html import escape
from pathlib import Path

from sim.coverage.code import Point, lines_of
from sim.flow import rtl_files
from sim.flow.percent import percent, written

_STYLE = """body{font:14px sans-serif;margin:2em;max-width:75em} table{border-collapse:collapse;margin:1em 0}
td,th{border:1px solid #ccc;padding:2px 8px;text-align:left} td.n{text-align:right} pre{font:12px monospace;margin:0}
.no{background:#fdd} .yes{background:#efe} .open{color:#b00;padding-left:6em} summary{cursor:pointer;margin:4px 0}
.bar{display:inline-block;width:12em;height:.8em;background:#f3c6c2;vertical-align:middle;margin-right:.6em}
.bar i{display:block;height:100%;background:#2f9e62} p.open{padding:0}"""


def page(summary: dict, counts: dict[Point, int], rtl: Path) -> str:
    """The page, self-contained. summary: as coverage.json."""
    parts = [
        f"<!doctype html><meta charset=utf-8><title>Coverage</title><style>{_STYLE}</style><h1>Coverage</h1>",
        f"<p>{escape(str(summary['git']))}, {escape(summary['made'])}, {summary['runs']} simulations</p>",
    ]
    if summary["part"]:
        parts.append("<p>A part of the tests: no goal holds for it.</p>")
    parts += [f"<p class=open>Below the goal: {escape(text)}</p>" for text in summary["missed"]]
    parts += [f"<p class=open>Exclusion that is not needed: {escape(text)}</p>" for text in summary["unused"]]
    parts.append(_overview(summary))
    tests = "".join(f"<li>{escape(name)}" for name in summary["tests"])
    parts.append(f"<details><summary>Tests that ran: {len(summary['tests'])}</summary><ul>{tests}</ul></details>")
    parts.append("<h2>Functional</h2>")
    for name, group in summary["functional"]["groups"].items():
        rows = "".join(
            f"<tr><td>{escape(text)}<td class=n>{hits}<td class=n>{goal}" for text, hits, goal in group["open"]
        )
        table = f"<table><tr><th>open<th>hits<th>goal{rows}</table>" if rows else ""
        parts.append(
            f"<details><summary>{escape(name)}: {group['covered']} of {group['bins']}, {group['excluded']} excluded"
            f"</summary>{table}</details>"
        )
    parts.append("<h2>Code</h2>")
    for name, kinds in sorted(summary["code"]["files"].items()):
        figures = ", ".join(f"{kind} {numbers['covered']}/{numbers['points']}" for kind, numbers in kinds.items())
        parts.append(
            f"<details><summary>{escape(name)}: {figures}</summary>{_listing(name, summary, counts, rtl)}</details>"
        )
    return "\n".join(parts)


def _overview(summary: dict) -> str:
    """A row with a bar for each group of bins and each kind of code coverage."""
    lines = [
        (name, group["covered"], group["bins"], group["excluded"], None)
        for name, group in summary["functional"]["groups"].items()
    ] + [
        (f"code: {kind}", numbers["covered"], numbers["points"], numbers["excluded"], summary["goals"].get(kind))
        for kind, numbers in summary["code"]["kinds"].items()
    ]
    rows = "".join(
        f"<tr><td>{escape(name)}<td><span class=bar><i style='width:{percent(covered, number)}%'></i></span>"
        f"{written(covered, number)} %<td class=n>{covered:,}<td class=n>{number:,}<td class=n>{number - covered:,}"
        f"<td class=n>{excluded:,}<td class=n>{'all' if goal is None else f'{goal} %'}"
        for name, covered, number, excluded, goal in lines
    )
    return f"<table><tr><th><th><th>covered<th>of<th>open<th>excluded<th>goal{rows}</table>"


def _listing(name: str, summary: dict, counts: dict[Point, int], rtl: Path) -> str:
    executed: dict[int, int] = {}
    for point, count in counts.items():
        if point.file == name:
            for line in lines_of(point):
                executed[line] = max(executed.get(line, 0), count)
    notes: dict[int, list[str]] = {}
    for point in summary["code"]["open"]:
        if point["file"] == name:
            notes.setdefault(point["line"], []).append(f"{point['kind']}: {point['point']}")
    rows = []
    for number, text in enumerate(rtl_files.find(rtl, name).read_text().splitlines(), 1):
        kind = "" if number not in executed else " class=yes" if executed[number] else " class=no"
        rows.append(f"<pre{kind}>{executed.get(number, ''):>9} {number:4} {escape(text)}</pre>")
        rows += [f"<pre class=open>{escape(note)}</pre>" for note in notes.get(number, ())]
    return "".join(rows)
