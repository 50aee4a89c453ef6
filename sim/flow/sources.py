# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Which sources a regression tested: results of other sources are not worth continuing."""

import hashlib
from pathlib import Path

from sim.flow import rtl_files
from sim.flow.paths import ROOT

_FILES = (
    "tb/**/*.py",
    "tests/flow/benches/*.py",
    "tb/traces/**/*.csv",
    "sim/*.py",
    "sim/flow/*.py",
    "sim/*.toml",
    "sim/flow/*.vlt",
    "sim/waves/*.v",
    "requirements.txt",
)


def fingerprint(rtl: Path) -> str:
    """A short name for the content of everything that decides the result of a simulation of the design in `rtl`."""
    digest = hashlib.sha256()
    files = [file for pattern in _FILES for file in sorted(ROOT.glob(pattern))]
    for file in (*files, *rtl_files.sources(rtl), *rtl_files.headers(rtl)):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
