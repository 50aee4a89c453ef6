# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Results as the other commands write them, small."""

import json
from pathlib import Path

from sim.flow.paths import ROOT
from sim.flow.run import SOURCES
from sim.flow.sources import fingerprint

RUN = {
    "simulator": "icarus",
    "configuration": "sharing",
    "module": "test_smoke",
    "test": None,
    "seed": 1,
    "seconds": 1.5,
    "log": None,
    "cases": [{"name": "identity", "verdict": "passed", "seconds": 0.1}],
    "failures": [],
}
REGRESSION = {
    "made": "2026-01-31T12:00:00+00:00",
    "git": "abc1234",
    "run": "1",
    "directory": "build/regress/1",
    "complete": True,
    "simulations": 1,
    "passed": 1,
    "failed": 0,
    "skipped": 0,
    "buckets": [],
    "runs": [RUN],
}
COUNTS = {"killed": 3, "survived": 1, "equivalent": 1, "not built": 0, "open": 0}
MUTATION = {
    "made": "2026-01-31T12:00:00+00:00",
    "tree": "abc1234",
    "count": 5,
    "available": 900,
    "score": 0.75,
    "by_proofs": 1,
    "outcomes": COUNTS,
    "modules": {"virtio_bit_table": COUNTS, "virtio_first_set": COUNTS},
    "survivors": [{"module": "virtio_bit_table", "line": 12, "original": "<b>", "mutated": "a & b"}],
}
ROW = {
    "device": "ecp5",
    "peer": None,
    "label": "2/3",
    "queues": 2,
    "vectors": 3,
    "sharing": 0,
    "lut4": 1500,
    "ff": 900,
    "lut_ram": 80,
    "block_ram": 0,
    "mhz": {"median": 201.5, "min": 190, "max": 210},
    "missed": [],
    "failure": None,
}
SYNTHESIS = {
    "made": "2026-01-31T12:00:00+00:00",
    "tree": None,
    "rows": [
        ROW,
        {**ROW, "label": "31/32", "queues": 31, "vectors": 32, "lut4": 3100, "missed": ["120 MHz, 150 wanted"]},
        {
            **ROW,
            "label": "8/9",
            "queues": 8,
            "vectors": 9,
            "lut4": 1900,
            "sharing": 1,
            "mhz": None,
            "failure": "no fit",
        },
    ],
}
RATE = {
    "simulator": "icarus",
    "title": "(c) our agent",
    "unit": "register accesses/s",
    "median": 5000.0,
    "min": 4000.0,
    "max": 6000.0,
    "ratio": 3.5,
}
BENCH = {
    "made": "2026-01-31T12:00:00+00:00",
    "git": "abc1234",
    "machine": {"cores": 2, "load_before": 0.1},
    "rates": [RATE, {**RATE, "title": "events", "unit": "events/s", "ratio": None}],
}
STATISTICS = {
    "events_by_kind": {"config_change": 10, "used_buffer": 20},
    "messages": 25,
    "held_by_mask": 3,
    "coalesced": 5,
    "register_accesses": 100,
    "lost": 0,
    "without_cause": 0,
    "latency": {"min": 2, "median": 2, "max": 2},
    "unmask_to_message": 3,
    "messages_per_cycle": 1.0,
    "register_writes_per_cycle": 1.0,
    "register_reads_per_cycle": 1.0,
}
PROOFS = {
    "made": "2026-01-31T12:00:00+00:00",
    "git": "abc1234",
    "all": False,
    "passed": 2,
    "failed": 0,
    "results": [
        {"name": "whole_2_3", "kind": "prove", "good": True, "seconds": 12.5, "text": "proved in 20 steps"},
        {"name": "fault_ack_wins", "kind": "fault", "good": True, "seconds": 3, "text": "p1_line"},
    ],
}
ENTRY = {
    "section": "contract",
    "name": "rule 1",
    "requirement": "nothing at first",
    "stage": "V1",
    "stimulus": "reset",
    "expected": "silence",
    "not_visible": None,
    "status": "passed",
    "tests": [{"test": "test_smoke:identity", "passed": 3, "failed": 0, "skipped": 1}],
}
TESTPLAN = {
    "made": "2026-01-31T12:00:00+00:00",
    "git": "abc1234",
    "complete": True,
    "passed": 1,
    "failed": 0,
    "not_run": 1,
    "not_visible": 1,
    "entries": [
        ENTRY,
        {**ENTRY, "name": "rule 2", "status": "not run", "tests": []},
        {
            **ENTRY,
            "name": "D-1",
            "stage": None,
            "stimulus": None,
            "expected": None,
            "not_visible": "a driver's duty",
            "status": "not visible",
            "tests": [],
        },
    ],
}
MACHINE = {
    "made": "2026-01-31T12:00:00+00:00",
    "tree": "abc1234",
    "failed": 0,
    "devices": [
        {
            "run": "linux",
            "device": "disk",
            "requests": 133,
            "accesses": 304,
            "per_request": 1.61,
            "lines": 61,
            "messages": 0,
            "counted": 61,
            "masked": 0,
            "lost": 0,
            "without_cause": 0,
            "cycles": 37593,
            "seconds": 20.0,
        }
    ],
}
COVERAGE = {
    "made": "2026-01-31T12:00:00+00:00",
    "tree": "abc1234",
    "runs": 12,
    "missed": [],
    "goals": {"line": 100},
    "functional": {
        "bins": 3,
        "covered": 2,
        "excluded": 1,
        "groups": {"commands": {"bins": 3, "covered": 2, "excluded": 1, "open": []}},
    },
    "code": {
        "kinds": {"line": {"points": 400, "covered": 399, "excluded": 2}},
        "open": [],
        "files": {"virtio_bit_table.v": {"line": {"points": 3, "covered": 3, "excluded": 0}}},
    },
}
MODE = {
    "runs": 9,
    "register_accesses": 1000,
    "hostile_accesses": 100,
    "events": 2000,
    "messages": 1500,
    "faults": 3,
    "lost": 0,
    "without_cause": 0,
    "resets": 4,
    "rarest_corner": 120,
}
RELIABILITY = {
    "made": "2026-01-31T12:00:00+00:00",
    "tree": "abc1234",
    "failures": [],
    "modes": {"sharing verilator fast": MODE},
}


def folder(place: Path, **files: dict | str) -> Path:
    """A build folder with these files, by the name of their folder: regress={...} is regress/results.json."""
    names = {
        "testplan": "../regress/testplan.json",
        "mutation": "mutation.json",
        "bench": "bench.json",
        "coverage": "coverage.json",
        "reliability": "reliability.json",
    }
    for name, content in files.items():
        (place / name).mkdir(parents=True, exist_ok=True)
        file = place / name / names.get(name, "results.json")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))
    return place


def simulation(place: Path, name: str, statistics: dict) -> None:
    """The directory of a simulation with its statistics."""
    directory = place / "runs" / name
    directory.mkdir(parents=True)
    (directory / "statistics.json").write_text(json.dumps(statistics))
    (directory / SOURCES).write_text(fingerprint(ROOT / "rtl"))
