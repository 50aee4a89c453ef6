# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the simulations."""

import pytest

from sim.flow import tools
from sim.flow.run import Simulation, simulate


@pytest.fixture
def passes(request, record_property):
    """Function that runs a simulation with the seed of this test run and fails with its report."""

    def run(simulator: str, configuration: str, module: str, **options):
        if tools.missing(simulator):
            record_property("simulation", (module, [], []))
            pytest.skip(tools.missing(simulator))
        result = simulate(
            Simulation(simulator, configuration, module, int(request.config.getoption("seed")), **options)
        )
        cases = [(case.name, case.verdict) for case in result.cases]
        record_property("simulation", (module, cases, [failure.test for failure in result.failures]))
        if result.failures:
            pytest.fail(result.report(), pytrace=False)

    return run
