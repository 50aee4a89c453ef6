# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The design as gates: what Yosys's generic synthesis makes of a configuration, behind the same ports and
parameters."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from sim.flow import rtl_files, tools, yosys, yowasp
from sim.flow.configs import configurations
from sim.flow.design import AnyDesign, TopDesign
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive
from sim.flow.paths import BUILD, ROOT

# `synth` of Yosys. Of a design with rings the memories stay memories, for as flip-flops they are a hundred thousand,
# and flip-flops begin with 0 or 1, drawn at random: gates make more of an unknown bit than RTL makes of it.
_SYNTHESIS = "synth -flatten -top {top}"
_SYNTHESIS_WITH_MEMORIES = (
    "synth -flatten -top {top} -run begin:fine; opt -fast -full; opt -full; techmap; opt -fast; abc; opt -fast; "
    "setundef -init -random 1; hierarchy -check; check -assert"
)


def folder(configuration: str, rtl: Path) -> Path:
    """A folder with the netlist of the design in rtl, made unless it is there: RTL for a simulation of that
    configuration.

    Raises:
        FlowError: Yosys failed; the text has its own error.
    """
    design = configurations().design(configuration, rtl)
    directory = BUILD / "gates" / f"{configuration}-{_digest(design)}"
    with exclusive(directory.with_suffix(".lock")):
        if not (directory / f"{design.top}.v").exists():
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True)
            _synthesise(design, directory)
            header = rtl_files.find(rtl, f"{design.top}.v").read_text()
            include = [line for line in header.splitlines() if line.startswith("`include")]
            for file in rtl_files.headers(rtl):
                shutil.copy(file, directory)
            if isinstance(design, TopDesign):
                for name in design.files:
                    (directory / name).write_text(f"{design.top}.v\n{_netlist(design)}.v\n")
            (directory / f"{design.top}.v").write_text("\n".join([*include, wrapper(header, design.top)]))
    return directory


def wrapper(text: str, top: str) -> str:
    """The module `top` of this text with the netlist inside; its parameters are accepted and have no effect."""
    found = re.search(rf"^module {top}\b.*?^\);\n", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise FlowError(f"no header of module {top} in {top}.v")
    header = found[0]
    ports = re.findall(r"^\s*(?:input|output)\s+(?:wire|reg)\s*(?:\[.*?\])?\s*(\w+)", header, re.MULTILINE)
    connections = ", ".join(f".{port}({port})" for port in ports)
    return f"{header}    {top}_gates gates ({connections});\nendmodule\n"


def _netlist(design: AnyDesign) -> str:
    return f"{design.top}_gates"


def _digest(design: AnyDesign) -> str:
    import hashlib

    digest = hashlib.sha256(repr(design.parameters()).encode())
    for file in (*design.content(), Path(__file__)):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _synthesise(design: AnyDesign, directory: Path) -> None:
    # Relative paths: the packaged Yosys sees the files below the present folder only.
    parameters = " ".join(f"-chparam {parameter.replace('=', ' ')}" for parameter in design.parameters())
    sources = " ".join(os.path.relpath(file, ROOT) for file in design.sources())
    netlist = os.path.relpath(directory / f"{_netlist(design)}.v", ROOT)
    includes = " ".join(f"-I{os.path.relpath(folder, ROOT)}" for folder in design.includes())
    synthesis = _SYNTHESIS_WITH_MEMORIES if isinstance(design, TopDesign) else _SYNTHESIS
    script = (
        f"read_verilog {includes} {sources}; hierarchy -check -top {design.top} {parameters}; "
        f"{synthesis.format(top=design.top)}; rename {design.top} {_netlist(design)}; write_verilog -noattr {netlist}"
    )
    log = directory / "log"
    yowasp.prepare(yosys.PROGRAM)
    with log.open("w") as output:
        done = subprocess.run(
            [yowasp.BIN / yosys.PROGRAM, "-p", script],
            cwd=ROOT,
            env=tools.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        errors = re.findall(r".*ERROR: .*", log.read_text())
        raise FlowError(f"making gates failed: {(errors or ['no message'])[0]} (all of it in {log})")
