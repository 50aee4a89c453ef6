# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The contract's figures hold at every size that is synthesised: there they are measured in simulation, too."""

import pytest
from cocotbext.virtio.config import EndpointConfig

from sim.flow import modules
from sim.flow.configs import configurations
from sim.syn.matrix import matrix


@pytest.mark.parametrize("sharing", [0, 1])
@pytest.mark.parametrize("size", sorted({(size.queues, size.vectors) for size in matrix().sizes}), ids=str)
def test_figures_are_measured_at(size, sharing):
    """Some configuration with exactly these parameters runs test_figures."""
    queues, vectors = size
    wanted = EndpointConfig(num_queues=queues, num_vectors=vectors, msi_sharing=sharing)
    names = [name for name, fields in configurations().by_name.items() if fields == wanted]
    assert set(names) & set(modules.registered()["test_figures"].configurations), names
