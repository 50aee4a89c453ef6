# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""What tests and tools print is put into XML, Markdown, JSON and onto the console without breaking any of them."""

import re
from xml.etree import ElementTree

import pytest
from rich.console import Console

from sim.flow import text
from sim.flow.run import Simulation
from sim.regress.command import regress as run_regression
from sim.regress.request import Request
from tests.flow.benches.colours import MESSAGES
from tests.flow.regressions import BENCHES, CHOICE, figures, regress, results_log

NASTY = [*MESSAGES.values(), *(chr(number) for number in (*range(0x20), 0x7F, 0x85, 0xFFFF, 0x202E, 0x1F600))]


@pytest.mark.parametrize("message", NASTY)
def test_any_text_fits_xml_and_utf_8(message):
    """It can be written and read, and holds nothing that a terminal obeys."""
    shown = text.printable(message)
    shown.encode("utf-8")
    element = ElementTree.Element("message", {"text": shown})
    assert ElementTree.fromstring(ElementTree.tostring(element)).get("text") == shown
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028]", shown)


def test_ordinary_text_is_kept():
    """Letters of any language, tabs, lines."""
    assert text.printable("naïve 中文 😀\t1\n2") == "naïve 中文 😀\t1\n2"


def test_invalid_references_of_xml_are_escaped():
    """What some writers make of a control character."""
    assert ElementTree.fromstring(text.printable_xml('<a b="&#27;[0m &#x0; &#65;"/>')).get("b") == "\\x1b[0m \\x00 A"


def test_fence_is_longer_than_what_it_holds():
    """A log that has a fence in it does not end the block."""
    assert text.fenced(["````", "x"]) == ["`````", "````", "x", "`````"]


def test_regression_with_nasty_messages(tmp_path):
    """Every report is there and can be read; each message is in it; nothing on the console is obeyed by a terminal."""
    summary = tmp_path / "summary.md"
    process = regress(tmp_path, *CHOICE, "--test", f"{BENCHES}.colours", "--summary", str(summary))
    assert process.returncode == 1, process.stdout + process.stderr
    assert process.stderr == ""
    found = ElementTree.parse(tmp_path / "latest" / "junit.xml").getroot()
    messages = [failure.get("message") for failure in found.iter("failure")]
    assert len(messages) == len(MESSAGES)
    assert "checking" in messages
    assert figures(tmp_path)["failed"] == len(MESSAGES)
    assert len(results_log(tmp_path)) >= 1
    assert "\x1b" not in process.stdout + summary.read_text()
    assert f"{len(MESSAGES)} failed" in process.stdout
    assert "[bold]a[/bold] [/red]" in process.stdout


def test_report_that_cannot_be_written_hides_nothing(tmp_path, monkeypatch):
    """The results and the other reports are there, a line names the one that is not, and the status is not 0."""
    import sim.regress.command as command
    from sim.flow.results import Case
    from sim.flow.run import Result

    def broken(*_):
        raise ValueError("not well-formed\x1b")

    simulation = Simulation("icarus", "nonsharing", f"{BENCHES}.green", 1)
    monkeypatch.setattr(command.junit, "write", broken)
    monkeypatch.setattr(
        command.jobs,
        "completed",
        lambda simulations, pool: [Result(each, cases=[Case("runs", "passed", 1.0)]) for each in simulations],
    )
    monkeypatch.setattr("sim.regress.run.first_round", lambda request, seed: [simulation])
    with (tmp_path / "out").open("w") as output:
        good = run_regression(
            Request(test=f"{BENCHES}.green"), Console(file=output, width=200), place=tmp_path / "place"
        )
    shown = (tmp_path / "out").read_text()
    assert not good
    assert "could not write junit.xml: ValueError: not well-formed" in shown
    assert "1 tests passed" in shown
    assert (tmp_path / "place" / "results.json").is_file()
