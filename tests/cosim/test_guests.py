# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Whole machines, where QEMU can be had: they run, and they end cleanly when a part of them is killed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from sim.cosim.errors import Unavailable
from sim.cosim.foreign_packages import ForeignPackages
from sim.cosim.guests import prepare
from sim.cosim.machine import Machine
from sim.cosim.machine_description import VIRT
from sim.cosim.paths import OUTPUT
from sim.cosim.plans import plans
from sim.cosim.verdict import Verdict
from sim.flow.paths import ROOT

LIMIT = 900  # seconds
SECONDS = 30  # in which all have to end when one is killed
LONG = ("aavmf", "linux-rtl", "linux-msi-rtl", "linux-root", "linux-msi-root")  # `make cosim` runs them
CONTAINED = ("linux-msi-plain",)  # linux-msi-suspend does the same and more
IN_PARTS = ("linux-msi-sharing", "linux-msi-masking")  # linux-msi-sharing-masking is both at once
X86 = "linux-msi-x86-plain"  # of the guests on x86, the one that is run here, at night


def prepared(run: str):
    """The plan and what it boots; skips the test where something cannot be had."""
    plan = plans(run, None)[0]
    try:
        return plan, prepare(plan, ForeignPackages(plan.machine.architecture))
    except Unavailable as reason:
        pytest.skip(str(reason))


def chosen() -> list:
    """The runs that are short enough for every day."""
    return [
        pytest.param(plan.name, marks=[pytest.mark.thorough] if plan.name in (*IN_PARTS, X86) else [])
        for plan in plans(None, None)
        if plan.name not in (*LONG, *CONTAINED) and (plan.machine is VIRT or plan.name == X86)
    ]


@pytest.mark.parametrize("run", chosen())
def test_guest(run, request):
    """The guest finds the device, works it, and agrees with it on everything; the scoreboard has no complaint."""
    plan, boot = prepared(run)
    seed = int(request.config.getoption("seed"))
    verdict = Verdict(Machine(plan, boot, "verilator", seed).run(), seed)
    assert verdict.problems == []


def children(parent: int) -> dict[int, str]:
    """Process -> program, of all processes below *parent*."""
    found: dict[int, tuple[int, str]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        found[int(stat.parent.name)] = int(rest.split()[1]), name
    family = {parent}
    for _ in found:
        family |= {process for process, (above, _) in found.items() if above in family}
    return {process: found[process][1] for process in family - {parent} if process in found}


def running_with(folder: Path) -> list[int]:
    """Processes that have *folder* for their temporary files, whoever their parent is by now."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if f"TMPDIR={folder}".encode() in environ.read_bytes().split(b"\0"):
                found.append(int(environ.parent.name))
    return found


@pytest.fixture
def temporary(tmp_path):
    """A folder for temporary files; a process that still has it for that is ended with the test."""
    yield tmp_path
    for process in running_with(tmp_path):
        os.kill(process, signal.SIGKILL)


BEFORE, DURING = "before the guest", "in U-Boot"


@pytest.mark.parametrize(
    "moment, victim, number, status, said",
    [
        (DURING, "qemu-system-aar", signal.SIGKILL, 1, "QEMU was killed by SIGKILL"),
        (DURING, "qemu-system-aar", signal.SIGTERM, 1, "QEMU ended early: "),
        (BEFORE, "simulation", signal.SIGKILL, 1, "the device disk: the simulation ended early with signal 9"),
        (DURING, "simulation", signal.SIGKILL, 1, "the device disk: the simulation ended early with signal 9"),
        (BEFORE, None, signal.SIGTERM, 130, "cosim: interrupted"),
        (DURING, None, signal.SIGTERM, 130, "cosim: interrupted"),
        (BEFORE, None, signal.SIGKILL, -signal.SIGKILL, "1 run, verilator, seed 1"),
        (DURING, None, signal.SIGKILL, -signal.SIGKILL, "1 run, verilator, seed 1"),
    ],
)
def test_killed_in_the_middle(moment, victim, number, status, said, temporary):
    """Whoever is killed, all end within seconds, one line says why, and no file is left in a temporary folder."""
    prepared("uboot")
    log, sockets = OUTPUT / "uboot" / "serial.log", OUTPUT / "uboot" / "sockets"
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sim", "cosim", "run", "--guest", "uboot"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"TMPDIR": str(temporary)},
    )
    try:
        limit = time.monotonic() + LIMIT
        family: dict[int, str] = {}

        def reached() -> bool:
            if "simulation" not in family.values():
                return False
            return moment == BEFORE or (log.is_file() and b"U-Boot" in log.read_bytes())

        while not reached():
            assert process.poll() is None, process.stdout.read()
            assert time.monotonic() < limit
            time.sleep(0.01)
            family = children(process.pid)
        target = process.pid if victim is None else next(child for child, name in family.items() if name == victim)
        os.kill(target, number)
        output, _ = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    assert process.returncode == status
    assert sum(said in line for line in output.splitlines()) == 1, output
    assert "Traceback" not in output
    limit = time.monotonic() + 10
    while left := [child for child in family if Path(f"/proc/{child}").exists()] + running_with(temporary):
        assert victim is None and number == signal.SIGKILL and time.monotonic() < limit, (left, family)
        time.sleep(0.05)
    assert not list(temporary.iterdir())
    assert process.returncode == -signal.SIGKILL or not sockets.exists()  # the next run removes what kill -9 leaves
