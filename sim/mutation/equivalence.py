# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Proves that a mutant is no different: from reset on, with any inputs, both designs have equal outputs in every
cycle (miter.py).

An output that counts only while another is 1 (replay.PAYLOAD) must be equal only then, and while aresetn is low only
what is valid
then. aresetn is low in the first cycle; it may be low again in any other. A mutant that differs only while aresetn
is low is
equivalent, too, if nothing of that is left after in_reset.RESET cycles. Yosys makes a netlist of each design, in
several configurations
of the whole endpoint. A module of the virtqueue engine is compared alone, with any inputs at all. What is not proved
may be harmless all the same.
"""

import json
import os
import re
import shutil
from pathlib import Path

from sim.flow.configs import configurations
from sim.flow.design import TOP, AnyDesign
from sim.flow.locks import exclusive
from sim.flow.paths import ROOT
from sim.flow.rtl_files import find
from sim.mutation import in_reset, plan
from sim.mutation.miter import Miter, NotProved, yosys
from sim.mutation.mutants import Mutant

IN_ROWS = " in rows"
_ENGINE = "engine"  # a configuration that has its files
_ROWS = (
    ("localparam FLAT            = 16;", "localparam FLAT            = 2;"),
    ("(QUEUE_WIDTH + 1) / 2", "1"),
    ("(VECTOR_WIDTH + 1) / 2", "1"),
)


def prove(mutant: Mutant, rtl: Path, folder: Path, names: list[str]) -> tuple[bool, str]:
    """Is the mutant of the design in rtl equivalent in all configurations named? Returns that, and what was found.

    A name may have IN_ROWS behind it: then all tables of more than two entries lie in rows of two. Instead of a
    configuration it may be a module of the virtqueue engine with parameters, as "virtio_vq_publish RING_PACKED=1".
    folder, below the project's, is for its files; the original's netlists are kept beside it.
    """
    design = mutant.write(rtl, folder)
    for name in names:
        try:
            place = re.sub(r"[^\w-]", "_", name)
            with exclusive(folder.parent / f"original-{place}.lock"):
                original = _original(rtl, folder.parent / f"original-{place}", name)
            changed = _netlist(design, folder / place, name, "gate")
            try:
                Miter(_module(original), _module(changed)).prove(folder / place)
            except NotProved as reason:
                try:
                    in_reset.prove(original, changed, folder / place)
                except NotProved:
                    raise reason from None
        except NotProved as reason:
            return False, f"{name}: {reason}"
    return True, f"proved equivalent on {', '.join(names)}"


def _original(rtl: Path, folder: Path, name: str) -> Path:
    """The netlist of the original, made once for its text."""
    from sim.mutation.records import digest

    mark = folder / digest(rtl.rglob("*.v*"))
    if not mark.exists():
        shutil.rmtree(folder, ignore_errors=True)
        _netlist(rtl, folder, name, "gold")
        mark.touch()
    return folder / "gold.json"


def _netlist(rtl: Path, folder: Path, name: str, module: str) -> Path:
    """A netlist of the design in a JSON file, all its state in $dff."""
    folder.mkdir(parents=True, exist_ok=True)
    if name.endswith(IN_ROWS):
        rtl = _in_rows(rtl, folder / "in_rows")
    top, *values = name.split()
    design: AnyDesign
    if plan.of_engine(top):
        design = configurations().design(_ENGINE, rtl)
    else:
        design = configurations().design(name.removesuffix(IN_ROWS), rtl)
        top, values = design.top, design.parameters()
    file = folder / f"{module}.json"
    parameters = " ".join(f"-chparam {value.replace('=', ' ')}" for value in values)
    sources = " ".join(os.path.relpath(source, ROOT) for source in design.sources())
    includes = " ".join(f"-I{os.path.relpath(folder, ROOT)}" for folder in design.includes())
    yosys(
        f"read_verilog {includes} {sources}; hierarchy -check -top {top} "
        f"{parameters}; proc; flatten; "
        f"memory_map; dffunmap; rename {top} {module}; write_json {os.path.relpath(file, ROOT)}",
        folder / "log",
    )
    return file


def _in_rows(rtl: Path, folder: Path) -> Path:
    """A copy of the design in which tables of more than two entries lie in rows of two."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(rtl, folder)
    file = find(folder, f"{TOP}.v")
    text = file.read_text()
    for old, new in _ROWS:
        if text.count(old) != 1:
            raise NotProved(f"not once in {TOP}.v: {old}")
        text = text.replace(old, new)
    file.write_text(text)
    return folder


def _module(file: Path) -> dict:
    (module,) = json.loads(file.read_text())["modules"].values()
    return module
