# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""A build is found again only while every file that the tools have read is what it was."""

import re
import shutil
import time
from pathlib import Path

import pytest
from cocotbext.virtio.config import EndpointConfig

from sim.flow import build as builds
from sim.flow import inputs, tools
from sim.flow.build import build
from sim.flow.design import Design
from sim.flow.paths import ROOT
from sim.flow.run import Simulation, simulate

FIGURE = "74726976"  # MagicValue, as the register header has it


@pytest.fixture(params=tools.SIMULATORS)
def simulator(request):
    """Each simulator that is there."""
    if tools.missing(request.param):
        pytest.skip(tools.missing(request.param))
    return request.param


@pytest.fixture
def rtl(tmp_path):
    """A copy of the design whose register header has another ending, in a folder of its own."""
    folder = tmp_path / "r"
    shutil.copytree(ROOT / "rtl", folder)
    (header,) = folder.rglob("virtio_mmio_regs.vh")
    inside = header.parent / "own registers"
    inside.mkdir()
    header.rename(inside / "regs.inc")
    for file in folder.rglob("*.v"):
        text = file.read_text()
        file.write_text(re.sub(r'"(?:\w+/)*virtio_mmio_regs\.vh"', '"own registers/regs.inc"', text))
    return folder


def identity(simulator: str, rtl: Path):
    """What test_smoke says about the register values of the design in rtl."""
    return simulate(Simulation(simulator, "nonsharing", "tb.tests.test_smoke", 1, test="identity", rtl=rtl))


def test_changed_include_is_a_new_build(simulator, rtl):
    """The wrong value fails, and the right one passes again."""
    (header,) = rtl.rglob("regs.inc")
    right = header.read_text()
    assert FIGURE in right
    assert identity(simulator, rtl).failures == []
    header.write_text(right.replace(FIGURE, "74726977"))
    (failure,) = identity(simulator, rtl).failures
    assert "identity" in failure.test
    header.write_text(right)
    assert identity(simulator, rtl).failures == []


def small(folder: Path, body: str) -> Design:
    """A design of one module."""
    folder.mkdir(exist_ok=True)
    names = " ".join(f"parameter {name} = 0," for name in EndpointConfig().parameters())
    text = f"module virtio_mmio_endpoint #({names[:-1]}) (output wire [31:0] value);\n{body}\nendmodule\n"
    (folder / "any name (1).v").write_text(text)
    return Design(folder, EndpointConfig())


def test_include_that_is_found_first_is_a_new_build(tmp_path):
    """A file that was not read, because it was not there, comes before the one that was read."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    design = small(tmp_path / "r", '`include "value.vh"\nassign value = `VALUE;')
    (tmp_path / "r" / "value.vh").write_text("`define VALUE 1\n")
    first = build("icarus", "small", design)
    assert build("icarus", "small", design) == first
    (tmp_path / "r" / "deeper").mkdir()
    (tmp_path / "r" / "deeper" / "value.vh").write_text("`define VALUE 2\n")
    assert build("icarus", "small", design) != first


def test_memory_file_belongs_to_the_build(simulator, tmp_path):
    """It is found in the folder of the design, and a changed one is a new build; so is one named by a parameter."""
    body = 'parameter FILE = "other.hex"; reg [31:0] m [0:1], n [0:1];\n'
    body += 'initial $readmemh("data/m.txt", m); initial $readmemh(FILE, n); assign value = m[0] + n[0];'
    design = small(tmp_path / "r", body)
    (tmp_path / "r" / "data").mkdir()
    for name in ("data/m.txt", "other.hex"):
        (tmp_path / "r" / name).write_text("00000001 00000002\n")
    builds_seen = {build(simulator, "small", design)}
    run = tmp_path / "run"
    run.mkdir()
    builds.link_data(builds_seen.copy().pop(), run)
    assert (run / "data" / "m.txt").read_text() == (run / "other.hex").read_text() == "00000001 00000002\n"
    for number, name in enumerate(("data/m.txt", "other.hex"), 2):
        (tmp_path / "r" / name).write_text("00000003 00000004\n")
        builds_seen.add(build(simulator, "small", design))
        assert len(builds_seen) == number


def test_source_that_changes_during_the_build_is_not_remembered(tmp_path, monkeypatch):
    """Nobody knows which of its contents the tool has read."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    design = small(tmp_path / "r", "assign value = 1;")
    original = builds.processes.run

    def run(*arguments):
        status = original(*arguments)
        time.sleep(0.02)
        small(tmp_path / "r", "assign value = 2;")
        return status

    monkeypatch.setattr(builds.processes, "run", run)
    first = build("icarus", "small", design)
    monkeypatch.undo()
    assert build("icarus", "small", design) != first


def test_dependencies_with_spaces(tmp_path):
    """Verilator does not escape them."""
    for name in ("a b.v", "c.v", "d  e (1).v"):
        (tmp_path / name).touch()
    text = f"x.cpp x.h  : {tmp_path}/a b.v {tmp_path}/c.v {tmp_path}/d  e (1).v \n"
    assert [file.name for file in inputs.split_dependencies(text)] == ["a b.v", "c.v", "d  e (1).v"]


def test_discarded_build_leaves_nothing(tmp_path):
    """Mutants are built once each."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    built = build("icarus", f"discarded-{time.time_ns()}", small(tmp_path / "r", "assign value = 3;"))
    builds.discard(built)
    assert not list(built.parent.glob(built.name.rpartition("-")[0] + "*"))
