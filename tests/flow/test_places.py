# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""Folders and names that users have: with spaces and brackets, too long for a file, on a full disk."""

import errno
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sim.flow import command, plain_paths, run, tools
from sim.flow.errors import FlowError
from sim.flow.names import short
from sim.flow.paths import BUILD, ROOT
from sim.flow.run import Simulation, simulate
from tests.flow.test_command_line import refused

NEEDED = ("sim", "tb", "rtl", "tests/__init__.py", "tests/flow/benches", "requirements.txt", "requirements")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project in a folder with spaces and brackets, with Verilator's own library if it is built."""
    folder = tmp_path_factory.mktemp("places") / "my project (v1) [x] it's $5"
    for name in NEEDED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(Path(sys.prefix).resolve())
    for library in (BUILD / "designs").glob("verilator-library-*"):
        if library.is_dir():
            shutil.copytree(library, folder / "build" / "designs" / library.name)
    return folder


@pytest.mark.parametrize("simulator", tools.SIMULATORS)
def test_project_folder_with_spaces_and_brackets(project, simulator):
    """A design of its own in a folder like that, too."""
    if tools.missing(simulator):
        pytest.skip(tools.missing(simulator))
    rtl = project / "an RTL (2)"
    shutil.copytree(project / "rtl" / "endpoint", rtl, dirs_exist_ok=True)
    shutil.copytree(project / "rtl" / "common", rtl, dirs_exist_ok=True)
    words = ["run", "--sim", simulator, "--test", "test_smoke:identity", "--config", "nonsharing"]
    process = subprocess.run(
        [project / ".venv" / "bin" / "python", "-m", "sim", *words],
        cwd=project,
        env={name: value for name, value in os.environ.items() if name != "RTL"} | {"RTL": str(rtl)},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    assert "all passed: 1 simulation" in process.stdout


def test_long_names_fit_a_file():
    """Cut and told apart."""
    names = [f"sharing-icarus-{'x' * 240}{end}-1" for end in "ab"]
    assert all(len(short(name)) <= 120 for name in names)
    assert short(names[0]) != short(names[1])
    assert short("sharing-icarus-test_smoke:identity-1") == "sharing-icarus-test_smoke_identity-1"
    assert short("a b") != short("a_b")
    assert short("ü" * 200).isascii()


def test_long_paths_of_traces_and_designs(tmp_path):
    """A trace whose name has 240 characters, and a design in a folder whose path has more than 248."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    trace = tmp_path / f"{'t' * 240}.csv"
    trace.write_text("op,offset,bytes,value\nR,0x000,4,0x74726976\n")
    rtl = tmp_path / ("r" * 120) / ("s" * 130)
    rtl.mkdir(parents=True)
    for folder in ("endpoint", "common"):
        shutil.copytree(ROOT / "rtl" / folder, rtl, dirs_exist_ok=True)
    simulation = Simulation("icarus", "empty_slot", "tb.tests.test_trace", 1, trace=trace, rtl=rtl)
    assert simulate(simulation).failures == []
    assert simulation.directory != replace(simulation, seed=2).directory


def test_socket_folder_is_short_wherever_tmpdir_is(tmp_path, monkeypatch):
    """A name of 106 characters would be too long for a socket in it; one with a space for make."""
    for name in ("x" * 106, "a b"):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(plain_paths.tempfile, "tempdir", str(tmp_path / name))
        folder = plain_paths.short_folder("cosim-")
        assert len(str(folder)) < 60
        assert plain_paths.is_plain(folder)
        folder.rmdir()


@pytest.mark.parametrize(
    "error, line",
    [
        (OSError(errno.ENOSPC, "No space left on device", "build/x"), "sim: No space left on device: build/x"),
        (PermissionError(errno.EACCES, "Permission denied"), "sim: Permission denied"),
    ],
)
def test_full_disk_is_one_line(capsys, error, line):
    """And the status of a machine that lacks something, not of a test that failed."""

    def run():
        raise error

    assert command.guarded("sim", run) == 2
    assert capsys.readouterr().err == line + "\n"


def test_record_on_a_full_disk_is_one_line():
    """/dev/full takes no byte."""
    words = [
        "run",
        "--sim",
        "icarus",
        "--config",
        "nonsharing",
        "--test",
        "test_smoke:identity",
        "--record",
        "/dev/full",
    ]
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    process = subprocess.run([sys.executable, "-m", "sim", *words], cwd=ROOT, capture_output=True, text=True)
    assert process.returncode == 2, process.stdout + process.stderr
    assert process.stderr.splitlines() == ["sim: No space left on device"]


def test_simulation_that_fills_the_disk_is_not_a_failed_test(monkeypatch, tmp_path):
    """Whatever it could not write; one that failed for another reason still says which."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    simulation = Simulation("icarus", "nonsharing", "tests.flow.benches.foreign", 1, test="asserts", place=tmp_path)
    assert simulate(simulation).failures
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(run.shutil, "disk_usage", lambda place: usage._replace(free=0))
    with pytest.raises(FlowError, match="no space left on the disk of .* .0 bytes.: its"):
        simulate(simulation)


def test_folder_that_cannot_be_written_is_one_line(tmp_path):
    """A file where the regressions are to go."""
    place = tmp_path / "file"
    place.touch()
    words = ["--sim", "icarus", "--config", "nonsharing", "--test", "test_smoke", "--directory", str(place)]
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    assert str(place) in refused("regress", *words)
