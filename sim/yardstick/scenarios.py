# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The scenarios and the known differences, from their files."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sim.flow import schema
from sim.flow.errors import FlowError
from sim.yardstick.steps import BRING_UP, FIELDS

HERE = Path(__file__).parent
SCENARIOS, KNOWN = HERE / "scenarios.toml", HERE / "known_differences.toml"
INTERRUPTS, REGISTERS = "interrupts", "registers"  # families
_VALUE = "value"  # the field of the registers
_DIFFERENCE = schema.table(
    {
        "step": schema.INTEGER,
        "what": schema.one_of((*FIELDS, _VALUE)),
        "qemu": schema.ANYTHING,
        "endpoint": schema.ANYTHING,
        "rule": schema.NAME,
    }
)
_SCENARIOS = schema.items(
    schema.table({"name": schema.NAME, "steps": schema.items(schema.NAME, 1)}, {"differs": schema.items(_DIFFERENCE)}),
    1,
)
_FILE = schema.table({INTERRUPTS: _SCENARIOS, REGISTERS: _SCENARIOS})
_RULES = schema.each(schema.table(dict.fromkeys(("qemu", "endpoint", "because"), schema.NAME)))


class Difference(NamedTuple):
    """After a step a field is not the same on both sides; the values are text."""

    step: int
    what: str
    qemu: str
    endpoint: str

    @classmethod
    def of(cls, step: int, what: str, qemu: object, endpoint: object) -> "Difference":
        """With the values as text()."""
        return cls(step, what, text(qemu), text(endpoint))


@dataclass(frozen=True)
class Rule:
    """A known difference: what each side does, and why."""

    qemu: str
    endpoint: str
    because: str


@dataclass(frozen=True)
class Scenario:
    """One scenario.

    Attributes:
        steps: as they are made; that of a scenario of interrupts begins with the bring-up.
        expected: what differs -> the name of the rule.
    """

    family: str
    name: str
    steps: tuple[str, ...]
    expected: dict[Difference, str]


def text(value: object) -> str:
    """A value of an observation in words."""
    if isinstance(value, list):
        return " and ".join(map(str, value)) or "none"
    return "not there" if value is None else f"{value:#x}" if isinstance(value, int) and value > 9 else str(value)


def rules(file: Path = KNOWN) -> dict[str, Rule]:
    """The known differences by name.

    Raises:
        FlowError: the file is wrong.
    """
    return {name: Rule(**entry) for name, entry in schema.read_toml(file, _RULES).items()}


def scenarios(known: dict[str, Rule], file: Path = SCENARIOS) -> list[Scenario]:
    """All scenarios, in order. What a rule explains that is not known is not expected.

    Raises:
        FlowError: the file is wrong, or no scenario needs one of the rules.
    """
    found = list(_read(file, known))
    needed = {rule for scenario in found for rule in scenario.expected.values()}
    for rule in known:
        if rule not in needed:
            raise FlowError(f"{KNOWN.name}: no scenario needs '{rule}'")
    return found


def _read(file: Path, known: Collection[str]) -> Iterator[Scenario]:
    content = schema.read_toml(file, _FILE)
    for family in (INTERRUPTS, REGISTERS):
        for entry in content[family]:
            steps = [BRING_UP] if family == INTERRUPTS else ["reset"]
            expected = {
                Difference.of(each["step"], each["what"], each["qemu"], each["endpoint"]): each["rule"]
                for each in entry.get("differs", ())
                if each["rule"] in known
            }
            yield Scenario(family, entry["name"], (*steps, *entry["steps"]), expected)
