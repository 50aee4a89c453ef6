# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""For pytest: how far a long run is, and about how long it will still take, once a minute at most."""

import time

_EVERY = 60  # seconds


def line(done: int, total: int, seconds: float) -> str:
    """Where the run is; the estimate takes the tests that are left for as long as those that are done."""
    left = seconds * (total - done) / done
    return f"{100 * done // total} %: {done} of {total} tests in {_time(seconds)}, about {_time(left)} to go"


def _time(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


class Progress:
    """Counts the tests that have ended and says so.

    Args:
        reporter: pytest's terminal reporter.
        session: with the number of tests in ``testscollected``.
        clock: seconds.
    """

    def __init__(self, reporter, session, clock=time.monotonic):
        self._reporter = reporter
        self._session = session
        self._clock = clock
        self._begin = self._said = clock()
        self._done = 0

    def pytest_runtest_logreport(self, report):
        """A test has ended; with pytest-xdist, on some worker."""
        if report.when != "teardown":
            return
        self._done += 1
        now, total = self._clock(), self._session.testscollected
        if now - self._said >= _EVERY and self._done < total:
            self._said = now
            self._reporter.ensure_newline()
            self._reporter.write_line(line(self._done, total, now - self._begin))


def pytest_sessionstart(session):
    """Here and not on pytest-xdist's workers, which have no terminal."""
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if reporter and not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(Progress(reporter, session), "progress of a long run")
