# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Random sequences of interrupt steps."""

import random
from collections.abc import Sequence as Choice

from sim.yardstick.model import Model
from sim.yardstick.steps import BRING_UP, MESSAGES, NONE, NOWHERE, QUEUES, VECTORS, Sequence

_LENGTH = (6, 18)  # steps
_MASKED_AT_FIRST = 0.4  # of the vectors
_EVENTS = ("config", *(f"queue{number}" for number in range(QUEUES)))
_WEIGHTS = {
    "used": 12,
    "change": 4,
    "mask": 6,
    "unmask": 5,
    "map": 10,
    "message": 2,
    "off": 1,
    "on": 3,
    "status": 2,
    "reset": 1,
}


def sequence(seed: int, number: int) -> Sequence:
    """Sequence *number* of a seed; it does not depend on how many there are."""
    rng = random.Random(f"{seed} {number}")
    steps: Sequence = [f"mask {vector}" for vector in range(VECTORS) if rng.random() < _MASKED_AT_FIRST]
    for word in rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=rng.randint(*_LENGTH)):
        steps += _step(word, rng, steps)
    return steps


def _step(word: str, rng: random.Random, before: Sequence) -> list[str]:
    vector = rng.randrange(VECTORS)
    match word:
        case "used":
            return [f"used {rng.randrange(QUEUES)}"]
        case "mask" | "unmask":
            return [f"{word} {vector}"]
        case "map":
            event: str = rng.choice(_pending_queues(before) if rng.random() < 0.5 else _EVENTS)
            return [f"map {event} {rng.choices([vector, NONE, NOWHERE], [12, 3, 1])[0]}"]
        case "message":
            return [f"message {vector} {rng.randrange(MESSAGES)}"]
        case "reset":
            return ["reset", BRING_UP]
    return [word]


def _pending_queues(steps: Sequence) -> Choice[str]:
    """The queues whose vector is pending now, where a new mapping matters most; all events if there is none."""
    now = Model(()).run(steps)[-1]
    found = [f"queue{number}" for number, vector in enumerate(now["vectors"]) if vector in now["pending"]]  # type: ignore
    return found or _EVENTS
