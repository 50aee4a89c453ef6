# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The numbers of a regression."""

from collections import Counter
from dataclasses import dataclass

from sim.regress.run import Regression


@dataclass(frozen=True)
class Totals:
    """How many simulations ended and are missing (None: without an end), what their tests came to, and their time.

    `failed` counts failures: a test that failed, or a simulation that failed outside its tests. `seconds` is the sum
    over
    simulations, whatever ran at the same time.
    """

    simulations: int
    missing: int | None
    passed: int
    failed: int
    skipped: int
    seconds: float

    @classmethod
    def of(cls, regression: Regression) -> "Totals":
        """Count."""
        results = regression.results
        verdicts = Counter(case.verdict for result in results for case in result.cases)
        missing = 0 if regression.complete else regression.total and regression.total - len(results)
        failures = sum(len(result.failures) for result in results)
        return cls(
            len(results),
            missing,
            verdicts["passed"],
            failures,
            verdicts["skipped"],
            sum(result.seconds for result in results),
        )

    @property
    def good(self) -> bool:
        """Did tests run, and none fail?"""
        return bool(self.passed) and not self.failed

    def __str__(self) -> str:
        tests = f"{self.passed:,} tests passed, {self.failed:,} failed" + (
            f", {self.skipped:,} skipped" if self.skipped else ""
        )
        ended = (
            f"{self.simulations:,} simulations"
            if self.missing == 0
            else (
                f"{self.simulations:,} simulations so far"
                if self.missing is None
                else f"{self.simulations:,} of {self.simulations + self.missing:,} simulations"
            )
        )
        return f"{tests} in {ended}"
