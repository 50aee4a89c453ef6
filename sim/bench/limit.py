# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The limit that no testbench passes: the design as Verilator compiles it, driven by a loop in C++."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from sim.flow import processes, tools
from sim.flow.configs import configurations
from sim.flow.design import TOP, Design
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive
from sim.flow.paths import BUILD, rtl_directory

_SOURCE = Path(__file__).with_suffix(".cpp")
_TIMEOUT = 600  # seconds


def build(configuration: str) -> Path:
    """The program, compiled unless it is there.

    Raises:
        FlowError: it does not compile.
    """
    design = Design(rtl_directory(), configurations().by_name[configuration])
    digest = hashlib.sha256(repr(design.parameters()).encode())
    for file in (*design.content(), _SOURCE):
        digest.update(file.read_bytes())
    directory = BUILD / "bench" / f"limit-{configuration}-{digest.hexdigest()[:12]}"
    program = directory / "limit"
    with exclusive(directory.with_suffix(".lock")):
        if not program.exists():
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True)
            command = [
                "verilator",
                "--cc",
                "--exe",
                "--build",
                "--prefix",
                "Vtop",
                "-Mdir",
                directory,
                "-o",
                "limit.new",
                "-Wno-fatal",
                "-O3",
                "-CFLAGS",
                "-O2",
                "-MAKEFLAGS",
                "CFG_CXXFLAGS_PCH_I=-include",
                "--top-module",
                TOP,
                *(f"-I{folder}" for folder in design.includes()),
                *(f"-G{parameter}" for parameter in design.parameters()),
                _SOURCE,
                *design.sources(),
            ]
            log = directory / "build.log"
            if processes.run(command, log, directory, tools.environment(), _TIMEOUT):
                raise FlowError(f"sim/bench/limit.cpp does not compile; see {log}")
            (directory / "limit.new").rename(program)
    return program


def run(program: Path, seconds: float, overlap: bool) -> dict:
    """The figures of one run: count, seconds, cycles."""
    result = subprocess.run(
        [program, str(seconds), str(int(overlap))], capture_output=True, text=True, timeout=_TIMEOUT
    )
    if result.returncode:
        raise FlowError(f"{program.name} failed: {result.stderr.strip()}")
    count, elapsed, cycles = result.stdout.split()
    return {"count": int(count), "seconds": float(elapsed), "cycles": int(cycles)}
