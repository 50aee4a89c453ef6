# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Simulations that fail in each possible way, on both simulators: the flow sees it and says how to replay it."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sim.flow import tools, waves
from sim.flow.paths import ROOT
from sim.flow.results import NOT_BEGUN, Failure
from sim.flow.run import Simulation, simulate
from tests import fst

BENCHES = "tests.flow.benches"


@pytest.fixture(params=tools.SIMULATORS)
def simulation(request):
    """A simulation of the module that passes; the tests replace what they need."""
    if tools.missing(request.param):
        pytest.skip(tools.missing(request.param))
    return Simulation(request.param, "nonsharing", f"{BENCHES}.green", seed=3)


def test_passing_run(simulation):
    """Passes with its one test counted and its statistics read."""
    result = simulate(simulation)
    assert result.failures == []
    assert result.tests == 1
    assert result.statistics["messages"] > 0


def test_configuration_reaches_design_and_testbench(simulation):
    """The module compares the width of a port with the configuration it is told."""
    assert simulate(replace(simulation, configuration="doorbells")).failures == []


def test_red_test_fails_the_run(simulation):
    """The failing test is named; the passing one before it is counted."""
    result = simulate(replace(simulation, module=f"{BENCHES}.red"))
    assert result.tests == 2
    assert [failure.test for failure in result.failures] == ["fails"]


def test_crash_fails_the_run(simulation):
    """The simulator dies without a results file."""
    (failure,) = simulate(replace(simulation, module=f"{BENCHES}.crash")).failures
    assert failure.test == "dies"
    assert "ended early with signal 11" in failure.message


def test_no_test_run_fails_the_run(simulation):
    """Everything skipped is not a success."""
    (failure,) = simulate(replace(simulation, module=f"{BENCHES}.empty")).failures
    assert failure.message == "no test ran"


def at_its_limit(simulation, bench, **options):
    """The result of a bench that never ends, and its time limit in seconds: a busy machine needs longer to come to the
    test."""
    for timeout in (3, 30, 300):
        result = simulate(replace(simulation, module=f"{BENCHES}.{bench}", timeout=timeout, **options))
        if "running" in result.log.read_text():
            break
    return result, timeout


def test_hanging_run_is_killed(simulation):
    """In its time, and named."""
    result, timeout = at_its_limit(simulation, "hang")
    (failure,) = result.failures
    assert f"did not end in its time, {timeout} s" in failure.message
    assert result.seconds < 900, "the test itself takes 1000 s"
    assert f"TEST={BENCHES}.hang:sleeps" in result.report()


@pytest.mark.parametrize("bench, where", [("waits", "_for_nothing: await Event().wait()"), ("loops", "while True:")])
def test_run_at_its_limit_ends_gently(simulation, bench, where):
    """The dump opens, the log says where each task waits, the test's own end has run, and the simulation is gone."""
    result, timeout = at_its_limit(simulation, bench, waves=True)
    (failure,) = result.failures
    assert failure == Failure(bench, f"did not end in its time, {timeout} s")
    assert waves.problem(result.waves) is None
    assert where in result.report()
    assert "the test's own end" in result.report()


def test_the_limit_is_told_of_the_test_that_reached_it(simulation):
    """The one behind it is not blamed: it did not begin."""
    result, timeout = at_its_limit(simulation, "waits_twice")
    limit = Failure("waits", f"did not end in its time, {timeout} s")
    assert result.failures == [limit, Failure("never_begins", NOT_BEGUN)]


