# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the tests of the bus drivers and monitors on a correct partner."""

import shutil
from pathlib import Path

import pytest
from cocotb_tools.check_results import get_results
from cocotb_tools.runner import get_runner

HERE = Path(__file__).parent


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
def test_drivers_and_monitors(tmp_path):
    runner = get_runner("icarus")
    runner.build(
        sources=[HERE / "fixtures" / "ports.v"],
        hdl_toplevel="ports",
        build_dir=tmp_path,
        timescale=("1ns", "1ps"),
        log_file=tmp_path / "build.log",
    )
    results = runner.test(
        hdl_toplevel="ports",
        test_module="tests.bfm.cocotb_bfm",
        build_dir=tmp_path,
        test_dir=tmp_path,
        results_xml=str(tmp_path / "results.xml"),
        seed=1,
    )
    tests, failures = get_results(results)
    assert (tests, failures) == (9, 0)
