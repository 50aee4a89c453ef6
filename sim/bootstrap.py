# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Set-up before anything else runs: the missing Debian packages, the virtual environment, the packages of a command.

Runs with the standard library only. `make` calls it first, under the system's Python; each command calls ensure() with
what it needs beyond a simulation. When nothing is missing it only looks and says nothing. Interrupted at any point, it
does the missing part the next time: the stamp that says "complete" is written last. A .venv that is a symbolic link
belongs to another checkout and is only used.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 14)  # that the pinned packages are known for
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "installed"  # a file for each group of packages that is there
LOG = ROOT / "build" / "setup.log"
BASE = "sim"  # the group that every command needs

# Target of the Makefile, or command of python -m sim -> groups of requirements/ beyond BASE.
GROUPS = {
    "timeline": ("report",),
    "report": ("report",),
    "regress": ("regress",),
    "cluster": ("regress", "cluster"),
    "gates": ("gates",),
    "regs": ("regs",),
    "lint": ("lint",),
    "formal": ("formal",),
    "formal-all": ("formal",),
    "mutate": ("formal",),
    "mutation": ("formal",),
    "syn": ("syn",),
    "bench": ("bench",),
    "docs": ("docs",),
    "pictures": ("report",),
    "dependencies": ("dev",),
    "test": ("test",),
}


class SetupError(Exception):
    """Set-up cannot go on; the text is the one line for the user."""


def has_header(name: str) -> bool:
    """Is a C header of this name on the compiler's usual search path?"""
    return any((Path(root) / name).is_file() for root in ("/usr/include", "/usr/local/include"))


def has_venv() -> bool:
    """Does this Python have venv and the pip that venv puts into a new environment?"""
    return all(importlib.util.find_spec(module) for module in ("venv", "ensurepip"))


def has_libpython() -> bool:
    """Can the simulators load this Python as a shared library? Debian packages it apart from the program."""
    name = f"libpython{sys.version_info[0]}.{sys.version_info[1]}.so.1.0"
    for candidate in (str(Path(sysconfig.get_config_var("LIBDIR") or "") / name), name):
        try:
            ctypes.CDLL(candidate)
            return True
        except OSError:
            continue
    return False


def has_perl_modules() -> bool:
    """Verilator's front end needs more of Perl than Debian's perl-base brings."""
    perl = shutil.which("perl")
    if not perl:
        return False
    return subprocess.run([perl, "-MPod::Usage", "-MFindBin", "-e1"], capture_output=True).returncode == 0


def missing_packages() -> list[list[str]]:
    """Debian packages that are not there, as (needed, optional). Without an optional one only a part is left out."""
    library = f"libpython{sys.version_info[0]}.{sys.version_info[1]}"
    needed = [
        ("make", shutil.which("make")),
        ("g++", shutil.which("g++")),
        ("perl", has_perl_modules()),
        ("python3-venv", has_venv()),
        (library, has_libpython()),
    ]
    optional = [
        ("iverilog", shutil.which("iverilog") and shutil.which("vvp")),
        ("liblz4-dev", has_header("lz4.h")),
        ("zlib1g-dev", has_header("zlib.h")),
    ]
    return [[package for package, found in group if not found] for group in (needed, optional)]


def root_prefix() -> list[str] | None:
    """What to put before a command to run it as root: [] or sudo; None when there is no way without a password."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def logged(command: list, **options: Any) -> bool:
    """Run a command with its output in the set-up log; true when it succeeded."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(map(str, command))}\n")
        log.flush()
        try:
            return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options).returncode == 0
        except OSError as error:
            log.write(f"{error}\n")
            return False


def install_packages(packages: list[str]) -> None:
    """Install Debian packages as root, one after another so that one that does not exist spoils no other."""
    prefix = root_prefix()
    if prefix is None or not shutil.which("apt-get"):
        return
    print(f"Installing Debian packages: {' '.join(packages)}", flush=True)
    logged([*prefix, "apt-get", "-q", "update"])
    for package in packages:
        logged(
            [
                *prefix,
                "env",
                "DEBIAN_FRONTEND=noninteractive",
                "apt-get",
                "-q",
                "-o",
                "DPkg::Lock::Timeout=300",
                "install",
                "-y",
                "--no-install-recommends",
                package,
            ]
        )
    importlib.invalidate_caches()


