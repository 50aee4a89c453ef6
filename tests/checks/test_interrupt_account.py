# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The account of interrupts on traces made by hand: right ones balance, each fault is found by its kind."""

import importlib.util
from pathlib import Path

import pytest
from cocotbext.virtio.checks.interrupt_account import InterruptAccount, MsiScoreboard

SPEC = importlib.util.spec_from_file_location("paper_device", Path(__file__).with_name("paper_device.py"))
paper = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(paper)
KINDS_OF_QUEUE = [(paper.SplitPaper, 0), (paper.PackedPaper, 0)]


def one(device, notify=True):
    device.give([(16, False), (8, True)])
    device.kick()
    device.serve(notify)


def quiet(device, wanted):
    """The driver sets, or takes back, its wish not to be interrupted."""
    if isinstance(device, paper.PackedPaper):
        device.put(device.layout.driver_area, 0 if wanted else 1 << 16, 4)
    else:
        device.put(device.layout.driver_area, 0 if wanted else 1, 2)


@pytest.mark.parametrize("kind, features", KINDS_OF_QUEUE)
def test_it_balances(kind, features):
    device = kind(features=features)
    for _ in range(9):
        one(device)
    device.settle()
    account = InterruptAccount(device.trace)
    assert account.judge() == []
    assert account.counts["events"] == account.counts["settled"] == account.counts["notifications"] == 9


@pytest.mark.parametrize("kind, features", KINDS_OF_QUEUE)
def test_faults(kind, features):
    device = kind(features=features)
    one(device)
    one(device, notify=False)
    device.settle()
    device.notify()
    device.now += 9
    device.notify()
    device.settle()
    found = [finding.rule for finding in InterruptAccount(device.trace, within=100).judge()]
    assert found == ["late", "without cause"]
    one(device, notify=False)
    device.settle()
    again = kind(features=features)
    one(again, notify=False)
    again.settle()
    assert [finding.rule for finding in InterruptAccount(again.trace).judge()] == ["lost"]


@pytest.mark.parametrize("kind, features", KINDS_OF_QUEUE)
def test_unwanted(kind, features):
    device = kind(features=features)
    quiet(device, False)
    one(device)
    device.settle()
    assert [finding.rule for finding in InterruptAccount(device.trace).judge()] == ["unwanted"]
    device = kind(features=features)
    quiet(device, False)
    one(device, notify=False)
    device.settle()
    quiet(device, True)
    one(device)
    device.settle()
    account = InterruptAccount(device.trace)
    assert account.judge() == [] and account.counts["notifications"] == 1


@pytest.mark.parametrize("kind, features", KINDS_OF_QUEUE)
def test_a_device_that_coalesces(kind, features):
    """A notification that waited for company comes when another one has settled its event: it has a cause there."""

    def told(used, times):
        """So many buffers are used; then so many notifications come, one after the other."""
        for _ in range(used):
            one(device, notify=False)
        for _ in range(times):
            device.now += 9
            device.notify()

    def found(coalesces):
        account = InterruptAccount(device.trace, coalesces=coalesces)
        return [(finding.rule, finding.cycle) for finding in account.judge()]

    device = kind(features=features)
    told(2, 1)
    told(1, 2)
    late = device.now
    packed = kind is paper.PackedPaper  # where each buffer shows before the device decides: it need not coalesce
    assert found(False) == ([] if packed else [("without cause", late)])
    assert found(True) == []
    told(0, 1)  # more than there are events
    assert found(True) == [("without cause", device.now)]
    assert not packed or found(False) == found(True)
    device = kind(features=features)
    told(3, 1)
    device.settle()  # whatever waited has come by now
    told(0, 1)
    assert found(True) == [("without cause", device.now)] == found(False)


def test_a_line_that_coalesces():
    """The same for rises of the line."""
    device = paper.SplitPaper()
    one(device, notify=False)
    one(device, notify=False)
    line = []
    for _ in range(2):
        line += [(device.now + 1, 1), (device.now + 9, 0)]
        device.now += 20
    assert [each.rule for each in InterruptAccount(device.trace, line).judge()] == ["without cause"]
    assert InterruptAccount(device.trace, line, coalesces=True).judge() == []
    line += [(device.now + 1, 1)]
    found = InterruptAccount(device.trace, line, coalesces=True).judge()
    assert [(each.rule, each.cycle) for each in found] == [("without cause", device.now + 1)]


def test_early():
    device = paper.SplitPaper("V-7 notified before the answer")
    one(device)
    device.settle()
    found = [finding.rule for finding in InterruptAccount(device.trace).judge()]
    assert "early" in found


def test_event_index():
    """used_event is 0 from the start on: only the first buffer is owed a notification."""
    device = paper.SplitPaper(features=paper.EVENT_IDX)
    one(device)
    for _ in range(3):
        one(device, notify=False)
    device.settle()
    account = InterruptAccount(device.trace)
    assert account.judge() == [] and account.counts["events"] == 1
    one(device)
    device = paper.SplitPaper(features=paper.EVENT_IDX)
    one(device)
    one(device)
    device.settle()
    assert [finding.rule for finding in InterruptAccount(device.trace).judge()] == ["unwanted"]


def test_line():
    device = paper.SplitPaper()
    line = []
    for _ in range(4):
        one(device, notify=False)
        line += [(device.now + 1, 1), (device.now + 9, 0)]
        device.now += 20
    device.settle()
    assert InterruptAccount(device.trace, line).judge() == []
    assert [each.rule for each in InterruptAccount(device.trace, line[:-2]).judge()] == ["lost"]
    more = [*line, (device.now + 5, 1)]
    assert [each.rule for each in InterruptAccount(device.trace, more).judge()] == ["without cause"]


class Clock:
    cycle = 10_000


def test_scoreboard():
    board = MsiScoreboard(Clock())
    with pytest.raises(AssertionError, match="nothing was accounted for"):
        board.finish()
    device = paper.SplitPaper()
    one(device, notify=False)
    board = MsiScoreboard(Clock())
    board.trace = device.trace
    board.watch(vectors={(0xFEE0_1000, 5): 0})
    with pytest.raises(AssertionError, match="belongs to no queue"):
        board.message(device.now, 0xFEE0_1000, 6)
    board.message(device.now, 0xFEE0_1000, 5)
    board.finish()
    device = paper.SplitPaper()
    one(device, notify=False)
    board = MsiScoreboard(Clock())
    board.trace = device.trace
    with pytest.raises(AssertionError, match="never told of"):
        board.finish()
    with pytest.raises(ValueError, match="no kind lots"):
        MsiScoreboard(Clock(), accept=("lots",))
