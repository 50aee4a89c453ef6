# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The page: one file of HTML with its data, its style and its program inside."""

import dataclasses
import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.debug.timeline.data import TimelineData

_HERE = Path(__file__).parent
# Colours of page.css for accesses to memory.
_MEMORY = (
    ("idx", "avail.idx"),
    ("entry", "ring entry"),
    ("desc", "descriptor"),
    ("table", "indirect table"),
    ("readable", "readable buffer"),
    ("writable", "writable buffer"),
    ("element", "used element"),
    ("ink", "used.idx"),
    ("askwish", "wish"),
    ("hit", "nothing of a ring"),
)


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
        title=title,
        replay=replay,
        verdict=verdict,
        data=data,
        counts=_counts(story),
        seed=story.seed,
        rings=_MEMORY if story.rings.lives else (),
    )


def _counts(story: TimelineData) -> list[tuple[str, int]]:
    how = [event["how"] for event in story.events]
    counts = [
        ("register accesses", len(story.accesses)),
        ("events", len(story.events)),
        ("messages", len(story.messages)),
        ("acknowledged on the line", how.count("line_acknowledged")),
        ("pending at the end", how.count("open")),
    ]
    if not story.rings.lives:
        return counts
    used = [chain for chain in story.rings.chains if chain["visible"] >= 0]
    return [
        *(count for count in counts if count[1]),
        ("chains", len(story.rings.chains)),
        ("used", len(used)),
        ("told of", sum(chain["notification"] >= 0 for chain in used)),
        ("notifications", len(story.rings.notifications)),
        ("memory reads", sum(not access["write"] for access in story.rings.memory)),
        ("memory writes", sum(access["write"] for access in story.rings.memory)),
    ]
