"""The captured register accesses of stock drivers, replayed."""

import pytest

from sim.configs import configurations
from sim.modules import PACKAGE
from sim.paths import TRACES
from sim.selection import REPLAY
from sim.tools import SIMULATORS

CAPTURES = sorted(TRACES.glob("*.csv"))


def test_there_are_captures():
    """An empty folder would make the replays below pass by not being there."""
    assert len(CAPTURES) >= 2


@pytest.mark.parametrize("simulator", SIMULATORS)
@pytest.mark.parametrize("capture", CAPTURES, ids=lambda file: file.stem)
def test_replay(capture, simulator, passes):
    """Every read returns what the driver saw, and every interrupt comes."""
    passes(simulator, configurations().traces, f"{PACKAGE}.{REPLAY}", trace=capture)
