"""Waves: dumps that open with the ports arranged and with registers and commands shown by name."""

import os
import shutil
from pathlib import Path

from sim.paths import ROOT, WAVES

_GTKWAVE = "endpoint.gtkw"
_SURFER = "endpoint.sucl"
_DEFAULT_ADDRESS = "addr[11:0]"  # as the GTKWave set-up has it, for both address channels of the register bus


def arrange(directory: Path, address_width: int):
    """Put the viewers' set-ups and the tables of names into the directory of a dump, which they are opened in."""
    for file in WAVES.glob("endpoint.*"):
        shutil.copy(file, directory)
    setup = directory / _GTKWAVE
    for channel in ("aw", "ar"):
        name = f"s_axil_{channel}"
        text = setup.read_text().replace(name + _DEFAULT_ADDRESS, f"{name}addr[{address_width - 1}:0]")
        setup.write_text(text)
    mappings = directory / ".surfer" / "mappings"
    mappings.mkdir(parents=True)
    widths = {"registers": address_width, "msi_commands": 32, "status": 8}
    for name, bits in widths.items():
        table = _read(WAVES / f"{name}.gtkw-filter")
        digits = (bits + 3) // 4  # GTKWave looks for the number as it prints it
        (directory / f"{name}.gtkw-filter").write_text(
            "".join(f"${value:0{digits}x} {text}\n{value:0{digits}x} {text}\n" for value, text in table.items())
        )
        lines = [f"Name: {name}", f"Bits: {bits}", *(f'0x{value:x} "{text}"' for value, text in table.items())]
        (mappings / name).write_text("\n".join(lines) + "\n")


def _read(table: Path) -> dict[int, str]:
    """Value -> name, from a GTKWave filter file."""
    rows = (line.split(" ", 1) for line in table.read_text().splitlines() if not line.startswith("#"))
    return {int(value.removeprefix("$"), 16): text for value, text in rows}


def viewer_lines(dump: Path) -> list[str]:
    """The commands that show a dump."""
    directory = os.path.relpath(dump.parent, ROOT)
    return [
        f"(cd {directory} && gtkwave {dump.name} {_GTKWAVE})",
        f"(cd {directory} && surfer --command-file {_SURFER} {dump.name})",
    ]
