# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Sources of randomness that do not disturb one another."""

import random


def draw(limits: tuple[int, int], rng) -> int:
    """A number from the first to the second of *limits*; nothing is drawn where there is no choice."""
    least, most = limits
    return least if least == most else rng.randint(least, most)


def fork(source=random) -> random.Random:
    """A generator of its own, seeded from *source*.

    Tasks that wake in one cycle run in an order that differs between simulators. Whatever draws in a task
    of its own gets a generator of its own, so that a seed gives the same stimulus under every simulator.
    """
    return random.Random(source.getrandbits(64))
