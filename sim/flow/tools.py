# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The simulators and the environment they run in."""

import shutil
import subprocess
from functools import cache

from sim.flow.environment import environment, verilator_root
from sim.flow.errors import FlowError, unknown

SIMULATORS = ("icarus", "verilator")


def have(program: str) -> bool:
    """Is the program on the path?"""
    return shutil.which(program) is not None


def missing(simulator: str) -> str | None:
    """What the simulator lacks on this machine, as a line with the fix; None when it is there."""
    if simulator == "icarus" and not (have("iverilog") and have("vvp")):
        return "Icarus Verilog is missing; install it with: sudo apt-get install iverilog"
    if simulator == "verilator":
        for program in ("g++", "make", "perl"):
            if not have(program):
                return f"Verilator needs {program}; install it with: sudo apt-get install {program}"
    return None


def missing_for_waves(simulator: str) -> str | None:
    """What the simulator lacks to dump waves, as a line with the fix; None when it is there."""
    if simulator == "verilator":
        for header, package in (("lz4.h", "liblz4-dev"), ("zlib.h", "zlib1g-dev")):
            command = ["g++", "-E", "-x", "c++", "-include", header, "/dev/null"]
            if subprocess.run(command, capture_output=True, env=environment()).returncode:
                return f"waves from Verilator need {header}; install it with: sudo apt-get install {package}"
    return None


def select(name: str | None) -> list[str]:
    """The simulators that SIM names; for None or "all", every one that is there.

    Raises:
        FlowError: unknown, or not there.
    """
    if name is None or name == "all":
        found = [simulator for simulator in SIMULATORS if not missing(simulator)]
        if not found:
            raise FlowError("; ".join(missing(simulator) or simulator for simulator in SIMULATORS))
        return found
    if name not in SIMULATORS:
        raise unknown("simulator", name, (*SIMULATORS, "all"))
    if missing(name):
        raise FlowError(missing(name))
    return [name]


@cache
def version(simulator: str) -> str:
    """What makes a build of this simulator different from one of another version."""
    if simulator == "icarus":
        return subprocess.run(
            ["iverilog", "-V"], capture_output=True, text=True, env=environment()
        ).stdout.splitlines()[0]
    from importlib.metadata import version as installed

    compiler = subprocess.run(
        ["g++", "--version"], capture_output=True, text=True, env=environment()
    ).stdout.splitlines()[0]
    return f"{installed('verilator')} {installed('cocotb')} {compiler} {verilator_root()}"
