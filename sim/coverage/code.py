# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Code coverage: Verilator's counters of many simulations, merged over instances and configurations."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sim.coverage.exclusions import KINDS, Exclusion
from sim.flow import rtl_files

_LINE = re.compile(r"C '(.*)' (\d+)$")


class Point(NamedTuple):
    """Something that a simulation may do: execute a line or branch, see an expression or a bit change."""

    file: str
    line: int
    column: int
    kind: str
    text: str  # what Verilator calls it
    lines: str  # source lines that it stands for, such as 12-14,20; "" for expressions and toggles


def parse(file: Path) -> dict[Point, int]:
    """The counters of one simulation. All instances of a module count together.

    The format: C '\\x01key\\x02value...' count, with keys f (file), l, n (line, column), t (kind), o (text), S (lines).
    """
    counts: dict[Point, int] = {}
    for line in file.read_text().splitlines():
        match = _LINE.match(line)
        if match:
            keys = dict(part.split("\x02", 1) for part in match[1].split("\x01") if part)
            point = Point(Path(keys["f"]).name, int(keys["l"]), int(keys["n"]), keys["t"], keys["o"], keys.get("S", ""))
            counts[point] = counts.get(point, 0) + int(match[2])
    return counts


def merge(files: Iterable[Path]) -> dict[Point, int]:
    """Add up simulations."""
    total: dict[Point, int] = {}
    for file in files:
        for point, count in parse(file).items():
            total[point] = total.get(point, 0) + count
    return total


def judge(counts: dict[Point, int], rtl: Path, exclusions: list[Exclusion]) -> dict:
    """Count what is covered, by kind and by file.

    Returns {"kinds": {kind: {"points", "covered", "excluded"}}, "files": {file: {kind: the same}},
    "open": [{"file", "line", "kind", "point", "source"}]}.
    """
    sources = {file.name: file.read_text().splitlines() for file in rtl_files.sources(rtl)}
    empty = {"points": 0, "covered": 0, "excluded": 0}
    kinds = {kind: dict(empty) for kind in KINDS}
    files: dict[str, dict] = {}
    uncovered = []
    for point, count in sorted(counts.items()):
        source = sources[point.file][point.line - 1].strip()
        ours = files.setdefault(point.file, {kind: dict(empty) for kind in KINDS})[point.kind]
        texts = {"kind": point.kind, "file": point.file, "point": point.text, "source": source}
        excluded = [exclusion for exclusion in exclusions if exclusion.excludes(count > 0, **texts)]
        for numbers in (kinds[point.kind], ours):
            if excluded:
                numbers["excluded"] += 1
            else:
                numbers["points"] += 1
                numbers["covered"] += count > 0
        if not count and not excluded:
            uncovered.append(
                {"file": point.file, "line": point.line, "kind": point.kind, "point": point.text, "source": source}
            )
    return {"kinds": kinds, "files": files, "open": uncovered}


def lines_of(point: Point) -> list[int]:
    """The source lines that a line or branch point stands for."""
    found: list[int] = []
    for part in point.lines.split(","):
        if part:
            first, _, last = part.partition("-")
            found += range(int(first), int(last or first) + 1)
    return found


def lcov(counts: dict[Point, int], rtl: Path) -> str:
    """Lines and branches in the format of lcov's .info files."""
    text = []
    for name in sorted({point.file for point in counts}):
        lines: dict[int, int] = {}
        branches = []
        for point, count in sorted(counts.items()):
            if point.file == name and point.kind in ("line", "branch"):
                for line in lines_of(point):
                    lines[line] = max(lines.get(line, 0), count)
                if point.kind == "branch":
                    branches.append(f"BRDA:{point.line},0,{point.text} {point.column},{count or '-'}")
        text += [
            "TN:",
            f"SF:{rtl_files.find(rtl, name)}",
            *branches,
            *(f"DA:{line},{count}" for line, count in sorted(lines.items())),
            f"LF:{len(lines)}",
            f"LH:{sum(count > 0 for count in lines.values())}",
            "end_of_record",
        ]
    return "\n".join(text) + "\n"
