# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The report: what is there is shown, what is not is said, what is malformed is named."""

import json
import re

import pytest

from sim.report.command import main
from sim.report.page import render, sections
from tests.debug.chromium import Browser
from tests.report.results import (
    BENCH,
    COVERAGE,
    MACHINE,
    MUTATION,
    PROOFS,
    REGRESSION,
    RELIABILITY,
    ROW,
    RUN,
    STATISTICS,
    SYNTHESIS,
    TESTPLAN,
    folder,
    simulation,
)


def by_name(place) -> dict:
    """The sections of a folder."""
    return {section.name: section for section in sections(place)}


def full(place):
    """A folder with everything."""
    folder(
        place,
        regress=REGRESSION,
        testplan=TESTPLAN,
        mutation=MUTATION,
        syn=SYNTHESIS,
        bench=BENCH,
        formal=PROOFS,
        cosim=MACHINE,
        coverage=COVERAGE,
        reliability=RELIABILITY,
    )
    simulation(place, "sharing-icarus-test_figures-1", STATISTICS)
    simulation(place, "nonsharing-icarus-test_figures-1", STATISTICS)
    simulation(
        place, "nonsharing_17v-icarus-test_figures-1", {**STATISTICS, "latency": {"min": 3, "median": 3, "max": 4}}
    )
    return place


