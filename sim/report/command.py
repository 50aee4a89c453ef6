# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`make report`: build/report/index.html from what the other commands have left in build/."""

import os
import sys
from pathlib import Path

from sim.flow import artifact
from sim.flow.command import Parser
from sim.flow.paths import BUILD
from sim.report.page import render, sections

PAGE = Path("report") / "index.html"


def main(arguments: list[str] | None = None) -> int:
    """Write the page; returns 0, or 1 if a file that it is made from is malformed."""
    parser = Parser(
        prog="python -m sim report", description="Everything that is known of the endpoint's quality on one page."
    )
    parser.add_argument(
        "--build", metavar="DIR", type=Path, default=BUILD, help="where the results are (default: build)"
    )
    options = parser.parse_args(arguments)
    if not options.build.is_dir():
        print(f"report: {options.build} is no directory; run something first, such as make sim", file=sys.stderr)
        return 2
    parts = sections(options.build.resolve())
    page = options.build / PAGE
    artifact.write_text(page, render(parts, artifact.revision() or "without git"))
    for part in parts:
        if part.state == "present":
            print(f"  {part.title:24} {part.headline}")
        elif part.loaded and part.state == "not run":
            print(f"  {part.title:24} not run: {part.loaded.source.command}")
        elif part.loaded:
            print(
                f"report: {part.loaded.path} is malformed: {part.loaded.wrong}; write it anew with: "
                f"{part.loaded.source.command}",
                file=sys.stderr,
            )
    print(f"report: {os.path.relpath(page)}")
    return 1 if any(part.state == "malformed" for part in parts) else 0
