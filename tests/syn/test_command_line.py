# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The command line of syn, and the descriptions of sizes and peers: what is refused, in one line that names it."""

import pytest

from sim.flow.errors import FlowError
from sim.syn import matrix, peers

AIMS = {"ecp5": 100, "ice40": 24}
PEER = 'sources = ["a.v"]\ntop = "a"\nclock = "clk"\n[[design]]\nlabel = "one"\n'


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--sizes", "3x2"], "unknown size '3x2'; known: 2/3, 8/9, "),
        (["--sizes", "0/2"], "size '0/2': queues are 1 to 1024"),
        (["--sizes", "2/3,2/4096"], "size '2/4096': queues are 1 to 1024, vectors 1 to 2048"),
        (["--devices", "ecp6"], "unknown device 'ecp6'; known: ecp5, ice40"),
        (["--modes", "2"], "unknown mode '2'; known: 0, 1"),
        (["--sizes", "none"], "nothing to measure"),
        (["--seeds", "0"], "'0' is not a whole number above 0"),
        (["--jobs", "two"], "'two' is not"),
        (["--peers", "nowhere"], "PEERS: nowhere is not a folder"),
        (["--peers", "docs"], "no sub-folder of docs has a peer.toml"),
        (["--frobnicate"], "--frobnicate"),
    ],
)
def test_bad_input_is_refused(measure, arguments, message):
    """Status 2, one line, nothing done."""
    process = measure(*arguments)
    assert process.returncode == 2
    assert process.stdout == ""
    (line,) = process.stderr.splitlines()
    assert line.startswith(("syn: ", "sim: "))
    assert message in line


@pytest.mark.parametrize(
    "text, message",
    [
        ("seeds = ", "Invalid value"),
        ("", "the file has no 'seeds'"),
        ("seeds = 0", "seeds is wrong: 0 is less than the minimum of 1"),
        ("seeds = 1\n[ecp6]", "unknown field 'ecp6'"),
        ("seeds = 1\n[ecp5]\nsize = []", "ecp5 has no 'aim'"),
        ("seeds = 1\n[ecp5]\naim = 1\n[[ecp5.size]]\nqueues = 2", "ecp5.size[0] has no 'vectors'"),
        (
            'seeds = 1\n[ecp5]\naim = 1\n[[ecp5.size]]\nqueues = 2\nvectors = 3\nmhz = "200"',
            "ecp5.size[0].mhz is '200', not number",
        ),
        (
            'seeds = 1\n[ecp5]\naim = 1\nsize = []\n[[ecp5.design]]\nname = "a"\ntop = "a"\nfiles = []',
            "ecp5.design[0].files",
        ),
    ],
)
def test_mistake_in_the_matrix(text, message, tmp_path):
    """The error names the file and the thing."""
    file = tmp_path / "matrix.toml"
    file.write_text(text)
    with pytest.raises(FlowError, match="matrix.toml") as error:
        matrix.read(file)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "change, message",
    [
        (("clock", "clocks"), "unknown field 'clocks'"),
        (('top = "a"\n', ""), "the file has no 'top'"),
        (("a.v", "b.v"), "'b.v' is no file"),
        (("a.v", "/a.v"), "relative to"),
        (('["a.v"]', '["*.v", "sub/*.v"]'), "two files are named a.v"),
        (("label", "name"), "design[0]: unknown field 'name'"),
        (('clock = "clk"', 'clock = "clk"\ninclude = ["headers"]'), "'headers' is no folder"),
        (('clock = "clk"', 'clock = "clk"\ndevice = "ecp6"'), "device: unknown value 'ecp6'"),
    ],
)
def test_mistake_in_a_peer(change, message, tmp_path):
    """The error names the file and the thing."""
    (tmp_path / "it" / "sub").mkdir(parents=True)
    for source in ("a.v", "sub/a.v"):
        (tmp_path / "it" / source).write_text("module a (input clk); endmodule\n")
    (tmp_path / "it" / "peer.toml").write_text(PEER.replace(*change))
    with pytest.raises(FlowError) as error:
        peers.read(tmp_path, AIMS)
    assert str(tmp_path / "it" / "peer.toml") in str(error.value)
    assert message in str(error.value)


def test_peer_with_headers_and_files_outside(tmp_path):
    """Sources by a path that leads outside, folders of headers, parameters as Verilog text."""
    (tmp_path / "peers" / "it").mkdir(parents=True)
    (tmp_path / "checkout" / "include" / "sub").mkdir(parents=True)
    (tmp_path / "checkout" / "a.v").write_text("")
    (tmp_path / "checkout" / "include" / "sub" / "a.vh").write_text("")
    text = PEER.replace("a.v", "../../checkout/a.v").replace(
        "[[design]]", 'include = ["../../checkout/include"]\n[[design]]'
    )
    (tmp_path / "peers" / "it" / "peer.toml").write_text(text + 'parameters = { A = "8\'h10", B = 3 }\nvectors = 4\n')
    (subject,) = peers.read(tmp_path / "peers", AIMS)
    assert subject.unit.sources == ("a.v",)
    assert set(subject.unit.files) == {"a.v", "include0/sub/a.vh"}
    assert subject.unit.parameters == {"A": "8'h10", "B": "3"}
    assert (subject.name, subject.vectors, subject.aim) == ("ecp5 it one", 4, 100)


def test_other_designs(tmp_path, monkeypatch):
    """Named among the sizes; only on their device; left out where RTL names a folder without them, unless named."""
    names = [entry.name for entry in matrix.matrix().others]
    assert [entry.name for entry in matrix.matrix().select(f"2/3,{names[1]}", "ecp5")] == ["2/3", names[1]]
    assert matrix.matrix().select(names[0], "ice40") == []
    assert set(names) <= {entry.name for entry in matrix.matrix().select(None, None)}
    monkeypatch.setenv("RTL", str(tmp_path))
    assert not set(names) & {entry.name for entry in matrix.matrix().select(None, None)}
    with pytest.raises(FlowError, match="is not there"):
        matrix.other(matrix.matrix().others[0])


def test_a_size_of_the_user_s_own():
    """9/9 is in no file: it is measured on every device, at the clock asked of the others, and promises nothing."""
    found = matrix.matrix().select("9/9,2/3", "ecp5")
    assert [(size.device, size.name) for size in found] == [("ecp5", "9/9"), ("ecp5", "2/3")]
    assert found[0].aim == matrix.matrix().aims["ecp5"] and found[0].target == matrix.Target()
    assert {size.device for size in matrix.matrix().select("9/9", None)} == set(matrix.DEVICES)
