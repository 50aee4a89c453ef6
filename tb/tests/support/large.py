# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Setting up endpoints of any size at full bus speed."""

import itertools
import random

from cocotbext.virtio.config import used_event
from cocotbext.virtio.registers import MsiCommand, Register

from tb.tests.support.directed import CONFIG, SHARING, DirectedTest, started

QUEUES, VECTORS = CONFIG.num_queues, CONFIG.num_vectors
EDGES = {
    0,
    1,
    2,
    15,
    16,
    17,
    31,
    32,
    33,
    63,
    64,
    65,
    69,
    127,
    128,
    255,
    256,
    1023,
    1024,
    1025,
    VECTORS // 2,
    VECTORS - 3,
    VECTORS - 2,
    VECTORS - 1,
    QUEUES // 2,
    QUEUES - 2,
    QUEUES - 1,
}
if VECTORS <= 70:
    SAMPLE = list(range(VECTORS))
else:  # where numbers and groups of vectors end, and some more
    SAMPLE = sorted(
        edge for edge in EDGES | set(random.Random(VECTORS).sample(range(VECTORS), 12)) if 0 <= edge < VECTORS
    )
_QUEUES = range(QUEUES) if QUEUES <= 70 else {*range(40), *EDGES, *(vector - 1 for vector in SAMPLE)}
SOME_QUEUES = sorted(queue for queue in _QUEUES if 0 <= queue < QUEUES)


async def prepare(dut, ready=SOME_QUEUES) -> DirectedTest:
    """Negotiated, with the queues named ready; no DRIVER_OK yet."""
    bench = await started(dut)
    await bench.negotiate()
    writes = [((Register.QUEUE_SEL, queue), (Register.QUEUE_NUM, 1), (Register.QUEUE_READY, 1)) for queue in ready]
    await bench.burst(*itertools.chain.from_iterable(writes))
    return bench


async def map_to(bench, queue: int, vector: int) -> None:
    """MAP_QUEUE at full speed."""
    await bench.burst(
        (Register.QUEUE_SEL, queue), (Register.MSI_VEC_SEL, vector), (Register.MSI_CMD, MsiCommand.MAP_QUEUE)
    )


async def pend(bench, vectors=range(VECTORS)) -> list[int]:
    """ENABLE, and an event on every vector named that can have one; returns those. Sharing: queues are mapped to
    them."""
    await bench.command(MsiCommand.ENABLE)
    if not SHARING:
        reached = [vector for vector in vectors if vector <= QUEUES]
        await bench.events(*reached)
        return reached
    vectors = list(vectors)
    for start in range(0, len(vectors), QUEUES):
        turn = list(enumerate(vectors[start : start + QUEUES]))
        for queue, vector in turn:
            await map_to(bench, queue, vector)
        await bench.events(*(used_event(queue) for queue, _ in turn))
    return vectors
