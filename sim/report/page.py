# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The page: its sections from the files, in one file of HTML."""

import re
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.flow.paths import BUILD
from sim.report import runs
from sim.report.section import Section
from sim.report.sections import (
    bench,
    conformance,
    coverage,
    figures,
    machine,
    mutation,
    proofs,
    regression,
    reliability,
    synthesis,
    testplan,
    yardstick,
)
from sim.report.sources import SOURCES, load

_HERE = Path(__file__).parent
_VERDICT = re.compile(r"(?:\d+ )?(passed|failed|not run|by conformance|not visible|proved|reached|caught|survived)$")


def sections(build: Path = BUILD) -> list[Section]:
    """Every section, from the files in the folder `build`."""
    found = {name: load(source, build) for name, source in SOURCES.items()}
    ran = runs.find(build / "runs", *_regression_runs(found["regression"].data, build))
    return [
        testplan.section(found["testplan"]),
        regression.section(found["regression"]),
        reliability.section(found["reliability"], ran),
        figures.section(ran.runs),
        coverage.section(found["coverage"]),
        mutation.section(found["mutation"]),
        proofs.section(found["proofs"]),
        synthesis.section(found["synthesis"]),
        bench.section(found["bench"]),
        machine.section(found["machine"]),
        yardstick.section(found["yardstick"]),
        conformance.section(build / "conformance"),
    ]


def _regression_runs(data: dict | None, build: Path) -> list[Path]:
    directory = (data or {}).get("directory")
    return [build.parent / directory / "runs"] if directory else []


def render(parts: list[Section], tree: str) -> str:
    """The page; `tree` is the git description of the project now."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["verdict"] = _verdict_class
    environment.filters["written"] = _written
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return environment.get_template("page.html").render(sections=parts, tree=tree, now=now)


def _written(number: float) -> str:
    """A number with as many digits as tell something."""
    if isinstance(number, int):
        return f"{number:,}"
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:,.4g}"


def _verdict_class(value: object) -> Markup:
    """The class of a cell that holds a verdict, alone or behind a number."""
    found = _VERDICT.match(str(value))
    return Markup(' class="v-{}"').format(found[1].replace(" ", "-")) if found else Markup("")
