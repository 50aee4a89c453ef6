# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Corners of the parameter space are synthesised, and what comes out is what it should be; faults are noticed."""

import dataclasses
import shutil

import pytest

from sim.flow.paths import ROOT
from sim.flow.rtl_files import find
from sim.syn.corners import CORNERS, problems

MORE = (  # of a kind that others show
    "1 queue, 1 vector, sharing",
    "1024 queues, 1 vector, sharing",
    "1024 queues, 2048 vectors",
    "1024 queues, 2048 vectors, sharing",
    "doorbells 12 bytes apart",
)
SMALL = next(corner for corner in CORNERS if corner.name == "no configuration")


@pytest.mark.parametrize(
    "corner",
    [pytest.param(corner, marks=[pytest.mark.thorough] if corner.name in MORE else []) for corner in CORNERS],
    ids=[corner.name for corner in CORNERS],
)
def test_corner(corner):
    """No latch, nothing driven twice or not at all, tables in RAM, no more cells than expected."""
    assert problems(corner) == []


@pytest.fixture
def changed(tmp_path, monkeypatch):
    """Function that puts a copy of the design with one replacement behind RTL."""

    def change(file, old, new):
        shutil.copytree(ROOT / "rtl", tmp_path / "rtl")
        copy = find(tmp_path / "rtl", file)
        text = copy.read_text()
        assert old in text
        copy.write_text(text.replace(old, new))
        monkeypatch.setenv("RTL", str(tmp_path / "rtl"))

    return change


@pytest.mark.parametrize(
    "line, problem",
    [
        (
            "reg kept; always @(*) if (aresetn) kept = event_valid; assign msi_error_vector[15] = kept;",
            "Latch inferred",
        ),
        ("assign irq = event_valid;", "Yosys's check"),
    ],
    ids=["latch", "driven twice"],
)
def test_fault_is_noticed(line, problem, changed):
    """One line more in the top module, at the end."""
    changed("virtio_mmio_endpoint.v", "\nendmodule", f"\n{line}\nendmodule")
    assert any(problem in found for found in problems(SMALL))


def test_memory_in_flip_flops_is_noticed(changed):
    """The messages of 17 vectors in flip-flops, on demand."""
    changed("virtio_ram_1w1r.v", "reg [WIDTH-1:0] words", '(* ram_style = "logic" *) reg [WIDTH-1:0] words')
    corner = next(corner for corner in CORNERS if corner.name == "1 queue, 17 vectors, sharing")
    found = problems(corner)
    assert "memory in flip-flops: message_writer.table_ram.words" in found
    assert any(line.endswith(f" ff instead of at most {corner.ff:,}") for line in found)


def test_more_cells_are_noticed():
    """Bounds below what it takes."""
    found = problems(dataclasses.replace(SMALL, lut4=100, ff=100))
    assert len(found) == 2
    assert found[0].endswith("lut4 instead of at most 100")
