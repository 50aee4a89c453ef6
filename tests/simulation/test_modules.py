# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Every cocotb module of tb/tests, on the configurations that sim/tests.toml lists for it: the first one on every
simulator, the others on one of them in turn; those that are `thorough` there with --thorough only."""

import pytest

from sim.flow import modules

CASES = [
    pytest.param(
        module,
        configuration,
        simulator,
        id=f"{module.short_name}-{configuration}-{simulator}",
        marks=[pytest.mark.thorough] if module.is_thorough(configuration, simulator) else [],
    )
    for module in modules.registered().values()
    for configuration, simulator in module.in_test
]


FAST_CASES = [
    pytest.param(module, configuration, simulator, id=f"{module.short_name}-{configuration}-{simulator}")
    for module in modules.registered().values()
    for configuration, simulator in zip(module.fast, module.simulators)
]


@pytest.mark.parametrize("module, configuration, simulator", CASES)
def test_module(module, configuration, simulator, passes):
    """All tests of the module pass."""
    passes(simulator, configuration, module.name, timeout=module.timeout)


@pytest.mark.parametrize("module, configuration, simulator", FAST_CASES)
def test_module_on_the_fast_path(module, configuration, simulator, passes):
    """The same with the ports driven from Verilog; each configuration on one simulator."""
    passes(simulator, configuration, module.name, timeout=module.timeout, bus="fast")
