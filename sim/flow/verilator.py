# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Verilator: how to build and to run."""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from cocotb_tools import config as cocotb_config

from sim.flow import cpus, tools
from sim.flow.design import TIMESCALE, AnyDesign, Design
from sim.flow.inputs import split_dependencies
from sim.flow.locks import exclusive
from sim.flow.paths import BUILD, HARNESS
from sim.flow.plain_paths import plain

NAME = "verilator"
SEPARATE_WAVE_BUILD = True  # tracing adds libraries that a plain run should not need
_PORTS = Path(__file__).with_name("verilator_ports.vlt")
_HARNESS = Path(__file__).with_name("verilator_harness.vlt")
_PROGRAM = HARNESS / "simulation.cpp"  # around the harness
_STOP = Path(__file__).with_name("stop_on_signal.cpp")
SUPPORT_FILES = [_PORTS, _HARNESS, _PROGRAM, _STOP]
RULES: list[Path] = []  # files beside this one that say how to build

# The harness assigns in order in clocked processes, extends by themselves the numbers that it records, and has
# variables that
# Python alone reads or writes.
_HARDWARE_WARNINGS = ("BLKSEQ", "WIDTHEXPAND", "SYNCASYNCNET", "UNDRIVEN", "UNUSEDSIGNAL", "PINCONNECTEMPTY")

_EXECUTABLE = "simulation"


def lint_command(design: AnyDesign) -> list:
    """Check without output, every warning on; of the harness those that concern simulations, not hardware."""
    hardware = [f"-Wno-{warning}" for warning in _HARDWARE_WARNINGS] if design.fast else []
    return [
        "verilator",
        "--lint-only",
        "-Wall",
        "--language",
        "1364-2005",
        *hardware,
        *_design_options(design),
        *design.sources(),
    ]


def build(
    design: AnyDesign, directory: Path, waves: bool, execute: Callable[[list], None], options: Sequence[str] = ()
) -> None:
    """Make the simulation in `directory`. `execute` runs a command there; `options` are further ones for Verilator.

    Warnings are the lint's business; only an impossible parameter, which the design itself reports, stops the build,
    and no complaint about what follows from it comes before. What is not reset starts with random values, from the
    run's seed.
    """
    libraries = plain(Path(cocotb_config.libs_dir))
    execute(
        [
            "verilator",
            "--cc",
            "--exe",
            "--MMD",
            "--vpi",
            "--prefix",
            "Vtop",
            "-Mdir",
            directory,
            "-o",
            _EXECUTABLE,
            "-Wno-fatal",
            "-Wno-ZEROREPL",
            "-Werror-USERFATAL",
            "-O3",
            "--x-assign",
            "unique",
            "--x-initial",
            "unique",
            "--timescale",
            "/".join(TIMESCALE),
            "--output-split",
            "0",  # one file compiles faster than several that each begin with the same headers
            "-CFLAGS",
            "-O2" if design.fast else "-O1",  # of short runs, the compiler takes most of the time
            "-LDFLAGS",
            f"-L{libraries} -lcocotbvpi_verilator",  # found through LD_LIBRARY_PATH when it runs
            *(["-LDFLAGS", "-rdynamic"] if design.fast else []),  # Python calls the program
            *(["--trace-fst", "--trace-structs"] if waves else []),
            *options,
            *_design_options(design),
            plain(_HARNESS) if design.fast else plain(_ports(design, directory)),
            plain(_STOP),
            *design.sources(),
        ]
    )
    _add_program(
        directory, _PROGRAM if design.fast else cocotb_config.share_dir / "lib" / "verilator" / "verilator.cpp"
    )
    make = ["make", "-C", directory, "-f", "Vtop.mk", "-j", cpus.jobs()]
    key = hashlib.sha256(repr((tools.version(NAME), *options, _STOP.read_text())).encode()).hexdigest()[:12]
    library = BUILD / "designs" / f"verilator-library-{'waves-' if waves else ''}{key}"
    with exclusive(library.with_suffix(".lock")):
        if not library.is_dir():
            execute(make)
            _save_library(directory, library)
            return
    for file in library.iterdir():  # copied now, they are newer than what they depend on
        shutil.copy(file, directory)
    execute(make)


def read(design: AnyDesign, directory: Path) -> list[Path]:
    """The files that Verilator has read for the build in `directory`."""
    return [directory / file for file in split_dependencies((directory / "Vtop__ver.d").read_text())]


def _ports(design: AnyDesign, directory: Path) -> Path:
    """The names that the testbench may use: the top's ports."""
    if isinstance(design, Design):
        return _PORTS
    file = directory / "ports.vlt"
    lines = [f'public_flat_rw -module "{design.top}" -var "{port}"' for port in design.ports()]
    file.write_text("\n".join(["`verilator_config", *lines, ""]))
    return file


def _add_program(directory: Path, program: Path) -> None:
    """Compile the main program with the design, as one file: both begin with the same headers, half of the time."""
    with (directory / "Vtop_classes.mk").open("a") as makefile:
        makefile.write(f"VM_SUPPORT_SLOW += {plain(program).with_suffix('')}\n")


def _save_library(directory: Path, library: Path) -> None:
    """Keep what is the same for every design of a finished build: Verilator's own library, most of the time of a build,
    and what ends a simulation."""
    unfinished = library.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    for file in (*directory.glob("verilated*.o"), directory / f"{plain(_STOP).stem}.o"):
        shutil.copy(file, unfinished)
    unfinished.rename(library)


def run_command(directory: Path, seed: int, waves: Path | None) -> list:
    """The command that runs the simulation built in `directory`."""
    random = [f"+verilator+seed+{seed % 0x7FFFFFFF + 1}", "+verilator+rand+reset+2"]
    return [directory / _EXECUTABLE, *random, *(["--trace", "--trace-file", waves] if waves else [])]


def _design_options(design: AnyDesign) -> list:
    return [
        "--top-module",
        design.top,
        *(f"-I{folder}" for folder in design.includes()),
        *(f"-G{parameter}" for parameter in design.parameters()),
    ]
