# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the QEMU plugin, and other programs of one C file."""

import functools
import hashlib
import re
import subprocess
from pathlib import Path

from sim.cosim.errors import Unavailable
from sim.cosim.paths import CACHE, HERE
from sim.flow import processes, tools
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive

_INTERFACES = {7: 1, 10: 2}  # QEMU's major version -> its plugin interface's, of those that were tried


def plugin(qemu: str) -> Path:
    """The plugin's file for a QEMU, built unless it is there.

    Args:
        qemu: the program.

    Raises:
        Unavailable: nothing is known of this version of QEMU.
        FlowError: the compiler refused; the text has its first error.
    """
    options = ["-shared", "-fPIC", f"-DPLUGIN_INTERFACE={interface(qemu)}"]
    return compiled(HERE / "plugin" / "external_device.c", ".so", *options)


@functools.cache
def version(qemu: str) -> str:
    """The version that a QEMU says it has, such as 7.2.22; "" where it says none."""
    said = subprocess.run([qemu, "--version"], capture_output=True, text=True, timeout=60).stdout
    found = re.search(r"version (\d+(?:\.\d+)+)", said)
    return found[1] if found else ""


def interface(qemu: str) -> int:
    """The version of the plugin interface that a QEMU wants.

    Raises:
        Unavailable: nothing is known of this version of QEMU.
    """
    found = version(qemu)
    major = int(found.partition(".")[0] or 0)
    if major not in _INTERFACES:
        tried = " and ".join(map(str, _INTERFACES))
        raise Unavailable(
            f"the plugin is for QEMU {tried}; {qemu} is {f'version {found}' if found else 'of no known version'}"
        )
    return _INTERFACES[major]


def compiled(source: Path, suffix: str, *options: str) -> Path:
    """What the compiler makes of *source*, made unless it is there.

    Args:
        source: a C file.
        suffix: of the result's name.
        options: for the compiler.

    Raises:
        FlowError: the compiler refused; the text has its first error.
    """
    digest = hashlib.sha256(source.read_bytes() + repr(options).encode()).hexdigest()[:12]
    result = CACHE / f"{source.stem}-{digest}{suffix}"
    with exclusive(CACHE / "plugin.lock"):
        if not result.is_file():
            log, unfinished = CACHE / "plugin.log", result.with_suffix(".new")
            command = ["gcc", *options, "-O2", "-Wall", "-Werror", "-o", unfinished, source]
            if processes.run(command, log, CACHE, tools.environment(), 60):
                lines = log.read_text().splitlines()[:1]
                raise FlowError(f"building {source.name} failed: {lines} (all of it in {log})")
            unfinished.rename(result)
    return result
