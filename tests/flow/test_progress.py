# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`make test` shows how far it is."""

from types import SimpleNamespace

from tests.order import LONG
from tests.progress import Progress, line, work


def test_the_line():
    """Share, numbers, time so far, and an estimate of the rest."""
    assert line(150, 600, 200.0, 0.25) == "25 %: 150 of 600 tests in 3 min, about 10 min to go"
    assert line(9, 10, 45.0, 0.9) == "90 %: 9 of 10 tests in 45 s, about 5 s to go"


def test_long_tests_count_more():
    """They come first: by numbers alone the estimate would be wrong by hours."""
    assert work(["tests/flow/a", "tests/flow/b"]) == 2
    assert work([f"{LONG[0]}a"]) > 5


def run(names, **session):
    """The shares that are said of these tests, each of which takes 25 s."""
    said, now = [], [0.0]
    reporter = SimpleNamespace(ensure_newline=lambda: None, write_line=said.append)
    progress = Progress(reporter, SimpleNamespace(testscollected=len(names), **session), lambda: now[0])
    if not session:
        progress.pytest_xdist_node_collection_finished(None, names)
    for name in names:
        now[0] += 25
        for when in ("setup", "call", "teardown"):
            progress.pytest_runtest_logreport(SimpleNamespace(when=when, nodeid=name))
    return [text.partition(":")[0] for text in said]


def test_once_a_minute_and_not_at_the_end():
    """Each test once, however many phases it reports; with workers and without."""
    names = [f"tests/flow/{number}" for number in range(10)]
    assert run(names) == ["30 %", "60 %", "90 %"]
    assert run(names, items=[SimpleNamespace(nodeid=name) for name in names]) == ["30 %", "60 %", "90 %"]
    assert run([f"{LONG[0]}1", f"{LONG[0]}2", *names]) == [f"{100 * share / 30:.0f} %" for share in (21, 24, 27)]
