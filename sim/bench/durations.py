# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What an engineer waits for: the result of an edit, a build, a regression."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from sim.flow import processes, rtl_files
from sim.flow.build import build
from sim.flow.configs import configurations
from sim.flow.design import TOP, Design
from sim.flow.errors import FlowError
from sim.flow.paths import BUILD, ROOT, rtl_directory
from sim.flow.run import Simulation, simulate

_CONFIGURATION = "nonsharing"
_TEST = "test_smoke:identity"
_SIMULATIONS = 6  # of a regression


def edit(simulator: str) -> dict:
    """One line more in the RTL, and one directed test run on it with the command that a user types."""
    rtl = BUILD / "bench" / "edited"
    shutil.rmtree(rtl, ignore_errors=True)
    shutil.copytree(rtl_directory(), rtl)
    top = rtl_files.find(rtl, f"{TOP}.v")
    head, _, tail = top.read_text().rpartition("endmodule")
    top.write_text(f"{head}wire [63:0] edited = 64'd{time.time_ns()};\nendmodule{tail}")
    command = [sys.executable, "-m", "sim", "run", "--sim", simulator, "--config", _CONFIGURATION, "--test", _TEST]

    def run() -> None:
        process = subprocess.run(command, cwd=ROOT, env=os.environ | {"RTL": str(rtl)}, capture_output=True, text=True)
        if process.returncode:
            raise FlowError(f"{_TEST} failed on an edited copy of the RTL:\n{process.stdout}{process.stderr}")

    sample = _timed(run)
    shutil.rmtree(build(simulator, _CONFIGURATION, Design(rtl, configurations().by_name[_CONFIGURATION])))
    return sample


def further(simulator: str, fast: bool = False) -> dict:
    """The build of a configuration that was not there before; others were."""
    config = configurations().by_name[_CONFIGURATION]
    build(simulator, _CONFIGURATION, Design(rtl_directory(), config, fast))
    design = Design(rtl_directory(), replace(config, vendor_id=time.time_ns() & 0x7FFFFFFF), fast)
    sample = _timed(lambda: build(simulator, "further", design))
    shutil.rmtree(build(simulator, "further", design))
    return sample


def regression(simulator: str, workers: int) -> dict:
    """Several simulations of one module of tests, built before, with as many at a time as there are workers."""
    simulations = [
        Simulation(simulator, _CONFIGURATION, "tb.tests.test_smoke", seed) for seed in range(1, _SIMULATIONS + 1)
    ]
    build(simulator, _CONFIGURATION, simulations[0].design)

    def run() -> None:
        with processes.pool(workers) as pool:
            for result in pool.map(simulate, simulations):
                if result.failures:
                    raise FlowError(result.report())

    return _timed(run)


def _timed(work: Callable[[], object]) -> dict:
    """Do it; seconds that passed, and of processor time."""
    started, before = time.monotonic(), _processor()
    work()
    return {"count": 1, "seconds": time.monotonic() - started, "processor": _processor() - before, "cycles": 0}


def _processor() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
