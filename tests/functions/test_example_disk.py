# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""examples/my_disk: what a user copies is accepted by the tools without a warning."""

import re
import subprocess
import textwrap

import pytest

from sim.flow import icarus, rtl_files, tools, verilator
from sim.flow.paths import ROOT

RTL = ROOT / "rtl"
EXAMPLE = ROOT / "examples" / "my_disk" / "my_disk.v"


@pytest.mark.parametrize("tool", [icarus, verilator], ids=lambda tool: tool.NAME)
def test_my_disk_lints(tool):
    """With the file list of the device, every warning on."""
    if tools.missing(tool.NAME):
        pytest.skip(tools.missing(tool.NAME))
    files = [*rtl_files.listed(RTL / "virtio_mmio_blk_axi.f"), EXAMPLE]
    command = {
        "icarus": ["iverilog", "-g2005", "-Wall", "-tnull", "-s", "my_disk", "-I", RTL / "endpoint"],
        "verilator": [
            "verilator",
            "--lint-only",
            "-Wall",
            "--language",
            "1364-2005",
            "--top-module",
            "my_disk",
            f"-I{RTL / 'endpoint'}",
        ],
    }[tool.NAME]
    done = subprocess.run(
        [*map(str, command), *map(str, files)], capture_output=True, text=True, env=tools.environment(), check=False
    )
    assert done.returncode == 0, done.stderr
    if tool is icarus:
        assert not done.stdout + done.stderr


def test_document_shows_this_instance():
    """The instance on the first screen of docs/integration.md is that of the example."""
    instance = re.search(r"    virtio_mmio_blk_axi #\(.*?\n    \);\n", EXAMPLE.read_text(), re.DOTALL)[0]
    assert textwrap.dedent(instance) in (ROOT / "docs" / "integration.md").read_text()
