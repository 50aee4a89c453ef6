# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The package installs into an empty environment and works outside of the repository."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.flow.paths import ROOT

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
    assert broken.returncode != 0 and "0 passed, 2 failed" in broken.stdout, broken.stdout + broken.stderr


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
