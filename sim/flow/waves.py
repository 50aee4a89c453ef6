"""Waves: dumps that open with the ports arranged and with registers, commands, queues and vectors shown by name."""

import os
from pathlib import Path

from cocotbext.virtio.config import EVENT_CONFIG, EndpointConfig, used_event

from sim.flow.design import TOP
from sim.flow.paths import ROOT, WAVES

_GTKWAVE = "endpoint.gtkw"
_SURFER = "endpoint.sucl"
_DEFAULT_ADDRESS = "addr[11:0]"  # as the GTKWave set-up has it, for both address channels of the register bus


def arrange(directory: Path, config: EndpointConfig, endpoint: str = TOP):
    """Put the viewers' set-ups and the tables of names into the directory of a dump, which they are opened in.

    *endpoint* is the path of the endpoint in the dump.
    """
    setup = (WAVES / _GTKWAVE).read_text().replace(f"{TOP}.", f"{endpoint}.")
    for channel in ("aw", "ar"):
        setup = setup.replace(f"s_axil_{channel}{_DEFAULT_ADDRESS}", f"s_axil_{channel}addr[{config.addr_width - 1}:0]")
    (directory / _GTKWAVE).write_text(setup)
    (directory / _SURFER).write_text(surfer_commands((WAVES / _SURFER).read_text().replace(f"{TOP}.", f"{endpoint}.")))
    mappings = directory / ".surfer" / "mappings"
    mappings.mkdir(parents=True)
    for name, (bits, table) in _tables(config).items():
        digits = (bits + 3) // 4  # GTKWave looks for the number as it prints it
        (directory / f"{name}.gtkw-filter").write_text(
            "".join(f"${value:0{digits}x} {text}\n{value:0{digits}x} {text}\n" for value, text in table.items())
        )
        lines = [f"Name = {name}", f"Bits = {bits}", *(f"0x{value:x} {text}" for value, text in table.items())]
        (mappings / name).write_text("\n".join(lines) + "\n")


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


def viewer_lines(dump: Path) -> list[str]:
    """The commands that show a dump."""
    directory = os.path.relpath(dump.parent, ROOT)
    return [
        f"(cd {directory} && gtkwave {dump.name} {_GTKWAVE})",
        f"(cd {directory} && surfer --command-file {_SURFER} {dump.name})",
    ]
