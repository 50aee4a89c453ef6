# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""From a failing random run to a handful of steps, shown on copies of the RTL with seeded faults."""

import asyncio
import shutil
from dataclasses import replace

import pytest
from cocotbext.virtio.registers import InterruptBit, MsiCommand, Register, StatusBit
from cocotbext.virtio.trace.rows import HEADER
from cocotbext.virtio.trace.steps import (
    Event,
    Fault,
    Generation,
    HardReset,
    HoldAddress,
    HoldAnswers,
    HoldData,
    NeedsReset,
    Read,
    Write,
    rows_of,
    steps_of,
)
from cocotbext.virtio.trace.trace_file import TraceError, TraceFile

from sim.debug.shrink.ready_test import source, step_source
from sim.debug.shrink.reduce import reduce
from sim.debug.shrink.run_steps import steps_of_run
from sim.debug.shrink.shrink import shrink
from sim.flow import tools
from sim.flow.errors import FlowError
from sim.flow.paths import ROOT
from sim.flow.run import Simulation, simulate
from sim.formal.faults import apply_edits, load_faults
from tests.debug.run_logs import RUN, event, write

EVERY = [
    Write(0x70, 0),
    Write(0x104, 0x1234, 0b0101, after=3),
    Read(0x70, after=0),
    Event(2, after=1),
    HoldAddress(5),
    HoldData(6, after=0),
    HoldAnswers(7),
    Fault(3),
    NeedsReset(1, after=2),
    Generation(9),
    HardReset(after=4),
]
RANDOM = Simulation("icarus", "sharing", "tb.tests.test_random", 1, "ChurnAndHostility")


def failing_run(rtl, rule, first):
    """A random run that breaks the rule on that RTL. The seed `first` did when this was written; after other
    stimulus has come of
    it, one of the following does."""
    for seed in range(first, first + 10):
        simulation = replace(RANDOM, rtl=rtl, seed=seed)
        failures = simulate(simulation).failures
        if failures and failures[0].message.startswith(f"{rule}: "):
            return simulation
    pytest.fail(f"no seed from {first} to {first + 9} breaks {rule}")


@pytest.mark.parametrize(
    "fault, rule, most, seed",
    [
        pytest.param("fault_ack_wins", "rule 2", 8, 4, marks=pytest.mark.thorough),
        ("fault_mask_ignored", "rule 6", 16, 1),
        pytest.param("fault_masked_event_dropped", "rule 4", 16, 4, marks=pytest.mark.thorough),
    ],
)
def test_hundreds_of_steps_become_a_handful(fault, rule, most, seed, tmp_path):
    """What is left, as a trace and as a test, fails on the broken RTL with the same rule, and passes on the good
    one."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    broken = tmp_path / "rtl"
    shutil.copytree(ROOT / "rtl", broken)
    apply_edits(fault, next(each.edits for each in load_faults() if each.name == fault), broken)
    shrunk = shrink(failing_run(broken, rule, seed))
    assert len(shrunk.before) > 100
    assert len(shrunk.steps) <= most
    assert shrunk.rule == rule
    assert shrunk.message.startswith(f"{rule}: ")
    folder = shrunk.test.parent.relative_to(ROOT).as_posix().replace("/", ".")
    ready = replace(shrunk.replay, module=f"{folder}.{shrunk.test.stem}", trace=None)
    assert simulate(ready).failures[0].message.startswith(f"{rule}: ")
    for failing in (shrunk.replay, ready):
        result = simulate(replace(failing, rtl=ROOT / "rtl"))
        assert result.tests == 1 and not result.failures, result.report()


def test_a_run_that_passes_is_not_reduced():
    """One line says so."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    with pytest.raises(FlowError, match="nothing to reduce: test_smoke:.* passes on nonsharing with seed 1"):
        shrink(Simulation("icarus", "nonsharing", "tb.tests.test_smoke", 1, "identity"))


@pytest.mark.parametrize("needed", [[0], [99], [3, 4], [0, 50, 99], list(range(10, 30)), []])
def test_reduce_leaves_what_is_needed(needed):
    """In order, and in far fewer tries than there are parts."""
    tries = 0

    async def holds(part):
        nonlocal tries
        tries += 1
        assert part == sorted(part)
        return set(needed) <= set(part)

    left = asyncio.run(reduce(list(range(100)), holds))
    assert left == needed or not needed and len(left) == 1
    assert tries < 400


def test_steps_survive_a_trace_file(tmp_path):
    """Every kind, with and without a time."""
    path = tmp_path / "trace.csv"
    path.write_text("\n".join([HEADER, *map(str, rows_of(EVERY))]) + "\n")
    trace = TraceFile.read(path)
    assert trace.timed
    assert steps_of(trace.rows) == EVERY


