# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The order in which tests try to kill a mutant: plan.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.flow import modules
from sim.flow.configs import configurations
from sim.flow.errors import FlowError, unknown

FILE = Path(__file__).with_name("plan.toml")


@dataclass(frozen=True)
class Trial:
    """A module of tests on a configuration."""

    test: str
    configuration: str

    def __str__(self) -> str:
        return f"{self.test} @ {self.configuration}"


@cache
def _read() -> dict:
    return tomllib.loads(FILE.read_text())


def _trial(text: str) -> Trial:
    test, _, configuration = text.partition(" @ ")
    if test not in modules.registered():
        raise FlowError(f"{FILE}: {unknown('test', test, modules.registered())}")
    if configuration not in configurations().by_name:
        raise FlowError(f"{FILE}: {unknown('configuration', configuration, configurations().by_name)}")
    return Trial(test, configuration)


def quick(module: str) -> list[Trial]:
    """What every mutant of a Verilog module meets first, in this order."""
    content = _read()
    texts = [*content["first"].get(module, []), *content["quick"]["simulations"]]
    return [_trial(text) for text in dict.fromkeys(texts)]


def first(module: str) -> list[Trial]:
    """What knows a Verilog module best."""
    return [_trial(text) for text in _read()["first"].get(module, [])]


def slow(module: str) -> list[Trial]:
    """What comes next."""
    before = set(quick(module))
    return [trial for trial in map(_trial, _read()["slow"]["simulations"]) if trial not in before]


def rest(module: str) -> list[Trial]:
    """Everything else in sim/tests.toml."""
    before = {*quick(module), *slow(module)}
    everything = [
        Trial(entry.short_name, name) for entry in modules.registered().values() for name in entry.of_endpoint
    ]
    return [trial for trial in everything if trial not in before]


def proof_configurations(module: str, elaboration: bool = False) -> list[str]:
    """Where an equivalence of a module's mutant, one of what elaboration decides or another, is to be proved."""
    content = _read()["proof"]
    if elaboration:
        return content["elaboration"]["configurations"]
    more = content["more"]
    return content["configurations"] + (more["configurations"] if module in more["modules"] else [])
