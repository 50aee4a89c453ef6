# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""build/bench/bench.json: what was measured, for people and programs.

The file is one JSON object::

    made        date and time, ISO 8601, UTC
    git         `git describe` of the tree
    machine     {"cores": number, "load_before": 1-minute load, "load_after": the same at the end}
    rounds      how often each subject was measured
    seconds     for each measurement, of processor time: so are all rates
    rates       list of {"simulator", "subject", "title", "unit",
                         "samples": [one rate a round; a duration, of wall time, where the unit is "s"],
                         "median", "min", "max": of them, in `unit`,
                         "ratio": median of the rate divided by that of cocotbext-axi in the same round, null for
                         other units,
                         "cycles_per_item": simulated clock cycles, 0 for a duration,
                         "processor": median of the processor time in seconds, of a duration only}
"""

import os
import statistics
from pathlib import Path

from sim.bench.subjects import ACCESSES, REFERENCE, SUBJECTS
from sim.flow import artifact, cpus
from sim.flow.paths import BUILD

FOLDER = BUILD / "bench"


def load() -> float:
    """Processes that wanted to run in the last minute."""
    return round(os.getloadavg()[0], 2)


def summary(samples: dict, rounds: int, seconds: float, load_before: float) -> dict:
    """The content of the file; `samples` as sim.bench.rounds.measure() returns them."""
    return {
        **artifact.head(),
        "machine": {"cores": cpus.available(), "load_before": load_before, "load_after": load()},
        "rounds": rounds,
        "seconds": seconds,
        "rates": [_rates(samples, simulator, name) for simulator, name in samples],
    }


def _rates(samples: dict, simulator: str, name: str) -> dict:
    subject = SUBJECTS[name]
    mine = samples[simulator, name]
    rates = [sample["seconds"] if subject.duration else sample["count"] / sample["seconds"] for sample in mine]
    reference = [sample["count"] / sample["seconds"] for sample in samples.get((simulator, REFERENCE), [])]
    compares = subject.unit == ACCESSES and len(reference) == len(rates)
    return {
        "simulator": simulator,
        "subject": name,
        "title": subject.title,
        "unit": subject.unit,
        "samples": [round(rate, 1) for rate in rates],
        "median": round(statistics.median(rates), 1),
        "min": round(min(rates), 1),
        "max": round(max(rates), 1),
        "ratio": round(statistics.median(rate / base for rate, base in zip(rates, reference)), 2) if compares else None,
        "cycles_per_item": round(statistics.median(s["cycles"] / s["count"] for s in mine), 2),
        **({"processor": round(statistics.median(s["processor"] for s in mine), 1)} if subject.duration else {}),
    }


def write(results: dict, folder: Path) -> Path:
    """Write the file, whole or not at all, into a folder that is made if need be; returns its path."""
    return artifact.write_json(folder / "bench.json", results)
