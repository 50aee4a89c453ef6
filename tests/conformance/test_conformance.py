# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The conformance suite: its controls give their verdicts, and bad input is one line."""

import json
import re
import shutil
import tomllib
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from cocotbext.virtio.conformance import builder, registry, settings, suite
from cocotbext.virtio.conformance.__main__ import main
from rich.console import Console

from sim.debug.timeline import draw
from sim.debug.timeline.data import build, read
from tests import fst
from tests.conformance import faulty_devices

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "conformance"
DISK = EXAMPLES / "small_disk" / "small_disk.v"
FAULTS = tomllib.loads((EXAMPLES / "small_disk" / "faults.toml").read_text())
UNKNOWN_BITS = {50}  # a fault that shows as unknown bits, which Verilator does not have
icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


def device(folder: Path, text: str = "", **keys) -> Path:
    """A description of small_disk in a folder of its own; *keys* replace what it says."""
    content = {"name": "disk", "class": "blk", "sources": [str(DISK)], "top": "small_disk", "patience": 6000} | keys
    lines = [f"{key} = {json.dumps(value)}" for key, value in content.items() if value is not None]
    file = folder / "device.toml"
    file.write_text("\n".join(lines) + "\n" + text)
    return file


def run(folder: Path, file: Path, *arguments: str) -> tuple[int, list[dict]]:
    """Exit status and results.json of one call."""
    status = main([str(file), "--build", str(folder / "build"), *arguments])
    results = list((folder / "build").glob("*/results.json"))
    return status, json.loads(results[0].read_text()) if results else []


def test_there_are_enough_checks():
    checks = registry.checks()
    assert len(checks) >= 45
    for check in checks.values():
        assert check.level in registry.LEVELS and check.section and check.requirements and check.title
        assert not set(check.classes) - set(settings.CLASSES)


@icarus
def test_a_good_device(tmp_path, capsys):
    names = (
        "identity,a-buffer-is-used,any-cut,only-what-was-announced,line-follows-used-buffer,packed,msi-enable,entropy"
    )
    status, results = run(tmp_path, device(tmp_path), "--check", names, "--seed", "3")
    verdicts = {result["check"]: result["verdict"] for result in results}
    assert status == 0
    assert verdicts == dict.fromkeys(names.split(",")[:5], "ok") | dict.fromkeys(names.split(",")[5:], "not checkable")
    for result in results:
        assert {"check", "title", "level", "section", "ports", "verdict", "findings", "cycles", "seconds"} <= set(
            result
        )
        assert result["seed"] == 3 and (result["cycles"] > 0) == (
            result["verdict"] == "ok" or result["check"] == "packed"
        )
    printed = capsys.readouterr().out
    assert "5 ok, 3 not checkable" in printed
    junit = ElementTree.parse(next((tmp_path / "build").glob("*/junit.xml"))).getroot()
    assert junit.get("tests") == "8" and junit.get("failures") == "0" and junit.get("skipped") == "3"


ONE_IN = 9  # faults under Verilator in `make test`, from seed to seed others; all of them with --thorough


def pytest_generate_tests(metafunc):
    if {"number", "simulator"} <= set(metafunc.fixturenames):
        first = int(metafunc.config.option.seed) % ONE_IN
        metafunc.parametrize(
            "simulator, number",
            [pytest.param("icarus", number, marks=icarus) for number in FAULTS]
            + [
                pytest.param("verilator", number, marks=[] if place % ONE_IN == first else pytest.mark.thorough)
                for place, number in enumerate(FAULTS)
                if int(number) not in UNKNOWN_BITS
            ],
        )


def test_each_fault_is_found_by_the_check_that_is_meant(tmp_path, shared, simulator, number, capsys):
    check, _ = FAULTS[number]
    file = device(tmp_path, f"[plusargs]\nfault = {number}\n")
    if simulator == "verilator":
        place = shared / "small-disk"
        faulty_devices.build_once(place, lambda: device(place), tmp_path / "build" / "disk")
    status, (result,) = run(tmp_path, file, "--sim", simulator, "--check", check)
    assert status == 1 and result["verdict"] == "finding", result
    assert result["findings"] and all(finding["text"] for finding in result["findings"])
    alike = Counter(re.sub(r"0x[0-9a-f]+|\d+", "", finding["text"]) for finding in result["findings"])
    assert max(alike.values()) <= 3, "one cause, and many findings that differ in numbers only"
    printed = capsys.readouterr().out
    assert f"--check {check} --sim {simulator} --seed 1 --waves" in printed


