"""Where things are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
RUNS = BUILD / "runs"
WAVES = ROOT / "sim" / "waves"
HARNESS = ROOT / "tb" / "cocotbext" / "virtio" / "fast" / "harness"
PYTHON_PATH = (ROOT, ROOT / "tb")  # where Python finds sim, tb.tests and cocotbext.virtio
TRACES = ROOT / "tb" / "traces"


def rtl_directory() -> Path:
    """The folder of the design's Verilog files: rtl/, or the one that the environment variable RTL names.

    RTL puts another implementation behind the same ports and testbench.
    """
    return Path(os.environ["RTL"]).resolve() if os.environ.get("RTL") else ROOT / "rtl"
