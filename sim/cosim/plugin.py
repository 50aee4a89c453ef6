# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the QEMU plugin, and other programs of one C file."""

import hashlib
from pathlib import Path

from sim.cosim.paths import CACHE, HERE
from sim.flow import processes, tools
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive


def plugin() -> Path:
    """The plugin's file, built unless it is there.

    Raises:
        FlowError: the compiler refused; the text has its first error.
    """
    return compiled(HERE / "plugin" / "external_device.c", ".so", "-shared", "-fPIC")


def compiled(source: Path, suffix: str, *options: str) -> Path:
    """What the compiler makes of *source*, made unless it is there.

    Args:
        source: a C file.
        suffix: of the result's name.
        options: for the compiler.

    Raises:
        FlowError: the compiler refused; the text has its first error.
    """
    result = CACHE / f"{source.stem}-{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}{suffix}"
    with exclusive(CACHE / "plugin.lock"):
        if not result.is_file():
            log, unfinished = CACHE / "plugin.log", result.with_suffix(".new")
            command = ["gcc", *options, "-O2", "-Wall", "-Werror", "-o", unfinished, source]
            if processes.run(command, log, CACHE, tools.environment(), 60):
                lines = log.read_text().splitlines()[:1]
                raise FlowError(f"building {source.name} failed: {lines} (all of it in {log})")
            unfinished.rename(result)
    return result
