# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The order in which several workers run the tests."""

import pytest

from tests.order import LONG, long_first


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
@pytest.mark.parametrize("long, short", [(0, 5), (5, 0), (3, 40), (40, 3), (17, 100), (1, 0)])
def test_shares_begin_with_long_tests(workers, long, short):
    """Every test is there once; each worker's share begins with long tests, as many as in the others, or one less."""
    names = [f"tests/flow/test_{number}" for number in range(short)]
    names[short // 2 : short // 2] = [f"{LONG[number * len(LONG) // long]}{number}" for number in range(long)]
    order = long_first(names, workers)
    assert sorted(order) == list(range(len(names)))
    if long > short:
        return
    shares = [order[len(order) * worker // workers : len(order) * (worker + 1) // workers] for worker in range(workers)]
    counts = []
    for share in shares:
        kinds = [names[number].startswith(LONG) for number in share]
        assert kinds == sorted(kinds, reverse=True), "a short test stands before a long one"
        counts.append(sum(kinds))
    assert max(counts) - min(counts) <= 1
