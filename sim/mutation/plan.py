# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The order in which tests try to kill a mutant: plan.toml."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.flow import modules
from sim.flow.configs import configurations
from sim.flow.design import ENGINE
from sim.flow.errors import FlowError, unknown

FILE = Path(__file__).with_name("plan.toml")


@dataclass(frozen=True)
class Trial:
    """A module of tests on a configuration; only some of its tests if they are named."""

    test: str
    configuration: str
    tests: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{':'.join(filter(None, (self.test, ','.join(self.tests))))} @ {self.configuration}"

    @property
    def file(self) -> str:
        """A name for its files; the configuration is not in it."""
        return re.sub(r"\W+", "_", "_".join((self.test, *self.tests)))


@cache
def _read() -> dict:
    return tomllib.loads(FILE.read_text())


def _trial(text: str) -> Trial:
    names, _, configuration = text.partition(" @ ")
    test, _, tests = names.partition(":")
    known = {**configurations().by_name, **configurations().designs}
    if test not in modules.registered():
        raise FlowError(f"{FILE}: {unknown('test', test, modules.registered())}")
    if configuration not in known:
        raise FlowError(f"{FILE}: {unknown('configuration', configuration, known)}")
    return Trial(test, configuration, tuple(filter(None, tests.split(","))))


def of_engine(module: str) -> bool:
    """Is a Verilog module one of the virtqueue engine? Its mutants have tests and proofs of their own."""
    return module == ENGINE or module.startswith("virtio_vq_")


def _section(module: str) -> dict:
    return _read()["engine"] if of_engine(module) else _read()


def quick(module: str) -> list[Trial]:
    """What every mutant of a Verilog module meets first, in this order."""
    content = _section(module)
    texts = [*content["first"].get(module, []), *content["quick"]["simulations"]]
    return [_trial(text) for text in dict.fromkeys(texts)]


def first(module: str) -> list[Trial]:
    """What knows a Verilog module best."""
    return [_trial(text) for text in _section(module)["first"].get(module, [])]


def slow(module: str) -> list[Trial]:
    """What comes next."""
    before = set(quick(module))
    return [trial for trial in map(_trial, _section(module)["slow"]["simulations"]) if trial not in before]


def rest(module: str) -> list[Trial]:
    """Everything else in sim/tests.toml; nothing for the engine, whose tests are all in plan.toml."""
    if of_engine(module):
        return []
    before = {*quick(module), *slow(module)}
    everything = [
        Trial(entry.short_name, name) for entry in modules.registered().values() for name in entry.of_endpoint
    ]
    return [trial for trial in everything if trial not in before]


def proof_configurations(module: str, elaboration: bool = False) -> list[str]:
    """Where an equivalence of a module's mutant, one of what elaboration decides or another, is to be proved: names of
    configurations, or, for the engine, the module with parameters."""
    if of_engine(module):
        return [f"{module} {values}".strip() for values in _read()["engine"]["proof"].get(module, [""])]
    content = _read()["proof"]
    if elaboration:
        return content["elaboration"]["configurations"]
    more = content["more"]
    return content["configurations"] + (more["configurations"] if module in more["modules"] else [])
