"""Waves: files that open with the names arranged."""

import os
import shutil
from pathlib import Path

from sim.paths import ROOT, WAVES

DUMP = "waves.fst"
GTKWAVE_SETUP = "endpoint.gtkw"
SURFER_SETUP = "endpoint.sucl"


def arrange(directory: Path):
    """Put the viewers' set-ups and the tables of register names beside the dump: both refer to their neighbours."""
    for file in WAVES.iterdir():
        if file.suffix != ".v":
            shutil.copy(file, directory)


def viewer_lines(dump: Path) -> list[str]:
    """The commands that show a dump."""
    directory = os.path.relpath(dump.parent, ROOT)
    return [
        f"(cd {directory} && gtkwave {dump.name} {GTKWAVE_SETUP})",
        f"(cd {directory} && surfer --command-file {SURFER_SETUP} {dump.name})",
    ]
