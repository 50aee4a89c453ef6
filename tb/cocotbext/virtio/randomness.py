# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Sources of randomness that do not disturb one another."""

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

_Item = TypeVar("_Item")


class Rng(Protocol):
    """What is drawn from: a random.Random, or the module ``random`` itself.

    Each method is that of random.Random.
    """

    def getrandbits(self, k: int, /) -> int: ...

    def random(self) -> float: ...

    def randint(self, a: int, b: int) -> int: ...

    def choice(self, seq: Sequence[_Item]) -> _Item: ...


def draw(limits: tuple[int, int], rng: Rng) -> int:
    """A number from the first to the second of *limits*; nothing is drawn where there is no choice."""
    least, most = limits
    return least if least == most else rng.randint(least, most)


def fork(source: Rng = random) -> random.Random:
    """A generator of its own, seeded from *source*.

    Tasks that wake in one cycle run in an order that differs between simulators. Whatever draws in a task
    of its own gets a generator of its own, so that a seed gives the same stimulus under every simulator.
    """
    return random.Random(source.getrandbits(64))
