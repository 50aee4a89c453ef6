# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""One Verilog module with its parameters, to be measured."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Unit:
    """A module and the files it is made of.

    files maps the place of each file in a folder of copies to where it is now; sources are those of them that are
    read, the others are there to be included. Values of parameters are Verilog expressions. without names attributes
    that
    are taken away before synthesis.
    """

    top: str
    clock: str
    files: dict[str, Path]
    sources: tuple[str, ...]
    includes: tuple[str, ...] = (".",)
    parameters: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    @cached_property
    def contents(self) -> dict[str, bytes]:
        """What is in the files, by their places: read once, so that a change during a run does not reach the run."""
        return {place: file.read_bytes() for place, file in self.files.items()}

    def digest(self) -> str:
        """A name for everything in here that decides what comes out."""
        result = hashlib.sha256(
            repr((self.top, self.clock, self.sources, self.includes, sorted(self.parameters.items()))).encode()
        )
        for place, content in sorted(self.contents.items()):
            result.update(place.encode() + b"\0" + content + b"\0")
        return result.hexdigest()

    def copy(self, folder: Path) -> None:
        """Put the files into a folder: the tools see no other one."""
        for place, content in self.contents.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_bytes(content)
