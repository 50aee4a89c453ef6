# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Order of memory accesses, judged on the bus trace under a slow memory that shows writes late and in pieces."""

from cocotbext.virtio.bfm.axi_memory import MemoryTiming
from cocotbext.virtio.conformance.bench import Bench, Blocked
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.conformance.workload import started
from cocotbext.virtio.rings import RingFeature

SLOWER = 5  # how many times as long a request may take under slow memory
SLOW = MemoryTiming(read_latency=(20, 60), write_latency=(20, 90), reorder=True, visibility="torn", sampling="torn")


async def _judge(bench: Bench, features: tuple[int, ...], *rules: str) -> None:
    """Buffers one by one and three at once, with rests; what is served is the business of other checks."""
    guest, work = await started(bench, *features, size=8)
    bench.axi.timing = SLOW
    bench.patience *= SLOWER
    served = True
    for count, batch in ((2, 1), (3, 3)) * 3:
        served = served and await work.run(count, batch, most_bytes=512)
        del bench.findings[:]
        await bench.rest()
    bench.order(*rules)
    if not served and not bench.findings:
        raise Blocked("buffers are not used under slow memory")


@check("Ring entries and descriptors are read after the index that covers them", "MUST", "2.7.13.3", "SPLIT-8", "m_axi")
async def order_of_fetching(bench: Bench) -> None:
    await _judge(bench, (), "V-3")


@check("Data, used element and used index become visible in this order", "MUST", "2.7.8.2", "SPLIT-4", "m_axi")
async def order_of_completion(bench: Bench) -> None:
    await _judge(bench, (), "V-6", "V-2", "V-14")


@check(
    "The driver's wish is read after the used index is visible, and before the notification",
    "MUST",
    "2.7.7.2",
    "SPLIT-14 MMIO-55",
    "m_axi",
)
async def order_of_notifying(bench: Bench) -> None:
    await _judge(bench, (), "V-7")


@check("The device looks once more after it has asked for kicks", "MUST", "2.7.7.2", "SPLIT-8 SPLIT-16", "m_axi")
async def order_of_sleeping(bench: Bench) -> None:
    await _judge(bench, (RingFeature.EVENT_IDX,), "V-9")


@check(
    "With event index: the wish is read after the used index is visible",
    "MUST",
    "2.7.7.2",
    "SPLIT-12 SPLIT-14",
    "m_axi",
)
async def order_of_notifying_event_index(bench: Bench) -> None:
    await _judge(bench, (RingFeature.EVENT_IDX,), "V-7")


@check("Packed rings: order of fetching and completing", "MUST", "2.8.15", "PACKED-2 PACKED-4 PACKED-17", "m_axi")
async def order_in_packed_rings(bench: Bench) -> None:
    await _judge(bench, (RingFeature.RING_PACKED,), "V-3", "V-6", "V-2", "V-14")


@check("Packed rings: order of notifying and sleeping", "MUST", "2.8.10", "PACKED-12", "m_axi")
async def order_of_notifying_packed(bench: Bench) -> None:
    await _judge(bench, (RingFeature.RING_PACKED,), "V-7", "V-9")


@check("Slow memory with late and torn writes loses no data", "MUST", "2.7.8.2", "SPLIT-4 SPLIT-8", "m_axi")
async def slow_memory(bench: Bench) -> None:
    _, work = await started(bench, size=8)
    bench.patience *= SLOWER
    for timing in (
        SLOW,
        MemoryTiming(read_latency=(1, 1), write_latency=(60, 120), visibility="torn"),
        MemoryTiming(read_latency=(60, 120), write_latency=(1, 1), sampling="accepted"),
    ):
        bench.axi.timing = timing
        if not await work.run(6, 2, what="slow memory"):
            return
