"""Draw interrupt.svg and timeline.png from simulations: `.venv/bin/python -m docs.pictures`, after any `make sim`."""

import json
import sys
from pathlib import Path

from docs.pictures import interrupt, timeline, waveform
from sim.errors import FlowError
from sim.run import Simulation, simulate

PICTURE = Path(__file__).with_name("interrupt.svg")
TIMELINE = Path(__file__).with_name("timeline.png")


def main() -> int:
    """Returns the exit status."""
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


if __name__ == "__main__":
    sys.exit(main())
