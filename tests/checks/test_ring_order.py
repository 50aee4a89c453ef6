# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The order rules on traces made by hand: right ones give nothing, each fault gives its rule, with its cycle."""

import importlib.util
import time
from pathlib import Path

import pytest
from cocotbext.virtio.checks import ring_order, ring_trace
from cocotbext.virtio.checks.ring_order import RULES, RingOrder

SPEC = importlib.util.spec_from_file_location("paper_device", Path(__file__).with_name("paper_device.py"))
paper = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(paper)
EVENT_IDX, INDIRECT, NOTIFICATION_DATA = paper.EVENT_IDX, paper.INDIRECT, paper.NOTIFICATION_DATA
# What else a fault breaks by itself.
FOLLOW = {"V-6": {"V-13"}, "V-14": {"V-6"}, "V-2": {"V-5", "V-6"}}
READ_WRITE = [(16, False), (512, True), (1, True)]


def run(kind, *faults, indirect=False, buffers=12, **options):
    """Buffers one by one, then two at once, a settled end, a stop."""
    device = kind(*faults, **options)
    notify = "silent" not in faults
    for number in range(buffers):
        device.give(READ_WRITE if number % 3 else [(40, True)], indirect)
        if number % 4 == 3:
            device.give([(24, False), (8, True)], indirect)
        device.kick()
        device.serve(notify)
        if number % 5 == 4:
            device.settle()
    device.settle()
    device.stop()
    return device


def judged(device, rules=RULES):
    return RingOrder(device.trace, rules).judge()


@pytest.mark.parametrize("kind", [paper.SplitPaper, paper.PackedPaper])
@pytest.mark.parametrize("features", [0, EVENT_IDX, EVENT_IDX | INDIRECT, NOTIFICATION_DATA])
@pytest.mark.parametrize("word", [4, 8, 16, 32])
def test_a_right_device(kind, features, word):
    device = run(kind, features=features, indirect=bool(features & INDIRECT), word=word, size=8)
    rules = [rule for rule in RULES if rule != "V-5"]  # words of 32 bytes bring neighbours
    if word == 4 and kind is paper.PackedPaper:
        # eight bytes of a used descriptor are two beats there: not a legal device
        assert {finding.rule for finding in judged(device, rules)} == {"V-6"}
        return
    assert judged(device, rules) == []
    assert RingOrder(device.trace).compared == 15


@pytest.mark.parametrize(
    "fault, rule, options",
    [
        ("C-1 wish before the index", "V-7", {}),
        ("C-1 wish before the answer", "V-7", {}),
        ("C-1 wish before the answer", "V-7", {"features": EVENT_IDX}),
        ("C-2 no second look", "V-9", {"features": EVENT_IDX}),
        ("C-3 entry early", "V-3", {}),
        ("C-3 descriptor early", "V-3", {}),
        ("C-3 table early", "V-3", {"features": INDIRECT, "indirect": True}),
        ("C-4 data not waited for", "V-6", {}),
        ("C-6 two at once", "V-14", {}),
        ("C-8 only the first part", "V-6", {}),
        ("C-9 one too many", "V-13", {"features": INDIRECT, "indirect": True}),
        ("C-10 beyond the end", "V-13", {}),
        ("C-11 in flight at the stop", "V-13", {}),
        ("C-11 after the stop", "V-13", {}),
        ("C-17 never armed", "V-9", {"features": EVENT_IDX}),
        ("C-19 a read is never answered", "V-13", {}),
        ("C-19 index failed", "V-3", {}),
        ("C-19 entry failed", "V-3", {}),
        ("C-19 half a descriptor failed", "V-3", {}),
        ("V-2 a head that is not there", "V-2", {}),
        ("V-5 fetched twice", "V-5", {}),
        ("V-6 no element", "V-6", {}),
        ("V-6 element not waited for", "V-6", {}),
        ("V-7 notified before the answer", "V-7", {}),
        ("V-7 notified while the wish is read", "V-7", {"features": EVENT_IDX}),
        ("V-7 told of twice", "V-7", {}),
        ("V-7 told of twice", "V-7", {"features": EVENT_IDX}),
    ],
)
def test_split_faults(fault, rule, options):
    faults = [fault] + (["silent"] if fault.startswith("C-1 ") else [])
    found = judged(run(paper.SplitPaper, *faults, **options))
    assert found and found[0].rule == rule, [str(finding) for finding in found[:4]]
    assert {finding.rule for finding in found} - FOLLOW.get(rule, set()) == {rule}


