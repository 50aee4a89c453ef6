# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Icarus Verilog: how to build and to run."""

from collections.abc import Callable
from pathlib import Path

from cocotb_tools import config as cocotb_config

from sim.flow.design import TIMESCALE, AnyDesign, Sources
from sim.flow.paths import WAVES

NAME = "icarus"
SEPARATE_WAVE_BUILD = False  # the same program dumps or does not
SUPPORT_FILES = [WAVES / "wave_dump.v"]
RULES: list[Path] = []  # files beside this one that say how to build
_READ = "read"  # in the folder of a build: the files that the compiler has read


def lint_command(design: Sources) -> list:
    """Compile without output, every warning on."""
    return ["iverilog", "-g2005", "-Wall", "-tnull", *_design_options(design), *design.sources()]


def build(design: AnyDesign, directory: Path, waves: bool, execute: Callable[[list], None]) -> None:
    """Make the simulation in `directory`. `execute` runs a command there."""
    options = directory / "options.f"
    options.write_text("+timescale+{}/{}\n".format(*TIMESCALE))
    execute(
        [
            "iverilog",
            "-g2005",
            f"-Mall={_READ}",
            "-o",
            directory / "design.vvp",
            "-s",
            "wave_dump",
            f"-DDUMPED={design.top}",
            "-f",
            options,
            *_design_options(design),
            *design.sources(),
            *SUPPORT_FILES,
        ]
    )


def read(design: AnyDesign, directory: Path) -> list[Path]:
    """The files that the compiler has read for the build in `directory`."""
    return [directory / name for name in (directory / _READ).read_text().splitlines()]


def run_command(directory: Path, seed: int, waves: Path | None) -> list:
    """The command that runs the simulation built in `directory`."""
    dump = [f"+wave_file={waves}", "-fst"] if waves else ["-none"]
    return ["vvp", "-n", "-m", cocotb_config.lib_entry("vpi", "icarus"), directory / "design.vvp", *dump]


def _design_options(design: Sources) -> list:
    return [
        "-s",
        design.top,
        *(f"-I{folder}" for folder in design.includes()),
        *(f"-P{design.top}.{parameter}" for parameter in design.parameters()),
    ]
