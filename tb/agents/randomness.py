"""Sources of randomness that do not disturb one another."""

import random


def fork(source=random) -> random.Random:
    """A generator of its own, seeded from *source*.

    Tasks that wake in one cycle run in an order that differs between simulators. Whatever draws in a task
    of its own gets a generator of its own, so that a seed gives the same stimulus under every simulator.
    """
    return random.Random(source.getrandbits(64))