@pytest.mark.parametrize(
    "fault, rule, options",
    [
        ("C-1 wish before the answer", "V-7", {}),
        ("C-2 no second look", "V-9", {"features": EVENT_IDX}),
        ("C-3 descriptor early", "V-3", {}),
        ("C-4 data not waited for", "V-6", {}),
        ("C-4 flags first", "V-6", {}),
        ("C-4 flags not after the rest", "V-6", {}),
        ("C-5 wrong wrap", "V-14", {}),
        ("C-10 beyond the end", "V-13", {}),
        ("C-17 never armed", "V-9", {"features": EVENT_IDX}),
        ("V-7 told of twice", "V-7", {}),
        ("V-7 told of twice", "V-7", {"features": EVENT_IDX}),
    ],
)
def test_packed_faults(fault, rule, options):
    faults = [fault] + (["silent"] if fault.startswith("C-1 ") else [])
    found = judged(run(paper.PackedPaper, *faults, **options))
    assert found and found[0].rule == rule, [str(finding) for finding in found[:4]]


def test_what_failed_may_be_read_again():
    """An error answer to half of a descriptor is no copy of it; the copy that follows is one."""
    device = run(paper.SplitPaper, "C-19 half a descriptor failed", "it is read again")
    assert judged(device) == []


def used_and_told(device, used, told):
    """So many buffers are used, one by one, and then it is told of so many times."""
    for _ in range(used):
        device.give([(16, True)])
        device.kick()
        device.serve(False)
    for _ in range(told):
        device.now += 5
        device.notify()


@pytest.mark.parametrize("kind", [paper.SplitPaper, paper.PackedPaper])
def test_each_notification_has_a_cause_of_its_own(kind):
    """A device may tell of several by one notification, or later of each; of what is told of at a rest, no more."""
    device = kind()
    for used, told in ((2, 2), (3, 1), (0, 2), (1, 0), (1, 1)):
        used_and_told(device, used, told)
    device.settle()
    used_and_told(device, 1, 1)
    assert judged(device) == []
    used_and_told(device, 0, 1)
    last = device.now
    device.settle()
    found = judged(device)
    assert [(finding.rule, finding.cycle) for finding in found] == [("V-7", last)], found
    assert "without a cause" in found[0].text

    device = kind()
    used_and_told(device, 3, 1)
    device.settle()
    used_and_told(device, 0, 1)
    assert [(finding.rule, finding.cycle) for finding in judged(device)] == [("V-7", device.now)]

    device = kind()
    used_and_told(device, 2, 1)
    used_and_told(device, 1, 0)
    device.settle()
    used_and_told(device, 0, 1)  # late, but of the last one
    assert judged(device) == []

    device = kind()
    used_and_told(device, 2, 1)  # one of them, and the other one late: while the next buffer is on its way
    device.give([(16, True)])
    device.kick()
    device.faults = ("V-7 notified before the answer",)
    device.serve()
    assert judged(device) == []


@pytest.mark.parametrize("kind", [paper.SplitPaper, paper.PackedPaper])
def test_a_device_that_does_not_coalesce(kind):
    """Of such a device a notification that tells only of what was told of before has no cause, at rest or not. In a
    packed ring, where each buffer shows before the device decides on it, it needs to be one too many."""
    device = kind()
    for used, told in ((1, 1), (3, 1), (1, 1)):
        used_and_told(device, used, told)
    assert RingOrder(device.trace, coalesces=False).judge() == []
    device = kind()
    used_and_told(device, 1, 1)
    used_and_told(device, 2, 2)
    again = device.now
    used_and_told(device, 1, 1)
    assert RingOrder(device.trace).judge() == []
    if kind is paper.PackedPaper:
        assert RingOrder(device.trace, coalesces=False).judge() == []
        used_and_told(device, 0, 1)
        again = device.now
    found = RingOrder(device.trace, coalesces=False).judge()
    assert [(finding.rule, finding.cycle) for finding in found] == [("V-7", again)], found
    assert "without a cause" in found[0].text


def test_before_driver_ok():
    """A queue that was never announced may not be touched."""
    device = paper.SplitPaper()
    device.trace._steps.clear()
    device.give([(16, True)])
    device.serve()
    assert [finding.rule for finding in judged(device)][:1] == ["V-13"]


def test_over_the_end_of_the_indices(monkeypatch):
    """Positions wrap: with the indices of a split queue (here at 64), with the wrap counter of a packed one."""
    for module in (ring_order, ring_trace, paper):
        monkeypatch.setattr(module, "WRAP", 64)
    for kind, size in ((paper.SplitPaper, 4), (paper.PackedPaper, 7)):
        device = kind(size=size)
        for _ in range(200):
            device.give([(4, True)])
            device.kick()
            device.serve(False)
        assert [str(finding) for finding in judged(device)[:3]] == []
        assert RingOrder(device.trace).compared == 200


def test_a_long_trace_takes_its_share():
    """Twice the trace is about twice the work."""
    took = []
    for count in (500, 2000):
        device = paper.SplitPaper(size=4)
        for _ in range(count):
            device.give([(4, True)])
            device.kick()
            device.serve(False)
        started = time.process_time()
        assert judged(device) == []
        took.append(time.process_time() - started)
    assert took[1] < 10 * took[0]


def test_an_unknown_rule():
    with pytest.raises(ValueError, match="no rule V-99"):
        RingOrder(paper.RingTrace(), ["V-99"])
