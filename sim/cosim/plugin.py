# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the QEMU plugin."""

import hashlib
from pathlib import Path

from sim.cosim.paths import CACHE, HERE
from sim.flow import processes, tools
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive

_SOURCE = HERE / "plugin" / "external_device.c"


def plugin() -> Path:
    """The plugin's file, built unless it is there.

    Raises:
        FlowError: the compiler refused; the text has its first error.
    """
    result = CACHE / f"external_device-{hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:12]}.so"
    with exclusive(CACHE / "plugin.lock"):
        if not result.is_file():
            log, unfinished = CACHE / "plugin.log", result.with_suffix(".new")
            command = ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", unfinished, _SOURCE]
            if processes.run(command, log, CACHE, tools.environment(), 60):
                raise FlowError(
                    f"building the QEMU plugin failed: {log.read_text().splitlines()[:1]} (all of it in {log})"
                )
            unfinished.rename(result)
    return result
