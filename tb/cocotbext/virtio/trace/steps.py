# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a timed trace is made of: everything that is done to the endpoint's ports, and when.

A step begins when the one before it is done: an access when it is answered, an event when it has taken effect, the
others at once. With `after` it begins that many cycles after the one before it began, done or not: so two of them meet
in a cycle.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Any

from cocotbext.virtio.trace.rows import AccessRow, DeviceRow


@dataclass(frozen=True)
class Step:
    """Base of all steps; `after` as above."""

    after: int | None = field(default=None, kw_only=True)

    @property
    def kind(self) -> str:
        """The name of the step in a trace file."""
        return _NAMES[type(self)]

    def values(self) -> tuple[int, ...]:
        """What follows the name in a trace file."""
        return tuple(getattr(self, each.name) for each in fields(self) if each.name != "after")


@dataclass(frozen=True)
class Write(Step):
    """A register write."""

    address: int
    data: int
    strobe: int = 0xF


@dataclass(frozen=True)
class Read(Step):
    """A register read. What it returns is for the scoreboard to judge."""

    address: int


@dataclass(frozen=True)
class Event(Step):
    """The device raises an event: 0 for a configuration change, q+1 for a used buffer on queue q."""

    index: int


@dataclass(frozen=True)
class HoldAddress(Step):
    """The interrupt controller keeps AWREADY low for so many cycles."""

    cycles: int


@dataclass(frozen=True)
class HoldData(Step):
    """The interrupt controller keeps WREADY low for so many cycles."""

    cycles: int


@dataclass(frozen=True)
class HoldAnswers(Step):
    """The interrupt controller begins no answer for so many cycles."""

    cycles: int


@dataclass(frozen=True)
class Fault(Step):
    """The next message that is taken is answered with this code: 2 SLVERR, 3 DECERR."""

    response: int


@dataclass(frozen=True)
class NeedsReset(Step):
    """The device's needs_reset input takes this level."""

    level: int


@dataclass(frozen=True)
class Generation(Step):
    """The device's config_generation input takes this value."""

    value: int


@dataclass(frozen=True)
class HardReset(Step):
    """aresetn, for four cycles."""


# Everything but accesses, by its name in a trace file.
NAMES: dict[str, type[Step]] = {
    "event": Event,
    "hold_address": HoldAddress,
    "hold_data": HoldData,
    "hold_answers": HoldAnswers,
    "fault": Fault,
    "needs_reset_is": NeedsReset,
    "generation": Generation,
    "reset": HardReset,
}
_NAMES = {kind: name for name, kind in NAMES.items()} | {Write: "write", Read: "read"}


def rows_of(steps: list[Step]) -> list[AccessRow | DeviceRow]:
    """The rows of a trace file. A read's value is 0: it is not compared."""
    rows: list[AccessRow | DeviceRow] = [DeviceRow(0, ("timed",))]
    for step in steps:
        if step.after is not None:
            rows.append(DeviceRow(0, ("after", str(step.after))))
        match step:
            case Write(address, data, strobe):
                if strobe != 0xF:
                    rows.append(DeviceRow(0, ("lanes", str(strobe))))
                rows.append(AccessRow(0, True, address, 4, data))
            case Read(address):
                rows.append(AccessRow(0, False, address, 4, 0))
            case _:
                rows.append(DeviceRow(0, (step.kind, *map(str, step.values()))))
    return rows


def steps_of(rows: list[AccessRow | DeviceRow]) -> list[Step]:
    """The steps of a timed trace file.

    Raises:
        ValueError: a row has no meaning in a timed trace.
    """
    steps: list[Step] = []
    after, strobe = None, 0xF
    for row in rows:
        step: Any
        if isinstance(row, AccessRow):
            if row.write and row.size < 4:
                lane = row.offset % 4
                step = Write(row.offset, row.value << 8 * lane, ((1 << row.size) - 1) << lane)
            else:
                step = Write(row.offset, row.value, strobe) if row.write else Read(row.offset)
        elif row.kind == "after":
            after = int(row.words[1], 0)
            continue
        elif row.kind == "lanes":
            strobe = int(row.words[1], 0)
            continue
        elif row.kind == "timed":
            continue
        elif row.kind in NAMES:
            step = NAMES[row.kind](*(int(word, 0) for word in row.words[1:]))
        else:
            raise ValueError(f"line {row.line}: '#! {row.kind}' has no meaning in a timed trace")
        steps.append(replace(step, after=after))
        after, strobe = None, 0xF
    return steps
