"""Fixtures of the simulations."""

import pytest

from sim import tools
from sim.errors import FlowError
from sim.run import Simulation, simulate
from sim.selection import seed


def pytest_configure(config):
    """Refuse a bad seed before anything runs. One drawn at random is drawn here, and the workers get it."""
    try:
        config.option.seed = str(seed(config.getoption("seed")))
    except FlowError as error:
        raise pytest.UsageError(str(error)) from error


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
