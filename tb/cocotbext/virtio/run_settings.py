# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a run is to leave behind."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RunSettings:
    """Seed and files of a run, as whoever starts the simulation wants them. A file that is None is not written.

    Attributes:
        seed: of the run, for logs and headers of files.
        statistics: figures of all tests of the simulation, JSON.
        coverage: hits of the functional coverage bins, JSON.
        run_log: what the monitors saw and what the model concluded, JSON lines.
        recording: register accesses and device actions as a trace, CSV.
    """

    seed: str | None = None
    statistics: Path | None = None
    coverage: Path | None = None
    run_log: Path | None = None
    recording: Path | None = None
