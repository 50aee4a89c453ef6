"""Where things are."""

import os
from pathlib import Path

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
    """
    return Path(os.environ["RTL"]).resolve() if os.environ.get("RTL") else ROOT / "rtl"
