# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The FuseSoC core files: FuseSoC itself finds, checks and builds the endpoint, alone and inside another design."""

import re
import subprocess
import sys

import pytest

from sim.flow import tools
from sim.flow.design import endpoint_sources
from sim.flow.paths import ROOT

INTEGRATOR = """CAPI=2:
name: ::integrator:1
filesets:
  rtl: {file_type: verilogSource-2005, files: [integrator.v], depend: ["virtio-mmio-msi:virtio:virtio_mmio_endpoint"]}
targets:
  elaborate:
    filesets: [rtl]
    toplevel: integrator
    flow: sim
    flow_options: {tool: icarus, iverilog_options: [-g2005]}
"""
DESIGN = """module integrator (input wire aclk, input wire aresetn, input wire [19:0] s_axil_awaddr, output wire
s_axil_awready);
    virtio_mmio_endpoint #(.NUM_QUEUES({queues}), .MSI_SHARING(1), .ADDR_WIDTH(20)) endpoint (
        .aclk(aclk), .aresetn(aresetn), .s_axil_awaddr(s_axil_awaddr), .s_axil_awready(s_axil_awready));
endmodule
"""


@pytest.fixture
def fusesoc(tmp_path):
    """Function that runs FuseSoC on the project's cores and those in tmp_path, with nothing of the user's set-up."""

    def run(*arguments):
        homes = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"), str(tmp_path / "home"))
        command = [
            sys.executable,
            "-m",
            "fusesoc.main",
            "--cores-root",
            ROOT,
            "--cores-root",
            tmp_path,
            "run",
            "--build-root",
            tmp_path / "work",
            "--build",
            *arguments,
        ]
        return subprocess.run(command, cwd=tmp_path, env=tools.environment() | homes, capture_output=True, text=True)

    return run


CORES = {  # core file -> folders whose files it lists
    "virtio_common": ("common",),
    "virtio_mmio_endpoint": ("endpoint",),
    "virtio_virtqueue_engine": ("virtqueue",),
    "virtio_mmio_devices": ("devices", "functions"),
}


@pytest.mark.parametrize("core", CORES)
def test_core_lists_the_sources(core):
    """Every file of its folders and no other, and the endpoint's include file as such."""
    text = (ROOT / f"{core}.core").read_text()
    listed = re.findall(r"- (rtl/\S+?):? ?(\{is_include_file: true\})?\n", text)
    files = [str(file.relative_to(ROOT)) for folder in CORES[core] for file in (ROOT / "rtl" / folder).glob("*.v*")]
    assert sorted(name for name, _ in listed) == sorted(files)
    assert {name for name, include in listed if include} == {name for name in files if name.endswith(".vh")}


def test_file_list():
    """The list names every file of the endpoint's two folders, and each of them is there."""
    files = endpoint_sources(ROOT / "rtl")
    assert sorted(files) == sorted(
        file for part in ("common", "endpoint") for file in (ROOT / "rtl" / part).glob("*.v")
    )


def test_file_list_as_simulators_read_it(tmp_path):
    """Icarus started in rtl/, and Verilator from anywhere, build what the list names."""
    folder = ROOT / "rtl"
    top = "virtio_mmio_endpoint"
    icarus = ["iverilog", "-g2005", "-Wall", "-s", top, "-tnull", "-f", f"{top}.f"]
    verilator = ["verilator", "--lint-only", "--language", "1364-2005", "--top-module", top, "-F", folder / f"{top}.f"]
    for tool, command, place in (("icarus", icarus, folder), ("verilator", verilator, tmp_path)):
        if not tools.missing(tool):
            process = subprocess.run(command, cwd=place, env=tools.environment(), capture_output=True, text=True)
            text = process.stdout + process.stderr
            assert process.returncode == 0 and "arning" not in text, f"{tool}: {text}"


