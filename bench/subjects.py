"""What is measured."""

from dataclasses import dataclass

from sim.errors import unknown


@dataclass(frozen=True)
class Subject:
    """One way to do something; all subjects with the same unit do the same, so that their rates compare."""

    name: str
    title: str
    unit: str
    test: str | None = None  # in bench/simulated.py; None: a program of its own instead of a simulation
    bus: str = "signals"


ACCESSES = "register accesses/s"
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
        Subject("limit", "limit: C++ loop, no Python", ACCESSES),
        Subject("limit_list", "limit: the same, accesses overlap", ACCESSES),
        Subject("environment", "pyuvm environment, scoreboard on", "items/s", "environment"),
        Subject("environment_fast", "the same on the fast path", "items/s", "environment", "fast"),
        Subject("events", "events through the scoreboard", "events/s", "events"),
        Subject("events_fast", "the same on the fast path", "events/s", "events", "fast"),
        Subject("free_run", "clock alone", "cycles/s", "free_run"),
        Subject("free_run_fast", "clock alone on the fast path", "cycles/s", "free_run", "fast"),
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
