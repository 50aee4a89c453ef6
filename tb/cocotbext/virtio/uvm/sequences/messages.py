# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Messages for vectors."""

import random


def random_message(rng: random.Random) -> tuple[int, int]:
    """Any 64-bit address but 0, aligned to 4, and any data: no two are likely to be the same."""
    return rng.randrange(1, 1 << 62) << 2, rng.getrandbits(32)