@pytest.mark.parametrize("device", ["rng", "blk", "blk_axi", "console", "net"])
def test_a_device_names_its_own_parameter(device):
    """The address width of the memory bus has another name in the engine; the message has the device's."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    top = f"virtio_mmio_{device}"
    for width, good in ((32, True), (31, False), (65, False)):
        command = ["iverilog", "-g2005", "-s", top, f"-P{top}.MEM_ADDR_WIDTH={width}", "-tnull", "-f", f"{top}.f"]
        process = subprocess.run(command, cwd=ROOT / "rtl", env=tools.environment(), capture_output=True, text=True)
        text = process.stdout + process.stderr
        assert (process.returncode == 0) == good, text
        assert (f"MEM_ADDR_WIDTH_must_be_32_to_64' in `{top}." in text) != good, text


@pytest.mark.parametrize("device", ["blk", "blk_axi", "console", "net", "rng"])
@pytest.mark.parametrize("simulator", tools.SIMULATORS)
@pytest.mark.parametrize("name, disk, any_device", [("MAX_CHAIN", (3, 2, 1), (1,)), ("QUEUE_NUM_MAX", (4, 2, 1), (1,))])
def test_a_disk_needs_room_for_a_request(device, simulator, name, disk, any_device):
    """Header, data and status are three descriptors; a buffer of the other devices may be one."""
    if tools.missing(simulator):
        pytest.skip(tools.missing(simulator))
    top = f"virtio_mmio_{device}"
    begins = {"icarus": ["iverilog", "-g2005", "-s", top, "-tnull"], "verilator": ["verilator", "--lint-only"]}
    for value in disk if "blk" in device else any_device:
        good = "blk" not in device or value == disk[0]
        command = [*begins[simulator], f"-P{top}.{name}={value}", "-f", f"{top}.f"]
        if simulator == "verilator":
            command[2:3] = ["--language", "1364-2005", "--top-module", top, f"-G{name}={value}"]
        process = subprocess.run(command, cwd=ROOT / "rtl", env=tools.environment(), capture_output=True, text=True)
        text = process.stdout + process.stderr
        assert (process.returncode == 0) == good, text
        assert (f"{name}_must_be_{disk[0]}_or_more" in text) != good, text


@pytest.mark.parametrize(
    "core, target",
    [
        ("virtio:virtio_mmio_endpoint", "lint"),
        ("virtio:virtio_mmio_endpoint", "elaborate"),
        ("examples:my_device", "lint"),
        ("examples:my_device", "elaborate"),
        ("virtio:virtio_virtqueue_engine", "lint"),
        ("virtio:virtio_mmio_devices", "lint_net"),
        ("examples:my_disk", "elaborate"),
    ],
)
def test_target(core, target, fusesoc):
    """Endpoint, engine, devices, and the examples that depend on them, pass their targets."""
    if target == "elaborate" and tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    process = fusesoc("--target", target, f"virtio-mmio-msi:{core}")
    assert process.returncode == 0, process.stdout + process.stderr
    assert "arning" not in process.stdout + process.stderr


@pytest.mark.parametrize("queues, status", [("1024", 0), ("1025", 1)])
def test_parameters_reach_the_design(queues, status, fusesoc):
    """The largest number of queues passes, one more is refused by the design's own check."""
    process = fusesoc(
        "--target", "lint", "virtio-mmio-msi:virtio:virtio_mmio_endpoint", "--NUM_QUEUES", queues, "--MSI_SHARING", "1"
    )
    assert process.returncode == status, process.stdout + process.stderr
    assert ("NUM_QUEUES_must_be_1_to_1024" in process.stdout + process.stderr) == bool(status)


@pytest.mark.parametrize("queues, good", [(5, True), (1025, False)])
def test_another_core_depends_on_it(queues, good, fusesoc, tmp_path):
    """An integrator's core gets the sources, and instantiates the endpoint with parameters of its own."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    (tmp_path / "integrator.core").write_text(INTEGRATOR)
    (tmp_path / "integrator.v").write_text(DESIGN.format(queues=queues))
    process = fusesoc("--target", "elaborate", "integrator")
    assert (process.returncode == 0) == good, process.stdout + process.stderr
    assert list(tmp_path.glob("work/**/src/*virtio_mmio_endpoint*/rtl/endpoint/virtio_mmio_regs.vh"))
    assert ("NUM_QUEUES_must_be_1_to_1024" in process.stdout + process.stderr) != good


def test_the_document_s_lines_run_as_they_are_written(tmp_path):
    """In a shell without FuseSoC and Verilator on its PATH, from the project's folder."""
    text = (ROOT / "docs" / "integration.md").read_text()
    lines = re.search(r"((?:    export .*\n)+    fusesoc .*\n)", text)[1]
    command = lines.replace("fusesoc ", f"fusesoc --config {tmp_path / 'fusesoc.conf'} ").replace(
        " run --target", f" run --build-root {tmp_path} --target"
    )
    (tmp_path / "fusesoc.conf").touch()
    process = subprocess.run(
        ["bash", "-e", "-c", command],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stdout + process.stderr
