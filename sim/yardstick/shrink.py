# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""From a random sequence that failed to the few steps of it that it takes."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace

from sim.debug.shrink.reduce import reduce
from sim.yardstick.comparison import Failure, first_wrong
from sim.yardstick.steps import BRING_UP, Observation, Sequence


async def shrink(
    failure: Failure, known: Collection[str], run: Callable[[Sequence], Awaitable[list[Observation]]]
) -> Failure | None:
    """A failure of the same field with steps of which none can be left out; None if it does not happen again by itself.

    Args:
        failure: what was seen.
        known: names of the known differences of its side.
        run: brings the side up and makes the steps; returns its observations.
    """
    seen: list[Failure] = []

    async def fails(parts: list[Sequence]) -> bool:
        steps = [step for part in parts for step in part]
        wrong = first_wrong(steps, await run(steps), known)
        if wrong is None or wrong.what != failure.wrong.what:
            return False
        seen.append(replace(failure, steps=steps[: wrong.step], wrong=wrong))
        return True

    parts = _parts(failure.steps[: failure.wrong.step])
    if not await fails(parts):
        return None
    await reduce(parts, fails)
    return seen[-1]


def _parts(steps: Sequence) -> list[Sequence]:
    """What can be left out by itself: a step, or a reset with the bring-up behind it."""
    parts: list[Sequence] = []
    for step in steps:
        if step == BRING_UP:
            parts[-1].append(step)
        else:
            parts.append([step])
    return parts
