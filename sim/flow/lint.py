# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Lint: the RTL under three tools over a matrix of parameters, the generated files, and the Python code.

Any warning is a failure.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.conformance import settings
from rich.console import Console

from sim.flow import cpus, icarus, processes, tools, verilator, yosys, yowasp
from sim.flow.configs import configurations
from sim.flow.design import AnyDesign, Design
from sim.flow.paths import BUILD, ROOT, rtl_directory

_TIMEOUT = 600  # seconds


@dataclass(frozen=True)
class Check:
    """One command; it fails by its exit status or, when `silent`, by any output."""

    name: str
    command: list
    silent: bool = False


@dataclass(frozen=True)
class Example:
    """A device of examples/conformance, as its description builds it. It is a bench: what it leaves unused is its own
    affair, but Icarus sees an input that nothing drives."""

    described: settings.Settings

    @property
    def top(self) -> str:
        """The module that is simulated."""
        return self.described.top

    def sources(self) -> list[Path]:
        """The Verilog files."""
        return list(self.described.sources)

    def includes(self) -> list[Path]:
        """The folders in which include files are looked for."""
        return list(self.described.includes)

    def parameters(self) -> list[str]:
        """NAME=VALUE in Verilog."""
        return self.described.assignments


def examples() -> Iterator[tuple[str, Example]]:
    """The devices of examples/conformance that have Verilog of their own, by their places."""
    for file in sorted((ROOT / "examples" / "conformance").glob("*/*.toml")):
        if any(file.parent.glob("*.v")) and file.name != "faults.toml":
            yield f"{file.parent.name}/{file.stem}", Example(settings.load(file))


def corners() -> Iterator[EndpointConfig]:
    """Parameters at the ends of their ranges and around the powers of two, beyond the named configurations."""
    for sharing in (0, 1):
        for queues in (1, 2, 3, 15, 16, 1024):
            yield EndpointConfig(num_queues=queues, msi_sharing=sharing)
        for vectors in (1, 2, 16, 17, 32, 33, 2048):
            yield EndpointConfig(num_queues=3, num_vectors=vectors, msi_sharing=sharing)
    default = EndpointConfig()
    for queue_num_max in (1, 32768):
        yield replace(default, queue_num_max=queue_num_max)
    for config_bytes in (0, 1, 7):
        yield replace(default, config_bytes=config_bytes, addr_width=9)
    yield replace(default, config_bytes=256, addr_width=9)
    yield replace(default, config_bytes=4096, addr_width=32)
    yield replace(default, notify_doorbells=1, addr_width=64)
    yield replace(default, notify_doorbells=1, notify_base=0x50, notify_multiplier=0)
    yield EndpointConfig(num_queues=1024, notify_doorbells=1, notify_multiplier=4096, addr_width=23)
    yield replace(default, msi_support=0, notify_doorbells=1, addr_width=13)
    yield replace(default, device_features=0xFFFF_FE7F_FFFF_FFFF)
    yield replace(default, answer_at_once=1)
    yield EndpointConfig(num_queues=17, answer_at_once=1, require_features_ok=0, msi_awprot=0)


def run(console: Console) -> bool:
    """Run every check, several at once, and show each that fails with its output. True when none does."""
    directory = BUILD / "lint"
    directory.mkdir(parents=True, exist_ok=True)
    checks = list({tuple(map(str, check.command)): check for check in _checks()}.values())  # each command once
    yowasp.prepare(yosys.PROGRAM)
    failed = 0
    with processes.pool(cpus.jobs()) as pool:
        for check, passed in zip(checks, pool.map(_passes, checks), strict=True):
            if not passed:
                failed += 1
                console.print(f"FAILED {check.name}", highlight=False, markup=False, soft_wrap=True)
                console.print(_log(check).read_text(errors="replace"), highlight=False, markup=False, soft_wrap=True)
    for simulator in tools.SIMULATORS:
        if tools.missing(simulator):
            console.print(f"{tools.missing(simulator)}. Linted without it.", highlight=False, soft_wrap=True)
    console.print(f"lint: {len(checks) - failed} of {len(checks)} checks passed", highlight=False)
    return not failed


def _checks() -> Iterator[Check]:
    yield Check("ruff", [sys.executable, "-m", "ruff", "check", "."])
    yield Check("ruff format", [sys.executable, "-m", "ruff", "format", "--check", "."])
    yield Check("types", [sys.executable, "-m", "mypy"])
    yield Check("spelling", [sys.executable, "-m", "codespell_lib", "."])
    yield Check("licences", [sys.executable, "-m", "reuse", "lint"])
    yield Check("registers", [sys.executable, "-m", "sim", "regs", "--check"])
    named = [(name, Design(rtl_directory(), fields)) for name, fields in configurations().by_name.items()]
    for name, design in named:
        yield Check(f"yosys {name}", yosys.lint_command(design))
    for name in configurations().designs:
        other = configurations().design(name, rtl_directory())
        yield Check(f"yosys {name}", yosys.lint_command(other))
        yield from _simulators(name, other)
    edges = [(f"corner{number}", Design(rtl_directory(), fields)) for number, fields in enumerate(corners(), 1)]
    harness = [(f"harness {name}", replace(design, fast=True)) for name, design in named if design.fits_harness]
    for name, design in named + edges + harness:
        yield from _simulators(name, design)
    if not tools.missing(icarus.NAME):
        for name, example in examples():
            yield Check(f"example {name}", icarus.lint_command(example), silent=True)


def _simulators(name: str, design: AnyDesign) -> Iterator[Check]:
    """One design by each simulator that is there."""
    for tool in (icarus, verilator):
        if not tools.missing(tool.NAME):
            label = f"{tool.NAME} {name}: {' '.join(design.parameters())}"
            yield Check(label, tool.lint_command(design), silent=tool is icarus)


def _log(check: Check) -> Path:
    return BUILD / "lint" / (check.name.partition(":")[0].replace(" ", "-").replace("/", "-") + ".log")


def _passes(check: Check) -> bool:
    log = _log(check)
    try:
        status = processes.run(check.command, log, ROOT, tools.environment(), _TIMEOUT)
    except processes.TimedOut:
        log.write_text(f"took more than {_TIMEOUT} s\n")
        return False
    return status == 0 and not (check.silent and log.stat().st_size)
