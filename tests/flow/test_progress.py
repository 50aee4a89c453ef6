# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`make test` shows how far it is."""

from types import SimpleNamespace

from tests.progress import Progress, line


def test_the_line():
    """Share, numbers, time so far, and an estimate of the rest."""
    assert line(150, 600, 200.0) == "25 %: 150 of 600 tests in 3 min, about 10 min to go"
    assert line(9, 10, 45.0) == "90 %: 9 of 10 tests in 45 s, about 5 s to go"


def test_once_a_minute_and_not_at_the_end():
    """Each test once, however many phases it reports."""
    said, now = [], [0.0]
    reporter = SimpleNamespace(ensure_newline=lambda: None, write_line=said.append)
    progress = Progress(reporter, SimpleNamespace(testscollected=10), lambda: now[0])
    for _ in range(10):
        now[0] += 25
        for when in ("setup", "call", "teardown"):
            progress.pytest_runtest_logreport(SimpleNamespace(when=when))
    assert [text.partition(":")[0] for text in said] == ["30 %", "60 %", "90 %"]
