# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Verilator with counters in the design: which lines and expressions were executed, which bits changed."""

from collections.abc import Callable
from pathlib import Path

from sim.flow import verilator
from sim.flow.design import AnyDesign

NAME = "verilator-coverage"
SEPARATE_WAVE_BUILD = True
SUPPORT_FILES = verilator.SUPPORT_FILES
RULES = [Path(verilator.__file__)]
read = verilator.read
DATA = "code.dat"  # in the directory of a run

# Not --coverage: this version's FSM coverage stops with an internal error.
_OPTIONS = ["-CFLAGS", "-O0", "--coverage-line", "--coverage-toggle", "--coverage-expr", "--coverage-max-width", "4096"]


def build(design: AnyDesign, directory: Path, waves: bool, execute: Callable[[list], None]) -> None:
    """Make the simulation in `directory`. `execute` runs a command there."""
    verilator.build(design, directory, waves, execute, _OPTIONS)


def run_command(directory: Path, seed: int, waves: Path | None) -> list:
    """The command that runs the simulation built in `directory`."""
    return [*verilator.run_command(directory, seed, waves), f"+verilator+coverage+file+{DATA}"]
