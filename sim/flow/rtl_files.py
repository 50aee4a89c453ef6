# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Which files a folder of Verilog holds, and where its includes are looked for.

The project's own design is what its file list names. Of any other folder every *.v counts, in it and in the folders
below; each of those folders is an include path.
"""

from pathlib import Path


def listed(file_list: Path) -> list[Path]:
    """The sources that a .f file names, relative to its own folder; options and comments are passed over."""
    lines = (line.partition("//")[0].strip() for line in file_list.read_text().splitlines())
    return [file_list.parent / line for line in lines if line and not line.startswith(("+", "-"))]


def sources(folder: Path) -> list[Path]:
    """Every *.v in a folder and below it."""
    return sorted(folder.rglob("*.v"))


def headers(folder: Path) -> list[Path]:
    """Every *.vh in a folder and below it."""
    return sorted(folder.rglob("*.vh"))


def include_folders(folder: Path) -> list[Path]:
    """The folder and every folder below it."""
    return [folder, *sorted(path for path in folder.rglob("*") if path.is_dir())]


def find(folder: Path, name: str) -> Path:
    """The one file of this name in a folder or below it.

    Raises:
        FileNotFoundError: there is none, or there are several.
    """
    found = sorted(folder.rglob(name))
    if len(found) != 1:
        raise FileNotFoundError(f"{folder} has {name} {len(found)} times, not once")
    return found[0]
