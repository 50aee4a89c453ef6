# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The cocotb test modules: which there are, what is in them and where they run."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.flow import schema
from sim.flow.configs import configurations
from sim.flow.errors import FlowError, unknown
from sim.flow.paths import ROOT
from sim.flow.tools import SIMULATORS

PACKAGE = "tb.tests"
FILE = Path(__file__).parents[1] / "tests.toml"
DEFAULT_TIMEOUT = 300  # seconds for one simulation
_SCHEMA = schema.each(
    schema.table(
        {"configurations": schema.items(schema.NAME, 1)},
        {
            "simulators": schema.items(schema.one_of(SIMULATORS), 1),
            "timeout": schema.NUMBER,
            "fast": schema.items(schema.NAME),
            "quick": schema.items(schema.NAME),
            "quick_tests": schema.items(schema.NAME),
            "thorough": schema.items(schema.NAME),
        },
    )
)


@dataclass(frozen=True)
class Module:
    """One module of tests and where it runs."""

    name: str  # as Python imports it
    configurations: list[str]
    simulators: list[str]
    timeout: float
    fast: tuple[str, ...] = ()  # configurations on which it runs on the fast path, too
    quick: tuple[str, ...] = ()  # configurations on which `make quick` runs it
    quick_tests: tuple[str, ...] = ()  # the tests that it runs there; () for all
    # where `make test` runs it only with --thorough: configurations, or "configuration/simulator"
    thorough: tuple[str, ...] = ()

    @property
    def in_test(self) -> list[tuple[str, str]]:
        """Where `make test` runs it, as (configuration, simulator): the first configuration on every simulator, each
        other one on one simulator in turn, or on the last, which is the fastest, where the design is large. Those
        in `thorough` are among them, but run only when asked for. `make regress` runs all of them on all."""
        first, *others = self.configurations
        turns = [
            (name, self.simulators[-1 if _is_large(name) else turn % len(self.simulators)])
            for turn, name in enumerate(others, 1)
        ]
        return [*((first, simulator) for simulator in self.simulators), *turns]

    def is_thorough(self, configuration: str, simulator: str) -> bool:
        """Does `make test` run it there only with --thorough?"""
        return configuration in self.thorough or f"{configuration}/{simulator}" in self.thorough

    @property
    def of_endpoint(self) -> list[str]:
        """Its configurations whose top is the endpoint alone."""
        return [name for name in self.configurations if name in configurations().by_name]

    @property
    def short_name(self) -> str:
        """The name as the user types it."""
        return self.name.removeprefix(PACKAGE + ".")


def _is_large(configuration: str) -> bool:
    """Is a configuration more than an endpoint, or has its endpoint a table that is more than one row of flip-flops?"""
    config = configurations().by_name.get(configuration)
    return config is None or max(config.num_queues, config.num_vectors) > 16


def names() -> list[str]:
    """The short names of the modules in tb/tests."""
    return sorted(file.stem for file in (ROOT / PACKAGE.replace(".", "/")).glob("test_*.py"))


def own(folder: Path | None = None) -> list[str]:
    """The short names of modules in tb/tests that sim/tests.toml does not have: the user's own. They run when they are
    named, on the first configuration and every simulator, and need no entry anywhere."""
    known = registered()
    found = names() if folder is None else sorted(file.stem for file in folder.glob("test_*.py"))
    return [name for name in found if name not in known]


@cache
def registered(file: Path = FILE) -> dict[str, Module]:
    """What tests.toml says, by short name; read once.

    Raises:
        FlowError: it does not parse, or a name in it is wrong.
    """
    return {name: _entry(name, entry) for name, entry in schema.read_toml(file, _SCHEMA).items()}


def _entry(name: str, entry: dict) -> Module:
    for configuration in (*entry.get("configurations", []), *entry.get("fast", []), *entry.get("quick", [])):
        configurations().check(configuration)
    first, *others = entry["configurations"]
    simulators = entry.get("simulators", list(SIMULATORS))
    on_first = {f"{first}/{simulator}" for simulator in simulators}
    for place in entry.get("thorough", []):
        if place not in others and place not in on_first:
            raise FlowError(f"{FILE.name}: {name}: thorough: {place} is none of its configurations but the first")
    if on_first <= set(entry.get("thorough", [])):
        raise FlowError(f"{FILE.name}: {name}: thorough: no simulator is left for {first}")
    return Module(
        f"{PACKAGE}.{name}",
        entry["configurations"],
        simulators,
        entry.get("timeout", DEFAULT_TIMEOUT),
        tuple(entry.get("fast", ())),
        tuple(entry.get("quick", ())),
        tuple(entry.get("quick_tests", ())),
        tuple(entry.get("thorough", ())),
    )


def find(text: str) -> tuple[Module, str | None]:
    """What TEST means: a module of tb/tests, or any importable one, with ":name" for a single test in it. The long runs
    of other commands, such as tb/tests/kernel_disk.py, are found, too: the lines that replay them name them.

    Raises:
        FlowError: there is no such module, or no such test in it.
    """
    name, _, test = text.partition(":")
    short = name.removeprefix(PACKAGE + ".")
    module = registered().get(short)
    if short in names():
        module = module or Module(f"{PACKAGE}.{short}", configurations().main[:1], list(SIMULATORS), DEFAULT_TIMEOUT)
    elif found := next((each for each in (name, f"{PACKAGE}.{short}") if "." in each and _file(each).is_file()), None):
        module = Module(found, configurations().main[:1], list(SIMULATORS), DEFAULT_TIMEOUT)
    else:
        raise unknown("test", name, names() or [f"none yet in {PACKAGE}"])
    known = tests(module.name)
    if test and known and test.partition("/")[0] not in known:
        raise unknown(f"test in {name}", test, known)
    return module, test or None


def tests(module: str) -> list[str]:
    """The tests in a module, read from its source; empty when they are made at run time.

    Raises:
        FlowError: the source is no Python.
    """
    file = _file(module)
    try:
        tree = ast.parse(file.read_bytes())
    except OSError as error:
        raise FlowError(f"{file}: {error.strerror}") from None
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise FlowError(f"{file}:{line or 1}: {getattr(error, 'msg', error)}") from None
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node.name for node in tree.body if isinstance(node, kinds) and any(map(_is_test, node.decorator_list))]


def _is_test(decorator: ast.expr) -> bool:
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
    return name == "test" or name.endswith("_test")


def _file(module: str) -> Path:
    return ROOT / (module.replace(".", "/") + ".py")
