# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Waves: dumps that open with the ports arranged and with registers, commands, queues and vectors shown by name."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from cocotbext.virtio.config import EVENT_CONFIG, EndpointConfig, used_event

from sim.flow.design import ENGINE, TOP
from sim.flow.paths import ROOT, WAVES
from sim.flow.text import printable_xml

_SETUPS = {TOP: "endpoint", ENGINE: "engine"}  # module -> names of the files in sim/waves, without ending
_BOTH = "device"  # the set-up of a design with both
_FST_HEADER, _FST_HIERARCHIES, _FST_WRAPPED = 0, {4, 6, 7}, 254  # kinds of blocks
_UNITS = 1000  # units of a dump's time in a ns: sim/flow/design.py
_BEFORE = 9_000_000  # units of time shown before a failure: 900 cycles
_ZOOM = "13"  # GTKWave: 2^13 units a pixel
_DEFAULT_ADDRESS = "addr[11:0]"  # as the GTKWave set-up has it, for both address channels of the register bus


def arrange(
    directory: Path,
    config: EndpointConfig,
    parts: Mapping[str, str],
    failure: float | None = None,
    widths: tuple[int, int] = (64, 64),
) -> None:
    """Put the viewers' set-ups and the tables of names into the directory of a dump, which they are opened in.

    Args:
        directory: of the dump; config: of the endpoint, or what is known of it.
        parts: TOP, ENGINE or both -> where they are in the dump.
        failure: where the dump is opened and marked, in ns from its beginning; None for its beginning.
        widths: bits of the engine's addresses and data.
    """
    setup = _joined(".gtkw", parts, r"^(\[.*|\*.*)\n")
    commands = _joined(".sucl", parts, r"^#.*\n")
    if failure is not None:
        marker = round(failure * _UNITS)
        setup = re.sub(r"^\[timestart\] .*$", f"[timestart] {max(0, marker - _BEFORE)}", setup, flags=re.MULTILINE)
        setup = re.sub(r"^\*-.*$", f"*-{_ZOOM} {marker}", setup, flags=re.MULTILINE)
        commands += f"cursor_set {marker}\ngoto_cursor\n"
    for channel in ("aw", "ar"):
        setup = setup.replace(f"s_axil_{channel}{_DEFAULT_ADDRESS}", f"s_axil_{channel}addr[{config.addr_width - 1}:0]")
    for signals, bits in (
        ("m_axi_a[rw]addr|part_address", widths[0]),
        ("m_axi_[rw]data", widths[1]),
        ("m_axi_wstrb", widths[1] // 8),
    ):
        setup = re.sub(rf"\b({signals})\[\d+:0\]", rf"\1[{bits - 1}:0]", setup)
    name = _BOTH if len(parts) > 1 else _SETUPS[next(iter(parts))]
    (directory / f"{name}.gtkw").write_text(setup)
    (directory / f"{name}.sucl").write_text(surfer_commands(commands))
    mappings = directory / ".surfer" / "mappings"
    mappings.mkdir(parents=True)
    for name, (bits, table) in _tables(config).items():
        digits = (bits + 3) // 4  # GTKWave looks for the number as it prints it
        (directory / f"{name}.gtkw-filter").write_text(
            "".join(f"${value:0{digits}x} {text}\n{value:0{digits}x} {text}\n" for value, text in table.items())
        )
        lines = [f"Name = {name}", f"Bits = {bits}", *(f"0x{value:x} {text}" for value, text in table.items())]
        (mappings / name).write_text("\n".join(lines) + "\n")


def _joined(ending: str, parts: Mapping[str, str], head: str) -> str:
    """The set-ups of all parts, one after the other, with their paths; what matches *head* of the first one only."""
    texts: list[str] = []
    for module, path in parts.items():
        text = (WAVES / (_SETUPS[module] + ending)).read_text().replace(f"{module}.", f"{path}.")
        texts.append(re.sub(head, "", text, flags=re.MULTILINE) if texts else text)
    return "".join(texts)


def failure_time(results: Path) -> float | None:
    """When the first test of a results file that failed ended, in ns; None where the file does not say."""
    try:
        text = printable_xml(results.read_text(encoding="utf-8", errors="replace"))
        cases = ElementTree.fromstring(text.encode()).iter("testcase")
    except (OSError, ElementTree.ParseError):
        return None
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            found = {each.get("name"): each.get("value") for each in case.iter("property")}
            stopped = found.get("sim_time_stop")
            return float(stopped) if stopped and found.get("sim_time_unit") == "ns" else None
    return None


def _tables(config: EndpointConfig) -> dict[str, tuple[int, dict[int, str]]]:
    """Tables of names: bits of the number, number -> name."""
    queues = range(config.num_queues)
    return {
        "registers": (config.addr_width, _read(WAVES / "registers.gtkw-filter")),
        "msi_commands": (32, _read(WAVES / "msi_commands.gtkw-filter")),
        "status": (8, _read(WAVES / "status.gtkw-filter")),
        "events": (
            16,
            {EVENT_CONFIG: "configuration change"} | {used_event(queue): f"queue {queue}" for queue in queues},
        ),
        "queues": (16, {queue: f"queue {queue}" for queue in queues}),
        "vectors": (16, {vector: f"vector {vector}" for vector in range(config.num_vectors)}),
    }


def _read(table: Path) -> dict[int, str]:
    """Value -> name, from a GTKWave filter file."""
    rows = (line.split(" ", 1) for line in table.read_text().splitlines() if not line.startswith("#"))
    return {int(value.removeprefix("$"), 16): text for value, text in rows}


def surfer_commands(text: str) -> str:
    """A command file in which every item_set_format is about the item before it.

    Surfer formats what has the focus, and an item that is added does not get it. It names items by a letter for each
    hexadecimal digit of their number, a for 0.
    """
    lines, items = [], 0
    for line in text.splitlines():
        if line.startswith(("variable_add ", "divider_add ")):
            items += 1
        if line.startswith("item_set_format "):
            letters = "".join("abcdefghijklmnop"[int(digit, 16)] for digit in f"{items - 1:x}")
            lines += [f"item_focus {letters}_", line, "item_unfocus"]
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def problem(dump: Path) -> str | None:
    """Why no viewer opens a dump, in words; None if one does.

    An FST file is a row of blocks, each with its kind (one byte) and its length (eight bytes, themselves included). The
    simulator writes the block with the hierarchy when it closes the file.
    """
    try:
        size = dump.stat().st_size
        kinds, place = [], 0
        with dump.open("rb") as file:
            while place < size:
                file.seek(place)
                kinds.append(file.read(1)[0])
                place += 1 + int.from_bytes(file.read(8), "big")
    except OSError as error:
        return f"there is no {dump.name}: {error.strerror}"
    if size and kinds[0] == _FST_WRAPPED and place == size:
        return None
    if not size or place != size or kinds[0] != _FST_HEADER or not _FST_HIERARCHIES & set(kinds):
        return f"{dump.name} cannot be opened: the simulator did not finish it"
    return None


def viewer_lines(dump: Path) -> list[str]:
    """The commands that show a dump."""
    directory = os.path.relpath(dump.parent, ROOT)
    name = next((name for name in (*_SETUPS.values(), _BOTH) if (dump.parent / f"{name}.gtkw").is_file()), None)
    setup, commands = (f" {name}.gtkw", f" --command-file {name}.sucl") if name else ("", "")
    return [f"(cd {directory} && gtkwave {dump.name}{setup})", f"(cd {directory} && surfer{commands} {dump.name})"]
