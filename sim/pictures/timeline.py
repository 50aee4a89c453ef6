# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""timeline.png: a part of the timeline of a run, with an event that had to wait for UNMASK pointed at."""

import subprocess
import tempfile
from pathlib import Path

from sim.debug.timeline.data import TimelineData
from sim.debug.timeline.draw import page_of, render_run
from sim.flow.errors import FlowError
from sim.flow.run import Simulation

SIMULATION = Simulation("icarus", "sharing", "tb.tests.test_main_job", 1, "Churn")
SIZE = (1400, 800)  # pixels
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars"
).split()


def draw(picture: Path) -> str:
    """Write the picture; returns what it shows. Needs Chromium.

    Raises:
        FlowError: the run failed, or there is no browser.
    """
    result, story = render_run(SIMULATION)
    if result.failures:
        raise FlowError(result.report())
    chosen = _held(story)
    event = story.events[chosen]
    part = f"from={event['cycle'] - 60}&to={event['at'] + 90}&pin=event:{chosen}"
    address = f"{page_of(SIMULATION).resolve().as_uri()}#{part}"
    with tempfile.TemporaryDirectory() as profile:
        command = [
            "chromium",
            *_FLAGS,
            f"--user-data-dir={profile}",
            f"--window-size={SIZE[0]},{SIZE[1]}",
            f"--screenshot={picture}",
            address,
        ]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise FlowError(
                f"Chromium took no picture: {error}; install it with: sudo apt-get install chromium"
            ) from None
    return part


def _held(story: TimelineData) -> int:
    """The first event that waited 40 to 80 cycles for a message that serves at least three."""
    return next(
        number
        for number, event in enumerate(story.events)
        if event["message"] >= 0
        and 40 < event["at"] - event["cycle"] < 80
        and len(story.messages[event["message"]]["events"]) >= 3
    )
