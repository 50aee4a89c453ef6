# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The rate of this machine's time stamp counter, which is also that of the machines that QEMU emulates here."""

import functools
import platform
import subprocess

from sim.cosim.errors import Unavailable
from sim.cosim.paths import HERE
from sim.cosim.plugin import compiled


@functools.cache
def tsc_rate() -> int:
    """In kHz, measured.

    Raises:
        Unavailable: this machine has no such counter.
        FlowError: the compiler refused.
    """
    if platform.machine() != "x86_64":
        raise Unavailable(f"this machine, {platform.machine()}, has no time stamp counter to tell the guest of")
    program = compiled(HERE / "plugin" / "tsc_rate.c", "")
    return int(subprocess.run([program], capture_output=True, text=True, check=True, timeout=60).stdout)
