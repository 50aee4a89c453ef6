# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What modules ask of their users (units/*_use.vh): checked in a copy of the RTL, by proof or in simulation.

The conditions are assumptions of the proofs of single modules. Nothing else in the copy is changed.
"""

from pathlib import Path

from sim.flow.paths import ROOT
from sim.flow.rtl_files import find

UNITS = ROOT / "formal" / "units"
PROVED = "`define KEPT(name, condition) always @* if (aresetn) name: assert (condition);"
# Whoever runs the simulation looks for such lines. What is unknown, as before the first reset, is not broken.
SIMULATED = """`define KEPT(name, condition) always @(posedge aclk) \\
    if (aresetn === 1'b1 && (condition) === 1'b0) begin : name $display("ERROR: broken assumption: %m"); $finish; end"""


def used_modules() -> list[str]:
    """Names of the modules that have such a file."""
    return sorted(path.name.removesuffix("_use.vh") for path in UNITS.glob("*_use.vh"))


def add_checks(folder: Path, define: str) -> None:
    """Make each of those modules, in the copy of rtl/ in folder, check what it asks; define is the macro KEPT."""
    for name in used_modules():
        path = find(folder, f"{name}.v")
        text = path.read_text()
        body = (UNITS / f"{name}_use.vh").read_text()
        assert text.count("endmodule") == 1, name
        path.write_text(text.replace("endmodule", f"{define}\n{body}`undef KEPT\nendmodule"))
