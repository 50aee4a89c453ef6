# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m sim plan`: every entry of the test plan with its tests or its reason."""

from sim.flow.command import Parser
from sim.plan import entry, trace


def main(arguments: list[str] | None = None) -> int:
    """Print the plan; the exit status."""
    Parser(prog="python -m sim plan", description=__doc__).parse_args(arguments)
    covered = trace.coverage()
    for found in entry.read().values():
        print(f"{found.name}: {found.requirement}" + (f" [{found.stage}]" if found.stage else ""))
        if found.not_visible:
            print(f"    not visible: {found.not_visible}")
        else:
            print(f"    stimulus: {found.stimulus}")
            print(f"    expected: {found.expected}")
        for test in covered.get(found.name, []):
            print(f"    {test}")
    return 0
