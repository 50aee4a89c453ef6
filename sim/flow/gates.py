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
from sim.flow.design import TOP, Design
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive
from sim.flow.paths import BUILD, ROOT

_NETLIST = f"{TOP}_gates"


def folder(configuration: str, rtl: Path) -> Path:
    """A folder with the netlist of the design in rtl, made unless it is there: RTL for a simulation of that
    configuration.

    Raises:
        FlowError: Yosys failed; the text has its own error.
    """
    design = Design(rtl, configurations().by_name[configuration])
    directory = BUILD / "gates" / f"{configuration}-{_digest(design)}"
    with exclusive(directory.with_suffix(".lock")):
        if not (directory / f"{TOP}.v").exists():
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True)
            _synthesise(design, directory)
            header = rtl_files.find(rtl, f"{TOP}.v").read_text()
            include = [line for line in header.splitlines() if line.startswith("`include")]
            for file in rtl_files.headers(rtl):
                shutil.copy(file, directory)
            (directory / f"{TOP}.v").write_text("\n".join([*include, wrapper(header)]))
    return directory


def wrapper(text: str) -> str:
    """The top module of this text with the netlist inside; its parameters are accepted and have no effect."""
    found = re.search(rf"^module {TOP}\b.*?^\);\n", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise FlowError(f"no header of module {TOP} in {TOP}.v")
    header = found[0]
    ports = re.findall(r"^\s*(?:input|output)\s+(?:wire|reg)\s*(?:\[.*?\])?\s*(\w+)", header, re.MULTILINE)
    connections = ", ".join(f".{port}({port})" for port in ports)
    return f"{header}    {_NETLIST} gates ({connections});\nendmodule\n"


def _digest(design: Design) -> str:
    import hashlib

    digest = hashlib.sha256(repr(design.parameters()).encode())
    for file in (*design.content(), Path(__file__)):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _synthesise(design: Design, directory: Path) -> None:
    # Relative paths: the packaged Yosys sees the files below the present folder only.
    parameters = " ".join(f"-chparam {parameter.replace('=', ' ')}" for parameter in design.parameters())
    sources = " ".join(os.path.relpath(file, ROOT) for file in design.sources())
    netlist = os.path.relpath(directory / f"{_NETLIST}.v", ROOT)
    includes = " ".join(f"-I{os.path.relpath(folder, ROOT)}" for folder in design.includes())
    script = (
        f"read_verilog {includes} {sources}; hierarchy -check -top {TOP} {parameters}; "
        f"synth -flatten -top {TOP}; rename {TOP} {_NETLIST}; write_verilog -noattr {netlist}"
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
