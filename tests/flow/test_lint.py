# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Lint: each tool fails on what it is there for."""

import re
import shutil
import subprocess

import pytest
from cocotbext.virtio.config import EndpointConfig

from sim.flow import icarus, lint, tools, verilator, yosys
from sim.flow.design import TOP, Design
from sim.flow.paths import BUILD, ROOT
from sim.flow.rtl_files import find


def complaint(tool, rtl) -> str:
    """What a tool has against a design: its output when it fails or, for Icarus, when there is any."""
    process = subprocess.run(
        [str(word) for word in tool.lint_command(Design(rtl, EndpointConfig()))],
        env=tools.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return process.stdout if process.returncode or tool is icarus else ""


@pytest.mark.parametrize(
    "tool, line, expected",
    [
        (icarus, "wire [3:0] narrow = 4'd0; wire [7:0] picked = {4'd0, narrow[7:4]};", "out of bound"),
        (verilator, "wire [3:0] unused_narrow = 8'd1;", "WIDTHTRUNC"),
        (yosys, "wire loop_a, loop_b; assign loop_a = ~loop_b; assign loop_b = loop_a & aclk;", "logic loop"),
    ],
    ids=["icarus", "verilator", "yosys"],
)
def test_warning_fails(tool, line, expected):
    """One bad line in the top module."""
    rtl = BUILD / "tests" / f"lint-{tool.__name__}"  # not in /tmp, where the packaged Yosys sees a folder of its own
    shutil.rmtree(rtl, ignore_errors=True)
    shutil.copytree(ROOT / "rtl", rtl)
    assert complaint(tool, rtl) == ""
    top = find(rtl, f"{TOP}.v")
    head, _, tail = top.read_text().rpartition("endmodule")
    top.write_text(f"{head}{line}\nendmodule{tail}")
    assert expected in complaint(tool, rtl)


def test_open_input_of_an_example_fails(tmp_path):
    """A port of the RTL that a device of examples/conformance does not drive."""
    example = next(each for name, each in lint.examples() if name.startswith("reordering"))
    wrong = tmp_path / "reordering_dut.v"
    own = next(file for file in example.sources() if file.name == wrong.name)
    text, count = re.subn(r"\.aresetn\(aresetn\),", "", own.read_text(), count=1)
    wrong.write_text(text)
    command = [str(word).replace(str(own), str(wrong)) for word in icarus.lint_command(example)]
    done = subprocess.run(command, env=tools.environment(), capture_output=True, text=True)
    assert count == 1 and "aresetn" in done.stderr
