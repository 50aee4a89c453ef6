# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Memory that answers with errors."""

from collections.abc import Callable

from cocotbext.virtio.bfm.axi_memory import DECERR, SLVERR, MemoryTiming
from cocotbext.virtio.conformance.bench import Bench, Stuck
from cocotbext.virtio.conformance.guest import Guest
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.conformance.workload import Workload, started
from cocotbext.virtio.rings import DriverQueue


async def _recovers(bench: Bench, guest: Guest, work: Workload, what: str) -> None:
    """Registers answer, a reset ends, and the next driver is served."""
    bench.axi.clear_errors()
    bench.axi.timing = MemoryTiming()
    try:
        await guest.reset()
    except Stuck:
        bench.findings[-1] = type(bench.findings[-1])(bench.findings[-1].cycle, f"{what}: {bench.findings[-1].text}")
        raise
    await guest.bring_up()
    await work.prepare()
    work.post(work.request(512))
    await guest.kick(work.queue)
    bench.expect(bool(await work.collect()), f"{what}: after a reset the device serves nothing")


async def _error(
    bench: Bench, area: Callable[[DriverQueue], tuple[int, int]], reads: bool, writes: bool, what: str
) -> None:
    for response in (SLVERR, DECERR):
        guest, work = await started(bench, size=8)
        queue = guest.queues[work.queue]

        def used(queue: DriverQueue = queue) -> bool:
            return bool(queue.used())

        await bench.rest()
        work.post(work.request(512), publish=False)
        queue.publish()
        address, length = area(queue)
        bench.axi.fail_range(address, length, response, reads, writes)
        await guest.kick(work.queue)
        await bench.until(used, bench.quiet * 2)
        bench.learnt += 1
        await _recovers(bench, guest, work, what)


@check("An error answer on the descriptor table is no end", "SHOULD", "2.1.2", "MMIO-20", "m_axi")
async def error_on_descriptors(bench: Bench) -> None:
    await _error(
        bench,
        lambda queue: (queue.layout.descriptor_area, 16 * queue.size),
        True,
        False,
        "an error answer on a descriptor",
    )


@check("An error answer on the available ring is no end", "SHOULD", "2.1.2", "MMIO-20", "m_axi")
async def error_on_available_ring(bench: Bench) -> None:
    await _error(
        bench,
        lambda queue: (queue.layout.driver_area, 6 + 2 * queue.size),
        True,
        False,
        "an error answer on the available ring",
    )


@check("An error answer on the used ring is no end", "SHOULD", "2.1.2", "MMIO-20", "m_axi")
async def error_on_used_ring(bench: Bench) -> None:
    await _error(
        bench,
        lambda queue: (queue.layout.device_area, 6 + 8 * queue.size),
        False,
        True,
        "an error answer on the used ring",
    )


@check("An error answer on a buffer's data is no end", "SHOULD", "2.1.2", "MMIO-20", "m_axi")
async def error_on_data(bench: Bench) -> None:
    def area(queue: DriverQueue) -> tuple[int, int]:
        buffer = queue.outstanding[-1]
        return (buffer.readable[0][0], len(buffer.readable[0][1])) if buffer.readable else buffer.writable[0]

    await _error(bench, area, True, True, "an error answer on a buffer's data")


@check("Memory that answers very late loses nothing", "MUST", "2.6", "MMIO-47", "m_axi")
async def very_slow_memory(bench: Bench) -> None:
    _, work = await started(bench, size=8)
    bench.axi.timing = MemoryTiming(read_latency=(200, 400), write_latency=(200, 400))
    bench.patience *= 20
    await work.run(2, most_bytes=512, what="memory that takes 200 to 400 cycles")
