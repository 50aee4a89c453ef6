# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The formal task matrix and the list of seeded faults fit together, and fit the RTL."""

import re
import shutil

import pytest

from sim.formal.faults import apply_edits, load_faults
from sim.formal.runner import ROOT
from sim.formal.tasks import load_tasks

FAULTS = load_faults()


def test_every_property_has_a_fault_that_ci_seeds():
    """Properties 1..8 of the endpoint: each has a seeded fault that `make formal` runs."""
    seeded = {fault.property[:2] for fault in FAULTS if fault.ci}
    assert seeded >= {f"p{number}" for number in range(1, 9)}


def test_every_property_of_the_engine_that_is_proved_has_a_fault():
    """P-n of the virtqueue engine: wherever a task of its modules has one, a seeded fault is caught by it."""
    sources = {ROOT / "formal" / task.source for task in load_tasks() if task.design == "virtio_virtqueue_engine"}
    proved = {name for source in sources for name in re.findall(r"\b(p\d+)_\w+: +assert", source.read_text())}
    engine = {task.name for task in load_tasks() if task.design == "virtio_virtqueue_engine"}
    seeded = {fault.property.partition("_")[0] for fault in FAULTS if fault.task in engine}
    assert proved <= seeded


def test_every_source_exists():
    """Each task names a file that is there."""
    for task in load_tasks():
        assert (ROOT / "formal" / task.source).is_file(), task.name


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_applies(fault, tmp_path):
    """The RTL has the text that the fault changes, and a proof of the fault's task is to catch it."""
    assert fault.task in {task.name for task in load_tasks() if task.mode == "prove"}
    shutil.copytree(ROOT / "rtl", tmp_path / "rtl")
    apply_edits(fault.name, fault.edits, tmp_path / "rtl")
