# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Linux's own virtio_ring.c against the device's side in Python."""

import time

import pytest
from cocotbext.virtio.rings import RingFeature
from cocotbext.virtio.rings.kernel import BuildFailed, KernelRings, build
from cocotbext.virtio.rings.kernel.build import NEEDED

from sim.cosim.errors import Unavailable
from sim.cosim.foreign_packages import ForeignPackages
from sim.cosim.linux_source import linux_source
from tests.rings.kernel_bench import Machine, SleepyPacked, SleepySplit, StalePacked, StaleSplit

VERSION_1 = 1 << 32
PACKED, INDIRECT, EVENT_IDX = (
    RingFeature.RING_PACKED.mask,
    RingFeature.INDIRECT_DESC.mask,
    RingFeature.EVENT_IDX.mask,
)
KINDS = pytest.mark.parametrize("kind", [0, PACKED], ids=["split", "packed"])
WISHES = pytest.mark.parametrize("wishes", [0, EVENT_IDX], ids=["flags", "event index"])
TABLES = pytest.mark.parametrize("tables", [0, INDIRECT], ids=["direct", "indirect"])


@pytest.fixture(scope="module")
def rings(tmp_path_factory):
    """The library, built from Debian's sources."""
    try:
        sources = linux_source(ForeignPackages(), list(NEEDED))
    except Unavailable as error:
        pytest.skip(f"Linux's virtio_ring.c cannot be had: {error}")
    return KernelRings(build(sources, tmp_path_factory.mktemp("kernel") / "virtio_ring.so"))


def test_missing_sources(tmp_path):
    with pytest.raises(BuildFailed, match="has no drivers/virtio/virtio_ring.c"):
        build(tmp_path, tmp_path / "library.so")


@KINDS
@WISHES
@TABLES
def test_fine_steps(rings, kind, wishes, tables):
    """The device is anywhere in its work at any barrier: nothing is lost, neither buffers nor kicks nor interrupts."""
    for depth, size in ((1, 4), (3, 8), (30, 64)):
        machine = Machine(rings, VERSION_1 | kind | wishes | tables, depth=depth, size=size, pieces=depth > 1)
        machine.run(2000)
        machine.close()
        assert (machine.done, machine.lost_interrupts, machine.lost_kicks) == (2000, 0, 0)


@KINDS
@WISHES
def test_beyond_65536(rings, kind, wishes):
    """More buffers than a 16-bit index counts; how fast is printed (pytest -s), not judged."""
    machine = Machine(
        rings, VERSION_1 | kind | wishes | INDIRECT, size=256, depth=128, batch=128, every=64, shapes=[(1, 1)]
    )
    machine.run(1000)
    start = time.process_time()
    machine.run(66_000)
    rate = 66_000 / (time.process_time() - start)
    machine.close()
    print(f"{rate:,.0f} buffers/s of CPU time")
    assert (machine.lost_interrupts, machine.lost_kicks) == (0, 0)


@KINDS
@WISHES
def test_stale_wish_is_found(rings, kind, wishes):
    """A device that reads the wish before the used index can be seen loses interrupts."""
    stale = StalePacked if kind else StaleSplit
    for queue in (stale, None):
        machine = Machine(rings, VERSION_1 | kind | wishes, queue, depth=4)
        for _ in range(1500):
            machine.run(machine.rng.randint(2, 4))
        machine.close()
        print(f"{machine.lost_interrupts} interrupts lost in {machine.done:,} buffers")
        assert machine.lost_kicks == 0
        assert machine.lost_interrupts > 30 if queue else machine.lost_interrupts == 0


@KINDS
def test_sleep_without_a_look_is_found(rings, kind):
    """A device that goes to sleep without looking again loses kicks."""
    sleepy = SleepyPacked if kind else SleepySplit
    machine = Machine(rings, VERSION_1 | kind | EVENT_IDX, sleepy, depth=4, pieces=True)
    for _ in range(1500):
        machine.run(3)
    machine.close()
    print(f"{machine.lost_kicks} kicks lost in {machine.done:,} buffers")
    assert machine.lost_kicks > 20