def test_a_rebuild_makes_the_device_alone(tmp_path, shared):
    """Verilator's own part is kept, in a folder with a space, too, and the changed device is what runs. The main
    program is made anew: it makes the device, whose size depends on its ports."""
    place = shared / "small-disk"
    faulty_devices.build_once(place, lambda: device(place), tmp_path / "a b" / "disk")
    shutil.copytree(place / "built", tmp_path / "a b" / "disk" / "built-verilator", dirs_exist_ok=True)
    (tmp_path / "dut.v").write_text(DISK.read_text().replace("32'h7472_6976", "32'h7472_6977"))
    file = device(tmp_path, sources=["dut.v"])
    status = main([str(file), "--build", str(tmp_path / "a b"), "--sim", "verilator", "--check", "identity"])
    built = tmp_path / "a b" / "disk" / "built-verilator"
    made = re.findall(r"^c\+\+ .* -c -o (\S+)", (built / "build.log").read_text(), re.MULTILINE)
    assert status == 1 and sorted(made) == ["Vtop__ALL.o", "verilator.o"]
    assert len(list(built.glob("verilated*.o"))) == len(list((place / "built").glob("verilated*.o"))) > 1


@icarus
@pytest.mark.parametrize(
    "old, new, names",
    [
        # A queue of four has room for one request of three descriptors, and for none in five parts.
        ("NUM_MAX = 16'd16", "NUM_MAX = 16'd4", "memory-after-reset,kicks-when-wanted,kicks-while-busy,any-cut"),
        # The line follows InterruptStatus thirty cycles later.
        (
            "assign irq = (pending != 2'd0);",
            "reg [29:0] late = 30'd0; always @(posedge aclk) late <= {late[28:0], pending != 2'd0};"
            "assign irq = late[29];",
            "line-follows-used-buffer,line-is-status",
        ),
    ],
    ids=["small queue", "late line"],
)
def test_what_is_unusual_is_not_wrong(tmp_path, old, new, names):
    assert DISK.read_text().count(old) == 1
    (tmp_path / "dut.v").write_text(DISK.read_text().replace(old, new))
    status, results = run(tmp_path, device(tmp_path, sources=["dut.v"]), "--check", names)
    assert status == 0 and {result["verdict"] for result in results} == {"ok"}, results


