# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Linux's own virtio_ring.c against the disk in RTL, in every mode of the rings; and that it finds engine faults."""

import json
import shutil

import pytest
from cocotbext.virtio.rings.kernel import build
from cocotbext.virtio.rings.kernel.build import NEEDED

from sim.cosim.errors import Unavailable
from sim.cosim.foreign_packages import ForeignPackages
from sim.cosim.linux_source import linux_source
from sim.flow import environment, tools
from sim.flow.paths import ROOT
from sim.flow.run import Simulation, simulate

DESIGN, MODULE = "rtl_disk_rings", "tb.tests.kernel_disk"
BUFFERS = 60
PUBLISH, SPLIT, PACKED = (f"virtqueue/virtio_vq_{name}.v" for name in ("publish", "split_fetch", "packed_fetch"))
# Of the catalogue of what went wrong for others: file, old text, new text, and the mode that shows it.
FAULTS = {
    "C-1": (
        PUBLISH,
        "INDEXED: if (answer_valid)\n                state <= answer_error ? STUCK : stop_hit ? IDLE : WISH;",
        "INDEXED:\n                state <= WISH;",
        "split_event_idx",
    ),
    "C-2": (SPLIT, "state <= stop_hit ? IDLE : INDEX;", "state <= SAVE;", "split_event_idx"),
    "C-2 packed": (PACKED, "ARMED: if (unanswered == 3'd0)", "ARMED: if (!unanswered[2])", "packed_event_idx"),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The kernel's ring code, built from Debian's sources."""
    if tools.missing("verilator"):
        pytest.skip(tools.missing("verilator"))
    try:
        sources = linux_source(ForeignPackages(), list(NEEDED))
    except Unavailable as error:
        pytest.skip(f"Linux's virtio_ring.c cannot be had: {error}")
    return build(sources, tmp_path_factory.mktemp("kernel") / "virtio_ring.so")


def drive(library, seed: int, buffers: int, **options):
    """Simulate; the library and the number of buffers go the way of the flow."""
    with environment.given("TB_KERNEL_RINGS", str(library)), environment.given("TB_KERNEL_BUFFERS", str(buffers)):
        return simulate(Simulation("verilator", DESIGN, MODULE, seed, timeout=600, **options))


def test_every_mode(library, request):
    """Any memory, any moment in a barrier: each buffer once, the right bytes, and the driver never waits for ever."""
    result = drive(library, int(request.config.getoption("seed")), BUFFERS)
    assert not result.failures, result.report()
    assert set(result.statistics["ring_buffers"].values()) == {BUFFERS}
    assert len(result.statistics["ring_buffers"]) == result.tests == 8


@pytest.mark.thorough
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(library, tmp_path, name):
    """The driver waits for ever on a device that reads the wish early, or sleeps without a second look."""
    file, before, after, mode = FAULTS[name]
    rtl = tmp_path / "rtl"
    shutil.copytree(ROOT / "rtl", rtl)
    text = (rtl / file).read_text()
    assert before in text
    (rtl / file).write_text(text.replace(before, after))
    result = drive(library, 1, 2000, test=mode, rtl=rtl)
    assert result.failures, json.dumps(result.statistics)
    assert "waits for ever" in result.failures[0].message
