"""Builds: each combination of sources, parameters and simulator once, found again by its content."""

import hashlib
import shutil
from pathlib import Path
from types import ModuleType

from sim.flow import icarus, processes, tools, verilator, verilator_coverage
from sim.flow.design import Design
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive
from sim.flow.paths import BUILD

SIMULATORS = {module.NAME: module for module in (icarus, verilator, verilator_coverage)}

_TIMEOUT = 900  # seconds; the largest design takes a small part of it on a slow machine


def build(simulator: str, name: str, design: Design, waves: bool = False) -> Path:
    """The folder with the simulation of a design, built unless it is there; `name` makes the folder's name readable.

    Safe to call from several threads and processes at once: the first builds, the others wait for it.

    Raises:
        FlowError: the build failed; the text has the tool's own first error.
    """
    tool = SIMULATORS[simulator]
    waves = waves and tool.SEPARATE_WAVE_BUILD
    variant = f"{simulator}-waves" if waves else simulator
    if design.fast:
        variant += "-fast"
    directory = BUILD / "designs" / f"{name}-{variant}-{_digest(tool, design, waves)}"
    with exclusive(directory.with_suffix(".lock")):
        if not (directory / "built").exists():
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True)
            tool.build(design, directory, waves, lambda command: _execute(name, simulator, directory, command))
            (directory / "built").touch()
    return directory


def _execute(name: str, simulator: str, directory: Path, command: list):
    log = directory / f"{Path(command[0]).name}.log"
    try:
        status = processes.run(command, log, directory, tools.environment(), _TIMEOUT)
    except processes.TimedOut:
        raise FlowError(f"building {name} for {simulator} took more than {_TIMEOUT} s; see {log}") from None
    if status:
        raise FlowError(f"building {name} for {simulator} failed: {_first_error(log)} (all of it in {log})")


def _first_error(log: Path) -> str:
    """The line of a build log that says what is wrong: the design's own word first."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    own = [line for line in lines if "USERFATAL" in line]
    errors = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()]
    return (own or errors or lines or ["no message"])[0]


def _digest(tool: ModuleType, design: Design, waves: bool) -> str:
    """A name for everything that decides what the build makes."""
    digest = hashlib.sha256()
    for file in (*design.content(), *tool.SUPPORT_FILES, Path(tool.__file__)):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    digest.update(repr((tools.version(tool.NAME), str(design.rtl), design.top, design.parameters(), waves)).encode())
    return digest.hexdigest()[:12]
