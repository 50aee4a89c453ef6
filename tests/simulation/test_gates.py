# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The tests pass on the netlist, too: the same ports, gates for the rest."""

import re

import pytest

from sim.flow import gates, rtl_files, tools
from sim.flow.errors import FlowError
from sim.flow.paths import ROOT


@pytest.mark.parametrize(
    "configuration, test",
    [
        pytest.param("nonsharing", "test_smoke", marks=pytest.mark.thorough),
        ("sharing", "test_smoke"),
        ("sharing", "test_main_job:InterruptByMessage"),
        pytest.param("engine", "test_virtqueue_directed:slots_come_back", marks=pytest.mark.thorough),
        pytest.param("engine", "test_virtqueue_directed", marks=pytest.mark.thorough),
        pytest.param("engine_all", "test_virtqueue_directed", marks=pytest.mark.thorough),
        pytest.param("engine_all", "test_virtqueue_corners", marks=pytest.mark.thorough),
        pytest.param("rtl_disk", "test_main_disk", marks=pytest.mark.thorough),
    ],
)
def test_on_gates(configuration, test, passes):
    """Smoke and a part of the main job; the rings of the engine, and of a whole device."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    module, _, name = test.partition(":")
    netlist = gates.folder(configuration, ROOT / "rtl")
    passes("icarus", configuration, f"tb.tests.{module}", test=name or None, rtl=netlist, timeout=3600)


def test_the_netlist_is_what_runs(tmp_path):
    """No module of rtl/ is in the folder but the top, which holds the netlist; another design gives another folder."""
    folder = gates.folder("nonsharing", ROOT / "rtl")
    assert {file.stem for file in folder.glob("*.v")} == {"virtio_mmio_endpoint", "virtio_mmio_endpoint_gates"}
    assert "virtio_mmio_endpoint_gates gates (" in (folder / "virtio_mmio_endpoint.v").read_text()


@pytest.mark.thorough
def test_a_design_with_rings_keeps_its_memories():
    """The file list of the engine names the netlist, which has gates, and memories as arrays."""
    folder = gates.folder("engine", ROOT / "rtl")
    assert {file.name for file in rtl_files.listed(folder / "virtio_virtqueue_engine.f")} == {
        "virtio_virtqueue_engine.v",
        "virtio_virtqueue_engine_gates.v",
    }
    netlist = (folder / "virtio_virtqueue_engine_gates.v").read_text()
    assert re.search(r"^  reg \[\d+:0\] .+ \[\d+:0\];$", netlist, re.MULTILINE)
    assert netlist.count("\n  assign ") > 5000


def test_yosys_error_is_one_line(tmp_path, monkeypatch):
    """A design that does not parse."""
    folder = gates.BUILD / "tests" / "gates"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "virtio_mmio_endpoint.v").write_text("module virtio_mmio_endpoint (\n);\nassign ;\nendmodule\n")
    with pytest.raises(FlowError, match="making gates failed: .*syntax error"):
        gates.folder("nonsharing", folder)
