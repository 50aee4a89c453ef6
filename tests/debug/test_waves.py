# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The viewers' set-ups beside a dump.

Surfer's rules are those of its source, libsurfer 0.6 development of February 2026: command_parser.rs, fzcmd.rs and
translation/mapping_translators.rs.
"""

import re

import pytest
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.registers import Register

from sim.flow.configs import configurations
from sim.flow.design import ENGINE, TOP
from sim.flow.paths import ROOT
from sim.flow.waves import arrange, failure_time, surfer_commands, viewer_lines

COMMANDS = {"divider_add", "variable_add", "item_set_format", "item_focus", "item_unfocus", "zoom_fit"}
AT_FAILURE = {"cursor_set", "goto_cursor"}
FORMATS = {"Unsigned", "Hexadecimal"}  # Surfer's own


@pytest.fixture(params=["sharing", "doorbells", "nonsharing_1024q"])
def arranged(request, tmp_path):
    """A directory with the set-ups for a configuration, and the configuration."""
    config = configurations().by_name[request.param]
    arrange(tmp_path, config, {TOP: TOP})
    return tmp_path, config


def ports() -> set[str]:
    """The endpoint's ports, and the one signal inside that is shown: the command that is written, 0 for none."""
    endpoint = ROOT / "rtl" / "endpoint"
    text = (endpoint / "virtio_mmio_endpoint.v").read_text()
    assert ") commands (" in text and " code " in (endpoint / "virtio_msi_commands.v").read_text()
    found = re.findall(r"^\s*(?:input|output)\s+(?:wire|reg)?\s*(?:\[[^\]]*\])?\s*(\w+)", text, re.MULTILINE)
    return {*found, "commands.code"}


def test_surfer_commands_are_ones_that_surfer_takes(arranged):
    """Known names; dividers of one word, for Surfer refuses a second one; ports that exist; formats that exist."""
    directory, _ = arranged
    tables = {file.name for file in (directory / ".surfer" / "mappings").iterdir()}
    lines = [line for line in (directory / "endpoint.sucl").read_text().splitlines() if not line.startswith("#")]
    assert len(lines) > 60
    for line in lines:
        name, _, rest = line.partition(" ")
        assert name in COMMANDS, line
        if name == "divider_add":
            assert re.fullmatch(r"\w+", rest), line
        elif name == "variable_add":
            assert rest.removeprefix("virtio_mmio_endpoint.") in ports(), line
        elif name == "item_set_format":
            assert rest in tables | FORMATS, line


def test_a_format_goes_to_the_item_before_it():
    """Which has to have the focus; items are counted with letters for hexadecimal digits."""
    text = "divider_add d\n" * 17 + "variable_add top.a\nitem_set_format status\nvariable_add top.b\n"
    lines = surfer_commands(text).splitlines()
    assert lines[17:] == [
        "variable_add top.a",
        "item_focus bb_",
        "item_set_format status",
        "item_unfocus",
        "variable_add top.b",
    ]


def test_surfer_tables(arranged):
    """A name, a width that every number fits into, and unquoted names; as many as there are queues and vectors."""
    directory, config = arranged
    wanted = {
        "registers": config.addr_width,
        "msi_commands": 32,
        "status": 8,
        "events": 16,
        "queues": 16,
        "vectors": 16,
    }
    for name, bits in wanted.items():
        first, second, *rows = (directory / ".surfer" / "mappings" / name).read_text().splitlines()
        assert (first, second) == (f"Name = {name}", f"Bits = {bits}")
        numbers = [int(re.fullmatch(r"(0x[0-9a-f]+) [^\"]+", row)[1], 16) for row in rows]
        assert len(set(numbers)) == len(numbers)
        assert max(numbers) < 1 << bits
    rows = (directory / ".surfer" / "mappings" / "events").read_text().splitlines()
    assert rows[2:4] == ["0x0 configuration change", "0x1 queue 0"]
    assert len(rows) == 2 + 1 + config.num_queues
    assert f"0x{Register.STATUS:x} Status" in (directory / ".surfer" / "mappings" / "registers").read_text()


def test_gtkwave_set_up(arranged):
    """Names ports that exist, with the width of this configuration, and tables that are there."""
    directory, config = arranged
    text = (directory / "endpoint.gtkw").read_text()
    assert f"s_axil_awaddr[{config.addr_width - 1}:0]" in text
    for port in re.findall(r"virtio_mmio_endpoint\.([\w.]+)", text):
        assert port in ports()
    assert "wdata as MsiCmd" not in text  # data of a write are named by its address
    tables = re.findall(r"^\^1 (\S+)$", text, re.MULTILINE)
    assert len(tables) >= 7
    for table in tables:
        assert (directory / table).is_file()
    digits = (config.addr_width + 3) // 4
    assert f"\n{Register.STATUS:0{digits}x} Status\n" in (directory / "registers.gtkw-filter").read_text()
    assert "\n0001 queue 0\n" in (directory / "events.gtkw-filter").read_text()


def test_endpoint_in_the_harness(tmp_path):
    """On the fast path the endpoint is not the top: every name has its path."""
    arrange(tmp_path, configurations().by_name["sharing"], configurations().design("sharing", ROOT / "rtl", True).parts)
    for file in ("endpoint.gtkw", "endpoint.sucl"):
        text = (tmp_path / file).read_text()
        assert "endpoint_harness.endpoint.aclk" in text and "virtio_mmio_endpoint" not in text


