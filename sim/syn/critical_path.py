# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The longest path between two registers, in names of the design."""

import re
from dataclasses import dataclass

# Synthesis names what it makes after a register or net nearby and the cells on the way from there.
_MADE_UP = (
    re.compile(r"(?<=.)\$.*"),
    re.compile(r"_(TRELLIS_FF|TRELLIS_DPR16X4|LUT4|PFUMX|L6MUX21|CCU2C|DP16KD|SB_[A-Z0-9]+)_.*"),
    re.compile(r"\.\d+\.\d+(_D[IO].*)?$"),  # one of the RAMs that a memory is cut into
)


@dataclass(frozen=True)
class Hop:
    """What one net and the cell behind it add, in nanoseconds. place is file:line where the net is declared, if
    known."""

    name: str
    routing: float
    logic: float
    place: str | None = None


@dataclass(frozen=True)
class CriticalPath:
    """From register to register. Times in nanoseconds; the first register's delay and the last one's set-up are
    logic."""

    start: str
    end: str
    logic: float
    routing: float
    hops: list[Hop]

    def lines(self) -> list[str]:
        """To be read by a person: a headline, then a line for each stretch with one name and the time at its end."""
        total = self.logic + self.routing
        result = [
            f"{self.start} -> {self.end}: {total:.2f} ns = {self.logic:.2f} logic + {self.routing:.2f} routing, "
            f"{len(self.hops) - 1} levels"
        ]
        time = total - sum(hop.routing + hop.logic for hop in self.hops)
        stretches: list[list[Hop]] = []
        for hop in self.hops:
            if stretches and stretches[-1][0].name == hop.name:
                stretches[-1].append(hop)
            else:
                stretches.append([hop])
        for stretch in stretches:
            time += sum(hop.routing + hop.logic for hop in stretch)
            times = f" x{len(stretch)}" if len(stretch) > 1 else ""
            place = next((f"  ({hop.place})" for hop in stretch if hop.place), "")
            result.append(f"  {time:6.2f} ns  {stretch[0].name}{times}{place}")
        return result


def design_name(name: str) -> str:
    """A cell's or net's name without what synthesis has put behind it."""
    for made_up in _MADE_UP:
        name = made_up.sub("", name)
    return name


def parse(steps: list[dict]) -> CriticalPath:
    """From the steps of a path in nextpnr's report."""
    hops, logic, routing = [], 0.0, 0.0
    for step in steps:
        if step["type"] == "routing":
            places = [
                place for place in step.get("sources", []) if not place.startswith("/")
            ]  # not of the tool's libraries
            hops.append(Hop(design_name(step["net"]), step["delay"], 0.0, _line(places[0]) if places else None))
            routing += step["delay"]
        else:
            logic += step["delay"]
            if hops:
                hops[-1] = Hop(hops[-1].name, hops[-1].routing, hops[-1].logic + step["delay"], hops[-1].place)
    return CriticalPath(
        design_name(steps[0]["from"]["cell"]), design_name(steps[-1]["to"]["cell"]), logic, routing, hops
    )


def _line(place: str) -> str:
    """file.v:12 of src/file.v:12.3-12.9."""
    return re.sub(r":(\d+)\..*", r":\1", place.removeprefix("src/"))
