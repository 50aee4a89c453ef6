# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Impossible parameters stop the build on both simulators, with the parameter named."""

import pytest
from cocotbext.virtio.config import EndpointConfig

from sim.flow import tools
from sim.flow.build import build
from sim.flow.design import Design
from sim.flow.errors import FlowError
from sim.flow.paths import ROOT


@pytest.mark.parametrize("simulator", tools.SIMULATORS)
@pytest.mark.parametrize(
    "fields",
    [
        {"num_queues": 0},
        {"num_queues": 1025},
        {"num_vectors": 0},
        {"num_vectors": 2049},
        {"queue_num_max": 24},
        {"device_features": 0},
        {"msi_feature_bit": 64},
        {"msi_sharing": 2},
        {"notify_doorbells": 1, "addr_width": 12},
        {"config_bytes": 8192},
        {"addr_width": 8},
        {"addr_width": 65},
    ],
    ids=lambda fields: "-".join(f"{name}-{value}" for name, value in fields.items()),
)
def test_build_stops(simulator, fields):
    """One line that names the parameter."""
    if tools.missing(simulator):
        pytest.skip(tools.missing(simulator))
    with pytest.raises(FlowError) as error:
        build(simulator, "impossible", Design(ROOT / "rtl", EndpointConfig(**fields)))
    message = str(error.value)
    assert "\n" not in message
    assert any(name.upper() in message for name in fields), message
