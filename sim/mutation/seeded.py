# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""Seeded faults in the RTL that a named test must find: seeded.toml.

``python -m sim mutation --seeded [NAME...]`` seeds each fault in a copy of rtl/ and runs its test there.
"""

import shutil
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from sim.flow import rtl_files
from sim.flow.errors import FlowError, unknown
from sim.flow.modules import find
from sim.flow.paths import BUILD, ROOT
from sim.flow.run import Result, Simulation, simulate

FILE = Path(__file__).with_suffix(".toml")
_KEYS = {"name", "cause", "edits", "test", "configuration", "entries"}


@dataclass(frozen=True)
class SeededFault:
    """One fault: see seeded.toml."""

    name: str
    cause: str
    edits: tuple[tuple[str, str, str], ...]
    test: str
    configuration: str = "engine"
    entries: tuple[str, ...] = ()  # of the test plan, which it breaks

    def seed(self, place: Path) -> Path:
        """A copy of rtl/ with the fault, in a folder below *place*.

        Raises:
            FlowError: an edit does not fit the RTL, or not in exactly one place.
        """
        folder = place / self.name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(ROOT / "rtl", folder)
        for name, old, new in self.edits:
            file = rtl_files.find(folder, name)
            text = file.read_text()
            if text.count(old) != 1:
                raise FlowError(f"{FILE.name}: {self.name}: {name} has '{old}' {text.count(old)} times, not once")
            file.write_text(text.replace(old, new))
        return folder

    def run(self, place: Path = BUILD / "seeded", simulator: str = "icarus") -> Result:
        """Seed it and run its test; the result must have a failure."""
        module, test = find(self.test)
        rtl = self.seed(place)
        return simulate(
            Simulation(simulator, self.configuration, module.name, 1, test, rtl=rtl, timeout=module.timeout)
        )


def faults(file: Path = FILE) -> list[SeededFault]:
    """All of seeded.toml.

    Raises:
        FlowError: a key is unknown or missing, or a name is there twice.
    """
    entries = tomllib.loads(file.read_text())["fault"]
    found = []
    for entry in entries:
        for key in set(entry) - _KEYS:
            raise FlowError(f"{file.name}: {unknown('key', key, _KEYS)}")
        for key in _KEYS - {"configuration", "entries"} - set(entry):
            raise FlowError(f"{file.name}: {entry.get('name')} needs {key}")
        found.append(
            SeededFault(
                **entry | {"edits": tuple(map(tuple, entry["edits"])), "entries": tuple(entry.get("entries", ()))}
            )
        )
    if len({fault.name for fault in found}) != len(found):
        raise FlowError(f"{file.name}: a name is there twice")
    return found


def run_all(names: list[str]) -> int:
    """Run the faults that are named, or all; 1 when one is not found."""
    known = {fault.name: fault for fault in faults()}
    missed = 0
    for name in names or known:
        if name not in known:
            raise unknown("fault", name, known)
        result = known[name].run()
        built = result.log is not None
        by = f"found by {known[name].test}" if result.failures and built else "NOT FOUND" if built else "does not build"
        missed += not (result.failures and built)
        print(f"{name}: {by}: {result.failures[0].message[:140] if result.failures else ''}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(run_all(sys.argv[1:]))
