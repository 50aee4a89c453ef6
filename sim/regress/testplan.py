# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The test plan, judged by the results of a regression."""

from sim.flow import modules
from sim.flow.modules import PACKAGE
from sim.plan import verdict
from sim.regress.run import Regression


def judge(regression: Regression) -> list[verdict.Judged]:
    """The entries with what the results of the project's own tests say about them."""
    runs = []
    for result in regression.results:
        if result.simulation.module.startswith(PACKAGE):
            cases = [(case.name, case.verdict) for case in result.cases]
            runs += verdict.runs_of(result.simulation.module, cases, [failure.test for failure in result.failures])
    return verdict.judge(runs)


def complete(regression: Regression) -> bool:
    """Has every module run on each of its configurations and simulators? Only then is "not run" a failure."""
    ran = {
        (result.simulation.module, result.simulation.configuration, result.simulation.simulator)
        for result in regression.results
        if not result.simulation.test
    }
    return all(
        (module.name, configuration, simulator) in ran
        for module in modules.registered().values()
        for configuration in module.configurations
        for simulator in module.simulators
    )
