# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Every always-on check stays silent on a correct stand-in and speaks up on a faulty one."""

import shutil
from pathlib import Path

import pytest
from cocotb_tools.check_results import get_results
from cocotb_tools.runner import get_runner

HERE = Path(__file__).parent
pytestmark = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


def simulate(directory: Path, top: str, test: str, fault: int, expected: str, waiting_limit: int = 100) -> None:
    """Build and run one stand-in; the cocotb test of that name judges."""
    runner = get_runner("icarus")
    runner.build(
        sources=[HERE / "fixtures" / f"{top}.v"],
        hdl_toplevel=top,
        parameters={"FAULT": fault},
        build_dir=directory,
        timescale=("1ns", "1ps"),
        log_file=directory / "build.log",
    )
    results = runner.test(
        hdl_toplevel=top,
        test_module="tests.checks.cocotb_checks",
        test_filter=rf"\.{test}$",
        build_dir=directory,
        test_dir=directory,
        results_xml=str(directory / "results.xml"),
        extra_env={"EXPECTED": expected, "WAITING_LIMIT": str(waiting_limit)},
    )
    tests, failures = get_results(results)
    assert (tests, failures) == (1, 0)


@pytest.mark.parametrize(
    "fault, expected",
    [
        (0, ""),
        (1, "valid withdrawn"),
        (2, "payload changed"),
        (3, "unknown bits in the payload"),
        (4, "out_valid is unknown"),
    ],
)
def test_channel_rules(tmp_path, fault, expected):
    simulate(tmp_path, "bad_source", "channel", fault, expected)


def test_waiting_limit(tmp_path):
    simulate(tmp_path, "bad_source", "channel", 0, "not accepted within 10 cycles", waiting_limit=10)


@pytest.mark.parametrize(
    "fault, expected",
    [
        (0, ""),
        (1, "s_axil_b: response without a request"),
        (2, "s_axil_r: response without a request"),
        (3, "s_axil_b: response 2 is not OKAY"),
        (4, "s_axil_r: response 3 is not OKAY"),
        (5, "s_axil_aw: no response"),
        (6, "s_axil_ar: no response"),
        (7, "s_axil_aw: no ready"),
        (8, "s_axil_ar: no ready"),
        (9, "s_axil_b: response without a request"),
    ],
)
def test_register_bus(tmp_path, fault, expected):
    simulate(tmp_path, "bad_slave", "register_bus", fault, expected)


@pytest.mark.parametrize("fault, expected", [(0, ""), (1, "irq is unknown"), (2, "payload is unknown")])
def test_no_unknowns(tmp_path, fault, expected):
    simulate(tmp_path, "unknown_output", "unknowns", fault, expected)


@pytest.mark.parametrize("expected", ["", "aresetn is not low in the first cycle"])
def test_first_reset(tmp_path, expected):
    simulate(tmp_path, "unknown_output", "first_reset", 0, expected)
