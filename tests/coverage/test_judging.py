# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Merging, judging, excluding: each can fail."""

import json
import re

import pytest

import sim.coverage.command as command
from sim.coverage import code, exclusions, functional
from sim.coverage.exclusions import Exclusion
from sim.flow.errors import FlowError
from sim.flow.percent import written
from sim.flow.results import Failure
from sim.flow.run import Result

BINS = {"colour": {"red": 1, "green": 100}, "size": {"small": 1}}
RTL = "module part (input wire a);\nalways @(posedge a)\n    if (a && b[1])\n        c <= 1;\nendmodule\n"


def test_counts_add_up(tmp_path):
    """Of several simulations."""
    for number, counts in enumerate(({"colour": {"red": 1}}, {"colour": {"red": 2, "green": 3}})):
        (tmp_path / f"{number}.json").write_text(json.dumps(counts))
    assert functional.merge(sorted(tmp_path.glob("*"))) == {"colour": {"red": 3, "green": 3}}


def test_open_bins_are_listed():
    """Not hit, or not as often as the goal says."""
    result = functional.judge({"colour": {"red": 1, "green": 99}}, [], BINS)
    assert (result["bins"], result["covered"]) == (3, 1)
    assert result["groups"]["colour"]["open"] == [["green", 99, 100]]
    assert result["groups"]["size"]["open"] == [["small", 0, 1]]


def test_bin_that_is_not_declared():
    """A typing error in the collector does not pass for coverage."""
    with pytest.raises(FlowError, match="'colour' has no bin 'rde'"):
        functional.judge({"colour": {"rde": 1}}, [], BINS)


def test_exclusions_and_those_not_needed():
    """An excluded bin counts nowhere, but it counts when it is covered; an exclusion of what is covered, or of
    nothing, is reported."""
    needed, covered, unknown = (
        Exclusion("why", group, text) for group, text in (("size", "s*"), ("colour", "red"), ("colour", "blue"))
    )
    result = functional.judge({"colour": {"red": 1, "green": 100}}, [needed, covered, unknown], BINS)
    assert (result["bins"], result["covered"], result["excluded"]) == (2, 2, 1)
    assert exclusions.Rules({}, [needed, covered, unknown], []).unused() == [covered, unknown]


@pytest.mark.parametrize(
    "pattern, text, matches",
    [
        ("a[2..31]:*", "a[2]:0->1", True),
        ("a[2..31]:*", "a[31]:1->0", True),
        ("a[2..31]:*", "a[1]:0->1", False),
        ("a[2..31]:*", "a[32]:0->1", False),
        ("a[2..31]:*", "ba[2]:0->1", False),
        ("a[3]*", "a[3]:0->1", True),
        ("a[3]*", "a3:0->1", False),
        ("a.b", "axb", False),
    ],
)
def test_patterns(pattern, text, matches):
    """Stars, ranges of indices, and everything else as it stands."""
    assert Exclusion("why", kind="toggle", point=pattern).excludes(False, point=text) is matches


@pytest.mark.parametrize(
    "text, message",
    [
        ('[[functional]]\ngroup = "size"\n', "has no 'reason'"),
        ('[[code]]\nkind = "lines"\nreason = "x"\n', "unknown value 'lines'; known: line, branch"),
        ('[[code]]\nkind = "line"\nreason = "x"\nlien = 3\n', "lien"),
        ("[goals]\nlines = 3\n", "goals: unknown field 'lines'"),
        ("[[", "TOML|Expected|Invalid"),
    ],
)
def test_wrong_exclusions_are_refused(tmp_path, text, message):
    """With the file's name."""
    file = tmp_path / "exclusions.toml"
    file.write_text(text)
    with pytest.raises(FlowError, match=message) as error:
        exclusions.read(file)
    assert str(file) in str(error.value)


def test_the_project_s_exclusions_can_be_read():
    """Goals for every kind."""
    assert set(exclusions.read().goals) == set(exclusions.KINDS)


