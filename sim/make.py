# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""`make TARGET NAME=value ...` as a command line: which variables a target takes, and what becomes of them.

The Makefile calls `python -m sim make TARGET` and hands over every variable as it was typed, in the environment, as
MAKE_NAME; those of its own command line are listed in MAKE_GIVEN. So neither make nor a shell reads the values.
"""

import difflib
import os
import shlex
import sys
from collections.abc import Callable, Mapping

from sim.flow.environment import OWN

PREFIX = "MAKE_"
GIVEN = "MAKE_GIVEN"
EVERYWHERE = ("RTL", "JOBS", "PYTHON")  # what every target takes

Option = str | Callable[[str], list[str]]


def _flag(option: str) -> Callable[[str], list[str]]:
    """On for anything but an empty value and 0."""
    return lambda value: [option] if value not in ("", "0") else []


def _off(option: str) -> Callable[[str], list[str]]:
    """On for 0 alone."""
    return lambda value: [option] if value == "0" else []


def _words(value: str) -> list[str]:
    """Options as a shell would split them."""
    return shlex.split(value)


def _plan(value: str) -> list[str]:
    """Entries of the test plan with commas, all of them, or CI's sample."""
    return {"all": ["--plan"], "ci": ["--plan", "--ci"]}.get(value) or ["--plan", *value.split(",")]


def _options(*names: str) -> dict[str, Option]:
    return {name: f"--{name.lower()}" for name in names}


_LOOK = _options("SIM", "CONFIG", "TEST", "SEED", "BUS", "TRACE", "TIMEOUT", "LIMITS")

# Target -> the command of python -m sim, and its variables.
TARGETS: dict[str, tuple[list[str], dict[str, Option]]] = {
    "sim": (
        ["run"],
        _LOOK | _options("RECORD") | {"WAVES": _flag("--waves"), "GATES": _flag("--gates"), "ARGS": _words},
    ),
    "timeline": (["timeline"], _LOOK | _options("LOG")),
    "waves": (["waves"], _LOOK),
    "shrink": (["shrink"], _LOOK),
    "regress": (
        ["regress"],
        _options("SIM", "CONFIG", "TEST", "SEED", "TIMEOUT", "FILTER", "SEEDS", "SUMMARY", "CLUSTER")
        | {"ARGS": _words},
    ),
    "quick": (["quick"], _options("SIM", "SEED")),
    "test": (["test"], _options("SEED") | {"PYTEST": lambda value: ["--", *shlex.split(value)]}),
    "lint": (["lint"], {}),
    "bench": (["bench"], _options("SIM", "ROUNDS", "SECONDS", "ONLY")),
    "formal": (["formal"], {}),
    "formal-all": (["formal", "--all"], {}),
    "syn": (
        ["syn"],
        _options("SIZES", "DEVICES", "MODES", "SEEDS", "PEERS") | {"TARGETS": _off("--no-targets")},
    ),
    "coverage": (["coverage"], _options("CONFIG", "TEST", "SEEDS")),
    "reliability": (["reliability"], _options("SIZE", "SIM", "BUS")),
    "rings": (["rings"], _options("BUFFERS", "MODES")),
    "mutate": (
        ["mutation"],
        {"N": "--count", **_options("SEED", "MODULE"), "ENGINE": _flag("--engine"), "PLAN": _plan},
    ),
    "cosim": (
        ["cosim", "run"],
        _options("GUEST", "SIM", "CONFIG", "SEED", "RECORD", "DUT", "KERNEL") | {"WAVES": _flag("--waves")},
    ),
    "yardstick": (["yardstick"], _options("SIM", "SEED") | {"N": "-n"}),
    "conformance": (
        ["conformance"],
        {"DUT": lambda value: [value]} | _options("CHECK", "SIM", "SEED") | {"WAVES": _flag("--waves")},
    ),
    "driver": (["cosim", "driver"], _options("ARCHITECTURE", "KERNEL")),
    "regs": (["regs"], {}),
    "report": (["report"], {}),
    "docs": (["docs"], {}),
}


def command(target: str, variables: Mapping[str, str]) -> list[str]:
    """The words behind `python -m sim` for a target and its variables as typed; an empty value is none.

    What the target does not take is left out; see unknown().
    """
    words, options = TARGETS[target]
    found = list(words)
    last: list[str] = []  # what goes to another program stands at the end
    for name, option in options.items():
        value = variables.get(name, "")
        if not value:
            continue
        made = option(value) if callable(option) else [f"{option}={value}"]
        if made[:1] == ["--"]:
            last = made
        else:
            found += made
    if variables.get("JOBS"):
        found.insert(len(words), f"--jobs={variables['JOBS']}")
    return found + last


def unknown(target: str, given: list[str]) -> list[str]:
    """A line for each variable of make's command line that the target does not take."""
    known = [*TARGETS[target][1], *EVERYWHERE]
    lines = []
    for name in given:
        if name not in known and not name.startswith(OWN):
            near = difflib.get_close_matches(name.upper(), known, 1, 0.7)
            hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(known)}"
            lines.append(f"make {target} does not know {name}, which has no effect; {hint}")
    return lines


def arguments(target: str) -> list[str]:
    """The words for a target with the variables that the Makefile has handed over; warns about unknown ones."""
    variables = {name.removeprefix(PREFIX): value for name, value in os.environ.items() if name.startswith(PREFIX)}
    for name, value in variables.items():
        if name == "RTL" or name.startswith(OWN):
            os.environ[name] = value
    for line in unknown(target, variables.get("GIVEN", "").split()):
        print(f"sim: {line}", file=sys.stderr, flush=True)
    return command(target, variables)
