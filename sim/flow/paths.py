# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Where things are."""

import os
from pathlib import Path

from sim.flow.errors import FlowError

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
RUNS = BUILD / "runs"
# Closer looks at one run each have a folder of their own: none removes what another has left.
WAVE_RUNS, TIMELINE_RUNS, SHRINK_RUNS = BUILD / "waves", BUILD / "timeline", BUILD / "shrink" / "runs"
WAVES = ROOT / "sim" / "waves"
HARNESS = ROOT / "tb" / "cocotbext" / "virtio" / "fast" / "harness"
PYTHON_PATH = (ROOT, ROOT / "tb")  # where Python finds sim, tb.tests and cocotbext.virtio
TRACES = ROOT / "tb" / "traces"


def rtl_directory() -> Path:
    """The folder of the design's Verilog files: rtl/, or the one that the environment variable RTL names.

    RTL puts another implementation behind the same ports and testbench.

    Raises:
        FlowError: RTL names no folder.
    """
    if not os.environ.get("RTL"):
        return ROOT / "rtl"
    found = Path(os.environ["RTL"]).expanduser().resolve()
    if not found.is_dir():
        raise FlowError(f"RTL={os.environ['RTL']} is no folder")
    return found
