# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The rules of the house: who may import whom, how things are named, what a target of the Makefile calls."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from sim.flow.paths import ROOT

PACKAGE = ROOT / "tb" / "cocotbext" / "virtio"
# cocotb_tools is a part of cocotb, find_libpython comes with it.
ALLOWED = {*sys.stdlib_module_names, "cocotb", "cocotb_tools", "find_libpython", "cocotb_bus", "pyuvm", "cocotbext"}


@cache
def modules() -> dict[str, Path]:
    """Dotted name -> file, of the product's Python: the package, tb/tests and sim."""
    found = {}
    for base, folder in ((ROOT / "tb", PACKAGE), (ROOT, ROOT / "tb" / "tests"), (ROOT, ROOT / "sim")):
        for path in folder.rglob("*.py"):
            name = ".".join(path.relative_to(base).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


def imported(name: str, text: str) -> set[str]:
    """What a module of that name imports, anywhere in it; modules of the product down to the module."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                parents = name.split(".")[: -node.level]
                module = ".".join([*parents, *filter(None, [module])])
            for alias in node.names:
                full = f"{module}.{alias.name}"
                found.add(full if full in modules() else module)
    return found


@cache
def graph() -> dict[str, frozenset[str]]:
    """Who imports whom."""
    return {name: frozenset(imported(name, path.read_text())) for name, path in modules().items()}


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Groups of nodes that reach one another (Tarjan)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(node: str) -> None:
        number[node] = low[node] = len(number)
        stack.append(node)
        for other in sorted(edges.get(node, ())):
            if other not in number:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], number[other])
        if low[node] == number[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1 or node in edges.get(node, ()):
                found.append(sorted(group))

    for node in sorted(edges):
        if node not in number:
            visit(node)
    return found


def test_package_stands_alone():
    """tb/cocotbext/virtio imports itself, the standard library, cocotb, cocotb-bus and pyuvm."""
    foreign = {
        name: sorted(other for other in imports if not _allowed(other))
        for name, imports in graph().items()
        if name.startswith("cocotbext.virtio") and not all(map(_allowed, imports))
    }
    assert not foreign


def _allowed(module: str) -> bool:
    top, _, rest = module.partition(".")
    return top in ALLOWED and (top != "cocotbext" or rest.split(".")[0] == "virtio")


def test_package_reads_no_environment():
    """Whoever starts a simulation tells the package what to do by arguments."""
    readers = [str(path) for path in PACKAGE.rglob("*.py") if re.search(r"\b(environ|getenv)\b", path.read_text())]
    # The run of a conformance suite is a program of its own.
    assert [reader for reader in readers if "/conformance/" not in reader] == []


@pytest.mark.parametrize(
    "who, whom",
    [("cocotbext.virtio", "sim"), ("tb", "sim"), ("cocotbext.virtio", "tb"), ("sim", "tests"), ("tb", "tests")],
)
def test_direction(who, whom):
    """sim imports tb and not the other way round; nobody imports the tests of the project."""
    wrong = {
        name: sorted(other for other in imports if other.split(".")[0] == whom)
        for name, imports in graph().items()
        if (name + ".").startswith(who + ".") and any(other.split(".")[0] == whom for other in imports)
    }
    assert not wrong


def test_no_circles_of_modules():
    """No module reaches itself by imports, wherever in the file they stand."""
    assert circles({name: set(imports) for name, imports in graph().items()}) == []


@pytest.mark.parametrize("prefix, parts", [("cocotbext.virtio.", 3), ("sim.", 2)])
def test_no_circles_of_rooms(prefix, parts):
    """Nor does a subpackage of the verification package, or a command of the flow."""
    rooms: dict[str, set[str]] = {}
    for name, imports in graph().items():
        if name.startswith(prefix):
            room = ".".join(name.split(".")[:parts])
            others = {".".join(other.split(".")[:parts]) for other in imports if other.startswith(prefix)}
            rooms.setdefault(room, set()).update(others - {room})
    assert len(rooms) > 5
    assert circles(rooms) == []


def verilog() -> list[Path]:
    """The files of the design."""
    files = [path for suffix in ("*.v", "*.vh") for path in (ROOT / "rtl").rglob(suffix)]
    assert files
    return files


def test_names_of_the_design():
    """Every module starts with virtio_, every macro with VIRTIO_: nothing collides in somebody's design."""
    wrong = []
    for path in verilog():
        text = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        wrong += [(path.name, name) for name in re.findall(r"^\s*module\s+(\w+)", text, re.MULTILINE)]
        wrong += [(path.name, name) for name in re.findall(r"`define\s+(\w+)", text)]
    assert [entry for entry in wrong if not entry[1].lower().startswith("virtio_")] == []


def without_table(text: str) -> bool:
    """Has a module with state no table of what wins in one cycle in its header?"""
    header = text.partition("\nmodule ")[0].lower()
    return "always @(posedge" in text and "in one cycle" not in header


def test_modules_with_state_say_who_wins():
    """Each module that has a flip-flop says what becomes of two things in one cycle."""
    assert [path.name for path in verilog() if without_table(path.read_text())] == []
    assert without_table("// x: does.\nmodule x;\nalways @(posedge aclk) a <= b;\nendmodule\n")


def test_make_calls_the_one_command_line():
    """Every target of the Makefile that does something calls `python -m sim`; there is no second way."""
    text = (ROOT / "Makefile").read_text()
    variables = dict(re.findall(r"^(\w+)\s*[:?]?=\s*(.*)$", text, re.MULTILINE))
    assert "python -m sim" in variables["RUN"]
    targets = re.findall(r"^([a-z-]+):[^\n]*\n((?:\t[^\n]*\n)*)", text, re.MULTILINE)
    assert len(targets) > 10
    others = [name for name, recipe in targets if recipe and "$(RUN)" not in recipe and "-m sim" not in recipe]
    assert set(others) <= {"help", "clean"}


# Words that stand for nothing any more, see docs/glossary.md; each as a whole word in Python of tb/ and tests/.
RETIRED = (
    "Clocking clocking RegisterMaster MessageTarget TargetTiming LineMonitor ScoreboardCore Chronicle chronicle "
    "Journal Agenda Account Debt MovedDebt Waits MessageBusWeather DeviceWeather Weather VectorChurn "
    "LineService RuleTest DirectedBench ListPort observation observations"
).split()


def test_retired_words():
    """The dictionary holds."""
    pattern = re.compile(rf"\b({'|'.join(RETIRED)})\b")
    found = [
        f"{path.relative_to(ROOT)}: {match}"
        for path in (ROOT / "tb").rglob("*.py")
        for match in pattern.findall(path.read_text())
    ]
    assert found == []


def test_the_rules_can_fail():
    """A circle is found, and a foreign import is."""
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert circles({"a": {"b"}, "b": set()}) == []
    assert not _allowed("numpy") and not _allowed("cocotbext.axi") and _allowed("cocotbext.virtio.config")
    assert imported("sim.flow.run", "from . import build\nfrom ..regress import run") >= {"sim.flow.build"}
