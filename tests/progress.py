# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""For pytest: how far a long run is, and about how long it will still take, once a minute at most."""

import time
from collections.abc import Sequence

import pytest

from tests.order import LONG

_LONG_COSTS = 10  # of what another test does, about; they come first
_EVERY = 60  # seconds


def line(done: int, total: int, seconds: float, share: float) -> str:
    """Where the run is, with the share of its work that is done."""
    left = seconds * (1 - share) / share
    return f"{100 * share:.0f} %: {done} of {total} tests in {_time(seconds)}, about {_time(left)} to go"


def work(names: Sequence[str]) -> int:
    """What tests cost, in short tests."""
    return sum(_LONG_COSTS if name.startswith(LONG) else 1 for name in names)


def _time(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


class Progress:
    """Counts the tests that have ended and says so.

    Args:
        reporter: pytest's terminal reporter.
        session: with the number of tests in ``testscollected``, and without pytest-xdist themselves in ``items``.
        clock: seconds.
    """

    def __init__(self, reporter, session, clock=time.monotonic):
        self._reporter = reporter
        self._session = session
        self._clock = clock
        self._begin = self._said = clock()
        self._done = self._worked = 0
        self._work = 0  # of all tests

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node, ids):
        """A worker knows the tests: the same ones as all workers."""
        self._work = work(ids)

    def pytest_runtest_logreport(self, report):
        """A test has ended; with pytest-xdist, on some worker."""
        if report.when != "teardown":
            return
        self._done += 1
        self._worked += work([report.nodeid])
        now, total = self._clock(), self._session.testscollected
        if now - self._said >= _EVERY and self._done < total:
            self._said = now
            self._work = self._work or work([item.nodeid for item in self._session.items])
            self._reporter.ensure_newline()
            self._reporter.write_line(line(self._done, total, now - self._begin, self._worked / self._work))


def pytest_sessionstart(session):
    """Here and not on pytest-xdist's workers, which have no terminal."""
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if reporter and not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(Progress(reporter, session), "progress of a long run")
