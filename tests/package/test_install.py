# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The package installs into an empty environment and works outside of the repository."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.flow.paths import ROOT
from tests import fst

MASK_COMMAND = r"(`define VIRTIO_MSI_CMD_MASK +)\S+"
EXAMPLES = ("minimal_cocotb.py", "minimal_pyuvm.py")


def run(*command, **options):
    """Run a command that must succeed; its output."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Path:
    """An empty virtual environment with nothing but `pip install .` in it; the path of its Python.

    The sources are copied: a build leaves files beside them.
    """
    folder = tmp_path_factory.mktemp("installed")
    sources = folder / "sources"
    sources.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    shutil.copytree(
        ROOT / "tb" / "cocotbext", sources / "tb" / "cocotbext", ignore=shutil.ignore_patterns("__pycache__")
    )
    run(sys.executable, "-m", "venv", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    run(python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", sources, cwd=folder)
    return python


def clean() -> dict[str, str]:
    """The environment of a user who has never seen the repository."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COCOTB"))}


def test_import(environment, tmp_path):
    """Everything that the package offers can be imported, from the installed copy."""
    code = (
        "import cocotbext.virtio as package;"
        "[getattr(package, name) for name in package.__all__];"
        "print(package.__file__)"
    )
    found = run(environment, "-c", code, cwd=tmp_path, env=clean())
    assert Path(found.strip()).is_relative_to(environment.parents[1])


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
def test_examples(environment, tmp_path):
    """The examples pass on the endpoint's sources, copied into a project; broken RTL fails both."""
    shutil.copytree(ROOT / "rtl", tmp_path / "rtl")
    for name in EXAMPLES:
        shutil.copy(ROOT / "examples" / name, tmp_path)
    (tmp_path / "run.py").write_text(RUN)
    assert "2 passed" in run(environment, "run.py", cwd=tmp_path, env=clean())
    header = next((tmp_path / "rtl").rglob("virtio_mmio_regs.vh"))
    text = header.read_text()
    assert re.search(MASK_COMMAND, text)
    header.write_text(re.sub(MASK_COMMAND, r"\g<1>32'd14", text))  # MASK does nothing any more
    broken = subprocess.run([environment, "run.py"], cwd=tmp_path, env=clean(), capture_output=True, text=True)
    assert broken.returncode != 0 and "Failed 2 of 2 tests" in broken.stdout + broken.stderr, (
        broken.stdout + broken.stderr
    )


DISK = ROOT / "examples" / "conformance" / "small_disk"


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
def test_conformance(environment, tmp_path):
    """One command says which rules a device breaks; the device, a TOML file and the package are all that it needs."""
    for name in ("small_disk.v", "small_disk.toml"):
        shutil.copy(DISK / name, tmp_path)
    command = (environment, "-m", "cocotbext.virtio.conformance", "small_disk.toml", "--check", "identity,ring-wraps")
    assert "2 ok" in run(*command, cwd=tmp_path, env=clean())
    results = json.loads((tmp_path / "build" / "conformance" / "small_disk" / "results.json").read_text())
    assert [result["verdict"] for result in results] == ["ok", "ok"]
    with (tmp_path / "small_disk.toml").open("a") as file:
        file.write("[parameters]\nFAULT = 16\n")
    done = subprocess.run([*map(str, command)], cwd=tmp_path, env=clean(), capture_output=True, text=True)
    assert done.returncode == 1 and "1 ok, 1 finding" in done.stdout, done.stdout + done.stderr
    replay = next(line for line in done.stdout.splitlines() if "replay:" in line).split("replay: ")[1]
    again = subprocess.run(
        [environment, *replay.split()[1:]], cwd=tmp_path, env=clean(), capture_output=True, text=True
    )
    assert again.returncode == 1, again.stdout + again.stderr
    (dump,) = re.findall(r"waves: +(.*)", again.stdout)
    assert "small_disk.irq" in fst.content(tmp_path / dump)[0]
    bridges = Path(
        run(environment, "-m", "cocotbext.virtio.conformance", "--bridges", cwd=tmp_path, env=clean()).strip()
    )
    assert bridges.is_relative_to(environment.parents[1]) and (bridges / "virtio_axil_to_apb.v").is_file()


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
def test_pyuvm_around_a_foreign_device(environment, tmp_path):
    """The example passes on a disk, and one whose interrupt comes too early fails."""
    shutil.copy(DISK / "small_disk.v", tmp_path)
    (tmp_path / "test_mine.py").write_text((ROOT / "examples" / "foreign_disk_pyuvm.py").read_text())
    (tmp_path / "run.py").write_text(RUN_DISK)
    assert "1 passed" in run(environment, "run.py", "0", cwd=tmp_path, env=clean())
    late = subprocess.run([environment, "run.py", "23"], cwd=tmp_path, env=clean(), capture_output=True, text=True)
    assert late.returncode != 0 and "the line rises" in late.stdout, late.stdout + late.stderr


RUN_DISK = """
import sys
from cocotb_tools.check_results import get_results
from cocotb_tools.runner import get_runner

runner = get_runner("icarus")
runner.build(sources=["small_disk.v"], hdl_toplevel="small_disk", parameters={"FAULT": int(sys.argv[1])},
             build_args=["-g2005"], timescale=("1ns", "1ps"), always=True)
tests, failed = get_results(runner.test(hdl_toplevel="small_disk", test_module="test_mine", seed=1))
print(f"{tests - failed} passed, {failed} failed")
raise SystemExit(failed)
"""

RUN = """
from pathlib import Path

from cocotb_tools.check_results import get_results
from cocotb_tools.runner import get_runner

rtl = Path("rtl").resolve()
runner = get_runner("icarus")
runner.build(sources=sorted(rtl.rglob("*.v")), includes=[path for path in (rtl, *rtl.rglob("*")) if path.is_dir()],
             hdl_toplevel="virtio_mmio_endpoint", build_args=["-g2005"], timescale=("1ns", "1ps"), always=True)
examples = ["minimal_cocotb", "minimal_pyuvm"]
tests, failed = get_results(runner.test(hdl_toplevel="virtio_mmio_endpoint", test_module=examples, seed=1))
print(f"{tests - failed} passed, {failed} failed")
raise SystemExit(failed)
"""
