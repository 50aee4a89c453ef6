"""Set-up before anything else runs: the missing Debian packages and the virtual environment.

Runs under the system's Python with the standard library only; `make` calls it first. When nothing is missing it
only looks and says nothing. Interrupted at any point, it does the missing part the next time: the stamp that says
"complete" is written last.
"""

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements.txt"
STAMP = VENV / "complete"
LOG = ROOT / "build" / "setup.log"


class SetupError(Exception):
    """Set-up cannot go on; the text is the one line for the user."""


def has_header(name):
    """Is a C header of this name on the compiler's usual search path?"""
    return any((Path(root) / name).is_file() for root in ("/usr/include", "/usr/local/include"))


def has_venv():
    """Does this Python have venv and the pip that venv puts into a new environment?"""
    return all(importlib.util.find_spec(module) for module in ("venv", "ensurepip"))


def has_libpython():
    """Can the simulators load this Python as a shared library? Debian packages it apart from the program."""
    name = f"libpython{sys.version_info[0]}.{sys.version_info[1]}.so.1.0"
    for candidate in (str(Path(sysconfig.get_config_var("LIBDIR") or "") / name), name):
        try:
            ctypes.CDLL(candidate)
            return True
        except OSError:
            continue
    return False


def has_perl_modules():
    """Verilator's front end needs more of Perl than Debian's perl-base brings."""
    perl = shutil.which("perl")
    return (
        bool(perl) and subprocess.run([perl, "-MPod::Usage", "-MFindBin", "-e1"], capture_output=True).returncode == 0
    )


def missing_packages():
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


def root_prefix():
    """What to put before a command to run it as root: [] or sudo; None when there is no way without a password."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def logged(command, **options):
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


def install_packages(packages):
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


def set_up_packages():
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


def wanted_stamp():
    """What the stamp holds when the environment is complete: the requirements' content and the Python it is made of."""
    content = REQUIREMENTS.read_bytes() + sys.version.encode() + str(VENV).encode()
    return hashlib.sha256(content).hexdigest()


def venv_is_ours():
    """Is there an environment of this Python version, at this place, with a working pip?"""
    check = "import sys, pip; print(sys.version_info[:2], sys.prefix)"
    if not VENV_PYTHON.exists():
        return False
    try:
        found = subprocess.run([VENV_PYTHON, "-c", check], capture_output=True, text=True)
    except OSError:
        return False
    return found.returncode == 0 and found.stdout.strip() == f"{tuple(sys.version_info[:2])} {VENV}"


def set_up_venv():
    """Make .venv hold exactly what requirements.txt says.

    Raises:
        SetupError: the environment cannot be made or a package cannot be installed.
    """
    stamp = wanted_stamp()
    if STAMP.is_file() and STAMP.read_text() == stamp and VENV_PYTHON.exists():
        return
    print("Setting up the Python environment .venv (once; a minute or two)", flush=True)
    STAMP.unlink(missing_ok=True)
    if not venv_is_ours() and not logged([sys.executable, "-m", "venv", "--clear", VENV]):
        raise SetupError(f"cannot make the virtual environment .venv; see {LOG}")
    pip = [
        VENV_PYTHON,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "install",
        "--requirement",
        REQUIREMENTS,
    ]
    if not logged(pip):
        raise SetupError(f"pip could not install requirements.txt (is there a network?); see {LOG}")
    STAMP.write_text(stamp)


def main():
    """Set up whatever is missing; exit status 1 with one line when that is not possible."""
    if sys.version_info < OLDEST_PYTHON:
        version = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"set-up: Python {version} is too old; install Python 3.11 or newer and name it: make PYTHON=python3.11"
        )
    try:
        LOG.parent.mkdir(exist_ok=True)
        with (LOG.parent / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            set_up_packages()
            set_up_venv()
    except (SetupError, OSError) as error:
        sys.exit(f"set-up: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