def point(line: int, kind: str, text: str, count: int, instance: str, lines: str = "") -> str:
    """One line of Verilator's file."""
    keys = {
        "f": "/some/where/part.v",
        "l": line,
        "n": 5,
        "t": kind,
        "page": f"v_{kind}/part",
        "o": text,
        "S": lines,
        "h": instance,
    }
    return "C '" + "".join(f"\x01{key}\x02{value}" for key, value in keys.items() if value != "") + f"' {count}\n"


@pytest.fixture
def data(tmp_path):
    """Two simulations of a small design, and its folder."""
    (tmp_path / "part.v").write_text(RTL)
    one, other = tmp_path / "one.dat", tmp_path / "other.dat"
    one.write_text(
        "# SystemC::Coverage-3\n"
        + point(3, "branch", "if", 0, "top.x", "3-4")
        + point(3, "branch", "if", 2, "top.y", "3-4")
        + point(3, "expr", "(a==0) => 0", 0, "top.x")
        + point(1, "toggle", "b[1]:0->1", 0, "top.x")
    )
    other.write_text(point(3, "expr", "(a==0) => 0", 0, "top.x") + point(2, "line", "block", 7, "top.x", "2"))
    return code.merge([one, other]), tmp_path


def test_code_points_merge_over_instances_and_simulations(data):
    """A branch taken in one instance is taken."""
    counts, _ = data
    assert sorted((entry.kind, count) for entry, count in counts.items()) == [
        ("branch", 2),
        ("expr", 0),
        ("line", 7),
        ("toggle", 0),
    ]


def test_code_is_judged_by_kind(data):
    """What is not covered is listed with its source line; exclusions match text, with brackets as they are."""
    counts, rtl = data
    excluded = Exclusion("why", kind="toggle", file="part.v", point="b[1]:*")
    wrong = Exclusion("why", kind="branch")
    result = code.judge(counts, rtl, [excluded, wrong])
    assert result["kinds"]["toggle"] == {"points": 0, "covered": 0, "excluded": 1}
    assert result["kinds"]["expr"] == {"points": 1, "covered": 0, "excluded": 0}
    assert result["open"] == [
        {"file": "part.v", "line": 3, "kind": "expr", "point": "(a==0) => 0", "source": "if (a && b[1])"}
    ]
    assert exclusions.Rules({}, [], [excluded, wrong]).unused() == [wrong]
    assert Exclusion("why", source="if (a && b[?])").excludes(False, source="if (a && b[1])")
    assert not Exclusion("why", source="if (a && b[01])").excludes(False, source="if (a && b[1])")


def test_lcov(data):
    """Lines and branches; a line that no point stands for is not in it."""
    counts, rtl = data
    text = code.lcov(counts, rtl)
    assert "DA:2,7\nDA:3,2\nDA:4,2\nLF:3\nLH:3\nend_of_record" in text
    assert "BRDA:3,0,if 5,2" in text


@pytest.fixture
def runs(data, tmp_path, monkeypatch):
    """A folder with one simulation that has passed."""
    folder = tmp_path / "coverage" / "runs" / "one"
    folder.mkdir(parents=True)
    (folder / "coverage.json").write_text(json.dumps({"message answered": {"OKAY": 3}}))
    (folder / "code.dat").write_text((tmp_path / "one.dat").read_text())
    monkeypatch.setattr(command, "RUNS", folder.parent)
    monkeypatch.setattr(command, "FOLDER", folder.parent.parent)
    monkeypatch.setattr(command, "rtl_directory", lambda: tmp_path)
    monkeypatch.setattr(command, "key", lambda: "now")
    return folder


def test_report_of_what_is_missing(runs, capsys):
    """Exit status 1, tables, the open points, the page."""
    (runs / "passed").write_text("now")
    assert command.main(["--merge"]) == 1
    output = capsys.readouterr().out
    assert "open: message answered: SLVERR: 0 of 1" in output
    assert "below the goal: functional: 1 of" in output
    content = json.loads((command.FOLDER / "coverage.json").read_text())
    assert content["code"]["kinds"]["branch"] == {"points": 1, "covered": 1, "excluded": 0}
    page = (command.FOLDER / "index.html").read_text()
    assert "if (a &amp;&amp; b[1])" in page
    assert "expr: (a==0) =&gt; 0" in page


