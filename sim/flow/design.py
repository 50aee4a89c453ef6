# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Designs to build: the sources of the endpoint, or of another top, with their parameters."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cocotbext.virtio.config import EndpointConfig

from sim.flow import rtl_files
from sim.flow.errors import FlowError
from sim.flow.paths import HARNESS as HARNESS_FILES
from sim.flow.paths import ROOT

TOP = "virtio_mmio_endpoint"
ENGINE = "virtio_virtqueue_engine"
HARNESS = "endpoint_harness"  # the endpoint with partners in Verilog
_HARNESS_ADDR_WIDTH = 31  # bits of an address in the harness's lists
_IS_TOP = re.compile(rf"^\s*module\s+{TOP}\b", re.MULTILINE)
_PORT = re.compile(r"^\s*(?:input|output|inout)\b(?:\s+(?:wire|reg))?\s*(?:\[[^\]]*\])?\s*(\w+)", re.MULTILINE)
TIMESCALE = ("1ns", "1ps")  # the RTL carries none; the testbench's clock is in nanoseconds


def endpoint_sources(rtl: Path) -> list[Path]:
    """The files of the endpoint: in the project's own folder those of its file list, in another one every *.v."""
    is_own = rtl.resolve() == (ROOT / "rtl").resolve()
    return rtl_files.listed(rtl / f"{TOP}.f") if is_own else rtl_files.sources(rtl)


@dataclass(frozen=True)
class Design:
    """The Verilog files of one folder (rtl_files.py), built with the parameters of one configuration.

    With `fast` the top is tb/cocotbext/virtio/fast/harness/endpoint_harness.v, which has the endpoint's parameters,
    too.
    """

    rtl: Path
    configuration: EndpointConfig
    fast: bool = False

    @property
    def top(self) -> str:
        """The module that is simulated."""
        return HARNESS if self.fast else TOP

    @property
    def parts(self) -> dict[str, str]:
        """What is looked at in waves: name of the module -> its path from the top on, with dots."""
        return {TOP: f"{HARNESS}.endpoint" if self.fast else TOP}

    @property
    def fits_harness(self) -> bool:
        """Whether the harness's lists can hold the addresses."""
        return self.configuration.addr_width <= _HARNESS_ADDR_WIDTH

    def sources(self) -> list[Path]:
        """The Verilog files.

        Raises:
            FlowError: the folder has no design in it, or its addresses are too wide for the harness.
        """
        if self.fast and not self.fits_harness:
            raise FlowError(
                f"addr_width {self.configuration.addr_width} is too wide for BUS=fast, which has {_HARNESS_ADDR_WIDTH} "
                "bits; use BUS=signals"
            )
        files = endpoint_sources(self.rtl)
        if not any(_IS_TOP.search(file.read_text(errors="replace")) for file in files):
            raise FlowError(f"no *.v file in {self.rtl} has the module {TOP}; set RTL to one that has")
        return files + (sorted(HARNESS_FILES.glob("*.v")) if self.fast else [])

    def content(self) -> list[Path]:
        """Every file that the build depends on: sources and include files."""
        return self.sources() + rtl_files.headers(self.rtl)

    def includes(self) -> list[Path]:
        """The folders in which include files are looked for."""
        return rtl_files.include_folders(self.rtl)

    def parameters(self) -> list[str]:
        """NAME=VALUE in Verilog."""
        return _assignments(self.configuration.parameters())


@dataclass(frozen=True)
class TopDesign:
    """A design whose top is not the endpoint alone: a module of a file list, with parameters of its own.

    configs.toml describes it and tests.toml names it like any configuration of the endpoint::

        [designs.engine_wide]
        top = "virtio_virtqueue_engine"
        files = ["virtio_virtqueue_engine.f"]      # file lists or Verilog files, relative to the folder of the RTL
        parameters = { DATA_WIDTH = 128 }

    A test finds the parameters, as JSON, in the environment variable DESIGN_PARAMETERS.
    """

    top: str
    files: tuple[str, ...]
    values: tuple[tuple[str, int], ...]
    rtl: Path = Path()
    fast: bool = False

    @property
    def parts(self) -> dict[str, str]:
        """What is looked at in waves: name of the module -> its path from the top on, with dots."""
        if self.top in (TOP, ENGINE):
            return {self.top: self.top}
        return {TOP: f"{self.top}.device.endpoint", ENGINE: f"{self.top}.device.engine"}

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
        """NAME=VALUE in Verilog."""
        return _assignments(dict(self.values))

    def ports(self) -> list[str]:
        """Names of the top's ports."""
        for file in self.sources():
            text = file.read_text()
            begin = re.search(rf"^module\s+{self.top}\b", text, re.MULTILINE)
            if begin:
                header = text[begin.end() :]
                return _PORT.findall(re.split(r"^\);", header, maxsplit=1, flags=re.MULTILINE)[0])
        raise FlowError(f"no file of {', '.join(self.files)} has a module {self.top}")


AnyDesign = Design | TopDesign


class Sources(Protocol):
    """What a compiler is told of a design."""

    @property
    def top(self) -> str:
        """The module that is simulated."""

    def sources(self) -> list[Path]:
        """The Verilog files."""

    def includes(self) -> list[Path]:
        """The folders in which include files are looked for."""

    def parameters(self) -> list[str]:
        """NAME=VALUE in Verilog."""


def _assignments(parameters: dict[str, int]) -> list[str]:
    """NAME=VALUE in Verilog. Above 31 bits a bare number would be cut off, hence the sized form."""
    return [f"{name}={value}" if value < 1 << 31 else f"{name}=64'h{value:x}" for name, value in parameters.items()]
