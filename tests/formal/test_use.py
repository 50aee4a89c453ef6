# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What modules ask of their users, which their proofs assume, holds in simulation; and each of these checks can
fail."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from sim.flow import rtl_files
from sim.flow.paths import BUILD, ROOT
from sim.formal.use import SIMULATED, UNITS, add_checks, used_modules

needs_icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")

ROWS = ".REQUESTS(6), .INDEX_WIDTH(3), .ROW_LOG2(1)"
FLAT = ".REQUESTS(6), .INDEX_WIDTH(3)"
STATE = ".NUM_VECTORS(6), .VECTOR_WIDTH(3), .ROW_LOG2(1), .ROWS_WIDTH(2)"
DOORBELL = ".NUM_QUEUES(3), .QUEUE_WIDTH(2)"
SLOTS = ".SLOTS(3), .SLOT_WIDTH(2)"
CHUNKS = ".WIDTH(2), .SLOTS(3), .SLOT_WIDTH(2)"
DESIGNS = ("virtio_mmio_endpoint", "virtio_virtqueue_engine")

# What breaks each check: module, its parameters, the check, values of signals; all others are unknown.
BREAKS = [
    ("virtio_pending_ram", ROWS, "set_in_range", "set=1 set_index=6"),
    ("virtio_pending_ram", ROWS, "drop_in_range", "drop=1 look_index=7"),
    ("virtio_pending_ram", ROWS, "change_in_range", "wake=1 change_index=6"),
    ("virtio_pending_ram", ROWS, "fill_in_range", "fill=1 fill_row=3"),
    ("virtio_pending_ram", ROWS, "fill_alone", "fill=1 set=1"),
    ("virtio_pending_ram", ROWS, "drop_no_fill", "drop=1 fill=1"),
    ("virtio_pending_ram", ROWS, "drop_or_set", "drop=1 set=1 set_index=4 look_index=4"),
    ("virtio_pending_ram", ROWS, "drop_or_hide", "drop=1 hide=1"),
    ("virtio_pending_flops", FLAT, "set_in_range", "set=1 set_index=6"),
    ("virtio_pending_flops", FLAT, "drop_in_range", "drop=1 look_index=7"),
    ("virtio_pending_flops", FLAT, "drop_no_fill", "drop=1 fill=1"),
    ("virtio_pending_flops", FLAT, "drop_or_set", "drop=1 set=1 set_index=4 look_index=4"),
    ("virtio_msi_vector_state", STATE, "pend_exists", "pend=1 pend_vector=6"),
    ("virtio_msi_vector_state", STATE, "command_exists", "configure=1 command_vector=7"),
    ("virtio_msi_vector_state", STATE, "not_both", "mask=1 unmask=1"),
    ("virtio_msi_vector_state", STATE, "has_cause", "pend=1 pend_used=0 pend_config=0"),
    ("virtio_msi_vector_state", STATE, "number_is_cause", "pend=1 pend_vector=0 pend_used=1 pend_config=1"),
    ("virtio_msi_vector_state", STATE, "while_sweeping", "sweep=1 unmask=1"),
    ("virtio_msi_vector_state", STATE, "while_disabling", "disable_busy=1 grant_ready=1 grant_valid=1"),
    ("virtio_msi_vector_state", STATE, "disable_once", "disabling=1 disable_sweeping=1"),
    ("virtio_msi_vector_state", STATE, "quiet_disable", "disable_sweeping=1 pend=1"),
    ("virtio_vq_chunks", CHUNKS, "dead_is_filled", "in_valid=1 in_slot=1 in_fill=0 dead=2"),
    ("virtio_vq_doorbell", DOORBELL, "kick_exists", "kick_valid=1 kick_queue=3"),
    ("virtio_vq_doorbell", DOORBELL, "stop_exists", "stop_valid=1 stop_queue=3"),
    ("virtio_vq_doorbell", DOORBELL, "fetch_exists", "took_valid=1 fetch_queue=3"),
    ("virtio_vq_doorbell", DOORBELL, "freed_exists", "freed_valid=1 freed_queue=3"),
    ("virtio_vq_doorbell", DOORBELL, "purged_exists", "purged_valid=1 purged_queue=3"),
    ("virtio_vq_doorbell", DOORBELL, "dropped_exists", "dropped_valid=1 dropped_queue=3"),
    ("virtio_vq_doorbell", DOORBELL, "take_offered", "pick_take=1 pick_valid=0"),
    (
        "virtio_vq_split_fetch",
        "",
        "forget_outside",
        "forget_valid=1 active=1 forget_queue=1 of_queue=1 table_request=0",
    ),
    ("virtio_vq_slot_table", SLOTS, "allocate_free", "allocate=1 free_valid=0"),
    ("virtio_vq_slot_table", SLOTS, "release_busy", "release_valid=1 release_slot=1 busy=1"),
    ("virtio_vq_slot_table", SLOTS, "drop_busy", "drop_valid=1 drop_slot=1 busy=1"),
    ("virtio_vq_slot_table", SLOTS, "release_or_drop", "release_valid=1 release_slot=1 drop_valid=1 drop_slot=1"),
    ("virtio_vq_slot_table", SLOTS, "command_has_room", "command_valid=1 command_slot=3"),
    ("virtio_vq_slot_table", SLOTS, "scan_exists", "stopping=1 scan_slot=3"),
    ("virtio_mmio_endpoint", "", "no_sweep_start_while_disabling", "disable_busy=1 sweep_start=1"),
]


