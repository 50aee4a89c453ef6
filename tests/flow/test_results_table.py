# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What `make sim` shows at its end: the whole account with its sum, of runs that failed, too."""

import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from sim.flow import results_table, tools
from sim.flow.paths import ROOT
from sim.flow.results import Failure, without_library_frames
from sim.flow.run import Result, Simulation, simulate
from sim.formal.faults import apply_edits, load_faults

FIGURES = {
    "events_by_kind": {"config_change": 3, "used_buffer": 40, "needs_reset": 2},
    "delivered": 20,
    "line_acknowledged": 9,
    "converted": 1,
    "dropped_no_vector": 4,
    "dropped_queue": 5,
    "wiped": 3,
    "still_pending": 3,
    "lost": 0,
    "without_cause": 0,
}


def shown(*results: Result) -> str:
    """What is printed."""
    text = io.StringIO()
    results_table.show(list(results), Console(file=text, width=140))
    return text.getvalue()


def rows(text: str) -> dict[str, list[str]]:
    """Label -> cells of the tables."""
    lines = [line.strip("│").split("│") for line in text.splitlines() if line.startswith("│")]
    return {label.strip(): [cell.strip() for cell in cells] for label, *cells in lines}


def simulation(simulator: str = "verilator", **options) -> Simulation:
    """One of the main job."""
    return Simulation(simulator, "nonsharing", "tb.tests.test_main_job", 1, **options)


def test_every_event_is_in_a_row_and_the_sums_agree():
    """Delivered, acknowledged, dropped for its queue, wiped, still pending and needs_reset among them."""
    table = rows(shown(Result(simulation(), statistics=FIGURES)))
    number = {label: int(cells[0]) for label, cells in table.items() if cells and cells[0].isdecimal()}
    assert number["events in all"] == number["sum of these"] == 45
    ends = ("delivered by a message", "acknowledged on the line", "converted by ENABLE, DISABLE")
    ends += ("dropped by NO_VECTOR", "dropped for its queue", "wiped by a reset", "still pending at the end")
    assert sum(number[label] for label in ends) == 45
    assert sum(value for label, value in number.items() if label.startswith("events: ")) == 45


def test_a_failed_run_has_its_word_in_its_column():
    """Beside one that passed; a run that was killed has a column, too, and nobody takes its sum for a balance."""
    failed = FIGURES | {"lost": 1, "delivered": 10}
    text = shown(
        Result(simulation(), statistics=FIGURES),
        Result(simulation(), statistics=failed, failures=[Failure("Churn", "rule 4: lost")]),
        Result(simulation(), failures=[Failure(None, "did not end in time and was killed")]),
    )
    table = rows(text)
    assert table[""] == ["passed", "FAILED", "FAILED"]
    assert table["lost"] == ["0", "1", "-"]
    assert table["sum of these"] == ["45", "35", "-"]
    assert "A run that fails stops there" in text


def test_why_icarus_has_fewer_events():
    """It is said where it can be seen, and only there."""
    half = FIGURES | {"events_by_kind": {"config_change": 3, "used_buffer": 20, "needs_reset": 2}}
    assert "about half as many" in shown(
        Result(simulation(), statistics=FIGURES), Result(simulation("icarus"), statistics=half)
    )
    assert "about half as many" not in shown(Result(simulation(), statistics=FIGURES))


@pytest.mark.parametrize("fault, row", [("fault_masked_event_dropped", "lost"), ("fault_sent_twice", "without cause")])
def test_a_wrong_design_shows_what_it_loses_and_invents(tmp_path, fault, row):
    """Masked events are dropped in the RTL, or a message is sent twice: the column of its name is not 0."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    shutil.copytree(ROOT / "rtl", tmp_path / "rtl")
    (found,) = (each for each in load_faults() if each.name == fault)
    apply_edits(found.name, found.edits, tmp_path / "rtl")
    result = simulate(
        Simulation("icarus", "nonsharing", "tb.tests.test_msi_rules", 1, rtl=tmp_path / "rtl", place=Path(tmp_path))
    )
    assert result.failures
    assert result.statistics["failed_tests"] > 0
    assert int(rows(shown(result))[row][0]) > 0


def test_a_test_that_is_to_fail_counts_nothing_as_lost():
    """test_scoreboard_red lies to the scoreboard: its failures are wanted, and the design has lost nothing."""
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    result = simulate(Simulation("icarus", "nonsharing", "tb.tests.test_scoreboard_red", 1))
    assert not result.failures, result.report()
    assert not result.statistics.get("lost")


def test_one_report_for_failures_in_the_same_words(tmp_path):
    """One wrong line of RTL fails sixteen tests: one log is shown, and the others by name."""
    log = tmp_path / "log"
    log.write_text("what led to it\n")
    results = [
        Result(
            simulation("icarus" if number % 2 else "verilator"),
            failures=[Failure(f"test_{number}", f"rule 4: vector {number} owes a message in cycle {number * 7}")],
            seconds=10 - number,
            log=log,
        )
        for number in range(1, 5)
    ]
    other = Result(simulation(), failures=[Failure("one", "rule 6: masked")], log=log)
    text = shown(*results, other)
    assert text.count("what led to it") == 2, "a log for each kind"
    assert "FAILED verilator nonsharing test_main_job:test_4: rule 4: vector 4" in text, "of the shortest run"
    assert "3 more in the same words: icarus nonsharing test_main_job:test_1; " in text
    assert "5 failed in 5 of 5 simulations" in text


def test_frames_of_libraries_are_left_out_of_a_traceback():
    """Between the rule and the history stand the test's own lines alone."""
    lines = [
        "rule 4: an event is lost",
        "Traceback (most recent call last):",
        '  File "/p/.venv/lib/python3.11/site-packages/cocotb/task.py", line 1, in step',
        "    self._coro.send(None)",
        '  File "/p/tb/tests/test_smoke.py", line 20, in body',
        "    await bench.finish()",
        "          ^^^^^^^^^^^^^^",
        '  File "/p/tb/cocotbext/virtio/scoreboard/scoreboard.py", line 9, in finish',
        "    self._fail(rule, text)",
        "ScoreboardError: rule 4: an event is lost",
        "now in cycle 7; what led to it, by cycle:",
        "       3  write Status = 0x0",
    ]
    kept = without_library_frames(lines)
    assert kept == [*lines[:2], *lines[4:7], *lines[9:]]


def test_disk_has_a_table_of_its_own():
    """Requests, bytes and cycles of each load, and the account of interrupts; not a column beside endpoints."""
    figures = {
        "disk_requests": {"reads": 4},
        "disk_bytes": {"reads": 4096},
        "disk_cycles": {"reads": 1202},
        "disk_interrupts": 3,
        "lost": 0,
        "without_cause": 0,
    }
    disk = Simulation("icarus", "rtl_disk", "tb.tests.test_main_disk", 1)
    text = shown(Result(simulation("icarus"), statistics=FIGURES), Result(disk, statistics=figures))
    endpoint, _, rest = text.partition("icarus: virtio_mmio_blk_axi")
    assert "nonsharing" in endpoint and "rtl_disk" not in endpoint
    assert rows(rest)["reads"] == ["4", "4,096", "1,202", "300"]
    assert [rows(rest)[label][0] for label in ("interrupts owed", "lost", "without cause")] == ["3", "0", "0"]
