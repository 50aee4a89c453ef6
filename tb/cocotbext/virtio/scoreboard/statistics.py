# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Counts of one test, and of all tests of the simulation, for the table at the end."""

import json
import statistics as mathematics
from pathlib import Path
from typing import Any


class Statistics:
    """What a test did, as numbers; :meth:`publish` adds them to the simulation's.

    Attributes:
        register_accesses: reads and writes answered; hostile_accesses: those of them that a test says are hostile.
        counts: name -> number, or name -> {kind: number}; numbers add up over tests.
        latencies: cycles from an event to the start of the message that reports it, put in by tests that keep
            everything idle and the message bus ready.
        measured: other figures that a test has taken, name -> number; of several tests the last one counts.
        failed: the test has failed. Its counts go into a part of their own, "failed", with how many "tests" such were:
            what a test shows that is expected to fail says nothing of the design.
    """

    WINDOW = 16  # messages over which the rate at saturation is taken
    _published: list["Statistics"] = []  # of the simulation: its tests run one after the other

    def __init__(self) -> None:
        self.register_accesses = 0
        self.hostile_accesses = 0
        self.counts: dict[str, Any] = {}
        self.latencies: list[int] = []
        self.measured: dict[str, float] = {}
        self.failed = False
        self.message_cycles: list[int] = []
        self.interrupts = {"line": (0, 0), "message": (0, 0)}  # accesses, interrupts

    def interrupt_handled(self, kind: str, accesses: int) -> None:
        """A driver has handled one interrupt, of *kind* "line" or "message", with so many register accesses."""
        total, handled = self.interrupts[kind]
        self.interrupts[kind] = total + accesses, handled + 1

    def rate(self) -> float | None:
        """Messages per cycle at best, over WINDOW messages in a row; None with fewer."""
        spans = [last - first for first, last in zip(self.message_cycles, self.message_cycles[self.WINDOW :])]
        return self.WINDOW / min(spans) if spans else None

    def publish(self, path: Path | None) -> None:
        """Add this test to the simulation's figures, and write those to *path*, if given."""
        self._published.append(self)
        if path is not None:
            path.write_text(json.dumps(_figures(self._published), indent=1))


def _figures(every: list[Statistics]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    tests = [test for test in every if not test.failed]
    for test in tests:
        add(figures, test.counts)
    if failed := [test for test in every if test.failed]:
        figures["failed"] = {"tests": len(failed), "register_accesses": sum(each.register_accesses for each in failed)}
        for test in failed:
            add(figures["failed"], test.counts)
    latencies = [latency for test in tests for latency in test.latencies]
    rates = [rate for test in tests if (rate := test.rate()) is not None]
    figures["register_accesses"] = sum(test.register_accesses for test in tests)
    figures["hostile_accesses"] = sum(test.hostile_accesses for test in tests)
    figures["latency"] = (
        latencies and {"min": min(latencies), "median": mathematics.median(latencies), "max": max(latencies)} or None
    )
    figures["messages_per_cycle"] = max(rates, default=None)
    for kind in ("line", "message"):
        accesses, handled = (sum(test.interrupts[kind][column] for test in tests) for column in (0, 1))
        figures[f"accesses_per_interrupt_{kind}"] = accesses / handled if handled else None
    for test in tests:
        figures |= test.measured
    return figures


def add(total: dict[str, Any], part: dict[str, Any]) -> None:
    """Add numbers, and those in objects, to the ones of the same name."""
    for name, value in part.items():
        if isinstance(value, dict):
            add(total.setdefault(name, {}), value)
        else:
            total[name] = total.get(name, 0) + value
