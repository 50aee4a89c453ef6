"""Verilator: how to build and to run."""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from cocotb_tools import config as cocotb_config

from sim import tools
from sim.design import TIMESCALE, Design
from sim.locks import exclusive

NAME = "verilator"
SEPARATE_WAVE_BUILD = True  # tracing adds libraries that a plain run should not need
SUPPORT_FILES = [Path(__file__).with_name("verilator_ports.vlt"), Path(__file__).with_name("verilator_harness.vlt")]

_EXECUTABLE = "simulation"


def lint_command(design: Design) -> list:
    """Check without output, every warning on."""
    return ["verilator", "--lint-only", "-Wall", *_design_options(design), *design.sources()]


def build(design: Design, directory: Path, waves: bool, execute: Callable[[list], None], options: Sequence[str] = ()):
    """Make the simulation in `directory`. `execute` runs a command there; `options` are further ones for Verilator.

    Warnings are the lint's business; only an impossible parameter, which the design itself reports, stops the build,
    and no complaint about what follows from it comes before. What is not reset starts with random values, from the
    run's seed.
    """
    libraries = cocotb_config.libs_dir
    execute([
        "verilator", "--cc", "--exe", "--vpi", "--prefix", "Vtop", "-Mdir", directory, "-o", _EXECUTABLE,
        "-Wno-fatal", "-Wno-ZEROREPL", "-Werror-USERFATAL", "-O3", "--x-assign", "unique", "--x-initial", "unique",
        "--timescale", "/".join(TIMESCALE),
        "-CFLAGS", "-O2", "-LDFLAGS", f"-Wl,-rpath,{libraries} -L{libraries} -lcocotbvpi_verilator",
        *(["--trace-fst", "--trace-structs"] if waves else []), *options,
        *_design_options(design), SUPPORT_FILES[design.fast],
        cocotb_config.share_dir / "lib" / "verilator" / "verilator.cpp", *design.sources(),
    ])
    # The packaged Verilator lacks this word, which larger designs need: they are compiled in several files.
    precompiled_header = "CFG_CXXFLAGS_PCH_I=-include"
    make = ["make", "-C", directory, "-f", "Vtop.mk", "-j", os.cpu_count(), precompiled_header]
    key = hashlib.sha256(repr((tools.version(NAME), *options)).encode()).hexdigest()[:12]
    library = directory.parent / f"verilator-library-{'waves-' if waves else ''}{key}"
    with exclusive(library.with_suffix(".lock")):
        if not library.is_dir():
            execute(make)
            _save_library(directory, library)
            return
    for file in library.iterdir():  # copied now, they are newer than what they depend on
        shutil.copy(file, directory)
    execute(make)


def _save_library(directory: Path, library: Path):
    """Keep Verilator's own library of a finished build: the same for every design, and most of the time of a build."""
    unfinished = library.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    for file in directory.glob("verilated*.o"):
        shutil.copy(file, unfinished)
    unfinished.rename(library)


def run_command(directory: Path, seed: int, waves: Path | None) -> list:
    """The command that runs the simulation built in `directory`."""
    random = [f"+verilator+seed+{seed % 0x7FFFFFFF + 1}", "+verilator+rand+reset+2"]
    return [directory / _EXECUTABLE, *random, *(["--trace", "--trace-file", waves] if waves else [])]


def _design_options(design: Design) -> list:
    return ["--top-module", design.top, f"-I{design.rtl}", *(f"-G{parameter}" for parameter in design.parameters())]
