# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""For pytest: at the end of a run of all simulations the test plan is judged by their results.

A simulation tells its results by the property "simulation": its module, (test, verdict) pairs, and the tests of its
failures.
Of a part of the simulations nothing follows.
"""

import pytest

from sim.flow import modules
from sim.flow.paths import BUILD
from sim.plan import verdict

FILE = BUILD / "regress" / "testplan.json"


def pytest_addoption(parser):
    """--testplan-of: for the test of this plugin."""
    parser.addoption(
        "--testplan-of", type=int, metavar="N", help="judge the test plan by so many simulations (default: all)"
    )


def pytest_configure(config):
    """The workers of pytest-xdist send their reports here, and only here is everything seen."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Judge(config), "test plan")


class _Judge:
    def __init__(self, config):
        self._own = config.getoption("testplan_of") is None
        every = sum(
            not module.is_thorough(configuration, simulator) or config.getoption("thorough", False)
            for module in modules.registered().values()
            for configuration, simulator in module.in_test
        )
        self._all = config.getoption("testplan_of") or every
        self._simulations: list = []
        self._judged: list[verdict.Judged] = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call":
            self._simulations += [value for name, value in report.user_properties if name == "simulation"]

    def pytest_sessionfinish(self, session):
        if len(self._simulations) < self._all:
            return
        self._judged = verdict.judge(run for simulation in self._simulations for run in verdict.runs_of(*simulation))
        if self._own:
            verdict.write(self._judged, True, FILE)
        if session.exitstatus == pytest.ExitCode.OK and verdict.open_entries(self._judged):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self._judged:
            terminalreporter.section("test plan")
            for line in verdict.open_entries(self._judged):
                terminalreporter.line(line)
            terminalreporter.line(verdict.tally(self._judged))
