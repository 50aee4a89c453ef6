"""What is measured."""

from dataclasses import dataclass

from sim.errors import unknown


@dataclass(frozen=True)
class Subject:
    """One way to do something; all subjects with the same unit do the same, so that their rates compare."""

    name: str
    title: str
    unit: str
    compiled: bool = False  # a program of its own instead of a simulation


ACCESSES = "register accesses/s"
REFERENCE = "cocotbext_axi"  # ratios of register accesses are to this one

SUBJECTS = {
    subject.name: subject
    for subject in (
        Subject(REFERENCE, "(a) cocotbext-axi AxiLiteMaster", ACCESSES),
        Subject("cocotb_bus", "(b) cocotb-bus AXI4LiteMaster", ACCESSES),
        Subject("agent", "(c) our bus agent, signal level", ACCESSES),
        Subject("agent_list", "(c) our bus agent, lists of accesses", ACCESSES),
        Subject("limit", "limit: C++ loop, no Python", ACCESSES, compiled=True),
        Subject("limit_list", "limit: C++ loop, accesses overlap", ACCESSES, compiled=True),
        Subject("environment", "pyuvm environment, scoreboard on", "items/s"),
        Subject("events", "events through the scoreboard", "events/s"),
        Subject("free_run", "clock alone", "cycles/s"),
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
