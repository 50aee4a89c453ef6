# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Every mutant of the design: all places, all operators, as changes of the text."""

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.flow import rtl_files
from sim.flow.design import ENGINE, endpoint_sources
from sim.mutation.verilog import Region, Source

# They only stop the elaboration of impossible parameters; tests/flow/test_impossible_parameters.py is their test.
NOT_MUTATED = ("virtio_mmio_parameter_check", "virtio_vq_parameter_check")

_OTHERS = {
    "&&": "||",
    "||": "&&",
    "&": "|",
    "|": "&",
    "^": "|",
    "==": "!=",
    "!=": "==",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "+": "-",
    "-": "+",
    "<<": ">>",
    ">>": "<<",
}
_CHAINS = ("&&", "||", "&", "|")
_SIZED = re.compile(r"(\d+)'([bdh])([0-9a-fA-F]+)")
_BASES = {"b": 2, "d": 10, "h": 16}
_FORMS = {"b": "b", "d": "d", "h": "x"}
_DEFINE = re.compile(r"^`define\s+(\w+)\s+(\S+)", re.MULTILINE)
_PORT = re.compile(r"^\s*output\b.*?(\w+)\s*,?\s*(?://.*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Mutant:
    """The design with text[start:end] of one file replaced.

    Attributes:
        module: the file without .v; line: where the change begins, from 1; operator: kind of the change.
        original, mutated: the changed text before and after.
    """

    module: str
    start: int
    end: int
    line: int
    operator: str
    original: str
    mutated: str

    @property
    def name(self) -> str:
        """Tells it from every other mutant of the same design."""
        return (
            f"{self.module}.v:{self.line} @{self.start} {self.operator}: {_short(self.original)} "
            f"-> {_short(self.mutated)}"
        )

    def apply(self, folder: Path) -> None:
        """Change the copy of the design in folder."""
        file = rtl_files.find(folder, f"{self.module}.v")
        text = file.read_text()
        assert text[self.start : self.end] == self.original, f"{self.name}: not the design that it was made from"
        file.write_text(text[: self.start] + self.mutated + text[self.end :])

    def write(self, rtl: Path, folder: Path) -> Path:
        """Write the design in rtl, with this change, below folder, whatever was there; returns where it is."""
        shutil.rmtree(folder, ignore_errors=True)
        design = folder / "rtl"
        shutil.copytree(rtl, design)
        self.apply(design)
        return design


def _short(text: str) -> str:
    return " ".join(text.split()) or "nothing"


def all_mutants(rtl: Path, engine: bool = False) -> list[Mutant]:
    """Every mutant of the modules in a folder, in the order of the text: of the endpoint, or of the virtqueue engine
    without what it shares with the endpoint."""
    files = [file for file in _sources(rtl, engine) if file.stem not in NOT_MUTATED]
    macros = _macros(rtl)
    every = {*files, *_sources(rtl, engine=False)}  # modules of the endpoint stand in the engine, too
    outputs = {file.stem: set(_PORT.findall(file.read_text().partition(");\n")[0])) for file in every}
    return [mutant for file in files for mutant in _File(file, macros, outputs).mutants()]


def _sources(rtl: Path, engine: bool) -> list[Path]:
    shared = endpoint_sources(rtl)
    return [file for file in rtl_files.listed(rtl / f"{ENGINE}.f") if file not in shared] if engine else shared


def sample(mutants: list[Mutant], count: int, seed: int) -> list[Mutant]:
    """A random choice; a larger count with the same seed begins with the same mutants, and so does a design that was
    changed elsewhere."""
    twins: Counter[str] = Counter()
    ranks = {}
    for mutant in mutants:
        text = f"{mutant.module} {mutant.operator} {mutant.original} {mutant.mutated}"
        ranks[mutant] = hashlib.sha256(f"{seed} {text} {twins[text]}".encode()).digest()
        twins[text] += 1
    return sorted(mutants, key=lambda mutant: ranks[mutant])[:count]


def _macros(rtl: Path) -> dict[str, str]:
    """Each macro, and another one of the same kind (REG_, MSI_CMD_, ...) with another value."""
    others = {}
    for header in rtl_files.headers(rtl):
        kinds: dict[str, list[tuple[str, str]]] = {}
        for name, value in _DEFINE.findall(header.read_text()):
            plain = name.removeprefix("VIRTIO_")
            kind = "MSI_CMD_" if plain.startswith("MSI_CMD_") else plain.partition("_")[0]
            kinds.setdefault(kind, []).append((name, value))
        for members in kinds.values():
            for (name, value), (other, other_value) in zip(members, members[1:] + members[:1]):
                if value != other_value:
                    others[f"`{name}"] = f"`{other}"
    return others


class _File:
    """The mutants of one file."""

    def __init__(self, file: Path, macros: dict[str, str], outputs: dict[str, set[str]]) -> None:
        self._module, self._macros, self._outputs = file.stem, macros, outputs
        self._source = Source(file.read_text())
        self._tokens = self._source.tokens

    def mutants(self) -> Iterator[Mutant]:
        for region in self._source.regions:
            if region.kind == "port" and region.port in self._outputs.get(region.module, ()):
                continue
            yield from self._whole(region)
            for index in range(region.first, region.last):
                yield from self._token(region, index)

    def _make(self, operator: str, first: int, last: int, mutated: str) -> Mutant:
        """Replace the tokens first to last, both included."""
        start, end = self._tokens[first].start, self._tokens[last].end
        text = self._source.text
        return Mutant(self._module, start, end, text.count("\n", 0, start) + 1, operator, text[start:end], mutated)

    def _text(self, first: int, last: int) -> str:
        return self._source.text[self._tokens[first].start : self._tokens[last].end]

    def _whole(self, region: Region) -> Iterator[Mutant]:
        first, last = region.first, region.last - 1
        if region.kind == "condition" and self._tokens[first - 2].text == "if":
            for value in ("1'b0", "1'b1"):
                yield self._make("condition", first, last, value)
        elif region.kind == "register":
            yield self._make("no assignment", self._source.target(region), last, "")
        elif region.kind == "port" and last >= first and region.port not in ("aclk",):
            yield self._make("port", first, last, f"({self._text(first, last)}) ^ 1'b1")

    def _token(self, region: Region, index: int) -> Iterator[Mutant]:
        token = self._tokens[index]
        if token.kind == "number":
            yield from self._number(region, index)
        elif token.kind == "macro" and token.text in self._macros:
            yield self._make("constant", index, index, self._macros[token.text])
        elif token.text == "?":
            colon = self._source.otherwise(region, index)
            first, last = self._source.operand(region, index, -1), self._source.branch_end(region, colon)
            for begin, end in ((index + 1, colon - 1), (colon + 1, last)):
                yield self._make("choice", first, last, f"({self._text(begin, end)})")
        elif self._source.unary(index) and token.text in ("!", "~"):
            yield self._make("negation", index, index, "")
        elif self._source.unary(index) and token.text in ("&", "|"):
            yield self._make("reduction", index, index, _OTHERS[token.text])
        elif token.text in _OTHERS and not self._source.unary(index) and not self._source.counts_copies(region, index):
            yield self._make("operator", index, index, _OTHERS[token.text])
            if token.text in _CHAINS:
                yield from self._operands(region, index)

    def _operands(self, region: Region, index: int) -> Iterator[Mutant]:
        """One operand missing: that behind the operator and, at the first of a chain, that before it."""
        left, right = self._source.operand(region, index, -1), self._source.operand(region, index, 1)
        yield self._make("operand", index, right, "")
        if left == region.first or self._tokens[left - 1].text != self._tokens[index].text:
            yield self._make("operand", left, index, "")

    def _number(self, region: Region, index: int) -> Iterator[Mutant]:
        if self._source.counts_copies(region, index):
            return
        text = self._tokens[index].text
        match = _SIZED.fullmatch(text)
        if match:
            width, base, digits = int(match[1]), match[2], match[3]
            value = (int(digits, _BASES[base]) + 1) % (1 << width)
            yield self._make("constant", index, index, f"{width}'{base}{value:{_FORMS[base]}}")
        elif text.isdigit():
            yield self._make("constant", index, index, str(int(text) + 1))
