# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""From a run log to what the timeline draws."""

import json
from collections import Counter

import pytest
from cocotbext.virtio.registers import MsiCommand, Register

from sim.debug.timeline.data import RunLogError, build, read
from sim.debug.timeline.names import value_text
from sim.debug.timeline.page import render
from sim.flow import tools
from sim.flow.run import RUN_LOG, Simulation, simulate
from tests.debug.run_logs import RUN, busy, coalesced, event, failed_read, write


def saved(tmp_path, *lines):
    """A file of these lines."""
    path = tmp_path / "run_log.jsonl"
    path.write_text("".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines))
    return path


def test_every_event_of_a_run_ends_as_the_account_says(request):
    """The run log of the main job: as many events with each outcome as the model has counted, each message's
    events are those that name it, and accesses, messages and kicks are all there."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    simulation = Simulation(
        "icarus", "sharing", "tb.tests.test_main_job", int(request.config.getoption("seed")), "Churn", run_log=True
    )
    result = simulate(simulation)
    assert not result.failures, result.report()
    data = build(read(simulation.directory / RUN_LOG))
    counted = result.statistics
    how = Counter(event["how"] for event in data.events)
    assert sum(how.values()) == sum(counted["events_by_kind"].values()) > 2000
    for outcome in ("delivered", "line_acknowledged", "converted", "dropped_queue", "dropped_no_vector", "wiped"):
        assert how[outcome] == counted[outcome], outcome
    assert how["open"] == counted["still_pending"]
    assert len(data.accesses) == counted["register_accesses"]
    assert len(data.messages) == counted["messages"]
    assert len(data.kicks) == counted["kicks"]
    for number, message in enumerate(data.messages):
        assert all(data.events[served]["message"] == number for served in message["events"])
        assert all(message["cycle"] > data.events[served]["cycle"] for served in message["events"])
    for each in data.events:
        assert (each["message"] >= 0) == (each["how"] == "delivered")
        assert (each["access"] >= 0) == (each["how"] in ("line_acknowledged", "converted", "wiped"))
    # A masked vector presents nothing once its MASK has been answered.
    answered = {access["cycle"]: access["answered"] for access in data.accesses}
    assert len(data.masks) > 20
    for mask in data.masks:
        during = [
            message
            for message in data.messages
            if message["vectors"] == [mask["vector"]] and answered[mask["from"]] < message["cycle"] < mask["to"]
        ]
        assert not during


def test_without_being_asked_nothing_is_written():
    """A plain run leaves no run log."""
    simulation = Simulation("icarus", "nonsharing", "tb.tests.test_smoke", 1)
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    simulate(simulation)
    assert not (simulation.directory / RUN_LOG).exists()


def test_masks_pendings_and_modes_become_spans():
    """From where they begin to where they end."""
    data = build(coalesced())
    assert data.masks == [{"vector": 1, "certain": True, "from": 20, "to": 56}]
    assert data.pendings == [{"vector": 1, "certain": True, "from": 31, "to": 61}]
    assert data.modes == [
        {"mode": "off", "from": 1, "to": 5},
        {"mode": "message", "from": 5, "to": 70},
        {"mode": "line", "from": 70, "to": 121},
    ]
    assert data.line == [{"from": 77, "to": 94}]
    assert data.shown == [{"kind": "USED", "certain": True, "from": 76, "to": 94}]


def test_what_is_open_at_a_failure_stays_open():
    """An event that nobody served, and the mask that still holds."""
    records = [*coalesced()[:6], event(30, 1), {"kind": "Failed", "cycle": 99, "rule": "rule 4", "text": "lost\nmore"}]
    data = build(records)
    assert [each["how"] for each in data.events] == ["open"]
    assert data.masks[0]["to"] == 100
    assert data.failure == {"cycle": 99, "rule": "rule 4", "text": "lost", "access": -1}


def test_the_read_that_failed():
    """It is named, so that the page can show it."""
    data = build(failed_read())
    assert data.accesses[data.failure["access"]]["text"].startswith("InterruptStatus")


def test_the_last_test_of_a_file_counts(tmp_path):
    """Tests follow one another in a file."""
    path = saved(tmp_path, RUN, *write(5, Register.STATUS, 0), {**RUN, "seed": "2"}, *write(7, Register.STATUS, 0))
    data = build(read(path))
    assert (data.seed, [access["cycle"] for access in data.accesses]) == ("2", [7])


def test_a_last_line_cut_short_is_left_out(tmp_path):
    """The run was killed while it was written."""
    assert len(read(saved(tmp_path, RUN, '{"kind": "Event'))) == 1


@pytest.mark.parametrize(
    "lines, message",
    [
        ([RUN, "what\n", RUN], ":2: "),
        ([RUN, "[1]\n"], "no object with a 'kind'"),
        ([event(3, 1)], "no test got so far"),
        ([], "no test got so far"),
    ],
)
def test_a_file_that_is_no_run_log(tmp_path, lines, message):
    """One line that says what is wrong where."""
    with pytest.raises(RunLogError, match=message) as error:
        read(saved(tmp_path, *lines))
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    """The same."""
    with pytest.raises(RunLogError, match="cannot be read"):
        read(tmp_path / "none")


@pytest.mark.parametrize(
    "register, value, text",
    [
        (Register.MSI_CMD, MsiCommand.UNMASK, "UNMASK"),
        (Register.MSI_CMD, 9, "command 0x9"),
        (Register.STATUS, 0x4B, "ACKNOWLEDGE|DRIVER|FEATURES_OK|DEVICE_NEEDS_RESET"),
        (Register.INTERRUPT_STATUS, 0, "0"),
        (Register.INTERRUPT_ACK, 0xFF, "USED_BUFFER|CONFIG_CHANGE|0xfc"),
        (Register.MSI_VEC_SEL, 0xFFFFFFFF, "NO_VECTOR"),
        (Register.MSI_VEC_STATE, 0xFFFF0003, "MASKED|PENDING, queue unmapped"),
        (Register.MSI_VEC_STATE, 0x00020004, "CONFIGURED, queue on vector 2"),
        (Register.MSI_DATA, 0x4001, "0x4001"),
    ],
)
def test_values_in_words(register, value, text):
    """Registers with fields are decoded."""
    assert value_text(register, value) == text


def test_the_page_stands_alone():
    """Data cannot end the script it is in, and no other file is named."""
    records = [*busy(3), {"kind": "Failed", "cycle": 9, "rule": "</script>", "text": "<b>"}]
    page = render(build(records), "run", "make timeline", "<b>")
    assert page.count("</script>") == 2
    assert "http" not in page and "src=" not in page and "@import" not in page
