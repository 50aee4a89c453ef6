# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Which items of a list are needed for something to happen: delta debugging (Zeller and Hildebrandt, 2002)."""

from collections.abc import Awaitable, Callable


async def reduce(items: list, holds: Callable[[list], Awaitable[bool]]) -> list:
    """A part of `items`, in order, of which no single one can be left out.

    Args:
        items: for which it holds.
        holds: whether it holds for a part of them.
    """
    size = max(len(items) // 2, 1)
    while True:
        start, left_out = 0, False
        while start < len(items):
            rest = items[:start] + items[start + size :]
            if rest and await holds(rest):
                items = rest
                left_out = True
            else:
                start += size
        if size > 1:
            size = max(min(size, len(items)) // 2, 1)
        elif not left_out:
            return items
