# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""Which files a build depends on: those that the tools say they have read, and the data that the design reads itself.

A build is found again by the content of these files. Which they are is known only after a build, so they are kept in a
record beside the builds: for each request (everything but content) the lists of files of its last builds.
"""

import hashlib
import json
import re
from pathlib import Path

from sim.flow import artifact

_LISTS = 8  # of a request are kept: what a design includes may change to and fro
_DATA = re.compile(r'\$readmem[hb]\s*\(\s*"([^"]+)"')
DATA_SUFFIXES = (".hex", ".mem", ".memh", ".memb", ".vmem", ".dat", ".bin", ".init")


class Record:
    """The lists of files of one request.

    Args:
        file: where they are kept.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def lists(self) -> list[list[Path]]:
        """The newest first."""
        try:
            content = json.loads(self._file.read_text())
            return [[Path(name) for name in names] for names in content]
        except (OSError, ValueError, TypeError):
            return []

    def add(self, files: list[Path]) -> None:
        """Put a list in front."""
        lists = [files, *(each for each in self.lists() if each != files)]
        artifact.write_json(self._file, [[str(file) for file in each] for each in lists[:_LISTS]])


def digest(request: str, files: list[Path], folder: Path | None = None) -> str:
    """A short name for a request and the content of the files; a file that is not there counts, too.

    With `folder`, so do the places of all files of these names in it: a new one may be found before the one that was
    read.
    """
    result = hashlib.sha256(request.encode())
    for file in files:
        result.update(str(file).encode() + b"\0")
        try:
            result.update(hashlib.sha256(file.read_bytes()).digest())
        except OSError:
            result.update(b"absent")
    if folder:
        names = {file.name for file in files}
        result.update(repr(sorted(str(file) for file in folder.rglob("*") if file.name in names)).encode())
    return result.hexdigest()[:12]


def made_meanwhile(files: list[Path], began: float) -> bool:
    """Was a file changed since `began` (seconds since the epoch)? Then nobody knows what the tool has read."""
    return any(file.stat().st_mtime >= began for file in files if file.exists())


def split_dependencies(text: str) -> list[Path]:
    """The files behind the colon of a dependency file for make, whose names may have spaces in them, not escaped."""
    words = text.rpartition(" : ")[2].replace("\\\n", " ").strip().split(" ")
    found, rest = [], []
    for word in words:
        rest.append(word)
        name = " ".join(rest)
        if name and Path(name).is_file():
            found.append(Path(name))
            rest = []
    return found


def data_files(rtl: Path, sources: list[Path]) -> dict[str, Path]:
    """What the design reads when it is simulated: the name that it uses -> the file in its folder.

    These are the files that $readmemh and $readmemb name in the sources, and every file in the folder whose name ends
    as those of such data do, because the name may come from a parameter.
    """
    named = {name for source in sources for name in _DATA.findall(source.read_text(errors="replace"))}
    inside = {str(file.relative_to(rtl)) for file in sorted(rtl.rglob("*")) if file.suffix in DATA_SUFFIXES}
    return {name: rtl / name for name in sorted(named | inside) if (rtl / name).is_file()}
