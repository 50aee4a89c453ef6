# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A small design that stands for a peer, and the command line."""

import os
import subprocess
import sys
import uuid

import pytest

from sim.flow.paths import ROOT

TINY = """module tiny #(parameter WIDTH = 8) (input wire clk, input wire [WIDTH-1:0] a, output reg [WIDTH-1:0] b);
    reg [WIDTH-1:0] c;
    always @(posedge clk) begin c <= a; b <= b ^ c; end
endmodule
"""
DESCRIPTION = """sources = ["*.v"]
top = "tiny"
clock = "clk"
[[design]]
label = "8 bits"
[[design]]
label = "24 bits"
parameters = { WIDTH = 24 }
"""


@pytest.fixture
def peers(tmp_path):
    """A folder with one peer, whose netlist bears the test's name: nothing of it has been built before."""
    peer = tmp_path / "peers" / "tiny"
    peer.mkdir(parents=True)
    (peer / "tiny.v").write_text(
        TINY.replace("reg [WIDTH-1:0] c;", f'(* test = "{uuid.uuid4()}" *) reg [WIDTH-1:0] c;')
    )
    (peer / "peer.toml").write_text(DESCRIPTION)
    return peer.parent


@pytest.fixture
def measure(tmp_path):
    """Function that runs `python -m sim syn` as a user does, figures and picture put aside."""

    def run(*arguments, **environment):
        command = [sys.executable, "-m", "sim", "syn", "--jobs", "1", "--output", tmp_path / "out", *arguments]
        return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True)

    return run
