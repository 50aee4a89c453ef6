# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Writes everything that is generated from the register description.

`python -m sim regs` writes the files, `--check` only compares and exits 1 if one is stale.
"""

import subprocess
import sys
from pathlib import Path

from sim.flow.command import Parser
from sim.registers.description import RDL_FILE, Description, DescriptionError, load
from sim.registers.writers import c_header, html, python_constants, reference, register_model, verilog, waves

ROOT = Path(__file__).resolve().parents[2]
HTML_FOLDER = "build/registers"
LICENCE = (  # REUSE-IgnoreStart
    "SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors",
    "SPDX-License-Identifier: Apache-2.0",
)  # REUSE-IgnoreEnd
COMMAND = "python -m sim regs"
NOTICE = f"Generated from rtl/virtio_mmio.rdl by `{COMMAND}`: do not edit."


def outputs(description: Description) -> dict[str, str]:
    """Path from the project root -> text of every generated file."""
    files = {
        "rtl/endpoint/virtio_mmio_regs.vh": verilog.write(description, NOTICE),
        "tb/cocotbext/virtio/registers.py": formatted(python_constants.write(description, NOTICE)),
        "tb/cocotbext/virtio/register_model.py": formatted(register_model.write(description, NOTICE)),
        "sw/include/virtio_mmio_msi.h": c_header.write(description, NOTICE),
        "docs/registers.md": reference.markdown(description, NOTICE),
        "sim/waves/registers.gtkw-filter": waves.registers(description, NOTICE),
        "sim/waves/msi_commands.gtkw-filter": waves.commands(description, NOTICE),
        "sim/waves/status.gtkw-filter": waves.status(description, NOTICE),
    }
    return {name: _licensed(name, text) for name, text in files.items()}


def _licensed(name: str, text: str) -> str:
    """The text with the lines of its licence, where the kind of file has comments that no tool shows."""
    comment = {".vh": "// {}", ".h": "/* {} */", ".py": "# {}"}.get(Path(name).suffix)
    return "".join(f"{comment.format(line)}\n" for line in LICENCE) + text if comment else text


def formatted(text: str) -> str:
    """Python source as the project's formatter writes it."""
    for command in (["check", "--quiet", "--fix", "--select", "I"], ["format", "--quiet"]):
        ruff = [str(Path(sys.executable).with_name("ruff")), *command, "--stdin-filename", "tb/generated.py", "-"]
        text = subprocess.run(ruff, cwd=ROOT, input=text, capture_output=True, text=True, check=True).stdout
    return text


def write(files: dict[str, str], root: Path) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def stale(files: dict[str, str], root: Path) -> list[str]:
    """Names of the files that are missing or differ from what would be written."""
    return [name for name, text in files.items() if not (root / name).is_file() or (root / name).read_text() != text]


def main(arguments: list[str] | None = None) -> int:
    parser = Parser(prog=COMMAND, description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is stale")
    parser.add_argument("--rdl", type=Path, default=RDL_FILE, help="register description (default: %(default)s)")
    parser.add_argument("--root", type=Path, default=ROOT, help="directory to write below (default: the project)")
    options = parser.parse_args(arguments)
    try:
        files = outputs(load(options.rdl))
    except DescriptionError as error:
        print(error, file=sys.stderr)
        return 1
    if not options.check:
        write(files, options.root)
        html.write(options.rdl, options.root / HTML_FOLDER)
        return 0
    old = stale(files, options.root)
    for name in old:
        print(f"{name} is stale: run `{COMMAND}`", file=sys.stderr)
    return 1 if old else 0
