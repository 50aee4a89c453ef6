"""The contract's figures hold at every size that is synthesised: there they are measured in simulation, too."""

import pytest

from sim import modules
from sim.configs import configurations
from syn.matrix import matrix
from tb.spec.virtio import EndpointConfig


@pytest.mark.parametrize("sharing", [0, 1])
@pytest.mark.parametrize("size", sorted({(size.queues, size.vectors) for size in matrix().sizes}), ids=str)
def test_figures_are_measured_at(size, sharing):
    """Some configuration with exactly these parameters runs test_figures."""
    queues, vectors = size
    wanted = EndpointConfig(num_queues=queues, num_vectors=vectors, msi_sharing=sharing)
    names = [name for name, fields in configurations().by_name.items() if fields == wanted]
    assert set(names) & set(modules.registered()["test_figures"].configurations), names
