# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The same random test with the same seed is the same, transaction for transaction and cycle for cycle, on both
paths."""

from difflib import unified_diff

import pytest

from sim.flow import tools
from sim.flow.run import Simulation, simulate
from tests.fast.observed import FILE

TESTS = ("Churning", "Hostile", "Resetting", "HardResetting")
CASES = [("icarus", configuration, test) for configuration in ("nonsharing", "sharing") for test in TESTS]
CASES += [pytest.param("verilator", "sharing", test, marks=pytest.mark.thorough) for test in TESTS]


@pytest.mark.parametrize("simulator, configuration, test", CASES)
def test_same_transactions(simulator, configuration, test, request):
    """All accesses, events, kicks, messages, answers, resets and levels, with address, data and cycle."""
    if tools.missing(simulator) is not None:
        pytest.skip(f"{simulator} is not installed")
    seed = int(request.config.getoption("seed"))
    observed = {}
    for bus in ("signals", "fast"):
        simulation = Simulation(simulator, configuration, "tests.fast.observed", seed, test=test, bus=bus, timeout=300)
        result = simulate(simulation)
        if result.failures:
            pytest.fail(result.report(), pytrace=False)
        observed[bus] = (simulation.directory / FILE).read_text().splitlines()
    assert len(observed["signals"]) > 500
    difference = list(unified_diff(observed["signals"], observed["fast"], *observed, n=3, lineterm=""))
    assert not difference, "\n".join(difference[:40])
