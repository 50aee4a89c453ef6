# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The figures of a simulation are those of its tests together."""

import json

import pytest
from cocotbext.virtio.scoreboard.statistics import Statistics


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(Statistics, "_published", [])
    return tmp_path / "statistics.json"


def test_tests_add_up(file):
    for messages, latency in ((3, 2), (4, 8)):
        test = Statistics()
        test.register_accesses = 10
        test.counts = {"messages": messages, "events_by_kind": {"used_buffer": 1}}
        test.latencies = [latency, 3]
        test.interrupt_handled("message", 0)
        test.interrupt_handled("line", 2)
        test.publish(file)
    figures = json.loads(file.read_text())
    assert figures["messages"] == 7
    assert figures["events_by_kind"] == {"used_buffer": 2}
    assert figures["register_accesses"] == 20
    assert figures["latency"] == {"min": 2, "median": 3, "max": 8}
    assert figures["accesses_per_interrupt_message"] == 0
    assert figures["accesses_per_interrupt_line"] == 2


def test_rate_is_the_best_stretch(file):
    test = Statistics()
    test.message_cycles = [0, 50, *range(100, 120), 300]
    test.publish(file)
    assert json.loads(file.read_text())["messages_per_cycle"] == 1


def test_what_was_not_measured_is_null(file):
    Statistics().publish(file)
    figures = json.loads(file.read_text())
    assert [name for name, value in figures.items() if value is not None] == ["register_accesses", "hostile_accesses"]


def test_without_a_file_nothing_is_written(file):
    Statistics().publish(None)
    assert not file.exists()


def test_measured_figures_stand_beside_the_counts(file):
    """What a test has measured itself is kept by its name, whichever test of the simulation took it."""
    first, second = Statistics(), Statistics()
    first.measured["unmask_to_message"] = 3
    first.publish(file)
    second.publish(file)
    assert json.loads(file.read_text())["unmask_to_message"] == 3


def test_failed_tests_stand_apart(file):
    """Their counts are published, and not among those of the tests that passed."""
    good, bad = Statistics(), Statistics()
    good.counts, bad.counts = {"lost": 0, "messages": 3}, {"lost": 1, "messages": 2}
    good.register_accesses, bad.register_accesses = 10, 5
    bad.failed = True
    good.publish(file)
    bad.publish(file)
    figures = json.loads(file.read_text())
    assert (figures["lost"], figures["messages"], figures["register_accesses"]) == (0, 3, 10)
    assert figures["failed"] == {"tests": 1, "lost": 1, "messages": 2, "register_accesses": 5}


def test_only_failed_tests(file):
    """A simulation of one test, and that failed."""
    test = Statistics()
    test.failed = True
    test.publish(file)
    assert json.loads(file.read_text())["failed"] == {"tests": 1, "register_accesses": 0}
