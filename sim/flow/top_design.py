# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""A design whose top is not the endpoint alone: a module of a file list, with parameters of its own.

configs.toml describes it and tests.toml names it like any configuration of the endpoint::

    [designs.engine_wide]
    top = "virtio_virtqueue_engine"
    files = ["virtio_virtqueue_engine.f"]      # file lists or Verilog files, relative to the folder of the RTL
    parameters = { DATA_WIDTH = 128 }

A test finds the parameters, as JSON, in the environment variable DESIGN_PARAMETERS.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from sim.flow import rtl_files
from sim.flow.errors import FlowError, unknown

_KEYS = ("top", "files", "parameters")
_PORT = re.compile(r"^\s*(?:input|output|inout)\b(?:\s+(?:wire|reg))?\s*(?:\[[^\]]*\])?\s*(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class TopDesign:
    """The interface of sim.flow.design.Design, for another top."""

    top: str
    files: tuple[str, ...]
    values: tuple[tuple[str, int], ...]
    rtl: Path = Path()
    fast: bool = False

    @classmethod
    def of(cls, name: str, table: dict) -> "TopDesign":
        """What a table of configs.toml describes.

        Raises:
            FlowError: a key or a value is wrong.
        """
        for key in table:
            if key not in _KEYS:
                raise FlowError(f"designs.{name}: {unknown('key', key, _KEYS)}")
        for key in ("top", "files"):
            if not table.get(key):
                raise FlowError(f"designs.{name} needs {key}")
        for parameter, value in table.get("parameters", {}).items():
            if not isinstance(value, int) or isinstance(value, bool):
                raise FlowError(f"designs.{name}: {parameter} must be an integer, not {value!r}")
        return cls(table["top"], tuple(table["files"]), tuple(table.get("parameters", {}).items()))

    @property
    def endpoint(self) -> str:
        """The path of what is looked at in waves."""
        return self.top

    def sources(self) -> list[Path]:
        """The Verilog files, each once.

        Raises:
            FlowError: one is not there, or a file list leads nowhere.
        """
        found: list[Path] = []
        for name in self.files:
            path = self.rtl / name
            if not path.is_file():
                raise FlowError(f"{path} is not there; {self.top} needs it")
            found += rtl_files.listed(path) if path.suffix == ".f" else [path]
        return list(dict.fromkeys(found))

    def includes(self) -> list[Path]:
        """The folders in which include files are looked for."""
        return rtl_files.include_folders(self.rtl)

    def content(self) -> list[Path]:
        """Every file that the build depends on: sources and include files."""
        return self.sources() + rtl_files.headers(self.rtl)

    def parameters(self) -> list[str]:
        """NAME=VALUE in Verilog. Above 31 bits a bare number would be cut off, hence the sized form."""
        return [f"{name}={value}" if value < 1 << 31 else f"{name}=64'h{value:x}" for name, value in self.values]

    def ports(self) -> list[str]:
        """Names of the top's ports."""
        for file in self.sources():
            text = file.read_text()
            begin = re.search(rf"^module\s+{self.top}\b", text, re.MULTILINE)
            if begin:
                header = text[begin.end() :]
                return _PORT.findall(header[: re.search(r"^\);", header, re.MULTILINE).start()])
        raise FlowError(f"no file of {', '.join(self.files)} has a module {self.top}")