def test_a_part_has_no_goals(runs, monkeypatch, capsys):
    """CONFIG and TEST, as the documents show it: figures of a part alone, status 0, no list, the whole left alone."""
    monkeypatch.setattr(command, "RUNS", runs.parent)
    (part,) = command.simulations("sharing", "test_smoke", 1)
    chosen = runs.parent / part.directory.name
    runs.rename(chosen)
    (chosen / "passed").write_text("now")
    other = runs.parent / "other"
    other.mkdir()
    (other / "passed").write_text("now")
    (other / "coverage.json").write_text(json.dumps({"message answered": {"SLVERR": 5}}))
    assert command.main(["--merge", "--config", "sharing", "--test", "test_smoke"]) == 0
    output = capsys.readouterr().out
    assert (
        not re.search("^open:", output, re.MULTILINE) and "below the goal" not in output and "1 simulations" in output
    )
    content = json.loads((command.FOLDER / "part" / "coverage.json").read_text())
    assert content["tests"] == ["sharing test_smoke"]
    assert content["functional"]["groups"]["message answered"]["covered"] == 1, "not those of the other run"
    assert not (command.FOLDER / "coverage.json").exists()


def test_a_part_fails_when_its_tests_do(runs, monkeypatch):
    """The status of a part is that of its tests."""
    (part,) = command.simulations("sharing", "test_smoke", 1)
    failed = Result(part, failures=[Failure("identity", "wrong")])
    monkeypatch.setattr(command.jobs, "run_all", lambda simulations, console: [failed])
    monkeypatch.setattr(command.tools, "missing", lambda simulator: None)
    runs.rename(runs.parent / part.directory.name)
    assert command.main(["--config", "sharing", "--test", "test_smoke"]) == 1


def test_the_page_shows_figures_bars_and_what_ran(runs, capsys):
    """Percentages as on the console, rounded down: 100 means all."""
    (runs / "passed").write_text("now")
    command.main(["--merge"])
    console, page = capsys.readouterr().out, (command.FOLDER / "index.html").read_text()
    assert "<span class=bar>" in page and "Tests that ran" in page
    shares = set(re.findall(r"(\d+\.\d\d) %<td", page))
    assert shares and shares <= set(re.findall(r"\d+\.\d\d", console))
    assert written(2999, 3000) == "99.96" and written(3000, 3000) == "100.00"


def test_everything_covered(runs, monkeypatch):
    """Exit status 0: then, and only then."""
    (runs / "passed").write_text("now")
    monkeypatch.setattr(functional, "declared", lambda: {"message answered": {"OKAY": 1}})
    rules = exclusions.Rules({"branch": 100, "line": 100}, [], [])
    monkeypatch.setattr(exclusions, "read", lambda: rules)
    assert command.main(["--merge"]) == 0
    rules.goals["expr"] = 50
    assert command.main(["--merge"]) == 1
    rules.goals.clear()
    rules.functional.append(Exclusion("not needed", "message answered", "OKAY"))
    assert command.main(["--merge"]) == 1


def test_runs_of_another_design_do_not_count(runs, capsys):
    """Nothing is left to merge, and that is said."""
    (runs / "passed").write_text("before")
    assert command.main(["--merge"]) == 2
    assert "no simulation of this design and testbench has passed" in capsys.readouterr().err


def test_selection():
    """By test and configuration; a wrong name is an error."""
    chosen = command.simulations("sharing", "test_smoke,test_reset", 2)
    assert {(simulation.label, simulation.seed) for simulation in chosen} == {
        ("test_smoke", 1),
        ("test_smoke", 2),
        ("test_reset", 1),
        ("test_reset", 2),
    }
    with pytest.raises(FlowError, match="unknown test 'test_nothing'"):
        command.simulations(None, "test_nothing", 1)