def set_up_packages() -> None:
    """Bring in what is missing; say in one line what is left to the user.

    Raises:
        SetupError: a package without which nothing runs is still missing.
    """
    needed, optional = missing_packages()
    if not needed and not optional:
        return
    install_packages(needed + optional)
    needed, optional = missing_packages()
    if needed:
        raise SetupError(
            f"missing Debian packages; install them with: sudo apt-get install {' '.join(needed + optional)}"
        )
    if optional:
        print(f"Going on without {', '.join(optional)}; to add: sudo apt-get install {' '.join(optional)}")


def lock_of(group: str) -> Path:
    """The file with the pinned packages of a group."""
    return ROOT / "requirements.txt" if group == BASE else ROOT / "requirements" / f"{group}.txt"


def wanted_stamp(group: str) -> str:
    """What the stamp holds when the group is there: the lock's content, and the Python and place of the environment."""
    version = ".".join(map(str, sys.version_info[:2]))
    content = lock_of(group).read_bytes() + version.encode() + str(VENV.resolve()).encode()
    return hashlib.sha256(content).hexdigest()


def is_there(group: str) -> bool:
    """Is a group of packages installed as its lock says? One that holds all others counts for them."""
    for each in {group, "test", "dev"} if group != "dev" else {"dev"}:
        stamp = STAMPS / each
        if stamp.is_file() and lock_of(each).is_file() and stamp.read_text() == wanted_stamp(each):
            return True
    return False


def venv_is_ours() -> bool:
    """Is there an environment of this Python version, at this place, with a working pip?"""
    check = "import sys, pip; print(sys.version_info[:2], sys.prefix)"
    if not VENV_PYTHON.exists():
        return False
    try:
        found = subprocess.run([VENV_PYTHON, "-c", check], capture_output=True, text=True)
    except OSError:
        return False
    return found.returncode == 0 and found.stdout.strip() == f"{tuple(sys.version_info[:2])} {VENV}"


def set_up_venv() -> None:
    """Make the environment, unless it is there.

    Raises:
        SetupError: it cannot be made.
    """
    if is_there(BASE) and VENV_PYTHON.exists():
        return
    print("Setting up the Python environment .venv (once; half a minute)", flush=True)
    if not venv_is_ours() and not logged([sys.executable, "-m", "venv", "--clear", VENV]):
        raise SetupError(f"cannot make the virtual environment .venv; see {LOG}")
    install(BASE)


def install(group: str) -> None:
    """Install the packages of a group, each as its hash says.

    Raises:
        SetupError: a package cannot be installed.
    """
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / group).unlink(missing_ok=True)
    lock = lock_of(group)
    pip = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--no-compile"]
    if not logged([*pip, "--no-deps", "--require-hashes", "--requirement", lock]):
        raise SetupError(f"pip could not install {lock.relative_to(ROOT)} (is there a network?); see {LOG}")
    (STAMPS / group).write_text(wanted_stamp(group))


def ensure(*names: str) -> None:
    """Install what commands need beyond a simulation, unless it is there; one line says so.

    Raises:
        SetupError: a package cannot be installed.
    """
    if VENV.is_symlink() or not VENV_PYTHON.exists() or Path(sys.prefix).resolve() != VENV.resolve():
        return  # not our environment: who made it knows what is in it
    for group in dict.fromkeys(group for name in names for group in GROUPS.get(name, ())):
        if is_there(group):
            continue
        with locked():
            if is_there(group):
                continue
            size = " and with it everything of the other commands" if group == "test" else ""
            print(f"Installing requirements/{group}.txt{size} (once)", flush=True)
            install(group)
    importlib.invalidate_caches()


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Only one process sets up at a time."""
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    """Set up whatever is missing; exit status 1 with one line when that is not possible."""
    version = ".".join(map(str, sys.version_info[:2]))
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(
            f"set-up: Python {version} is too old; install Python 3.11 or newer and name it: make PYTHON=python3.11"
        )
    if sys.version_info[:2] > NEWEST_PYTHON and not is_there(BASE):
        newest = ".".join(map(str, NEWEST_PYTHON))
        print(f"set-up: Python {version} is newer than {newest}, the newest that this project was made for", flush=True)
    try:
        if VENV.is_symlink() and VENV_PYTHON.exists():
            return
        with locked():
            set_up_packages()
            set_up_venv()
    except (SetupError, OSError) as error:
        sys.exit(f"set-up: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