@pytest.fixture(scope="module")
def checked():
    """A copy of the RTL with the checks in it."""
    folder = BUILD / "tests" / f"use-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "rtl", folder)
    add_checks(folder, SIMULATED)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "configuration, test",
    [
        ("nonsharing", "test_random"),
        ("sharing", "test_random"),
        pytest.param("sharing", "test_corner_cycles", marks=pytest.mark.thorough),
        pytest.param("nonsharing_70v", "test_random", marks=pytest.mark.thorough),
        ("sharing_20v", "test_hostile"),
        ("engine_all", "test_virtqueue:any_buffers/round=1"),
        pytest.param("engine_all", "test_virtqueue_hostile", marks=pytest.mark.thorough),
    ],
)
@needs_icarus
def test_holds(checked, configuration, test):
    """No check is broken while the endpoint, or the virtqueue engine, is used in every way."""
    command = [sys.executable, "-m", "sim", "run", "--sim", "icarus", "--config", configuration, "--test", test]
    process = subprocess.run(command, cwd=ROOT, env=os.environ | {"RTL": str(checked)}, capture_output=True, text=True)
    assert process.returncode == 0, process.stdout


@pytest.mark.parametrize(
    "module, parameters, check, values", BREAKS, ids=[f"{entry[0]}-{entry[2]}" for entry in BREAKS]
)
@needs_icarus
def test_can_fail(checked, tmp_path, module, parameters, check, values):
    """A user that does not keep to it is reported."""
    forces = " ".join(f"force dut.{value.replace('=', ' = ')};" for value in ["aresetn=1", *values.split()])
    bench = tmp_path / "bench.v"
    bench.write_text(
        f"module bench;\nreg aclk = 0;\n{module} #({parameters}) dut (.aclk(aclk));\n"
        f"initial begin {forces} #1 aclk = 1; #1 $finish; end\nendmodule\n"
    )
    program = tmp_path / "bench"
    sources = [bench, *dict.fromkeys(file for name in DESIGNS for file in rtl_files.listed(checked / f"{name}.f"))]
    subprocess.run(
        ["iverilog", "-g2005", "-s", "bench", "-I", checked / "endpoint", "-o", program, *sources], check=True
    )
    shown = subprocess.run(["vvp", "-n", program], capture_output=True, text=True, check=True).stdout
    assert re.search(rf"^ERROR: broken assumption: bench\.dut\.{check}$", shown, re.MULTILINE)


def test_every_check_is_broken_here():
    """The list above has all of them."""
    written = {
        (name, check)
        for name in used_modules()
        for check in re.findall(r"^`KEPT\((\w+),", (UNITS / f"{name}_use.vh").read_text(), re.MULTILINE)
    }
    assert written == {(entry[0], entry[2]) for entry in BREAKS}
