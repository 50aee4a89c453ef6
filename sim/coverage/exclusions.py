# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""exclusions.toml: goals, and what need not be covered, each with its reason."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sim.flow import schema

FILE = Path(__file__).with_name("exclusions.toml")
KINDS = ("line", "branch", "expr", "toggle")
_SCHEMA = schema.table(
    {},
    {
        "goals": schema.table({}, dict.fromkeys(KINDS, schema.NUMBER)),
        "functional": schema.items(schema.table({"group": schema.NAME, "reason": schema.NAME}, {"bin": schema.NAME})),
        "code": schema.items(
            schema.table(
                {"kind": schema.one_of(KINDS), "reason": schema.NAME},
                dict.fromkeys(("file", "point", "source"), schema.NAME),
            )
        ),
    },
)


@dataclass
class Exclusion:
    """One entry. All of its patterns must match: * and ? as ever, [2..31] an index from 2 to 31.

    Attributes:
        group, bin: of functional coverage.
        kind, file, point, source: of code coverage: line, branch, expr or toggle; the file's name; what Verilator
        calls the
            point; the text of the source line, without white space around it.
        reason: why it need not be covered.
        needed: what it matched that is not covered.
        matched: what it matched at all.
    """

    reason: str
    group: str = ""
    bin: str = "*"
    kind: str = ""
    file: str = "*"
    point: str = "*"
    source: str = "*"
    needed: int = 0
    matched: int = field(default=0)

    def excludes(self, covered: bool, **texts: str) -> bool:
        """Does it match, and is there something to excuse? Texts are the fields by name."""
        if not all(_expression(getattr(self, name)).fullmatch(text) for name, text in texts.items()):
            return False
        self.matched += 1
        self.needed += not covered
        return not covered

    def __str__(self) -> str:
        fields = (f"{name} = {getattr(self, name)!r}" for name in ("group", "bin", "kind", "file", "point", "source"))
        return ", ".join(text for text in fields if not text.endswith(("''", "'*'")))


@cache
def _expression(pattern: str) -> re.Pattern:
    """Verilog is full of brackets: but for [first..last] they mean themselves."""
    parts = []
    for range_, other in re.findall(r"\[(\d+\.\.\d+)\]|(.)", pattern):
        if range_:
            first, last = map(int, range_.split(".."))
            parts.append(rf"\[(?:{'|'.join(map(str, range(first, last + 1)))})\]")
        else:
            parts.append({"*": ".*", "?": "."}.get(other) or re.escape(other))
    return re.compile("".join(parts))


@dataclass
class Rules:
    """What exclusions.toml says."""

    goals: dict[str, float]
    functional: list[Exclusion]
    code: list[Exclusion]

    def unused(self) -> list[Exclusion]:
        """Those that match nothing, or nothing that is not covered anyway."""
        return [exclusion for exclusion in (*self.functional, *self.code) if not exclusion.needed]


def read(file: Path = FILE) -> Rules:
    """Read the file.

    Raises:
        FlowError: it does not parse, or an entry lacks its reason or has an unknown field.
    """
    content = schema.read_toml(file, _SCHEMA)
    functional, code = ([Exclusion(**entry) for entry in content.get(part, [])] for part in ("functional", "code"))
    return Rules(content.get("goals", {}), functional, code)
