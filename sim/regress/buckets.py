# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Failures grouped by what they say, numbers left out: one fault in the design fails many simulations in the same
words."""

from dataclasses import dataclass, field

from sim.flow.results import Failure
from sim.flow.run import Result
from sim.flow.words import words


@dataclass
class Bucket:
    """Failures with the same words.

    Attributes:
        words: the message with numbers as "#" and folders left out.
        failures: each with the result that it belongs to.
        second: the run with waves of one of them.
        reproduced: whether that run failed in the same words; None without one.
    """

    words: str
    failures: list[tuple[Result, Failure]] = field(default_factory=list)
    second: Result | None = None
    reproduced: bool | None = None

    @property
    def shortest(self) -> tuple[Result, Failure]:
        """The failure of the simulation that took the least time: the one to look at first."""
        return min(self.failures, key=lambda pair: pair[0].seconds)

    @property
    def replay(self) -> str:
        """The command that repeats it, as the second run has shown where there was one."""
        result, failure = self.shortest
        if self.reproduced and self.second:
            return self.second.simulation.replay(None)
        return result.simulation.replay(failure.test)


def group(results: list[Result]) -> list[Bucket]:
    """The buckets, the fullest first."""
    found: dict[str, Bucket] = {}
    for result in results:
        for failure in result.failures:
            key = words(failure.message)
            found.setdefault(key, Bucket(key)).failures.append((result, failure))
    return sorted(found.values(), key=lambda bucket: -len(bucket.failures))
