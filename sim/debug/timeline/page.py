# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The page: one file of HTML with its data, its style and its program inside."""

import dataclasses
import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.debug.timeline.data import TimelineData

_HERE = Path(__file__).parent


def render(story: TimelineData, title: str, replay: str, verdict: str) -> str:
    """The page of one run.

    Args:
        story: what happened.
        title: what ran.
        replay: the command that draws it again.
        verdict: "" for a run that passed, else the first line of its failure.
    """
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    # In a script element only "<" could end it.
    data = json.dumps(dataclasses.asdict(story), separators=(",", ":")).replace("<", "\\u003c")
    return environment.get_template("page.html").render(
        title=title, replay=replay, verdict=verdict, data=data, counts=_counts(story), seed=story.seed
    )


def _counts(story: TimelineData) -> list[tuple[str, int]]:
    how = [event["how"] for event in story.events]
    return [
        ("register accesses", len(story.accesses)),
        ("events", len(story.events)),
        ("messages", len(story.messages)),
        ("acknowledged on the line", how.count("line_acknowledged")),
        ("pending at the end", how.count("open")),
    ]
