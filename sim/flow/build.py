# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Builds: each combination of sources, parameters and simulator once, found again by its content."""

import json
import re
import shutil
import time
from dataclasses import replace
from pathlib import Path

from sim.flow import artifact, environment, icarus, inputs, processes, tools, verilator, verilator_coverage
from sim.flow.design import AnyDesign
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive
from sim.flow.names import short
from sim.flow.paths import BUILD
from sim.flow.plain_paths import is_plain, plain, short_folder
from sim.flow.text import lines

SIMULATORS = {module.NAME: module for module in (icarus, verilator, verilator_coverage)}

_TIMEOUT = 900  # seconds; the largest design takes a small part of it on a slow machine
_ERROR = re.compile(r"error|fatal|\*\*\* |no such file", re.IGNORECASE)
# In the folder of a build that is complete, as JSON: "request", the name of its record, and "data", name -> file of
# what the design reads in a simulation.
_BUILT = "built"
_RULES = [Path(__file__), Path(inputs.__file__), Path(environment.__file__)]


def build(simulator: str, name: str, design: AnyDesign, waves: bool = False) -> Path:
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
    request = _request(simulator, design, waves)
    place = BUILD / "designs" / short(f"{name}-{variant}")
    known = place.with_name(f"{place.name}-{inputs.digest(request, [])}")
    record = inputs.Record(known.with_name(known.name + ".json"))
    with exclusive(known.with_name(known.name + ".lock")):
        for files in record.lists():
            found = place.with_name(f"{place.name}-{inputs.digest(request, files, design.rtl)}")
            if (found / _BUILT).exists():
                return found
        design.sources()  # says what is wrong with the folder
        began = time.time()
        unfinished = known.with_name(known.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        read = _make(name, simulator, design, waves, unfinished)
        data = inputs.data_files(design.rtl, read)
        files = sorted({*read, *(file.resolve() for file in data.values())})
        changed = inputs.made_meanwhile(files, began)
        mark = f"{request}{began}" if changed else request
        found = place.with_name(f"{place.name}-{inputs.digest(mark, files, design.rtl)}")
        content = {"request": known.name, "data": {name: str(file) for name, file in data.items()}}
        artifact.write_json(unfinished / _BUILT, content)
        shutil.rmtree(found, ignore_errors=True)
        unfinished.rename(found)
        if not changed:
            record.add(files)
    return found


def _make(name: str, simulator: str, design: AnyDesign, waves: bool, unfinished: Path) -> list[Path]:
    """Build into a folder; returns the files that the tools have read, without what the flow itself makes.

    make works in no folder whose name has a space in it: then the work is done elsewhere.
    """
    tool = SIMULATORS[simulator]
    work = unfinished if is_plain(unfinished) else short_folder("virtio-build-")
    try:
        named = replace(design, rtl=plain(design.rtl))
        tool.build(named, work, waves, lambda command: _execute(name, simulator, work, unfinished, command))
        read = {file.resolve() for file in (*tool.read(named, work), *tool.SUPPORT_FILES)}
        return sorted(file for file in read if not file.is_relative_to(work.resolve()))
    finally:
        if work != unfinished:
            shutil.copytree(work, unfinished, dirs_exist_ok=True)
            shutil.rmtree(work, ignore_errors=True)


def link_data(built: Path, directory: Path) -> None:
    """Put what the design reads in a simulation where it looks for it: into the simulation's directory."""
    for name, file in json.loads((built / _BUILT).read_text())["data"].items():
        link = directory / name
        if link.resolve().is_relative_to(directory.resolve()) and not link.exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)


def discard(built: Path) -> None:
    """Remove a build that nobody will ask for again, with what is known of it."""
    try:
        known = built.with_name(json.loads((built / _BUILT).read_text())["request"])
    except OSError:
        return
    shutil.rmtree(built, ignore_errors=True)
    for ending in (".json", ".lock"):
        known.with_name(known.name + ending).unlink(missing_ok=True)


def key(simulator: str, design: AnyDesign, waves: bool = False) -> str:
    """A short name for everything that decides what a build makes, except the content of the files that it reads."""
    return inputs.digest(_request(simulator, design, waves), [])


def _request(simulator: str, design: AnyDesign, waves: bool) -> str:
    tool = SIMULATORS[simulator]
    rules = inputs.digest("", [Path(str(tool.__file__)), *tool.RULES, *_RULES])
    paths = [str(path) for path in (design.rtl, *design.sources())]
    version = tools.version(tool.NAME)
    return repr((rules, environment.fingerprint(), version, paths, design.top, design.parameters(), waves))


def _execute(name: str, simulator: str, directory: Path, kept: Path, command: list) -> None:
    """Run a command in a directory, whose content is in `kept` afterwards."""
    log = directory / f"{Path(command[0]).name}.log"
    try:
        status = processes.run(command, log, directory, tools.environment(), _TIMEOUT)
    except processes.TimedOut:
        raise FlowError(f"building {name} for {simulator} took more than {_TIMEOUT} s; see {kept / log.name}") from None
    if status:
        words = f"{_first_error(log)} (all of it in {kept / log.name})"
        raise FlowError(f"building {name} for {simulator} failed: {words}")


def _first_error(log: Path) -> str:
    """The line of a build log that says what is wrong: the design's own word first."""
    found = [line.strip() for line in lines(log.read_text(errors="replace")) if line.strip()]
    own = [line for line in found if "USERFATAL" in line]
    errors = [line for line in found if _ERROR.search(line)]
    return (own or errors or found or ["no message"])[0]
