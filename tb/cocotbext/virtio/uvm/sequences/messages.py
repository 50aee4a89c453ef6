"""Messages for vectors."""

import random

_APIC = 0xFEE0_0000


def message_of(vector: int) -> tuple[int, int]:
    """A message (address, data) of its own for each vector."""
    return _APIC + 0x1000 * vector, 0x4000 + vector


def random_message(rng: random.Random) -> tuple[int, int]:
    """Any 64-bit address but 0, aligned to 4, and any data: no two are likely to be the same."""
    return rng.randrange(1, 1 << 62) << 2, rng.getrandbits(32)