def test_unfinished_dump_is_named(simulation):
    """It is not offered as waves."""
    result = simulate(replace(simulation, module=f"{BENCHES}.crash", waves=True))
    assert result.waves is None
    assert re.search(r"waves:  none: (waves.fst cannot be opened|there is no waves.fst)", result.report())


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x00" + (329).to_bytes(8, "big") + bytes(321), b"#$ not FST"])
def test_what_is_no_dump(tmp_path, content):
    """Empty, cut off, without the hierarchy, something else."""
    dump = tmp_path / "waves.fst"
    dump.write_bytes(content)
    assert "cannot be opened" in waves.problem(dump)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_ends_the_simulations_too(simulation, number):
    """Ctrl-C: one line, a status of its own, and no simulator left behind."""
    seed = os.getpid()  # makes the run's directory our own
    words = ["run", "--sim", simulation.simulator, "--test", f"{BENCHES}.hang", "--seed", str(seed)]
    log = replace(simulation, module=f"{BENCHES}.hang", seed=seed).directory / "log"
    log.unlink(missing_ok=True)
    # A shell without job control starts background jobs with SIGINT ignored, and children inherit that.
    flow = subprocess.Popen(
        [sys.executable, "-m", "sim", *words],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for(lambda: log.is_file() and "running" in log.read_text())
    flow.send_signal(number)
    _, errors = flow.communicate(timeout=300)
    assert flow.returncode == 130
    assert errors == "sim: interrupted\n"
    assert not [process for process in Path("/proc").glob("[0-9]*") if works_in(process, log.parent)]


def wait_for(condition):
    """Wait until a condition holds; fail after ten minutes, which no busy machine takes."""
    deadline = time.monotonic() + 600
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def works_in(process, directory):
    """Is this the working directory of a process, given as its folder in /proc?"""
    try:
        return (process / "cwd").readlink() == directory
    except OSError:
        return False


def test_module_that_does_not_import_fails_the_run(simulation):
    """An error before the first test."""
    (failure,) = simulate(replace(simulation, module=f"{BENCHES}.broken")).failures
    assert "ModuleNotFoundError: No module named 'no_such_module'" in failure.message


def test_trace_with_reads_only_passes(simulation, tmp_path):
    """What any driver does at an empty slot; and the wrong value in it fails."""
    trace = tmp_path / "probe.csv"
    rows = "op,offset,bytes,value\nR,0x000,4,0x74726976\nR,0x004,4,2\nR,0x008,4,{}\n"
    probe = replace(simulation, configuration="empty_slot", module="tb.tests.test_trace", trace=trace)
    trace.write_text(rows.format(0))
    assert simulate(probe).failures == []
    trace.write_text(rows.format(1))
    (failure,) = simulate(probe).failures
    assert "probe.csv:4: DeviceID: read 0x00000000, the driver saw 0x00000001" in failure.message


def test_error_printed_by_the_design_fails_the_run(simulation, tmp_path):
    """Icarus goes on after $error and ends well; the log tells."""
    mutate(tmp_path, "endmodule", 'initial #1 $error("wrong");\nendmodule')
    (failure,) = simulate(replace(simulation, rtl=tmp_path)).failures
    assert "rror" in failure.message


def test_broken_design_fails_with_the_tool_s_error(simulation, tmp_path):
    """A syntax error: one line, with the file."""
    mutate(tmp_path, "endmodule", "assign ;\nendmodule")
    (failure,) = simulate(replace(simulation, rtl=tmp_path)).failures
    assert "virtio_mmio_endpoint.v" in failure.message
    assert "rror" in failure.message


def mutate(folder, old, new):
    """A copy of the design with the last `old` in its top module replaced."""
    shutil.copytree(ROOT / "rtl", folder, dirs_exist_ok=True)
    top = folder / "endpoint" / "virtio_mmio_endpoint.v"
    head, _, tail = top.read_text().rpartition(old)
    top.write_text(head + new + tail)


def test_replay_line_repeats_the_failure(simulation):
    """As printed it runs, fails in the same way with the same random numbers, and leaves waves."""
    result = simulate(replace(simulation, module=f"{BENCHES}.red"))
    (line,) = re.findall(r"replay: (.*)", result.report())
    words = shlex.split(line)
    assert words[:2] == ["make", "sim"]
    process = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, env=tools.environment())
    assert process.returncode != 0
    assert result.failures[0].message in process.stdout
    (dump,) = re.findall(r"waves: (.*)", process.stdout)
    assert "virtio_mmio_endpoint.irq" in fst.content(Path(dump))[0]


def test_another_seed_draws_other_numbers(simulation):
    """The seed reaches the testbench."""
    messages = {
        simulate(replace(simulation, module=f"{BENCHES}.red", seed=seed)).failures[0].message for seed in (1, 2)
    }
    assert len(messages) == 2


def test_waves_open_with_names(simulation):
    """The dump, the viewers' set-ups with the ports, and the tables of names lie side by side."""
    result = simulate(replace(simulation, configuration="doorbells", waves=True))
    signals, changes = fst.content(result.waves)
    assert changes > 3  # the module is short
    setup = (result.waves.parent / "endpoint.gtkw").read_text()
    named = set(re.findall(r"virtio_mmio_endpoint\.[\w.]+", setup))
    assert len(named) > 40 and named <= signals, named - signals
    assert "virtio_mmio_endpoint.s_axil_awaddr[12:0]" in setup
    for table in re.findall(r"^\^1 (\S+)", setup, re.MULTILINE):
        assert (result.waves.parent / table).is_file()
    assert "0050 QueueNotify\n" in (result.waves.parent / "registers.gtkw-filter").read_text()