def limited_disk(parts: int, length: int, offered: str) -> str:
    """small_disk that fails beyond *parts* parts of data, or with one of more than *length* bytes."""
    text = DISK.read_text()
    for old, new in (
        ("64'h0000_0001_3000_0200;", f"64'h0000_0001_3000_0200 | {offered};"),
        (
            "            default: read_value = (fault",
            f"            12'h108: read_value = 32'd{length};\n            12'h10c: read_value = 32'd{parts};\n"
            "            default: read_value = (fault",
        ),
        ("wire        too_long    = ", f"wire        too_long    = parts == 6'd{parts + 2} || "),
        ("if (!flags[1] && room != 32'd0) begin", f"if (length > 32'd{length} || !flags[1] && room != 32'd0) begin"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@icarus
@pytest.mark.parametrize(
    "parts, length, offered, name, verdict",
    [
        (2, 4096, "64'h4", "any-cut", "ok"),
        (2, 4096, "64'h4", "longest-chain", "ok"),
        (2, 4096, "64'h0", "any-cut", "finding"),
        (2, 4096, "64'h0", "longest-chain", "finding"),
        (12, 512, "64'h2", "long-data", "ok"),
        (12, 512, "64'h2", "any-cut", "ok"),
        (12, 512, "64'h0", "long-data", "finding"),
        (12, 200, "64'h2", "a-buffer-is-used", "ok"),
        (12, 200, "64'h0", "a-buffer-is-used", "finding"),
        (1, 512, "64'h6", "any-cut", "ok"),
        (1, 512, "64'h0", "any-cut", "finding"),
    ],
)
def test_limits_that_a_disk_tells_are_kept(tmp_path, parts, length, offered, name, verdict):
    """SEG_MAX and SIZE_MAX: the same disk is right when it offers its limit, and wrong when it does not."""
    (tmp_path / "dut.v").write_text(limited_disk(parts, length, offered))
    _, results = run(tmp_path, device(tmp_path, sources=["dut.v"]), "--check", name)
    assert [result["verdict"] for result in results] == [verdict], results


@icarus
def test_the_endpoint_with_rings_in_python(tmp_path):
    names = "a-buffer-is-used,packed,msi-mask,configuration-change,linux-handler"
    status, results = run(tmp_path, EXAMPLES / "endpoint" / "blk.toml", "--check", names)
    assert status == 0 and [result["verdict"] for result in results] == ["ok"] * 5, results


@icarus
@pytest.mark.parametrize("bus, wait", [(0, 1), (0, 5), (1, 4), (2, 3), (3, 0)])
def test_bridges(tmp_path, bus, wait):
    """The register bus rules hold behind every bridge, and every access arrives."""
    bridges = ["virtio_axil_to_strobe", "virtio_axil_to_wishbone", "virtio_axil_to_apb", "virtio_axil_to_axi4"]
    source = str(Path(__file__).parent / "fixtures" / "bridged.v")
    keys = {"sources": [source], "top": None, "class": "rng", "bridges": bridges}
    file = device(tmp_path, f"[parameters]\nBUS = {bus}\nWAIT = {wait}\n", **keys)
    names = (
        "identity,status-is-kept,register-bus-rules,register-bus-late-ready,register-bus-skew,register-bus-both-ways"
    )
    status, results = run(tmp_path, file, "--check", names)
    assert status == 0
    assert {result["check"]: result["verdict"] for result in results} == dict.fromkeys(names.split(","), "ok"), results


@icarus
def test_a_replay_repeats_and_leaves_waves(tmp_path, capsys):
    file = device(tmp_path, "[parameters]\nFAULT = 16\n")
    _, first = run(tmp_path, file, "--check", "ring-wraps", "--seed", "5")
    _, second = run(tmp_path, file, "--check", "ring-wraps", "--seed", "5", "--waves")
    assert first[0]["findings"] == second[0]["findings"]
    (dump,) = (tmp_path / "build").rglob("waves.fst")
    signals, changes = fst.content(dump)
    assert {"small_disk.s_axil_awvalid", "small_disk.m_axi_arvalid", "small_disk.irq"} <= signals and changes > 500
    assert "waves:" in capsys.readouterr().out


@icarus
def test_a_replay_leaves_a_log_that_can_be_drawn(tmp_path):
    """`make timeline LOG=`: accesses, chains, the line, and the finding."""
    file = device(tmp_path, "[parameters]\nFAULT = 16\n")
    _, results = run(tmp_path, file, "--check", "ring-wraps", "--waves")
    (log,) = (tmp_path / "build").rglob("run_log.jsonl")
    assert draw.draw_log(log, Console()) == 0
    data = build(read(log))
    text = results[0]["findings"][-1]["text"]
    assert data.failure["text"] == text and text in log.with_name(draw.PAGE).read_text()
    assert any(access["address"] == 0x50 and access["write"] for access in data.accesses)
    assert data.line and len(data.rings.chains) > 4 and any(chain["visible"] > 0 for chain in data.rings.chains)


@icarus
def test_deviations(tmp_path):
    expected = '[[deviation]]\ncheck = "identity"\nreason = "an old core"\n'
    status, (result,) = run(tmp_path, device(tmp_path, expected + "[parameters]\nFAULT = 1\n"), "--check", "identity")
    assert (status, result["verdict"], result["reason"]) == (0, "expected", "an old core")
    status, (result,) = run(tmp_path, device(tmp_path, expected), "--check", "identity")
    assert (status, result["verdict"]) == (1, "finding")
    assert "does not appear any more" in result["findings"][0]["text"]


BROKEN = """module conformance_dut(
    input aclk, input aresetn, output irq,
    input [11:0] s_axil_awaddr, input s_axil_awvalid, output s_axil_awready,
    input [31:0] s_axil_wdata, input [3:0] s_axil_wstrb, input s_axil_wvalid, output s_axil_wready,
    output [1:0] s_axil_bresp, output s_axil_bvalid, input s_axil_bready,
    input [11:0] s_axil_araddr, input s_axil_arvalid, output s_axil_arready,
    output [31:0] s_axil_rdata, output [1:0] s_axil_rresp, output s_axil_rvalid, input s_axil_rready);
%s
endmodule
"""


@icarus
@pytest.mark.parametrize(
    "body, text",
    [
        ("", "unknown bits"),
        ("assign s_axil_arready = 1'b0; assign s_axil_rvalid = 1'b0;", "s_axil_arready did not come in 300 cycles"),
        ("reg x = 0; always @(posedge aclk) while (s_axil_arvalid) x = !x;", "the simulation hung"),
        ("always @(posedge aclk) if (s_axil_arvalid) $finish;", "the simulation ended by itself"),
    ],
)
def test_a_broken_device_is_a_finding(tmp_path, monkeypatch, body, text):
    monkeypatch.setattr(suite, "TIMEOUT", 4)
    (tmp_path / "dut.v").write_text(BROKEN % body)
    file = device(tmp_path, sources=["dut.v"], top=None, patience=300)
    status, (result,) = run(tmp_path, file, "--check", "identity")
    assert status == 1 and result["verdict"] == "finding"
    assert any(text in finding["text"] for finding in result["findings"]), result["findings"]


@icarus
def test_a_device_that_always_hangs_is_given_up(tmp_path, monkeypatch):
    """Else each of all the checks would take its two minutes."""
    monkeypatch.setattr(suite, "TIMEOUT", 2)
    (tmp_path / "dut.v").write_text(BROKEN % "reg x = 0; always @(posedge aclk) while (s_axil_arvalid) x = !x;")
    names = "identity,power-up,identity-is-constant,version-1-is-offered,queues-exist"
    status, results = run(tmp_path, device(tmp_path, sources=["dut.v"], top=None), "--check", names, "--jobs", "1")
    assert status == 1 and [result["verdict"] for result in results] == ["finding"] * 3 + ["blocked"] * 2, results


@icarus
def test_a_device_that_serves_nothing_blocks(tmp_path):
    (tmp_path / "dut.v").write_text(DISK.read_text().replace("kick <= 1'b1;", "kick <= 1'b0;"))
    status, results = run(
        tmp_path,
        device(tmp_path, sources=["dut.v"], patience=1000),
        "--check",
        "a-buffer-is-used,any-cut,order-of-fetching",
    )
    assert status == 1 and [result["verdict"] for result in results] == ["finding", "blocked", "blocked"]


@icarus
def test_a_first_buffer_that_breaks_a_rule_blocks_with_that_rule(tmp_path):
    """Not with "no buffer was used": one was."""
    old = "{16'd0, head}, 8'h0F, ELEMENT_2"
    assert DISK.read_text().count(old) == 1
    (tmp_path / "dut.v").write_text(DISK.read_text().replace(old, old.replace("head", "head + 16'd1")))
    status, results = run(
        tmp_path, device(tmp_path, sources=["dut.v"], patience=6000), "--check", "a-buffer-is-used,any-cut"
    )
    assert status == 1 and [result["verdict"] for result in results] == ["finding", "blocked"]
    assert results[1]["reason"].startswith("SPLIT-"), results[1]


@pytest.mark.parametrize(
    "change, text",
    [
        ({"clas": "blk"}, "unknown key 'clas'; did you mean 'class'?"),
        ({"class": "disk"}, "unknown class 'disk'"),
        ({"class": None}, "class is missing"),
        ({"patience": "long"}, "patience = 'long' is not a number of cycles"),
        ({"patience": 5}, "patience = 5 is not in 100..100000000"),
        ({"sources": ["nothing*.v"]}, "sources: no file matches 'nothing*.v'"),
        ({"sources": "dut.v"}, "sources = 'dut.v' is not a list"),
        ({"includes": ["nowhere"]}, "includes: 'nowhere' is not a folder"),
        ({"simulators": ["vcs"]}, "unknown simulator 'vcs'"),
        ({"interrupt": "egde"}, "unknown interrupt 'egde'; did you mean 'edge'?"),
        ({"rings": "verilog"}, "unknown rings 'verilog'"),
        ({"bridges": ["ahb"]}, "unknown bridge 'ahb'"),
        ({"memory_base": 5}, "multiples of 4096"),
    ],
)
def test_a_bad_description_is_one_line(tmp_path, capsys, change, text):
    assert main([str(device(tmp_path, **change))]) == 2
    line = capsys.readouterr().err.strip()
    assert text in line and "\n" not in line and str(tmp_path) in line


def test_other_bad_calls(tmp_path, capsys):
    assert main([str(tmp_path / "none.toml")]) == 2
    (tmp_path / "bad.toml").write_text("name = \n")
    assert main([str(tmp_path / "bad.toml")]) == 2
    assert main([str(device(tmp_path)), "--check", "identiti"]) == 2
    assert main([str(device(tmp_path)), "--check", ","]) == 2
    assert main([str(device(tmp_path)), "--seed", "x"]) == 2
    assert main([str(device(tmp_path, '[[deviation]]\ncheck = 5\nreason = "none"\n'))]) == 2
    assert main([str(device(tmp_path, '[[deviation]]\ncheck = "nothing"\nreason = "none"\n'))]) == 2
    assert main([str(device(tmp_path)), "--sim", "vcs"]) == 2
    assert main([str(device(tmp_path, "[plusargs]\nconformance_job = 1\n"))]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 9 and "did you mean 'identity'?" in lines[2]


@icarus
def test_a_parameter_that_is_none_is_one_line(tmp_path, capsys):
    """Icarus only warns, and builds the device without it."""
    file = device(tmp_path, "[parameters]\nFALUT = 1\n")
    assert main([str(file), "--build", str(tmp_path / "build"), "--check", "identity"]) == 2
    assert "parameter FALUT not found" in capsys.readouterr().err


def test_results_stay_in_their_folder(tmp_path):
    """Whatever the device is called."""
    with pytest.raises(SystemExit):
        main([str(device(tmp_path)), "--jobs", "-3"])
    for name in ("..", "../../above", "a b/c"):
        main([str(device(tmp_path, name=name)), "--build", str(tmp_path / "build"), "--check", "entropy"])
    assert {path.name for path in tmp_path.iterdir()} == {"device.toml", "build"}
    assert {path.name for path in (tmp_path / "build").iterdir()} == {"_", "__.._above", "a_b_c"}


@icarus
def test_what_cannot_be_built_is_one_line(tmp_path, capsys):
    (tmp_path / "dut.v").write_text("module conformance_dut(input aclk; endmodule")
    assert main([str(device(tmp_path, sources=["dut.v"], top=None)), "--build", str(tmp_path / "build")]) == 2
    line = capsys.readouterr().err.strip()
    assert "icarus cannot build conformance_dut" in line and "\n" not in line


@icarus
@pytest.mark.parametrize(
    "old, new, text",
    [
        ("output [1:0] s_axil_bresp, ", "", "the design has no s_axil_bresp"),
        ("input aclk", "input clk", "the design has no aclk"),
        ("input [31:0] s_axil_wdata", "input [63:0] s_axil_wdata", "s_axil_wdata has 64 bits, not 32"),
        ("output irq", "output irq, output m_axil_awvalid", "m_axil_bvalid"),
        ("output irq", "output irq, output m_axi_awvalid", "m_axi: the design has no"),
    ],
)
def test_a_port_that_is_missing_is_one_line(tmp_path, capsys, old, new, text):
    """It is the wrapper that is wrong: not a finding of each check."""
    source = BROKEN % ""
    assert source.count(old) == 1
    (tmp_path / "dut.v").write_text(source.replace(old, new))
    file = device(tmp_path, sources=["dut.v"], top=None)
    assert main([str(file), "--build", str(tmp_path / "build"), "--check", "identity,power-up"]) == 2
    line = capsys.readouterr().err.strip()
    assert text in line and "conformance_dut" in line and "\n" not in line


@icarus
def test_the_empty_wrapper_has_all_ports(tmp_path, capsys):
    """It builds, and what it lacks is a device: the register bus, memory and messages are looked at."""
    assert main(["--wrapper"]) == 0
    (tmp_path / "dut.v").write_text(capsys.readouterr().out)
    names = "register-bus-rules,memory-bus-rules,message-bus-rules"
    file = device(tmp_path, sources=["dut.v"], top=None, patience=300)
    status, results = run(tmp_path, file, "--sim", "icarus", "--check", names)
    assert (status, [result["verdict"] for result in results]) == (1, ["finding"] * 3), results


@pytest.mark.parametrize("there", [["icarus", "verilator"], ["icarus"], ["verilator"], []])
def test_the_simulator_that_is_there_is_taken(tmp_path, monkeypatch, there):
    """The first of the description that is installed; without any, the first one, whose absence is told."""
    taken = []
    monkeypatch.setattr(suite, "run", lambda device, checks, simulators, *rest: taken.extend(simulators) or [])
    programs = {"icarus": "iverilog", "verilator": "verilator"}
    found = [programs[name] for name in there]
    monkeypatch.setattr(builder.shutil, "which", lambda program, **_: program if program in found else None)
    assert main([str(device(tmp_path)), "--build", str(tmp_path / "build")]) == 0
    assert taken == (there or ["icarus"])[:1]


def test_a_simulator_that_is_missing(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(settings.SettingsError, match="iverilog is not on PATH"):
        builder.tools("icarus")


CONTROLS = [
    str(file.relative_to(EXAMPLES))
    for folder in ("devices", "endpoint", "slow", "reordering")
    for file in sorted((EXAMPLES / folder).glob("*.toml"))
    if file.name != "faults.toml"
]


@icarus
@pytest.mark.parametrize(
    "name, names",
    [
        ("devices/blk_axi", "everything-offered,order-of-notifying,reset-in-flight,only-what-was-announced"),
        ("devices/console_128", "everything-offered,order-of-notifying,reset-in-flight,only-what-was-announced"),
        ("slow/slow_rng", "no-spurious-line,msi-after-used-index"),
        ("reordering/reordering_rng", "one-kick-for-many,slow-memory"),
    ],
)
def test_good_devices(tmp_path, name, names):
    """A few checks of four of them."""
    status, results = run(tmp_path, EXAMPLES / f"{name}.toml", "--check", names)
    assert status == 0 and {result["verdict"] for result in results} == {"ok"}, results


@pytest.mark.thorough
@pytest.mark.parametrize("simulator", settings.SIMULATORS)
@pytest.mark.parametrize("name", CONTROLS)
def test_good_devices_have_no_finding(tmp_path, name, simulator):
    """The whole suite on each; nothing is blocked either."""
    status, results = run(tmp_path, EXAMPLES / name, "--sim", simulator)
    assert status == 0 and {result["verdict"] for result in results} == {"ok", "not checkable"}, results


@icarus
def test_a_fork_and_a_simulation_of_its_own_see_the_same(tmp_path):
    """The same findings in the same cycles, whether a check is a fork, the second fork, or has waves."""
    file = device(tmp_path, "[parameters]\nFAULT = 16\n")
    _, both = run(tmp_path, file, "--check", "identity,ring-wraps", "--jobs", "1")
    _, alone = run(tmp_path, file, "--check", "ring-wraps")
    _, waves = run(tmp_path, file, "--check", "ring-wraps", "--waves")
    seen = [(result["findings"], result["cycles"]) for result in (both[1], alone[0], waves[0])]
    assert seen[0][0] and seen[0] == seen[1] == seen[2]


@icarus
def test_a_simulation_that_ends_before_it_waits(tmp_path):
    """Each check says so, and none waits for it."""
    (tmp_path / "dut.v").write_text(BROKEN % "initial $finish;")
    file = device(tmp_path, sources=["dut.v"], top=None, patience=300)
    status, results = run(tmp_path, file, "--check", "identity,status-is-kept", "--jobs", "1")
    assert status == 1
    for result in results:
        assert "the simulation ended by itself" in result["findings"][0]["text"], result
