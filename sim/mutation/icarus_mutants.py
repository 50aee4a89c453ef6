# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Icarus with all mutants of a multiplexed design: the file `mutant` in a run's directory has the number; without it
there is none.

Without a mutant the file `inputs` gets a line at each rising edge of aclk, with all inputs in hexadecimal.
"""

import re
from collections.abc import Callable
from pathlib import Path

from sim.flow import icarus
from sim.flow.design import AnyDesign
from sim.flow.rtl_files import find
from sim.mutation.mutant_mux import NONE

KEY = "icarus-mutants"
NAME = icarus.NAME
SEPARATE_WAVE_BUILD = icarus.SEPARATE_WAVE_BUILD
SUPPORT_FILES = icarus.SUPPORT_FILES
RULES = [Path(icarus.__file__)]
read = icarus.read
CHOSEN = "mutant"
INPUTS = "inputs"
run_command = icarus.run_command

_PORT = re.compile(r"^\s*(input|output)\s+(?:wire|reg)\s+(?:\[.*?\])?\s*(\w+)", re.MULTILINE)


def ports(design: AnyDesign, direction: str) -> list[str]:
    """The top's inputs or outputs but for the clock, in the order of the text."""
    header = find(design.rtl, f"{design.top}.v").read_text().partition("\n);")[0]
    return [name for kind, name in _PORT.findall(header) if kind == direction and name != "aclk"]


def build(design: AnyDesign, directory: Path, waves: bool, execute: Callable[[list], None]) -> None:
    """Make the simulation in `directory`. `execute` runs a command there."""
    choice = directory / "mutant_choice.v"
    names = ports(design, "input")
    choice.write_text(f"""module mutant_choice;
    integer number, file;
    initial begin
        number = {NONE};
        file = $fopen("{CHOSEN}", "r");
        if (file != 0)
            if ($fscanf(file, "%d", number) != 1)
                $display("ERROR: no number in {CHOSEN}");
        if (number == {NONE})
            file = $fopen("{INPUTS}");
    end
    always @(posedge {design.top}.aclk)
        if (number == {NONE})
            $fdisplay(file, "{" ".join(["%h"] * len(names))}",
                {", ".join(f"{design.top}.{name}" for name in names)});
endmodule
""")
    icarus.build(
        design,
        directory,
        waves,
        lambda command: execute([*command, "-DMUTANT=mutant_choice.number", "-s", "mutant_choice", choice]),
    )