def test_a_failed_run_opens_at_its_failure(tmp_path):
    """Both viewers mark the time at which the first test that failed ended, and GTKWave begins just before it."""
    results = tmp_path / "results.xml"
    stop = '<property name="sim_time_unit" value="ns"/><property name="sim_time_stop" value="{}"/>'
    good = f"<testcase name='a'><properties>{stop.format(17000.0)}</properties></testcase>"
    bad = f"<testcase name='b'><properties>{stop.format(31045.5)}</properties><failure/></testcase>"
    results.write_text(f"<testsuites><testsuite>{good}{bad}</testsuite></testsuites>")
    assert failure_time(results) == 31045.5
    arrange(tmp_path, configurations().by_name["sharing"], {TOP: TOP}, failure=failure_time(results))
    setup = (tmp_path / "endpoint.gtkw").read_text().splitlines()
    assert "[timestart] 22045500" in setup and "*-13 31045500" in setup
    lines = (tmp_path / "endpoint.sucl").read_text().splitlines()
    assert lines[-2:] == ["cursor_set 31045500", "goto_cursor"]
    assert {line.partition(" ")[0] for line in lines if not line.startswith("#")} <= COMMANDS | AT_FAILURE


def test_a_run_that_passed_or_was_killed_opens_at_its_beginning(tmp_path):
    """There is no failure to mark, or no file that says when it was."""
    (tmp_path / "results.xml").write_text("<testsuites><testsuite><testcase name='a'/></testsuite></testsuites>")
    assert failure_time(tmp_path / "results.xml") is None
    assert failure_time(tmp_path / "none.xml") is None
    arrange(tmp_path, configurations().by_name["sharing"], {TOP: TOP})
    assert "[timestart] 0" in (tmp_path / "endpoint.gtkw").read_text()


def engine_widths() -> dict[str, str]:
    """Signals of the engine -> their range as it is written there; with "publish." those of that module's ports."""
    folder = ROOT / "rtl" / "virtqueue"
    found = {}
    for file, prefix in (("virtio_virtqueue_engine.v", ""), ("virtio_vq_publish.v", "publish.")):
        text = (folder / file).read_text()
        pattern = r"^\s*(?:(?:input|output)\s+)?(?:wire|reg)\s*(\[[^\]]*\])?\s*(\w+)"
        found |= {prefix + name: width for width, name in re.findall(pattern, text, re.MULTILINE)}
    assert ") publish (" in (folder / "virtio_virtqueue_engine.v").read_text()
    return found


@pytest.mark.parametrize("configuration", ["engine", "engine_wide", "rtl_disk", "rtl_rng_wide", "rtl_net"])
def test_rings_of_engine_and_devices(configuration, tmp_path):
    """Signals that the engine has, by their paths, with the widths of the configuration; the endpoint's, if it is
    there."""
    design = configurations().designs[configuration]
    parts, values = design.parts, dict(design.values)
    address, data = values.get("ADDR_WIDTH", 64), values.get("DATA_WIDTH", 64)
    arrange(tmp_path, EndpointConfig.of_parameters(values), parts, widths=(address, data))
    (setup,), (commands,) = tmp_path.glob("*.gtkw"), tmp_path.glob("*.sucl")
    known = engine_widths()
    named = re.findall(rf"{re.escape(parts[ENGINE])}\.([\w.]+)(?:\[(\d+):0\])?$", setup.read_text(), re.MULTILINE)
    assert {"notify_valid", "head", "req_slot", "cmd_length", "done_written", "publish.index_data"} <= {
        name for name, _ in named
    }
    symbols = {"ADDR_WIDTH-1": address - 1, "DATA_WIDTH-1": data - 1, "DATA_WIDTH/8-1": data // 8 - 1}
    for name, high in named:
        width = known[name].strip("[]").removesuffix(":0")
        assert (high or "") == (str(symbols.get(width, width)) if width else ""), name
    lines = [line.split() for line in commands.read_text().splitlines() if line.startswith("variable_add ")]
    of_engine = [path.removeprefix(f"{parts[ENGINE]}.") for _, path in lines if path.startswith(f"{parts[ENGINE]}.")]
    assert of_engine == [name for name, _ in named]
    endpoint = [path.removeprefix(f"{parts[TOP]}.") for _, path in lines if TOP in parts and ".endpoint." in path]
    assert set(endpoint) <= ports() and bool(endpoint) == (TOP in parts)
    assert len(lines) == len(of_engine) + len(endpoint)
    assert setup.read_text().count("[timestart]") == 1 and setup.read_text().count("\n*-") == 1
    assert viewer_lines(tmp_path / "waves.fst")[0].endswith(f"gtkwave waves.fst {setup.name})")


def test_the_paths_of_a_device_are_those_of_its_instances():
    """Every device has the same two parts below the same instance."""
    devices = ROOT / "rtl" / "devices"
    shared = (devices / "virtio_mmio_device.v").read_text()
    assert ") endpoint (" in shared and ") engine (" in shared
    for design in configurations().designs.values():
        if design.top == ENGINE:
            assert design.parts == {ENGINE: ENGINE}
            continue
        assert ") device (" in (devices / f"{design.top}.v").read_text()
        assert design.parts == {TOP: f"{design.top}.device.endpoint", ENGINE: f"{design.top}.device.engine"}