def test_narrow_writes_of_a_trace_by_hand(tmp_path):
    """bytes and offset say the lanes."""
    path = tmp_path / "trace.csv"
    path.write_text(f"#! timed\n{HEADER}\nW,0x102,2,0xabcd\n")
    assert steps_of(TraceFile.read(path).rows) == [Write(0x102, 0xABCD0000, 0b1100)]


def test_what_a_timed_trace_cannot_say(tmp_path):
    """A row of the other kind of recording is refused in one line."""
    path = tmp_path / "trace.csv"
    path.write_text(f"{HEADER}\n#! timed\nW,0x070,4,0\n#! config 0 ff\n")
    with pytest.raises(TraceError, match=r"line 4: '#! config' has no meaning in a timed trace"):
        TraceFile.read(path)


def test_the_steps_of_a_run():
    """Accesses and events at their cycles, stalls of the message bus as holds, faults, and nothing after the
    failure."""
    records = [
        RUN,
        {"kind": "HardReset", "cycle": 1},
        {"kind": "GenerationInput", "cycle": 1, "value": 0},
        *write(10, Register.STATUS, 1),
        {"kind": "RegisterRead", "address": 0x70, "data": 1, "accepted": 20, "responded": 22},
        event(24, 2),
        {"kind": "MessageStarted", "cycle": 26, "address": 0, "data": None},
        {"kind": "MessagePresented", "presented": 26, "taken": 30, "w_taken": 28, "address": 0, "data": 0},
        {"kind": "MessageAnswered", "cycle": 35, "response": 2},
        {"kind": "NeedsResetInput", "cycle": 40, "level": 1},
        {"kind": "HardReset", "cycle": 45},
        {"kind": "Failed", "cycle": 50, "rule": "rule 1", "text": ""},
        event(60, 1),
    ]
    assert steps_of_run(records) == [
        Write(0x70, 1, after=0),
        Read(0x70, after=10),
        Event(2, after=4),
        HoldAddress(4, after=2),
        HoldData(2, after=0),
        HoldAnswers(5, after=4),
        Fault(2, after=0),
        NeedsReset(1, after=10),
        HardReset(after=5),
    ]


def test_what_the_bus_held_back_at_the_end_stays_held_back():
    """A message that was not taken, and one that was not answered."""
    presented = {"kind": "MessagePresented", "presented": 26, "taken": 26, "w_taken": 26, "address": 0, "data": 0}
    records = [
        RUN,
        event(24, 2),
        {"kind": "MessageStarted", "cycle": 26, "address": 0, "data": 0},
        presented,
        {"kind": "MessageStarted", "cycle": 30, "address": 0, "data": 0},
        event(34, 2),
    ]
    assert steps_of_run(records) == [
        Event(2, after=0),
        HoldAnswers(208, after=2),
        HoldAddress(204, after=4),
        HoldData(204, after=0),
        Event(2, after=4),
    ]


@pytest.mark.parametrize(
    "step, text",
    [
        (Write(Register.MSI_CMD, MsiCommand.UNMASK), "Write(Register.MSI_CMD, MsiCommand.UNMASK)"),
        (
            Write(Register.STATUS, 3, after=2),
            "Write(Register.STATUS, StatusBit.ACKNOWLEDGE | StatusBit.DRIVER, after=2)",
        ),
        (Write(Register.STATUS, 0x130), "Write(Register.STATUS, 0x130)"),
        (
            Write(Register.INTERRUPT_ACK, 1, 0b0001),
            "Write(Register.INTERRUPT_ACK, InterruptBit.USED_BUFFER, strobe=0b0001)",
        ),
        (Write(0x104, 7), "Write(0x104, 7)"),
        (Read(Register.STATUS), "Read(Register.STATUS)"),
        (HoldAddress(5, after=1), "HoldAddress(5, after=1)"),
        (HardReset(), "HardReset()"),
    ],
)
def test_steps_as_python(step, text):
    """By name where there is one; and what is written is the step."""
    assert step_source(step) == text
    names = {
        each.__name__: each
        for each in (Write, Read, Event, HoldAddress, HardReset, Register, MsiCommand, StatusBit, InterruptBit)
    }
    assert eval(text, names) == step


def test_the_ready_test_is_python():
    """Whatever the message says."""
    text = source(
        EVERY, "rule_4", 'rule 4: "quoted".', "make shrink", 'a """ and a \\ in ' + "long words " * 40, "sharing"
    )
    compile(text, "test_shrunk", "exec")
    assert max(map(len, text.splitlines())) <= 140
