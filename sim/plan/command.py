# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m sim plan`: every entry of the test plan with its tests or its reason."""

from sim.flow.command import Parser
from sim.plan import entry, trace


def main(arguments: list[str] | None = None) -> int:
    """Print the plan; the exit status."""
    Parser(prog="python -m sim plan", description=__doc__).parse_args(arguments)
    covered, checks = trace.coverage(), trace.checks()
    for found in entry.read().values():
        words = ", ".join(filter(None, (found.stage, found.source, " ".join(found.ports))))
        print(f"{found.name}: {found.requirement} [{words}]")
        for label in ("not visible", "stimulus", "expected", "no check", "no fault"):
            if text := getattr(found, label.replace(" ", "_")):
                print(f"    {label}: {text}")
        for test in covered.get(found.name, []):
            print(f"    {test}")
        for check in checks.get(found.name, []):
            print(f"    conformance: {check}")
    return 0
