# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Options of every test run."""

import pytest

from sim.flow.errors import FlowError
from sim.flow.selection import seed
from tests.order import long_first

pytest_plugins = ["tests.progress", "tests.simulation.plan_plugin"]


def pytest_addoption(parser):
    """--seed, as SEED for `make sim`; --thorough."""
    parser.addoption("--seed", help="seed of the simulations: a number, or 'random' (default: 1)")
    parser.addoption("--thorough", action="store_true", help="the tests marked thorough, too: more of the same kind")


def pytest_collection_modifyitems(config, items):
    """Leave out what buys least for its seconds, unless it was asked for; put the rest in order for the workers."""
    if not config.getoption("thorough"):
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]
    if hasattr(config, "workerinput"):
        order = long_first([item.nodeid for item in items], config.workerinput["workercount"])
        items[:] = [items[number] for number in order]


def pytest_configure(config):
    """Refuse a bad seed before anything runs. One drawn at random is drawn here, and the workers get it."""
    try:
        config.option.seed = str(seed(config.option.seed))
    except FlowError as error:
        raise pytest.UsageError(str(error)) from error


def pytest_report_header(config):
    """The seed, which repeats the run."""
    return f"seed: {config.option.seed}"
