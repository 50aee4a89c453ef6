# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""All mutants in one design: each place holds the original and its mutants, and a number chooses.

Built once, such a design runs any mutant. `MUTANT is the number; what it is differs between simulators. Not in it
are mutants of
what is decided when the design is elaborated (localparams, conditions of generate blocks, functions).
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from sim.mutation.mutants import Mutant
from sim.mutation.verilog import Region, Source

NONE = -1


@dataclass(frozen=True)
class Place:
    """Where a mutant's text stands in the multiplexed design: these lines of a file, from 1, both included."""

    module: str
    first: int
    last: int


def write(rtl: Path, mutants: dict[int, Mutant], folder: Path) -> dict[int, Place]:
    """Write the design with all mutants that can be chosen by their number; returns where each of those is."""
    folder.mkdir(parents=True)
    of_file: defaultdict[str, dict[int, Mutant]] = defaultdict(dict)
    for number, mutant in mutants.items():
        of_file[mutant.module][number] = mutant
    places: dict[int, Place] = {}
    for file in sorted([*rtl.rglob("*.v*"), *rtl.rglob("*.f")]):
        text = file.read_text()
        if file.stem in of_file and file.suffix == ".v":
            text, found = _with_mutants(file.stem, text, of_file[file.stem])
            places |= found
        copy = folder / file.relative_to(rtl)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)
    return places


def refused(log: str, places: dict[int, Place]) -> set[int]:
    """The mutants in whose lines a tool found errors."""
    errors = re.findall(r"^%Error[^:]*: (\S+?):(\d+):|^(\S+?):(\d+): .*(?:error|Error)", log, re.MULTILINE)
    wrong = {(Path(file or other).stem, int(line or other_line)) for file, line, other, other_line in errors}
    return {
        number
        for number, place in places.items()
        if any(place.module == module and place.first <= line <= place.last for module, line in wrong)
    }


def _with_mutants(module: str, text: str, mutants: dict[int, Mutant]) -> tuple[str, dict[int, Place]]:
    source = Source(text)
    functions = [
        (match.start(), match.end()) for match in re.finditer(r"\bfunction\b.*?\bendfunction\b", text, re.DOTALL)
    ]
    pieces: list[tuple[str, int]] = []  # text, and the mutant that it is of
    at = 0
    for region in source.regions:
        if region.last <= region.first:
            continue
        first, last = source.tokens[region.first].start, source.tokens[region.last - 1].end
        if any(begin < first < end for begin, end in functions) or _constant(source, region):
            continue
        statement = source.tokens[source.target(region)].start if region.kind == "register" else first
        here = {
            number: mutant for number, mutant in mutants.items() if statement <= mutant.start and mutant.end <= last
        }
        if not here:
            continue
        dropped = [number for number, mutant in here.items() if mutant.operator == "no assignment"]
        pieces.append((text[at:statement], NONE))
        if dropped:
            pieces.append(("begin\n", NONE))
            pieces += [(f"if (`MUTANT != {number})\n", number) for number in dropped]
        pieces.append((text[statement:first], NONE))
        chosen = [number for number in here if number not in dropped]
        for number in chosen:
            mutant = here[number]
            changed = text[first : mutant.start] + mutant.mutated + text[mutant.end : last]
            pieces += [(f"((`MUTANT == {number}) ?\n", NONE), (f"({changed})\n", number), (":\n", NONE)]
        pieces.append(((f"({text[first:last]})" if chosen else text[first:last]) + ")" * len(chosen), NONE))
        at = last
        if dropped:
            at = source.tokens[region.last].end
            pieces.append(("; end", NONE))
    pieces.append((text[at:], NONE))
    return "".join(piece for piece, _ in pieces), _places(module, pieces)


def _constant(source: Source, region: Region) -> bool:
    """Is it decided when the design is elaborated? Parameters are written in capitals, signals are not."""
    words = [token.text for token in source.tokens[region.first : region.last] if token.kind == "name"]
    return region.kind == "constant" or region.kind == "condition" and not any(word.lower() == word for word in words)


def _places(module: str, pieces: list[tuple[str, int]]) -> dict[int, Place]:
    places, line = {}, 1
    for piece, number in pieces:
        if number != NONE:
            places[number] = Place(module, line, line + piece.count("\n") - 1)
        line += piece.count("\n")
    return places
