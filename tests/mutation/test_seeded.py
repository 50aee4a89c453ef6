# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""Seeded faults: the table fits the RTL and the tests, and an edit that fits nowhere is refused by name."""

import pytest

from sim.flow.configs import configurations
from sim.flow.errors import FlowError
from sim.flow.modules import find
from sim.mutation.seeded import SeededFault, faults


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.name)
def test_fault_fits_rtl_and_test(fault, tmp_path):
    module, _ = find(fault.test)
    assert fault.configuration in module.configurations
    assert fault.configuration in configurations().designs
    fault.seed(tmp_path)


def test_an_edit_that_fits_nowhere_is_refused(tmp_path):
    fault = SeededFault("nowhere", "", (("virtio_vq_stop.v", "no such text", ""),), "test_virtqueue:one_buffer")
    with pytest.raises(FlowError, match="nowhere.*no such text.*0 times"):
        fault.seed(tmp_path)
