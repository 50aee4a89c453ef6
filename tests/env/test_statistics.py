"""The figures of a simulation are those of its tests together."""

import json

import pytest
from cocotbext.virtio.env.statistics import Statistics


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(Statistics, "_published", [])
    path = tmp_path / "statistics.json"
    monkeypatch.setenv(Statistics.VARIABLE, str(path))
    return path


def test_tests_add_up(file):
    for messages, latency in ((3, 2), (4, 8)):
        test = Statistics()
        test.register_accesses = 10
        test.counts = {"messages": messages, "events_by_kind": {"used_buffer": 1}}
        test.latencies = [latency, 3]
        test.interrupt_handled("message", 0)
        test.interrupt_handled("line", 2)
        test.publish()
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
    test.publish()
    assert json.loads(file.read_text())["messages_per_cycle"] == 1


def test_what_was_not_measured_is_null(file):
    Statistics().publish()
    figures = json.loads(file.read_text())
    assert [name for name, value in figures.items() if value is not None] == ["register_accesses", "hostile_accesses"]


def test_without_a_file_nothing_is_written(file, monkeypatch):
    monkeypatch.delenv(Statistics.VARIABLE)
    Statistics().publish()
    assert not file.exists()


def test_measured_figures_stand_beside_the_counts(file):
    """What a test has measured itself is kept by its name, whichever test of the simulation took it."""
    first, second = Statistics(), Statistics()
    first.measured["unmask_to_message"] = 3
    first.publish()
    second.publish()
    assert json.loads(file.read_text())["unmask_to_message"] == 3
