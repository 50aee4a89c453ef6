# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What is measured."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sim.bench import beats, buffers, durations
from sim.flow.errors import unknown
from sim.flow.tools import SIMULATORS


@dataclass(frozen=True)
class Subject:
    """One way to do something; all subjects with the same unit do the same, so that their rates compare."""

    name: str
    title: str
    unit: str
    test: str | None = None  # in sim/bench/simulated.py; None: not a simulation
    bus: str = "signals"
    configuration: str = "nonsharing"
    simulators: tuple[str, ...] = tuple(SIMULATORS)
    duration: Callable[[str], dict] | None = (
        None  # called with the simulator: how long something takes, instead of a rate
    )
    plain: Callable[[float], dict] | None = None  # called with seconds: a rate, measured apart from the flow


ACCESSES = "register accesses/s"
SECONDS = "s"
VERILATOR = ("verilator",)
REFERENCE = "cocotbext_axi"  # ratios of register accesses are to this one

SUBJECTS = {
    subject.name: subject
    for subject in (
        Subject(REFERENCE, "(a) cocotbext-axi AxiLiteMaster", ACCESSES, "cocotbext_axi"),
        Subject("cocotb_bus", "(b) cocotb-bus AXI4LiteMaster", ACCESSES, "cocotb_bus"),
        Subject("agent", "(c) our bus agent, signal level", ACCESSES, "agent"),
        Subject("agent_list", "(c) the same, lists of accesses", ACCESSES, "agent_list"),
        Subject("fast", "(d) our fast path", ACCESSES, "fast", "fast"),
        Subject("fast_list", "(d) the same, lists of accesses", ACCESSES, "fast_list", "fast"),
        Subject("limit", "limit: C++ loop, no Python", ACCESSES, simulators=VERILATOR),
        Subject("limit_list", "limit: the same, accesses overlap", ACCESSES, simulators=VERILATOR),
        Subject("environment", "pyuvm environment, scoreboard on", "items/s", "environment"),
        Subject("environment_fast", "the same on the fast path", "items/s", "environment", "fast"),
        Subject("events", "events through the scoreboard", "events/s", "events"),
        Subject("events_fast", "the same on the fast path", "events/s", "events", "fast"),
        Subject("free_run", "clock alone", "cycles/s", "free_run"),
        Subject("free_run_fast", "clock alone on the fast path", "cycles/s", "free_run", "fast"),
        *(
            Subject(
                f"{test}_{queues}q",
                f"{text} through the scoreboard, {queues} queues",
                f"{test}/s",
                test,
                "fast",
                configuration,
                VERILATOR,
            )
            for test, text in (("accesses", "accesses"), ("events", "events"))
            for queues, configuration in ((2, "nonsharing"), (64, "nonsharing_65v"), (1024, "nonsharing_1024q"))
        ),
        *(
            Subject(
                f"buffers_{kind}",
                f"{kind} queue, driver and device in Python",
                "buffers/s",
                simulators=VERILATOR,
                plain=partial(buffers.pairs, packed=kind == "packed"),
            )
            for kind in ("split", "packed")
        ),
        *(
            Subject(name, title, "beats/s", simulators=VERILATOR, plain=partial(beats.beats, memory=name))
            for name, title in (
                ("axi_memory", "our AXI4 memory, rules and transactions on"),
                ("axi_memory_fast", "the same in C++"),
                ("axi_ram", "cocotbext-axi AxiRam"),
            )
        ),
        Subject("edit", "a line of RTL edited, one test run", SECONDS, duration=durations.edit),
        Subject("further", "a further configuration built", SECONDS, simulators=VERILATOR, duration=durations.further),
        Subject(
            "further_fast",
            "the same for the fast path",
            SECONDS,
            simulators=VERILATOR,
            duration=partial(durations.further, fast=True),
        ),
        *(
            Subject(
                f"regression_{workers}",
                f"six simulations, {workers} at a time",
                SECONDS,
                duration=partial(durations.regression, workers=workers),
            )
            for workers in (1, 2)
        ),
    )
}


def select(text: str | None) -> list[Subject]:
    """The subjects that --only names, with commas; all of them without it.

    Raises:
        FlowError: a name that is not there.
    """
    names = text.split(",") if text else list(SUBJECTS)
    for name in names:
        if name not in SUBJECTS:
            raise unknown("subject", name, SUBJECTS)
    return [SUBJECTS[name] for name in names]
