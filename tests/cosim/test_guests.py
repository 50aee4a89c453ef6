# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Whole machines, where QEMU can be had: they run, and they end cleanly when a part of them is killed."""

import os
import signal
import subprocess
import sys
import time
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
LONG = ("aavmf", "linux-rtl", "linux-msi-rtl", "linux-root", "linux-msi-root")  # `make cosim` runs them
CONTAINED = ("linux-msi-plain",)  # linux-msi-suspend does the same and more
IN_PARTS = ("linux-msi-sharing", "linux-msi-masking")  # linux-msi-sharing-masking is both at once
X86 = "linux-msi-x86-plain"  # of the guests on x86, the one that is run here


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
        pytest.param(plan.name, marks=[pytest.mark.thorough] if plan.name in IN_PARTS else [])
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


@pytest.mark.parametrize(
    "victim, number, status, said",
    [
        ("qemu-system-aar", signal.SIGKILL, 1, "QEMU was killed by SIGKILL"),
        ("qemu-system-aar", signal.SIGTERM, 1, "QEMU ended early: "),
        ("simulation", signal.SIGKILL, 1, "the device disk: the simulation ended early with signal 9"),
        (None, signal.SIGTERM, 130, "cosim: interrupted"),
        (None, signal.SIGKILL, -signal.SIGKILL, "1 run, verilator, seed 1"),
    ],
)
def test_killed_in_the_middle(victim, number, status, said, tmp_path):
    """Whoever is killed, all end within seconds, one line says why, and no file is left in a temporary folder."""
    prepared("uboot")
    log = OUTPUT / "uboot" / "serial.log"  # removed before the simulations start
    command = [sys.executable, "-m", "sim", "cosim", "run", "--guest", "uboot"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    try:
        limit = time.monotonic() + LIMIT
        family = {}
        while not (log.is_file() and b"U-Boot" in log.read_bytes() and "simulation" in family.values()):
            assert process.poll() is None, process.stdout.read()
            assert time.monotonic() < limit
            time.sleep(0.01)
            family = children(process.pid)
        target = process.pid if victim is None else next(child for child, name in family.items() if name == victim)
        os.kill(target, number)
        output, _ = process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == status
    assert sum(said in line for line in output.splitlines()) == 1, output
    assert "Traceback" not in output
    limit = time.monotonic() + 10
    while number == signal.SIGKILL and victim is None and any(Path(f"/proc/{child}").exists() for child in family):
        assert time.monotonic() < limit, family
        time.sleep(0.05)
    assert not [child for child in family if Path(f"/proc/{child}").exists()]
    assert not list(tmp_path.iterdir())
