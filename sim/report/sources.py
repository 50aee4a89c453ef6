# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The files that the page is made from: who writes them, and what must be in them."""

import json
from dataclasses import dataclass
from pathlib import Path

from sim.flow import schema

MAYBE_NUMBER = schema.maybe(schema.NUMBER)
MAYBE_TEXT = schema.maybe(schema.TEXT)


@dataclass(frozen=True)
class Source:
    """One file.

    Attributes:
        name: of the section.
        file: in build/.
        command: what writes it.
        shape: the JSON Schema of what must be in it; the module that writes it says what it means.
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


def _object(fields: dict[str, schema.Schema]) -> schema.Schema:
    """An object that has at least these fields."""
    return schema.table(fields, further=True)


_OUTCOMES = _object(
    {"killed": schema.INTEGER, "survived": schema.INTEGER, "equivalent": schema.INTEGER, "open": schema.INTEGER}
)
_POINTS = _object({"points": schema.INTEGER, "covered": schema.INTEGER, "excluded": schema.INTEGER})
SOURCES = {
    source.name: source
    for source in (
        Source(
            "testplan",
            "regress/testplan.json",
            "make test",
            _object(
                {
                    "made": schema.TEXT,
                    "complete": schema.BOOLEAN,
                    "entries": schema.items(
                        _object(
                            {
                                "name": schema.TEXT,
                                "requirement": schema.TEXT,
                                "status": schema.TEXT,
                                "stage": MAYBE_TEXT,
                                "stimulus": MAYBE_TEXT,
                                "expected": MAYBE_TEXT,
                                "not_visible": MAYBE_TEXT,
                                "tests": schema.items(
                                    _object({"test": schema.TEXT, "passed": schema.INTEGER, "failed": schema.INTEGER})
                                ),
                            }
                        )
                    ),
                }
            ),
        ),
        Source(
            "regression",
            "regress/results.json",
            "make regress",
            _object(
                {
                    "made": schema.TEXT,
                    "passed": schema.INTEGER,
                    "failed": schema.INTEGER,
                    "complete": schema.BOOLEAN,
                    "simulations": schema.INTEGER,
                    "buckets": schema.items(
                        _object({"count": schema.INTEGER, "message": schema.TEXT, "replay": schema.TEXT})
                    ),
                    "runs": schema.items(
                        _object(
                            {
                                "simulator": schema.TEXT,
                                "configuration": schema.TEXT,
                                "module": schema.TEXT,
                                "seed": schema.INTEGER,
                                "seconds": schema.NUMBER,
                                "cases": schema.items(_object({"name": schema.TEXT, "verdict": schema.TEXT})),
                                "failures": schema.items(_object({"message": schema.TEXT, "replay": schema.TEXT})),
                            }
                        )
                    ),
                }
            ),
        ),
        Source(
            "coverage",
            "coverage/coverage.json",
            "make coverage",
            _object(
                {
                    "made": schema.TEXT,
                    "runs": schema.INTEGER,
                    "missed": schema.items(schema.TEXT),
                    "goals": schema.OBJECT,
                    "functional": _object(
                        {
                            "bins": schema.INTEGER,
                            "covered": schema.INTEGER,
                            "groups": schema.each(
                                _object({"bins": schema.INTEGER, "covered": schema.INTEGER, "excluded": schema.INTEGER})
                            ),
                        }
                    ),
                    "code": _object({"kinds": schema.each(_POINTS), "files": schema.each(schema.each(_POINTS))}),
                }
            ),
        ),
        Source(
            "reliability",
            "reliability/reliability.json",
            "make reliability",
            _object(
                {
                    "made": schema.TEXT,
                    "failures": schema.items(schema.ANYTHING),
                    "modes": schema.each(
                        _object(
                            {
                                "runs": schema.INTEGER,
                                "register_accesses": schema.INTEGER,
                                "hostile_accesses": schema.INTEGER,
                                "events": schema.INTEGER,
                                "messages": schema.INTEGER,
                                "faults": schema.INTEGER,
                                "resets": schema.INTEGER,
                                "rarest_corner": schema.INTEGER,
                                "lost": schema.INTEGER,
                                "without_cause": schema.INTEGER,
                            }
                        )
                    ),
                }
            ),
        ),
        Source(
            "mutation",
            "mutation/mutation.json",
            "make mutate",
            _object(
                {
                    "made": schema.TEXT,
                    "count": schema.INTEGER,
                    "available": schema.INTEGER,
                    "score": MAYBE_NUMBER,
                    "by_proofs": schema.INTEGER,
                    "outcomes": _OUTCOMES,
                    "modules": schema.each(_OUTCOMES),
                    "survivors": schema.items(
                        _object(
                            {
                                "module": schema.TEXT,
                                "line": schema.INTEGER,
                                "original": schema.TEXT,
                                "mutated": schema.TEXT,
                            }
                        )
                    ),
                }
            ),
        ),
        Source(
            "proofs",
            "formal/results.json",
            "make formal",
            _object(
                {
                    "made": schema.TEXT,
                    "all": schema.BOOLEAN,
                    "failed": schema.INTEGER,
                    "results": schema.items(
                        _object(
                            {
                                "name": schema.TEXT,
                                "kind": schema.TEXT,
                                "good": schema.BOOLEAN,
                                "seconds": schema.NUMBER,
                                "text": schema.TEXT,
                            }
                        )
                    ),
                }
            ),
        ),
        Source(
            "synthesis",
            "syn/results.json",
            "make syn",
            _object(
                {
                    "made": schema.TEXT,
                    "rows": schema.items(
                        _object(
                            {
                                "device": schema.TEXT,
                                "label": schema.TEXT,
                                "peer": MAYBE_TEXT,
                                "sharing": MAYBE_NUMBER,
                                "queues": MAYBE_NUMBER,
                                "vectors": MAYBE_NUMBER,
                                "lut4": MAYBE_NUMBER,
                                "ff": MAYBE_NUMBER,
                                "lut_ram": MAYBE_NUMBER,
                                "block_ram": MAYBE_NUMBER,
                                "mhz": schema.maybe(schema.OBJECT),
                                "missed": schema.items(schema.TEXT),
                                "failure": MAYBE_TEXT,
                            }
                        )
                    ),
                }
            ),
        ),
        Source(
            "bench",
            "bench/bench.json",
            "make bench",
            _object(
                {
                    "made": schema.TEXT,
                    "machine": schema.OBJECT,
                    "rates": schema.items(
                        _object(
                            {
                                "simulator": schema.TEXT,
                                "title": schema.TEXT,
                                "unit": schema.TEXT,
                                "median": schema.NUMBER,
                                "min": schema.NUMBER,
                                "max": schema.NUMBER,
                                "ratio": MAYBE_NUMBER,
                            }
                        )
                    ),
                }
            ),
        ),
        Source(
            "machine",
            "cosim/results.json",
            "make cosim",
            _object(
                {
                    "made": schema.TEXT,
                    "failed": schema.INTEGER,
                    "devices": schema.items(
                        _object(
                            {
                                "run": schema.TEXT,
                                "device": schema.TEXT,
                                "requests": schema.INTEGER,
                                "accesses": schema.INTEGER,
                                "per_request": MAYBE_NUMBER,
                                "lines": schema.INTEGER,
                                "messages": schema.INTEGER,
                                "counted": MAYBE_NUMBER,
                                "masked": schema.INTEGER,
                                "lost": schema.INTEGER,
                                "without_cause": schema.INTEGER,
                                "cycles": schema.INTEGER,
                                "seconds": schema.NUMBER,
                            }
                        )
                    ),
                }
            ),
        ),
        Source(
            "yardstick",
            "yardstick/results.json",
            "make yardstick",
            _object(
                {
                    "made": schema.TEXT,
                    "qemu": schema.TEXT,
                    "scenarios": schema.items(
                        _object(
                            dict.fromkeys(("scenario", "qemu", "endpoint", "verdict", "because"), schema.TEXT)
                            | {"problems": schema.items(schema.TEXT)}
                        )
                    ),
                    "random": _object(
                        {
                            "sequences": schema.INTEGER,
                            "steps": schema.INTEGER,
                            "problems": schema.items(schema.TEXT),
                        }
                    ),
                }
            ),
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
    loaded.wrong = schema.complaint(data, source.shape)
    if not loaded.wrong:
        loaded.data = data
    return loaded
