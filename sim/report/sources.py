# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The files that the page is made from: who writes them, and what must be in them."""

import json
from dataclasses import dataclass
from pathlib import Path

from sim.report.shape import complaint

NUMBER = (int, float)
MAYBE = (int, float, type(None))
TEXT = (str, type(None))


@dataclass(frozen=True)
class Source:
    """One file.

    Attributes:
        name: of the section.
        file: in build/.
        command: what writes it.
        shape: what must be in it, see sim.report.shape; the module that writes it says what it means.
    """

    name: str
    file: str
    command: str
    shape: dict


@dataclass
class Loaded:
    """A source as it was found: `data` is None if it was not run, or if `wrong` says what is wrong with it."""

    source: Source
    path: Path
    data: dict | None = None
    wrong: str | None = None

    @property
    def revision(self) -> str | None:
        """The tree that it was made from, in git's words."""
        return (self.data or {}).get("git") or (self.data or {}).get("tree")

    @property
    def made(self) -> str:
        """When, and from which tree, in words."""
        tree = self.revision
        made = str(self.data["made"]) if self.data else ""
        return made.replace("T", " ")[:16] + (f", tree {tree}" if tree else "")


_OUTCOMES = {"killed": int, "survived": int, "equivalent": int, "open": int}
_POINTS = {"points": int, "covered": int, "excluded": int}
_EACH_MODULE = {"": _OUTCOMES}

SOURCES = {
    source.name: source
    for source in (
        Source(
            "testplan",
            "regress/testplan.json",
            "make test",
            {
                "made": str,
                "complete": bool,
                "entries": [
                    {
                        "name": str,
                        "requirement": str,
                        "status": str,
                        "stage": TEXT,
                        "stimulus": TEXT,
                        "expected": TEXT,
                        "not_visible": TEXT,
                        "tests": [{"test": str, "passed": int, "failed": int}],
                    }
                ],
            },
        ),
        Source(
            "regression",
            "regress/results.json",
            "make regress",
            {
                "made": str,
                "passed": int,
                "failed": int,
                "complete": bool,
                "simulations": int,
                "buckets": [{"count": int, "message": str, "replay": str}],
                "runs": [
                    {
                        "simulator": str,
                        "configuration": str,
                        "module": str,
                        "seed": int,
                        "seconds": NUMBER,
                        "cases": [{"name": str, "verdict": str}],
                        "failures": [{"message": str, "replay": str}],
                    }
                ],
            },
        ),
        Source(
            "coverage",
            "coverage/coverage.json",
            "make coverage",
            {
                "made": str,
                "runs": int,
                "missed": [str],
                "goals": dict,
                "functional": {
                    "bins": int,
                    "covered": int,
                    "groups": {"": {"bins": int, "covered": int, "excluded": int}},
                },
                "code": {"kinds": {"": _POINTS}, "files": {"": {"": _POINTS}}},
            },
        ),
        Source(
            "reliability",
            "reliability/reliability.json",
            "make reliability",
            {
                "made": str,
                "failures": list,
                "modes": {
                    "": {
                        "runs": int,
                        "register_accesses": int,
                        "hostile_accesses": int,
                        "events": int,
                        "messages": int,
                        "faults": int,
                        "resets": int,
                        "rarest_corner": int,
                        "lost": int,
                        "without_cause": int,
                    }
                },
            },
        ),
        Source(
            "mutation",
            "mutation/mutation.json",
            "make mutate",
            {
                "made": str,
                "count": int,
                "available": int,
                "score": MAYBE,
                "by_proofs": int,
                "outcomes": _OUTCOMES,
                "modules": _EACH_MODULE,
                "survivors": [{"module": str, "line": int, "original": str, "mutated": str}],
            },
        ),
        Source(
            "proofs",
            "formal/results.json",
            "make formal",
            {
                "made": str,
                "all": bool,
                "failed": int,
                "results": [{"name": str, "kind": str, "good": bool, "seconds": NUMBER, "text": str}],
            },
        ),
        Source(
            "synthesis",
            "syn/results.json",
            "make syn",
            {
                "made": str,
                "rows": [
                    {
                        "device": str,
                        "label": str,
                        "peer": TEXT,
                        "sharing": MAYBE,
                        "queues": MAYBE,
                        "vectors": MAYBE,
                        "lut4": MAYBE,
                        "ff": MAYBE,
                        "lut_ram": MAYBE,
                        "block_ram": MAYBE,
                        "mhz": (dict, type(None)),
                        "missed": [str],
                        "failure": TEXT,
                    }
                ],
            },
        ),
        Source(
            "bench",
            "bench/bench.json",
            "make bench",
            {
                "made": str,
                "machine": dict,
                "rates": [
                    {
                        "simulator": str,
                        "title": str,
                        "unit": str,
                        "median": NUMBER,
                        "min": NUMBER,
                        "max": NUMBER,
                        "ratio": MAYBE,
                    }
                ],
            },
        ),
        Source(
            "machine",
            "cosim/results.json",
            "make cosim",
            {
                "made": str,
                "failed": int,
                "devices": [
                    {
                        "run": str,
                        "device": str,
                        "requests": int,
                        "accesses": int,
                        "per_request": MAYBE,
                        "lines": int,
                        "messages": int,
                        "counted": MAYBE,
                        "masked": int,
                        "lost": int,
                        "without_cause": int,
                        "cycles": int,
                        "seconds": NUMBER,
                    }
                ],
            },
        ),
    )
}


def load(source: Source, build: Path) -> Loaded:
    """Read a source; what is wrong with it is in the result."""
    loaded = Loaded(source, build / source.file)
    try:
        text = loaded.path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return loaded
    except (OSError, UnicodeDecodeError) as error:
        loaded.wrong = f"cannot be read: {error}"
        return loaded
    try:
        data = json.loads(text)
    except ValueError as error:
        loaded.wrong = f"is no JSON: {error}"
        return loaded
    loaded.wrong = complaint(data, source.shape)
    if not loaded.wrong:
        loaded.data = data
    return loaded
