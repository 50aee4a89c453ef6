# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the tests of the fast path itself."""

import pytest

from sim.flow import tools
from sim.flow.run import Simulation, simulate


@pytest.mark.skipif(tools.missing("icarus") is not None, reason="Icarus Verilog is not installed")
def test_transactors():
    """Long lists, backpressure, several tasks at once, aresetn, a long reset, broken rules."""
    result = simulate(Simulation("icarus", "nonsharing", "tests.fast.transactors", seed=1, bus="fast", timeout=300))
    assert not result.failures, result.report()
    assert result.tests == 7


@pytest.mark.skipif(tools.missing("icarus") is not None, reason="Icarus Verilog is not installed")
@pytest.mark.parametrize("bus", ["signals", "fast"])
def test_the_sink_of_messages(bus):
    """It waits, remembers, forgets and refuses alike on both paths."""
    result = simulate(Simulation("icarus", "nonsharing", "tests.fast.message_sink", seed=1, bus=bus, timeout=300))
    assert not result.failures, result.report()
    assert result.tests == 4
