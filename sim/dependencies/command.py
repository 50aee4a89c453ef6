# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""Compile the locks: every requirements/NAME.in to requirements/NAME.txt, sim.in to requirements.txt.

`python -m sim dependencies` needs a network and uv, which requirements/dev.txt has. A lock is for Python 3.11 and
newer, has a hash for each file, and begins with a digest of what it was made from. The locks agree with each other:
the small ones are compiled with dev.txt as a constraint. Versions stay; --upgrade takes the newest that the .in files
allow.
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

from sim.bootstrap import lock_of
from sim.flow import artifact
from sim.flow.command import Parser
from sim.flow.errors import FlowError
from sim.flow.paths import ROOT

FOLDER = ROOT / "requirements"
ALL = "dev"  # the group that contains all others
OLDEST = "3.11"
_HEAD = "# Made from requirements/{name}.in by `python -m sim dependencies`: do not edit. digest: {digest}\n"


def groups() -> list[str]:
    """The names of the groups, the one with all others first."""
    names = sorted(file.stem for file in FOLDER.glob("*.in"))
    return sorted(names, key=lambda name: name != ALL)


def sources(name: str) -> list[Path]:
    """A group's own file, and those that it includes."""
    file = FOLDER / f"{name}.in"
    inside = re.findall(r"^-r (\S+)\.in$", file.read_text(), re.MULTILINE)
    return [file, *(found for each in inside for found in sources(each))]


def digest(name: str) -> str:
    """A short name for what a group's lock is made from."""
    lines = {line.strip() for file in sources(name) for line in file.read_text().splitlines()}
    wanted = sorted(line for line in lines if line and not line.startswith(("#", "-r")))
    return hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:16]


def stale() -> list[str]:
    """The groups whose lock is not made from what the .in files say now."""
    found = []
    for name in groups():
        lock = lock_of(name)
        head = _HEAD.format(name=name, digest=digest(name))
        if not lock.is_file() or not lock.read_text().startswith(head):
            found.append(name)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Compile them; the exit status."""
    parser = Parser(prog="python -m sim dependencies", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compile nothing; exit 1 when a lock is stale")
    parser.add_argument("--upgrade", action="store_true", help="take newer versions where the .in files allow them")
    options = parser.parse_args(arguments)
    if options.check:
        for name in stale():
            print(f"{lock_of(name).relative_to(ROOT)} is stale; run: python -m sim dependencies", file=sys.stderr)
        return 1 if stale() else 0
    for name in groups():
        _compile(name, options.upgrade)
    return 0


def _compile(name: str, upgrade: bool) -> None:
    lock = lock_of(name)
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", OLDEST]
    command += ["--generate-hashes", "--no-header", "--no-annotate", "--output-file", str(lock)]
    command += [str(FOLDER / f"{name}.in")]
    command += ["--upgrade"] if upgrade else []
    command += [] if name == ALL else ["--constraint", str(lock_of(ALL))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise FlowError(f"{name}: {(done.stderr.strip().splitlines() or ['uv failed'])[-1]}")
    artifact.write_text(lock, _HEAD.format(name=name, digest=digest(name)) + lock.read_text())
    print(f"{lock.relative_to(ROOT)}: {len(re.findall('^[a-z].*==', lock.read_text(), re.MULTILINE))} packages")
