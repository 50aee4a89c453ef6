# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The plain bench, set up as the flow says."""

from cocotbext.virtio import bench
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.handles import Dut

from tb.tests.support.settings import CONFIG, FAST, RUN


class Bench(bench.Bench):
    """Bench over the design of this simulation: configuration, fast path and files are those that the flow chose."""

    def __init__(self, dut: Dut, knobs: Knobs = Knobs()) -> None:
        super().__init__(dut, knobs, CONFIG, FAST, RUN)
