# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Synthesis and place-and-route, each once for the same content.

A subject is synthesised in build/syn/<name>-<digest>/, of its sources, parameters and options: there are the copied
sources, the netlist and Yosys's log. Its netlist is placed in build/syn/<name>-placed-<digest>/, of the netlist and
options, so that a comment changed in the sources places nothing again: there are nextpnr's report and log of each seed.
A result that is there is whole, for it gets its name when the tool has ended well.
"""

import hashlib
import json
import re
import shutil
from importlib.metadata import version
from pathlib import Path

from sim.flow import processes, tools, yosys, yowasp
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive
from sim.flow.paths import BUILD
from sim.syn import placement, wrapper
from sim.syn.cells import Cells
from sim.syn.devices import DEVICES
from sim.syn.placement import Placement
from sim.syn.subject import Subject

DIRECTORY = BUILD / "syn"
SYNTHESISER = yosys.PROGRAM

_KEEP = "tee -q -o {} stat -json; write_json netlist.json"
_TIMEOUT = 3600  # seconds for one run of one tool; the largest design takes 200 alone on a core


def tool_versions() -> dict[str, str]:
    """The packages that do the work."""
    return {name: version(name) for name in (SYNTHESISER, *(device.PLACER for device in DEVICES.values()))}


def directory(subject: Subject) -> Path:
    """Where a subject is synthesised."""
    programs = [Path(str(module.__file__)).read_text() for module in (DEVICES[subject.device], wrapper)]
    return _directory(subject, "", (subject.unit.digest(), _script(subject), programs, version(SYNTHESISER)))


def placed_directory(subject: Subject) -> Path:
    """Where a synthesised subject is placed. Where in the sources a cell comes from makes no difference to the
    placer."""
    device = DEVICES[subject.device]
    netlist = re.sub(r'"src": "[^"]*"', "", (directory(subject) / "netlist.json").read_text())
    return _directory(subject, "placed-", (netlist, device.PLACER_OPTIONS, version(device.PLACER)))


def _directory(subject: Subject, kind: str, decides: tuple) -> Path:
    digest = hashlib.sha256(repr(decides).encode()).hexdigest()[:12]
    return DIRECTORY / f"{re.sub(r'[^a-z0-9]+', '_', subject.name.lower())}-{kind}{digest}"


def synthesise(subject: Subject) -> Cells:
    """The cells of the unit by itself; its netlist is ready to be placed. Safe to call from several threads at once.

    Raises:
        FlowError: the sources do not synthesise; the text has Yosys's own error.
        Interrupted: the flow is being stopped.
    """
    folder = directory(subject)
    counts = folder / "cells.json"
    with exclusive(folder.with_suffix(".lock")):
        if not counts.exists():
            subject.unit.copy(folder / "src")
            _execute(folder, [SYNTHESISER, "-p", _script(subject)], "yosys", "cells.new")
            if DEVICES[subject.device].WRAPPED:
                ports = json.loads((folder / "netlist.json").read_text())["modules"][subject.unit.top]["ports"]
                (folder / "src" / "wrapper.v").write_text(wrapper.verilog(subject.unit, ports))
                _execute(folder, [SYNTHESISER, "-p", _wrapped_script(subject)], "yosys-wrapped", "wrapped.json")
            (folder / "cells.new").rename(counts)
    return _count(subject, "cells.json")


def around(subject: Subject) -> int:
    """Flip-flops that the wrapper puts around the unit's ports; each takes a logic cell. 0 where nothing is wrapped."""
    if not DEVICES[subject.device].WRAPPED:
        return 0
    return _count(subject, "wrapped.json").ff - _count(subject, "cells.json").ff


def place(subject: Subject, seed: int) -> Placement:
    """Place and route the subject with a seed, after synthesis where that is still to be done.

    Raises:
        FlowError: the sources do not synthesise, or the netlist does not fit the device; the text has the tool's error.
        Interrupted: the flow is being stopped.
    """
    synthesise(subject)
    folder, device = placed_directory(subject), DEVICES[subject.device]
    name = _placement(subject, seed)
    report = folder / f"{name}.json"
    with exclusive(folder / f"{name}.lock"):
        if not report.exists():
            netlist = f"netlist-{seed}.json"  # of this run alone: nobody else writes it
            shutil.copyfile(directory(subject) / "netlist.json", folder / netlist)
            _execute(
                folder,
                [
                    device.PLACER,
                    *device.PLACER_OPTIONS,
                    "--timing-allow-fail",
                    "--freq",
                    f"{subject.aim:g}",
                    "--seed",
                    seed,
                    "--json",
                    netlist,
                    "--report",
                    f"{name}.new",
                ],
                name,
                f"{name}.new",
            )
            (folder / f"{name}.new").rename(report)
            (folder / netlist).unlink()
    return placement.read(report)


def placed(subject: Subject, seed: int) -> bool:
    """Whether :func:`place` finds the result of an earlier run; the subject is synthesised."""
    return (placed_directory(subject) / f"{_placement(subject, seed)}.json").exists()


def _placement(subject: Subject, seed: int) -> str:
    return f"place-{subject.aim:g}MHz-{seed}"


def _read(subject: Subject) -> str:
    unit = subject.unit
    includes = " ".join(f"-Isrc/{folder}" for folder in unit.includes)
    return "; ".join(
        f"read_verilog {'-sv ' if source.endswith('.sv') else ''}{includes} src/{source}" for source in unit.sources
    )


def _script(subject: Subject) -> str:
    """Yosys's commands: unit to netlist, with the cells counted. All files by relative names: Yosys has a /tmp of
    its own."""
    unit = subject.unit
    settings = "".join(f" -set {name} {value}" for name, value in unit.parameters.items())
    parameters = f"chparam{settings} {unit.top}; " if settings else ""
    if unit.without:
        parameters += f"hierarchy -top {unit.top}; " + "".join(
            f"setattr -unset {name} a:{name}; " for name in unit.without
        )
    return f"{_read(subject)}; {parameters}{_synthesis(subject)} -top {unit.top}; {_KEEP.format('cells.new')}"


def _synthesis(subject: Subject) -> str:
    """Yosys's command for the device, with its options."""
    device = DEVICES[subject.device]
    return f"{device.SYNTHESIS} {device.OPTIONS if subject.options is None else subject.options}".rstrip()


def _wrapped_script(subject: Subject) -> str:
    """Yosys's commands: wrapper to netlist."""
    return (
        f"{_read(subject)}; read_verilog src/wrapper.v; {_synthesis(subject)} -top {wrapper.TOP}; "
        f"{_KEEP.format('wrapped.json')}"
    )


def _count(subject: Subject, file: str) -> Cells:
    cells = json.loads((directory(subject) / file).read_text())["design"]["num_cells_by_type"]
    return DEVICES[subject.device].count(cells)


def _execute(folder: Path, command: list, name: str, product: str) -> None:
    """Run a tool in a folder, to make the file product. Raises FlowError with its first error line."""
    log = folder / f"{name}.log"
    yowasp.prepare(command[0])
    try:
        status = processes.run(command, log, folder, tools.environment(), _TIMEOUT)
    except processes.TimedOut:
        raise FlowError(f"{command[0]} took more than {_TIMEOUT} s") from None
    if status or not (folder / product).exists():
        raise FlowError(f"{command[0]}: {_first_error(log)}")


def _first_error(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if "ERROR" in line]
    return (errors or lines[-1:] or ["no message"])[0].replace("src/", "", 1)
