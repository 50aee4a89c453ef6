# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""For pytest with several workers: the order of the tests, so that no worker is idle at the end."""

# Folders and files whose tests take many seconds each; those at the end need nothing that is built once for all.
LONG = ("tests/simulation/", "tests/cosim/test_guests", "tests/syn/")


def long_first(names: list[str], workers: int) -> list[int]:
    """The places of the tests in the order in which they are to run.

    pytest-xdist gives each worker an equal share of the list, in order, and takes from the end of a share for a worker
    that has no more. So each share begins with long tests and ends with short ones. Every other share begins with the
    last of its long tests: two workers do not wait for the same build.

    Args:
        names: of the tests, as pytest gives them.
        workers: how many run them.
    """
    numbers = range(len(names))
    long = [number for number in numbers if names[number].startswith(LONG)]
    short = [number for number in numbers if not names[number].startswith(LONG)]
    order: list[int] = []
    for worker in range(workers):
        share = long[len(long) * worker // workers : len(long) * (worker + 1) // workers]
        order += share[::-1] if worker % 2 else share
        left = len(names) * (worker + 1) // workers - len(order)
        order += short[: max(left, 0)]
        del short[: max(left, 0)]
    return order + short
