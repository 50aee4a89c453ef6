# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The AXI4 memory in C++, compiled when it is first used, and kept with the compiled Python files."""

import hashlib
import subprocess
import tempfile
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
_FILES = ("axi_memory.cpp", "vpi.h")


class CompilerFailed(Exception):
    """There is no C++ compiler, or it does not take the sources; the text has its first message."""


@cache
def library(compiler: str = "c++") -> Path:
    """The library that holds the memory.

    Raises:
        CompilerFailed: it cannot be built.
    """
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in _FILES)).hexdigest()[:12]
    name = f"axi_memory-{digest}.so"
    kept = HERE / "__pycache__"
    if (kept / name).exists():
        return kept / name
    try:
        kept.mkdir(exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=kept))
    except OSError:  # installed where nobody may write
        work = kept = Path(tempfile.mkdtemp(prefix="virtio-axi-memory-"))
    command = [compiler, "-std=c++17", "-O2", "-shared", "-fPIC", "-o", str(work / "new"), str(HERE / _FILES[0])]
    try:
        process = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise CompilerFailed(f"{compiler}: {error}") from None
    if process.returncode:
        lines = [line for line in process.stderr.splitlines() if "error" in line] or ["no message"]
        raise CompilerFailed(f"{compiler} does not take {_FILES[0]}: {lines[0]}")
    (work / "new").rename(kept / name)
    if work != kept:
        work.rmdir()
    return kept / name
