"""Prints every requirement with its tests or its reason."""

from tests.simulation.requirements.trace import coverage, reasons, requirements

covered, excused = coverage(), reasons()
for name, text in requirements().items():
    print(f"{name}: {text}")
    for test in covered.get(name, []):
        print(f"    {test}")
    if name in excused:
        print(f"    not visible: {excused[name]}")
