"""Fixtures of the simulations."""

import pytest

from sim import tools
from sim.run import Simulation, simulate


@pytest.fixture
def passes(request):
    """Function that runs a simulation with the seed of this test run and fails with its report."""

    def run(simulator: str, configuration: str, module: str, **options):
        if tools.missing(simulator):
            pytest.skip(tools.missing(simulator))
        result = simulate(Simulation(simulator, configuration, module, int(request.config.getoption("seed")), **options))
        if result.failures:
            pytest.fail(result.report(), pytrace=False)

    return run
