# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Reads the RDL file into plain objects that the writers print."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from systemrdl import RDLCompileError, RDLCompiler
from systemrdl.messages import MessagePrinter, Severity
from systemrdl.node import AddrmapNode, FieldNode, MemNode, Node, RegNode

RDL_FILE = Path(__file__).resolve().parents[2] / "rtl" / "virtio_mmio.rdl"


class DescriptionError(Exception):
    """The RDL file is not usable; the text says where and why."""


@dataclass(frozen=True)
class Value:
    """A named number: a code of an encoded field, or a feature bit."""

    name: str
    value: int
    meaning: str


@dataclass(frozen=True)
class Field:
    name: str
    low: int
    width: int
    access: str  # "r", "w" or "rw", seen from the driver
    reset: int
    is_volatile: bool  # what is read may differ from what was written last
    meaning: str
    values: tuple[Value, ...]
    values_prefix: str

    @property
    def mask(self) -> int:
        return ((1 << self.width) - 1) << self.low


@dataclass(frozen=True)
class Register:
    name: str  # instance name, lower case
    title: str  # name in the virtio text
    offset: int  # bytes
    meaning: str
    fields: tuple[Field, ...]
    fields_prefix: str
    reset_from: str | None

    @property
    def access(self) -> str:
        return "".join(kind for kind in "rw" if any(kind in field.access for field in self.fields))

    @property
    def reset(self) -> int:
        """What reading gives after reset; write-only bits read 0."""
        return sum(field.reset << field.low for field in self.fields if "r" in field.access)


@dataclass(frozen=True)
class Window:
    name: str
    title: str
    offset: int  # bytes
    size: int  # bytes
    meaning: str


@dataclass(frozen=True)
class Description:
    name: str
    title: str
    paragraphs: tuple[str, ...]
    registers: tuple[Register, ...]
    config_window: Window
    feature_bits: tuple[Value, ...]

    def register(self, name: str) -> Register:
        for register in self.registers:
            if register.name == name:
                return register
        raise DescriptionError(f"{self.name}: has no register {name}")

    def field_groups(self) -> dict[str, dict[str, Field]]:
        """Prefix -> field name -> field, of registers with several fields; registers may share a prefix and layout."""
        groups: dict[str, dict[str, Field]] = {}
        for register in self.registers:
            if len(register.fields) == 1:  # the register's own name says it
                continue
            group = groups.setdefault(register.fields_prefix, {})
            for field in register.fields:
                known = group.setdefault(field.name, field)
                if (known.low, known.width) != (field.low, field.width):
                    raise DescriptionError(
                        f"{register.title}: {register.fields_prefix} {field.name} stands elsewhere with other bits"
                    )
        return groups

    def identity_constants(self) -> dict[str, int]:
        return {
            "MAGIC_VALUE": self.register("magic_value").reset,
            "VERSION_VALUE": self.register("version").reset,
        }

    def encoded_fields(self) -> list[tuple[Register, Field]]:
        return [(register, field) for register in self.registers for field in register.fields if field.values]


class _CollectedMessages(MessagePrinter):
    """Keeps the compiler's messages for the exception instead of printing them."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def print_message(self, severity: Severity, text: str, src_ref: Any) -> None:
        if src_ref is not None and src_ref.path is not None:
            line = getattr(src_ref, "line", None)
            text = f"{src_ref.path}:{line}: {text}" if line else f"{src_ref.path}: {text}"
        self.lines.append(f"{severity.name.lower()}: {text}")


def compile_rdl(path: Path) -> AddrmapNode:
    """Compiles the RDL file. Raises DescriptionError."""
    messages = _CollectedMessages()
    compiler = RDLCompiler(message_printer=messages)
    try:
        compiler.compile_file(str(path))
        return compiler.elaborate().top
    except (RDLCompileError, FileNotFoundError) as error:
        raise DescriptionError("\n".join(messages.lines) or f"{path}: {error}") from error


def load(path: Path = RDL_FILE) -> Description:
    """Compiles and checks the RDL file. Raises DescriptionError."""
    return _describe(compile_rdl(path))


def _describe(top: AddrmapNode) -> Description:
    registers, windows = [], []
    for node in top.children():
        if isinstance(node, RegNode):
            registers.append(_register(node))
        elif isinstance(node, MemNode):
            windows.append(Window(node.inst_name, _title(node), node.absolute_address, node.size, _meaning(node)))
        else:
            raise DescriptionError(f"{node.get_path()}: only registers and one memory may stand in the map")
    if not registers:
        raise DescriptionError(f"{top.inst_name}: has no registers")
    if [window.name for window in windows] != ["config_window"]:
        raise DescriptionError(f"{top.inst_name}: needs exactly one memory, named config_window")
    features = tuple(
        Value(entry.name, int(entry.value), entry.meaning) for entry in top.get_property("feature_bits") or ()
    )
    _check_offsets(registers, windows[0])
    paragraphs = tuple(" ".join(text.split()) for text in (top.get_property("desc") or "").split("\n\n"))
    return Description(top.inst_name, _title(top), paragraphs, tuple(registers), windows[0], features)


def _check_offsets(registers: list[Register], window: Window) -> None:
    """RDL lets a read-only and a write-only register share an offset; one name per offset is needed here."""
    for register, following in pairwise(registers):
        if following.offset < register.offset + 4:
            raise DescriptionError(f"{register.title} and {following.title} overlap at 0x{following.offset:03x}")
    if registers[-1].offset + 4 > window.offset:
        raise DescriptionError(f"{registers[-1].title} lies in or behind {window.title}")


def _register(node: RegNode) -> Register:
    if node.size != 4 or node.is_array:
        raise DescriptionError(f"{node.get_path()}: only single 32-bit registers are supported")
    if not _meaning(node):
        raise DescriptionError(f"{node.get_path()}: has no description")
    return Register(
        name=node.inst_name,
        title=_title(node),
        offset=node.absolute_address,
        meaning=_meaning(node),
        fields=tuple(_field(field) for field in node.fields()),
        fields_prefix=node.get_property("constant_prefix") or node.inst_name,
        reset_from=node.get_property("reset_from"),
    )


def _field(node: FieldNode) -> Field:
    encoding = node.get_property("encode")
    values = tuple(Value(code.name, code.value, code.rdl_desc or "") for code in encoding) if encoding else ()
    reset = node.get_property("reset") or 0
    if not isinstance(reset, int):
        raise ValueError(f"{node.inst_name}: the reset value is no number")
    return Field(
        name=node.inst_name,
        low=node.low,
        width=node.width,
        access=node.get_property("sw").name,
        reset=reset,
        is_volatile=node.is_hw_writable,
        meaning=_meaning(node),
        values=values,
        values_prefix=node.get_property("constant_prefix") or node.inst_name,
    )


def _title(node: Node) -> str:
    return node.get_property("name")


def _meaning(node: Node) -> str:
    return " ".join((node.get_property("desc") or "").split())