def test_nothing_has_run(tmp_path, capsys):
    """Every section says which command makes it; the page is there."""
    assert main(["--build", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    for command in ("make test", "make regress", "make mutate", "make formal", "make syn", "make bench"):
        assert f"not run: {command}\n" in said
    text = (tmp_path / "report" / "index.html").read_text()
    assert "Run: <code>make mutate</code>" in text
    assert re.search(r"^report: \S+/report/index.html$", said, re.MULTILINE)


def test_no_folder(tmp_path, capsys):
    """One line says so."""
    assert main(["--build", str(tmp_path / "none")]) == 2
    assert "is no directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content, words",
    [
        ("{", "is no JSON"),
        ({**MUTATION, "score": "high"}, "score is 'high', not number or null"),
        ({key: value for key, value in MUTATION.items() if key != "survivors"}, "the file has no 'survivors'"),
    ],
)
def test_a_malformed_file_is_named(tmp_path, capsys, content, words):
    """In one line and on the page; the rest of the page is made all the same."""
    folder(tmp_path, mutation=content, bench=BENCH)
    assert main(["--build", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    (line,) = captured.err.splitlines()
    assert line.startswith(f"report: {tmp_path / 'mutation' / 'mutation.json'} is malformed: {words}")
    assert line.endswith("write it anew with: make mutate")
    found = by_name(tmp_path)
    assert (found["mutation"].state, found["bench"].state, found["synthesis"].state) == (
        "malformed",
        "present",
        "not run",
    )
    assert words.replace("'", "&#39;") in (tmp_path / "report" / "index.html").read_text()


def test_figures_at_the_top(tmp_path):
    """The figure of each section."""
    found = by_name(full(tmp_path))
    headlines = {name: section.headline for name, section in found.items()}
    assert headlines["regression"] == "1 passed"
    assert headlines["reliability"] == "0 of 2,000 lost"
    assert headlines["coverage"] == "66.66 % of bins"
    assert headlines["figures"] == "2 to 4 cycles"
    assert headlines["mutation"] == "75.00 % of 4"
    assert headlines["synthesis"] == "1 targets missed"
    assert {name: section.mood for name, section in found.items()}["synthesis"] == "bad"
    assert ["events", 90] in found["reliability"].tables[1].rows
    assert found["coverage"].tables[1].rows == [["line", 400, 399, 99.75, 100, 2]]


def test_a_lost_event_is_bad(tmp_path):
    """Whichever simulation lost it."""
    simulation(full(tmp_path), "sharing-verilator-test_main_job-7", {**STATISTICS, "lost": 2})
    section = by_name(tmp_path)["reliability"]
    assert (section.headline, section.mood) == ("2 lost", "bad")


def test_simulations_alone(tmp_path):
    """Without the long random runs the statistics of the others count."""
    simulation(tmp_path, "sharing-verilator-test_main_job-7", STATISTICS)
    section = by_name(tmp_path)["reliability"]
    assert (section.state, section.headline, section.mood) == ("present", "0 lost", "good")
    assert "make reliability" in section.text


def test_runs_of_another_rtl_do_not_count(tmp_path):
    """Their directories have its name behind the seed; and a file that was cut short is passed over."""
    simulation(full(tmp_path), "sharing-verilator-test_main_job-7-tmp_broken", {**STATISTICS, "lost": 2})
    simulation(tmp_path, "sharing-verilator-test_main_job-8", STATISTICS)
    (tmp_path / "runs" / "sharing-verilator-test_main_job-8" / "statistics.json").write_text("{")
    assert by_name(tmp_path)["reliability"].headline == "0 of 2,000 lost"


def test_regression_by_module_and_seed(tmp_path):
    """A simulation that died without a test that failed counts, too."""
    died = {
        **RUN,
        "seed": 2,
        "cases": [],
        "failures": [{"test": None, "message": "killed", "replay": "make sim SEED=2"}],
    }
    bucket = {"count": 1, "message": "killed", "replay": "make sim SEED=2"}
    folder(tmp_path, regress={**REGRESSION, "failed": 1, "runs": [RUN, died], "buckets": [bucket], "complete": False})
    section = by_name(tmp_path)["regression"]
    assert section.headline == "1 failed"
    assert "interrupted" in section.text
    failures, matrix = section.tables
    assert failures.rows == [[1, "killed", "make sim SEED=2"]]
    assert matrix.columns == ["module", "simulator", "1", "2"]
    assert matrix.rows == [["test_smoke", "icarus", "1 passed", "1 failed"]]


def test_test_plan_with_results(tmp_path):
    """Each entry with its verdict; runs that were skipped do not count."""
    section = by_name(folder(tmp_path, testplan=TESTPLAN))["testplan"]
    assert (section.headline, section.mood) == ("1 of 2", "plain")
    assert section.tables[0].rows[0] == [
        "rule 1",
        "passed",
        3,
        "nothing at first",
        "V1",
        "reset",
        "silence",
        "test_smoke:identity",
    ]
    assert section.tables[0].rows[2][1:3] == ["not visible", 0]
    assert section.tables[0].rows[2][6:] == ["a driver's duty", ""]
    failed = {**TESTPLAN, "complete": False, "entries": [{**TESTPLAN["entries"][0], "status": "failed"}]}
    section = by_name(folder(tmp_path, testplan=failed))["testplan"]
    assert section.mood == "bad" and "Not every module" in section.text


def test_test_plan_that_was_not_run(tmp_path):
    """The project's own plan is shown without results."""
    section = by_name(tmp_path)["testplan"]
    assert section.state == "not run"
    assert {row[1] for row in section.tables[0].rows} == {"not run", "by conformance", "not visible"}
    assert len(section.tables[0].rows) > 100


def test_proofs_and_machines(tmp_path):
    """What failed comes first."""
    found = by_name(full(tmp_path))
    assert (found["proofs"].headline, found["machine"].headline) == ("1 proved", "1 guests")
    assert found["proofs"].text.startswith("1 of 1 proofs by induction hold; 1 of 1 seeded faults are caught.")
    assert found["proofs"].tables[0].rows[1][2] == "caught"
    bad = {**PROOFS, "failed": 1, "results": [{**PROOFS["results"][0], "good": False}]}
    lost = {**MACHINE, "devices": [{**MACHINE["devices"][0], "lost": 1}]}
    found = by_name(folder(tmp_path, formal=bad, cosim=lost))
    assert (found["proofs"].headline, found["proofs"].mood) == ("1 failed", "bad")
    assert found["proofs"].tables[0].rows[0][2] == "failed"
    assert found["machine"].mood == "bad"


def test_in_a_browser(tmp_path):
    """No complaint, no request, text stays text, tables sort by number both ways with empty cells last, light and
    dark."""
    page = full(tmp_path) / "index.html"
    page.write_text(render(sections(tmp_path), "<tree>"), encoding="utf-8")
    with Browser(1300, 1000) as browser:
        browser.open(page)
        assert browser.run("document.querySelector('header p').textContent").endswith("tree <tree>.")
        text = browser.run("document.querySelector('#figures').textContent")
        assert "UNMASK to message: 3 cycles, at most, at every size" in text, "what does not vary needs no chart"
        assert browser.run("document.querySelectorAll('nav a').length") == 12
        assert "<b>" in browser.run("document.querySelector('#mutation table code').textContent")
        assert browser.run("document.querySelectorAll('#figures .dot').length") == 2
        column = "[...document.querySelectorAll('#synthesis tbody tr')].map((row) => row.cells[7].textContent)"
        head = "#synthesis th:nth-child(8)"
        before = browser.run(column)
        assert before == ["201.5", "201.5", "-"]
        lut4 = "[...document.querySelectorAll('#synthesis tbody tr')].map((row) => row.cells[3].textContent)"
        browser.run("document.querySelector('#synthesis').scrollIntoView({behavior: 'instant'})")
        browser.click(*browser.middle("#synthesis th:nth-child(4)"))
        assert browser.run(lut4) == ["1,500", "1,900", "3,100"]
        browser.click(*browser.middle("#synthesis th:nth-child(4)"))
        assert browser.run(lut4) == ["3,100", "1,900", "1,500"]
        for _ in range(2):
            browser.click(*browser.middle(head))
            assert browser.run(column)[-1] == "-"
        light = browser.run("getComputedStyle(document.body).backgroundColor")
        browser.dark(True)
        assert browser.run("getComputedStyle(document.body).backgroundColor") != light
        assert browser.run("document.documentElement.scrollWidth <= innerWidth")
        assert browser.complaints == [] and browser.requests == []


def test_the_page_stands_alone(tmp_path):
    """No address of anything else in it."""
    text = render(sections(full(tmp_path)), "abc")
    assert not re.search(r"(?:src|href)=\"(?!#|data:)|@import|url\(|https?:", text)


def test_the_rows_of_the_synthesis_example_are_of_its_shape(tmp_path):
    """A figure that is missing in one row is found there."""
    folder(tmp_path, syn={**SYNTHESIS, "rows": [ROW, {key: value for key, value in ROW.items() if key != "ff"}]})
    assert by_name(tmp_path)["synthesis"].loaded.wrong == "rows[1] has no 'ff'"


def test_only_tests_of_this_rtl_and_testbench_are_added_up(tmp_path):
    """Not the flow's own benches, not runs of other sources, and nothing that cannot be; it is said how many."""
    simulation(tmp_path, "sharing-verilator-test_main_job-7", STATISTICS)
    simulation(tmp_path, "nonsharing-icarus-tests.flow.benches.green-3", {**STATISTICS, "messages": 10**18})
    simulation(tmp_path, "sharing-verilator-test_random-8", {**STATISTICS, "lost": 5})
    (tmp_path / "runs" / "sharing-verilator-test_random-8" / "sources").write_text("0123456789ab")
    simulation(tmp_path, "sharing-verilator-test_random-9", {**STATISTICS, "delivered": 29})
    simulation(tmp_path, "sharing-verilator-test_random-10", {**STATISTICS, "messages": -1})
    section = by_name(tmp_path)["reliability"]
    assert ["messages", 25] in section.tables[0].rows
    assert (section.headline, section.mood) == ("0 lost", "good")
    assert "1 simulations tests of the flow itself" in section.text
    assert "1 simulations of other sources" in section.text
    assert "2 simulations with figures that cannot be" in section.text


def test_tests_that_failed_are_not_in_the_sums(tmp_path):
    """Neither what they lost nor what they sent; the page says that there are some."""
    failed = {"tests": 2, "lost": 7, "messages": 3, "register_accesses": 1}
    simulation(tmp_path, "sharing-verilator-test_scoreboard_red-7", {**STATISTICS, "failed": failed})
    section = by_name(tmp_path)["reliability"]
    assert ["lost", 0] in section.tables[0].rows and "tests failed, or were to fail" in section.text


def test_a_regression_of_another_rtl_is_not_this_tree_s(tmp_path):
    """Neither green nor red, and it says whose it was."""
    folder(tmp_path, regress={**REGRESSION, "command": {"rtl": "/other/rtl"}})
    section = by_name(tmp_path)["regression"]
    assert (section.headline, section.mood) == ("of /other/rtl", "plain")
    assert "says nothing of this tree" in section.text


@pytest.mark.parametrize("killed, survived, mood", [(5, 0, "plain"), (499, 1, "good"), (480, 20, "plain")])
def test_a_handful_of_mutants_is_not_green(tmp_path, killed, survived, mood):
    """5 of 5 say little of 2,978; 499 of 500 say enough."""
    outcomes = {**MUTATION["outcomes"], "killed": killed, "survived": survived}
    content = {**MUTATION, "available": 2978, "outcomes": outcomes, "score": killed / (killed + survived)}
    section = by_name(folder(tmp_path, mutation=content))["mutation"]
    assert section.mood == mood and f"of {killed + survived}" in section.headline


def test_results_of_another_tree_are_marked(tmp_path):
    """On the page, beside where they come from."""
    text = render(sections(full(tmp_path)), "def5678")
    assert "another tree than this page" in text
    assert "another tree than this page" not in render(sections(tmp_path), "abc1234")


CONFORMANCE = {
    "check": "ring-wraps",
    "title": "More buffers than the queue has entries",
    "level": "MUST",
    "section": "2.7.6",
    "verdict": "ok",
    "findings": [],
    "reason": "",
    "seconds": 1.25,
    "simulator": "icarus",
    "replay": "python -m cocotbext.virtio.conformance disk.toml --check ring-wraps",
}


def test_conformance(tmp_path):
    """Each device has a row; findings are listed with their cycle; a file that is malformed is named."""
    assert by_name(tmp_path)["conformance"].headline == "not run"
    place = tmp_path / "conformance" / "good_disk"
    place.mkdir(parents=True)
    (place / "results.json").write_text(json.dumps([CONFORMANCE]))
    made = by_name(tmp_path)["conformance"]
    assert (made.mood, made.headline) == ("good", "1 without a finding")
    assert made.tables[0].rows == [["good_disk", "icarus", 1, 0, 0, 0, 0, 1.2]]
    bad = CONFORMANCE | {"verdict": "finding", "findings": [{"cycle": 77, "text": "it stops"}]}
    (tmp_path / "conformance" / "bad").mkdir()
    (tmp_path / "conformance" / "bad" / "results.json").write_text(json.dumps([CONFORMANCE, bad]))
    (tmp_path / "conformance" / "odd").mkdir()
    (tmp_path / "conformance" / "odd" / "results.json").write_text("[{}]")
    made = by_name(tmp_path)["conformance"]
    assert (made.mood, made.headline) == ("bad", "1 findings") and "odd/results.json is malformed" in made.text
    assert "cycle 77: it stops" in made.tables[1].rows[0] and bad["replay"] in made.tables[1].rows[0]
    assert "cycle 77: it stops" in render(sections(tmp_path), "tree")


def test_yardstick(tmp_path):
    """Each scenario has a row; a surprise is listed and makes the section bad."""
    scenario = {"scenario": "masked", "qemu": "lost", "endpoint": "kept", "verdict": "different", "because": "rule 8"}
    results = {
        "made": "2026-01-01T00:00:00+00:00",
        "qemu": "7.2",
        "scenarios": [scenario | {"problems": []}],
        "random": {"sequences": 2, "steps": 20, "problems": []},
    }
    made = by_name(folder(tmp_path, yardstick=results))["yardstick"]
    assert (made.mood, made.headline) == ("good", "1 scenarios") and "1 scenarios differ" in made.text
    assert made.tables[0].rows == [list(scenario.values())]
    results["random"]["problems"] = ["sequence 1 differs"]
    made = by_name(folder(tmp_path, yardstick=results))["yardstick"]
    assert (made.mood, made.headline, made.tables[0].rows) == ("bad", "1 surprises", [["sequence 1 differs"]])
