# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Draw interrupt.svg and timeline.png from simulations: `.venv/bin/python -m sim pictures`, after any `make sim`."""

import json
import sys

from sim.flow.command import Parser
from sim.flow.errors import FlowError
from sim.flow.paths import ROOT
from sim.flow.run import Simulation, simulate
from sim.pictures import interrupt, timeline, waveform

PICTURE = ROOT / "docs" / "pictures" / "interrupt.svg"
TIMELINE = ROOT / "docs" / "pictures" / "timeline.png"


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status."""
    Parser(prog="python -m sim pictures", description=__doc__.splitlines()[0]).parse_args(arguments)
    simulation = Simulation("icarus", "nonsharing", interrupt.__name__, seed=1)
    result = simulate(simulation)
    if result.failures:
        print(result.report(), file=sys.stderr)
        return 1
    samples = json.loads((simulation.directory / interrupt.SAMPLES).read_text())
    PICTURE.write_text(waveform.draw(samples), encoding="utf-8")
    print(f"{PICTURE}: {len(samples)} cycles")
    try:
        print(f"{TIMELINE}: {timeline.draw(TIMELINE)}")
    except FlowError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
