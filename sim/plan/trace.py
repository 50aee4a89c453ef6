# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Which tests and checks cover which requirements, read from the sources: nothing is simulated for it."""

import ast
from pathlib import Path

from cocotbext.virtio.conformance import registry

from sim.flow.paths import ROOT

TESTS = ROOT / "tb" / "tests"


def coverage(folder: Path = TESTS) -> dict[str, list[str]]:
    """Identifier -> the tests ("module:test") whose @covers names it.

    Raises:
        ValueError: a @covers whose arguments are not literal strings, or that does not stand on a test.
    """
    found: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and getattr(call.func, "id", None) == "covers":
                    for identifier in _literals(call, file):
                        found.setdefault(identifier, []).append(f"{file.stem}:{node.name}")
                    if not any(map(_is_test, node.decorator_list)):
                        raise ValueError(f"{file.name}:{node.lineno}: {node.name} covers something and is no test")
    return found


def checks() -> dict[str, list[str]]:
    """Identifier -> the checks of the conformance suite that name it."""
    found: dict[str, list[str]] = {}
    for check in registry.checks().values():
        for identifier in check.requirements:
            found.setdefault(identifier, []).append(check.name)
    return found


def _literals(call: ast.Call, file: Path) -> list[str]:
    given = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    values = [value for value in given if isinstance(value, str)]
    if not values or call.keywords or len(values) != len(call.args):
        raise ValueError(f"{file.name}:{call.lineno}: @covers takes literal strings")
    return values


def _is_test(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and getattr(decorator.func, "attr", None) == "test"
